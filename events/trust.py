"""`/trust`: how a phone comes to trust this installation's certificate authority, which makes its camera open.

A phone needs the page before it trusts the address of the house, so `events.serving` serves it over plain HTTP as
well; nothing here is secret, and nothing sets a cookie. Served without `--https`, the house has no such page.
"""

import plistlib
from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from starlette.responses import Response
from starlette.routing import Route

from events.core.authority import fingerprint
from events.core.errors import NotFound
from events.core.web import Ask, base_url, page

_PAIRS_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Trust:
    """The authority's certificate, the address at which phones fetch it, and that address as a picture to scan."""

    certificate: x509.Certificate
    url: str
    picture: bytes

    @property
    def title(self) -> str:
        """What devices call the authority in their lists."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        """The certificate as devices take it."""
        return self.certificate.public_bytes(Encoding.DER)


class System(StrEnum):
    """What runs on a device; each asks for other steps."""

    IOS = "ios"
    ANDROID = "android"
    HARMONY = "harmony"
    WINDOWS = "windows"
    MACOS = "macos"


async def trust_page(request: Ask) -> Response:
    """The steps, those for the reader's own device opened."""
    trust = _trust_of(request)
    context = {
        "trust": trust,
        "fingerprint": rows_of(fingerprint(trust.certificate)),
        "own": system_of(request.headers.get("user-agent", "")),
        "base_url": base_url(request),
    }
    answer = page(request, "trust.html", context)
    del answer.headers["set-cookie"]
    return answer


async def certificate_file(request: Ask) -> Response:
    """The certificate, for every system but Apple's phones."""
    headers = {"Content-Disposition": 'inline; filename="yingbin-ca.crt"'}
    return Response(_trust_of(request).der, media_type="application/x-x509-ca-cert", headers=headers)


async def profile_file(request: Ask) -> Response:
    """The certificate as a configuration profile, for iPhone and iPad."""
    headers = {"Content-Disposition": 'inline; filename="yingbin.mobileconfig"'}
    return Response(profile(_trust_of(request)), media_type="application/x-apple-aspen-config", headers=headers)


async def picture_file(request: Ask) -> Response:
    """The address of the page, for the camera of the next phone."""
    return Response(_trust_of(request).picture, media_type="image/png")


def rows_of(text: str) -> list[str]:
    """A fingerprint in rows that an eye can compare."""
    pairs = text.split(":")
    return [" ".join(pairs[at : at + _PAIRS_A_ROW]) for at in range(0, len(pairs), _PAIRS_A_ROW)]


def system_of(user_agent: str) -> System | None:
    """The system that a browser says it runs on. HarmonyOS may name Android as well, so it is asked for first."""
    said = {
        "HarmonyOS": System.HARMONY,
        "ArkWeb": System.HARMONY,
        "Android": System.ANDROID,
        "iPhone": System.IOS,
        "iPad": System.IOS,
        "Windows": System.WINDOWS,
        "Macintosh": System.MACOS,
    }
    return next((system for word, system in said.items() if word in user_agent), None)


def profile(trust: Trust) -> bytes:
    """Apple's configuration profile with the certificate in it: the same for the same certificate, so that a second
    one replaces the first."""
    identity = fingerprint(trust.certificate)
    inner = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": "yingbin.authority.certificate",
        "PayloadUUID": str(uuid5(NAMESPACE_URL, f"certificate:{identity}")).upper(),
        "PayloadDisplayName": trust.title,
        "PayloadContent": trust.der,
    }
    outer = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": "yingbin.authority",
        "PayloadUUID": str(uuid5(NAMESPACE_URL, f"profile:{identity}")).upper(),
        "PayloadDisplayName": trust.title,
        "PayloadContent": [inner],
    }
    return plistlib.dumps(outer)


def _trust_of(request: Ask) -> Trust:
    """Raises NotFound where the house is not served with an authority of its own."""
    trust: Trust | None = request.scope["state"]["trust"]
    if trust is None:
        raise NotFound
    return trust


routes = [
    Route("/trust", trust_page, name="trust"),
    Route("/trust/ca.crt", certificate_file, name="trust:certificate"),
    Route("/trust/ca.mobileconfig", profile_file, name="trust:profile"),
    Route("/trust/qr.png", picture_file, name="trust:picture"),
]
