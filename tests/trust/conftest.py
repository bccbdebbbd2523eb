"""One hostile store and one of people, each with its report, for all tests that look at a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust.personal import personal_store
from tests.trust.planting import hostile_store

# Refuses every way to a network in the process and, by PYTHONPATH, in the kernels that it starts.
REFUSED = """
import socket
_plain = socket.socket
def _refuse(*_, **__):
    raise AssertionError("somebody asked for a network")
class Refusing(_plain):
    def _only_here(self, address):
        if self.family != socket.AF_UNIX:
            _refuse()
    def connect(self, address):
        self._only_here(address)
        return super().connect(address)
    def connect_ex(self, address):
        self._only_here(address)
        return super().connect_ex(address)
    def sendto(self, *given):
        self._only_here(given[-1])
        return super().sendto(*given)
socket.socket = Refusing
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = _refuse
"""


@pytest.fixture(scope="session")
def without_network(tmp_path_factory) -> dict[str, str]:
    """An environment in which no Python process reaches a network."""
    import os

    folder = tmp_path_factory.mktemp("refused")
    (folder / "sitecustomize.py").write_text(REFUSED, encoding="utf-8")
    root = Path(__file__).parents[2]
    return os.environ | {"PYTHONPATH": os.pathsep.join((str(folder), str(root)))}


@pytest.fixture(scope="session")
def odr(without_network):
    """A function that runs an `odr` command without a network: exit code, and all it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        code = "import sys; sys.argv[0] = 'odr'; from odrlib.cli import main; sys.exit(main())"
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            env=without_network,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=300,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def stores(tmp_path_factory) -> dict[str, Path]:
    """The hostile store and the one of people."""
    root = tmp_path_factory.mktemp("stores")
    return {
        "hostile": hostile_store(root / "hostile"),
        "personal": personal_store(root / "personal"),
    }


@pytest.fixture(scope="session")
def reports(stores, odr, tmp_path_factory) -> Path:
    """The reports of both, made without a network."""
    out = tmp_path_factory.mktemp("reports")
    code, said = odr("report", *stores.values(), "--out", out)
    assert 0 == code, said
    return out
