import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ticket import ALPHABET, LENGTH, Code, digest, grouped, mint, new_tag, parse

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "tickets.json").read_text("utf-8"))
CODE: str = VECTORS["codes"][0]["text"]

symbols = st.sampled_from(ALPHABET)
tags = st.text(symbols, min_size=5, max_size=5)


def named(case: dict[str, Any]) -> str:
    return case.get("name") or case["text"]


@pytest.mark.parametrize("case", VECTORS["codes"], ids=named)
def test_a_printed_code_is_taken_apart(case: dict[str, str]):
    code = parse(case["text"])

    assert code == Code(tag=case["tag"], secret=case["secret"], text=case["text"])


@pytest.mark.parametrize("case", VECTORS["codes"], ids=named)
def test_a_code_is_grouped_for_print_and_hashed_for_manifests(case: dict[str, str]):
    shown, hashed = grouped(case["text"]), digest(case["text"]).hex()

    assert (shown, hashed) == (case["grouped"], case["sha256"])


@pytest.mark.parametrize("case", VECTORS["reads"], ids=named)
def test_a_code_is_read_however_it_is_typed(case: dict[str, str]):
    code = parse(case["typed"])

    assert code is not None
    assert code.text == case["text"]


@pytest.mark.parametrize("case", VECTORS["refuses"], ids=named)
def test_what_is_no_code_is_refused(case: dict[str, str]):
    assert parse(case["typed"]) is None


@given(tags)
def test_a_minted_code_is_read_back_with_its_tag(tag: str):
    code = parse(mint(tag))

    assert code is not None
    assert (code.tag, len(code.text), len(code.secret)) == (tag, LENGTH, 20)


@given(tags, st.integers(0, LENGTH - 1), symbols)
def test_one_wrong_character_is_always_caught(tag: str, place: int, other: str):
    code = mint(tag)
    wrong = code[:place] + other + code[place + 1 :]

    assert (parse(wrong) is None) == (wrong != code)


@given(tags, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_exchanged_characters_are_always_caught(tag: str, one: int, two: int):
    code = mint(tag)
    letters = list(code)
    letters[one], letters[two] = letters[two], letters[one]
    wrong = "".join(letters)

    assert (parse(wrong) is None) == (wrong != code)


def test_every_single_substitution_in_a_code_is_caught():
    wrong = [
        CODE[:place] + other + CODE[place + 1 :]
        for place in range(LENGTH)
        for other in ALPHABET
        if other != CODE[place]
    ]

    assert len(wrong) == LENGTH * (len(ALPHABET) - 1)
    assert [text for text in wrong if parse(text)] == []


@pytest.mark.parametrize("place", range(2, LENGTH - 2))
def test_every_pair_of_neighbours_that_changes_places_is_caught(place: int):
    codes = [with_neighbours(place, one, two) for one in ALPHABET for two in ALPHABET if one != two]

    swapped = [code[:place] + code[place + 1] + code[place] + code[place + 2 :] for code in codes]

    assert all(parse(code) for code in codes)
    assert [text for text in swapped if parse(text)] == []


@given(st.text(max_size=600))
def test_any_text_at_all_is_answered(text: str):
    code = parse(text)

    assert code is None or code == parse(code.text)


def test_tags_and_secrets_are_drawn_anew():
    drawn = {new_tag() for _ in range(50)} | {mint("H7K2M") for _ in range(50)}

    assert len(drawn) == 100


@pytest.mark.parametrize("tag", ["", "H7K2", "H7K2MM", "H7K2U", "h7k2m"])
def test_a_code_is_not_minted_for_something_that_is_no_tag(tag: str):
    with pytest.raises(ValueError, match="not an event tag"):
        mint(tag)


def with_neighbours(place: int, one: str, two: str) -> str:
    """A valid code that has these two symbols at `place` and after it: the one of 32 that can be read."""
    body = CODE[:place] + one + two + CODE[place + 2 : -1]
    return next(body + check for check in ALPHABET if parse(body + check))
