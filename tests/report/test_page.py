"""From an executed notebook to one HTML page: sections, what may run in it, what it carries."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser

import nbformat
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from odrlib.report import show, templates
from odrlib.report.exporter import ReportExporter
from odrlib.report.page import build_page, packed, plotly_bundle

HOSTILE = "</script><script>alert('1')</script>\"><img src=x onerror=alert(1)>"


def notebook(*cells, language=""):
    """Text is a markdown cell; a list is a code cell with these things shown or these outputs."""
    made = []
    for cell in cells:
        if isinstance(cell, str):
            made.append(nbformat.v4.new_markdown_cell(cell))
            continue
        outputs = [
            nbformat.v4.new_output("display_data", data=each._repr_mimebundle_())
            if isinstance(each, show.Shown)
            else each
            for each in cell
        ]
        made.append(nbformat.v4.new_code_cell("secret = 1", outputs=outputs))
    parameters = {"papermill": {"parameters": {"language": language}}}
    return nbformat.v4.new_notebook(cells=made, metadata=parameters)


def html_of(nb, **about):
    return ReportExporter().from_notebook_node(nb, {"odr": about})[0]


def bar(kind="Bar"):
    fig = go.Figure(getattr(go, kind)())
    return show.figure(fig, "Bars", "Bars in a row", "Counted")


def carried(html):
    pack = re.search(r'id="odr-data">([^<]*)<', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(pack)))


class Elements(HTMLParser):
    """The start tags of a page, as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def test_headings_of_the_second_level_are_sections_with_links_to_them():
    page = build_page(notebook("# Why?\n\nBecause.", "## Where?\n\n### Here\n\nText.\n\n## Where?"))

    assert page.heading == "Why?"
    (part,) = page.parts
    assert [(s.id, s.title) for s in part.sections] == [("where", "Where?"), ("where-1", "Where?")]
    assert '<h3 id="here">Here</h3>' in part.sections[0].blocks[0].data


def test_anchors_and_parts_come_from_the_cells_and_not_from_their_words():
    nb = notebook("# Why?", "## 哪里？\n\n### 这里", "## Which orders?")
    nb.cells[1].metadata["odr"] = {"anchor": "causes", "part": "why"}
    nb.cells[2].metadata["odr"] = {"anchor": "orders", "part": "do"}

    page = build_page(nb)

    assert [(part.name, part.sections[0].id) for part in page.parts] == [
        ("why", "causes"),
        ("do", "orders"),
    ]
    assert '<h4 id="这里">' in page.parts[0].sections[0].blocks[0].data
    headings = [name for name, _ in Elements(html_of(nb)).found if re.fullmatch("h[1-6]", name)]
    assert headings == ["h1", "h2", "h3", "h4", "h2", "h3"]


def test_the_answer_comes_before_what_the_page_is_about():
    nb = notebook("# Why?\n\nThis page says it.", [show.verdict("Over.", [])])

    assert [block.kind for block in build_page(nb).front.blocks] == ["verdict", "prose"]


def test_a_sentence_of_the_verdict_leads_to_the_section_that_proves_it():
    verdict = show.verdict("Over.", [], causes=[("China Post.", "where")], to_do=["Track."])

    links = [
        attrs["href"]
        for attrs in Elements(html_of(notebook("# T", [verdict], "## Where?"))).named("a")
        if attrs["href"] == "#where"
    ]

    assert len(links) == 3  # the contents list, the sentence, the heading's own
    assert "#where" not in html_of(notebook("# T", [verdict]))


def test_inputs_and_stderr_stay_out_and_stdout_is_text():
    nb = notebook(
        [
            nbformat.v4.new_output("stream", name="stderr", text="/home/me: warning"),
            nbformat.v4.new_output("stream", name="stdout", text="a <b>"),
        ]
    )

    html = html_of(nb)

    assert "secret" not in html
    assert "/home/me" not in html
    assert "a &lt;b&gt;" in html


def test_html_of_others_is_not_used():
    data = {"text/html": "<b>theirs</b>", "text/plain": "theirs"}

    html = html_of(notebook([nbformat.v4.new_output("display_data", data=data)]))

    assert "<b>theirs" not in html
    assert re.search(r"<pre[^>]*>theirs</pre>", html)


def test_hostile_text_brings_no_element():
    frame = pd.DataFrame({"comment": [HOSTILE], HOSTILE: [1]})
    fig = go.Figure(go.Bar(x=[HOSTILE], y=[1]))
    nb = notebook(
        f"# T\n\n{HOSTILE} [x](javascript:alert(1))",
        [
            show.table(frame, HOSTILE, note=HOSTILE),
            show.figure(fig, HOSTILE, HOSTILE, HOSTILE, frame),
            show.say(HOSTILE),
        ],
    )

    html = html_of(nb, about=HOSTILE, name=HOSTILE)

    elements = Elements(html)
    assert len(elements.named("script")) == 4
    assert elements.named("img") == []
    assert not any("javascript" in attrs.get("href", "") for attrs in elements.named("a"))
    assert carried(html)["tables"][0]["columns"][0]["text"] == [HOSTILE]


def test_the_policy_allows_the_scripts_of_the_page_and_nothing_else():
    html = html_of(notebook([bar()]))
    rule = next(attrs["content"] for attrs in Elements(html).named("meta") if "http-equiv" in attrs)

    own = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        for code in (*own, plotly_bundle(full=False)[0])
    ]
    assert rule.startswith("default-src 'none'; ")
    assert re.findall(r"'sha256-([^']+)'", rule) == hashes
    assert "unsafe-eval" not in rule
    assert re.search(r"script-src [^;]*unsafe", rule) is None


def test_a_page_names_no_address_that_a_browser_would_fetch():
    html = html_of(notebook("# T", [bar()]))

    for tag, attrs in Elements(html).found:
        assert "src" not in attrs, tag
        assert tag != "link" or attrs["href"] == "data:,"
    assert re.search(r"url\(|@import", templates.text("page.css")) is None


def test_plotly_comes_once_and_only_where_there_are_figures():
    assert html_of(notebook("# T", [bar()], [bar()])).count('id="odr-plotly">') == 1
    assert 'id="odr-plotly">' not in html_of(notebook("# T"))


def test_the_bundle_is_of_the_version_that_draws_in_the_notebook():
    code, pack = plotly_bundle(full=False)

    assert f"v{get_plotlyjs_version()}" in code[:200]
    assert len(pack) < 560_000


def test_a_trace_outside_our_bundle_brings_the_full_one():
    lean, full = build_page(notebook([bar()])), build_page(notebook([bar("Candlestick")]))

    assert lean.plotly == plotly_bundle(full=False)[1]
    assert full.plotly == plotly_bundle(full=True)[1]


def test_the_page_gives_title_and_ink_so_the_figure_carries_neither():
    figure = carried(html_of(notebook([bar()])))["figures"][0]

    assert set(figure["layout"]) & {"title", "template", "meta"} == set()


def test_figures_have_a_text_alternative_and_tell_how_they_were_counted():
    elements = Elements(html_of(notebook([bar()])))

    plot = next(attrs for attrs in elements.named("div") if attrs.get("role") == "img")
    assert plot["aria-label"] == "Bars in a row"
    assert elements.named("figure")[0]["id"] == "figure"


def test_figures_and_tables_are_named_by_their_section_and_their_file():
    table = show.table(pd.DataFrame({"a": [1]}), "Anything", download="defects.csv")

    html = html_of(notebook("# T", "## Where?", [bar(), table], "## When?", [bar(), bar()]))

    elements = Elements(html)
    figures = [attrs["id"] for attrs in elements.named("figure")]
    assert figures == ["where-figure", "when-figure", "when-figure-1"]
    assert "table-defects" in [attrs.get("id") for attrs in elements.named("div")]


def test_tables_have_a_caption_and_headed_rows_and_columns():
    frame = pd.DataFrame({"sku": ["A"], "orders": [3]})

    elements = Elements(html_of(notebook([show.table(frame, "SKUs")])))

    assert [attrs["scope"] for attrs in elements.named("th")] == ["col", "col", "row"]
    assert len(elements.named("caption")) == 1


@pytest.mark.parametrize(("language", "lang"), [("", "en"), ("en", "en"), ("zh", "zh-Hans")])
def test_the_page_is_in_the_language_of_the_run(language, lang):
    html = html_of(notebook("# T", language=language))

    assert Elements(html).named("html")[0]["lang"] == lang
    assert templates.words(language or "en")["skip"] in html


def test_the_page_speaks_chinese():
    assert templates.words("zh")["rows_shown"] == "显示 {shown} 行，共 {total} 行"
    assert templates.words("zh")["workbook"] == "下载全部表格（XLSX）"
    assert templates.words("en")["workbook"] == "Download all tables (XLSX)"


def test_numbers_travel_once_where_their_text_says_them():
    frame = pd.DataFrame({"orders": [1_204.0, None], "rate": [0.0125, None]})
    table = show.table(frame, "SKUs", formats={"rate": ".1%"})

    orders, rate = carried(html_of(notebook([table])))["tables"][0]["columns"]

    assert (orders["plain"], orders["text"], "sort" in orders) == (True, ["1,204", "–"], False)
    assert (rate["sort"], rate["text"]) == ([0.0125, None], ["1.2%", "–"])


def test_a_figure_carries_six_digits_and_no_arrays_in_base64():
    fig = go.Figure(go.Scatter(x=np.arange(3), y=np.array([1 / 3, np.nan, 2_000_000.0])))

    (figure,) = carried(html_of(notebook([show.figure(fig, "A", "A", "A")])))["figures"]

    assert figure["data"][0]["x"] == [0, 1, 2]
    assert figure["data"][0]["y"] == [0.333333, None, 2_000_000.0]


def test_one_heading_leads_and_ids_are_unique():
    html = html_of(notebook("# A\n\n## Main\n\n### Main", [bar()], "# B", [bar()]))

    elements = Elements(html)
    ids = [attrs["id"] for _, attrs in elements.found if "id" in attrs]
    assert len(elements.named("h1")) == 1
    assert len(ids) == len(set(ids))


def test_the_same_text_packs_to_the_same_letters():
    assert packed("ODR") == packed("ODR")
    assert gzip.decompress(base64.b64decode(packed("订单"))).decode() == "订单"
