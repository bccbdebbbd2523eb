"""The screens of the commands, and a make-believe store to take files from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from odrlib.cli import commands
from odrlib.demo import write_demo
from odrlib.errors import OdrError


@pytest.fixture(scope="session")
def seller_central(tmp_path_factory) -> Path:
    """The folder of a small make-believe store: what a seller could download."""
    folder = tmp_path_factory.mktemp("seller-central")
    write_demo(folder, stores=["us-fbm"], scale=0.1)
    return folder / "us-fbm"


@pytest.fixture
def screen(tmp_path, monkeypatch) -> Callable[..., str]:
    """A function: the arguments of `odr`, run in an empty folder -> what it prints."""
    monkeypatch.chdir(tmp_path)

    def shown(*arguments: str) -> str:
        run = CliRunner().invoke(commands, list(arguments))
        if isinstance(run.exception, OdrError):
            return f"{run.output}odr: {run.exception}\n"
        assert run.exception is None, run.exception
        return run.output

    return shown


@pytest.fixture
def download(seller_central, tmp_path) -> Callable[[str], None]:
    """A function: take the files of this pattern into the store folder my-store."""

    def take(pattern: str) -> None:
        found = sorted(seller_central.glob(pattern))
        assert found, pattern
        for path in found:
            place = tmp_path / "my-store" / path.relative_to(seller_central)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)

    return take
