"""Many stores: a failing one does not stop the others, and the index ranks them, worst first."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from little_report import END, FACTS

from odrlib.errors import BadParameter
from odrlib.policy import CHANNELS
from odrlib.report import build_reports, exit_code
from odrlib.report.index import write_index
from odrlib.report.run import ReportResult


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
    assert capfd.readouterr().err == ""


@pytest.mark.slow
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


def test_the_index_ranks_over_then_unknown_then_under_and_failed_last(tmp_path, store):
    made = []
    for key, status, rate in (("a", "under", 0.001), ("b", "over", 0.02), ("c", "unknown", None)):
        folder = tmp_path / key
        folder.mkdir()
        part = {"orders": 1000, "defective": 1, "rate": rate, "status": status}
        calm = {"orders": 0, "defective": 0, "rate": None, "status": "under"}
        profiles = {
            name: dict.fromkeys(CHANNELS, p) for name, p in (("amazon", part), ("brief", calm))
        }
        facts = {"profiles": profiles, "causes": []}
        (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
        made.append(ReportResult(store(key), key, f"Store {key}", folder, "2026-03-01"))

    page = write_index([*made, result("z", "it broke")], tmp_path).read_text(encoding="utf-8")

    places = [page.index(name) for name in ("Store b", "Store c", "Store a", "Store z", "it broke")]
    assert places == sorted(places)
    assert [path.name for path in tmp_path.glob("*index*")] == ["index.html"]


def test_the_index_shows_a_channel_over_the_limit_and_a_store_without_orders(tmp_path, store):
    calm = {"orders": 1000, "defective": 5, "rate": 0.005, "status": "under"}
    bad = {"orders": 100, "defective": 5, "rate": 0.05, "status": "over"}
    none = {"orders": None, "defective": None, "rate": None, "status": "unknown"}
    made = []
    for key, mfn, whole in (("a", none, none), ("b", bad, calm), ("c", calm, calm)):
        folder = tmp_path / key
        folder.mkdir()
        profile = {"all": whole, "mfn": mfn, "afn": none}
        profiles = {"amazon": profile, "brief": profile}
        facts = json.dumps({"profiles": profiles, "causes": []})
        (folder / "facts.json").write_text(facts, encoding="utf-8")
        made.append(ReportResult(store(key), key, f"Store {key}", folder, "2026-03-01"))

    page = write_index(made, tmp_path).read_text(encoding="utf-8")

    places = [page.index(name) for name in ("Store b", "Store a", "Store c")]
    assert places == sorted(places)
    told = '{}</span><span class="counts">FBM (mfn) over</span>'
    assert told.format("5 of 1,000 orders") in page
    assert told.format("5 defects on 1,000 orders") in page


def test_the_index_speaks_the_language_that_its_reports_share(tmp_path, store):
    part = {"orders": 1000, "defective": 20, "rate": 0.02, "status": "over"}
    profile = {"all": part, "mfn": part, "afn": part}
    facts = json.dumps({"profiles": {"amazon": profile, "brief": profile}, "causes": []})
    made = []
    for key in ("a", "b"):
        (tmp_path / key).mkdir()
        (tmp_path / key / "facts.json").write_text(facts, encoding="utf-8")
        with open(store(key) / "store.toml", "a", encoding="utf-8") as settings:
            settings.write('language = "zh"\n')
        folder = tmp_path / "stores" / key
        made.append(ReportResult(folder, key, f"店铺 {key}", tmp_path / key, "2026-03-01"))

    page = write_index(made, tmp_path).read_text(encoding="utf-8")

    assert '<html lang="zh-Hans">' in page
    assert "<h1>2 家店铺的订单缺陷率</h1>" in page
    assert '<html lang="en">' in write_index(made, tmp_path, "en").read_text(encoding="utf-8")
