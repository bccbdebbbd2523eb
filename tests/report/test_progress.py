"""How far a batch is, and what it says when it is stopped, in both languages."""

from pathlib import Path

from odrlib.languages import speaking, tr
from odrlib.report.pool import limits
from odrlib.report.progress import Progress
from odrlib.report.run import ReportResult

MADE = ReportResult(Path("stores/a"), "a", "Store A", Path("reports/a/2026-03-01"))
LOST = ReportResult(Path("stores/b"), "b", "Store B", error="why", status="failed")


def told(capsys, wanted, language="en"):
    with speaking(language), Progress(2, 10, wanted) as progress:
        progress.ticking(1)()
        progress.done(0, MADE)
        progress.done(1, LOST)
    return capsys.readouterr().err


def test_where_nobody_watches_nothing_is_said_unless_it_is_asked_for(capsys):
    assert told(capsys, None) == ""
    assert told(capsys, False) == ""
    assert told(capsys, True).splitlines() == [
        "1 of 2 stores, 0 failed, about 0.0 min left: a",
        "2 of 2 stores, 1 failed, about 0.0 min left: b",
    ]


def test_progress_reads_as_chinese(capsys):
    assert told(capsys, True, "zh").splitlines() == [
        "共 2 家店铺，已完成 1 家，失败 0 家，约剩 0.0 分钟：a",
        "共 2 家店铺，已完成 2 家，失败 1 家，约剩 0.0 分钟：b",
    ]


def test_what_stops_a_report_reads_as_chinese():
    with speaking("zh"):
        assert (
            tr("{files}: changed while being read; wait until nothing writes there, and run again",
               files="exports/orders.txt")
            == "exports/orders.txt：在读取期间发生了变动；请等到没有程序再写入后重新运行"
        )  # fmt: skip
        assert (
            tr("the worker on {host} does not see {folder}; workers need a disk that they share",
               host="w1", folder="/data/a")
            == "w1 上的工作进程看不到 /data/a；所有工作进程需要共用一块磁盘"
        )  # fmt: skip


def test_a_result_is_the_same_after_it_went_through_json():
    for result in (MADE, LOST):
        assert ReportResult.from_dict(result.as_dict()) == result


def test_the_processors_are_shared_out_and_what_a_person_set_stays(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    assert limits(4)["OMP_NUM_THREADS"] == "2"
    assert limits(16)["OMP_NUM_THREADS"] == "1"
    assert limits(4)["MKL_NUM_THREADS"] == "3"
