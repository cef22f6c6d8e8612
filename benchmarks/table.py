"""Figures for the eye: a line while they come, and a Markdown table of all."""

from collections.abc import Mapping, Sequence

from benchmarks.figure import Figure

_WHOLE = 1000
"""From here on no fractions are shown."""
_VERDICT = {True: "met", False: "NOT MET", None: ""}


def of_facts(facts: Mapping[str, str]) -> str:
    """The machine, one fact a line."""
    width = max(map(len, facts))
    return "\n".join(f"{name:{width}}  {fact}" for name, fact in facts.items())


def line(figure: Figure) -> str:
    """One figure as it comes."""
    goal = f"  (goal {figure.goal}: {_VERDICT[figure.met]})" if figure.goal else ""
    return (
        f"{figure.name}: {_number(figure.value)} {figure.unit}, {_ratio(figure)} of "
        f"{figure.limit} {_number(figure.limit_value)}{goal}"
    )


def of_figures(figures: Sequence[Figure]) -> str:
    """The whole table."""
    rows: list[tuple[str, ...]] = [
        ("figure", "median", "rounds", "limit beside it", "limit", "ratio", "goal", "")
    ]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}",
        " ".join(map(_number, figure.values)),
        figure.limit,
        f"{_number(figure.limit_value)} {figure.unit}",
        _ratio(figure),
        str(figure.goal or ""),
        _VERDICT[figure.met],
    )


def _ratio(figure: Figure) -> str:
    return f"{figure.ratio:.1%}" if figure.ratio < 1 else f"{figure.ratio:.1f}×"


def _number(value: float) -> str:
    return f"{value:.3g}" if value < _WHOLE else f"{value:,.0f}"
