import ssl
import stat
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from events.core.authority import Authority, authority_in, certifiable, fingerprint, server_file
from events.core.errors import SettingError
from tests.cast import NOON

NAMES = ("localhost", "127.0.0.1", "192.168.1.20", "hall", "hall.local")
TITLE = "Yingbin hall 2026-11-23"


def authority(
    folder: Path, names: tuple[str, ...] = NAMES, required: tuple[str, ...] = (), **later: float
) -> Authority:
    return authority_in(folder, names, required=required, title=TITLE, now=NOON + timedelta(**later))


def certificate_in(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def certified(folder: Path, names: tuple[str, ...] = NAMES, **later: float) -> x509.Certificate:
    made = authority(folder, names)
    return certificate_in(server_file(folder, made, names, now=NOON + timedelta(**later)))


def test_an_authority_signs_for_servers_of_private_networks_and_for_nothing_else(tmp_path: Path) -> None:
    certificate = authority(tmp_path).certificate

    extensions = certificate.extensions
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    limits = extensions.get_extension_for_class(x509.NameConstraints)
    permitted = {each.value for each in limits.value.permitted_subtrees}
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert limits.critical
    assert permitted == {
        *map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")),
        *map(ip_network, ("::1/128", "fc00::/7")),
        *("localhost", "local", "hall"),
    }


def test_an_authority_names_the_installation_and_lives_ten_years(tmp_path: Path) -> None:
    certificate = authority(tmp_path).certificate

    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == TITLE
    assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    assert certificate.not_valid_after_utc - NOON == timedelta(days=3650)


def test_a_title_is_cut_to_what_a_certificate_holds(tmp_path: Path) -> None:
    certificate = authority_in(tmp_path, NAMES, title="Yingbin " + "h" * 100, now=NOON).certificate

    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "Yingbin " + "h" * 56


def test_the_server_is_certified_for_every_name_and_no_longer_than_browsers_take(tmp_path: Path) -> None:
    certificate = certified(tmp_path)

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(each.value) for each in names} == set(NAMES)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=398)
    assert certificate.not_valid_before_utc < NOON


def test_the_chain_holds_for_a_name_of_the_server_and_for_no_other(tmp_path: Path) -> None:
    made = authority(tmp_path)
    certificate = certificate_in(server_file(tmp_path, made, NAMES, now=NOON))
    policy = PolicyBuilder().store(Store([made.certificate])).time(NOON)

    chain = policy.build_server_verifier(x509.DNSName("hall.local")).verify(certificate, [])

    assert chain == [certificate, made.certificate]
    with pytest.raises(VerificationError):
        policy.build_server_verifier(x509.DNSName("bank.example")).verify(certificate, [])


def test_a_stolen_authority_convinces_nobody_of_a_name_on_the_internet(tmp_path: Path) -> None:
    made = authority(tmp_path)
    forged = certificate_in(server_file(tmp_path, made, ("bank.example",), now=NOON))
    policy = PolicyBuilder().store(Store([made.certificate])).time(NOON)

    with pytest.raises(VerificationError, match="no permitted name constraints matched"):
        policy.build_server_verifier(x509.DNSName("bank.example")).verify(forged, [])


def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    certified(folder)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}

    assert modes == {"authority": 0o700, "authority.pem": 0o600, "ca.pem": 0o600, "server.pem": 0o600}


def test_the_certificate_is_kept_alone_beside_the_key(tmp_path: Path) -> None:
    made = authority(tmp_path)

    content = (tmp_path / "ca.pem").read_bytes()

    assert content == made.certificate.public_bytes(Encoding.PEM)


def test_the_same_authority_and_certificate_serve_again(tmp_path: Path) -> None:
    first, server = authority(tmp_path), certified(tmp_path)

    assert authority(tmp_path, days=300).certificate == first.certificate
    assert certified(tmp_path, days=300) == server


@pytest.mark.parametrize(
    ("later", "renewed"),
    [({"days": 366}, False), ({"days": 367}, True), ({"days": 500}, True), ({"days": -2}, True)],
    ids=["thirty-one days left", "thirty days left", "over", "not begun by a clock that was set back"],
)
def test_a_certificate_is_renewed_when_its_time_comes(tmp_path: Path, later: dict[str, float], renewed: bool) -> None:
    first = certified(tmp_path)

    assert (certified(tmp_path, **later) != first) is renewed


@pytest.mark.parametrize("names", [(*NAMES, "10.0.0.5"), NAMES[:-1]], ids=["another address", "a name that is gone"])
def test_a_certificate_is_renewed_when_the_names_have_changed(tmp_path: Path, names: tuple[str, ...]) -> None:
    first, made = certified(tmp_path), authority(tmp_path)

    second = certified(tmp_path, names)

    assert second != first
    assert authority(tmp_path).certificate == made.certificate


def test_a_certificate_of_another_authority_is_replaced(tmp_path: Path) -> None:
    first = certified(tmp_path)
    (tmp_path / "authority.pem").unlink()

    second = certified(tmp_path)

    assert second != first
    second.verify_directly_issued_by(authority(tmp_path).certificate)


@pytest.mark.parametrize("name", ["203.0.113.7", "guests.example.org", "2001:db8::7"])
def test_an_authority_that_may_not_certify_what_is_required_is_replaced_by_one_that_may(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = authority(tmp_path)

    second = authority(tmp_path, required=(name,))

    assert (certifiable(first, [name]), certifiable(second, [name])) == (frozenset(), {name})
    assert authority(tmp_path, required=(name,)).certificate == second.certificate
    assert authority(tmp_path).certificate == second.certificate
    assert caplog.messages == [
        "A new certificate authority was made, which every device must trust anew: "
        f"the former (SHA-256 {fingerprint(first.certificate)}) may not certify {name}"
    ]


@pytest.mark.parametrize("name", ["100.64.0.9", "dhcp-77.example.org", "2001:db8::b2"])
def test_an_authority_outlives_names_that_it_may_not_certify(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = authority(tmp_path, (*NAMES, "2001:db8::a1"))

    second = authority(tmp_path, (*NAMES, name))

    assert fingerprint(second.certificate) == fingerprint(first.certificate)
    assert certifiable(second, (*NAMES, "2001:db8::a1", name)) == {*NAMES, "2001:db8::a1"}
    assert caplog.messages == []


@pytest.mark.parametrize(("days", "kept"), [(3253, True), (3254, False)])
def test_an_authority_outlives_what_it_certifies(
    tmp_path: Path, days: int, kept: bool, caplog: pytest.LogCaptureFixture
) -> None:
    first = authority(tmp_path)

    assert (authority(tmp_path, days=days).certificate == first.certificate) is kept
    assert [message.endswith("is not valid for another year from now") for message in caplog.messages] == (
        [] if kept else [True]
    )


@pytest.mark.parametrize("content", [b"", b"nothing of the kind"])
def test_a_file_that_is_no_authority_stops_with_its_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "authority.pem").write_bytes(content)

    with pytest.raises(SettingError, match=r"authority\.pem holds no key and certificate: delete it"):
        authority(tmp_path)


def test_a_key_of_another_kind_stops_with_its_name(tmp_path: Path) -> None:
    certificate = authority(tmp_path).certificate
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "authority.pem").write_bytes(pem + certificate.public_bytes(Encoding.PEM))

    with pytest.raises(SettingError, match=r"authority\.pem holds a key of another kind"):
        authority(tmp_path)


def test_what_a_crash_left_half_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "authority.new").write_bytes(b"half a k")

    made = authority(tmp_path)

    assert authority(tmp_path).certificate == made.certificate
    assert not (tmp_path / "authority.new").exists()


def test_servers_take_the_file_as_it_is(tmp_path: Path) -> None:
    path = server_file(tmp_path, authority(tmp_path), NAMES, now=NOON)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)

    assert context.cert_store_stats()["x509"] == 0


def test_a_fingerprint_reads_as_devices_show_it(tmp_path: Path) -> None:
    shown = fingerprint(authority(tmp_path).certificate)

    assert [len(pair) for pair in shown.split(":")] == [2] * 32
    assert shown == shown.upper()
