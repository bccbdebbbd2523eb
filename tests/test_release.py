"""The wheel and the sdist: what is in them, and that they work where there is no checkout."""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from stores import feedback_file, make_store, order, order_id, orders_file

import odrlib

ROOT = Path(__file__).parents[1]
NAME = f"odrlib-{odrlib.__version__}"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Of plotly.js, and of the packages that have code in the bundle.
THIRD = ("LICENSE", "THIRD_PARTY.txt")
# What a checkout has and a wheel has not: how plotly.js was made.
NOT_IN_WHEEL = "odrlib/report/plotly/make/"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The output of a command that must end well, without this process' own environment."""
    plain = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**plain, "HOME": str(cwd), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


def build(folder: Path, into: Path, *targets: str) -> None:
    """What hatchling makes of a folder; the backend is installed, so no network is needed."""
    run(sys.executable, "-m", "hatchling", "build", "-d", into, *targets, cwd=folder)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A folder with wheel and sdist, built from this checkout."""
    folder = tmp_path_factory.mktemp("release")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(release):
    return zipfile.ZipFile(release / f"{NAME}-py3-none-any.whl")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder that the wheel is unpacked into; a pure wheel is installed by unpacking it."""
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def metadata(wheel):
    return email.message_from_bytes(wheel.read(f"{NAME}.dist-info/METADATA"))


@pytest.fixture(scope="module")
def made(installed, tmp_path_factory):
    """A folder with a small store and its report, made by the unpacked wheel and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere")
    days = [f"2026-03-{day:02d}" for day in range(1, 29)]
    make_store(
        folder / "my-store",
        {
            "exports/orders.txt": orders_file(order(n, day) for n, day in enumerate(days)),
            "exports/feedback.txt": feedback_file([(order_id(3), 1, "3/14/26")]),
        },
    )
    odr(installed, folder, "report", "my-store")
    return folder


def odr(installed: Path, folder: Path, *arguments: str) -> str:
    """What a command prints, run in `folder` from the unpacked wheel."""
    start = "import sys; sys.argv[0] = 'odr'; from odrlib.cli import main; sys.exit(main())"
    return run(sys.executable, "-P", "-c", start, *arguments, cwd=folder, PYTHONPATH=str(installed))


def kept(*folders: str) -> set[str]:
    """The files of these folders that git keeps, or would keep: not what is ignored."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: git does not know the files")
    asked = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders)
    names = run(*asked, cwd=ROOT).split("\0")
    return {name for name in names if name and (ROOT / name).is_file()}


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_the_notebooks_and_nothing_else(wheel):
    names = {name for name in wheel.namelist() if not name.startswith(f"{NAME}.dist-info/")}
    package = {name for name in kept("odrlib") if not name.startswith(NOT_IN_WHEEL)}

    assert names == package | {f"odrlib/{name}" for name in kept("notebooks")}


@pytest.mark.slow
def test_the_wheel_has_its_parts(wheel):
    assert {
        "odrlib/py.typed",
        "odrlib/facts.schema.json",
        "odrlib/languages/zh/report.po",
        "odrlib/notebooks/report.ipynb",
        "odrlib/policy/targets.toml",
        "odrlib/report/plotly/plotly-report.min.js.gz",
        "odrlib/report/template/page.css",
        "odrlib/store.template.zh.toml",
    } <= set(wheel.namelist())


@pytest.mark.slow
def test_the_sdist_holds_what_git_keeps(release):
    with tarfile.open(release / f"{NAME}.tar.gz") as sdist:
        names = {name.removeprefix(f"{NAME}/") for name in sdist.getnames()}

    assert names == kept(".") | {"PKG-INFO"}


@pytest.mark.slow
def test_the_sdist_builds_the_same_wheel_to_the_byte(release, tmp_path):
    """So a wheel can be checked by who has the sdist, and the sdist lacks nothing."""
    with tarfile.open(release / f"{NAME}.tar.gz") as sdist:
        sdist.extractall(tmp_path, filter="data")
    build(tmp_path / NAME, tmp_path / "again", "-t", "wheel")
    wheel = f"{NAME}-py3-none-any.whl"

    assert (release / wheel).read_bytes() == (tmp_path / "again" / wheel).read_bytes()


@pytest.mark.slow
def test_what_a_checkout_gathers_in_use_gets_into_no_release(tmp_path):
    """JupyterLab leaves checkpoints with a client's rows; stores lie under data/."""
    for name in (*kept("odrlib", "notebooks", "data"), "pyproject.toml", "README.md", "LICENSE"):
        place = tmp_path / "checkout" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
    shutil.copy(ROOT / ".gitignore", tmp_path / "checkout")
    left = (
        "notebooks/.ipynb_checkpoints/report-checkpoint.ipynb",
        "odrlib/.ipynb_checkpoints/cli-checkpoint.py",
        "data/stores/client/exports/orders.txt",
        "client/exports/orders.txt",
        "reports/client/2026-03-01/report.html",
    )
    for name in left:
        (tmp_path / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "checkout" / name).write_text("111-0000000-0000001", encoding="utf-8")
    build(tmp_path / "checkout", tmp_path / "release")

    with tarfile.open(tmp_path / "release" / f"{NAME}.tar.gz") as sdist:
        assert [] == [name for name in sdist.getnames() if name.removeprefix(f"{NAME}/") in left]
    with zipfile.ZipFile(tmp_path / "release" / f"{NAME}-py3-none-any.whl") as wheel:
        assert [] == [name for name in wheel.namelist() if "checkpoint" in name or "client" in name]


@pytest.mark.slow
def test_the_notebooks_of_the_wheel_show_no_store(wheel):
    for name in wheel.namelist():
        if name.endswith(".ipynb"):
            cells = json.loads(wheel.read(name))["cells"]
            assert [] == [cell["outputs"] for cell in cells if cell.get("outputs")], name


@pytest.mark.slow
def test_no_path_of_this_machine_is_in_the_wheel(wheel):
    here = [str(path).encode() for path in (ROOT, Path(sys.prefix), Path.home() / ".")]
    paths = [path for path in here if len(Path(os.fsdecode(path)).parts) > 2]

    assert [] == [name for name in wheel.namelist() for path in paths if path in wheel.read(name)]


@pytest.mark.slow
def test_all_licences_are_in_the_wheel_and_named(wheel, metadata):
    names = metadata.get_all("License-File")
    ours, plotly, others = (
        wheel.read(f"{NAME}.dist-info/licenses/{name}").decode() for name in names
    )

    assert "MIT" == metadata["License-Expression"]
    assert ["LICENSE", *(f"odrlib/report/plotly/{name}" for name in THIRD)] == names
    assert ours.startswith("MIT License")
    assert plotly.startswith("MIT License")
    told = re.findall(r"^(\S+) [\d.]+ \(.+\)$", others, flags=re.MULTILINE)
    assert {"plotly.js", "@plotly/d3", "d3-format", "culori"} <= set(told)


@pytest.mark.slow
def test_the_metadata_is_what_an_index_takes(wheel):
    """What `twine check` asks: a summary, and a description that says how it is written."""
    from packaging.metadata import Metadata
    from trove_classifiers import classifiers

    parsed = Metadata.from_email(wheel.read(f"{NAME}.dist-info/METADATA"), validate=True)
    assert parsed.summary
    assert parsed.description_content_type == "text/markdown"
    assert parsed.description.startswith("# odrlib")
    assert set(parsed.classifiers) <= classifiers
    assert f"Programming Language :: Python :: {PROJECT['project']['requires-python'][2:]}" in (
        parsed.classifiers
    )


@pytest.mark.slow
def test_the_version_is_said_in_one_place_and_the_same_in_all(made, installed, metadata):
    (folder,) = (made / "reports" / "small").iterdir()
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    version = odrlib.__version__
    assert "version" not in PROJECT["project"]
    assert version == metadata["Version"]
    assert f"odr, version {version}\n" == odr(installed, made, "--version")
    assert version == facts["odrlib"]
    assert f'<meta name="generator" content="odrlib {version}">' in page
    assert f"odrlib {version}" in re.sub(r"<[^>]+>", "", page[page.rindex("<footer") :])
    assert version == re.search(r"^## (\S+)", changes, flags=re.MULTILINE)[1]


@pytest.mark.slow
def test_the_wheel_makes_a_report_where_there_is_no_checkout(made, installed):
    (folder,) = (made / "reports" / "small").iterdir()
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    where = run(
        sys.executable, "-c", "import odrlib; print(odrlib.__file__)",
        cwd=made, PYTHONPATH=str(installed),
    )  # fmt: skip

    assert installed == Path(where.strip()).parents[1]
    assert (28, 1) == tuple(
        facts["profiles"]["brief"]["all"][key] for key in ("orders", "defective")
    )
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Plotly.newPlot" in page
    assert str(ROOT) not in page


@pytest.mark.slow
def test_the_wheel_brings_its_notebooks_in_both_languages(made, installed):
    odr(installed, made, "notebooks", "books", "--lang", "zh")

    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert names == {path.name for path in (made / "books").glob("*.ipynb")}
    assert "缺陷" in (made / "books" / "report.ipynb").read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.slow
def test_papermill_and_nbconvert_find_what_the_wheel_adds_to_them(made, installed):
    notebook = installed / "odrlib" / "notebooks" / "where_do_we_stand.ipynb"
    here = {"cwd": made, "PYTHONPATH": str(installed)}
    run(sys.executable, "-m", "papermill", "--engine", "odr", notebook, "out.ipynb",
        "-p", "store", made / "my-store", **here)  # fmt: skip
    run(sys.executable, "-m", "nbconvert", "--to", "odr", "out.ipynb", **here)

    assert "<title>" in (made / "out.html").read_text(encoding="utf-8")
