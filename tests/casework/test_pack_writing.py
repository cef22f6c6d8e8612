"""A pack written and read back, and bytes that are no pack."""

import json

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework.pack import PackError, read_pack
from casework.pack.writing import write_pack
from casework.rulebook import Intake, LinkLimit, RuleBook
from casework.scheme import Clock, Limit
from casework.terms import Datum, Point, State
from tests.casework.pack_kit import SQUARE, district, geojson, pack


def test_rings_turn_as_geojson_asks_however_they_came() -> None:
    hole = [[0.02, 0.02], [0.04, 0.02], [0.04, 0.04], [0.02, 0.02]]
    outer = SQUARE[0]
    right = read_pack(pack(districts__geojson=geojson(district([outer, hole[::-1]]))))
    wrong = read_pack(pack(districts__geojson=geojson(district([outer[::-1], hole]))))
    assert right == wrong
    written = json.loads(write_pack(wrong)["districts.geojson"])
    assert written["features"][0]["geometry"]["coordinates"] == [[outer, hole[::-1]]]


HOSTILE = [
    b"1e999",
    b"-1",
    b"9" * 5000,
    b"null",
    b"[[",
    b"{}",
    b"\x00",
    b'"',
    b"true",
    b"2008-01-01",
    b"-0.0",
]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(str.strip)
named = words.filter(bool)


@given(name=named, text=named, note=words, milli=st.integers(1, 100_000_000))
def test_what_is_written_reads_back(name: str, text: str, note: str, milli: int) -> None:
    rules = changed(read_pack(pack()), name, text, note, milli)
    assert read_pack(write_pack(rules)) == rules


def changed(rules: RuleBook, name: str, text: str, note: str, milli: int) -> RuleBook:
    limit = Limit(milli=milli, clock=Clock.NATURAL_DAY)
    (scheme,) = rules.schemes
    first = replace(scheme.classes[0], name=name, name_en=note)
    condition = replace(first.conditions[0], text=text, extended=limit)
    first = replace(first, conditions=(condition,))
    return replace(
        rules,
        city=name,
        notices=(text,),
        schemes=(replace(scheme, name=text, classes=(first, scheme.classes[1])),),
        units=tuple(replace(unit, trade=note) for unit in rules.units),
        centres=tuple(replace(centre, name=name, name_en=note) for centre in rules.centres),
        link_limits=(LinkLimit(state=State.CHECKING, limit=limit),),
        reasons=(replace(rules.reasons[0], text=text, text_en=note),),
        areas=tuple(replace(area, name=name) for area in rules.areas),
        places=(replace(rules.places[0], name=name, name_en=note, point=Point(milli, -milli)),),
        intake=Intake(typed_datum=Datum.GCJ02, draft_days=9, address_days=0),
        phrases=(replace(rules.phrases[0], text=name, text_en=note),),
        responsibility_grids=tuple(replace(grid, name=name) for grid in rules.responsibility_grids),
    )


@given(st.data())
def test_whatever_the_bytes_a_pack_is_read_or_refused(data: st.DataObject) -> None:
    files = pack()
    name = data.draw(st.sampled_from(sorted(files)))
    start = data.draw(st.integers(0, len(files[name])))
    gone = data.draw(st.integers(0, 40))
    put = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(HOSTILE)))
    files[name] = files[name][:start] + put + files[name][start + gone :]
    try:
        rules = read_pack(files)
    except PackError:
        return
    assert read_pack(write_pack(rules)) == rules
