"""The photos of the open case: a strip of small ones, and the way to add another."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from casework.case import Case, allowed
from casework.photos import PhotoKind
from casework.replies import PhotoRow
from casework.terms import CaseId, Role, State
from console.album import ACT, Album, Sending
from console.picture import Picture
from console.refusals import refusal
from console.vocabulary import PHOTOS
from console.wording import tr
from widgets.choice import Choice
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, plain_tooltip
from widgets.theme import Theme
from widgets.thumbnail_strip import Standing, Thumbnail, ThumbnailStrip

AFTER = frozenset(
    {State.DISPATCHED, State.FEEDBACK, State.CHECKING, State.PENDING_CLOSE, State.CLOSED}
)
"""From the dispatch on a photo mostly shows what was done."""
_WAY = "way-"


class PhotosPane(QWidget):
    """A part of the case's pane; `opened` asks for the viewer."""

    opened = Signal(int)
    """Place of a photo in the list, from 0."""

    def __init__(
        self, picture: Picture, album: Album, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._album, self._theme = picture, album, theme
        self._case: Case | None = None
        self._known: tuple[CaseId, State] | None = None
        self.photos: tuple[PhotoRow, ...] = ()
        self.strip = ThumbnailStrip(theme)
        self._title = PlainLabel(tone="muted", size="label")
        self.kind = Choice()
        adjust = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.kind.setSizeAdjustPolicy(adjust)
        self.kind.setMinimumContentsLength(3)
        self.button = KeyButton("", "S", theme)
        self._said = PlainLabel(tone="late", wrap=True)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self.button)
        self._head.addWidget(self.kind, 1)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._head)
        self._box.addWidget(self.strip)
        self._box.addWidget(self._said)
        self.setAcceptDrops(True)
        self._connect()
        self.speak()

    def _connect(self) -> None:
        self.button.clicked.connect(self.choose_files)
        self.strip.opened.connect(self._open)
        self.strip.dropped.connect(self.add)
        self._album.sending_changed.connect(self._sending_changed)
        self._album.came.connect(self._came)
        self._picture.sites_changed.connect(self._say_whether)
        self._theme.changed.connect(self._restyle)
        leave = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.strip)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._forget_failed)

    def pictures(self) -> dict[int, QImage]:
        """The small pictures that are here, by their photo's number."""
        if self._case is None:
            return {}
        found = {
            row.number: self._album.image(self._case.id, row.photo.thumbnail or row.photo.digest)
            for row in self.photos
        }
        return {number: image for number, image in found.items() if image is not None}

    # --- which case -----------------------------------------------------------------------------

    def show_photos(self, case: Case | None, photos: Sequence[PhotoRow]) -> None:
        """These are the case's photos."""
        self._case, self.photos = case, tuple(photos)
        known = (case.id, case.state) if case is not None else None
        if case is not None and known != self._known:
            fitting = PhotoKind.AFTER if case.state in AFTER else PhotoKind.BEFORE
            self.kind.setCurrentIndex(self.kind.findData(fitting))
        self._known = known
        self._show()

    def speak(self) -> None:
        """The language is another."""
        chosen = self.kind.currentData() or PhotoKind.BEFORE
        self.kind.clear()
        for kind in PhotoKind:
            self.kind.addItem(tr(PHOTOS[kind]), kind)
        self.kind.setCurrentIndex(self.kind.findData(chosen))
        self.kind.setAccessibleName(tr("What the photo shows"))
        self.kind.setToolTip(tr("What the photo shows"))
        self.strip.setAccessibleName(tr("Photos"))
        self._show()
        self._restyle()

    def _role(self) -> Role | None:
        case = self._case
        actor = self._picture.site_of(case.id).actor if case is not None else None
        if case is None or actor is None or self._picture.is_looked_back_at(case):
            return None
        return next((role for act, role in allowed(case, actor) if act.name == ACT), None)

    # --- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        case = self._case
        on_the_way = self._album.on_the_way(case.id) if case is not None else ()
        items = [self._item(number, row) for number, row in enumerate(self.photos)]
        items += [_on_the_way(each) for each in on_the_way]
        self.strip.show_items(items)
        self.strip.setVisible(bool(items))
        known = max(len(self.photos), case.photos if case is not None else 0)
        self._title.setText(tr("Photos {n}", n=known) if known else tr("No photos"))
        self.button.set_words(tr("Photo"))
        failed = [each for each in on_the_way if each.stage == "failed"]
        self._said.setText(_why(failed[-1]) if failed else "")
        self._said.setVisible(bool(failed))
        self._say_whether()

    def _item(self, number: int, row: PhotoRow) -> Thumbnail:
        assert self._case is not None  # there are photos of it
        photo = row.photo
        digest = photo.thumbnail or photo.digest
        image = self._album.image(self._case.id, digest)
        code = self._album.why_not(digest)
        words = tr(PHOTOS[photo.kind])
        tooltip = refusal(code) if code else f"{words} · {row.name or row.actor}"
        standing: Standing = "failed" if code else "ready" if image is not None else "loading"
        return Thumbnail(
            f"{number}",
            words,
            image,
            standing=standing,
            tooltip=tooltip,
        )

    @Slot()
    def _say_whether(self) -> None:
        reason = ""
        if self._case is not None and not self._picture.is_live(
            self._picture.site_of(self._case.id)
        ):
            reason = tr("The link is lost: nothing can be sent.")
        self.button.setAccessibleName(tr("Add a photo"))
        may = self._role() is not None
        self.button.set_reason(reason)
        self.button.setToolTip(plain_tooltip(reason or tr("Add a photo")))
        self.button.setVisible(may)
        self.kind.setVisible(may)
        self._title.setVisible(not may)
        self.strip.setAcceptDrops(may and not reason)

    @Slot(object)
    def _sending_changed(self, case: CaseId) -> None:
        if self._case is not None and case == self._case.id:
            self._show()

    @Slot(object)
    def _came(self, digest: str) -> None:
        if any(digest in row.photo.blobs for row in self.photos):
            self._show()

    # --- adding ---------------------------------------------------------------------------------

    @Slot()
    def choose_files(self) -> None:
        """Ask for files, without holding up the desk."""
        if self._role() is None or not self.button.isEnabled():
            return
        dialog = QFileDialog(self.window(), tr("Add a photo"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        pictures = "*.jpg *.jpeg *.png *.webp *.JPG *.JPEG *.PNG *.WEBP"
        dialog.setNameFilters([f"{tr('Pictures')} ({pictures})", f"{tr('All files')} (*)"])
        dialog.filesSelected.connect(self.add)
        dialog.open()

    @Slot(object)
    def add(self, paths: Sequence[str]) -> None:
        """Add these files to the case, as what the field beside the key says."""
        role = self._role()
        if self._case is not None and role is not None:
            self._album.add(self._case.id, role, PhotoKind(self.kind.currentData()), paths)

    @Slot(str)
    def _open(self, key: str) -> None:
        if key.startswith(_WAY):
            self._album.again(int(key.removeprefix(_WAY)))
            return
        row = self.photos[int(key)]
        self._album.try_again(row.photo.thumbnail or row.photo.digest)
        self.opened.emit(int(key))

    @Slot()
    def _forget_failed(self) -> None:
        if self._case is not None:
            for each in self._album.on_the_way(self._case.id):
                self._album.forget(each.id)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(4))
        self.button.setMinimumWidth(self.button.sizeHint().width())
        self.kind.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.kind.setMinimumWidth(px(64))  # a narrow column elides, it never clips
        self._head.setSpacing(px(6))


def _on_the_way(sending: Sending) -> Thumbnail:
    words = {
        "reading": tr("Reading …"),
        "sending": tr("Sending {n} %", n=round(sending.share * 100)),
        "adding": tr("Adding …"),
        "failed": tr("Failed"),
    }[sending.stage]
    is_failed = sending.stage == "failed"
    return Thumbnail(
        f"{_WAY}{sending.id}",
        words,
        sending.image,
        standing="failed" if is_failed else "sending",
        share=sending.share,
        tooltip=_why(sending) if is_failed else sending.name,
    )


def _why(failed: Sending) -> str:
    said = refusal(failed.code, **dict(failed.detail))
    return tr("{file}: {why} Enter: again · Delete: let go", file=failed.name, why=said)
