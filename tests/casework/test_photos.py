"""Photos on a case: what is refused, and what the event says."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.decider import Facts, Refused
from casework.decisions import decide
from casework.photos import HEAD, AttachPhoto, PhotoAttached, PhotoKind, media_of
from casework.rulebook import Photos
from casework.terms import Digest, Media
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHED,
    NINE,
    REPORTED,
    RULES,
    SENT,
    WATER,
    Life,
    context,
)

SMALL = replace(SENT, digest=Digest("7b" * 32), size=9_000)
PHOTO = AttachPhoto(kind=PhotoKind.AFTER, digest=SENT.digest, thumbnail=SMALL.digest)


def attach(
    command: AttachPhoto = PHOTO, sent: Facts | None = None, limits: Photos | None = None
) -> PhotoAttached:
    """What adding a photo to a fresh case earns."""
    case = Life().run(*REPORTED).now
    of = context(ACCEPTOR, rules=replace(RULES, photos=limits or Photos()))
    facts = sent if sent is not None else Facts(blobs=(SENT, SMALL))
    (event,) = decide(case, command, replace(of, facts=facts))
    assert isinstance(event, PhotoAttached)
    return event


def refusal(
    command: AttachPhoto = PHOTO, sent: Facts | None = None, limits: Photos | None = None
) -> str:
    with pytest.raises(Refused) as refused:
        attach(command, sent, limits)
    return refused.value.code


def test_the_event_says_what_the_server_found_and_what_the_camera_claims() -> None:
    shot = NINE - timedelta(hours=1)
    event = attach(replace(PHOTO, shot=shot))
    assert (event.size, event.media) == (SENT.size, SENT.media)
    assert event.shot == shot


def test_the_event_names_the_original_and_its_thumbnail() -> None:
    assert attach().blobs == (SENT.digest, SMALL.digest)


def test_a_photo_without_a_thumbnail_names_the_original_only() -> None:
    assert attach(replace(PHOTO, thumbnail=None)).blobs == (SENT.digest,)


def test_an_event_of_another_kind_names_no_blob() -> None:
    assert acts.NoteAdded(opinion="x").blobs == ()


@pytest.mark.parametrize("sent", [(), (SENT,), (SMALL,)])
def test_what_this_person_has_not_sent_is_refused(sent: tuple[object, ...]) -> None:
    assert refusal(sent=Facts(blobs=sent)) == "photo.not_stored"  # type: ignore[arg-type]


def test_a_photo_of_more_bytes_than_the_rule_book_allows_is_refused() -> None:
    assert refusal(limits=Photos(most_bytes=SENT.size - 1)) == "photo.too_large"
    attach(limits=Photos(most_bytes=SENT.size))


def test_a_thumbnail_of_more_bytes_than_the_rule_book_allows_is_refused() -> None:
    assert refusal(limits=Photos(thumbnail_bytes=SMALL.size - 1)) == "photo.too_large"
    attach(limits=Photos(thumbnail_bytes=SMALL.size))


def test_a_kind_of_picture_that_the_rule_book_does_not_take_is_refused() -> None:
    assert refusal(limits=Photos(media=(Media.PNG,))) == "photo.media"


def test_a_case_holds_as_many_photos_as_the_rule_book_says() -> None:
    rules = replace(RULES, photos=Photos(most_per_case=2))
    life = Life(rules).run(*REPORTED)
    photo = AttachPhoto(kind=PhotoKind.FAR, digest=SENT.digest)
    life.act(ACCEPTOR, photo)
    life.act(ACCEPTOR, photo)
    assert life.now.photos == 2
    assert life.refusal(ACCEPTOR, photo) == "photo.too_many"


def test_a_photo_moves_nothing_and_makes_nobody_stale() -> None:
    life = Life().run(*DISPATCHED)
    before = life.now
    life.act(CREWS[WATER], AttachPhoto(kind=PhotoKind.AFTER, digest=SENT.digest))
    assert life.now == replace(before, version=before.version + 1, photos=1)
    assert AttachPhoto.additive


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Media.JPEG),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Media.PNG),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", Media.WEBP),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"GIF89a\x01\x00\x01\x00", None),
        (b"<svg xmlns=", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(head: bytes, media: Media | None) -> None:
    assert media_of(head[:HEAD]) is media
