"""The three code schemes of the domain tables load, each limit with its condition and clock."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from casework.pack import read_pack
from casework.pack.lists import COLUMNS
from casework.scheme import Clock

DOMAIN = Path(__file__).parents[3] / "shared/domain"
CITY = """\
city = "Three schemes"
code = "three"
default_scheme = "yc"
[calendar]
time_zone = "Asia/Shanghai"
periods = [["08:00", "12:00"], ["14:00", "18:00"]]
weekend = [6, 7]
first_year = 2008
last_year = 2008
"""
SCHEME = """
[[schemes]]
id = "{0}"
version = "1"
name = "{0}"
basis = "second_hand"
"""


@pytest.mark.skipif(not DOMAIN.exists(), reason="the domain tables beside the checkout are absent")
def test_the_three_schemes_of_the_domain_tables_load() -> None:
    with (DOMAIN / "case_types.csv").open(encoding="utf-8-sig", newline="") as lines:
        types = list(csv.DictReader(lines))
    with (DOMAIN / "case_standards.csv").open(encoding="utf-8-sig", newline="") as lines:
        standards = list(csv.DictReader(lines))
    rules = read_pack(
        {
            "city.toml": (CITY + "".join(map(SCHEME.format, ("a", "yc", "gb")))).encode(),
            "classes.csv": table("classes.csv", [class_row(row) for row in types]),
            "conditions.csv": table("conditions.csv", condition_rows(types, standards)),
            "units.csv": table("units.csv", []),
        }
    )
    assert {each.id: len(each.classes) for each in rules.schemes} == {
        "a": 166,
        "yc": 190,
        "gb": 403,
    }
    found = [
        each.general
        for scheme in rules.schemes
        if scheme.id == "yc"
        for one in scheme.classes
        for each in one.conditions
    ]
    clocks = Counter(limit.clock for limit in found if limit)
    assert clocks == {
        Clock.WORK_DAY: 412,
        Clock.WORK_HOUR: 61,
        Clock.URGENT_HOUR: 42,
        Clock.NATURAL_DAY: 4,
    }


def class_row(row: dict[str, str]) -> list[str]:
    scheme = {"Yuncheng": "yc", "GB/T": "gb"}.get(row["source"].split()[0], "a")
    kind = row["kind"].replace("event", "incident")
    big = [row["big_code"], row["big_class_zh"], row["big_class_en"]]
    small = [row["small_code"], row["small_class_zh"], row["small_class_en"]]
    return [scheme, kind, *big, row["big_code"] + small[0], small[1], small[2], "second_hand"]


def condition_rows(types: list[dict[str, str]], standards: list[dict[str, str]]) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in types:
        scheme, kind, _, _, _, code, *_ = class_row(row)
        if scheme == "a" and row["general_limit_hours"]:
            clock = "urgent_hour"
            limits = [row["general_limit_hours"], clock, row["engineering_limit_hours"], clock]
            rows.append([scheme, kind, code, "1", "x", "", *limits, "", "", "second_hand"])
    for number, row in enumerate(standards):
        kind = row["kind"].replace("event", "incident")
        # 緊急工作日 is a natural day (domain.md 9).
        clock = row["limit_type"].replace("urgent_day", "natural_day")
        key = ["yc", kind, row["big_code"] + row["small_code"], str(number)]
        limits = [row["limit_value"], clock, "", ""]
        text = [row["filing_condition_zh"], ""]
        rows.append([*key, *text, *limits, row["closing_condition_zh"], "", "second_hand"])
    return rows


def table(file: str, rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS[file], *rows])
    return text.getvalue().encode()
