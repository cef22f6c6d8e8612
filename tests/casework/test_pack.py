"""A pack read whole: what stands in its files is what the rule book says."""

from casework.pack import FILES, read_pack
from casework.pack.writing import write_pack
from casework.rulebook import DeadlineStart, LinkLimit, Orders, Register
from casework.scheme import Clock, Condition, Limit
from casework.terms import AreaId, CentreId, Datum, Point, State, Urgency, point
from casework.territory import AreaKind, Centre
from tests.casework.pack_kit import CITY, CITY_CENTRE, UNITS, district, geojson, pack, street


def test_the_city_file_says_how_orders_are_watched_and_proposed() -> None:
    keys = "[orders]\ndeliver_seconds = 30\nwarn_percent = 50\nmost = 2\nposition_metres = 20\n"
    keys += "over_minutes = 90\n"
    rules = read_pack(pack(city__toml=CITY + keys))
    assert rules.orders == Orders(
        deliver_seconds=30, warn_percent=50, most=2, position_metres=20, over_minutes=90
    )
    assert read_pack(write_pack(rules)).orders == rules.orders


SOONER = """
[[link_limits]]
state = "registered"
value = 1
clock = "work_hour"
area_kind = "countryside"

[[link_limits]]
state = "registered"
value = 0.1
clock = "urgent_hour"
urgency = "critical"
"""


def test_a_link_may_have_other_limits_by_urgency_and_kind_of_area() -> None:
    files = pack(
        city__toml=CITY + SOONER,
        districts__geojson=geojson(district(kind="city")),
        streets__geojson=geojson(street(kind="countryside")),
    )
    rules = read_pack(files)
    assert [each.kind for each in rules.areas] == [AreaKind.CITY, AreaKind.COUNTRYSIDE]
    plain, country, critical = rules.link_limits
    assert (plain.urgency, plain.area_kind) == (None, None)
    assert (country.urgency, country.area_kind) == (None, AreaKind.COUNTRYSIDE)
    assert (critical.urgency, critical.area_kind) == (Urgency.CRITICAL, None)
    again = read_pack(write_pack(rules))
    assert (again.link_limits, again.areas) == (rules.link_limits, rules.areas)


def test_the_city_file_says_how_the_register_is_shown() -> None:
    keys = "[register]\nmap_cm_per_pixel = 50\nlabel_cm_per_pixel = 10\nnear_metres = 80\n"
    rules = read_pack(pack(city__toml=CITY + "\n" + keys))
    assert rules.register == Register(map_cm_per_pixel=50, label_cm_per_pixel=10, near_metres=80)
    assert read_pack(write_pack(rules)).register == rules.register


def test_a_pack_is_read_whole() -> None:
    rules = read_pack(pack())
    (scheme,) = rules.schemes
    assert [each.code for each in scheme.classes] == ["0104", "0118"]
    assert scheme.classes[0].conditions == (
        Condition(
            id="1",
            text="脏",
            general=Limit(milli=2500, clock=Clock.URGENT_HOUR),
            extended=Limit(milli=3000, clock=Clock.WORK_DAY),
            basis="report: 2 h",
        ),
        Condition(id="2", text="很脏", closing="干净", closing_en="Clean"),
    )
    assert rules.calendar.periods == ((480, 720), (840, 1080))
    assert [str(day) for day in rules.calendar.holidays] == ["2008-02-06"]
    assert [str(day) for day in rules.calendar.make_up_days] == ["2008-02-02"]
    quarter = Limit(milli=250, clock=Clock.URGENT_HOUR)
    assert rules.link_limits == (LinkLimit(state=State.REGISTERED, limit=quarter),)
    assert [area.id for area in rules.areas] == ["d1", "s1"]
    assert rules.centres == (
        Centre(id=CentreId("small"), name="市中心", name_en="City centre"),
        Centre(id=CentreId("east"), name="东中心", area=AreaId("d1")),
    )
    assert (rules.passwords.least, rules.passwords.refused) == (10, ("Smallville",))
    assert rules.centre(CentreId("east")) == rules.centres[1]
    assert rules.centre(CentreId("west")) is None
    assert rules.areas[0].rings[0][1] == Point(0, 1_000_000)
    (beat,) = rules.responsibility_grids
    assert (beat.id, beat.cells) == ("g1", ("440303001001", "440303001002001"))
    assert rules.responsibility_grid("g1") == beat
    assert rules.deadline_start is DeadlineStart.DISPATCHED
    assert [(each.lead, each.joint) for each in rules.responsibilities] == [
        ("street_team", ("lighting",)),
        ("lighting", ()),
    ]


def test_the_gazetteer_is_read_with_its_other_names() -> None:
    gate, road = read_pack(pack()).places
    assert (gate.aliases, gate.point, gate.street) == (
        ("老东门", "东城门"),
        point(0.05, 0.05),
        None,
    )
    assert (road.point, road.street) == (None, "s1")


def test_phrases_are_found_by_their_acts_those_of_the_first_act_first() -> None:
    rules = read_pack(pack())
    assert [each.id for each in rules.phrases_for(["cancel_any", "report"])] == ["void", "seen"]
    assert [each.id for each in rules.phrases_for(["cancel", "cancel_any"])] == ["void"]
    assert rules.phrases_for(["file"]) == ()


def test_the_system_of_typed_figures_is_a_setting() -> None:
    assert read_pack(pack()).intake.typed_datum is Datum.WGS84
    told = pack(city__toml=CITY.replace("[calendar]", '[intake]\ntyped_datum = "bd09"\n[calendar]'))
    assert read_pack(told).intake.typed_datum is Datum.BD09


def test_three_files_are_enough() -> None:
    small = {name: data for name, data in pack().items() if name in FILES[:3]}
    small["units.csv"] = UNITS.replace(
        "street_team@s1,东执法队,,执法,area,s1,assumed\n", ""
    ).encode()
    small["city.toml"] = CITY.replace('area = "d1"\n', "").replace(CITY_CENTRE, "").encode()
    rules = read_pack(small)
    assert not rules.areas
    assert not rules.responsibilities


def test_a_byte_order_mark_and_windows_lines_do_not_matter() -> None:
    files = pack()
    files["units.csv"] = b"\xef\xbb\xbf" + UNITS.replace("\n", "\r\n").encode()
    assert read_pack(files) == read_pack(pack())
