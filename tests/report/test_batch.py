"""Many stores: a failing one does not stop the others, and the index ranks them, worst first."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from little_report import END, FACTS

from odrlib.errors import BadParameter
from odrlib.report import build_reports, exit_code
from odrlib.report.attempt import failed
from odrlib.report.index import write_index
from odrlib.report.run import ReportResult
from tests.portfolio.little_facts import MORNING, UNKNOWN, channel, over, report


def result(key, error=""):
    return ReportResult(Path(key), key, f"Store {key}", None if error else Path(key), error=error)


@pytest.mark.slow
def test_a_store_that_fails_is_told_and_the_others_are_made(tmp_path, notebook, store, capfd):
    out = tmp_path / "reports"
    stores = [store("a"), tmp_path / "nowhere", store("b")]

    made = build_reports(stores, out, notebook=notebook(FACTS, END), jobs=2)

    assert [each.id for each in made] == ["a", "nowhere", "b"]
    assert [bool(each.error) for each in made] == [False, True, False]
    assert exit_code(made) == 3
    index = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="a/2026-03-01/report.html"' in index
    assert "no such folder" in index
    assert 'Carrier &lt;USPS&gt; <span class="counts">9 of 300 orders</span>' in index
    assert not list(out.glob(".*"))
    assert (out / "a" / "2026-03-01" / "digest.json").is_file()
    assert capfd.readouterr().err == ""


@pytest.mark.slow
def test_a_store_that_fails_is_told_by_its_own_id_and_not_by_its_folders(store):
    folder = store("a").rename(store("b").with_name("c"))

    told = failed(folder, BadParameter("no"))
    (folder / "store.toml").unlink()
    untold = failed(folder, BadParameter("no"))

    assert (("a", "Store A"), ("c", "c")) == ((told.id, told.name), (untold.id, untold.name))


def test_one_store_needs_no_index(tmp_path, notebook, store):
    made = build_reports([store("a")], tmp_path / "reports", notebook=notebook(FACTS, END))

    assert [each.as_of for each in made] == ["2026-03-01"]
    assert not (tmp_path / "reports" / "index.html").exists()


def test_the_exit_code_tells_none_some_and_all():
    fine, failed = result("a"), result("b", "why")
    bad = replace(failed, bad_input=True)

    runs = ([fine], [fine, failed], [failed, bad], [bad, bad], [fine, bad])
    assert [exit_code(run) for run in runs] == [0, 3, 1, 2, 3]


def test_two_stores_with_one_id_are_refused_before_one_overwrites_the_other(store):
    first = store("a")
    second = first.parent / "copy"
    second.mkdir()
    (second / "store.toml").write_bytes((first / "store.toml").read_bytes())

    with pytest.raises(BadParameter, match="the same id 'a'"):
        build_reports([first, second])


def index_of(tmp_path, *results, **options):
    """The index after a run with these results."""
    return write_index(results, tmp_path, now=MORNING, **options).read_text(encoding="utf-8")


def made_of(tmp_path, store, key, **more):
    """A finished report, and what the run says of it."""
    folder = report(tmp_path, key, **more)
    return ReportResult(store(key), key, f"Store {key}", folder, folder.name)


def test_the_index_ranks_over_then_unknown_with_the_failed_then_inside(tmp_path, store):
    made = [
        made_of(tmp_path, store, key, amazon={"all": part})
        for key, part in (("a", channel()), ("b", over()), ("c", UNKNOWN))
    ]

    page = index_of(tmp_path, *made, result("z", "it broke"))

    table = page[page.index("<tbody>") :]
    places = [table.index(name) for name in ("Store b", "Store z", "Store c", "Store a")]
    assert places == sorted(places)
    assert "it broke" in page
    assert [path.name for path in tmp_path.glob("*index*")] == ["index.html"]


def test_the_index_shows_a_channel_over_the_limit_and_a_store_without_orders(tmp_path, store):
    none = channel(None, None, "unknown")
    made = [
        made_of(tmp_path, store, key, amazon=profile, brief=profile)
        for key, profile in (
            ("a", {"all": none}),
            ("b", {"all": channel(1000, 5), "mfn": over(100, 5)}),
            ("c", {"all": channel(1000, 5), "mfn": channel(1000, 5)}),
        )
    ]

    page = index_of(tmp_path, *made)

    table = page[page.index("<tbody>") :]
    places = [table.index(name) for name in ("Store b", "Store a", "Store c")]
    assert places == sorted(places)
    told = '{}</span><span class="counts">FBM (mfn) over</span>'
    flat = re.sub(r">\s+<", "><", page)
    assert told.format("5 of 1,000 orders") in flat
    assert told.format("5 defects on 1,000 orders") in flat


def test_the_index_speaks_the_language_that_its_reports_share(tmp_path, store):
    made = [made_of(tmp_path, store, key, language="zh") for key in ("a", "b")]

    page = index_of(tmp_path, *made)

    assert '<html lang="zh-Hans">' in page
    assert "<h1>2 家店铺的订单缺陷率</h1>" in page
    assert '<html lang="en">' in index_of(tmp_path, *made, language="en")


def test_a_run_of_one_store_leaves_the_others_on_the_page(tmp_path, store):
    index_of(tmp_path, *(made_of(tmp_path, store, key) for key in "abc"))

    again = made_of(tmp_path, Path, "b", amazon={"all": over()})
    page = index_of(tmp_path, again)

    assert all(f">Store {key}</a>" in page for key in "abc")
    assert "1 of 3 stores is over the limit" in page


def test_what_failed_stays_on_the_page_until_its_report_is_made(tmp_path, store):
    made = made_of(tmp_path, store, "a")
    failed = ReportResult(store("b"), "b", "Store b", error="it broke")
    index_of(tmp_path, made, failed)

    again = index_of(tmp_path, made)
    mended = index_of(tmp_path, made_of(tmp_path, lambda _: failed.store, "b"))

    assert "it broke" in again
    assert "it broke" not in mended


def test_a_store_toml_that_is_mended_takes_its_failure_with_it_whatever_its_id(tmp_path, store):
    folder = store("a")
    (folder / "store.toml").write_text("id =", encoding="utf-8")
    index_of(tmp_path, ReportResult(folder, "a", "a", error="it broke"))
    made = report(tmp_path, "another")

    page = index_of(tmp_path, ReportResult(folder, "another", "Another", made, made.name))

    assert "it broke" not in page


def test_a_broken_store_does_not_speak_for_the_store_whose_id_its_folder_has(tmp_path, store):
    made = made_of(tmp_path, store, "a")
    broken = tmp_path / "elsewhere" / "a"

    page = index_of(tmp_path, made, ReportResult(broken, "a", "a", error="it broke"))

    assert 'class="under' in page
    assert "it broke" in page
    assert "1 cannot be judged" in page
