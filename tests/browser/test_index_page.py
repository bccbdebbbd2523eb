"""The index of many stores as a reader meets it."""

import pytest

pytestmark = pytest.mark.slow


def test_the_worst_store_is_first_and_its_report_is_one_click_away(visit, index):
    page = visit(index, drawn=False)

    assert page.locator("tbody th a").all_inner_texts() == ["Store loud", "Store calm"]
    assert page.get_by_text("It broke.").is_visible()
    assert page.locator("main img").count() == 0
    page.get_by_role("link", name="Store loud").click()
    assert page.title() == "Report"
    assert page.said == []


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, axe, index, width, ground):
    viewport = {"width": width, "height": 800}
    page = visit(index, drawn=False, viewport=viewport, color_scheme=ground)

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_light_and_dark_change_places(visit, index):
    page = visit(index, drawn=False)
    page.get_by_role("button", name="Light or dark").click()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.said == []
