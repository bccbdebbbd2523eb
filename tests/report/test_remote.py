"""The same batch on a dask cluster, with real workers that are processes."""

import sys

import pytest
from little_report import END, FACTS

from odrlib.errors import BadParameter, ReportFailed
from odrlib.report import build_reports, remote
from odrlib.report.remote import job

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    # dask's own, when its processes end.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def address():
    """The address of a scheduler with two workers, each a process of one thread."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster.scheduler_address


def test_a_batch_on_a_cluster_gives_what_a_batch_here_gives(
    tmp_path, monkeypatch, notebook, store, address
):
    stores, path = [store("a"), tmp_path / "nowhere", store("b")], notebook(FACTS, END)
    monkeypatch.chdir(tmp_path)
    here = build_reports(stores, "here", notebook=path, jobs=1)
    there = build_reports(stores, "there", notebook=path, scheduler=address)

    assert [each.status for each in there] == ["made", "failed", "made"]
    assert [str(each.folder).replace("here", "there") for each in here] == [
        str(each.folder) for each in there
    ]
    assert [each.fingerprint for each in here] == [each.fingerprint for each in there]
    assert "does not see" in there[1].error
    for one, other in ((here[0], there[0]), (here[2], there[2])):
        assert (one.folder / "facts.json").read_bytes() == (
            other.folder / "facts.json"
        ).read_bytes()
    assert (tmp_path / "there/index.html").is_file()
    assert not list((tmp_path / "there").glob(".*"))
    again = build_reports(stores, "there", notebook=path, scheduler=address)
    assert [each.status for each in again] == ["unchanged", "failed", "unchanged"]


def test_a_worker_that_is_killed_does_not_stop_the_others(tmp_path, notebook, store, address):
    stores = [store(key) for key in "abc"]
    # Once: it kills the process that its kernel's parent is, a dask worker.
    kill = (
        "import os, signal, time\nmark = Path(store, 'killed')\n"
        "if store.endswith('/b') and not mark.exists():\n    mark.touch()\n"
        "    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(60)"
    )

    made = build_reports(
        stores, tmp_path / "out", notebook=notebook(FACTS, kill, END), scheduler=address
    )

    assert [each.status for each in made] == ["made", "made", "made"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "a", "b", "c", "index.html", "runs",
    ]  # fmt: skip


def test_without_a_scheduler_there_it_says_so_in_time(tmp_path, monkeypatch, store):
    monkeypatch.setattr(remote, "PATIENCE", 1)

    with pytest.raises(ReportFailed, match="no dask scheduler answers at tcp://127.0.0.1:1 "):
        build_reports([store("a")], tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def test_without_dask_it_says_what_to_install(tmp_path, monkeypatch, store):
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(BadParameter, match=r"pip install 'odrlib\[dask\]'"):
        build_reports([store("a")], tmp_path / "out", scheduler="tcp://127.0.0.1:1")


def test_a_worker_without_the_shared_disk_says_so(tmp_path, store):
    result = job(str(store("a")), str(tmp_path / "elsewhere/.shared"), {}, "en")

    assert result.error.startswith("the worker on ")
    assert result.error.endswith(
        f" does not see {tmp_path / 'elsewhere'}; workers need a disk that they share"
    )
