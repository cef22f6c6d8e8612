"""A client's frame, read strictly: what cannot be a message of this protocol is refused here.

Beside the shape (`casework.wire`), text that no store can keep is refused: U+0000 and lone
surrogates. Source: trust.md T12.
"""

import re

import msgspec

from casework import wire

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_LONGEST_REASON = 200


class MalformedError(Exception):
    """Not a frame of this protocol; `str()` is one clear sentence."""


def read_frame(frame: bytes | str) -> wire.Message:
    """The message in a frame.

    Raises:
        MalformedError: binary, not JSON, not a known message, a wrong field, or unstorable text.
    """
    if not isinstance(frame, str):
        raise MalformedError("A binary frame came; this protocol speaks JSON text.")
    if "\\u0000" in frame and _NUL.search(frame):
        raise MalformedError("The character U+0000 came; it cannot be stored.")
    try:
        return wire.read_from_client(frame)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        reason = " ".join(str(error).split())[:_LONGEST_REASON].rstrip(".")
        raise MalformedError(f"The frame is not a message of this protocol: {reason}.") from error
