"""Pictures of strangers, read with care: nothing huge, nothing cut off, nothing that is none.

May be called in any thread. `str()` of the error is its stable code.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

MOST_PIXELS = 50_000_000
"""A good telephone's camera; four bytes each while it is read."""
_MEGABYTES = 256
_FORMATS = (b"jpeg", b"png", b"webp")
"""Qt reads more kinds than a server takes; some of them, such as SVG, are programs."""
_TAIL = 64 * 1024
_QUALITIES = (85, 75, 60, 45, 30)


class PictureError(Exception):
    """`photo.not_a_picture`, `photo.too_many_pixels` or `photo.cut_off`."""


def read_picture(data: bytes, longest: int) -> QImage:
    """The picture upright, its longest side `longest` pixels at most.

    Raises:
        PictureError: it cannot be shown.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(_MEGABYTES)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    form = bytes(reader.format().data())
    if form not in _FORMATS or not size.isValid() or size.isEmpty():
        raise PictureError("photo.not_a_picture")
    if size.width() * size.height() > MOST_PIXELS:
        raise PictureError("photo.too_many_pixels")
    if form == b"jpeg" and b"\xff\xd9" not in data[-_TAIL:]:
        raise PictureError("photo.cut_off")
    reader.setAutoTransform(True)
    if max(size.width(), size.height()) > longest:
        reader.setScaledSize(_within(size, longest))
    image = reader.read()
    if image.isNull():
        raise PictureError("photo.cut_off")
    return image


def thumbnail_of(image: QImage, longest: int, most_bytes: int) -> bytes:
    """A small JPEG of it, of no more than so many bytes.

    Raises:
        PictureError: `photo.not_a_picture`, when not even the coarsest is small enough.
    """
    small = image
    if max(image.width(), image.height()) > longest:
        small = image.scaled(
            _within(image.size(), longest),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    flat = QImage(small.size(), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)  # a JPEG has no transparency; black would be none either
    _paint_on(flat, small)
    for quality in _QUALITIES:
        written = _jpeg(flat, quality)
        if 0 < len(written) <= most_bytes:
            return written
    raise PictureError("photo.not_a_picture")


def _paint_on(ground: QImage, picture: QImage) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(ground)
    painter.drawImage(0, 0, picture)
    painter.end()


def _within(size: QSize, longest: int) -> QSize:
    found = size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio)
    return QSize(max(found.width(), 1), max(found.height(), 1))


def _jpeg(image: QImage, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", quality)  # type: ignore[call-overload]  # PySide6 wants str
    return bytes(buffer.data().data())
