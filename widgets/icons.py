"""Icons: one set, one weight, muted, and only beside words.

qtawesome takes half a second to import, so it is imported with the first icon.
"""

from PySide6.QtGui import QIcon

from widgets.theme import Theme, Token


def icon(name: str, theme: Theme, token: Token = "muted") -> QIcon:
    """Return the icon of the set's `name` ("mdi6.map-marker") in a token's colour."""
    import qtawesome

    made: QIcon = qtawesome.icon(name, color=theme.color(token))
    return made
