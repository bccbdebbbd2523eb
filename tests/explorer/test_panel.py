"""The panel outside a browser: what a click leaves in the widgets is what the session says."""

import threading

import pytest

import odrlib as odr
from odrlib.demo import write_store
from odrlib.explorer import charts
from odrlib.languages import speaking
from tests.test_notebooks import no_orders, twelve_orders


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    return odr.build_facts(odr.read_store(write_store(tmp_path_factory.mktemp("store"), 1_500)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_after_a_filter_bars_and_trend_hold_the_numbers_of_the_selection(facts, language):
    with speaking(language):
        panel = odr.explore(facts).panel
        panel.ui.attribute.value = "tracked"
        panel.ui.filter.click()
        panel.ui.attribute.value = "carrier"
        bars = panel.session.bars("carrier")

    assert {"tracked": "no"} == panel.session.conditions
    assert [bar.defective for bar in bars[: charts.BARS]] == list(panel.ui.bars.data[0].x)
    assert panel.session.trend().defective.tolist() == list(panel.ui.trend.data[1].y)


def test_a_click_sends_each_chart_one_change_that_holds_only_what_is_new(facts):
    panel = odr.explore(facts).panel
    panel.ui.attribute.value = "tracked"
    both = (panel.ui.trend, panel.ui.bars)
    before = [chart._edits for chart in both]
    panel.ui.filter.click()
    trend, bars = (chart._py2js_update for chart in both)

    assert [number + 1 for number in before] == [trend["edit"], bars["edit"]]
    assert {"y"} == set(trend["style_data"])
    assert {"yaxis.ticktext", "margin.l"} >= set(bars["layout_data"])


def test_a_page_that_is_loaded_anew_gets_the_charts_as_they_are(facts):
    panel = odr.explore(facts).panel
    panel.ui.attribute.value = "tracked"
    panel.ui.filter.click()

    assert list(panel.ui.trend.data[0].y) == panel.ui.trend.get_state()["_widget_data"][0]["y"]
    assert panel.ui.bars.layout.height == panel.ui.bars.get_state()["_widget_layout"]["height"]


def test_one_chart_of_a_page_brings_the_script(facts):
    ui = odr.explore(facts).panel.ui

    assert "" == ui.bars._bundle != ui.trend._bundle


@pytest.mark.parametrize("make", [twelve_orders, no_orders])
def test_it_opens_on_a_store_at_the_edge(make, tmp_path):
    panel = odr.explore(make(tmp_path / "store")).panel

    assert panel.ui.standing.value


def test_a_change_that_comes_in_another_thread_while_values_are_set_is_heard(facts):
    """JupyterLab hands messages to the kernel's main thread and to its subshells by turns."""
    panel = odr.explore(facts).panel
    panel.ui.attribute.value = "carrier"
    inside, sent = threading.Event(), threading.Event()

    def setting():
        with panel._setting():
            inside.set()
            sent.wait(10)

    def choosing():
        sent.set()
        panel.ui.attribute.value = "tracked"

    first, second = threading.Thread(target=setting), threading.Thread(target=choosing)
    first.start()
    inside.wait(10)
    second.start()
    first.join(10)
    second.join(10)

    assert {"tracked"} == {bar.column for bar in panel._bars}
    assert not panel._quiet


def test_many_changes_from_two_threads_leave_a_panel_that_hears(facts):
    panel = odr.explore(facts).panel
    names = ["carrier", "tracked"] * 6

    def choose(order):
        for name in order:
            panel.ui.attribute.value = name
            panel.ui.filter.click()
            panel.ui.reset.click()

    both = [threading.Thread(target=choose, args=(order,)) for order in (names, names[::-1])]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    panel.ui.attribute.value = "tracked"
    panel.ui.attribute.value = "carrier"

    assert not panel._quiet
    assert {"carrier"} == {bar.column for bar in panel._bars}
    assert {} == dict(panel.session.conditions)
