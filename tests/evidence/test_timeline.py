"""One order's story from all files, in order, with the promises that were broken."""

from __future__ import annotations

import pytest

import odrlib as odr
from odrlib.errors import BadParameter
from odrlib.evidence import timeline
from tests.evidence.folders import TODAY, clean, order_id, store_files
from tests.stores import feedback_file, make_store


def story(folder, case, settings="", files=None):
    make_store(folder, store_files([case]) | (files or {}), settings)
    return timeline(odr.read_store(folder, today=TODAY), case.id)


def test_everything_that_the_files_tell_stands_in_order(tmp_path):
    told = story(tmp_path / "a", clean(1))

    assert [
        "ordered", "shipped", "first scan", "ship-by", "delivered", "buyer's message", "answer",
        "delivery promised", "claim filed", "refund", "decision on the claim",
    ] == told["event"].tolist()  # fmt: skip
    assert not told["broken"].any()
    assert told["at"].is_monotonic_increasing
    assert "ledger/claims.csv:2" == told.loc[told["event"].eq("claim filed"), "source"].item()


def test_a_broken_promise_says_by_how_much(tmp_path):
    case = clean(1)
    case.cell("deliveries", "first_scan_at", "2026-05-08T02:24:00Z")
    case.cell("deliveries", "delivered_at", "2026-05-13T00:00:01Z")
    case.cell("messages", "at", "2026-05-11T10:30:00Z", 1)
    told = story(tmp_path / "a", case)

    assert [
        "first scan 2.1 days after the ship-by",
        "answered after 25.5 hours",
        "delivered 2.0 days after the promised delivery; delivered after the buyer complained",
    ] == told.loc[told["broken"], "said"].tolist()


def test_a_step_before_the_order_is_broken(tmp_path):
    case = clean(1)
    case.cell("deliveries", "shipped_at", "2026-05-02T16:00:00Z")
    told = story(tmp_path / "a", case)

    assert ["shipped before it was ordered"] == told.loc[told["broken"], "said"].tolist()


def test_days_are_cut_in_the_store_s_time_zone(tmp_path):
    case = clean(1)
    case.cell("deliveries", "shipped_at", "2026-05-04T02:00:00Z")
    told = story(
        tmp_path / "a",
        case,
        'timezone = "America/Los_Angeles"\n',
        {"exports/feedback.txt": feedback_file([(case.id, 1, "5/11/26")]).encode()},
    )

    assert "America/Los_Angeles" == str(told["at"].dt.tz)
    assert 3 == told.loc[told["event"].eq("shipped"), "at"].item().day
    rating = told[told["event"].eq("negative feedback")].iloc[0]
    assert (True, 11, 0) == (rating["day_only"], rating["at"].day, rating["at"].hour)


def test_an_order_that_no_file_tells_of_is_refused(tmp_path):
    make_store(tmp_path / "a", store_files([clean(1)]))
    store = odr.read_store(tmp_path / "a", today=TODAY)

    with pytest.raises(BadParameter, match="no file of this store tells of order"):
        timeline(store, order_id(77))
