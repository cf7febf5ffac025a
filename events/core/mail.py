"""How a finished mail leaves the house: by SMTP where the operator set it up, else as a file on the desk."""

from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import anyio

_TIMEOUT_S = 20


class Post(Protocol):
    """Takes a mail away."""

    async def send(self, mail: EmailMessage, message_id: UUID) -> tuple[str, str]:
        """Takes `mail` and answers the outcome, `sent` or `kept`, with its detail; OSError or SMTPException else."""
        ...


class SmtpPost:
    """Hands mails to the server of `YINGBIN_SMTP_URL`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._hostname = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, mail: EmailMessage, message_id: UUID) -> tuple[str, str]:
        """Sends over TLS where the server has it; a password travels over TLS only."""
        await aiosmtplib.send(
            mail,
            hostname=self._hostname,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._tls,
            start_tls=False if self._tls else (True if self._password else None),
            timeout=_TIMEOUT_S,
        )
        return "sent", ""


class FilePost:
    """Keeps mails as files in a folder, where the desk shows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: EmailMessage, message_id: UUID) -> tuple[str, str]:
        """Writes one `.eml` file, readable by the operator only."""
        folder = anyio.Path(self._folder)
        await folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await (folder / f"{message_id}.eml").write_bytes(mail.as_bytes())
        return "kept", f"{message_id}.eml"


def post_for(smtp_url: str, data_dir: Path) -> Post:
    """The way out that the settings ask for."""
    return SmtpPost(smtp_url) if smtp_url else FilePost(data_dir / "mail")
