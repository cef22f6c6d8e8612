"""Pages of a sheet: what stays together, and that a search finds the words."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSizeF
from PySide6.QtGui import QPdfWriter, QTextDocument, QTextTable

from console.sheets.paper import DOTS_PER_INCH, Edges, pdf
from console.sheets.sheet import Sheet
from console.sheets.text_layer import ideographs
from console.sheets.writing import Said
from tests.console.sheets.test_sheets import FAMILY, pages

PAGE = QSizeF(2100, 3000)
EDGES = Edges("", "", "", lambda n, every: f"{n}/{every}", "", FAMILY)


@pytest.fixture
def device(qapp: object) -> Iterator[QPdfWriter]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    yield writer
    del writer
    buffer.close()


def tables(document: QTextDocument) -> list[QTextTable]:
    frames = document.rootFrame().childFrames()
    return [frame for frame in frames if isinstance(frame, QTextTable)]


def page_of(document: QTextDocument, text: str) -> int:
    at = document.find(text).block()
    return int(document.documentLayout().blockBoundingRect(at).top() // PAGE.height())


def cut_rows(document: QTextDocument) -> list[str]:
    """The first words of rows that lie on two pages."""
    layout, found = document.documentLayout(), []
    for table in tables(document):
        for row in range(table.rows()):
            cell = table.cellAt(row, 0)
            top = layout.blockBoundingRect(cell.firstCursorPosition().block()).top()
            end = layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom()
            if top // PAGE.height() != end // PAGE.height():
                found.append(cell.firstCursorPosition().block().text()[:20])
    return found


def long_sheet(lines: int = 5) -> Sheet:
    sheet = Sheet(FAMILY)
    sheet.heading("Record")
    head = (Said("head", label=True), Said("tail", label=True))
    rows = [(Said(f"row {n} " + "积水约四十厘米。" * 8 * lines), Said("")) for n in range(30)]
    sheet.table((1.0, 1.0), (head, *rows), headed=True)
    return sheet


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_no_row_is_cut_by_a_page_s_end(device: QPdfWriter, lines: int) -> None:
    document = long_sheet(lines).laid_out(device, PAGE)
    assert document.pageCount() > 1
    assert cut_rows(document) == []


def test_the_head_stands_again_on_every_page(device: QPdfWriter) -> None:
    document = long_sheet().laid_out(device, PAGE)
    heads = [table.cellAt(0, 0).firstCursorPosition().block().text() for table in tables(document)]
    assert heads == ["head"] * document.pageCount()


def test_every_row_is_there_once_and_in_its_order(device: QPdfWriter) -> None:
    words = long_sheet().laid_out(device, PAGE).toPlainText().split()
    rows = [after for word, after in pairwise(words) if word == "row"]
    assert rows == [str(number) for number in range(30)]


def test_a_heading_goes_to_the_next_page_with_its_table(device: QPdfWriter) -> None:
    for filled in range(20, 60):
        sheet = Sheet(FAMILY)
        sheet.table((1.0,), [(Said(f"filled {n}"),) for n in range(filled)])
        sheet.heading("Record")
        sheet.table((1.0,), ((Said("head", label=True),), (Said("first"),)), headed=True)
        document = sheet.laid_out(device, PAGE)
        assert page_of(document, "Record") == page_of(document, "first"), filled


def test_what_was_said_stays_with_its_step(device: QPdfWriter) -> None:
    sheet = Sheet(FAMILY)
    rows = []
    for number in range(40):
        said = Said(f"said {number} " + "。" * 60, across=2, follows=True)
        rows += [(Said(f"step {number}."), Said("")), (said,)]
    sheet.table((1.0, 1.0), rows)
    document = sheet.laid_out(device, PAGE)
    parted = [
        n for n in range(40) if page_of(document, f"step {n}.") != page_of(document, f"said {n} ")
    ]
    assert (document.pageCount() > 1, parted) == (True, [])


def test_a_row_taller_than_a_page_is_cut_and_whole(device: QPdfWriter) -> None:
    sheet = Sheet(FAMILY)
    sheet.table((1.0,), ((Said("长" * 6_000),),))
    document = sheet.laid_out(device, PAGE)
    assert document.pageCount() > 1
    assert document.toPlainText().count("长") == 6_000


def test_a_search_finds_characters_as_they_are_typed(qapp: object) -> None:
    typed = (
        "民车长页一二人入八十口土大女子小工日曰月木水火用田白目石示立米老耳肉臣至行衣西见"
        "角言谷贝走足身金门雨青非面音风飞食首马骨高鬼鱼鸟鹿麻黄黑鼓鼠鼻齿龙龟"
    )
    sheet = Sheet(FAMILY)
    sheet.table((1.0,), ((Said(typed),),))
    assert typed in "".join(pages(pdf(sheet.laid_out, EDGES, "")))


def test_a_lookalike_is_known_by_its_glyph(qapp: object) -> None:
    known = ideographs(FAMILY)
    assert (chr(known[0x2F47]), chr(known[0x2ECB])) == ("日", "车")
