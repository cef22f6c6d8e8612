"""Pictures that the practice city sends in: drawn, the same for the same case, and marked 演练.

A street under a sky, with something heaped on it before and swept away after; a hatched border and
the word say that no camera took it.
"""

import struct
import zlib
from random import Random
from typing import Any

import numpy as np

from casework.photos import PhotoKind

WIDTH, HEIGHT = 640, 480
THUMBNAIL = 2
"""A thumbnail has every second pixel."""
_BORDER = 18
_WORD = (
    # 演, 练: 20 rows of 20 bits
    "00000 00000 00100 38180 1fffc 03004 03004 01ff8 60ff8 70180"
    " 11ffc 0118c 0118c 09ffc 1918c 19ffc 11ff8 30630 61c18 2700c",
    "00000 00000 08180 08180 19ffc 11ffe 30300 26200 65fc0 7c6c0"
    " 18440 18cc0 30ffc 7e040 70448 0044c 0ec44 79846 410c2 003c0",
)
_DOTS, _DOT = 20, 4
_HEAPS = ((150, 98, 60), (92, 110, 74), (120, 120, 124), (160, 84, 84))

Pixels = Any
"""Height × width × 3 bytes of red, green and blue."""


def placeholder(seed: str, kind: PhotoKind) -> tuple[bytes, bytes]:
    """A picture and its thumbnail, as PNG: the same bytes for the same seed and kind."""
    dice = Random(f"photo {seed}")
    pixels = _street(dice)
    heap = _heap(dice)
    if kind is not PhotoKind.AFTER:
        pixels[heap] = dice.choice(_HEAPS)
    _mark(pixels)
    return png(pixels), png(pixels[::THUMBNAIL, ::THUMBNAIL])


def png(pixels: Pixels) -> bytes:
    """The pixels as a PNG file, eight bits a colour (ISO/IEC 15948)."""
    high, wide, _ = pixels.shape
    rows = np.zeros((high, 1 + wide * 3), np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = pixels.reshape(high, wide * 3)
    head = struct.pack(">LLBBBBB", wide, high, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(name + data)
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", crc)


def _street(dice: Random) -> Pixels:
    pixels = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    horizon = dice.randint(150, 210)
    pixels[:horizon] = (176, 200, 222)
    pixels[horizon:] = (150, 152, 156)
    left = 0
    while left < WIDTH:  # a row of houses
        wide, high = dice.randint(60, 130), dice.randint(50, horizon - 30)
        shade = dice.randint(170, 215)
        pixels[horizon - high : horizon, left : left + wide] = (shade, shade - 8, shade - 20)
        left += wide
    for dash in range(20, WIDTH, 90):
        pixels[HEIGHT - 120 : HEIGHT - 112, dash : dash + 45] = (232, 232, 226)
    return pixels


def _heap(dice: Random) -> Pixels:
    """Where something lies: the upper half of an ellipse on the road."""
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    middle, ground = dice.randint(200, 440), dice.randint(340, 400)
    wide, high = dice.randint(80, 150), dice.randint(50, 110)
    inside = ((across - middle) / wide) ** 2 + ((down - ground) / high) ** 2 <= 1
    return inside & (down <= ground)


def _mark(pixels: Pixels) -> None:
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    edge = (down < _BORDER) | (down >= HEIGHT - _BORDER)
    edge |= (across < _BORDER) | (across >= WIDTH - _BORDER)
    stripe = (down + across) // _BORDER % 2 == 0
    pixels[edge & stripe] = (250, 204, 21)
    pixels[edge & ~stripe] = (38, 38, 38)
    side = _DOTS * _DOT
    top, left = HEIGHT - _BORDER - side - 12, _BORDER + 12
    pixels[top - 6 : top + side + 6, left - 6 : left + 2 * side + 6] = (250, 204, 21)
    for number, rows in enumerate(_WORD):
        bits = [[int(row, 16) >> (_DOTS - 1 - x) & 1 for x in range(_DOTS)] for row in rows.split()]
        dots = np.kron(np.array(bits, bool), np.ones((_DOT, _DOT), bool))
        place = left + number * side
        pixels[top : top + side, place : place + side][dots] = (38, 38, 38)
