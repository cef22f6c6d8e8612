"""照片: photos on a case – what is asked and recorded, and the rule that refuses one.

A picture itself is a blob, named by the SHA-256 of its bytes and kept beside the database; the
event names the original as it was sent in. Whether it is genuine is looked at elsewhere. Source:
domain.md 2.4 (photos before and after), trust.md T21.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from casework.decider import Blob, Command, Context, Event, Refused
from casework.terms import CaseId, Digest, Instant, Media


class PhotoKind(StrEnum):
    """What a photo shows of the case."""

    BEFORE = "before"  # 處置前
    AFTER = "after"  # 處置後
    NEAR = "near"  # 近景
    FAR = "far"  # 遠景
    REFERENCE = "reference"  # 參照: beside something of known size, or a landmark
    OTHER = "other"


DigestText = Annotated[Digest, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class AttachPhoto(Command, frozen=True, kw_only=True):
    """添加照片: tie a picture that was sent in whole to a case.

    `shot` is when the camera says it was taken, a claim. Size and media type are what the server
    found in the bytes.
    """

    additive = True
    kind: PhotoKind
    digest: DigestText
    thumbnail: DigestText | None = None
    """A small picture of it, made by whoever sends it in."""
    shot: Instant | None = None


class PhotoAttached(Event, frozen=True, kw_only=True):
    """`size` in bytes, of the original."""

    kind: PhotoKind
    digest: Digest
    size: int
    media: Media
    thumbnail: Digest | None = None
    shot: datetime | None = None

    @property
    def blobs(self) -> tuple[Digest, ...]:
        """The original, then its thumbnail."""
        return (self.digest,) if self.thumbnail is None else (self.digest, self.thumbnail)


def named(command: AttachPhoto) -> tuple[Digest, ...]:
    """The blobs that the command names."""
    return (command.digest,) if command.thumbnail is None else (command.digest, command.thumbnail)


def attach(case: CaseId, has: int, command: AttachPhoto, context: Context) -> Sequence[Event]:
    """The rule of `AttachPhoto`, beyond the table of acts; the case `has` so many photos.

    Raises:
        Refused: `photo.too_many`; `photo.not_stored` where this person has not sent in all of the
            original or of its thumbnail; `photo.too_large`, `photo.media` by the rule book.
    """
    limits = context.rules.photos
    if has >= limits.most_per_case:
        raise Refused("photo.too_many", case=case, most=str(limits.most_per_case))
    sent = {blob.digest: blob for blob in context.facts.blobs}
    original = _allowed(sent, command.digest, limits.most_bytes, context)
    if command.thumbnail is not None:
        _allowed(sent, command.thumbnail, limits.thumbnail_bytes, context)
    return [
        PhotoAttached(
            kind=command.kind,
            digest=original.digest,
            size=original.size,
            media=original.media,
            thumbnail=command.thumbnail,
            shot=command.shot,
        )
    ]


def _allowed(sent: dict[Digest, Blob], digest: Digest, most: int, context: Context) -> Blob:
    blob = sent.get(digest)
    if blob is None:
        raise Refused("photo.not_stored", digest=digest)
    if blob.size > most:
        raise Refused("photo.too_large", bytes=str(blob.size), most=str(most))
    if blob.media not in context.rules.photos.media:
        raise Refused("photo.media", media=blob.media)
    return blob


HEAD = 16
"""Bytes that `media_of` needs."""


def media_of(head: bytes) -> Media | None:
    """The kind of picture by its first bytes, never by a name; None when it is none we know."""
    if head.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Media.WEBP
    return None
