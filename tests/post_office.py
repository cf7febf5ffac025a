"""A real SMTP server on this machine, in whatever mood a test needs it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cast import NOON

USER, PASSWORD = "desk@example.org", "correct horse"


class PostOffice:
    """Takes mails on a port of its own; `answer` is what it says to each, `logins` who proved to be whom."""

    def __init__(self, *, certificate: Path | None = None, implicit_tls: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[str] = []
        self.answer = "250 taken"
        self.port = _free_port()
        tls = _tls_context(certificate) if certificate else None
        asks = bool(tls) and not implicit_tls
        self._rules = {
            "ssl_context": tls if implicit_tls else None,
            "tls_context": None if implicit_tls else tls,
            "authenticator": self._login if asks else None,
            "auth_required": asks,
            "enable_SMTPUTF8": True,
        }
        self._controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps a mail, or refuses it as `answer` says."""
        if self.answer.startswith("2"):
            self.mails.append(message_from_bytes(envelope.original_content or b"", policy=policy.default))
            self.recipients += envelope.rcpt_tos
        return self.answer

    def open(self) -> None:
        """Begins to answer, for the first time or again."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._rules)
        self._controller.start()

    def close(self) -> None:
        """Stops answering: whoever calls then is refused by the machine."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        user, password = given.login.decode(), given.password.decode()
        self.logins.append(user)
        return AuthResult(success=(user, password) == (USER, PASSWORD), handled=False)


@contextmanager
def post_office(**given: Path | bool) -> Iterator[PostOffice]:
    """An open post office."""
    office = PostOffice(**given)
    office.open()
    try:
        yield office
    finally:
        office.close()


def make_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file that is also its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    own_address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOON - timedelta(days=3650))
        .not_valid_after(NOON + timedelta(days=36500))
        .add_extension(own_address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    unlocked = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    path = folder / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def _tls_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
