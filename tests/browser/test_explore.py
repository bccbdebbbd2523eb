"""odr.explore in a real JupyterLab: clicked, brushed, undone, worked by keyboard, and kept."""

import csv
import re
import shutil
from pathlib import Path
from statistics import median

import pytest

import odrlib as odr
from odrlib.demo import write_demo, write_store
from tests.browser.jupyter import IDLE, RUN_ALL, TOKEN, is_elsewhere, running_lab

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "explore.ipynb"
# A click until the browser has painted what it changed, in milliseconds, by the browser's clock.
PAINTED = """async ([button, changed]) => {
  const target = document.querySelector(changed), before = target.innerText;
  const began = performance.now();
  document.querySelector(button).click();
  while (target.innerText === before) {
    if (performance.now() - began > 20000) throw Error('nothing changed');
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def open_explorer(chromium, root, address, **options):
    """The page with the panel of the store in `root`, run; it remembers what was said and asked."""
    context = chromium.new_context(viewport={"width": 1500, "height": 2400}, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.said, page.asked = [], []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("request", lambda ask: page.asked.append(ask.url) if is_elsewhere(ask.url) else None)
    page.goto(f"{address}/lab/tree/notebooks/explore.ipynb?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook", timeout=120_000)
    page.evaluate(IDLE)
    page.wait_for_timeout(3_000)
    page.evaluate(RUN_ALL)
    page.wait_for_selector(".odr-bars .bars .point", timeout=180_000)
    page.wait_for_selector(".odr-trend .nsewdrag", timeout=60_000)
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
    page = open_explorer(chromium, *lab)
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


def reset(page):
    if page.locator(".odr-reset").is_enabled():
        page.locator(".odr-reset").click()
    wait_for_crumbs(page)


@pytest.mark.slow
def test_a_click_on_a_bar_filters_and_everything_follows(page, lab):
    reset(page)
    facts = odr.build_facts(odr.read_store(lab[0] / "data" / "demo" / "us-fbm"))
    whole = standing(page)
    page.locator(".odr-attribute select").select_option("tracked")
    page.wait_for_selector(".odr-values option:has-text('yes')", state="attached")
    box = page.locator(".odr-bars .bars .point path").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_crumbs(page, "tracked = no")
    found = facts.selected(
        odr.Selection("amazon", facts.window.first, facts.window.last, where={"tracked": "no"})
    )
    imagined = facts.inquiry.imagined(odr.LikeTheRest({"tracked": "no"})).expected.rate

    assert standing(page) != whole
    assert f"{found['defective'].sum():,} of {len(found):,} orders" in standing(page)
    assert f"{imagined.value:.2%}" in page.locator(".odr-what-if").inner_text()
    assert f"of {found['defective'].sum():,} shown" in page.locator(".odr-orders").inner_text()


@pytest.mark.slow
def test_the_bars_follow_when_another_attribute_is_chosen_after_a_click(page):
    reset(page)
    page.locator(".odr-attribute select").select_option("tracked")
    page.wait_for_selector(".odr-bars .yaxislayer-above text:has-text('yes')")
    page.locator(".odr-filter").click()
    wait_for_crumbs(page, "tracked = no")
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
    """Choose an attribute and a value, filter, take the filter off, all without a mouse."""
    reset(page)
    page.locator(".odr-attribute select").focus()
    page.keyboard.type("tracked", delay=30)
    cells = page.locator(".jp-Cell").count()
    page.wait_for_selector(".odr-values option:has-text('yes')", state="attached")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => !!document.activeElement.closest('.odr-values')"):
            break
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    wait_for_crumbs(page, "tracked = no")
    page.locator(".odr-crumb").first.focus()
    page.keyboard.press("Enter")
    wait_for_crumbs(page)

    assert "solid" == outline
    # Letters typed here are no commands of the notebook.
    assert cells == page.locator(".jp-Cell").count() == 13


@pytest.mark.slow
def test_the_full_search_replaces_the_quick_ranking_by_itself(page):
    reset(page)
    page.wait_for_selector(".odr-causes-state:has-text('Full search')")


@pytest.mark.slow
def test_an_order_shows_what_happened_to_it(page):
    reset(page)
    page.locator(".odr-order select").select_option(index=1)
    page.wait_for_selector(".odr-timeline:has-text('What happened to order')")


@pytest.mark.slow
def test_a_finding_is_saved_and_the_code_shown(page, lab):
    reset(page)
    page.locator(".odr-channel select").select_option("FBM (mfn)")
    wait_for_crumbs(page, "channel = FBM (mfn)")
    page.locator(".odr-code").click()
    page.wait_for_selector(".odr-code-lines pre")
    lines = page.locator(".odr-code-lines pre").inner_text().strip().splitlines()
    page.locator(".odr-note-name input").fill("=all by ourselves")
    page.locator(".odr-note-text textarea").fill("ask the warehouse")
    page.keyboard.press("Tab")
    page.locator(".odr-note-save").click()
    page.wait_for_selector(".odr-note-said:has-text('Saved as F01')")
    path = lab[0] / "data" / "demo" / "us-fbm" / "ledger" / "findings.csv"
    row = list(csv.DictReader(path.open(encoding="utf-8", newline="")))[-1]

    assert ["F01", "'=all by ourselves", "mfn"] == [row[n] for n in ("id", "name", "channel")]
    assert f"{int(row['defective']):,} of {int(row['orders']):,} orders" in standing(page)
    assert 3 == len(lines)
    assert re.search(r"facts.selected\(odr.Selection\('amazon', .*channel='mfn'\)\)", lines[2])


@pytest.mark.slow
def test_nothing_was_wrong_and_nothing_left_the_machine(page):
    assert ([], []) == (page.said, page.asked)
    assert 0 == page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count()


@pytest.mark.slow
def test_a_click_is_answered_soon_at_200_000_orders(chromium, tmp_path):
    """The goal is 200 ms; a test machine may be busy, so the bound here is wider."""
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOK, tmp_path / "notebooks")
    write_store(tmp_path / "data" / "demo" / "us-fbm", orders=200_000)
    with running_lab(tmp_path) as address:
        page = open_explorer(chromium, tmp_path, address)
        page.locator(".odr-attribute select").select_option("tracked")
        page.wait_for_timeout(2_000)
        times = [page.evaluate(PAINTED, [".odr-filter", ".odr-standing"]) for _ in range(9)]
        page.context.close()

    assert median(times) < 1_000
