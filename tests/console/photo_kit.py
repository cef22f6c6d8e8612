"""Pictures of a test's own, a bridge that moves them as it is told, and a case that has some."""

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter

from backend_client.blob_shelf import digest_of
from backend_client.notices import Fetched, Moved
from casework.case import Case
from casework.photos import PhotoAttached, PhotoKind
from casework.queries import CaseQuery
from casework.replies import CaseDetail, PhotoRow
from casework.terms import Digest, Media, Role, UserId
from console.album import Album
from console.picture import Heard
from tests.console import cases
from tests.console.fake_desk import FakeDesk


def drawn(width: int = 640, height: int = 480, hue: int = 200, form: str = "PNG") -> bytes:
    """A picture file with a frame and a bar."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(hue % 360, 120, 200))
    painter = QPainter(image)
    painter.fillRect(width // 8, height // 2, width * 3 // 4, height // 6, QColor("#334455"))
    painter.drawRect(4, 4, width - 9, height - 9)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, form)  # type: ignore[call-overload]  # PySide6 wants str
    return bytes(buffer.data().data())


def file(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def row(data: bytes, number: int = 1, kind: PhotoKind = PhotoKind.BEFORE) -> PhotoRow:
    """A photo on a case, its own thumbnail."""
    digest = digest_of(data)
    photo = PhotoAttached(kind=kind, digest=digest, size=len(data), media=Media.PNG)
    return PhotoRow(
        number=number,
        at=cases.NOW,
        actor=UserId("li"),
        name="李明",
        role=Role.INSPECTOR,
        photo=photo,
    )


class Movers:
    """In the bridge's place: what was asked for, and what the server answers."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk = desk
        self.blobs: dict[Digest, bytes] = {}
        self.uploads: list[tuple[int, bytes]] = []
        self.downloads: list[tuple[int, Digest]] = []
        self._refs = 0
        self.album = Album(desk.picture, desk.picture.ask, self._upload, self._download)

    def _upload(self, _site: int, data: bytes) -> int:
        self._refs += 1
        self.uploads.append((self._refs, data))
        return self._refs

    def _download(self, _site: int, digest: Digest) -> int:
        self._refs += 1
        self.downloads.append((self._refs, digest))
        return self._refs

    def tell(self, moved: Moved) -> None:
        self.album.hear(Heard(0, moved))

    def finish_upload(self) -> None:
        """The server has all of the last one."""
        ref, data = self.uploads[-1]
        self.tell(Moved(ref=ref, done=len(data), size=len(data), digest=digest_of(data)))

    def bring(self) -> None:
        """Everything that was asked for and is known comes."""
        asked, self.downloads = self.downloads, []
        for ref, digest in asked:
            data = self.blobs.get(digest)
            if data is None:
                self.tell(Moved(ref=ref, code="photo.missing"))
            else:
                self.tell(Moved(ref=ref, digest=digest, data=data))

    def open_case(self, case: Case, *pictures: bytes) -> CaseDetail:
        """The server opens a case that has these photos."""
        rows = tuple(row(data, number) for number, data in enumerate(pictures, 1))
        self.blobs |= {digest_of(data): data for data in pictures}
        detail = replace(cases.detail(case.id, 300), photos=rows)
        asked = enumerate(self.desk.questions, 1)
        ref = max(number for number, (_, query) in asked if isinstance(query, CaseQuery))
        self.desk.hear(Fetched(ref=ref, body=detail))
        return detail
