"""Case sheet and job sheet: what is on the paper, page by page."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QByteArray
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtPdf import QPdfDocument

from casework.decider import Refused
from casework.photos import PhotoKind
from casework.terms import AssignmentState, State
from console import wording
from console.dossier import Dossier
from console.export.table import Origin
from console.names import Names
from console.sheets.sheet import Sheet
from console.sheets.sheets import case_sheet, job_sheet
from console.sheets.writing import Said
from tests.console import cases
from tests.console.photo_kit import drawn, row

FAMILY = "Noto Sans SC"
ORIGIN = Origin(city="Shenzhen", by="陈静", at=cases.NOW)
PRACTICE = ORIGIN._replace(practice="PRACTICE")


def dossier(state: State = State.PENDING_CLOSE, text: str = "") -> Dossier:
    case = cases.one(state)
    detail = cases.detail(case.id, 300)
    texts = replace(detail.texts, text=text or detail.texts.text)
    of = cases.rules().case_class(case.kind, case.code)
    return Dossier(case, texts, detail.history, of, Names(cases.rules()))


def pages(content: bytes) -> list[str]:
    """The words of each page, as a reader of the PDF finds them, without white space."""
    buffer = QBuffer()
    document = QPdfDocument(buffer)
    buffer.setData(QByteArray(content))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    document.load(buffer)
    found = [document.getAllText(number).text() for number in range(document.pageCount())]
    document.close()
    return [re.sub(r"\s", "", page) for page in found]


def test_a_case_sheet_holds_facts_units_and_the_record_with_used_times(qapp: object) -> None:
    of = dossier()
    said = "".join(pages(case_sheet(of, ORIGIN, FAMILY)))
    wanted = [
        of.case.id,
        of.receipt,
        "王**138****2190",
        of.names.unit(of.units[0].unit),
        "Checked:passed(Checking)",
        "0:25:00",
        "情况属实",
    ]
    assert [each for each in wanted if re.sub(r"\s", "", each) not in said] == []


def test_a_late_step_says_by_how_much(qapp: object) -> None:
    of = dossier()
    late = replace(of.history[-1], late=True, late_seconds=3_725)
    said = pages(case_sheet(of._replace(history=(*of.history[:-1], late)), ORIGIN, FAMILY))
    assert "1:02:05" in "".join(said)


def test_a_job_sheet_says_what_by_when_and_has_room_for_the_signature(qapp: object) -> None:
    of = dossier(State.DISPATCHED)
    (said,) = pages(job_sheet(of, ORIGIN, FAMILY))
    due = of.names.local(of.case.due) if of.case.due is not None else None
    assert due is not None
    for wanted in (of.condition, of.limit, f"{due:%Y-%m-%d%H:%M}", "Signature", "Result"):
        assert re.sub(r"\s", "", wanted) in said


def test_a_job_sheet_does_not_carry_the_reporter_s_name_or_number(qapp: object) -> None:
    said = "".join(pages(job_sheet(dossier(), ORIGIN, FAMILY)))
    assert "王" not in said
    assert "2190" not in said


def test_a_case_that_no_unit_has_gets_no_job_sheet(qapp: object) -> None:
    of = dossier()
    back = tuple(replace(a, state=AssignmentState.RETURNED) for a in of.case.assignments)
    for none in (dossier(State.FILED), of._replace(case=replace(of.case, assignments=back))):
        with pytest.raises(Refused) as refused:
            job_sheet(none, ORIGIN, FAMILY)
        assert refused.value.code == "sheet.not_dispatched"


def test_long_texts_go_over_several_pages_each_with_head_and_number(qapp: object) -> None:
    of = dossier(text="积水约四十厘米。" * 600)
    said = pages(case_sheet(of, ORIGIN, FAMILY))
    assert len(said) > 2
    assert [f"page{n}of{len(said)}" in page for n, page in enumerate(said, 1)] == [True] * len(said)
    assert all(of.receipt in page and "Shenzhen" in page for page in said)
    assert sum(page.count("积水约四十厘米。") for page in said) > 590, "some break at a page's end"


def test_practice_is_marked_across_every_page_and_a_real_log_is_not(qapp: object) -> None:
    of = dossier(text="长" * 4_000)
    assert all("PRACTICE" in page for page in pages(case_sheet(of, PRACTICE, FAMILY)))
    assert "PRACTICE" not in "".join(pages(case_sheet(of, ORIGIN, FAMILY)))


def test_markup_and_hidden_signs_of_a_stranger_print_as_they_are(qapp: object) -> None:
    said = "".join(pages(case_sheet(dossier(text="<b>x</b>\u202egpj"), ORIGIN, FAMILY)))
    assert "<b>x</b>[U+202E]gpj" in said


@pytest.mark.parametrize(("language", "title"), [("zh_CN", "派遣单"), ("zh_HK", "派遣單")])
def test_a_sheet_speaks_the_language_in_use(qapp: object, language: str, title: str) -> None:
    wording.use(language)
    (said,) = pages(job_sheet(dossier(State.DISPATCHED), ORIGIN, FAMILY))
    assert title in said


def test_a_sheet_s_cells_take_the_columns_they_ask_for(qapp: object) -> None:
    sheet = Sheet(FAMILY)
    sheet.table((1, 1, 1), ((Said("a"), Said("b", across=2)), (Said("c"), Said("d"), Said("e"))))
    document: QTextDocument = sheet.document()
    assert document.toPlainText().split() == ["a", "b", "c", "d", "e"]


def test_the_used_time_of_a_long_link_counts_hours_beyond_a_day(qapp: object) -> None:
    of = dossier()
    long = replace(of.history[-1], used_seconds=int(timedelta(hours=49).total_seconds()))
    said = pages(case_sheet(of._replace(history=(*of.history[:-1], long)), ORIGIN, FAMILY))
    assert "49:00:00" in "".join(said)


def with_photos(of: Dossier, count: int = 4) -> Dossier:
    """Photos of every kind by turns; the picture of the last one is not at the desk."""
    rows = tuple(row(drawn(hue=n * 40), n, list(PhotoKind)[n % 5]) for n in range(count))
    pictures = {each.number: QImage.fromData(drawn(hue=each.number * 40)) for each in rows[:-1]}
    return of._replace(photos=rows, pictures=pictures)


def test_a_case_sheet_shows_the_photos_with_kind_time_and_person(qapp: object) -> None:
    plain, of = dossier(), with_photos(dossier())
    content = case_sheet(of, ORIGIN, FAMILY)
    said = "".join(pages(content))
    assert "Before·2008-06-1310:41·李明" in said
    assert said.count("Nothereyet") == 1
    assert content.count(b"/Subtype /Image") - case_sheet(plain, ORIGIN, FAMILY).count(
        b"/Subtype /Image"
    ) == len(of.pictures)


def test_a_job_sheet_shows_what_was_before_the_work(qapp: object) -> None:
    said = "".join(pages(job_sheet(with_photos(dossier(State.DISPATCHED)), ORIGIN, FAMILY)))
    assert "Before·" in said
    assert "After·" not in said
