"""run.py: what it does before and after set-up; set-up itself is what .ci/run begins with."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def run():
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(tmp_path):
    """A checkout with the three files that set-up depends on."""
    for name in ("run.py", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def ready(clone, run):
    """A checkout whose .venv is done; its `odr` tells what it was asked and exits with 3."""
    venv.create(clone / ".venv", symlinks=os.name != "nt")
    (package,) = (clone / ".venv").rglob("site-packages")
    (package / "odrlib").mkdir()
    (package / "odrlib" / "__init__.py").touch()
    (package / "odrlib" / "cli.py").write_text(
        "import sys\ndef main():\n    print(sys.argv)\n    return 3\n", encoding="utf-8"
    )
    run.stamp(clone).write_text(run.wanted(clone), encoding="utf-8")
    return clone


def call(folder, *arguments, cwd=None):
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_notebooks_in_another_language_are_written_before_they_are_opened(ready):
    done = call(ready, "lab", "--lang", "zh")

    assert (3, f"['odr', 'notebooks', '{ready / 'notebooks-zh'}', '--lang', 'zh']\n") == (
        done.returncode,
        done.stdout,
    )


def test_an_old_python_is_told_what_is_needed(run):
    assert "needs Python 3.11 or newer; this is Python 3.9" in run.complaint((3, 9))
    assert run.complaint((3, 11)) == ""
    assert run.complaint((4, 0)) == ""


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), ([], 2), (["tets"], 2)])
def test_help_and_mistakes_set_nothing_up(clone, arguments, code):
    answer = call(clone, *arguments)

    assert code == answer.returncode
    assert "report" in answer.stdout + answer.stderr
    assert not (clone / ".venv").exists()


def test_an_unfinished_set_up_is_not_ready(ready, run):
    """The stamp is written last."""
    assert run.is_ready(ready)

    run.stamp(ready).unlink()
    assert not run.is_ready(ready)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_of_what_is_needed_asks_for_set_up_again(ready, run, name):
    with open(ready / name, "a", encoding="utf-8", newline="") as file:
        file.write("# changed\n")

    assert not run.is_ready(ready)


def test_line_ends_of_a_checkout_change_nothing(ready, run):
    lock = ready / "requirements.lock"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))

    assert run.is_ready(ready)


def test_a_moved_checkout_asks_for_set_up_again(ready, run):
    """The scripts in .venv hold the folder's name."""
    moved = ready.rename(ready.with_name("moved"))

    assert not run.is_ready(moved)


def test_odr_gets_its_arguments_and_gives_its_exit_code(ready, tmp_path_factory):
    answer = call(ready, "odr", "status", "a store", cwd=tmp_path_factory.mktemp("elsewhere"))

    assert answer.stdout.strip() == "['odr', 'status', 'a store']"
    assert answer.returncode == 3


def test_report_without_a_store_writes_the_demo_first(ready):
    """And gives up with its exit code if that fails."""
    answer = call(ready, "report")

    assert f"['odr', 'demo', {str(ready / 'data' / 'demo')!r}]" == answer.stdout.strip()
    assert answer.returncode == 3


def test_report_without_a_store_takes_all_demo_stores(ready):
    demo = ready / "data" / "demo"
    for store in ("b", "a"):
        (demo / store).mkdir(parents=True)
        (demo / store / "store.toml").touch()
    (demo / "truth.json").touch()
    asked = ["odr", "report", str(demo / "a"), str(demo / "b"), "--out", str(ready / "reports")]

    assert str(asked) == call(ready, "report").stdout.strip()


def test_report_of_own_stores_keeps_the_folder_asked_for(ready):
    answer = call(ready, "report", "mine", "--out", "there")

    assert answer.stdout.strip() == "['odr', 'report', 'mine', '--out', 'there']"
