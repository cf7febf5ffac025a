"""Turns what was sent into a model, and what is wrong with it into stable codes."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from events.core.errors import Invalid, Malformed

_OWN_CODES = {"unreadable", "email", "phone", "timezone", "slug_taken", "emoji", "url"}
_CODES = {
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_type": "not_text",
    "extra_forbidden": "unknown_field",
}
_UNREADABLE = {"json_invalid", "string_unicode"}

Model = TypeVar("Model", bound=BaseModel)


def parsed(model: type[Model], given: object) -> Model:
    """`given` as a `model`; raises Invalid with the code of what is wrong with each field."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(fields=field_codes(error)) from error


def parsed_json(model: type[Model], body: bytes) -> Model:
    """A JSON text as a `model`; raises Malformed where it is no JSON in UTF-8, else as `parsed`."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False, include_context=False)[0]["type"] in _UNREADABLE:
            raise Malformed from error
        raise Invalid(fields=field_codes(error)) from error


def field_codes(error: ValidationError) -> dict[str, str]:
    """What is wrong, by field (`venue.name.en`), as stable codes; the first finding of each field."""
    codes: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_context=False):
        codes.setdefault(".".join(str(part) for part in problem["loc"]), _code_of(problem["type"], problem["input"]))
    return codes


def _code_of(kind: str, value: object) -> str:
    if kind == "missing" or (kind in {"string_too_short", "too_short"} and not value):
        return "missing"
    return _CODES.get(kind, kind if kind in _OWN_CODES else "not_valid")
