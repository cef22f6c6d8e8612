"""Photos of the morning's latest reports, sent in while the day already runs.

A practice day opens with thousands of cases. To draw a photo for each would hold the opening up, so
that only the latest that an inspector reported have one, one after the other.
"""

import asyncio
from collections.abc import Iterable, Sequence

from backend_client import Connection
from casework.case import Case
from casework.decider import Refused
from casework.photos import PhotoKind
from casework.terms import Role, Source
from drill.live import add_photo, photographs

MOST = 120
BREATH = 0.1
"""Seconds between two of them, in which the server serves the others."""


def latest(cases: Iterable[Case], seed: object) -> Sequence[Case]:
    """Whose photo is drawn, the newest first: it stands at the top of somebody's work."""
    waiting = [
        case
        for case in cases
        if case.source is Source.INSPECTOR
        and not case.ended
        and not case.photos
        and photographs(seed, f"case/{case.id}", PhotoKind.BEFORE, Role.INSPECTOR)
    ]
    return sorted(waiting, key=lambda case: case.opened_at, reverse=True)[:MOST]


async def snapshots(camera: Connection, cases: Sequence[Case], breath: float = BREATH) -> int:
    """Send them in; how many were taken. `camera` holds the inspector's role."""
    taken = 0
    for case in cases:
        try:
            await add_photo(camera, Role.INSPECTOR, f"case/{case.id}", PhotoKind.BEFORE)
            taken += 1
        except Refused:
            continue  # it went out of the inspector's sight meanwhile
        await asyncio.sleep(breath)
    return taken
