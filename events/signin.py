"""Signing in and out: by password or by a link that works once."""

import hashlib

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from events.core import accounts
from events.core.auth import User
from events.core.errors import Unauthenticated
from events.core.guard import refuse_cross_site
from events.core.ids import Role
from events.core.web import (
    SESSION_COOKIE,
    Ask,
    client_of,
    is_secure,
    page,
    principal_of,
    read_form,
    see_other,
)
from events.core.wording import SENTENCES, field_sentences


async def sign_in_form(request: Ask) -> Response:
    """The empty form."""
    return _sign_in_page(request, next_path=request.query_params.get("next", ""))


async def sign_in(request: Ask) -> Response:
    """Takes address and password. Forty tries in five minutes for each network address, ten of them for one account;
    the limit for an account from everywhere is wide, so that nobody can be locked out by a stranger."""
    refuse_cross_site(request.headers, request.method)
    form = await read_form(request)
    email, password = form.get("email", ""), form.get("password", "")
    await request.state["client_brake"].press(client_of(request))
    account = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    await request.state["sign_in_brake"].press(client_of(request), account)
    await request.state["account_brake"].press(account)
    known, hashed = await request.state["database"].read(lambda tx: accounts.credentials(tx, email))
    try:
        user = await accounts.verify(known, hashed, password)
    except Unauthenticated as refused:
        sentence = SENTENCES[refused.code]
        return _sign_in_page(request, next_path=form.get("next", ""), email=email, error=sentence, status=422)
    return await _signed_in(request, user, next_path=form.get("next", ""))


async def link_page(request: Ask) -> Response:
    """Asks for one press, so that a mail scanner that opens links does not use it up."""
    return page(request, "sign_in_link.html", {})


async def redeem_link(request: Ask) -> Response:
    """Signs in whoever the link is for, once."""
    refuse_cross_site(request.headers, request.method)
    await request.state["client_brake"].press(client_of(request))
    secret, now = request.path_params["secret"], request.state["clock"].now()
    keyring = request.state["keyring"]
    user = await request.state["database"].write(lambda tx: accounts.redeem_link(tx, keyring, secret=secret, now=now))
    return await _signed_in(request, user, next_path=request.query_params.get("next", ""))


async def sign_out(request: Ask) -> Response:
    """Ends this session."""
    await principal_of(request)
    secret, keyring = request.cookies.get(SESSION_COOKIE, ""), request.state["keyring"]
    await request.state["database"].write(lambda tx: accounts.end_session(tx, keyring, secret))
    return _signed_out(request)


async def sign_out_everywhere(request: Ask) -> Response:
    """Ends every session of the user, this one too."""
    user = await _signed_in_user(request)
    await request.state["database"].write(lambda tx: accounts.end_sessions(tx, user.id))
    return _signed_out(request)


async def account(request: Ask) -> Response:
    """The user's own page."""
    await _signed_in_user(request)
    return page(request, "account.html", {"errors": {}})


async def change_password(request: Ask) -> Response:
    """Sets a new password, ends all other sessions and begins a new one."""
    user = await _signed_in_user(request)
    password = (await read_form(request)).get("password", "")
    if len(password) < accounts.PASSWORD_LENGTH:
        return page(request, "account.html", {"errors": field_sentences({"password": "password_short"})}, status=422)
    hashed = await accounts.hash_password(password)
    await request.state["database"].write(lambda tx: accounts.set_password(tx, user.id, hashed))
    request.state["keyring"].forget()
    return await _signed_in(request, user, next_path="")


async def _signed_in_user(request: Ask) -> User:
    principal = await principal_of(request)
    if principal.user is None:
        raise Unauthenticated
    return principal.user


async def _signed_in(request: Ask, user: User, *, next_path: str) -> Response:
    keyring, now = request.state["keyring"], request.state["clock"].now()
    secret = await request.state["database"].write(
        lambda tx: accounts.start_session(tx, keyring, user_id=user.id, now=now)
    )
    target = next_path if _is_ours(next_path) else _home_of(request, user)
    answer = RedirectResponse(target, 303)
    life = int(accounts.SESSION_LIFE.total_seconds())
    answer.set_cookie(SESSION_COOKIE, secret, max_age=life, httponly=True, samesite="lax", secure=is_secure(request))
    return answer


def _signed_out(request: Ask) -> Response:
    request.state["keyring"].forget()
    answer = see_other(request, "desk:sign_in")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def _home_of(request: Ask, user: User) -> str:
    return request.url_for("door_home" if user.role is Role.STEWARD else "desk:home").path


def _is_ours(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def _sign_in_page(request: Ask, *, next_path: str, email: str = "", error: str = "", status: int = 200) -> Response:
    context = {"next": next_path, "email": email, "error": error}
    return page(request, "sign_in.html", context, status=status)


routes = [
    Route("/desk/sign-in", sign_in_form, name="desk:sign_in", methods=["GET"]),
    Route("/desk/sign-in", sign_in, methods=["POST"]),
    Route("/desk/sign-in/{secret}", link_page, name="desk:link", methods=["GET"]),
    Route("/desk/sign-in/{secret}", redeem_link, methods=["POST"]),
    Route("/desk/sign-out", sign_out, name="desk:sign_out", methods=["POST"]),
    Route("/desk/sign-out-everywhere", sign_out_everywhere, name="desk:sign_out_everywhere", methods=["POST"]),
    Route("/desk/account", account, name="desk:account", methods=["GET"]),
    Route("/desk/account", change_password, methods=["POST"]),
]
