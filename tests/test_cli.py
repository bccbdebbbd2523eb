"""The commands: exit codes, JSON, and one line instead of a traceback."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from stores import make_store, odr_file, order, order_id, orders_file

from odrlib.cli import commands
from odrlib.cli_language import Command, Group
from odrlib.languages import speaking
from odrlib.settings import read_settings

SCREEN = Path(__file__).parent / "inspect_zh.txt"
FILES = {
    "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(300)]),
    "exports/odr.csv": odr_file([(order_id(n), "2026-03-01", "A") for n in (1, 2, 3)]),
}


def odr(*arguments, **variables):
    program = "import sys; sys.argv[0] = 'odr'; from odrlib.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", **variables},
    )


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
    assert "no file gives the orders" in seen.stdout
    assert "sellercentral.amazon.de" in made.stdout


def test_without_orders_status_says_what_to_fetch_and_is_exit_2(tmp_path):
    odr("init", tmp_path / "new")
    run = odr("status", tmp_path / "new")

    assert (2, 1) == (run.returncode, len(run.stderr.strip().splitlines()))
    assert "no file gives the orders" in run.stderr
    assert "odr inspect" in run.stderr


def test_inspect_as_json_holds_answers_and_what_to_fetch_next(store):
    found = json.loads(odr("inspect", store, "--json").stdout)

    assert ["store", "as_of", "sources", "set_aside", "quality", "answers", "next"] == list(found)
    assert {"id", "question", "state", "reason", "tells"} == set(found["answers"][0])
    assert "all_orders" == found["next"][0]["exports"][0]


def test_the_screen_of_a_tiny_store_in_chinese(store, expect):
    """Up to the related metrics, which another room says."""
    run = odr("inspect", store, "--lang", "zh")

    expect(SCREEN, run.stdout.partition("相关指标")[0] + "\n")
    assert "1. 所有订单报告（没有它什么都得不出）" in run.stdout
    assert "   日期：至少 2025-12-17 至 2026-02-28（下单日期）。" in run.stdout


def test_a_store_speaks_its_own_language_unless_another_is_asked_for(tmp_path):
    own = make_store(tmp_path / "own", {}, 'language = "zh"\n')

    assert "没有任何文件提供订单" in odr("status", own).stderr
    assert "no file gives the orders" in odr("status", own, "--lang", "en").stderr


# Names, codes and file names, which are the same in every language.
SAME = (
    r"ODR_LANG|Markdown|HTML|JSON|Word|ZIP|PDF|store\.toml|facts\.json|pytesseract|YYYY-MM-DD"
    r"|-{1,2}[\w-]+|\b(odr|facts|evidence|amazon|brief|reports|docx)\b"
    r"|more-information|denied|approved|dask|tcp://host:8786"
)
HELP = (
    (),
    ("inspect",),
    ("report",),
    ("portfolio",),
    ("init",),
    ("poa", "draft"),
    ("appeal", "reply"),
)


@pytest.mark.parametrize("command", HELP, ids=" ".join)
def test_help_in_chinese_is_fully_chinese(command):
    with speaking("zh"):
        said = CliRunner().invoke(commands, [*command, "--help"]).output
    # The first column names commands and options; the first line names the command itself.
    rest = [re.sub(r"^  [a-z]+  |^  -\S+( \S+)?  ", "", line) for line in said.splitlines()[1:]]

    assert said.startswith("用法：")
    assert [] == re.findall(r"[A-Za-z]{3,}", re.sub(SAME, "", "\n".join(rest)))


def test_help_follows_the_variable():
    said = odr("--help", ODR_LANG="zh").stdout

    assert "选项：" in said
    assert "显示本说明并退出。" in said


def test_help_in_english_stays_what_it_was():
    said = CliRunner().invoke(commands, ["inspect", "--help"], prog_name="odr").output

    assert "Usage: odr inspect [OPTIONS] STORE" in said
    assert "  --as-of DAY  The day to answer for (2026-03-01)." in said


def test_help_of_a_command_is_the_same_whoever_calls_it_first():
    command = click.command(cls=Command, name="one")(lambda: None)
    above = click.group(cls=Group, name="odr")(lambda: None)
    above.add_command(command)
    alone = CliRunner().invoke(command, ["-h"], prog_name="odr one").output

    assert "-h, --help" in alone
    assert CliRunner().invoke(above, ["one", "--help"], prog_name="odr").output == alone


@pytest.mark.parametrize("kind", [Command, Group])
def test_help_is_said_in_the_language_spoken_now_not_the_one_it_was_first_said_in(kind):
    command = click.command(cls=kind)(lambda: None)  # its help was never said before
    said = []
    for language in ("zh", "en", "zh"):
        with speaking(language):
            said.append(CliRunner().invoke(command, ["--help"]).output)

    assert "显示本说明并退出。" in said[0]
    assert "Show this message and exit." in said[1]
    assert said[0] == said[2]


def test_what_click_refuses_is_said_in_the_language_too():
    run = odr("status", ODR_LANG="zh")

    assert 2 == run.returncode
    assert "错误：缺少参数" in run.stderr


def test_a_language_that_is_not_spoken_is_exit_2(store):
    assert 2 == odr("status", store, "--lang", "fr").returncode


def test_init_asks_only_when_told_to(tmp_path):
    run = CliRunner().invoke(
        commands, ["init", str(tmp_path / "shop"), "--ask"], input="zh\njp\n我的店\n"
    )
    settings = read_settings(tmp_path / "shop")

    assert 0 == run.exit_code
    assert ("zh", "JP", "我的店") == (settings.language, settings.marketplace, settings.name)
    assert "接下来把下载的文件放入" in run.output


def test_a_language_may_be_asked_for_before_the_command(tmp_path):
    odr_help = CliRunner().invoke(commands, ["--lang", "zh", "inspect", "--help"]).output

    assert "列出每个文件及其数据行" in odr_help


def test_a_file_among_the_stores_of_a_pattern_is_told_and_left_out(tmp_path):
    (tmp_path / "truth.json").write_text("{}")
    (tmp_path / "none").mkdir()

    run = odr("report", tmp_path / "none", tmp_path / "truth.json", "--out", tmp_path / "out")

    told, failed = run.stderr.splitlines()
    assert told == f"odr: {tmp_path / 'truth.json'}: a file, not a store folder; left out"
    assert failed.startswith("odr: none: no report: ")
    assert run.returncode == 2


@pytest.mark.parametrize("command", ["init {place}", "demo {place}", "notebooks {place}"])
def test_a_place_that_cannot_be_written_is_one_line_and_exit_1(tmp_path, command):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    place = tmp_path / "file" / "new"

    run = odr(*command.format(place=place).split())

    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert run.stderr.startswith(f"odr: {place}")
