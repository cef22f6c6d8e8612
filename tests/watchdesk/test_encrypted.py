"""A real log over wss://: a certificate of its own, a person with a password, the public client."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_client import connect
from backend_client.credentials import Credentials
from backend_client.link import Link
from backend_client.notices import LinkChanged, LinkState, Notice
from casework.acts import ReportCase
from casework.terms import Kind, Role, Source
from watchdesk.children import Child
from watchdesk.serve import READY

from .conftest import ROOT, Run

PASSWORD = "correct horse battery"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, its key beside it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here to make a certificate")
    order = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -out desk.pem -keyout desk.key"
    )
    subprocess.run([openssl, *order.split()], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "desk.pem"


@pytest.fixture
def address(
    watchdesk: Run, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A real log's server under this certificate; `li` may sign in."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    database = f"--database=sqlite:///{tmp_path}/real.sqlite"
    serve = ("serve", "--pack=shenzhen", "--port=0", database)
    with Child(*serve) as server:
        server.line(READY)
    add = (
        "user",
        "add",
        "li",
        "--name",
        "李四",
        "--role",
        "acceptor",
        "--password-stdin",
        database,
    )
    assert watchdesk(*add, given=f"{PASSWORD}\n").returncode == 0
    key = certificate.with_suffix(".key")
    with Child(*serve, f"--tls-cert={certificate}", f"--tls-key={key}") as server:
        yield server.line(READY)


async def reported(address: str, ca_file: str = "") -> int:
    """How many cases `li` has at hand after reporting one."""
    signed_in = connect(address, user="li", password=PASSWORD, ca_file=ca_file)
    async with asyncio.timeout(30), signed_in as desk:
        report = ReportCase(kind=Kind.INCIDENT, code="0101", source=Source.PHONE)
        ack = await desk.ask(report, role=Role.ACCEPTOR)
        async for change in desk.changes():
            if change.number >= ack.number:
                break
        return len(desk.replica.cases)


async def why_lost(address: str) -> str:
    """The code of the first end of a link that keeps trying."""
    lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def hear(notice: Notice) -> None:
        if isinstance(notice, LinkChanged) and notice.state is LinkState.LOST and not lost.done():
            lost.set_result(notice.code)

    link = Link(address, Credentials(user="li", password=PASSWORD), "desk-1", hear)
    running = asyncio.ensure_future(link.run())
    try:
        async with asyncio.timeout(30):
            return await lost
    finally:
        link.close()
        await running


@pytest.mark.skipif(sys.platform == "win32", reason="SSL_CERT_FILE names no trust there")
def test_a_password_crosses_under_a_certificate_that_is_trusted_and_under_no_other(
    address: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address.startswith("wss://127.0.0.1:")
    assert asyncio.run(why_lost(address)) == "link.untrusted"
    assert asyncio.run(why_lost(address.replace("wss:", "ws:"))) == "link.unreachable"
    assert asyncio.run(reported(address, str(certificate))) == 1
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert asyncio.run(reported(address)) == 2
