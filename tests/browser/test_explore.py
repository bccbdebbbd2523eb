"""odr.explore in a real JupyterLab: clicked, brushed, undone, worked by keyboard, and kept."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from statistics import median

import pytest

import odrlib as odr
from odrlib.demo import write_demo, write_store
from tests.browser.clicks import FULL, milliseconds_to_paint
from tests.browser.jupyter import IDLE, RUN_ALL, TOKEN, is_elsewhere, running_lab

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "explore.ipynb"


def open_explorer(chromium, address, name="explore"):
    """The page with a panel that has been run; it remembers what was said and asked."""
    context = chromium.new_context(viewport={"width": 1500, "height": 2400})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.said, page.asked = [], []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("request", lambda ask: page.asked.append(ask.url) if is_elsewhere(ask.url) else None)
    page.goto(f"{address}/lab/tree/notebooks/{name}.ipynb?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook", timeout=120_000)
    page.evaluate(IDLE)
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".odr-bars .bars .point", timeout=240_000)
    page.wait_for_selector(".odr-trend .nsewdrag")
    page.wait_for_selector(FULL)
    return page


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    root = tmp_path_factory.mktemp("lab")
    (root / "notebooks").mkdir()
    shutil.copy(NOTEBOOK, root / "notebooks")
    write_demo(root / "data" / "demo", stores=["us-fbm"], scale=0.1)
    with running_lab(root) as address:
        yield root, address


@pytest.fixture(scope="module")
def page(lab, chromium):
    page = open_explorer(chromium, lab[1])
    yield page
    page.context.close()


def crumbs(page):
    return [
        text.removesuffix(" ✕") for text in page.locator(".odr-crumb:visible").all_inner_texts()
    ]


def wait_for_crumbs(page, *expected):
    page.wait_for_function(
        """expected => JSON.stringify([...document.querySelectorAll('.odr-crumb')]
        .filter(each => each.offsetParent).map(each => each.innerText.replace(' ✕', '').trim()))
        === JSON.stringify(expected)""",
        arg=list(expected),
    )


def standing(page):
    return page.locator(".odr-standing").inner_text()


def wait_for_text(page, place, text):
    page.wait_for_selector(f"{place}:has-text({json.dumps(text)})")


def reset(page):
    if page.locator(".odr-reset").is_enabled():
        page.locator(".odr-reset").click()
    wait_for_crumbs(page)


def bars_by(page, attribute, value):
    """The bars of an attribute, waited for by one of its values."""
    page.locator(".odr-attribute select").select_option(attribute)
    page.wait_for_selector(f".odr-values option:has-text('{value}:')", state="attached")
    page.wait_for_selector(f".odr-bars .ytick:has-text('{value}')")


def tab_to(page, place, key="Tab"):
    """Press Tab until the focus is there."""
    for _ in range(60):
        if page.evaluate("place => !!document.activeElement.closest(place)", place):
            return
        page.keyboard.press(key)
    raise AssertionError(f"no way to {place} with {key}")


@pytest.mark.slow
def test_a_click_on_a_bar_filters_and_everything_follows(page, lab):
    reset(page)
    facts = odr.build_facts(odr.read_store(lab[0] / "data" / "demo" / "us-fbm"))
    whole = standing(page)
    bars_by(page, "tracking", "not tracked")
    box = page.locator(".odr-bars .bars .point path").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_crumbs(page, "not tracked")
    found = facts.selected(
        odr.Selection("amazon", facts.window.first, facts.window.last, where={"tracked": "no"})
    )
    imagined = facts.inquiry.imagined(odr.LikeTheRest({"tracked": "no"})).expected.rate

    assert standing(page) != whole
    wait_for_text(page, ".odr-standing", f"{found['defective'].sum():,} of {len(found):,} orders")
    wait_for_text(page, ".odr-what-if", f"{imagined.value:.2%}")
    wait_for_text(page, ".odr-orders", f"of {found['defective'].sum():,} shown")


@pytest.mark.slow
def test_the_bars_follow_when_another_attribute_is_chosen_after_a_click(page):
    reset(page)
    page.locator(".odr-attribute select").select_option("tracking")
    page.wait_for_selector(".odr-bars .yaxislayer-above text:has-text('not tracked')")
    page.locator(".odr-filter").click()
    wait_for_crumbs(page, "not tracked")
    page.locator(".odr-attribute select").select_option("carrier")
    page.wait_for_selector(".odr-bars .yaxislayer-above text:has-text('China Post')")


@pytest.mark.slow
def test_a_drag_over_the_trend_chooses_days_and_undo_takes_them_back(page):
    reset(page)
    before = page.locator(".odr-first input").input_value()
    area = page.locator(".odr-trend .nsewdrag").last.bounding_box()
    page.mouse.move(area["x"] + area["width"] * 0.5, area["y"] + 30)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.75, area["y"] + 60, steps=8)
    page.mouse.up()
    page.wait_for_selector(".odr-crumb:visible:has-text('days 20')")
    chosen = page.locator(".odr-first input").input_value()
    page.locator(".odr-undo").click()
    wait_for_crumbs(page)

    assert chosen != before == page.locator(".odr-first input").input_value()
    page.locator(".odr-redo").click()
    page.wait_for_selector(f".odr-crumb:visible:has-text('days {chosen}')")


@pytest.mark.slow
def test_it_works_with_the_keyboard_alone(page):
    """Attribute, value, filter, undo and the note, by Tab, arrows, Enter and Space."""
    reset(page)
    bars_by(page, "carrier", "UPS")
    cells = page.locator(".jp-Cell").count()
    page.locator(".odr-profile select").focus()
    tab_to(page, ".odr-attribute")
    names = page.locator(".odr-attribute option").all_inner_texts()
    way = names.index("tracking") - names.index("carrier")
    for _ in range(abs(way)):
        page.keyboard.press("ArrowDown" if way > 0 else "ArrowUp")
    page.wait_for_selector(".odr-values option:has-text('not tracked:')", state="attached")
    tab_to(page, ".odr-values")
    # Letters typed here are no commands of the notebook, where "a" adds a cell and "dd" cuts one.
    page.keyboard.type("addb")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    wait_for_crumbs(page, "not tracked")
    tab_to(page, ".odr-undo", "Shift+Tab")
    page.keyboard.press("Space")
    wait_for_crumbs(page)
    tab_to(page, ".odr-note-name")
    page.keyboard.type("by hand")
    page.keyboard.press("Tab")
    page.keyboard.type("no mouse was here")
    tab_to(page, ".odr-note-save")
    page.keyboard.press("Enter")
    wait_for_text(page, ".odr-note-said", "Saved as F")

    assert "solid" == outline
    assert cells == page.locator(".jp-Cell").count() == 13


@pytest.mark.slow
def test_the_full_search_replaces_the_quick_ranking_by_itself(page):
    reset(page)
    bars_by(page, "tracking", "not tracked")
    page.locator(".odr-filter").click()
    wait_for_crumbs(page, "not tracked")
    page.wait_for_selector(FULL)


@pytest.mark.slow
def test_an_order_shows_what_happened_to_it_and_how_far_it_is_proven(page):
    reset(page)
    page.wait_for_selector(FULL)
    page.locator(".odr-order select").select_option(index=1)
    wait_for_text(page, ".odr-timeline", "What happened to order")
    page.locator(".odr-evidence button, button.odr-evidence").first.click()
    wait_for_text(page, ".odr-timeline", "Evidence: delivery")
    wait_for_text(page, ".odr-orders thead", "remedy")


@pytest.mark.slow
def test_a_finding_is_saved_and_the_code_shown(page, lab):
    reset(page)
    page.locator(".odr-channel select").select_option("FBM (mfn)")
    wait_for_crumbs(page, "channel FBM (mfn)")
    page.locator(".odr-code").click()
    wait_for_text(page, ".odr-code-lines pre", "channel='mfn'")
    lines = page.locator(".odr-code-lines pre").inner_text().strip().splitlines()
    page.locator(".odr-note-name input").fill("=all by ourselves")
    page.locator(".odr-note-text textarea").fill("ask the warehouse")
    page.keyboard.press("Tab")
    page.locator(".odr-note-save").click()
    page.wait_for_function("() => document.querySelector('.odr-note-name input').value === ''")
    path = lab[0] / "data" / "demo" / "us-fbm" / "ledger" / "findings.csv"
    row = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))[-1]

    wait_for_text(page, ".odr-note-said", f"Saved as {row['id']}")
    assert ["'=all by ourselves", "mfn"] == [row["name"], row["channel"]]
    assert f"{int(row['defective']):,} of {int(row['orders']):,} orders" in standing(page)
    assert 3 == len(lines)
    assert re.search(r"facts.selected\(odr.Selection\('amazon', .*channel='mfn'\)\)", lines[2])


@pytest.mark.slow
def test_nothing_was_wrong_and_nothing_left_the_machine(page):
    assert ([], []) == (page.said, page.asked)
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count()


@pytest.mark.long
@pytest.mark.slow
def test_a_click_is_answered_soon_at_200_000_orders(lab, chromium):
    """The goal is 200 ms; a test machine may be busy, so the bound here is wider."""
    root, address = lab
    write_store(root / "large", orders=200_000)
    text = NOTEBOOK.read_text(encoding="utf-8").replace("../data/demo/us-fbm", "../large")
    (root / "notebooks" / "large.ipynb").write_text(text, encoding="utf-8")
    page = open_explorer(chromium, address, "large")
    bars_by(page, "tracking", "not tracked")
    times = []
    for _ in range(7):
        times.append(milliseconds_to_paint(page))
        page.wait_for_selector(FULL)
    page.context.close()

    assert median(times) < 1_000
