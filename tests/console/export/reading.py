"""A workbook read back without the library that wrote it: its XML as it lies in the archive."""

import io
import re
import zipfile
from typing import NamedTuple
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Cell(NamedTuple):
    """`type` is the file's own: "s" a text, "b" a boolean, "" a number; `form` its format code."""

    type: str
    text: str
    form: str


def _texts(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    found = ["".join(t.text or "" for t in si.iter(f"{_MAIN}t")) for si in root]
    return [_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in found]


def _forms(book: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    codes = {
        each.get("numFmtId"): each.get("formatCode", "") for each in root.iter(f"{_MAIN}numFmt")
    }
    codes["49"] = "@"
    styles = root.find(f"{_MAIN}cellXfs")
    assert styles is not None
    return [codes.get(each.get("numFmtId"), "") for each in styles]


def sheets(content: bytes) -> list[dict[str, Cell]]:
    """The cells of every sheet by their name (A1)."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        texts, forms = _texts(book), _forms(book)
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        return [_cells(ElementTree.fromstring(book.read(name)), texts, forms) for name in names]


def _cells(root: ElementTree.Element, texts: list[str], forms: list[str]) -> dict[str, Cell]:
    found = {}
    for cell in root.iter(f"{_MAIN}c"):
        value = cell.find(f"{_MAIN}v")
        raw = (value.text if value is not None else "") or ""
        kind = cell.get("t", "")
        text = texts[int(raw)] if kind == "s" else raw
        found[cell.get("r", "")] = Cell(kind, text, forms[int(cell.get("s", "0"))])
    return found


def raw_parts(content: bytes) -> str:
    """All XML of the sheets and their relations, to look for what must not be there."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if "worksheets" in name)
