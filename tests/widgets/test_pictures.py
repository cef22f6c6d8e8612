"""Pictures of each widget at real volumes, for a person to look at.

They go to `out/pictures/`; the test only asserts that something was painted, and where the
colours are ours alone, that they are there.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from widgets.box_list import Box, BoxList
from widgets.due_delegate import Due, DueDelegate
from widgets.key_button import KeyButton
from widgets.live_table import Column, LiveTable
from widgets.map_canvas import MapCanvas
from widgets.map_layers import GridLines, MapLabel, MapLayer
from widgets.plain_label import PlainLabel
from widgets.status_strip import StatusStrip
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme
from widgets.timeline import Step, Timeline

OUT = Path(__file__).parents[2] / "out" / "pictures"
LOOKS = pytest.mark.parametrize(
    ("palette", "scale"), [("day", 100), ("night", 100), ("safe", 100), ("day", 150)]
)
KINDS = [
    "暴露垃圾",
    "无照经营游商",
    "道路不洁",
    "道路积水",
    "下水道堵塞或破损",
    "店外经营",
    "施工扰民",
]
PLACES = ["宝安・西乡", "罗湖・东门", "龙岗・布吉", "福田・莲花", "南山・粤海", "盐田・沙头角"]
UNITS = ["西乡街道执法队", "水务集团福田所", "灯光环境管理中心", "坂田街道执法队", "道桥管理处"]


@dataclass(frozen=True)
class Line:
    key: str
    left: int  # seconds
    kind: str
    place: str
    unit: str
    sure: int
    is_new: bool


def lines(count: int) -> list[Line]:
    dice = random.Random(7)
    return [
        Line(
            f"20080613-{number:05}",
            dice.randrange(-2_300, 900) if number < 40 else dice.randrange(120, 90_000),
            dice.choice(KINDS),
            dice.choice(PLACES),
            dice.choice(UNITS) if number % 97 else "x\u202egpj.exe <b>不是粗体</b>",
            dice.randrange(60, 100),
            number % 5 == 0,
        )
        for number in range(count)
    ]


def due_of(line: Line, now: int) -> Due:
    left = line.left - now
    minutes = abs(left) // 60
    clock = f"{minutes // 60}:{minutes % 60:02}"
    if left < 0:
        return Due("late", left, 0.0, f"超 {clock}")
    state = "soon" if left < 300 else "paused" if line.key.endswith("9") else "in_time"
    return Due(state, left, min(left / 20_000, 1.0), clock)  # type: ignore[arg-type]


COLUMNS: tuple[Column[Line], ...] = (
    Column("环节剩余", lambda _: "", sort=lambda line: line.left, width=172, painter="due"),
    Column("案卷号", lambda line: line.key, width=150, tone=lambda _: "muted"),
    Column("小类", lambda line: line.kind, width=150),
    Column("地点", lambda line: line.place, width=130),
    Column("建议单位", lambda line: line.unit, width=0),
    Column(
        "把握", lambda line: f"{line.sure} %", sort=lambda line: line.sure, align="right", width=70
    ),
)


def a_view(theme: Theme, count: int = 3_000) -> LiveTableView:
    table: LiveTable[Line, str] = LiveTable(
        COLUMNS,
        key=lambda line: line.key,
        is_unread=lambda line: line.is_new,
        is_pending=lambda line: line.key.endswith("13"),
    )
    table.upsert(lines(count))
    return LiveTableView(table, theme, painters={"due": DueDelegate(theme, due_of, lambda: 0)})


def blob(x: float, y: float, size: float, bumps: int) -> QPainterPath:
    angles = np.linspace(0, 2 * np.pi, 240)
    radius = size * (1 + 0.16 * np.sin(bumps * angles) + 0.05 * np.sin(17 * angles + bumps))
    path = QPainterPath()
    path.addPolygon(
        QPolygonF(
            [
                QPointF(x + r * np.cos(a), y + r * np.sin(a))
                for a, r in zip(angles, radius, strict=True)
            ]
        )
    )
    path.closeSubpath()
    return path


HOMES = [
    (0, 0, "福田区"),
    (9_000, 2_000, "罗湖区"),
    (-9_500, 1_500, "南山区"),
    (-14_000, 12_000, "宝安区"),
    (2_000, 12_500, "龙华区"),
    (17_000, 11_000, "龙岗区"),
]


def a_map(theme: Theme, count: int) -> MapCanvas:
    canvas = MapCanvas(theme)
    canvas.resize(900, 640)
    land = MapLayer(
        "districts",
        tuple(blob(x, y, 6_000, n + 3) for n, (x, y, _) in enumerate(HOMES)),
        names=tuple(MapLabel(x, y, name) for x, y, name in HOMES),
    )
    alarm = MapLayer("warning", (land.paths[3],), fill=None, wash="late")
    canvas.set_layers([land, alarm])
    dice = np.random.default_rng(3)
    home = dice.integers(0, len(HOMES), count)
    middle = np.array([(x, y) for x, y, _ in HOMES], float)[home]
    place = middle + dice.normal(0, 2_000, (count, 2))
    codes = dice.choice([0, 1, 2, 3], count, p=[0.86, 0.06, 0.04, 0.04])
    canvas.set_points(place[:, 0], place[:, 1], codes, list(range(count)))
    canvas.select(17)
    return canvas


def street_grid(seen: QRectF) -> GridLines:
    step = 500.0
    x = np.arange(np.floor(seen.left() / step) * step, seen.right(), step)
    y = np.arange(np.floor(seen.top() / step) * step, seen.bottom(), step)
    down = np.column_stack((x, np.full_like(x, seen.top()), x, np.full_like(x, seen.bottom())))
    along = np.column_stack((np.full_like(y, seen.left()), y, np.full_like(y, seen.right()), y))
    names = tuple(
        MapLabel(float(a) + 250, float(b) + 250, f"{a / 500:.0f}-{b / 500:.0f}")
        for a in x
        for b in y
    )
    return GridLines(np.vstack((down, along)), names)


STEPS = (
    Step("08:12", "举报", "12319 王", "宝安大道积水约 40 厘米,两辆车熄火。" * 4, "", "done"),
    Step("08:14", "立案", "受理员 刘", "属实,立案。", "2 分", "done"),
    Step("08:15", "立案回复", "已送达 138****2190", "", "1 分", "done"),
    Step("08:20", "挂账", "值班长 陈", "<b>不是</b> 粗体\u202e", "15 分", "paused"),
    Step("08:31", "回退", "派遣员 李", "责任不清。", "超 4 分", "late"),
    Step("08:41", "待派遣", "派遣员 李", "", "15 分中剩 7", "in_time", is_now=True),
)

BOXES = (
    Box("mine", "我的", "12"),
    Box("new", "待受理", "38", starts_group=True),
    Box("file", "待立案", "21"),
    Box("send", "待派遣", "64", "soon"),
    Box("work", "处置中", "1,288"),
    Box("check", "待核查", "97"),
    Box("soon", "将超时", "83", "soon", starts_group=True),
    Box("late", "已超时", "27", "late"),
    Box("hold", "挂账", "–"),
    Box("log", "值班日志", "9", starts_group=True),
    Box("search", "历史检索"),
)


def framed(widget: QWidget, *more: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("pane", True)
    box = QVBoxLayout(frame)
    box.setContentsMargins(1, 8, 1, 8)
    for part in (widget, *more):
        box.addWidget(part)
    return frame


def save(widget: QWidget, name: str, theme: Theme, app: QApplication) -> None:
    """Grab the widget, write the picture, and be sure that it is not one flat colour."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.show()
    app.processEvents()
    picture = widget.grab()
    OUT.mkdir(parents=True, exist_ok=True)
    assert picture.save(str(OUT / f"{name}-{theme.palette}-{theme.scale}.png"))
    image = picture.toImage()
    seen = {
        image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    }
    assert len(seen) > 10
    widget.close()


@pytest.fixture
def dressed(theme: Theme, qapp: QApplication, palette: str, scale: int) -> Theme:
    theme.use(palette, scale)
    theme.dress(qapp)
    return theme


def detail(theme: Theme) -> QWidget:
    pane = QWidget()
    box = QVBoxLayout(pane)
    box.setContentsMargins(14, 8, 14, 8)
    head = QHBoxLayout()
    head.addWidget(PlainLabel("20080613-04189 道路积水", size="heading"))
    head.addWidget(PlainLabel("宝安区西乡街道 前进二路与流塘路口下穿通道", tone="muted"), 1)
    box.addLayout(head)
    box.addWidget(PlainLabel("建议派往", tone="muted", size="label"))
    best = KeyButton("水务集团 西乡所", "Enter", theme, suggested=True, bind=False)
    best.set_words(
        "水务集团 西乡所", "职责 12 号 · 同类同街道 1,204 件中 97 % · 在岗", "94 %", "done"
    )
    other = KeyButton("道桥管理处", "2", theme)
    other.set_words("道桥管理处", "若积水由路面沉陷引起则为主责", "4 %")
    refused = KeyButton("街道三防办", "3", theme)
    refused.set_words("街道三防办", "Ⅱ级响应期间协办", "2 %")
    refused.set_reason("不在岗")
    for button in (best, other, refused):
        box.addWidget(button)
    row = QHBoxLayout()
    for words, key in (("知悉", "F8"), ("搁置", "F9"), ("为何响铃", "?")):
        row.addWidget(KeyButton(words, key, theme))
    row.addStretch(1)
    box.addLayout(row)
    box.addStretch(1)
    across = Timeline(theme, vertical=False)
    across.show_steps(STEPS[:3] + STEPS[-1:])
    box.addWidget(across)
    return pane


def a_strip(theme: Theme) -> StatusStrip:
    strip = StatusStrip(theme)
    strip.set_titles("值守台", "深圳 · 市监督指挥中心")
    strip.set_people("带班 陈  主班 李  副班 周")
    strip.set_clock("06-13 周五 08:41:27")
    strip.practice.show_text("演练")
    strip.lamp.show_link("connected", "已连接", "数据 0.2 秒前")
    return strip


def the_desk(theme: Theme) -> QWidget:
    """All of it together, as on the drawing."""
    desk = QWidget()
    desk.setAutoFillBackground(True)
    desk.resize(1_920, 1_080)
    rows, columns = QVBoxLayout(desk), QHBoxLayout()
    rows.setContentsMargins(0, 0, 0, 12)
    rows.setSpacing(12)
    rows.addWidget(a_strip(theme))
    columns.setContentsMargins(12, 0, 12, 0)
    columns.setSpacing(12)
    boxes = BoxList(theme)
    boxes.show_boxes(BOXES)
    boxes.choose("send")
    left = framed(boxes)
    left.setFixedWidth(theme.px(196))
    columns.addWidget(left)
    centre = QVBoxLayout()
    centre.setSpacing(12)
    view = a_view(theme)
    view.select_key(view.table.key_at(4))
    heading = QHBoxLayout()
    title = QWidget()
    title.setLayout(heading)
    heading.setContentsMargins(14, 0, 14, 0)
    heading.addWidget(PlainLabel("待派遣", size="heading"))
    heading.addWidget(PlainLabel("3,000 件 · 按剩余时间", tone="muted"), 1)
    centre.addWidget(framed(title, LiveTablePane(view, theme)), 3)
    centre.addWidget(framed(detail(theme)), 2)
    columns.addLayout(centre, 3)
    columns.addWidget(framed(a_map(theme, 600)), 2)
    rows.addLayout(columns, 1)
    return desk


@LOOKS
def test_the_desk_as_a_whole(dressed: Theme, qapp: QApplication) -> None:
    save(the_desk(dressed), "desk", dressed, qapp)


@LOOKS
def test_a_map_with_thirty_thousand_points(dressed: Theme, qapp: QApplication) -> None:
    save(a_map(dressed, 30_000), "map-far", dressed, qapp)
    near = a_map(dressed, 30_000)
    near.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    near.show()
    near.set_grid(street_grid)
    near.zoom(8.0)
    save(near, "map-near", dressed, qapp)


@LOOKS
def test_a_list_of_steps(dressed: Theme, qapp: QApplication) -> None:
    steps = Timeline(dressed)
    steps.resize(420, 420)
    steps.show_steps(STEPS)
    save(steps, "timeline", dressed, qapp)


@LOOKS
def test_the_states_of_a_pane(dressed: Theme, qapp: QApplication) -> None:
    whole = QWidget()
    whole.resize(1_000, 700)
    box = QVBoxLayout(whole)
    for count, condition, sentence, act in (
        (0, "empty", "这个箱子是空的,没有等待派遣的案卷。", "看全部区"),
        (0, "loading", "正在取案卷,最急的先到。", ""),
        (200, "stale", "数据 12 秒没有更新。", "重新连接"),
        (200, "offline", "与服务器断开,显示 08:31 的情况;您的操作会保存并补发。", "重新连接"),
    ):
        pane = LiveTablePane(a_view(dressed, count), dressed)
        pane.show_condition(condition, sentence, act)  # type: ignore[arg-type]
        box.addWidget(pane)
    save(whole, "states", dressed, qapp)
