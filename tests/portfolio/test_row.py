"""Which store is called first, and what the clock and missing reports do to a standing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from odrlib.errors import BadParameter
from odrlib.portfolio import Failure, note_failures, portfolio, portfolio_table, read_failures
from tests.portfolio.little_facts import (
    MORNING,
    UNKNOWN,
    channel,
    deadline,
    forecast,
    over,
    report,
)


def rows(out, **options):
    return portfolio(out, **({"now": MORNING} | options)).rows


def ids(out, **options):
    return [row.id for row in rows(out, **options)]


def test_over_then_unknown_then_inside_by_spare_breach_and_deadline(tmp_path):
    soon = forecast("breach", breach_on="2026-03-09", earliest="2026-03-05")
    late = forecast("breach", breach_on="2026-04-09", earliest="2026-03-25")
    report(tmp_path, "far", amazon={"all": channel(spare=9)})
    report(tmp_path, "due", amazon={"all": channel(spare=9)}, triage=[deadline("1", "2026-03-08")])
    report(tmp_path, "late", amazon={"all": channel(spare=4)}, ahead=late)
    report(tmp_path, "soon", amazon={"all": channel(spare=4)}, ahead=soon)
    report(tmp_path, "tight", amazon={"all": channel(spare=1)})
    report(tmp_path, "blind", amazon={"all": UNKNOWN})
    report(tmp_path, "bad", amazon={"all": over(1000, 12)})
    report(tmp_path, "worst", amazon={"all": over(1000, 30)})

    assert ["worst", "bad", "blind", "tight", "soon", "late", "due", "far"] == ids(tmp_path)


def test_a_channel_over_the_limit_makes_the_store_over(tmp_path):
    report(tmp_path, "a", amazon={"all": channel(), "mfn": over(100, 5), "afn": channel(900)})
    (row,) = rows(tmp_path)

    assert ("over", ["mfn"], 0) == (row.status, row.channels_over("amazon"), row.spare)


def test_the_rule_of_30_days_alone_can_make_it_over(tmp_path):
    report(tmp_path, "a", brief={"all": over()})

    assert "over" == rows(tmp_path)[0].status


def test_a_store_that_failed_is_unknown_whatever_its_last_report_said(tmp_path):
    report(tmp_path, "fine")
    report(tmp_path, "calm", amazon={"all": channel(spare=50)})
    report(tmp_path, "loud", amazon={"all": over()})
    at = (MORNING + timedelta(hours=1)).isoformat(timespec="seconds")
    note_failures(tmp_path, [Failure("calm", "Calm", "It broke.", at, "calm/failed.ipynb"),
                             Failure("loud", "Loud", "It broke.", at),
                             Failure("new", "New", "No store.toml.", at)])  # fmt: skip
    found = rows(tmp_path)

    assert ["loud", "new", "calm", "fine"] == [row.id for row in found]
    assert ["unknown", "unknown", "unknown", "under"] == [row.status for row in found]
    assert ["over", "unknown", "under"] == [row.told for row in found[:3]]
    assert "calm/failed.ipynb" == found[2].failure.notebook


def test_a_report_made_after_the_failure_has_mended_it(tmp_path):
    before = (MORNING - timedelta(days=1)).isoformat(timespec="seconds")
    note_failures(tmp_path, [Failure("a", "A", "It broke.", before)])
    report(tmp_path, "a")

    assert [None] == [row.failure for row in rows(tmp_path)]


def test_failures_are_forgotten_once_a_report_is_made(tmp_path):
    note_failures(tmp_path, [Failure("a", "A", "why"), Failure("b", "B", "why")])
    note_failures(tmp_path, [Failure("c", "C", "why")], made=["a"])

    assert ["b", "c"] == [one.id for one in read_failures(tmp_path)]
    assert [] == note_failures(tmp_path, [], made=["b", "c"])
    assert not (tmp_path / "failed.json").exists()


def test_old_data_clear_nobody_and_an_over_store_stays_over(tmp_path):
    report(tmp_path, "calm", "2026-02-01")
    report(tmp_path, "loud", "2026-02-01", amazon={"all": over()})
    loud, calm = rows(tmp_path)

    assert (("loud", "over"), ("calm", "unknown")) == (
        (loud.id, loud.status), (calm.id, calm.status))  # fmt: skip
    assert ("stale",) == calm.doubts
    assert 29 == calm.days_since


@pytest.mark.parametrize("years", [-30, -1])
def test_a_clock_before_the_data_makes_nothing_fresh(tmp_path, years):
    report(tmp_path, "a", triage=[deadline("1", "2026-03-05")])
    (row,) = rows(tmp_path, now=MORNING.replace(year=2026 + years))

    assert (None, ("clock",), "unknown") == (row.days_since, row.doubts, row.status)
    # Days are counted from the data: the deadline is not years away.
    assert (date(2026, 3, 1), 4) == (row.today, row.open_deadlines[0].days_left)


def test_a_day_ahead_is_a_time_zone_and_no_wrong_clock(tmp_path):
    report(tmp_path, "a", "2026-03-03", at=MORNING)
    (row,) = rows(tmp_path)

    assert (0, ()) == (row.days_since, row.doubts)


def test_each_store_counts_days_in_its_own_time_zone(tmp_path):
    for key, zone in (("tokyo", "Asia/Tokyo"), ("la", "America/Los_Angeles")):
        told = {"id": key, "timezone": zone, "account": {}}
        report(tmp_path, key, store=told, triage=[deadline("1", "2026-03-03")])
    midnight = datetime(2026, 3, 3, 1, tzinfo=UTC)
    left = {row.id: row.open_deadlines[0].days_left for row in rows(tmp_path, now=midnight)}

    assert {"tokyo": 0, "la": 1} == left


def test_deadlines_that_passed_since_the_report_are_not_open(tmp_path):
    report(tmp_path, "a", triage=[deadline("1", "2026-03-01"), deadline("2", "2026-03-02"),
                                  deadline("3", "2026-03-20")])  # fmt: skip
    (row,) = rows(tmp_path)

    assert [0, 18] == [one.days_left for one in row.open_deadlines]
    assert (1, 1) == (row.soon, len(row.passed))


def test_commitments_are_told_apart_from_deadlines(tmp_path):
    days = (
        ("commitment", "2026-02-20"),
        ("commitment", "2026-04-01"),
        ("appeal", "2026-03-04"),
        ("answer expected", "2026-03-03"),
    )
    due = [{"what": what, "id": what, "due": day, "latest": day} for what, day in days]
    appeals = {"due": due, "commitments": {"open": 2, "done": 1}, "cases": {"denied": 1},
               "answers": [], "linked_account": False, "errors": 0}  # fmt: skip
    report(tmp_path, "a", appeals=appeals, account={"deadline": "2026-03-06"})
    (row,) = rows(tmp_path)

    assert ["appeal", "account"] == [one.what for one in row.deadlines]
    assert (2, 1, 1) == (len(row.promises), row.overdue, len(row.expected))


def test_facts_that_cannot_be_read_are_a_store_that_cannot_be_judged(tmp_path):
    folder = report(tmp_path, "a")
    (folder / "digest.json").unlink()
    (folder / "facts.json").write_text("{", encoding="utf-8")
    (row,) = rows(tmp_path)

    assert ("unknown", ("unreadable",), "a/2026-03-01/report.html") == (
        row.status, row.doubts, row.report)  # fmt: skip


def test_a_file_that_is_behind_is_named_with_its_last_day(tmp_path):
    sources = [
        {"export": "all_orders", "last": "2026-03-01"},
        {"export": "feedback", "last": "2026-02-01"},
        {"export": "mfn_returns", "last": "2026-02-20"},
        {"export": "ledger_events", "last": "2025-01-01"},
    ]
    report(tmp_path, "a", sources=sources)

    assert (("feedback", date(2026, 2, 1), 28),) == rows(tmp_path)[0].behind


def test_the_newest_report_speaks_unless_another_is_asked_for(tmp_path):
    report(tmp_path, "a", "2026-02-27", amazon={"all": over()})
    report(tmp_path, "a", "2026-03-01")

    assert "under" == rows(tmp_path)[0].status
    assert "over" == rows(tmp_path, as_of=date(2026, 2, 28))[0].status
    assert "over" == rows(tmp_path, chosen={"a": "2026-02-27"})[0].status


def test_only_what_is_asked_for_is_shown(tmp_path):
    for key, client in (("a", "Ada"), ("b", "ADA "), ("c", "Bo")):
        report(tmp_path, key, client=client)

    assert ["a", "b"] == ids(tmp_path, client="ada")
    assert ["c"] == ids(tmp_path, stores=["c"])
    with pytest.raises(BadParameter, match="no report of z"):
        rows(tmp_path, stores=["z"])
    with pytest.raises(BadParameter, match="no store of the client 'Eve'"):
        rows(tmp_path, client="Eve")
    with pytest.raises(BadParameter, match="no report in it"):
        rows(tmp_path / "nowhere")


def test_the_table_has_a_row_per_store_and_says_what_is_not_known(tmp_path):
    report(tmp_path, "a", evidence={"orders": [{"cells": {"remedy": {"state": "open"}}}]})
    report(tmp_path, "b", amazon={"all": UNKNOWN}, appeals=None)
    table = portfolio_table(portfolio(tmp_path, now=MORNING)).set_index("store")

    assert ["b", "a"] == list(table.index)
    assert 1 == table.loc["a", "evidence_open"]
    assert 0 == table.loc["a", "commitments_overdue"]
    assert table.loc["b", ["spare", "rate_amazon", "commitments_overdue"]].isna().all()
