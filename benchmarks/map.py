"""Moving the map with very many cases on it: one frame of a pan, layers, points and all.

The limit draws as many squares with numpy into an image of the same size, and nothing else.
"""

import time
from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np
from PySide6.QtGui import QImage

from benchmarks import practice, screen
from benchmarks.figure import Figure, Run, in_turns, milliseconds
from casework.acts import ReportCase
from casework.terms import Point
from console.names import Names
from console.panes.ground import Ground
from widgets.map_canvas import MapCanvas

POINTS = 30_000
SIDE = 6
FRAMES = 120
STEP = 12
"""Pixels a frame: a brisk drag."""


def measure(run: Run) -> Iterator[Figure]:
    """The city as a whole under a moving hand, and when cases change."""
    app = screen.application()
    count = run.size(POINTS, POINTS // 30)
    ground = Ground(practice.rules())
    canvas = MapCanvas(screen.theme(app))
    canvas.resize(*screen.SIZE)
    canvas.set_layers(ground.layers(Names(practice.rules())))
    places = [ground.place(*point.degrees) for point in islice(_points(), count)]
    x, y = np.array(places).T
    canvas.set_points(x, y, np.arange(count) % 4, list(range(count)))
    canvas.show()
    canvas.fit()
    app.processEvents()
    frames = run.size(FRAMES, 4)
    bare = partial(milliseconds, partial(_bare_frame, x - x.min(), y - y.min()), frames)
    changed = x[: count // 100], y[: count // 100], np.zeros(count // 100), range(count // 100)

    def drag() -> float:
        """Mean over a long drag there and back: most frames shift a picture, some draw anew."""
        begun = time.perf_counter()
        for step in range(frames):
            canvas.pan(STEP if step < frames / 2 else -STEP, 0)
            canvas.repaint()
        return (time.perf_counter() - begun) / frames * 1000

    def change() -> None:
        canvas.update_points(*changed)
        canvas.repaint()

    for name, work in (
        (f"map pan with {count:,} points, mean frame", drag),
        (
            f"map frame after 1 % of {count:,} points changed",
            partial(milliseconds, change, frames // 8 + 1),
        ),
    ):
        values, bares = in_turns(run, work, bare)
        yield Figure(
            name=name,
            unit="ms",
            values=values,
            limit="numpy squares into an image",
            limits=bares,
        )
    canvas.close()


def _points() -> Iterator[Point]:
    for plan in practice.plans():
        report = plan.links[0].command
        if isinstance(report, ReportCase) and report.point is not None:
            yield report.point


def _bare_frame(x: np.ndarray, y: np.ndarray) -> QImage:
    width, height = screen.SIZE
    pixels = np.zeros((height, width), np.uint32)
    columns = (x / x.max() * (width - SIDE)).astype(np.int64)
    rows = (y / y.max() * (height - SIDE)).astype(np.int64)
    for down in range(SIDE):
        for along in range(SIDE):
            pixels[rows + down, columns + along] = 0xFF336699
    return QImage(pixels.data, width, height, QImage.Format.Format_RGB32).copy()
