"""One photo in place of the case below, never over it: who added it, when it was taken, which."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from casework.replies import PhotoRow
from casework.terms import CaseId
from console.album import Album
from console.picture import Picture
from console.refusals import refusal
from console.vocabulary import PHOTOS, ROLES
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.pane_notice import PaneNotice
from widgets.picture_canvas import PictureCanvas
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

_MEGABYTE = 1024 * 1024
SHOWN_DIGITS = 12
"""Of a digest: enough to compare with the record."""


class PhotoView(QFrame):
    """← → the next one, + − 0 closer, farther, whole, Esc back."""

    closed = Signal()

    def __init__(
        self, picture: Picture, album: Album, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._album, self._theme = picture, album, theme
        self._case: CaseId | None = None
        self._photos: tuple[PhotoRow, ...] = ()
        self._place = 0
        self.title = PlainLabel(size="heading")
        self.facts = PlainLabel(tone="muted")
        self._keys = PlainLabel(tone="muted", size="label")
        self._close = KeyButton("", "Esc", theme, bind=False)
        self.canvas = PictureCanvas(theme)
        self.notice = PaneNotice(theme)
        self.notice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self._connect()
        self.speak()

    def _build(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self._keys, 1)
        self._head.addWidget(self._close)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.notice)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._head)
        self._box.addWidget(self.facts)
        self._box.addLayout(self._stack, 1)

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self.canvas.stepped.connect(self.step)
        self.notice.act_asked.connect(self._again)
        self._album.came.connect(self._came)
        self._picture.sites_changed.connect(self._look_again)
        self._theme.changed.connect(self._restyle)
        leave = QShortcut(Qt.Key.Key_Escape, self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        for key, step in ((Qt.Key.Key_Left, self._back), (Qt.Key.Key_Right, self._on)):
            move = QShortcut(key, self.notice)
            move.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            move.activated.connect(step)

    def show_photo(self, case: CaseId, photos: Sequence[PhotoRow], place: int) -> None:
        """Show one of a case's photos."""
        self._case, self._photos = case, tuple(photos)
        self._place = min(max(place, 0), len(self._photos) - 1)
        self.canvas.show_image(None)
        self._look_again()

    @Slot(int)
    def step(self, by: int) -> None:
        """The next one, or the one before; the first follows the last."""
        if self._photos and self._case is not None:
            place = (self._place + by) % len(self._photos)
            self.show_photo(self._case, self._photos, place)

    def speak(self) -> None:
        """The language is another."""
        self._close.set_words(tr("Back"))
        self._keys.setText(tr("← → next · + − 0 closer, farther, whole"))
        self.canvas.setAccessibleName(tr("Photo"))
        self._restyle()
        self._look_again()

    # --- showing --------------------------------------------------------------------------------

    @Slot()
    def _look_again(self) -> None:
        if self._case is None or not self._photos:
            return
        row = self._photos[self._place]
        self._say(row)
        large = self._album.image(self._case, row.photo.digest, large=True)
        code = self._album.why_not(row.photo.digest, large=True)
        if large is not None:
            self.canvas.show_image(large, same=self.canvas.image is not None)
        elif code:
            self.notice.say("refused", refusal(code), tr("Try again"))
            self._show_notice()
            return
        elif not self._show_small(row):
            self.notice.say("loading", tr("The photo is fetched …"))
            self._show_notice()
            return
        self._stack.setCurrentWidget(self.canvas)
        self.canvas.setFocus()

    def _show_small(self, row: PhotoRow) -> bool:
        """The thumbnail, until the original is here."""
        assert self._case is not None  # `_look_again` has seen it
        if row.photo.thumbnail is None:
            return False
        small = self._album.image(self._case, row.photo.thumbnail)
        if small is not None and self.canvas.image is None:
            self.canvas.show_image(small)
        return small is not None

    def _show_notice(self) -> None:
        self._stack.setCurrentWidget(self.notice)
        self.notice.setFocus()

    def _say(self, row: PhotoRow) -> None:
        names, photo = self._picture.names(self._case), row.photo
        now = self._picture.now(self._case)
        kind = tr(PHOTOS[photo.kind])
        self.title.setText(f"{kind} {self._place + 1}/{len(self._photos)}")
        shot = (
            tr("taken {at} by the camera's clock", at=f"{names.local(photo.shot):%Y-%m-%d %H:%M}")
            if photo.shot is not None
            else tr("the camera says no time")
        )
        who = f"{row.name or row.actor} ({tr(ROLES[row.role])})"
        added = tr("added {at} by {who}", at=names.moment(row.at, now), who=who)
        size = f"{photo.media.removeprefix('image/').upper()} {_size(photo.size)}"
        digest = tr("original {digest}", digest=photo.digest[:SHOWN_DIGITS])
        self.facts.setText(" · ".join((shot, added, size, digest)))

    @Slot()
    def _again(self) -> None:
        if self._photos:
            self._album.try_again(self._photos[self._place].photo.digest)
            self._look_again()

    @Slot()
    def _back(self) -> None:
        self.step(-1)

    @Slot()
    def _on(self) -> None:
        self.step(1)

    @Slot(object)
    def _came(self, digest: str) -> None:
        if self.isVisible() and self._photos and digest in self._photos[self._place].photo.blobs:
            self._look_again()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(8))
        self._head.setSpacing(px(14))


def _size(count: int) -> str:
    if count >= _MEGABYTE:
        return f"{count / _MEGABYTE:.1f} MB"
    return f"{max(count // 1024, 1)} KB"
