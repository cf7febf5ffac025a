"""Refusals as values that every layer may raise and only the edge turns into sentences.

    Refusal                    status  code
    ├── Invalid                422     invalid, and the more precise codes below it
    ├── Unauthenticated        401     unauthenticated
    ├── Forbidden              403     forbidden
    ├── NotFound               404     not_found
    ├── Conflict               409     conflict, full, closed, duplicate_email, undo_expired, …
    ├── Stale                  412     stale: If-Match named an older version
    ├── TooLarge               413     too_large
    ├── Malformed              400     malformed
    ├── TooMany                429     too_many: try again after `retry_after_s`
    ├── MethodNotAllowed       405     method_not_allowed
    ├── Broken                 500     broken: our own fault
    └── Unavailable            503     unavailable
    SettingError               stops the start, with a sentence for the operator

An error carries a stable `code`, a status and parameters, never a sentence;
`events.core.wording` has the sentences in three languages.
"""

from collections.abc import Mapping

from events.core.i18n import Language


class Refusal(Exception):
    """Something that the caller asked for and does not get. `parameters` fill the sentence."""

    status = 400
    code = "refused"

    def __init__(self, code: str | None = None, **parameters: object) -> None:
        self.code = code or type(self).code
        self.parameters = parameters
        super().__init__(self.code, parameters)

    def members(self, language: Language) -> Mapping[str, object]:
        """What a problem document says besides code and sentence, in the reader's language."""
        del language
        return {}


class Malformed(Refusal):
    """The request is not of the form that this address takes."""

    status, code = 400, "malformed"


class Unauthenticated(Refusal):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    status, code = 401, "unauthenticated"


class Forbidden(Refusal):
    """The person is known and may not do this."""

    status, code = 403, "forbidden"


class NotFound(Refusal):
    """It does not exist, or its existence is not the caller's business."""

    status, code = 404, "not_found"


class Conflict(Refusal):
    """It stands against what is already so."""

    status, code = 409, "conflict"


class Stale(Refusal):
    """Somebody else changed it since the caller read it."""

    status, code = 412, "stale"


class TooLarge(Refusal):
    """More than this address takes at once."""

    status, code = 413, "too_large"


class Invalid(Refusal):
    """Understood, and not acceptable. `fields` names each field and the code of what is wrong with it."""

    status, code = 422, "invalid"

    def __init__(self, code: str | None = None, *, fields: dict[str, str] | None = None, **parameters: object) -> None:
        super().__init__(code, **parameters)
        self.fields = fields or {}


class TooMany(Refusal):
    """Too often; `retry_after_s` says when to come back."""

    status, code = 429, "too_many"

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class MethodNotAllowed(Refusal):
    """The address exists and does not take this method."""

    status, code = 405, "method_not_allowed"


class Broken(Refusal):
    """A fault of ours; the log has what happened."""

    status, code = 500, "broken"


class Unavailable(Refusal):
    """Not now: something that this needs does not answer."""

    status, code = 503, "unavailable"


class SettingError(Exception):
    """A setting that the program cannot start with; the message names variable, value and remedy."""
