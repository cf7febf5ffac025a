"""The whole program over HTTPS with its own authority, in a process of its own; on loopback unless told otherwise."""

import os
import ssl
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio
from anyio.abc import Process
from cryptography import x509

from events.demo.venue import _free_port

_ROOT = Path(__file__).parent.parent
_STARTS_WITHIN_S = 60


@dataclass(frozen=True)
class Secured:
    """A server that answers."""

    folder: Path
    port: int
    plain_port: int
    process: Process

    @property
    def authority(self) -> x509.Certificate:
        """What devices are to trust."""
        return x509.load_pem_x509_certificate((self.folder / "authority" / "ca.pem").read_bytes())

    @property
    def certificate(self) -> x509.Certificate:
        """What the server shows."""
        return x509.load_pem_x509_certificate((self.folder / "authority" / "server.pem").read_bytes())

    @property
    def trusting(self) -> ssl.SSLContext:
        """What a device checks that trusts the authority."""
        return ssl.create_default_context(cafile=str(self.folder / "authority" / "ca.pem"))


@asynccontextmanager
async def secured_house(folder: Path, *options: str) -> AsyncGenerator[Secured]:
    """Started when both of its ports answer, stopped at the end."""
    port, plain_port = _free_port(), _free_port()
    process = await serve_https(folder, "--port", str(port), "--plain-port", str(plain_port), *options)
    try:
        for each in (plain_port, port):
            await _answers(each, process)
        yield Secured(folder, port, plain_port, process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await process.aclose()


async def serve_https(folder: Path, *options: str) -> Process:
    """The command, as an operator types it."""
    command = [sys.executable, "-m", "events", "serve", "--https", *options]
    given = {**os.environ, "YINGBIN_DATA_DIR": str(folder)}
    return await anyio.open_process(command, cwd=_ROOT, env=given, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)


async def _answers(port: int, process: Process) -> None:
    with anyio.fail_after(_STARTS_WITHIN_S):
        while process.returncode is None:
            try:
                stream = await anyio.connect_tcp("127.0.0.1", port)
            except OSError:
                await anyio.sleep(0.05)
            else:
                await stream.aclose()
                return
    raise OSError("the server did not start")
