"""The data that ships with Watchdesk: city packs, fonts, icons, themes, translations."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def root() -> Traversable:
    """Return the folder that holds the data, installed, from source or in a bundle."""
    return files(__name__)
