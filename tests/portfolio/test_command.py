"""`odr portfolio`: its exit codes, its JSON, and the page it writes."""

import json
from datetime import date, timedelta

import jsonschema
import pytest
from click.testing import CliRunner

from odrlib.cli import commands
from odrlib.errors import BadParameter, ReportFailed
from odrlib.portfolio import Failure, note_failures, portfolio_schema
from odrlib.portfolio.alerts import Alert, exit_code
from tests.portfolio.little_facts import (
    MORNING,
    UNKNOWN,
    cause,
    channel,
    deadline,
    defect,
    forecast,
    over,
    report,
)

TODAY = "2026-03-02"
CALM = {"all": channel(spare=20)}


def odr(*words):
    return CliRunner().invoke(commands, ["portfolio", *map(str, words)])


@pytest.mark.parametrize(
    ("stores", "options", "code"),
    [
        ({"a": CALM}, (), 0),
        ({"a": CALM, "b": {"all": over()}}, (), 4),
        ({"a": {"all": channel(spare=2)}}, (), 4),
        ({"a": {"all": channel(spare=3)}}, (), 0),
        ({"a": {"all": channel(spare=3)}}, ("--warn-spare", 3), 4),
        ({"a": {"all": channel(spare=0)}}, ("--warn-spare", -1), 0),
        ({"a": {"all": UNKNOWN}}, (), 5),
        ({"a": {"all": UNKNOWN}, "b": {"all": over()}}, (), 4),
    ],
)
def test_the_exit_code_says_whether_somebody_has_to_look(tmp_path, stores, options, code):
    for key, amazon in stores.items():
        report(tmp_path, key, amazon=amazon)

    assert code == odr(tmp_path, "--today", TODAY, *options).exit_code


@pytest.mark.parametrize(("days", "code"), [(14, 4), (9, 0), (-1, 0)])
def test_a_breach_within_so_many_days_is_an_alert(tmp_path, days, code):
    report(tmp_path, "a", amazon=CALM, ahead=forecast("breach", breach_on="2026-03-12"))

    assert code == odr(tmp_path, "--today", TODAY, "--warn-days", days).exit_code


def test_old_data_and_failed_reports_are_never_silence(tmp_path):
    report(tmp_path, "a", amazon=CALM)

    assert 0 == odr(tmp_path, "--today", "2026-03-08").exit_code
    assert 5 == odr(tmp_path, "--today", "2026-03-09").exit_code
    at = (MORNING + timedelta(hours=1)).isoformat(timespec="seconds")
    note_failures(tmp_path, [Failure("a", "A", "It broke.", at)])
    assert 5 == odr(tmp_path, "--today", TODAY).exit_code


def test_no_code_is_one_of_the_other_commands(tmp_path):
    codes = {exit_code([Alert("a", code)]) for code in ("over", "unknown")}

    assert {4, 5} == codes
    assert 2 == CliRunner().invoke(commands, ["portfolio", str(tmp_path), "--no"]).exit_code
    assert isinstance(odr(tmp_path).exception, BadParameter)  # `main` makes a 2 of it


def everything(out):
    """A folder with one of everything."""
    asked = {"due": [{"what": "commitment", "id": "K1", "due": "2026-02-01",
                      "latest": "2026-02-01"}],
             "commitments": {"open": 1, "done": 0}, "cases": {"submitted": 1},
             "answers": [{"case": "C1", "number": 1, "outcome": "denied", "on": "2026-02-20"}],
             "linked_account": True, "errors": 0}  # fmt: skip
    told = {"causes": [cause({"carrier": "X"})], "client": "Ada", "appeals": asked,
            "triage": [deadline("111-0000000-0000007", "2026-03-05")],
            "composition": {"by": {"carrier": [{"value": "X", "orders": 20, "defective": 9}]}},
            "evidence": {"orders": [{"cells": {"remedy": {"state": "open"}}}]},
            "quality": [{"id": "missing-feedback", "level": "warning"}],
            "sources": [{"export": "all_orders", "last": "2026-03-01"},
                        {"export": "feedback", "last": "2026-01-01"}]}  # fmt: skip
    report(out, "a", "2026-02-28", client="Ada")
    report(out, "a", amazon={"all": over()}, defects=[defect("111-0000000-0000007")], **told)
    report(out, "b", **told)
    report(out, "c", "2026-01-01", amazon={"all": UNKNOWN}, brief={"all": UNKNOWN})
    folder = report(out, "d")
    (folder / "digest.json").unlink()
    (folder / "facts.json").write_text("[]", encoding="utf-8")
    note_failures(out, [Failure("e", "E", "why", "2026-03-02T08:00:00+00:00", "e/f.ipynb")])


def test_the_json_fits_its_schema_and_holds_no_order_id(tmp_path):
    everything(tmp_path)
    said = odr(tmp_path, "--today", TODAY, "--json")

    assert "" == said.stderr
    jsonschema.validate(json.loads(said.stdout), portfolio_schema())
    assert "0000007" not in said.stdout
    assert ["a", "d", "e", "c", "b"] == [row["id"] for row in json.loads(said.stdout)["stores"]]


def test_the_page_holds_everything_and_no_order_id(tmp_path):
    everything(tmp_path)
    said = odr(tmp_path, "--today", TODAY)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert f"Page: {tmp_path / 'index.html'}" in said.stdout
    assert "0000007" not in page
    for words in ("Store a", "Store b", "Carrier X", "e/f.ipynb", "hand it to no client",
                  "tell the same true story", "missing: seller feedback"):  # fmt: skip
        assert words in " ".join(page.split())


def test_a_page_of_one_client_names_no_other_and_leaves_the_index_alone(tmp_path):
    everything(tmp_path)
    report(tmp_path, "zed", client="Zed", name="Store of Zed")
    before = odr(tmp_path, "--today", TODAY) and (tmp_path / "index.html").read_bytes()
    odr(tmp_path, "--today", TODAY, "--client", "Ada", "--page", tmp_path / "ada.html")
    page = (tmp_path / "ada.html").read_text(encoding="utf-8")

    assert "Store a" in page
    assert "Zed" not in page
    assert "Store c" not in page
    assert before == (tmp_path / "index.html").read_bytes()
    assert "Page:" not in odr(tmp_path, "--today", TODAY, "--stores", "a,b").stdout


def test_a_day_that_is_none_is_refused(tmp_path):
    report(tmp_path, "a")

    assert isinstance(odr(tmp_path, "--today", "tomorrow").exception, BadParameter)


def test_as_of_looks_back(tmp_path):
    report(tmp_path, "a", "2026-02-27", amazon={"all": over()})
    report(tmp_path, "a", amazon=CALM)

    assert 4 == odr(tmp_path, "--today", TODAY, "--as-of", date(2026, 2, 27)).exit_code


def test_a_page_that_cannot_be_written_is_said(tmp_path):
    report(tmp_path, "a")
    said = odr(tmp_path, "--today", TODAY, "--page", tmp_path / "a")

    assert isinstance(said.exception, ReportFailed)
    assert "cannot be written" in str(said.exception)
    assert [] == list(tmp_path.glob(".*"))
