"""GCJ-02 against WGS-84, by itself and on two real files of the same boundaries."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from casework.rules.datum import (
    from_bd09,
    from_gcj02,
    from_wgs84,
    to_bd09,
    to_gcj02,
    to_wgs84,
)
from casework.rules.geo import distance
from casework.terms import Datum, point

RECORDS = Path(__file__).parents[4] / "shared" / "data" / "geo"
METRES_PER_DEGREE = 111_195.0
MILLIMETRE = 0.001 / METRES_PER_DEGREE

Metres = NDArray[np.float64]


def test_shift_at_the_centre_of_shenzhen_is_606_metres() -> None:
    here = 22.5431, 114.0579
    assert distance(point(*here), point(*to_gcj02(*here))) == pytest.approx(606, abs=1)


@given(st.floats(1, 55), st.floats(73, 137))
def test_there_and_back_is_the_same_place_within_a_millimetre(lat: float, lon: float) -> None:
    assert from_gcj02(*to_gcj02(lat, lon)) == pytest.approx((lat, lon), rel=0, abs=MILLIMETRE)


@pytest.mark.parametrize("place", [(42.3601, -71.0589), (0.0, 0.0), (-33.9, 18.4), (56.0, 100.0)])
def test_nothing_moves_outside_china(place: tuple[float, float]) -> None:
    assert (to_gcj02(*place), from_gcj02(*place)) == (place, place)


def test_bd09_lies_a_known_step_further_than_gcj02() -> None:
    """The sample of the provider's own conversion service for 39.915, 116.404 in GCJ-02."""
    assert to_bd09(39.915, 116.404) == pytest.approx((39.92133, 116.41036), rel=0, abs=2e-5)


@given(st.floats(1, 55), st.floats(73, 137), st.sampled_from(Datum))
def test_every_system_leads_back_to_where_it_came_from(
    lat: float, lon: float, datum: Datum
) -> None:
    there = from_wgs84(lat, lon, datum)
    assert to_wgs84(*there, datum) == pytest.approx((lat, lon), rel=0, abs=2 * MILLIMETRE)


@given(st.floats(1, 55), st.floats(73, 137))
def test_bd09_there_and_back_is_the_same_place_within_a_millimetre(lat: float, lon: float) -> None:
    assert from_bd09(*to_bd09(lat, lon)) == pytest.approx((lat, lon), rel=0, abs=MILLIMETRE)


@pytest.mark.parametrize("datum", [Datum.WGS84, Datum.CGCS2000])
def test_cgcs2000_is_taken_as_wgs84(datum: Datum) -> None:
    here = 22.5431, 114.0579
    assert (to_wgs84(*here, datum), from_wgs84(*here, datum)) == (here, here)


def test_named_system_is_converted_both_ways() -> None:
    here = 22.5431, 114.0579
    assert from_wgs84(*here, Datum.GCJ02) == to_gcj02(*here)
    assert to_wgs84(*here, Datum.GCJ02) == from_gcj02(*here)


def rings_of(name: str) -> list[Any]:
    path = RECORDS / name
    if not path.exists():
        pytest.skip(f"the records beside the checkout are absent: {name}")
    rings: list[Any] = []
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        geometry = feature["geometry"]
        many = geometry["type"] == "MultiPolygon"
        for polygon in geometry["coordinates"] if many else [geometry["coordinates"]]:
            rings.extend(polygon)
    return rings


def metres(lon_lat: Any) -> Metres:
    """(n, 2) east and north metres on the plane that touches the globe in Shenzhen."""
    flat = np.asarray(lon_lat, dtype=float)[:, :2] - (114.1, 22.6)
    return flat * (METRES_PER_DEGREE * np.cos(np.radians(22.6)), METRES_PER_DEGREE)


def distances(points: Metres, starts: Metres, ends: Metres) -> Metres:
    """Metres from each point to the nearest segment."""
    along = ends - starts
    away = points[:, None, :] - starts[None, :, :]
    share = (away * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-9)
    foot = away - np.clip(share, 0, 1)[:, :, None] * along
    nearest: Metres = np.sqrt((foot**2).sum(axis=2)).min(axis=1)
    return nearest


def test_converted_districts_lie_on_the_published_gcj02_ones() -> None:
    ours = rings_of("shenzhen_districts_wgs84.json")
    theirs = [metres(ring) for ring in rings_of("shenzhen_districts_gcj02.json")]
    starts = np.concatenate([ring[:-1] for ring in theirs])
    ends = np.concatenate([ring[1:] for ring in theirs])
    corners = [corner for ring in ours for corner in ring][::10]
    converted = [to_gcj02(lat, lon)[::-1] for lon, lat, *_ in corners]
    parts = np.array_split(metres(converted), 20)
    off = np.concatenate([distances(part, starts, ends) for part in parts])
    median, p90 = np.percentile(off, [50, 90])
    assert (median <= 10, p90 <= 30) == (True, True), f"median {median:.1f} m, p90 {p90:.1f} m"
