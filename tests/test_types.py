"""Types: mypy in its strict mode finds nothing, and who imports odrlib gets types, not Any."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import odrlib
from odrlib import appeal, figures, report, store, words

ROOT = Path(__file__).parents[1]
LATE = [odrlib, appeal, figures, report, store, words]  # their names load on first use
STUB = '''\
"""The public names with their types; a test writes this file, from `_ROOMS` in `__init__.py`."""

{imports}

{version}__all__: list[str]
'''
OURS = """\
import odrlib as odr
from odrlib import figures, report

store = odr.read_store("data/demo/us-fbm", as_of="2026-03-01")
reveal_type(store)
reveal_type(odr.build_facts(store).headlines)
reveal_type(odr.Window.ending(store.as_of, 60).first)
reveal_type(report.build_report("data/demo/us-fbm").page)
rate: str = odr.Rate(1, 2)
odr.read_stores()
"""
TOLD = (
    'note: Revealed type is "odrlib.store.read.Store"',
    'note: Revealed type is "typing.Mapping[str, typing.Mapping[str, odrlib.headline.Headline]]"',
    'note: Revealed type is "datetime.date"',
    'note: Revealed type is "pathlib.Path | None"',
    'error: Incompatible types in assignment (expression has type "Rate", variable has type "str")'
    "  [assignment]",
    'error: Module has no attribute "read_stores"  [attr-defined]',
)


@pytest.fixture(scope="module")
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """A function that runs mypy as pyproject.toml says and gives its lines."""
    cache = tmp_path_factory.mktemp("mypy")

    def run(*arguments: str | Path) -> list[str]:
        command = [sys.executable, "-m", "mypy", "--cache-dir", cache, "--no-error-summary"]
        done = subprocess.run(
            [*map(str, command), *map(str, arguments)],
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "" == done.stderr
        return done.stdout.splitlines()

    return run


def stub(module: ModuleType) -> str:
    """What a type checker reads of a module whose names load on first use."""
    homes = sorted((f"{module.__name__}.{room}", name) for name, room in module._ROOMS.items())
    return STUB.format(
        imports="\n".join(f"from {home} import {name} as {name}" for home, name in homes),
        version="__version__: str\n" if hasattr(module, "__version__") else "",
    )


@pytest.mark.parametrize("module", LATE, ids=lambda one: one.__name__)
def test_a_type_checker_knows_every_public_name(expect, module):
    """`__getattr__` would hide them: all would be Any, a wrong name too."""
    expect(Path(module.__file__).with_suffix(".pyi"), stub(module))


@pytest.mark.long
@pytest.mark.slow
def test_mypy_finds_nothing(mypy):
    assert [] == mypy()


@pytest.mark.long
@pytest.mark.slow
def test_a_script_that_imports_odrlib_is_checked(mypy, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(OURS, encoding="utf-8")

    # What it may have meant is said or not, as the cache stands.
    told = [re.sub(r"; maybe .*\?", "", line.split(": ", 1)[1]) for line in mypy(script)]
    assert list(TOLD) == told
