"""Gauss–Krüger against forms of it that share no line with ours, and the fitted local grid."""

from math import cos, degrees, radians, sin, sqrt, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.projection import (
    FALSE_EASTING,
    ControlPointsError,
    Metres,
    Similarity,
    fit_local_grid,
    to_globe,
    to_plane,
)

A = 6_378_137.0
F = 1 / 298.257222101
E2 = F * (2 - F)
MILLIMETRE = 0.001
LATS = st.floats(-80, 80)
AWAY = st.floats(-1.5, 1.5)


def meridian_arc(lat: float, steps: int = 2000) -> float:
    """Metres from the equator along a meridian: Simpson's rule over the radius of curvature."""

    def radius(phi: float) -> float:
        flat = 1 - E2 * sin(phi) ** 2
        return A * (1 - E2) / (flat * sqrt(flat))

    width = radians(lat) / steps
    inner = sum((4 if i % 2 else 2) * radius(i * width) for i in range(1, steps))
    return (radius(0) + inner + radius(radians(lat))) * width / 3


def redfearn(lat: float, away: float) -> Metres:
    """(east, north) by the older series in powers of the longitude difference."""
    phi, l = radians(lat), radians(away) * cos(radians(lat))  # noqa: E741 the papers' letter
    t2, eta2 = tan(phi) ** 2, E2 / (1 - E2) * cos(phi) ** 2
    normal = A / sqrt(1 - E2 * sin(phi) ** 2)
    east = l + l**3 / 6 * (1 - t2 + eta2)
    east += l**5 / 120 * (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2)
    north = l**2 / 2 + l**4 / 24 * (5 - t2 + 9 * eta2 + 4 * eta2**2)
    north += l**6 / 720 * (61 - 58 * t2 + t2**2 + 270 * eta2 - 330 * t2 * eta2)
    return FALSE_EASTING + normal * east, meridian_arc(lat) + normal * tan(phi) * north


def test_pole_is_a_quarter_meridian_away() -> None:
    # Published length of the GRS 80 quarter meridian, whose figures CGCS2000 shares.
    assert to_plane(90, 114) == pytest.approx((500_000, 10_001_965.7293), rel=0, abs=MILLIMETRE)


@pytest.mark.parametrize("lat", [-30.0, 0.0, 22.5, 45.0, 60.0])
def test_central_meridian_is_drawn_at_its_true_length(lat: float) -> None:
    assert to_plane(lat, 117, 117) == pytest.approx(
        (500_000, meridian_arc(lat)), rel=0, abs=MILLIMETRE
    )


@given(st.floats(0, 54), AWAY)
def test_plane_agrees_with_the_older_series(lat: float, away: float) -> None:
    assert to_plane(lat, 114 + away) == pytest.approx(redfearn(lat, away), rel=0, abs=MILLIMETRE)


@given(LATS, AWAY, st.sampled_from([102, 114, 120, -71]))
def test_there_and_back_over_the_zone_is_within_a_millimetre(
    lat: float, away: float, meridian: int
) -> None:
    east, north = to_plane(lat, meridian + away, meridian)
    back = to_globe(east, north, meridian)
    assert back == pytest.approx((lat, meridian + away), rel=0, abs=degrees(MILLIMETRE / A))
    assert to_plane(*back, meridian) == pytest.approx((east, north), rel=0, abs=MILLIMETRE)


TURNED = Similarity(cosine=0.9998, sine=-0.0171, east_shift=-384_000.0, north_shift=-2_476_000.0)
PLACES = st.tuples(st.floats(400_000, 600_000), st.floats(2_400_000, 2_600_000))


def test_fit_finds_the_similarity_behind_exact_control_points() -> None:
    here: list[Metres] = [(501_000.0, 2_490_000.0), (521_000.0, 2_511_000.0), (548_000.0, 2.5e6)]
    fit = fit_local_grid([(place, TURNED.apply(*place)) for place in here])
    assert fit.similarity.scale == pytest.approx(TURNED.scale, abs=1e-12)
    assert fit.similarity.rotation == pytest.approx(TURNED.rotation, abs=1e-9)
    assert fit.similarity.apply(510_000, 2.5e6) == pytest.approx(TURNED.apply(510_000, 2.5e6))
    assert fit.rms < 1e-6


def test_residuals_tell_how_far_each_control_point_lies_off() -> None:
    square: list[Metres] = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    off = [0.2, -0.2, 0.2, -0.2]
    fit = fit_local_grid([((x, y), (x + d, y)) for (x, y), d in zip(square, off, strict=True)])
    # Alternating shifts are neither turn, scale nor shift: all of them stays as residual.
    assert [e for e, _ in fit.residuals] == pytest.approx(off)
    assert [n for _, n in fit.residuals] == pytest.approx([0] * 4)
    assert fit.rms == pytest.approx(0.2)


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [((0.0, 0.0), (1.0, 1.0))],
        [((0.0, 0.0), (1.0, 1.0)), ((0.0, 0.0), (2.0, 2.0))],
        [((0.0, 0.0), (1.0, 1.0)), ((5.0, 0.0), (1.0, 1.0))],
    ],
)
def test_fewer_than_two_distinct_control_points_are_refused(
    pairs: list[tuple[Metres, Metres]],
) -> None:
    with pytest.raises(ControlPointsError) as refused:
        fit_local_grid(pairs)
    assert refused.value.code == "geo.unusable_control_points"


def test_control_points_that_cancel_out_are_refused() -> None:
    here = [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)]
    mirrored = [(x, -y) for x, y in here]
    with pytest.raises(ControlPointsError):
        fit_local_grid(list(zip(here, mirrored, strict=True)))


@given(PLACES)
def test_local_grid_inverts(place: Metres) -> None:
    assert TURNED.invert(*TURNED.apply(*place)) == pytest.approx(place, rel=0, abs=1e-6)
