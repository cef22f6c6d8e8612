"""Pages to leaf through the gallery's pictures: plain HTML, nothing runs in them.

One page a look shows every scene, one below the other; from each scene a link leads to the same
scene in every other look. `index.html` is the table of all.
"""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from console.camera import Look
from console.settings import LANGUAGES
from watchdesk.gallery_scenes import Scene
from widgets.theme import PALETTES

INDEX = "index.html"
_STYLE = (
    "body{font:14px sans-serif;margin:16px;background:#e9ecef;color:#15202b}"
    "a{color:#0b66c3}nav{margin:6px 0}nav a,nav b{margin-right:12px}"
    "td,th{padding:4px 10px;text-align:left;border-bottom:1px solid #d3d9df}"
    "img{max-width:100%;height:auto;border:1px solid #d3d9df}"
)


def file_of(scene: str, look: Look) -> str:
    """The file name of a scene's picture in a look."""
    return f"{scene}-{look.width}x{look.height}-{look.language}-{look.palette}.png"


def write_pages(folder: Path, scenes: Sequence[Scene]) -> Path:
    """Write the pages of the pictures that lie in the folder; the index's path.

    Raises: OSError.
    """
    here = {path.name for path in folder.glob("*.png")}
    found = [look for look in _looks(here) if any(file_of(s.name, look) in here for s in scenes)]
    for look in found:
        (folder / _page_of(look)).write_text(_page(look, found, scenes, here), "utf-8")
    index = folder / INDEX
    index.write_text(_index(found, scenes, here), "utf-8")
    return index


def _looks(here: set[str]) -> list[Look]:
    """Every look that a picture may have, one language after the other."""
    sizes = sorted({_size_of(name) for name in here if name.count("-") > 2})  # noqa: PLR2004
    return [
        Look(language, palette, *size)
        for language in LANGUAGES
        for palette in PALETTES
        for size in sizes
    ]


def _size_of(name: str) -> tuple[int, int]:
    wide, _, high = name.rsplit("-", 3)[1].partition("x")
    return (int(wide), int(high)) if wide.isdigit() and high.isdigit() else (0, 0)


def _page_of(look: Look) -> str:
    return f"{look.language}-{look.palette}-{look.width}x{look.height}.html"


def _words(look: Look) -> str:
    return f"{look.language} · {look.palette} · {look.width}×{look.height}"


def _page(look: Look, found: Sequence[Look], scenes: Sequence[Scene], here: set[str]) -> str:
    parts = [f"<h1>{_words(look)}</h1>", f"<nav><a href='{INDEX}'>all</a></nav>"]
    for scene in scenes:
        file = file_of(scene.name, look)
        if file in here:
            parts.append(f"<h2 id='{scene.name}'>{_title(scene)}</h2>")
            parts.append(_others(scene, look, found, here))
            parts.append(f"<a href='{file}'><img loading='lazy' src='{file}' alt='{file}'></a>")
    return _html(_words(look), "\n".join(parts))


def _others(scene: Scene, look: Look, found: Sequence[Look], here: set[str]) -> str:
    """Links to the same scene in the other looks, a line for each language."""
    lines = []
    for _, group in groupby(found, lambda each: each.language):
        links = [
            f"<b>{_words(each)}</b>"
            if each == look
            else f"<a href='{_page_of(each)}#{scene.name}'>{_words(each)}</a>"
            for each in group
            if file_of(scene.name, each) in here
        ]
        lines.append(" ".join(links))
    return f"<nav>{'<br>'.join(lines)}</nav>"


def _index(found: Sequence[Look], scenes: Sequence[Scene], here: set[str]) -> str:
    heads = "".join(f"<th><a href='{_page_of(each)}'>{_words(each)}</a></th>" for each in found)
    rows = [f"<tr><th></th>{heads}</tr>"]
    for scene in scenes:
        cells = "".join(
            f"<td><a href='{_page_of(look)}#{scene.name}'>✓</a></td>"
            if file_of(scene.name, look) in here
            else "<td>–</td>"
            for look in found
        )
        rows.append(f"<tr><th>{_title(scene)}</th>{cells}</tr>")
    return _html("Watchdesk", f"<h1>Watchdesk 值守台</h1><table>{''.join(rows)}</table>")


def _title(scene: Scene) -> str:
    return escape(f"{scene.name} · {', '.join(scene.panes)}")


def _html(title: str, body: str) -> str:
    head = f"<!DOCTYPE html><meta charset='utf-8'><title>{escape(title)}</title>"
    return f"{head}<style>{_STYLE}</style>\n{body}\n"
