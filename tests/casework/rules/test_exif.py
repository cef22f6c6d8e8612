"""What a camera claims, read from bytes that anybody may have written."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.exif import claimed_shot

SHENZHEN = "Asia/Shanghai"


def jpeg(written: bytes = b"2008:06:13 09:40:00\0", offset: bytes = b"", order: str = "<") -> bytes:
    """A JPEG's head with one EXIF directory."""
    count = 1 + bool(offset)
    inner = 8 + 2 + 12 + 4
    text = inner + 2 + 12 * count + 4
    entries = struct.pack(order + "HHLL", 0x9003, 2, len(written), text)
    if offset:
        entries += struct.pack(order + "HHLL", 0x9011, 2, len(offset), text + len(written))
    tiff = (
        (b"II*\0" if order == "<" else b"MM\0*")
        + struct.pack(order + "L", 8)
        + struct.pack(order + "HHHLL", 1, 0x8769, 4, 1, inner)
        + struct.pack(order + "L", 0)
        + struct.pack(order + "H", count)
        + entries
        + struct.pack(order + "L", 0)
        + written
        + offset
    )
    body = b"Exif\0\0" + tiff
    return b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2) + body + b"\xff\xda\0\x02"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_camera_without_an_offset_is_read_in_the_citys_zone(order: str) -> None:
    assert claimed_shot(jpeg(order=order), SHENZHEN) == datetime(2008, 6, 13, 1, 40, tzinfo=UTC)


def test_a_cameras_own_offset_goes_before() -> None:
    found = claimed_shot(jpeg(offset=b"+09:00\0"), SHENZHEN)
    assert found == datetime(2008, 6, 13, 0, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xdb",
        jpeg(b"yesterday, at noon\0\0"),
        jpeg(b"0000:00:00 00:00:00\0"),
        jpeg()[:60],
    ],
)
def test_what_does_not_fit_is_no_claim(data: bytes) -> None:
    assert claimed_shot(data, SHENZHEN) is None


@given(st.binary(max_size=120), st.integers(0, 150))
def test_no_bytes_whatever_are_an_error(noise: bytes, place: int) -> None:
    whole = jpeg()
    claimed_shot(whole[:place] + noise + whole[place + len(noise) :], SHENZHEN)
    claimed_shot(b"\xff\xd8\xff\xe1\x00\x78Exif\0\0" + noise, SHENZHEN)
