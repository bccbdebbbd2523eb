"""The index of many stores as a reader meets it."""

import json

import pytest

from odrlib.report.batch import write_index
from odrlib.report.run import ReportResult

pytestmark = pytest.mark.slow


@pytest.fixture
def index(tmp_path):
    """Two stores, one over and one unknown, and one whose report failed."""
    made = []
    for key, status, rate in (("calm", "unknown", None), ("loud", "over", 0.02)):
        folder = tmp_path / key / "2026-03-01"
        folder.mkdir(parents=True)
        part = {"orders": 1000, "defective": 20, "rate": rate, "status": status}
        cause = {"where": {"carrier": "<img src=x>"}, "orders": 30, "defective": 9}
        profile = {"all": part, "mfn": part, "afn": part}
        facts = {"profiles": {"amazon": profile, "brief": profile}, "causes": [cause]}
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
        (folder / "report.html").write_text("<title>Report</title>", encoding="utf-8")
        store = tmp_path / "stores" / key
        store.mkdir(parents=True)
        (store / "store.toml").write_text(f'id = "{key}"\nmarketplace = "DE"\n', encoding="utf-8")
        made.append(ReportResult(store, key, f"Store {key}", folder, "2026-03-01"))
    return write_index([*made, ReportResult(tmp_path, "x", "Broken", error="It broke.")], tmp_path)


def test_the_worst_store_is_first_and_its_report_is_one_click_away(visit, index):
    page = visit(index, drawn=False)

    assert page.locator("tbody th a").all_inner_texts() == ["Store loud", "Store calm"]
    assert page.get_by_text("It broke.").is_visible()
    assert page.locator("main img").count() == 0
    page.get_by_role("link", name="Store loud").click()
    assert page.title() == "Report"
    assert page.said == []


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(visit, index, width):
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core is not here")
    page = visit(index, drawn=False, viewport={"width": width, "height": 800})

    assert [each["id"] for each in axe.Axe().run(page)["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
