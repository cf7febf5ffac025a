"""What an operator can set, read once at the start from the environment or `.env`.

The README's table of settings is tested against `Settings`.
"""

import os
import secrets
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from events.core.errors import SettingError

_PREFIX = "YINGBIN_"
_KEY_LENGTH = 32
_SECRET_FIELDS = {"database_url", "secret_key", "smtp_url"}


def _known_database(url: str) -> str:
    if url and not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("must start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if url:
        _check_port(url)
    return url


def _known_web(url: str) -> str:
    return _with_host(url, "http://", "https://").rstrip("/")


def _known_smtp(url: str) -> str:
    return _with_host(url, "smtp://", "smtps://")


def _with_host(url: str, *starts: str) -> str:
    if url and not url.startswith(starts):
        raise ValueError(f"must start with {' or '.join(starts)}")
    if url and not urlsplit(url).hostname:
        raise ValueError(f"must name a host after {' or '.join(starts)}")
    if url:
        _check_port(url)
    return url


def _check_port(url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise ValueError("the port must be a number from 0 to 65535") from error


def _sender(text: str) -> str:
    local, _, domain = parseaddr(text)[1].rpartition("@")
    if not (local and domain and (local + domain).isascii() and text.isprintable()):
        raise ValueError("must be an address such as Yingbin <yingbin@example.org>")
    return text


class Settings(BaseSettings):
    """The settings table. Empty text means: not set, use what `description` says."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", frozen=True, extra="ignore")

    data_dir: Path = Field(Path("data"), description="folder for the database, kept mails and the secret key")
    database_url: Annotated[str, AfterValidator(_known_database)] = Field(
        "",
        description="`sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; unset: SQLite in the data folder",
    )
    base_url: Annotated[str, AfterValidator(_known_web)] = Field(
        "", description="address that guests see, in mails and QR links; unset: the address served on"
    )
    secret_key: str = Field(
        "",
        description="keys one-time links and sessions, 32 characters or more; unset: made and kept in the data folder",
    )
    smtp_url: Annotated[str, AfterValidator(_known_smtp)] = Field(
        "",
        description="`smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; unset: mails are kept as files "
        "and shown on the desk",
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        "Yingbin <yingbin@localhost>", description="sender of all mails"
    )
    log_format: Literal["text", "json"] = Field("text", description="`text` or `json`, one line an entry")

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'yingbin.sqlite3'}"

    @property
    def secure(self) -> bool:
        """Whether people reach the program over HTTPS, so that cookies must not travel otherwise."""
        return self.base_url.startswith("https://")


def read_settings(**given: object) -> Settings:
    """The settings, with what is missing made. `given` wins over the environment.

    Raises SettingError, naming the variable, its value unless secret, and what would be right.
    """
    try:
        settings = Settings(**given)  # pyright: ignore[reportArgumentType] — values are checked by the model
    except ValidationError as error:
        raise SettingError(_explain(error)) from error
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = settings.secret_key or _kept_secret(settings.data_dir / "secret.key")
    except OSError as error:
        shown = f"{_PREFIX}DATA_DIR = {str(settings.data_dir)!r}"
        raise SettingError(f"{shown}: {error.strerror}; name a folder that can be written to") from error
    if len(key) < _KEY_LENGTH:
        where = f"{_PREFIX}SECRET_KEY" if settings.secret_key else str(settings.data_dir / "secret.key")
        raise SettingError(f"{where} is too short: use {_KEY_LENGTH} characters or more")
    return settings.model_copy(update={"secret_key": key})


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    field = str(problem["loc"][0])
    value = "(not shown)" if field in _SECRET_FIELDS else repr(problem["input"])
    return f"{_PREFIX}{field.upper()} = {value}: {problem['msg'].removeprefix('Value error, ')}"


def _kept_secret(path: Path) -> str:
    """The key in the file, which the first start makes, for nobody else to read."""
    with suppress(FileExistsError), os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
