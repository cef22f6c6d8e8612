"""Every palette can be read, and no state is told by its colour alone."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets.map_clusters import RING_ORDER
from widgets.map_pictures import CODE_TOKENS
from widgets.map_signs import LOOK_TOKENS
from widgets.shapes import STATES, state_path
from widgets.theme import (
    BARE_GROUNDS,
    GRAPHIC_TOKENS,
    GROUNDS,
    PALETTES,
    TEXT_TOKENS,
    TOKENS,
    Theme,
    Token,
    contrast,
)

IN_EVERY_PALETTE = pytest.mark.parametrize("palette", PALETTES)


def test_contrast_is_that_of_the_web_guidelines() -> None:
    black, white = QColor("#000000"), QColor("#FFFFFF")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, QColor("#767676")) == pytest.approx(4.54, abs=0.01)


@IN_EVERY_PALETTE
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("token", TEXT_TOKENS)
def test_text_stands_out_from_every_ground(
    qapp: QApplication, palette: str, token: Token, ground: Token
) -> None:
    theme = Theme(palette)
    assert contrast(theme.color(token), theme.color(ground)) >= 4.5


@IN_EVERY_PALETTE
@pytest.mark.parametrize("ground", [*GROUNDS, "land"])
@pytest.mark.parametrize("token", GRAPHIC_TOKENS)
def test_marks_stand_out_from_every_ground(
    qapp: QApplication, palette: str, token: Token, ground: Token
) -> None:
    theme = Theme(palette)
    assert contrast(theme.color(token), theme.color(ground)) >= 3


@IN_EVERY_PALETTE
def test_names_on_the_map_and_words_on_the_accent_can_be_read(
    qapp: QApplication, palette: str
) -> None:
    theme = Theme(palette)
    assert contrast(theme.color("muted"), theme.color("land")) >= 4.5
    assert contrast(theme.color("on_accent"), theme.color("accent")) >= 4.5


@IN_EVERY_PALETTE
@pytest.mark.parametrize("ground", BARE_GROUNDS)
def test_what_stands_outside_panes_and_land_can_be_read_too(
    qapp: QApplication, palette: str, ground: Token
) -> None:
    theme = Theme(palette)
    on = {token: contrast(theme.color(token), theme.color(ground)) for token in TOKENS}
    assert [token for token in ("text", "muted") if on[token] < 4.5] == []
    assert [token for token in GRAPHIC_TOKENS if on[token] < 3] == []


@IN_EVERY_PALETTE
@pytest.mark.parametrize("ground", ["pane", "raised"])
def test_the_edge_of_a_field_can_be_seen(qapp: QApplication, palette: str, ground: Token) -> None:
    theme = Theme(palette)
    assert contrast(theme.color("field"), theme.color(ground)) >= 3


@IN_EVERY_PALETTE
def test_every_mark_and_ring_of_the_map_stands_out_from_the_land(
    qapp: QApplication, palette: str
) -> None:
    theme = Theme(palette)
    drawn = {*CODE_TOKENS.values(), *(token for _, token in RING_ORDER), *LOOK_TOKENS.values()}
    faint = [t for t in sorted(drawn) if contrast(theme.color(t), theme.color("land")) < 3]
    assert faint == []


def test_late_and_in_time_also_differ_in_lightness_where_red_and_green_are_one(
    qapp: QApplication,
) -> None:
    safe = Theme("safe")
    assert contrast(safe.color("late"), safe.color("in_time")) >= 2.5


def test_no_two_states_have_the_same_shape() -> None:
    box = QRectF(0, 0, 12, 12)
    drawn = [state_path(state, box) for state in STATES]
    assert all(one != two for n, one in enumerate(drawn) for two in drawn[n + 1 :])


@pytest.mark.parametrize(("asked", "given"), [(10, 90), (90, 90), (150, 150), (400, 175)])
def test_the_scale_stays_within_its_bounds(qapp: QApplication, asked: int, given: int) -> None:
    theme = Theme("day", asked)
    assert (theme.scale, theme.px(100)) == (given, given)


def test_a_new_palette_is_told(qtbot: QtBot) -> None:
    theme = Theme("day")
    with qtbot.waitSignal(theme.changed):
        theme.use("night", 125)
    assert (theme.palette, theme.color("pane").name()) == ("night", "#171e25")


def test_an_unknown_palette_changes_nothing(qapp: QApplication) -> None:
    theme = Theme("day")
    with pytest.raises(KeyError):
        theme.use("dusk", 100)
    assert theme.palette == "day"


def test_figures_are_tabular(theme: Theme, family: str) -> None:
    assert theme.font().featureValue(QFont.Tag("tnum")) == 1


def test_the_style_sheet_has_no_token_left_open(theme: Theme) -> None:
    assert "$" not in theme.stylesheet()
