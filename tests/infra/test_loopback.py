"""What runs on a laptop can't be reached from beside it."""

import sys
from ipaddress import ip_address
from pathlib import Path

import pytest

from infra.local import run
from infra.local.engine import free_port

LISTENS = "0A"  # Linux's number for that state


def listening(pid):
    """Return the addresses that a process listens on."""
    own = {str(descriptor.readlink()) for descriptor in Path(f"/proc/{pid}/fd").iterdir()}
    found = []
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENS and f"socket:[{rest[5]}]" in own:
                found.append(address(local.partition(":")[0]))
    return found


def address(written):
    """Read the kernel's spelling: words of 32 bits, each as a little-endian machine writes it."""
    raw = bytes.fromhex(written)
    return ip_address(
        b"".join(raw[at : at + 4][:: -1 if sys.byteorder == "little" else 1] for at in range(0, len(raw), 4))
    )


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells in /proc which sockets a process has.")
def test_the_engine_listens_on_loopback_only(engine):
    addresses = listening(engine.process.pid)

    assert addresses
    assert [str(one) for one in addresses if not one.is_loopback] == []


def test_make_run_listens_on_loopback_only():
    with run._listening(free_port()) as listener:  # noqa: SLF001 - the whole of it would bring up an engine
        assert ip_address(listener.getsockname()[0]).is_loopback
