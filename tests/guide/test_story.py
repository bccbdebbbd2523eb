"""The first hour, file by file: each inspect names the most valuable file that is still missing."""

import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "first_hour.md"
BLOCK = re.compile(r"```console\n\$ (.*?)\n(.*?)```", re.DOTALL)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
# August to October.
ORDERS = "exports/all orders 2026-[01][089].txt"
SHIPPED = "exports/shipping/confirm 2026-[01][089].txt"
# What is taken, and which kind of file comes first afterwards.
STORY = (
    (ORDERS, "odr_detail"),
    ("exports/order defect rate.csv", "feedback"),
    ("exports/feedback.txt", "ledger_claims"),
    ("ledger/claims.csv", "chargebacks_page"),
    ("exports/chargebacks.json", "performance_v2"),
    ("exports/seller performance.json", "confirm_shipment"),
    (SHIPPED, "tracker"),
    ("exports/17track.csv", "new_orders"),
    ("exports/new orders since August.txt", "erp_parcels"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_inspect_names_the_next_most_valuable_file(language, screen, download):
    screen("init", "my-store", "--lang", language)

    def next_file() -> str:
        return json.loads(screen("inspect", "my-store", "--json"))["next"][0]["exports"][0]

    seen = [next_file()]
    for pattern, _ in STORY:
        download(pattern)
        seen.append(next_file())

    assert ["all_orders", *(following for _, following in STORY)] == seen


def test_the_rate_becomes_known_on_the_way(screen, download):
    screen("init", "my-store")

    def rate() -> str:
        answers = json.loads(screen("inspect", "my-store", "--json"))["answers"]
        return next(one["state"] for one in answers if one["id"] == "rate_amazon")

    seen = [rate()]
    for pattern in (ORDERS, "exports/feedback.txt"):
        download(pattern)
        seen.append(rate())
    download("exports/order defect rate.csv")
    seen.append(rate())

    assert ["no", "no", "partly", "yes"] == seen


def test_the_way_ends_with_a_report_in_the_language_of_the_store(screen, download, tmp_path):
    screen("init", "my-store", "--lang", "zh")
    for pattern in (ORDERS, "exports/order defect rate.csv"):
        download(pattern)
    page = tmp_path / screen("report", "my-store").strip()

    assert "report.html" == page.name
    assert 'lang="zh-Hans"' in page.read_text(encoding="utf-8")[:2_000]


def test_the_page_shows_what_the_commands_print(screen, download, request):
    """`pytest --accept tests/guide` writes the screens anew."""

    def done(block: re.Match) -> str:
        command = block[1]
        if command.startswith("cp "):
            download(re.fullmatch(r'cp "Downloads/(.+)" \S+', command)[1])
            return block[0]
        return f"```console\n$ {command}\n{screen(*command.split()[1:])}```"

    printed = BLOCK.sub(done, PAGE.read_text(encoding="utf-8"))
    if request.config.getoption("--accept"):
        PAGE.write_text(printed, encoding="utf-8", newline="")

    # Before there are orders, the days follow the clock.
    assert DAY.sub("a day", printed) == DAY.sub("a day", PAGE.read_text(encoding="utf-8"))
