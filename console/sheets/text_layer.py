"""The words of a PDF that Qt wrote, as a search and a copy find them.

A PDF says of each glyph which character it is. One glyph of a Chinese font often stands for several
characters that look the same, 日 (U+65E5) and the radical ⽇ (U+2F47), and Qt names the first of
them: the radical, which nobody types. Those names are put right here, in place and of the same
length, so that nothing else in the file moves. It can go when Qt names the ideograph by itself.
"""

import re
from functools import cache
from unicodedata import normalize

from PySide6.QtGui import QFont, QRawFont

_IDEOGRAPHS = range(0x4E00, 0xA000)
_LOOKALIKES = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00))
"""CJK and Kangxi radicals; compatibility ideographs."""
_MAPS = re.compile(rb"beginbfrange.*?endbfrange", re.DOTALL)
_LIST = re.compile(rb"\[[^\]]*\]")
"""What stands in brackets are characters; before them come the numbers of glyphs."""
_CODE = re.compile(rb"<([0-9A-Fa-f]{4})>")


@cache
def ideographs(family: str) -> dict[int, int]:
    """For each lookalike the ideograph that the family draws with the same glyph; for a glyph of
    another font what Unicode says of it."""
    font = QRawFont.fromFont(QFont(family))
    every = "".join(map(chr, _IDEOGRAPHS))
    drawn = dict(zip(font.glyphIndexesForString(every), _IDEOGRAPHS, strict=True))
    found = {}
    for code in (code for some in _LOOKALIKES for code in some):
        (glyph, *_) = font.glyphIndexesForString(chr(code)) or (0,)
        same = drawn.get(glyph) if glyph else None
        plain = normalize("NFKC", chr(code))
        if same is not None:
            found[code] = same
        elif len(plain) == 1 and ord(plain) in _IDEOGRAPHS:
            found[code] = ord(plain)
    return found


def searchable(pdf: bytes, family: str) -> bytes:
    """The same file, its characters named as they are typed."""
    known = ideographs(family)

    def named(code: re.Match[bytes]) -> bytes:
        value = int(code[1], 16)
        return b"<%04X>" % known[value] if value in known else code[0]

    def put_right(part: re.Match[bytes]) -> bytes:
        return _LIST.sub(lambda codes: _CODE.sub(named, codes[0]), part[0])

    return _MAPS.sub(put_right, pdf)
