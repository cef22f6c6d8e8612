"""Photos as this desk has them: fetched, read beside the screen's own thread, sent in, added.

A file is read, made small and hashed in a thread of Qt's pool, never in the one that draws; how
far each is, and why one failed, is told in plain values.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot
from PySide6.QtGui import QImage

from backend_client.notices import Moved
from casework.photos import HEAD, AttachPhoto, PhotoKind, media_of
from casework.rulebook import Photos
from casework.rules.exif import claimed_shot
from casework.terms import CaseId, Digest, Role
from console.picture import Ask, Heard, Picture, Refusal, Wish
from widgets.picture_reading import PictureError, read_picture, thumbnail_of

ACT = "attach_photo"
SMALL, LARGE = 320, 2560
"""Longest sides, in pixels, of what is kept to be shown."""
KEPT_SMALL, KEPT_LARGE = 400, 4

Stage = Literal["reading", "sending", "adding", "failed"]


class Sending(NamedTuple):
    """A photo on its way in; `share` of it is sent. `code` says why it failed."""

    id: int
    case: CaseId
    name: str
    stage: Stage
    share: float = 0.0
    code: str = ""
    detail: tuple[tuple[str, str], ...] = ()
    image: QImage | None = None


class Prepared(NamedTuple):
    """A file read, or why it cannot be taken."""

    id: int
    code: str = ""
    most: int = 0
    data: bytes = b""
    thumbnail: bytes = b""
    shot: datetime | None = None
    image: QImage | None = None


class Read(NamedTuple):
    """A fetched picture, ready to be drawn, or the code of why not."""

    digest: Digest
    large: bool
    image: QImage | None
    code: str = ""


class _Job:
    """What is known of one photo that is sent in."""

    def __init__(self, path: Path, role: Role, kind: PhotoKind, sending: Sending) -> None:
        self.path, self.role, self.kind = path, role, kind
        self.sending = sending
        self.prepared: Prepared | None = None
        self.thumbnail: Digest | None = None
        self.wish: Wish | None = None


class _Crossing(QObject):
    """Brings what a thread of the pool made to the thread that draws."""

    prepared = Signal(object)
    read = Signal(object)


def nobody(_site: int, _given: object) -> int:
    """No bridge: nothing moves."""
    return 0


class Album(QObject):
    """`upload` and `download` are the bridge's; what it tells comes in by `hear`."""

    sending_changed = Signal(object)
    """`CaseId` whose photos on their way are others now."""
    came = Signal(object)
    """`Digest` of a picture that can be shown now, or not at all."""

    def __init__(
        self,
        picture: Picture,
        ask: Ask,
        upload: Callable[[int, bytes], int] = nobody,
        download: Callable[[int, Digest], int] = nobody,
    ) -> None:
        super().__init__()
        self._picture, self._ask = picture, ask
        self._upload, self._download = upload, download
        self._ids = count(1)
        self._jobs: dict[int, _Job] = {}
        self._moving: dict[int, int] = {}
        self._fetching: dict[int, tuple[Digest, bool]] = {}
        self._wanted: set[tuple[Digest, bool]] = set()
        self._images: dict[bool, OrderedDict[Digest, QImage]] = {
            False: OrderedDict(),
            True: OrderedDict(),
        }
        self._failed: dict[tuple[Digest, bool], str] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._crossing = _Crossing(self)
        self._crossing.prepared.connect(self._take_prepared)
        self._crossing.read.connect(self._take_read)
        picture.granted.connect(self._granted)
        picture.refused.connect(self._refused)

    # --- looking --------------------------------------------------------------------------------

    def image(self, case: CaseId, digest: Digest, *, large: bool = False) -> QImage | None:
        """The picture, if it is here; else it is fetched, and `came` tells."""
        kept = self._images[large]
        if digest in kept:
            kept.move_to_end(digest)
            return kept[digest]
        key = (digest, large)
        site = self._picture.site_of(case)
        if key not in self._wanted and key not in self._failed and self._picture.is_live(site):
            number = self._download(self._picture.sites.index(site), digest)
            if number:
                self._wanted.add(key)
                self._fetching[number] = key
        return None

    def why_not(self, digest: Digest, *, large: bool = False) -> str:
        """The code of why a picture cannot be shown; empty while it may still come."""
        return self._failed.get((digest, large), "")

    def try_again(self, digest: Digest) -> None:
        """Forget that it failed."""
        for large in (False, True):
            self._failed.pop((digest, large), None)

    # --- adding ---------------------------------------------------------------------------------

    def on_the_way(self, case: CaseId) -> tuple[Sending, ...]:
        """Photos of a case that are not on it yet, those that failed with them."""
        return tuple(job.sending for job in self._jobs.values() if job.sending.case == case)

    def add(self, case: CaseId, role: Role, kind: PhotoKind, paths: Iterable[str]) -> None:
        """Send these files in and add each to the case."""
        for path in map(Path, paths):
            number = next(self._ids)
            sending = Sending(number, case, path.name, "reading")
            self._jobs[number] = _Job(path, role, kind, sending)
            self._prepare(number)
        self.sending_changed.emit(case)

    def again(self, number: int) -> None:
        """Try one that failed once more."""
        job = self._jobs.get(number)
        if job is not None and job.sending.stage == "failed":
            self._stand(number, stage="reading", share=0.0, code="", detail=())
            self._prepare(number)

    def forget(self, number: int) -> None:
        """Let go of one that failed."""
        job = self._jobs.get(number)
        if job is not None and job.sending.stage == "failed":
            del self._jobs[number]
            self.sending_changed.emit(job.sending.case)

    def _prepare(self, number: int) -> None:
        job = self._jobs[number]
        site = self._picture.site_of(job.sending.case)
        limits = site.rules.photos if site.rules is not None else Photos()
        zone = site.rules.calendar.time_zone if site.rules is not None else "UTC"
        crossing, path = self._crossing, job.path

        def work() -> None:
            crossing.prepared.emit(prepare(number, path, limits, zone))

        self._pool.start(work)

    @Slot(object)
    def _take_prepared(self, prepared: Prepared) -> None:
        job = self._jobs.get(prepared.id)
        if job is None:
            return
        if prepared.code:
            most = (("most", str(prepared.most)),) if prepared.most else ()
            self._stand(prepared.id, stage="failed", code=prepared.code, detail=most)
            return
        job.prepared, job.thumbnail = prepared, None
        self._stand(prepared.id, stage="sending", image=prepared.image)
        self._send(prepared.id, prepared.thumbnail)

    def _send(self, number: int, data: bytes) -> None:
        site = self._picture.site_of(self._jobs[number].sending.case)
        ref = self._upload(self._picture.sites.index(site), data)
        self._moving[ref] = number

    def _stand(self, number: int, **changes: object) -> None:
        job = self._jobs[number]
        job.sending = job.sending._replace(**changes)  # type: ignore[arg-type]  # its own fields
        self.sending_changed.emit(job.sending.case)

    # --- what the bridge tells ------------------------------------------------------------------

    @Slot(object)
    def hear(self, heard: Heard) -> None:
        """How far a picture is."""
        moved = heard.notice
        if not isinstance(moved, Moved):
            return
        if moved.ref in self._moving:
            self._sent(moved)
        elif moved.ref in self._fetching and (moved.digest or moved.code):
            self._fetched(*self._fetching.pop(moved.ref), moved)

    def _sent(self, moved: Moved) -> None:
        number = self._moving[moved.ref]
        job = self._jobs[number]
        if moved.code:
            del self._moving[moved.ref]
            detail = tuple(moved.detail.items())
            self._stand(number, stage="failed", code=moved.code, detail=detail)
        elif moved.digest is None:
            if job.thumbnail is not None:
                self._stand(number, share=moved.done / max(moved.size, 1))
        elif job.thumbnail is None and job.prepared is not None:
            del self._moving[moved.ref]
            job.thumbnail = moved.digest
            self._send(number, job.prepared.data)
        else:
            del self._moving[moved.ref]
            self._attach(number, moved.digest)

    def _attach(self, number: int, digest: Digest) -> None:
        job = self._jobs[number]
        shot = job.prepared.shot if job.prepared is not None else None
        job.prepared = None  # its bytes are at the server now
        command = AttachPhoto(kind=job.kind, digest=digest, thumbnail=job.thumbnail, shot=shot)
        job.wish = Wish(ACT, job.sending.case, job.role, command)
        self._stand(number, stage="adding", share=1.0)
        self._ask(job.wish)

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        number = self._number_of(wish)
        if number is not None:
            case = self._jobs.pop(number).sending.case
            self.sending_changed.emit(case)

    @Slot(object)
    def _refused(self, refusal: Refusal) -> None:
        number = self._number_of(refusal.wish)
        if number is not None:
            detail = tuple(refusal.detail.items())
            self._stand(number, stage="failed", code=refusal.code, detail=detail)

    def _number_of(self, wish: Wish) -> int | None:
        return next((number for number, job in self._jobs.items() if job.wish is wish), None)

    def _fetched(self, digest: Digest, large: bool, moved: Moved) -> None:
        if moved.code:
            self._take_read(Read(digest, large, None, moved.code))
            return
        crossing, data = self._crossing, moved.data

        def work() -> None:
            crossing.read.emit(read(digest, data, large=large))

        self._pool.start(work)

    @Slot(object)
    def _take_read(self, found: Read) -> None:
        self._wanted.discard((found.digest, found.large))
        if found.image is None:
            if not found.code.startswith("link."):  # a lost link is not the picture's fault
                self._failed[found.digest, found.large] = found.code
        else:
            kept = self._images[found.large]
            kept[found.digest] = found.image
            while len(kept) > (KEPT_LARGE if found.large else KEPT_SMALL):
                kept.popitem(last=False)
        self.came.emit(found.digest)


# --- in a thread of the pool --------------------------------------------------------------------


def prepare(number: int, path: Path, limits: Photos, time_zone: str) -> Prepared:
    """Read a file and make its thumbnail; never raises."""
    try:
        if path.stat().st_size > limits.most_bytes:
            return Prepared(number, "photo.too_large", limits.most_bytes)
        data = path.read_bytes()
        media = media_of(data[:HEAD])
        if media is None:
            return Prepared(number, "photo.not_a_picture")
        if media not in limits.media:
            return Prepared(number, "photo.media")
        image = read_picture(data, limits.thumbnail_pixels)
        small = thumbnail_of(image, limits.thumbnail_pixels, limits.thumbnail_bytes)
    except OSError:
        return Prepared(number, "photo.unreadable")
    except PictureError as error:
        return Prepared(number, str(error))
    shot = claimed_shot(data, time_zone)
    return Prepared(number, data=data, thumbnail=small, shot=shot, image=image)


def read(digest: Digest, data: bytes, *, large: bool) -> Read:
    """A picture ready to be drawn; never raises."""
    try:
        return Read(digest, large, read_picture(data, LARGE if large else SMALL))
    except PictureError as error:
        return Read(digest, large, None, str(error))
