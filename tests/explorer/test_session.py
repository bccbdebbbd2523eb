"""A session: the way back, what is imagined, and what every view is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import odrlib as odr
from odrlib.demo import write_store
from odrlib.explorer import views
from odrlib.explorer.history import History
from odrlib.explorer.session import Session
from odrlib.explorer.static import headline
from odrlib.languages import speaking
from odrlib.selections import Selection

START = Selection("amazon", "2026-01-01", "2026-03-01")


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    folder = write_store(tmp_path_factory.mktemp("store"), orders=6_000)
    return odr.build_facts(odr.read_store(folder))


@pytest.fixture
def session(facts):
    return Session(facts)


@given(st.lists(st.sampled_from(("A", "B", "C", "undo", "redo")), max_size=30))
def test_redo_takes_back_what_undo_took_back(steps):
    history = History.beginning(START)
    for step in steps:
        if step in ("undo", "redo"):
            history = history.undone() if step == "undo" else history.redone()
        else:
            history = history.then(START.having("sku", step))

        assert not history.past or history.undone().redone() == history
        assert not history.future or history.redone().undone() == history


def test_reset_is_a_step_that_can_be_undone():
    far = History.beginning(START).then(START.having("sku", "A"))

    assert START == far.reset().now
    assert far.now == far.reset().undone().now


def test_a_click_on_a_filtered_value_takes_the_filter_off(session):
    session.toggle("tracked", "no")
    assert {"tracked": "no"} == session.conditions
    session.toggle("tracked", "no")
    assert {} == session.conditions


@pytest.mark.parametrize("profile", ["amazon", "brief"])
def test_what_is_imagined_at_once_is_what_what_if_says(session, profile):
    session.choose(profile=profile)
    session.toggle("tracked", "no")
    inquiry = session.facts.inquiry
    alike = inquiry.imagined(odr.LikeTheRest({"tracked": "no"}))
    chosen = session.selected()
    ids = tuple(chosen.loc[chosen["defective"], "order_id"])
    gone = inquiry.imagined(odr.Reversed(ids))
    mine, off = session.like_the_rest(), session.reversed_defects()

    assert mine.worse
    assert [alike.now.rate, alike.expected.rate] == [mine.now, mine.expected]
    assert {alike.low.rate, alike.high.rate} == {mine.low, mine.high}
    assert (gone.expected.rate, len(ids)) == (off.expected, off.changed)


@pytest.mark.parametrize("profile", ["amazon", "brief"])
def test_one_kind_reversed_leaves_orders_with_another_kind_defective(session, profile):
    session.choose(profile=profile, kind="claim")
    table = session.selected()
    ids = tuple(table.loc[table["claim"], "order_id"])

    assert (
        session.facts.inquiry.imagined(odr.Reversed(ids, "claim")).expected.rate
        == session.reversed_defects().expected
    )


def test_the_full_search_of_the_whole_finds_what_the_report_finds(session, facts):
    assert [cause.where for cause in facts.inquiry.named] == [
        cause.where for cause in session.causes(session.selection)
    ]


def test_the_orders_behind_it_are_the_newest_defective_ones(session):
    found = session.orders(limit=5)
    bad = session.selected()
    bad = bad[bad["defective"]].sort_values(["day", "order_id"], ascending=[False, True])

    assert set(found["order_id"]) <= set(bad["order_id"])
    assert found["day"].tolist() == bad["day"].head(5).tolist()


def test_the_whole_has_the_status_of_the_headline_and_a_slice_its_own(session, facts):
    assert facts.headlines["amazon"]["all"].status == views.status_of(session, session.rate())
    session.choose(first=date(2031, 1, 1), last=date(2031, 1, 2))
    assert "unknown" == views.status_of(session, session.rate())
    assert "No order is selected, so there is no rate." == headline(session)


def test_a_value_from_a_file_is_never_markup(session):
    assert "<b>" not in views.say("<b>x</b>")
    assert "&lt;b&gt;" in views.table("c", [("a", "text")], [["<b>"]])


def test_the_sentences_of_a_slice(session):
    session.toggle("tracked", "no")
    mine, rest = session.rate(), session.rest()

    assert (
        f"The rest of the business: {rest.value:.2%} "
        f"({rest.defective:,} of {rest.orders:,} orders)." == views.rest_line(session)
    )
    with speaking("zh"):
        assert (
            f"其余业务：{rest.value:.2%}（{rest.orders:,} 个订单中有 {rest.defective:,} 个）。"
            == views.rest_line(session)
        )
        assert f"{mine.orders:,} 个订单中有 {mine.defective:,} 个" == views.counts(session, mine)


def test_the_time_before_and_the_share_of_a_slice_are_told(session):
    session.toggle("tracked", "no")
    now, mine, rest = session.selection, session.rate(), session.rest()
    whole, like = mine.defective + rest.defective, mine.orders * rest.defective / rest.orders
    before = now.window.shifted(-60)
    then = odr.build_facts(session.store).selected(
        Selection("amazon", before.first, before.last, where={"tracked": "no"})
    )

    assert (
        f"It holds {mine.defective:,} of the {whole:,} defects of these days "
        f"({mine.defective / whole:.0%}), {mine.defective - like:,.1f} more than at the rate of "
        "the rest." == views.excess_line(session)
    )
    assert views.before_line(session).endswith(
        f"({then['defective'].sum():,} of {len(then):,} orders)."
    )
    session.choose(first=session.span[0], last=session.span[1])
    assert (
        "The files do not hold as many days before, so there is nothing to compare with."
        == views.before_line(session)
    )


def test_all_order_ids_can_be_copied(session):
    bad = session.selected()

    assert set(bad.loc[bad["defective"], "order_id"]) == set(session.order_ids())
    assert "\n".join(session.order_ids()) in views.ids(session.order_ids())


def test_the_lines_of_code_name_the_whole_folder(session, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    assert repr(session.store.folder.resolve().as_posix()) in session.code()
