"""Placeholder pictures: proper PNGs, the same each time, small, and different before and after."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage

from backend_client import connect
from case_server.server import serving
from casework.photos import HEAD, PhotoKind, media_of
from casework.queries import CaseQuery
from casework.replies import CaseDetail
from casework.rulebook import Photos
from casework.terms import CaseId, Media, Role, Source
from drill.live import add_photo, photographs
from drill.placeholder import placeholder
from drill.snapshots import latest, snapshots
from tests.backend_client.history import REPORT
from tests.backend_client.test_client import DRILL, in_time, settings

BEFORE, AFTER = PhotoKind.BEFORE, PhotoKind.AFTER


def test_the_same_case_has_the_same_picture_and_another_another() -> None:
    assert placeholder("a", BEFORE) == placeholder("a", BEFORE)
    assert placeholder("a", BEFORE)[0] != placeholder("b", BEFORE)[0]


def test_what_lay_there_before_is_gone_after() -> None:
    assert placeholder("a", BEFORE)[0] != placeholder("a", AFTER)[0]


@pytest.mark.parametrize("kind", PhotoKind)
def test_a_rule_book_takes_the_picture_and_its_thumbnail(kind: PhotoKind) -> None:
    whole, small = placeholder("a", kind)
    assert media_of(whole[:HEAD]) is media_of(small[:HEAD]) is Media.PNG
    assert len(whole) <= Photos().most_bytes
    assert len(small) <= Photos().thumbnail_bytes


def test_it_can_be_read_and_bears_the_mark() -> None:
    whole, small = placeholder("a", BEFORE)
    image = QImage.fromData(whole)
    assert (image.width(), image.height()) == (640, 480)
    assert QImage.fromData(small).width() == 320
    border = {image.pixelColor(x, 2).name() for x in range(image.width())}
    assert border == {"#facc15", "#262626"}


def test_a_bot_adds_its_picture_to_a_case(tmp_path: Path) -> None:
    async def play() -> None:
        async with serving(settings(tmp_path)) as address, connect(address, drill=DRILL) as bot:
            ack = await bot.ask(REPORT, role=Role.ACCEPTOR)
            await add_photo(bot, Role.INSPECTOR, ack.stream, BEFORE)
            case = CaseId(ack.stream.removeprefix("case/"))
            opened = await bot.fetch(CaseQuery(case=case))
            assert isinstance(opened, CaseDetail)
            (row,) = opened.photos
            whole, small = placeholder(ack.stream, BEFORE)
            assert await bot.download(row.photo.digest) == whole
            assert row.photo.thumbnail is not None
            assert await bot.download(row.photo.thumbnail) == small

    in_time(play())


def test_some_acts_of_those_with_a_camera_come_with_a_photo_and_no_operators() -> None:
    streams = [f"case/{number}" for number in range(400)]
    taken = [photographs(1, stream, BEFORE, Role.INSPECTOR) for stream in streams]
    assert 0.4 < sum(taken) / len(taken) < 0.6
    assert not any(photographs(1, stream, BEFORE, Role.ACCEPTOR) for stream in streams)


def test_the_latest_reports_of_inspectors_have_a_photo_when_the_day_has_opened(
    tmp_path: Path,
) -> None:
    async def play() -> tuple[int, list[Source]]:
        async with serving(settings(tmp_path)) as address, connect(address, drill=DRILL) as bot:
            for source in [Source.PHONE, Source.INSPECTOR] * 12:
                await bot.ask(replace(REPORT, source=source), role=Role.ACCEPTOR)
            wanted = latest(bot.replica.cases.values(), 1)
            assert list(wanted) == sorted(wanted, key=lambda case: case.opened_at, reverse=True)
            taken = await snapshots(bot, wanted, breath=0)
            details = [await bot.fetch(CaseQuery(case=case)) for case in bot.replica.cases]
            shown = [d for d in details if isinstance(d, CaseDetail) and d.photos]
            return taken - len(shown), [each.case.source for each in shown]

    missing, sources = in_time(play())
    assert missing == 0
    assert set(sources) == {Source.INSPECTOR}
