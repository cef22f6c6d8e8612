"""A small pack as its files hold it, changed at one place by whoever tests what is said of it."""

import json

import pytest

from casework.pack import PackError, read_pack

CITY = """\
city = "Smallville"
code = "small"
default_scheme = "a"

[calendar]
time_zone = "Asia/Shanghai"
periods = [["08:00", "12:00"], ["14:00", "18:00"]]
weekend = [6, 7]
first_year = 2008
last_year = 2008

[passwords]
least = 10
refused = ["Smallville"]

[[schemes]]
id = "a"
version = "1"
name = "A"
basis = "assumed"

[[centres]]
id = "small"
name = "市中心"
name_en = "City centre"

[[centres]]
id = "east"
name = "东中心"
area = "d1"

[[link_limits]]
state = "registered"
value = 0.25
clock = "urgent_hour"

[[reasons]]
act = "decline"
id = "repeated"
text = "重复"
"""
CITY_CENTRE = """\
[[centres]]
id = "small"
name = "市中心"
name_en = "City centre"
"""
CLASSES = """\
scheme,kind,big_code,big_name,big_name_en,code,name,name_en,basis
a,incident,01,市容环境,,0104,道路不洁,Dirty road,report
a,component,01,公用设施,,0118,路灯,,assumed
"""
CONDITIONS = """\
scheme,kind,code,id,text,text_en,general,general_clock,extended,extended_clock,closing,closing_en,basis
a,incident,0104,1,脏,,2.5,urgent_hour,3,work_day,,,report: 2 h
a,incident,0104,2,很脏,,,,,,干净,Clean,assumed
"""
UNITS = """\
id,name,name_en,trade,level,area,basis
lighting,灯光中心,,市政,city,,assumed
street_team@s1,东执法队,,执法,area,s1,assumed
"""
RESPONSIBILITY = """\
kind,code,lead,joint,note,basis
incident,0104,street_team,lighting,,assumed
component,0118,lighting,,,assumed
"""
CALENDAR = """\
date,kind,name,source
2008-02-06,holiday,春节,notice
2008-02-02,make_up,春节,notice
"""
PLACES = """\
name,name_en,aliases,lat,lon,kind,street,basis
东门,East Gate,老东门; 东城门,0.05,0.05,market,,assumed
东大街,,,,,road,s1,assumed
"""
PHRASES = """\
acts,id,text,text_en
report,seen,现场可见,Seen
cancel cancel_any,void,误登记,
"""
GRIDS = """\
id,name,street,cells,basis
g1,东一,s1,440303001001 440303001002001,invented
"""
SQUARE = [[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1], [0, 0]]]


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(coordinates: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": coordinates}


def district(coordinates: object = SQUARE, **more: object) -> dict[str, object]:
    return feature(polygon(coordinates), **{"id": "d1", "name": "D", "basis": "assumed"} | more)


def street(**more: object) -> dict[str, object]:
    words: dict[str, object] = {"id": "s1", "name": "S", "parent": "d1", "basis": "invented"}
    return feature(polygon(SQUARE), **words | more)


PACK = {
    "city.toml": CITY,
    "classes.csv": CLASSES,
    "conditions.csv": CONDITIONS,
    "units.csv": UNITS,
    "responsibility.csv": RESPONSIBILITY,
    "calendar.csv": CALENDAR,
    "districts.geojson": geojson(district()),
    "streets.geojson": geojson(street()),
    "places.csv": PLACES,
    "phrases.csv": PHRASES,
    "responsibility_grids.csv": GRIDS,
}


def pack(**changed: str) -> dict[str, bytes]:
    """The small pack with some files replaced; `__` stands for the dot in a name."""
    files = PACK | {name.replace("__", "."): text for name, text in changed.items()}
    return {name: text.encode() for name, text in files.items()}


def mistakes(files: dict[str, bytes]) -> list[tuple[str, str, str]]:
    with pytest.raises(PackError) as caught:
        read_pack(files)
    for each in caught.value.mistakes:
        assert each.sentence
        assert each.code in str(each)
    return [(each.file, each.place, each.code) for each in caught.value.mistakes]


def city(old: str, new: str) -> dict[str, bytes]:
    assert old in CITY
    return pack(city__toml=CITY.replace(old, new))


def line(file: str, text: str) -> dict[str, bytes]:
    """The small pack with one more line at the end of a table."""
    return pack(**{file.replace(".", "__"): PACK[file] + text + "\n"})
