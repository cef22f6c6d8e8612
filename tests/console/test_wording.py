"""Every sentence has its translation, and every translation its sentence."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

from casework.replies import HistoryRow
from casework.scheme import Clock, Limit
from casework.terms import Role, Source, State, Urgency
from console import offers, refusals, vocabulary, wording
from console.names import Names
from console.refusals import refusal
from console.vocabulary import limit
from console.wording import tr
from tests.console import cases

ROOT = Path(__file__).parents[2]


def sentences() -> set[str]:
    """The literal of every `tr(…)` and `mark(…)` of the console."""
    found = set()
    for file in (ROOT / "console").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in ("tr", "mark") and isinstance(node.args[0], ast.Constant):
                found.add(str(node.args[0].value))
    return found


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["zh_CN", "zh_HK"])
def test_a_catalogue_holds_every_sentence_and_nothing_else(language: str) -> None:
    file = ROOT / "resources" / "translations" / f"{language}.toml"
    catalogue = tomllib.loads(file.read_text("utf-8"))
    assert set(catalogue) == sentences()
    assert {key for key in catalogue if blanks(key) != blanks(catalogue[key])} == set()
    assert all(catalogue.values())


def test_a_hong_kong_sentence_has_no_simplified_character() -> None:
    simplified = set(
        "为个击动关闭计时处监员单长发会实结经过办记录网线门内责区头据级紧应将历书务协备换类图远进离开"
    )
    file = ROOT / "resources" / "translations" / "zh_HK.toml"
    said = tomllib.loads(file.read_text("utf-8")).values()
    assert {word for word in said if simplified & set(word)} == set()


def test_every_code_of_the_domain_has_a_word() -> None:
    assert set(vocabulary.STATES) == set(State)
    assert set(vocabulary.ROLES) == set(Role)
    assert set(vocabulary.SOURCES) == set(Source)
    assert set(vocabulary.URGENCIES) == set(Urgency)
    assert set(vocabulary.CLOCKS) == set(Clock)
    assert set(offers.SUGGESTED.values()) <= set(vocabulary.OFFERS)
    rows: list[HistoryRow] = [row for life in cases.lives(300) for row in life.rows]
    assert {row.type for row in rows} <= set(vocabulary.STEPS)


def test_every_refusal_of_a_case_has_its_sentence() -> None:
    files = [ROOT / "casework" / f"{name}.py" for name in ("decisions", "reporting", "case")]
    files += (ROOT / "casework" / "deciding").glob("*.py")
    codes = {
        str(node.args[0].value)
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Refused"
        and isinstance(node.args[0], ast.Constant)
    }
    standing = {
        str(node.value)
        for node in ast.walk(ast.parse(files[2].read_text("utf-8")))
        if isinstance(node, ast.Constant) and str(node.value).startswith(("case.", "order."))
    }
    assert codes
    assert standing
    assert codes | standing <= set(refusals.REFUSALS)


def test_a_refusal_names_the_state_in_the_language_in_use() -> None:
    wording.use("zh_CN")
    assert refusal("case.wrong_state", state="filed") == "案卷已进入“待派遣”。"


def test_an_unknown_refusal_shows_its_code() -> None:
    assert refusal("moon.full") == "Refused: moon.full"


def test_a_missing_detail_reads_as_a_dash() -> None:
    assert refusal("case.unknown_unit", case="a") == "The rule book has no unit –."
    assert refusal("case.unknown_unit") == "The rule book has no unit –."
    assert refusal("case.unknown_unit", unit="x") == "The rule book has no unit x."


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert tr("Refused: {code}", code="{0.__class__}") == "Refused: {0.__class__}"


def test_a_limit_says_its_clock_and_none_is_as_the_case_requires() -> None:
    assert limit(Limit(milli=2500, clock=Clock.WORK_HOUR)) == "2.5 working hours"
    assert limit(None) == "as the case requires"


def test_names_come_from_the_rule_book_in_the_language_in_use() -> None:
    case, names = cases.one(State.FILED), Names(cases.rules())
    of = cases.rules().case_class(case.kind, case.code)
    assert of is not None
    assert names.case_class(case) == of.name_en
    wording.use("zh_CN")
    assert names.case_class(case) == case.name


def test_a_refusal_may_tell_of_a_code() -> None:
    wording.use("en")
    said = refusal("component.unknown_class", id="4403049999000004", code="9999")
    assert said == "The id 4403049999000004 names class 9999, which the rule book has not."
