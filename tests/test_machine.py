import socket
from ipaddress import ip_address

import pytest

from events.core import machine
from events.core.machine import Machine, this_machine

TWO_NETWORKS = Machine("hall", (ip_address("192.168.1.20"), ip_address("10.0.0.5"), ip_address("fd00::20")))


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("0.0.0.0", ("192.168.1.20", "10.0.0.5")),
        ("::", ("fd00::20",)),
        ("10.0.0.5", ("10.0.0.5",)),
        ("hall.example.org", ("hall.example.org",)),
    ],
)
def test_links_lead_to_what_is_listened_on(host: str, reached: tuple[str, ...]) -> None:
    assert TWO_NETWORKS.reached_at(host) == reached


def test_without_a_network_links_lead_to_the_machine_itself() -> None:
    assert Machine("hall", ()).reached_at("0.0.0.0") == ("localhost",)


@pytest.mark.parametrize(
    ("hostname", "names"),
    [
        ("hall", ("hall", "hall.local")),
        ("hall.example.org", ("hall.example.org", "hall.local")),
        ("", ()),
    ],
)
def test_a_machine_has_its_name_and_that_of_multicast_dns(hostname: str, names: tuple[str, ...]) -> None:
    assert Machine(hostname, ()).names == names


@pytest.mark.parametrize(("given", "hostname"), [("Hall-2.Example.ORG.", "hall-2.example.org"), ("会场_1", "")])
def test_a_name_that_no_link_can_hold_is_left_out(monkeypatch: pytest.MonkeyPatch, given: str, hostname: str) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: given)

    assert this_machine().hostname == hostname


def test_the_machine_knows_none_of_the_addresses_that_only_itself_can_reach() -> None:
    addresses = this_machine().addresses

    assert [each for each in addresses if each.is_loopback or each.is_link_local or each.is_unspecified] == []
    assert len(set(addresses)) == len(addresses)


def test_the_address_that_leads_outward_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = this_machine().addresses
    last = next((each for each in reversed(found) if each.version == 4), None)

    monkeypatch.setattr(machine, "_outward", lambda: str(last))

    assert this_machine().addresses[:1] == ((last,) if last else found[:1])


def test_where_nothing_leads_outward_the_addresses_are_known_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = this_machine().addresses

    monkeypatch.setattr(machine, "_FAR_AWAY", ("255.255.255.255", 9))  # nobody may connect to everybody

    assert machine._outward() == ""
    assert set(this_machine().addresses) == set(found)
