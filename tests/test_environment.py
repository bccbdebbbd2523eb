"""pyproject.toml says what is needed; the lock and the conda environment must say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
# PyPI name -> conda-forge name, where they differ.
CONDA = {"tzdata": "python-tzdata"}
# Extras for who measures, who has Tesseract, and who fuzzes.
NOT_INSTALLED = ("bench", "ocr", "fuzz")
# Not in environment.yml: the browser tests' own, which conda-forge has not.
NOT_CONDA = {"playwright", "axe-core-python"}


def requirements() -> dict[str, Requirement]:
    """What pyproject.toml asks for, with the extras that run.py installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    groups = [lines for name, lines in extras.items() if name not in NOT_INSTALLED]
    lines = [*project["project"]["dependencies"], *(line for group in groups for line in group)]
    return {one.name: one for one in map(Requirement, lines)}


def further() -> list[Requirement]:
    """What requirements.in adds to it."""
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def locked() -> list[tuple[Requirement, str]]:
    """Each pin of the lock with the lines of its hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "")
    pins = [line.partition(" --hash") for line in text.splitlines() if line]
    return [(Requirement(pin), mark + hashes) for pin, mark, hashes in pins]


def test_the_lock_names_no_host():
    """Otherwise it would install from the index of whoever made it, or not at all."""
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_every_pin_is_one_version_with_a_hash():
    for pin, hashes in locked():
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), pin


@pytest.mark.parametrize("wanted", [*requirements().values(), *further()], ids=lambda one: one.name)
def test_the_lock_satisfies_every_bound(wanted):
    versions = [
        str(pin.specifier).removeprefix("==") for pin, _ in locked() if pin.name == wanted.name
    ]

    assert versions, f"{wanted.name} is not in requirements.lock: make it again (requirements.in)"
    assert all(wanted.specifier.contains(version) for version in versions)


def test_the_build_backend_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {Requirement(line).name for line in project["build-system"]["requires"]}

    assert names <= {one.name for one in further()}


def test_the_conda_environment_has_the_same_packages_with_the_same_bounds():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *lines, pip = environment["dependencies"]
    conda = {one.name: str(one.specifier) for one in map(Requirement, lines)}
    wanted = {
        CONDA.get(name, name): str(one.specifier)
        for name, one in requirements().items()
        if name not in NOT_CONDA
    }

    assert environment["channels"] == ["conda-forge"]
    assert pip == {"pip": ["-e ."]}
    assert {"python": ">=3.11", "pip": "", **wanted} == conda
