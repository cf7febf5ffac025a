"""The installation's own certificate authority, for HTTPS on a network where no public one helps.

Browsers open the camera only over HTTPS. `yingbin serve --https` makes an authority once, which phones trust after
somebody has told them to (`events.trust`), and renews the server's certificate as time and addresses ask for it.
The authority outlives changes of address: phones that trust it would have to trust another by hand.

Whoever trusts it trusts little: it can vouch for servers only, for none but private networks (RFC 1918, 3927, 4193)
and this machine's own names and addresses, and for no further authority (RFC 5280, 4.2.1.9, 4.2.1.10, 4.2.1.12).
"""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from events.core.errors import SettingError

logger = logging.getLogger(__name__)

AUTHORITY_LIFE = timedelta(days=3650)
SERVER_LIFE = timedelta(days=397)
"""Browsers take at most 398 days; one of them lies in the past, for phones whose clock is slow."""
RENEWED_BEFORE = timedelta(days=30)
CERTIFICATE = "ca.pem"
"""The authority's certificate alone, for whoever wants to trust it without a browser: `curl --cacert`."""

_SLOW_CLOCKS = timedelta(days=1)
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7")
_LOCAL = ("localhost", "local")
_LONGEST_NAME = 64
"""Of a common name: RFC 5280, appendix A."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and the key that signs for it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority_in(
    folder: Path, names: Iterable[str], *, title: str, now: datetime, required: Iterable[str] = ()
) -> Authority:
    """The authority kept in `folder`, made anew where there is none that may certify `required` for a whole year.

    A new one may certify `names` and `required`, a kept one perhaps not all `names`: see `certifiable`.
    Only its maker reads the files. Raises SettingError where a file is there that holds no authority.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept, needed = _read(folder / "authority.pem"), frozenset(required)
    if kept and _is_timely(kept.certificate, now) and certifiable(kept, needed) == needed:
        return kept
    key = ec.generate_private_key(ec.SECP256R1())
    made = Authority(_self_signed(key, needed.union(names), title=title[:_LONGEST_NAME], now=now), key)
    _write(folder / "authority.pem", made)
    _keep(folder / CERTIFICATE, made.certificate.public_bytes(Encoding.PEM))
    if kept:
        _tell_replaced(kept, needed - certifiable(kept, needed))
    return made


def certifiable(authority: Authority, names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that the authority may certify."""
    limits = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = limits.permitted_subtrees or []
    return frozenset(name for name in names if _is_under(name, permitted))


def server_file(folder: Path, authority: Authority, names: Iterable[str], *, now: datetime) -> Path:
    """The file in `folder` with the server's key and its certificate for `names`, renewed where that is due."""
    path, wanted = folder / "server.pem", frozenset(names)
    kept = _read(path)
    if not (kept and _serves(kept.certificate, authority, wanted, now)):
        key = ec.generate_private_key(ec.SECP256R1())
        _write(path, Authority(_certified(authority, key, wanted, now=now), key))
    return path


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, as devices show it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _is_timely(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc - SERVER_LIFE


def _tell_replaced(former: Authority, lacking: Iterable[str]) -> None:
    reason = f"may not certify {', '.join(sorted(lacking))}" if lacking else "is not valid for another year from now"
    logger.warning(
        "A new certificate authority was made, which every device must trust anew: the former (SHA-256 %s) %s",
        fingerprint(former.certificate),
        reason,
    )


def _serves(certificate: x509.Certificate, authority: Authority, names: frozenset[str], now: datetime) -> bool:
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (InvalidSignature, ValueError):
        return False
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if frozenset(str(each.value) for each in held) != names:
        return False
    return certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED_BEFORE


def _self_signed(
    key: ec.EllipticCurvePrivateKey, names: Iterable[str], *, title: str, now: datetime
) -> x509.Certificate:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yingbin"), x509.NameAttribute(NameOID.COMMON_NAME, title)]
    )
    permitted = _permitted(names)
    return (
        _begun(subject, subject, key.public_key(), now=now, life=AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, excluded_subtrees=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _certified(
    authority: Authority, key: ec.EllipticCurvePrivateKey, names: Iterable[str], *, now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Yingbin")])
    issuer = authority.certificate
    return (
        _begun(subject, issuer.subject, key.public_key(), now=now, life=SERVER_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in sorted(names)]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCKS)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _permitted(names: Iterable[str]) -> list[x509.GeneralName]:
    """Private networks and local names, and what of `names` is neither."""
    usual: list[x509.GeneralName] = [x509.IPAddress(ip_network(each)) for each in _PRIVATE]
    usual += [x509.DNSName(each) for each in _LOCAL]
    own = [_subtree(name) for name in sorted(set(names)) if not _is_under(name, usual)]
    return usual + own


def _is_under(name: str, subtrees: Iterable[x509.GeneralName]) -> bool:
    wanted = _subtree(name)
    return any(_holds(subtree, wanted) for subtree in subtrees)


def _holds(subtree: x509.GeneralName, wanted: x509.GeneralName) -> bool:
    if isinstance(subtree, x509.DNSName) and isinstance(wanted, x509.DNSName):
        return f".{wanted.value}".endswith(f".{subtree.value}")
    if isinstance(subtree, x509.IPAddress) and isinstance(wanted, x509.IPAddress):
        network, inner = subtree.value, wanted.value
        if isinstance(network, IPv4Network) and isinstance(inner, IPv4Network):
            return inner.subnet_of(network)
        return isinstance(network, IPv6Network) and isinstance(inner, IPv6Network) and inner.subnet_of(network)
    return False


def _subtree(name: str) -> x509.GeneralName:
    """The constraint that lets through this name; an address is a network of one."""
    general = _general(name)
    return x509.IPAddress(ip_network(general.value)) if isinstance(general, x509.IPAddress) else general


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _read(path: Path) -> Authority | None:
    try:
        content = path.read_bytes()
        key = load_pem_private_key(content, password=None)
        certificate = x509.load_pem_x509_certificate(content)
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise SettingError(f"{path} holds no key and certificate: delete it, and a new one is made") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingError(f"{path} holds a key of another kind: delete it, and a new one is made")
    return Authority(certificate, key)


def _write(path: Path, made: Authority) -> None:
    """Key and certificate in one file, so that no half of a pair is ever found."""
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _keep(path, key + made.certificate.public_bytes(Encoding.PEM))


def _keep(path: Path, content: bytes) -> None:
    """Replaces the file whole, for nobody else to read."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
