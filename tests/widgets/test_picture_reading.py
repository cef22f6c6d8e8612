"""Hostile pictures get one clear code, and no more memory than they may have."""

import struct
import zlib

import pytest
from PySide6.QtWidgets import QApplication

from tests.console.photo_kit import drawn
from widgets.picture_reading import PictureError, read_picture, thumbnail_of

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore("JPEG|libpng|svg", extend=True),
]


def bomb(width: int, height: int) -> bytes:
    """A PNG's head that promises a huge picture."""
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">L", zlib.crc32(kind + data))
        return struct.pack(">L", len(data)) + kind + data + crc

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.not_a_picture"),
        (b"hello", "photo.not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "photo.not_a_picture"),
        (bomb(60_000, 60_000), "photo.too_many_pixels"),
    ],
)
def test_what_cannot_be_shown_has_its_code(data: bytes, code: str) -> None:
    with pytest.raises(PictureError) as refused:
        read_picture(data, 320)
    assert str(refused.value) == code


@pytest.mark.parametrize("form", ["PNG", "JPG"])
def test_a_picture_cut_off_is_not_shown_in_part(form: str, qapp: QApplication) -> None:
    data = drawn(form=form)
    with pytest.raises(PictureError, match=r"photo\.cut_off"):
        read_picture(data[: len(data) // 2], 320)


def test_a_large_picture_is_read_no_larger_than_wanted() -> None:
    image = read_picture(drawn(1600, 800), 320)
    assert (image.width(), image.height()) == (320, 160)


def test_a_small_picture_stays_as_it_is() -> None:
    image = read_picture(drawn(100, 50), 320)
    assert (image.width(), image.height()) == (100, 50)


def test_a_thumbnail_keeps_to_its_sides_and_bytes() -> None:
    small = thumbnail_of(read_picture(drawn(1600, 800), 2000), 320, 64 * 1024)
    assert small.startswith(b"\xff\xd8\xff")
    assert len(small) <= 64 * 1024
    assert read_picture(small, 2000).width() == 320


def test_a_thumbnail_that_fits_no_bytes_is_refused() -> None:
    with pytest.raises(PictureError):
        thumbnail_of(read_picture(drawn(), 320), 320, 10)
