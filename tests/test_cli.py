"""The commands: exit codes, JSON, and one line instead of a traceback."""

import json
import subprocess
import sys

import pytest
from stores import make_store, odr_file, order, order_id, orders_file

FILES = {
    "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)]),
    "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2, 3)]),
}


def odr(*arguments):
    command = [sys.executable, "-c", "from odrlib.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return make_store(tmp_path_factory.mktemp("cli") / "store", FILES)


def test_status_as_json_holds_profiles_reconciliation_and_roll_off(store):
    run = odr("status", store, "--as-of", "2026-03-20", "--json")
    found = json.loads(run.stdout)

    assert 0 == run.returncode
    assert {"as_of", "profiles", "reconciliation", "roll_off"} <= set(found)
    assert 3 == found["profiles"]["amazon"]["all"]["defective"]


def test_status_prints_the_day_and_both_rules(store):
    run = odr("status", store)

    assert "2026-03-01 (the last day that the orders files cover)" in run.stdout
    assert "Amazon's rule" in run.stdout
    assert "30-day rule" in run.stdout


def test_status_takes_other_assumptions_of_the_days_to_come(store):
    few = ("--orders-per-day", "1", "--new-defects-per-day", "0.5", "--as-of", "2026-03-20")
    found = json.loads(odr("status", store, *few, "--json").stdout)["roll_off"]["amazon"]

    assert any("1 order a day is assumed" in sentence for sentence in found["assumptions"])


def test_inspect_counts_every_row(store):
    run = odr("inspect", store)

    assert "300 rows = 300 used + 0 set aside" in run.stdout
    assert json.loads(odr("inspect", store, "--json").stdout)["sources"][0]["rows_read"] == 3


def test_causes_says_something_in_both_forms(store):
    assert odr("causes", store).stdout.strip()
    assert "causes" in json.loads(odr("causes", store, "--json").stdout)


@pytest.mark.parametrize(
    "arguments", [("status", "no-such-folder"), ("status", ".", "--as-of", "yesterday")]
)
def test_bad_input_is_one_line_and_exit_2(tmp_path, arguments):
    run = odr(*arguments)

    assert (2, 1) == (run.returncode, len(run.stderr.strip().splitlines()))
    assert run.stderr.startswith("odr: ")


def test_an_unknown_command_is_exit_2():
    assert 2 == odr("conquer").returncode


def test_init_writes_a_folder_that_inspect_reads(tmp_path):
    made = odr("init", tmp_path / "new", "--marketplace", "de")
    seen = odr("inspect", tmp_path / "new")

    assert (0, 0) == (made.returncode, seen.returncode)
    assert "No file gives orders" in seen.stdout
