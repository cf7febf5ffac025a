from base64 import urlsafe_b64encode
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.cursor import Bookmark, Cursor, bookmark_in, bookmark_text, cursor_in, cursor_text
from tests.cast import NOON

EVENT = uuid4()
CURSOR = Cursor(event_id=EVENT, moment=NOON, serial=250)
BOOKMARK = Bookmark(after=uuid4(), since=CURSOR, until=replace(CURSOR, serial=300))


def test_a_cursor_and_a_bookmark_are_read_back_as_they_were() -> None:
    read = cursor_in(cursor_text(CURSOR), EVENT), bookmark_in(bookmark_text(BOOKMARK), EVENT)

    assert read == (CURSOR, BOOKMARK)


def test_their_text_stands_in_an_address_as_it_is() -> None:
    for text in (cursor_text(CURSOR), bookmark_text(BOOKMARK)):
        assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_those_of_another_event_are_as_good_as_none() -> None:
    assert cursor_in(cursor_text(CURSOR), uuid4()) is None
    assert bookmark_in(bookmark_text(BOOKMARK), uuid4()) is None


def test_one_is_not_read_as_the_other() -> None:
    assert cursor_in(bookmark_text(BOOKMARK), EVENT) is None
    assert bookmark_in(cursor_text(CURSOR), EVENT) is None


@pytest.mark.parametrize("text", ["", "é", "!!!!", "e30", cursor_text(CURSOR)[:-4], cursor_text(CURSOR) + "A" * 1000])
def test_what_was_never_given_out_is_as_good_as_none(text: str) -> None:
    assert (cursor_in(text, EVENT), bookmark_in(text, EVENT)) == (None, None)


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ('"format":1', '"format":2'),
        ('"serial":250', '"serial":-1'),
        ("2026-03-02T04:00:00Z", "2026-03-02T04:00:00"),
        ("2026-03-02T04:00:00Z", "0001-01-01T00:00:00+14:00"),
        ("2026-03-02T04:00:00Z", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_one_of_another_format_or_of_no_time_that_we_can_tell_is_as_good_as_none(was: str, became: str) -> None:
    plain = f'{{"event_id":"{EVENT}","moment":"2026-03-02T04:00:00Z","serial":250,"format":1}}'

    assert cursor_in(_encoded(plain), EVENT) == CURSOR
    assert cursor_in(_encoded(plain.replace(was, became)), EVENT) is None


@given(st.text())
def test_no_text_makes_reading_fail(text: str) -> None:
    assert (cursor_in(text, EVENT), bookmark_in(text, EVENT)) == (None, None)


def _encoded(plain: str) -> str:
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")
