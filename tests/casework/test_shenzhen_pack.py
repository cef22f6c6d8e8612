"""The Shenzhen pack: what the report says, sensible units, and a map without holes."""

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean

import pytest

from casework.life import ACTS
from casework.pack import decode_rules, digest, encode_rules, read_pack
from casework.pack.files import MARKS
from casework.pack.writing import write_pack
from casework.rulebook import ReasonedAct, RuleBook
from casework.rules.geo import area_index
from casework.rules.grid import grid_cell, unit_grids
from casework.rules.placing import Locator
from casework.rules.responsibility import responsibility_grid
from casework.scheme import CaseClass, Clock, Limit
from casework.terms import ENDED, Kind, Point, State
from casework.territory import Area, AreaLevel, UnitLevel
from watchdesk.calendars import work_calendar

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "resources/cities/shenzhen"
DOMAIN = ROOT.parent / "shared/domain"
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir()}


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    return read_pack(FILES)


def classes(rules: RuleBook, scheme: str = "cjt214-2007") -> tuple[CaseClass, ...]:
    return next(each.classes for each in rules.schemes if each.id == scheme)


def named(rules: RuleBook, name: str) -> CaseClass:
    return next(each for each in classes(rules) if each.name == name)


def streets(rules: RuleBook) -> list[Area]:
    return [area for area in rules.areas if area.level is AreaLevel.STREET]


def hours(limit: Limit | None) -> Fraction:
    assert limit is not None
    assert limit.clock is Clock.URGENT_HOUR
    return Fraction(limit.milli, 1000)


def holds(area: Area, at: Point) -> bool:
    """Even-odd rule, exact: all numbers are integers."""
    inside = False
    for ring in area.rings:
        for a, b in pairwise(ring):
            if (a.lat > at.lat) != (b.lat > at.lat):
                crossing = Fraction((at.lat - a.lat) * (b.lon - a.lon), b.lat - a.lat) + a.lon
                inside ^= at.lon < crossing
    return inside


def extent(area: Area) -> float:
    """Signed area of all rings in square degrees; holes run the other way and count below zero."""
    return sum(
        (a.lon * b.lat - b.lon * a.lat) / 2e14 for ring in area.rings for a, b in pairwise(ring)
    )


def test_a_pack_written_and_read_again_is_the_same(rules: RuleBook) -> None:
    assert read_pack(write_pack(rules)) == rules


def test_the_encoded_book_reads_back_and_names_its_version(rules: RuleBook) -> None:
    again = decode_rules(encode_rules(rules))
    assert again == rules
    assert digest(again) == digest(rules)
    assert len(digest(rules)) == 64


@pytest.mark.parametrize(
    ("kind", "general", "extended"),
    [(Kind.INCIDENT, 17.88, 5.55), (Kind.COMPONENT, 29.6, 4.5)],
)
def test_mean_limits_equal_the_reports(
    rules: RuleBook, kind: Kind, general: float, extended: float
) -> None:
    first = [each.conditions[0] for each in classes(rules) if each.kind is kind and each.conditions]
    assert float(mean(hours(each.general) for each in first)) == pytest.approx(general, abs=0.055)
    days = mean(hours(each.extended) / 24 for each in first)
    assert float(days) == pytest.approx(extended, abs=0.025)


@pytest.mark.parametrize("name", ["道路不洁", "暴露垃圾", "流浪乞讨"])
def test_the_three_limits_of_the_report_are_the_default(rules: RuleBook, name: str) -> None:
    first = named(rules, name).conditions[0]
    assert first.general == Limit(milli=2000, clock=Clock.URGENT_HOUR)
    assert first.basis.startswith("report")


def test_the_local_classes_have_no_limit_and_no_unit(rules: RuleBook) -> None:
    local = [each for each in classes(rules) if each.big_code == "21"]
    answered = {(each.kind, each.code) for each in rules.responsibilities}
    assert len(local) == 27
    assert all(not each.conditions for each in local)
    assert all((each.kind, each.code) not in answered for each in local)


def test_every_other_class_has_a_limit_and_a_unit(rules: RuleBook) -> None:
    rest = [each for each in classes(rules) if each.big_code != "21"]
    assert len(rest) == 139
    assert {(each.kind, each.code) for each in rest} == {
        (each.kind, each.code) for each in rules.responsibilities if each.lead
    }
    assert all(each.conditions and each.conditions[0].general for each in rest)


def test_some_classes_have_several_conditions_each_with_its_own_limit(rules: RuleBook) -> None:
    several = [each for each in classes(rules) if len(each.conditions) > 1]
    assert len(several) >= 10
    for each in several:
        limits = {(c.general, c.extended) for c in each.conditions}
        assert len(limits) == len(each.conditions), each.name


def test_the_scheme_of_2026_is_there_without_limits(rules: RuleBook) -> None:
    newer = classes(rules, "gbt47678.5-2026")
    assert len(newer) == 403
    assert not any(each.conditions for each in newer)


TRADES = {  # a word in the name of a class → who may answer for it
    "上水": {"水务"},
    "污水井": {"水务"},
    "雨水": {"水务"},
    "自来水": {"水务"},
    "下水道": {"水务"},
    "积水": {"水务"},
    "水域": {"水务"},
    "防汛": {"水务"},
    "河堤": {"水务"},
    "电力": {"电力"},
    "高压线": {"电力"},
    "变压器": {"电力"},
    "燃气": {"燃气"},
    "通讯": {"通信"},
    "电视": {"通信"},
    "电话": {"通信"},
    "网络": {"通信"},
    "路灯": {"市政"},
    "地灯": {"市政"},
    "景观灯": {"市政"},
    "树": {"园林"},
    "绿地": {"园林"},
    "花架": {"园林"},
    "喷泉": {"园林"},
    "垃圾": {"环卫", "执法"},
    "不洁": {"环卫", "水务", "执法"},
    "公厕": {"环卫"},
    "厕所": {"环卫"},
    "交通标志": {"交通"},
    "交通信号": {"交通"},
    "机动车": {"交通", "执法"},
    "公交": {"交通"},
    "消防": {"消防"},
    "公安": {"公安"},
    "治安": {"公安"},
    "桥": {"市政"},
    "道路破损": {"市政"},
    "塌陷": {"市政"},
    "掘路": {"市政"},
    "工地": {"建设"},
    "广告": {"执法"},
    "无照": {"执法"},
    "占道": {"执法"},
    "邮筒": {"邮政"},
    "气象": {"气象"},
    "环保": {"环保"},
    "油烟": {"环保"},
    "噪": {"环保"},
    "出版物": {"文化"},
    "乞讨": {"民政"},
    "路名牌": {"民政"},
    "热力": {"水务"},
    "中水": {"水务"},
    "水井": {"水务"},
    "供水": {"水务"},
    "输油": {"燃气"},
    "立杆": {"电力"},
    "线缆": {"电力"},
    "报刊亭": {"邮政"},
    "信息亭": {"街道"},
    "售货": {"街道"},
    "健身": {"街道"},
    "存车": {"街道"},
    "宣传栏": {"街道"},
    "突发事件": {"街道"},
    "无主井盖": {"市政"},
    "特殊井盖": {"市政"},
    "地下通道": {"市政"},
    "隔音屏": {"市政"},
    "积雪": {"市政"},
    "电子眼": {"公安"},
    "群发": {"公安"},
    "停车": {"交通"},
    "出租车": {"交通"},
    "交通护栏": {"交通"},
    "交通岗亭": {"交通"},
    "信息显示屏": {"交通"},
    "港监": {"交通"},
    "车辆": {"交通"},
    "黑车": {"交通"},
    "危险源": {"消防"},
    "化粪池": {"环卫"},
    "家具": {"环卫"},
    "遗撒": {"环卫"},
    "尸体": {"环卫"},
    "霓虹灯": {"执法"},
    "私搭": {"执法"},
    "饲养": {"执法"},
    "市容环境问题": {"执法"},
    "施工扰民": {"执法"},
    "废弃料": {"执法"},
    "店外": {"执法"},
    "堆料": {"执法"},
    "烧烤": {"执法"},
    "晾挂": {"执法"},
    "空调": {"执法"},
    "街面秩序": {"执法"},
    "施工管理": {"建设"},
    "污水口": {"环保"},
    "雕塑": {"园林"},
    "坐椅": {"园林"},
    "人防": {"国土房产"},
    "公房": {"国土房产"},
}


def test_who_answers_is_of_the_trade_that_the_name_of_the_class_speaks_of(rules: RuleBook) -> None:
    trade = {unit.id.partition("@")[0]: unit.trade for unit in rules.units}
    names = {(each.kind, each.code): each.name for each in classes(rules)}
    for each in rules.responsibilities:
        name = names[each.kind, each.code]
        allowed = [trades for word, trades in TRADES.items() if word in name]
        assert each.lead is not None
        assert any(trade[each.lead] in trades for trades in allowed), (name, each.lead)


@pytest.mark.parametrize("name", ["行道树", "古树名木", "护树设施", "绿地", "非装饰性树挂"])
def test_a_tree_never_goes_to_the_road_office(rules: RuleBook, name: str) -> None:
    keys = {(each.kind, each.code) for each in classes(rules) if each.name == name}
    (answer,) = (each for each in rules.responsibilities if (each.kind, each.code) in keys)
    assert answer.lead == "greening"
    assert not {"road_bridge", "highway"} & set(answer.joint)


def test_32_units_stand_at_the_city_and_in_each_street_a_centre_with_three_teams(
    rules: RuleBook,
) -> None:
    assert sum(unit.level is UnitLevel.CITY for unit in rules.units) == 32
    above = {unit.id: unit.parent for unit in rules.units if unit.level is UnitLevel.AREA}
    teams = {
        f"{team}@{street.id}": f"street_centre@{street.id}"
        for team in ("street_team", "street_sanitation", "street_office")
        for street in streets(rules)
    }
    centres = {
        f"street_centre@{street.id}": f"district_centre@{street.parent}"
        for street in streets(rules)
    }
    assert above == teams | centres | dict.fromkeys(centres.values())
    xixiang = next(unit for unit in rules.units if unit.id == "street_team@440306018")
    assert xixiang.name == "西乡街道执法队"


def test_the_districts_are_those_of_2008(rules: RuleBook) -> None:
    districts = [area for area in rules.areas if area.level is AreaLevel.DISTRICT]
    assert {area.name: area.group for area in districts} == {
        "罗湖区": "inside",
        "福田区": "inside",
        "南山区": "inside",
        "盐田区": "inside",
        "宝安区": "outside",
        "龙岗区": "outside",
        "光明新区": "outside",
    }
    assert next(each.parent for each in streets(rules) if each.name == "龙华街道") == "440306"
    assert next(each.parent for each in streets(rules) if each.name == "大鹏街道") == "440307"
    assert next(each.parent for each in streets(rules) if each.name == "坪山街道") == "440307"


def test_the_city_and_each_district_have_a_centre(rules: RuleBook) -> None:
    districts = {area.id for area in rules.areas if area.level is AreaLevel.DISTRICT}
    assert {centre.area for centre in rules.centres} == {None, *districts}
    assert {centre.id for centre in rules.centres} == {"440300", *districts}


def test_streets_have_nine_digits_and_invented_outlines(rules: RuleBook) -> None:
    assert len(streets(rules)) == 74
    for street in streets(rules):
        assert len(street.id) == 9
        assert street.id.isdigit()
        assert street.invented
        assert street.name.endswith("街道")


def test_the_streets_of_a_district_fill_it(rules: RuleBook) -> None:
    for district in rules.areas:
        if district.level is AreaLevel.DISTRICT:
            parts = sum(extent(each) for each in streets(rules) if each.parent == district.id)
            assert parts == pytest.approx(extent(district), rel=1e-5)


def sample(rules: RuleBook, count: int) -> Iterator[Point]:
    random = Random("streets")
    points = [at for area in rules.areas for ring in area.rings for at in ring]
    south, north = min(at.lat for at in points), max(at.lat for at in points)
    west, east = min(at.lon for at in points), max(at.lon for at in points)
    for _ in range(count):
        yield Point(random.randint(south, north), random.randint(west, east))


def test_each_place_lies_in_one_street_of_its_district_or_nowhere(rules: RuleBook) -> None:
    within = 0
    for at in sample(rules, 300):
        found = [area for area in rules.areas if holds(area, at)]
        districts = [area.id for area in found if area.level is AreaLevel.DISTRICT]
        parents = [area.parent for area in found if area.level is AreaLevel.STREET]
        assert districts == parents
        assert len(districts) <= 1
        within += len(districts)
    assert within > 100


@pytest.mark.parametrize(
    ("lat", "lon", "district"),
    [
        (22.5446, 114.0545, "福田区"),  # the civic centre
        (22.5330, 113.9305, "南山区"),
        (22.6568, 114.0250, "宝安区"),  # 龙华
        (22.7208, 114.2475, "龙岗区"),
        (22.5975, 114.4740, "龙岗区"),  # 大鹏
    ],
)
def test_known_places_lie_in_their_district(
    rules: RuleBook, lat: float, lon: float, district: str
) -> None:
    at = Point(round(lat * 10**7), round(lon * 10**7))
    found = [area.name for area in rules.areas if holds(area, at)]
    assert found[0] == district


def test_each_link_of_a_living_case_has_a_limit(rules: RuleBook) -> None:
    living = {state for state in State if state not in ENDED}
    assert {each.state for each in rules.link_limits} == living - {State.SUSPENDED}


def test_reasons_are_given_for_the_acts_that_need_one(rules: RuleBook) -> None:
    assert {each.act for each in rules.reasons} == set(ReasonedAct)
    assert all(each.text_en for each in rules.reasons)
    conditions = [each for of in rules.schemes[0].classes for each in of.conditions]
    assert all(each.text_en and each.closing and each.closing_en for each in conditions)


def test_the_calendar_is_the_librarys(rules: RuleBook) -> None:
    made = work_calendar("Asia/Shanghai", range(2004, 2027), country="CN")
    assert rules.calendar == made
    make_up = [day for day in rules.calendar.make_up_days if day.year == 2008]
    assert make_up == [
        date(2008, 2, 2),
        date(2008, 2, 3),
        date(2008, 5, 4),
        date(2008, 9, 27),
        date(2008, 9, 28),
    ]


def test_everything_assumed_says_so(rules: RuleBook) -> None:
    for each in classes(rules):
        for condition in each.conditions:
            assert condition.basis.partition(":")[0] in MARKS
            assert "assumed" in condition.basis
    assert {each.basis for each in rules.responsibilities} == {"assumed"}
    assert all("invented" in each.basis for each in streets(rules))
    assert rules.notices


def test_the_files_are_small_and_name_their_source() -> None:
    assert len(FILES["districts.geojson"]) + len(FILES["streets.geojson"]) <= 400_000
    assert sum(map(len, FILES.values())) <= 600_000
    sources = FILES["SOURCES.md"].decode()
    for name in FILES:
        assert name in sources or name == "SOURCES.md"


@pytest.mark.skipif(not DOMAIN.exists(), reason="the domain tables beside the checkout are absent")
def test_classes_units_and_answers_are_those_of_the_domain_tables(rules: RuleBook) -> None:
    def table(name: str) -> list[dict[str, str]]:
        with (DOMAIN / name).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))

    types = [row for row in table("case_types.csv") if "Yuncheng" not in row["source"]]
    named = {row["big_code"] + row["small_code"]: row["small_class_zh"] for row in types}
    ours = {each.code: each.name for scheme in rules.schemes for each in scheme.classes}
    assert named == ours
    assert len(types) == sum(len(scheme.classes) for scheme in rules.schemes)
    answers = {
        (row["kind"], row["code"]): row["lead_unit"] for row in table("shenzhen_responsibility.csv")
    }
    kinds = {Kind.INCIDENT: "event", Kind.COMPONENT: "component"}
    assert answers == {(kinds[e.kind], e.code): e.lead for e in rules.responsibilities}


def test_every_landmark_lies_in_the_city_and_is_marked_assumed(rules: RuleBook) -> None:
    locator = Locator(rules)
    places = [(each.name, locator.place(each.point), each.basis) for each in rules.places]
    assert [name for name, place, _ in places if not place.street] == []
    assert {basis for _, _, basis in places} == {"assumed"}
    assert {place.district for _, place, _ in places} == {
        area.id for area in rules.areas if area.level is AreaLevel.DISTRICT
    }


@pytest.mark.parametrize(
    "act",
    [
        "report",
        "verify",
        "pass_for_filing",
        "file",
        "decline",
        "dispatch",
        "feed_back",
        "order_check",
        "check",
        "close",
        "note",
    ],
)
def test_an_act_of_the_main_line_has_phrases_in_both_languages(rules: RuleBook, act: str) -> None:
    phrases = rules.phrases_for([act])
    assert len(phrases) > 1
    assert all(each.text and each.text_en for each in phrases)


def test_every_phrase_goes_with_an_act_that_there_is(rules: RuleBook) -> None:
    assert {act for each in rules.phrases for act in each.acts} <= {act.name for act in ACTS}


def test_every_place_of_a_street_lies_in_an_invented_beat_of_that_street(rules: RuleBook) -> None:
    index = area_index(rules.areas)
    lattices = unit_grids(rules.areas, rules.central_meridian)
    dice = Random(7)
    for shape in index.streets:
        box = shape.box
        for _ in range(40):
            at = Point(dice.randint(box.south, box.north), dice.randint(box.west, box.east))
            if shape.holds(at):
                code = grid_cell(lattices[shape.id], at)
                beat = responsibility_grid(rules, code, None)
                assert beat is not None, code
                assert (beat.street, beat.basis) == (shape.id, "invented")
