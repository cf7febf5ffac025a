import pytest
from pydantic import BaseModel, ConfigDict, Field

from events.core.errors import Invalid, Malformed
from events.core.parsing import parsed, parsed_json
from events.forms import EventForm, Line


class Inner(BaseModel):
    """Something inside a thing."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""


class Thing(BaseModel):
    """Something that is sent."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field(min_length=2, max_length=4)
    count: int = 0
    inner: Inner = Inner()
    several: list[Inner] = Field([], max_length=2)


def codes(given: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        parsed(Thing, given)
    return refused.value.fields


def test_what_fits_becomes_the_model() -> None:
    assert parsed(Thing, {"name": " ab ", "inner": {"name": "x"}}) == Thing(name="ab", inner=Inner(name="x"))
    assert parsed_json(Thing, b'{"name": "ab", "count": 3}') == Thing(name="ab", count=3)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, {"name": "missing"}),
        ({"name": ""}, {"name": "missing"}),
        ({"name": "  "}, {"name": "missing"}),
        ({"name": "a"}, {"name": "not_valid"}),
        ({"name": "abcde"}, {"name": "too_long"}),
        ({"name": 5}, {"name": "not_text"}),
        ({"name": None}, {"name": "not_text"}),
        ({"name": "a\x00b"}, {"name": "unreadable"}),
        ({"name": "ab", "count": "many"}, {"count": "not_valid"}),
        ({"name": "ab", "count": 10**30}, {}),
        ({"name": "ab", "nmae": "ab"}, {"nmae": "unknown_field"}),
        ({"name": "ab", "inner": {"name": 1}}, {"inner.name": "not_text"}),
        ({"name": "ab", "several": [{}, {"nmae": ""}]}, {"several.1.nmae": "unknown_field"}),
        ({"name": "ab", "several": [{}, {}, {}]}, {"several": "too_long"}),
        ({"name": "", "count": "x", "other": 1}, {"name": "missing", "count": "not_valid", "other": "unknown_field"}),
        ([], {"": "not_valid"}),
        ("text", {"": "not_valid"}),
    ],
)
def test_each_wrong_field_has_a_stable_code(given: object, fields: dict[str, str]) -> None:
    if fields:
        assert codes(given) == fields
    else:
        assert parsed(Thing, given).count == 10**30


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"name=ab",
        b'{"name": "ab"',
        b'{"name": "\xff\xfe"}',
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": "\\ud800"}',
        b'{"name": "ab", "count": ' + b"9" * 5000 + b"}",
        b"[" * 10_000,
        '{"name": "ab"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_in_utf_8_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parsed_json(Thing, body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"ab"', b"1e400", b"NaN"])
def test_json_that_is_no_object_is_invalid(body: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        parsed_json(Thing, body)

    assert refused.value.fields == {"": "not_valid"}


@pytest.mark.parametrize("count", [b"1e400", b"-Infinity", b"1.5", b'"\\u0000"'])
def test_numbers_that_are_none_are_invalid(count: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        parsed_json(EventForm, b'{"slug": "a", "capacity": ' + count + b"}")

    assert refused.value.fields["capacity"] == "not_valid"
