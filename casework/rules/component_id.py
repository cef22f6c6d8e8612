"""部件標識碼: the id of a component, taken apart.

Two forms (domain.md 4): 16 digits, district 6 + big class 2 + small class 2 + order 6, of the 2008
line (inferred, no standard seen); 17 digits, 6 + 2 + 3 + 6, of GB/T 47678.5-2026.
"""

from typing import NamedTuple

from casework.terms import AreaId

_DISTRICT, _ORDER = 6, 6
LENGTHS = (16, 17)


class ComponentIdError(ValueError):
    """A text that is no component's id; `code` is `component.bad_id`."""

    code = "component.bad_id"


class ComponentIdParts(NamedTuple):
    """An id taken apart; each part is text with its leading zeros. `code` is big and small class
    as the classification writes them: 4 digits in the old form, 5 in the new one."""

    district: AreaId
    code: str
    order: str


def parse_component_id(text: str) -> ComponentIdParts:
    """The parts of an id.

    Raises: ComponentIdError: it has not 16 or 17 digits.
    """
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        raise ComponentIdError(f"a component's id has 16 or 17 digits, not {text!r}")
    return ComponentIdParts(AreaId(text[:_DISTRICT]), text[_DISTRICT:-_ORDER], text[-_ORDER:])


def component_id(district: str, code: str, order: int) -> str:
    """The id of the `order`-th component of a class in a district."""
    return f"{district}{code}{order:0{_ORDER}}"
