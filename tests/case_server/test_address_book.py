"""The book of addresses: what it names, in which order, and how much it keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_server import address_book
from case_server.address_book import AddressBook
from case_server.clock import to_ms
from casework.decider import Personal
from tests.case_server.desk_kit import ACCEPTOR, LOG, Office, report

BEGAN = datetime(2008, 1, 1, tzinfo=UTC)
ADDRESSES = st.lists(st.text("前进路一二 1", min_size=1, max_size=8), max_size=40)


def book_of(portions: list[list[str]], most: int = 1_000) -> AddressBook:
    """A book that took these addresses so, numbered from 1, one a minute."""
    book, last = AddressBook(LOG, most), 0
    for portion in filter(None, portions):
        numbered = enumerate(portion, last + 1)
        book._take([(n, said, to_ms(BEGAN + timedelta(minutes=n))) for n, said in numbered])
        last += len(portion)
    return book


@given(
    portions=st.lists(ADDRESSES, max_size=5), wanted=st.text("前进路一二 1", min_size=1, max_size=3)
)
def test_it_names_each_address_that_holds_the_text_once_and_the_latest_first(
    portions: list[list[str]], wanted: str
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(address_book, "_BLOCK", 7)
        book = book_of(portions)
    every = [each for portion in portions for each in portion]
    holding = [number for number, each in enumerate(every, 1) if wanted in each]
    assert list(book.latest(wanted)) == holding[::-1]
    assert len(book) == len(every)


def test_what_is_older_is_left_out() -> None:
    book = book_of([["前进路"] * 5])
    assert list(book.latest("前进", BEGAN + timedelta(minutes=4))) == [5, 4]


def test_it_keeps_so_many_and_lets_whole_blocks_of_the_oldest_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(address_book, "_BLOCK", 10)
    book = book_of([["前进路"] * 7] * 20, most=30)
    assert 30 <= len(book) < 30 + 10
    assert next(iter(book.latest("前进"))) == 140


def test_a_search_under_way_is_not_disturbed_by_what_comes() -> None:
    book = book_of([["前进路"] * 3])
    found = book.latest("前进")
    assert next(found) == 3
    book._take([(4, "前进路", to_ms(BEGAN))])
    assert list(found) == [2, 1]


def test_it_follows_the_table_and_begins_with_the_latest_it_may_keep(office: Office) -> None:
    for number in range(6):
        texts = Personal(address=f"前进路 {number} 号")
        office.accepted(ACCEPTOR, report(personal=texts))
    book = AddressBook(LOG, most=4)
    with office.database.read() as connection:
        book.follow(connection)
        assert len(book) == 4
    office.accepted(ACCEPTOR, report(personal=Personal(address="前进路 9 号")))
    with office.database.read() as connection:
        book.follow(connection)
        book.follow(connection)
    assert len(list(book.latest("路9"))) == 1


def test_who_is_impatient_goes_on_with_what_is_there(office: Office) -> None:
    book = AddressBook(LOG)
    with office.database.read() as connection, book._lock:
        assert not book.follow(connection, patience=0.01)
    with office.database.read() as connection:
        assert book.follow(connection, patience=0.01)
