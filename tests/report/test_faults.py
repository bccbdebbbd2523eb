"""What a run leaves behind when something breaks: whole reports, and nothing that still runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from little_report import END, FACTS

from odrlib import read_store
from odrlib.errors import BadStore, OdrError, ReportFailed
from odrlib.evidence.neighbours import neighbours
from odrlib.report import build_report, build_reports
from odrlib.report.locks import BUILDING, LOCK, clear, one_run
from tests.report.processes import alive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="signals and mounts of Linux"),
]
ROOT = os.name == "posix" and os.geteuid() == 0
STAGES = ("import", "read", "compute", "draw", "last")
# A notebook with the stages of the real one. In the stage that `stage.txt` names, it says who it
# is and waits.
WAIT = """
import os, time
from pathlib import Path
wanted = Path(store, "stage.txt")
def stage(name):
    if wanted.exists() and wanted.read_text() == name:
        told = Path(store).with_name("pids-" + Path(store).name)
        told.write_text(f"{os.getpid()} {os.getppid()}")
        time.sleep(600)
"""
CELLS = [WAIT, *(f"stage({name!r})" for name in STAGES[:4]), FACTS, f"stage('last')\n{END}"]


def below(process: int) -> set[int]:
    """All processes that a process has started, and theirs."""
    found: set[int] = set()
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    while True:
        more = {one for one, parent in parents.items() if parent in found | {process}} - found
        if not more:
            return found
        found |= more


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def whole(out, key="a"):
    """The days of which a store has a report, each of them whole."""
    days = list((out / key).glob("2*"))
    for day in days:
        told = json.loads((day / "run.json").read_text(encoding="utf-8"))
        assert {"facts.json", "report.html", "report.ipynb"} <= set(told["report"])
        assert set(told["report"]) | {"run.json"} == set(names(day))
    return sorted(day.name for day in days)


def waits_in(folder, stage):
    (folder / "stage.txt").write_text(stage)


def pids_of(folder):
    return folder.with_name(f"pids-{folder.name}")


def started(stores, out, path, *more):
    """A run of its own, as a person starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "odrlib.cli", "report", *map(str, stores), "--out", str(out),
         "--notebook", str(path), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def log_of(out):
    """The events of the newest run."""
    logs = list((out / "runs").glob("*"))
    if not logs:
        return []
    newest = max(logs, key=lambda path: path.stat().st_mtime_ns)
    return [json.loads(line) for line in newest.read_text(encoding="utf-8").splitlines()]


# -- the kernel is killed -----------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_a_kernel_killed_at_any_stage_leaves_the_older_report(tmp_path, notebook, store, stage):
    folder, out, path = store("a"), tmp_path / "out", notebook(*CELLS)
    first = build_report(folder, out, notebook=path)
    before = (first.folder / "report.html").read_bytes()
    waits_in(folder, stage)
    run = started([folder], out, path)
    until(lambda: pids_of(folder).exists() and pids_of(folder).read_text())
    os.kill(int(pids_of(folder).read_text().split()[0]), signal.SIGKILL)
    said = run.communicate(timeout=60)[1]

    assert run.returncode == 1
    assert f" (stage('{stage}')): the kernel died" in said
    assert (first.folder / "report.html").read_bytes() == before
    assert whole(out) == ["2026-03-01"]
    assert not list(out.glob(".*"))
    (folder / "stage.txt").unlink()
    assert build_report(folder, out, notebook=path, force=False).status == "unchanged"
    shown = json.loads((out / "a/failed/report.ipynb").read_text(encoding="utf-8"))
    told = [o for cell in shown["cells"] for o in cell.get("outputs", [])]
    assert ["ReportFailed"] == [o["ename"] for o in told if o["output_type"] == "error"]


# -- the run is stopped -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
)
def test_a_run_that_is_told_to_stop_stops_at_once_and_leaves_nothing_half(
    tmp_path, notebook, store, number
):
    stores, out, path = [store("a"), store("b")], tmp_path / "out", notebook(*CELLS)
    waits_in(stores[1], "compute")
    run = started(stores, out, path, "--jobs", "2")
    until(lambda: pids_of(stores[1]).exists() and len(log_of(out)) == 2)
    mine = below(run.pid)
    run.send_signal(number)
    said = run.communicate(timeout=60)[1]

    assert run.returncode == 130
    assert said == "odr: stopped; the same command goes on from here\n"
    until(lambda: not any(map(alive, mine)))
    assert names(out / "b") == [] if (out / "b").exists() else True
    assert not list(out.glob(".*"))
    events = log_of(out)
    assert {e["id"]: e["status"] for e in events if e["event"] == "store"} == {
        "a": "made",
        "b": "interrupted",
    }
    assert events[-1]["exit"] == 130
    (stores[1] / "stage.txt").unlink()
    again = build_reports(stores, out, notebook=path)
    assert [result.status for result in again] == ["unchanged", "made"]


@pytest.mark.parametrize("who", ["the run", "odrlib.report.worker", "odrlib.report.warm"])
def test_what_is_killed_leaves_no_process_and_the_next_run_completes(
    tmp_path, notebook, store, who
):
    stores, out, path = [store("a"), store("b")], tmp_path / "out", notebook(*CELLS)
    waits_in(stores[1], "compute")
    run = started(stores, out, path, "--jobs", "2")
    until(lambda: pids_of(stores[1]).exists() and len(log_of(out)) == 2)
    mine = below(run.pid)
    if who == "the run":
        os.kill(run.pid, signal.SIGKILL)
        run.communicate(timeout=60)
        until(lambda: not any(map(alive, mine)))
        until(lambda: not list(out.glob(f"{BUILDING}*")))
        assert [e["event"] for e in log_of(out)] == ["start", "store"]
        (stores[1] / "stage.txt").unlink()
        again = build_reports(stores, out, notebook=path)
        assert [result.status for result in again] == ["unchanged", "made"]
    else:
        # A store whose worker or kernel dies so is tried once more.
        (stores[1] / "stage.txt").unlink()
        for process in mine:
            with suppress(OSError):
                if who in Path(f"/proc/{process}/cmdline").read_text().split("\0"):
                    os.kill(process, signal.SIGKILL)
        run.communicate(timeout=120)
        assert run.returncode == 0
        until(lambda: not any(map(alive, mine)))
    assert (whole(out, "a"), whole(out, "b")) == (["2026-03-01"], ["2026-03-01"])
    assert not list(out.glob(".*"))


def test_a_worker_killed_while_it_loads_is_replaced(tmp_path, notebook, store):
    stores, out = [store("a"), store("b")], tmp_path / "out"
    run = started(stores, out, notebook(FACTS, END), "--jobs", "1")
    until(lambda: below(run.pid))
    killed = min(below(run.pid))
    os.kill(killed, signal.SIGKILL)
    run.communicate(timeout=120)

    assert run.returncode == 0
    assert (whole(out, "a"), whole(out, "b")) == (["2026-03-01"], ["2026-03-01"])


def test_a_store_that_kills_its_worker_twice_fails_and_the_others_are_made(
    tmp_path, notebook, store
):
    stores, out = [store("a"), store("b"), store("c")], tmp_path / "out"
    kill = (
        "import os, signal\nif store.endswith('/b'):\n    os.kill(os.getppid(), signal.SIGKILL)\n"
        "    import time; time.sleep(60)"
    )

    made = build_reports(stores, out, notebook=notebook(FACTS, kill, END), jobs=2)

    assert [result.status for result in made] == ["made", "failed", "made"]
    assert made[1].error == "the process that made the report was killed, twice"
    assert not list(out.glob(f"{BUILDING}*"))


@pytest.mark.long
def test_a_store_that_hangs_is_ended_in_time_and_the_others_are_made(tmp_path, notebook, store):
    stores, out, path = [store("a"), store("b")], tmp_path / "out", notebook(*CELLS)
    waits_in(stores[0], "draw")
    run = started(stores, out, path, "--timeout", "20", "--json")
    said = run.communicate(timeout=120)

    told = json.loads(said[0])
    assert (run.returncode, told["exit"]) == (3, 3)
    assert [each["status"] for each in told["stores"]] == ["timed-out", "made"]
    assert told["stores"][0]["failed_notebook"] == str(out / "a/failed/report.ipynb")
    assert "cell 7 (stage('draw')): the report took longer than 20 seconds" in said[1]
    assert str(out / "a/failed/report.ipynb") in said[1]
    assert log_of(out)[-1] | {"after": 0} == {
        "event": "end", "after": 0, "exit": 3,
        "made": 1, "unchanged": 0, "failed": 0, "timed-out": 1, "interrupted": 0,
    }  # fmt: skip


# -- the disk -----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, of half a megabyte."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)], capture_output=True
    )
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(not ROOT, reason="only root mounts a disk")
@pytest.mark.parametrize("where", ["in a cell", "in the page"])
def test_a_full_disk_leaves_the_older_report_whole(small_disk, notebook, store, where):
    folder, path = store("a"), notebook(FACTS, END)
    build_report(folder, small_disk, notebook=path)
    before = {name: (small_disk / "a/2026-03-01" / name).stat().st_size
              for name in names(small_disk / "a/2026-03-01")}  # fmt: skip
    fill = {
        "in a cell": "Path(out, 'big.csv').write_bytes(bytes(600_000))",
        "in the page": "print('x' * 500_000)",
    }[where]

    with pytest.raises(ReportFailed, match="No space left on device"):
        build_report(folder, small_disk, notebook=notebook(FACTS, fill, END, name="big"))

    assert whole(small_disk) == ["2026-03-01"]
    after = {name: (small_disk / "a/2026-03-01" / name).stat().st_size for name in before}
    assert after == before
    assert not list(small_disk.glob(".*"))
    assert build_report(folder, small_disk, notebook=path).status == "made"


def as_somebody(work):
    """Do the work in a child that is not root, and return what it says."""
    with suppress(OdrError):
        work()  # somebody may not see the libraries that are imported on the way
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            said = work()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(write, str(said).encode()[:4000])
        os._exit(0)
    os.close(write)
    with open(read, "rb") as told:
        said = told.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def open_place():
    """A folder that everybody may enter; another pytest shuts its own to all others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name, "a")
        folder.mkdir()
        (folder / "store.toml").write_text('id = "a"\nmarketplace = "US"\n', encoding="utf-8")
        yield folder


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_an_output_that_cannot_be_written_is_told_in_one_line(open_place, notebook):
    out, path = open_place.with_name("out"), notebook("1")
    out.mkdir()

    said = as_somebody(lambda: build_report(open_place, out, notebook=path))

    assert said == f"ReportFailed: {out}: cannot be written (Permission denied)"


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_a_folder_that_cannot_be_opened_is_not_an_empty_one(open_place, notebook):
    out, path = open_place.with_name("out"), notebook("1")
    (open_place / "exports").mkdir(mode=0o700)
    out.mkdir()
    out.chmod(0o777)

    said = as_somebody(lambda: build_report(open_place, out, notebook=path))

    assert said == f"BadStore: {open_place}/exports: cannot be opened (Permission denied)"


def test_a_store_toml_that_is_a_folder_or_a_dead_link_is_refused(tmp_path, notebook, store):
    folder = store("a")
    (folder / "store.toml").unlink()
    (folder / "store.toml").mkdir()
    link = store("b")
    (link / "store.toml").unlink()
    (link / "store.toml").symlink_to("nowhere")
    for each in (folder, link):
        with pytest.raises(BadStore):
            build_report(each, tmp_path / "out", notebook=notebook(FACTS, END))


# -- two runs at once ---------------------------------------------------------------------------


def test_two_runs_at_once_make_one_report_and_both_have_it(tmp_path, notebook, store):
    folder, out, path = (
        store("a"),
        tmp_path / "out",
        notebook(FACTS, "import time; time.sleep(3)", END),
    )
    runs = [started([folder], out, path, "--json") for _ in range(2)]
    told = [json.loads(run.communicate(timeout=120)[0])["stores"][0] for run in runs]

    assert sorted(each["status"] for each in told) == ["made", "unchanged"]
    assert {each["folder"] for each in told} == {str(out / "a/2026-03-01")}
    assert whole(out) == ["2026-03-01"]


def test_a_run_does_not_wait_longer_than_a_store_may_take(tmp_path):
    with (
        one_run(tmp_path, "a"),
        pytest.raises(ReportFailed, match="another run is making"),
        one_run(tmp_path, "A", patience=0.3),
    ):
        pass


def test_what_a_living_run_builds_is_left_alone_and_what_a_dead_one_left_is_not(tmp_path):
    dead = tmp_path / f"{BUILDING}b-123"
    (dead / "report").mkdir(parents=True)
    (tmp_path / f"{LOCK}b").touch()
    with one_run(tmp_path, "a") as living:
        clear(tmp_path)

        assert names(tmp_path) == sorted([living.name, f"{LOCK}a"])
    assert names(tmp_path) == []


def test_a_run_that_died_between_two_renames_has_its_older_report_put_back(tmp_path):
    old = tmp_path / f"{BUILDING}a-123" / "old"
    old.mkdir(parents=True)
    (old / "facts.json").write_text('{"as_of": "2026-03-01"}')
    (tmp_path / "a").mkdir()

    clear(tmp_path)

    assert names(tmp_path) == ["a", "a/2026-03-01", "a/2026-03-01/facts.json"]


def test_a_store_does_not_clear_what_another_of_a_longer_name_builds(tmp_path):
    with one_run(tmp_path, "a-b") as longer, one_run(tmp_path, "a"):
        assert longer.is_dir()


@pytest.mark.skipif(not ROOT, reason="only root can become somebody else")
def test_stores_beside_that_are_not_ours_to_open_stop_nothing(open_place):
    other = open_place.with_name("b")
    (other / "exports").mkdir(parents=True)
    (other / "store.toml").write_text('id = "b"\nmarketplace = "US"\n', encoding="utf-8")
    store = read_store(open_place)
    shut = []
    for path, mode in ((other / "exports", 0o700), (other, 0o700), (open_place.parent, 0o711)):
        path.chmod(mode)
        shut.append(as_somebody(lambda: [sorted(one.knows(["x"])) for one in neighbours(store)]))

    assert ["[[]]", "[]", "[]"] == shut
