"""The index of many stores as a reader meets it."""

import pytest

pytestmark = pytest.mark.slow


def test_the_worst_store_is_first_and_its_report_is_one_click_away(visit, index):
    page = visit(index, drawn=False)

    rows = page.locator("table.stores tbody th a[href$='report.html']")
    assert rows.all_inner_texts() == ["Store loud", "Store calm", "Store near"]
    assert page.get_by_text("It broke.", exact=True).is_visible()
    assert page.locator("main img, main b b, dl b").count() == 0
    rows.first.click()
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


def shown(page):
    return page.locator("table.stores tbody tr:visible").evaluate_all("all => all.map((r) => r.id)")


def test_stores_are_searched_filtered_and_sorted_and_worst_first_comes_back(visit, index):
    page = visit(index, drawn=False)
    first = ["store-loud", "store-x", "store-calm", "store-near"]
    assert shown(page) == first

    page.get_by_label("Search").fill("LOUD")
    assert shown(page) == ["store-loud"]
    assert page.locator(".shown").inner_text() == "1 of 4 stores"
    page.get_by_label("Search").fill("nobody")
    assert page.get_by_text("No store is like that.").is_visible()
    page.get_by_label("Search").fill("")
    page.get_by_label("Show").select_option("near")
    assert shown(page) == ["store-near"]
    page.get_by_label("Show").select_option("")

    page.get_by_role("button", name="Room to the limit").click()
    # What is not known stands before what is.
    assert shown(page) == ["store-x", "store-calm", "store-loud", "store-near"]
    page.get_by_role("button", name="Worst first").click()
    assert shown(page) == first
    assert page.said == []


def test_a_name_in_the_lists_leads_to_its_row_also_past_a_filter(visit, index):
    page = visit(index, drawn=False)
    page.get_by_label("Show").select_option("near")
    page.locator(".lists a", has_text="Store loud").first.click()

    assert page.locator("#store-loud").is_visible()
    assert page.locator("#store-loud:target").count() == 1


def test_without_a_script_every_row_is_there(visit, index):
    page = visit(index, drawn=False, java_script_enabled=False)

    assert shown(page) == ["store-loud", "store-x", "store-calm", "store-near"]
    assert not page.get_by_label("Search").is_visible()


def test_nothing_is_asked_of_any_network(visit, index):
    page = visit(index, drawn=False)

    assert page.asked == [index.as_uri()]


def test_on_a_phone_each_store_is_a_block_as_wide_as_the_page(visit, index):
    page = visit(index, drawn=False, viewport={"width": 390, "height": 844})
    wide = page.locator("#store-loud th").bounding_box()["width"]

    assert wide > 300
    # A store without a report has nothing but its name and the reason.
    assert page.locator("#store-x td:visible").count() == 0
