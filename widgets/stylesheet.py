"""The style sheet of the stock Qt widgets, made from the tokens of one palette."""

from collections.abc import Callable, Mapping
from string import Template

_SHEET = Template("""
QMainWindow, QDialog { background: $canvas; }
QFrame[pane="true"] { background: $pane; border: 1px solid $line; border-radius: ${radius}px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: ${small}px; }

PlainLabel { background: transparent; color: $text; }
PlainLabel[tone="muted"] { color: $muted; }
PlainLabel[tone="accent"] { color: $accent; }
PlainLabel[tone="late"] { color: $late; }
PlainLabel[tone="soon"] { color: $soon; }
PlainLabel[tone="done"] { color: $done; }
PlainLabel[textSize="label"] { font-size: ${label}px; }
PlainLabel[textSize="heading"] { font-size: ${heading}px; font-weight: 600; }
PlainLabel[textSize="display"] { font-size: ${display}px; font-weight: 600; }
PlainLabel[textSize="strong"] { font-weight: 600; }

QTableView, QListView, QTreeView {
    background: $pane; color: $text; border: none; outline: none;
    selection-background-color: $selected; selection-color: $text;
}
QHeaderView { background: $raised; border: none; }
QTableCornerButton::section { background: $raised; border: none; }

QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit, QTimeEdit {
    background: $raised; color: $text; border: 1px solid $field; border-radius: ${small}px;
    padding: ${small}px ${cell}px; selection-background-color: $accent;
    selection-color: $on_accent;
}
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QComboBox:focus, QDateTimeEdit:focus {
    border: 1px solid $accent;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {
    color: $muted; border: 1px solid $line;
}
QComboBox::drop-down { border: none; width: ${bar2}px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; }

QListWidget[floating="true"] {
    background: $raised; border: 1px solid $accent; border-radius: ${small}px; padding: 2px;
}
QListWidget[floating="true"]::item { padding: ${small}px ${cell}px; }
QListWidget[floating="true"]::item:selected { background: $selected; color: $text; }
QCheckBox { color: $text; spacing: ${cell}px; padding: 1px; border: 1px solid transparent; }
QCheckBox:focus { border: 1px solid $accent; border-radius: ${small}px; }
QCheckBox::indicator { width: ${tick2}px; height: ${tick2}px; }
QCheckBox::indicator:unchecked {
    background: $raised; border: 1px solid $muted; border-radius: 3px;
    width: ${tick}px; height: ${tick}px;
}
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${half}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: ${bar3}px; }
QScrollBar::handle:horizontal { min-width: ${bar3}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $canvas; }
""")

_MEASURES = {
    "label": 12,
    "heading": 15,
    "display": 26,
    "radius": 6,
    "small": 4,
    "cell": 8,
    "bar": 8,
    "tick": 12,
    "tick2": 14,
    "half": 4,
    "bar2": 20,
    "bar3": 32,
}


def stylesheet_of(palette: Mapping[str, str], px: Callable[[float], int]) -> str:
    """Return the sheet; `px` turns pixels at 100 % into pixels at the scale in use."""
    lengths = {name: px(length) for name, length in _MEASURES.items()}
    return _SHEET.substitute({**palette, **lengths})
