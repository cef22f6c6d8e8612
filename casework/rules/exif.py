"""When a camera says it took a picture: EXIF's DateTimeOriginal, a claim and nothing more.

Bytes of strangers: whatever does not fit is no claim, never an error. Source: CIPA DC-008 (EXIF),
4.6.3 and 4.6.5.
"""

import struct
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_EXIF_IFD, _ORIGINAL, _OFFSET = 0x8769, 0x9003, 0x9011
_ASCII, _LONG = 2, 4
_ENTRY, _INSIDE = 12, 4
_MOST_ENTRIES = 200
_START_OF_SCAN, _APP1, _SHORTEST = 0xDA, 0xE1, 2


def claimed_shot(data: bytes, time_zone: str) -> datetime | None:
    """The instant (aware UTC); a camera without an offset is read in the city's time zone."""
    try:
        tiff = _tiff(data)
        return None if tiff is None else _instant(tiff, ZoneInfo(time_zone))
    except (struct.error, ValueError, OverflowError, UnicodeDecodeError):
        return None


def _tiff(data: bytes) -> bytes | None:
    """The TIFF inside a JPEG's APP1 segment."""
    at = 2
    while data[:2] == b"\xff\xd8" and at + 4 <= len(data) and data[at : at + 1] == b"\xff":
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == _START_OF_SCAN or length < _SHORTEST:
            return None
        if marker == _APP1 and data[at + 4 : at + 10] == b"Exif\0\0":
            return data[at + 10 : at + 2 + length]
        at += 2 + length
    return None


def _instant(tiff: bytes, zone: ZoneInfo) -> datetime | None:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None
    (first,) = struct.unpack_from(order + "L", tiff, 4)
    pointer = _entries(tiff, order, first).get(_EXIF_IFD)
    if pointer is None:
        return None
    (inner,) = struct.unpack(order + "L", pointer)
    found = _entries(tiff, order, inner)
    if _ORIGINAL not in found:
        return None
    written = found[_ORIGINAL].rstrip(b"\0 ").decode("ascii")
    offset = found.get(_OFFSET, b"").rstrip(b"\0 ").decode("ascii")
    if offset:
        return datetime.strptime(written + offset, "%Y:%m:%d %H:%M:%S%z").astimezone(UTC)
    local = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  the zone follows
    return local.replace(tzinfo=zone).astimezone(UTC)


def _entries(tiff: bytes, order: str, at: int) -> dict[int, bytes]:
    """The values of one directory that can be a text or a pointer."""
    (number,) = struct.unpack_from(order + "H", tiff, at)
    found = {}
    for entry in range(min(number, _MOST_ENTRIES)):
        place = at + 2 + entry * _ENTRY
        tag, kind, length = struct.unpack_from(order + "HHL", tiff, place)
        if kind == _LONG and length == 1:
            found[tag] = tiff[place + 8 : place + 12]
        elif kind == _ASCII and length <= _INSIDE:
            found[tag] = tiff[place + 8 : place + 8 + length]
        elif kind == _ASCII:
            (value,) = struct.unpack_from(order + "L", tiff, place + 8)
            found[tag] = tiff[value : value + min(length, 40)]
    return found
