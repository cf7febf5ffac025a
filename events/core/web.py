"""What handlers share: the services of the house, reading requests, answering with pages, problems and redirects."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Protocol, TypedDict, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from events.core.auth import Keyring, Principal
from events.core.clock import Clock
from events.core.database import Database, refusal_of
from events.core.errors import (
    Broken,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Refusal,
    TooMany,
    Unauthenticated,
)
from events.core.guard import MAX_BODY_BYTES, Brake, refuse_cross_site
from events.core.i18n import Catalogues, Language, language_of, negotiate, say_date, say_period, say_time
from events.core.live import Live
from events.core.outbox import Postman
from events.core.parsing import parsed_json
from events.core.settings import Settings
from events.core.wording import SENTENCES, field_sentences

SESSION_COOKIE = "yingbin_session"
DEVICE_COOKIE = "yingbin_device"
LANGUAGE_COOKIE = "yingbin_language"
_YEAR_S = 365 * 24 * 3600
_MAX_FIELDS = 200
_FOR_SCRIPTS = ("application/json", "text/event-stream")

Model = TypeVar("Model", bound=BaseModel)
logger = logging.getLogger(__name__)


class _Held(Protocol):
    """Anything with a beginning and an end in a zone."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def zone(self) -> ZoneInfo: ...


class Services(TypedDict):
    """What the lifespan hands to every handler as `request.state`; packages above add their own."""

    settings: Settings
    database: Database
    clock: Clock
    keyring: Keyring
    catalogues: Catalogues
    templates: Environment
    postman: Postman
    live: Live
    sign_in_brake: Brake
    client_brake: Brake
    account_brake: Brake
    registration_brake: Brake


Ask = Request[Services]


@cache
def template_environment(*packages: str) -> Environment:
    """The templates of the packages, escaping everything, stopping at an unknown name; compiled once a process."""
    loader = ChoiceLoader([PackageLoader(package) for package in packages])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def language_for(request: Ask) -> Language:
    """The language asked for in the address, else chosen before, else the browser's."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE) or ""
    return language_of(asked) or negotiate(request.headers.get("accept-language", ""))


def page(
    request: Ask,
    template: str,
    context: Mapping[str, object],
    *,
    language: Language | None = None,
    status: int = 200,
) -> Response:
    """A page in the reader's language. A language asked for in the address is remembered for a year."""
    spoken = language or language_for(request)
    names = _page_names(request, spoken)
    html = request.state["templates"].get_template(template).render(**names, **context)
    response = HTMLResponse(html, status, headers={"Content-Language": spoken, "Vary": "Accept-Language, Cookie"})
    if request.query_params.get("lang") or language:
        response.set_cookie(LANGUAGE_COOKIE, spoken, max_age=_YEAR_S, samesite="lax", secure=is_secure(request))
    return response


def part(request: Ask, template: str, context: Mapping[str, object], *, language: Language) -> str:
    """A part of a page by itself, for a stream that replaces it. It knows nothing of who asks, so it can be shared."""
    return request.state["templates"].get_template(template).render(**_spoken_names(request, language), **context)


def see_other(request: Ask, route: str, /, *, query: Mapping[str, str] | None = None, **parameters: object) -> Response:
    """Sends the browser on after a POST that worked."""
    path = request.url_for(route, **parameters).path
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, HTTPStatus.SEE_OTHER)


def is_secure(request: Ask) -> bool:
    """Whether cookies must travel over HTTPS only."""
    return request.state["settings"].secure or request.url.scheme == "https"


def base_url(request: Ask) -> str:
    """The address that guests see, without a slash at its end."""
    return request.state["settings"].base_url or str(request.base_url).rstrip("/")


def client_of(request: Ask) -> str:
    """The address of whoever asks, for counting attempts."""
    return request.client.host if request.client else ""


async def read_form(request: Ask, *, most: int = _MAX_FIELDS) -> dict[str, str]:
    """The fields of a form, the first of each name and `most` of them at most.

    Raises Malformed where it is no form, or carries files.
    """
    try:
        form: FormData = await request.form(max_files=0, max_fields=most, max_part_size=MAX_BODY_BYTES)
        values = {name: value for name, value in reversed(form.multi_items()) if isinstance(value, str)}
        "".join((*values, *values.values())).encode()  # a lone surrogate, which no page can show, fails here
    except (HTTPException, UnicodeError) as error:
        raise Malformed from error
    return values


async def read_upload(request: Ask, name: str) -> bytes:
    """The one file of a form, or the text of the field of that name; raises Malformed where it is no such form."""
    try:
        async with request.form(max_files=1, max_fields=_MAX_FIELDS, max_part_size=MAX_BODY_BYTES) as form:
            given = form.get(name)
            return await given.read() if isinstance(given, UploadFile) else (given or "").encode()
    except (HTTPException, UnicodeError) as error:
        raise Malformed from error


async def read_json(request: Ask, model: type[Model]) -> Model:
    """The body as a model; raises Malformed where it is no JSON, Invalid where it is not what the model takes."""
    return parsed_json(model, await request.body())


async def principal_of(request: Ask) -> Principal:
    """Who asks: the bearer of a token, whoever is signed in on this browser, or the browser as a paired device.

    Raises Unauthenticated.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await request.state["keyring"].by_token(token.strip())
    session, device = request.cookies.get(SESSION_COOKIE), _device_in(request)
    if not (session or device):
        raise Unauthenticated
    refuse_cross_site(request.headers, request.method)
    principal = await _kept_by_browser(request.state["keyring"], session=session, device=device)
    request.scope["user"] = principal.user
    return principal


def _device_in(request: Ask) -> str | None:
    """The secret of the paired device, for its pages and their scripts: a guest at a kiosk who types an address of the
    API reads nobody's name there."""
    is_typed = request.url.path.startswith("/api/") and _is_navigation(request.headers)
    return None if is_typed else request.cookies.get(DEVICE_COOKIE)


def _is_navigation(headers: Headers) -> bool:
    """Whether the answer becomes a page. Without HTTPS a browser does not say so; then it asks for HTML."""
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in headers.get("accept", "")


async def _kept_by_browser(keyring: Keyring, *, session: str | None, device: str | None) -> Principal:
    """Who the cookies are of. A session that has ended leaves a paired device what it is."""
    if session:
        try:
            return await keyring.by_session(session)
        except Unauthenticated:
            if not device:
                raise
    return await keyring.by_token(device or "")


async def refusal(request: Ask, error: Exception) -> Response:
    """Any refusal in the reader's language: a problem (RFC 9457) for scripts, a page for people."""
    refused = error if isinstance(error, Refusal) else _refusal_of(error)
    if isinstance(refused, Unauthenticated) and _sends_to_sign_in(request):
        return see_other(request, "desk:sign_in", query={"next": _asked_for(request)})
    language = language_for(request)
    say = partial(request.state["catalogues"].say, language=language)
    sentence = say(SENTENCES.get(refused.code, SENTENCES["refused"])).format(**refused.parameters)
    headers = _headers_of(refused, error)
    if _wants_json(request):
        return problem(refused, sentence, say=say, members=refused.members(language), headers=headers)
    answer = page(request, "refusal.html", {"sentence": sentence, "status": refused.status}, status=refused.status)
    answer.headers.update(headers)
    return answer


async def failure(request: Ask, error: Exception) -> Response:
    """What people see when the program or its database is at fault; the log has the rest."""
    refused = refusal_of(error) if isinstance(error, SQLAlchemyError | OSError) else Broken()
    if not isinstance(refused, Malformed):
        logger.error("%s %s failed", request.method, _route_of(request), exc_info=error)
    return await refusal(request, refused)


def problem_of(request: Ask, refused: Refusal) -> dict[str, str]:
    """A refusal inside an answer: its code and its sentence, with the first field that is wrong."""
    say = partial(request.state["catalogues"].say, language=language_for(request))
    if isinstance(refused, Invalid) and refused.fields:
        field, code = next(iter(refused.fields.items()))
        return {"code": code, "field": field, "message": f"{field}: {say(field_sentences({field: code})[field])}"}
    return {"code": refused.code, "message": say(SENTENCES[refused.code]).format(**refused.parameters)}


def problem(
    refused: Refusal,
    sentence: str,
    *,
    say: Callable[..., str],
    members: Mapping[str, object],
    headers: Mapping[str, str],
) -> JSONResponse:
    """A refusal as a problem document."""
    document: dict[str, Any] = {**members, "type": "about:blank", "title": HTTPStatus(refused.status).phrase}
    document |= {"status": refused.status, "code": refused.code, "detail": sentence}
    if isinstance(refused, Invalid):
        document["fields"] = [
            {"field": field, "code": refused.fields[field], "message": say(sentence)}
            for field, sentence in field_sentences(refused.fields).items()
        ]
    return JSONResponse(document, refused.status, headers, "application/problem+json")


def version_wanted(request: Ask) -> int | None:
    """The version in If-Match, None without one or for `*`; raises Malformed for what we never gave out."""
    given = request.headers.get("if-match", "*").strip()
    if given == "*":
        return None
    number = given.removeprefix("W/").strip('"')
    if not number.isdecimal() or len(number) > 9:
        raise Malformed
    return int(number)


def etag(version: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{version}"'}


def _page_names(request: Ask, language: Language) -> dict[str, object]:
    """What every template may use beside its own context."""
    return {
        **_spoken_names(request, language),
        "languages": list(Language),
        "say_period": partial(_say_period, language=language),
        "switched": partial(_switched, request),
        "request": request,
        "static": partial(_static, request),
        "user": request.scope.get("user"),
    }


def _spoken_names(request: Ask, language: Language) -> dict[str, object]:
    """What speaks the reader's language."""
    return {
        "_": partial(request.state["catalogues"].say, language=language),
        "language": language,
        "say_date": partial(say_date, language=language),
        "say_time": partial(say_time, language=language),
    }


def _say_period(event: _Held, language: Language) -> str:
    return say_period(event.starts_at, event.ends_at, event.zone, language)


def _static(request: Ask, path: str) -> str:
    return request.url_for("static", path=path).path


def _switched(request: Ask, language: Language) -> str:
    """A link to this very page, relative, so that no odd path can lead elsewhere."""
    return "?" + urlencode({**request.query_params, "lang": language.value})


def _route_of(request: Ask) -> str:
    """The pattern of the address: what stands in its place may be somebody's ticket and does not belong in a log."""
    return getattr(request.scope.get("route"), "path", "an unknown address")


def _asked_for(request: Ask) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else request.scope["path"]


def _headers_of(refused: Refusal, error: Exception) -> dict[str, str]:
    """What RFC 9110 asks of a refusal: when to come back, how to prove who one is, what is allowed."""
    if isinstance(refused, TooMany):
        return {"Retry-After": str(refused.retry_after_s)}
    if isinstance(refused, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return dict(error.headers or {}) if isinstance(error, HTTPException) else {}


def _refusal_of(error: Exception) -> Refusal:
    status = error.status_code if isinstance(error, HTTPException) else 500
    known: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed, 500: Broken}
    return known.get(status, Malformed)()


def _wants_json(request: Ask) -> bool:
    accepted = request.headers.get("accept", "")
    return request.scope["path"].startswith("/api/") or any(kind in accepted for kind in _FOR_SCRIPTS)


def _sends_to_sign_in(request: Ask) -> bool:
    return request.method == "GET" and not _wants_json(request)
