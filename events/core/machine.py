"""Under which name and addresses other machines reach this one; serving asks, to print links and to certify them."""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

import ifaddr

Address = IPv4Address | IPv6Address

_HOST_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_FAR_AWAY = ("192.0.2.1", 9)
"""An address of RFC 5737 that nobody has: asking which way leads there sends nothing."""


@dataclass(frozen=True, slots=True)
class Machine:
    """`hostname` is empty where it can be no part of a link; `addresses` begin with the one that leads outward."""

    hostname: str
    addresses: tuple[Address, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What it calls itself, and what multicast DNS (RFC 6762) calls it."""
        return (self.hostname, f"{self.hostname.partition('.')[0]}.local") if self.hostname else ()

    def reached_at(self, host: str) -> tuple[str, ...]:
        """The hosts of links to a server that listens on `host`, the best first; without a network, this machine's."""
        try:
            listening = ip_address(host)
        except ValueError:
            return (host,)
        if not listening.is_unspecified:
            return (host,)
        same_kind = [str(each) for each in self.addresses if each.version == listening.version]
        return tuple(same_kind) or ("localhost",)


def this_machine() -> Machine:
    """The machine as it is connected now."""
    name = socket.gethostname().lower().rstrip(".")
    found = {ip_address(_bare(each.ip)) for adapter in ifaddr.get_adapters() for each in adapter.ips}
    reachable = [each for each in found if not (each.is_loopback or each.is_link_local)]
    outward = _outward()
    ordered = sorted(reachable, key=lambda each: (str(each) != outward, each.version, int(each)))
    return Machine(name if _HOST_NAME.fullmatch(name) else "", tuple(ordered))


def _bare(ip: str | tuple[str, int, int]) -> str:
    """IPv6 addresses come with flow and scope."""
    return ip if isinstance(ip, str) else ip[0]


def _outward() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR_AWAY)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
