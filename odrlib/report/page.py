"""
Page: an executed notebook as sections of blocks, and what every page of ours carries.

Markdown becomes prose (raw HTML in it is escaped); the outputs of cells become blocks by their
media type: our own first, then plotly figures, images and plain text. Other HTML is never used.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import mistune
from markupsafe import Markup
from nbformat import NotebookNode

import odrlib
from odrlib.languages import HTML_LANGUAGES
from odrlib.languages.notebook import spoken_in
from odrlib.report import show, style, templates

HEIGHT = 360  # px of a figure that does not say its own
# The trace types of plotly's cartesian bundle; any other needs the full one.
CARTESIAN = {
    *("bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour"),
    *("image", "pie", "scatter", "scatterternary", "violin"),
}


@dataclass
class Block:
    """One thing under a heading; `figure` and `table` are its places in the packed data."""

    kind: str
    data: Any
    figure: int = -1
    table: int = -1
    height: int = HEIGHT


@dataclass
class Section:
    """A heading of the second level with what stands under it; the first has no title."""

    id: str = ""
    title: str = ""
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Page:
    """What base.html.j2 and index.html.j2 draw. `data` and `plotly` are gzip in base64."""

    title: str
    lang: str
    script: str
    css: str
    policy: str
    version: str
    heading: str = ""
    about: str = ""
    took: str = ""
    sections: list[Section] = field(default_factory=list)
    data: str = ""
    plotly: str = ""


def build_page(
    nb: NotebookNode, *, about: str = "", name: str = "", seconds: Mapping[str, float] | None = None
) -> Page:
    """
    The page of an executed notebook, ready for index.html.j2.

    Parameters
    ----------
    about : one line under the title: store, as-of day
    name : goes before the title in the browser's tab
    seconds : seconds of the run by phase, for the last line
    """
    language = spoken_in(nb)
    words = templates.words(language)
    reader = _Reader(words)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            reader.markdown(cell.source)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                reader.output(output)
    heading = reader.heading or name or words["open_report"]
    page = empty_page(f"{name} · {heading}" if name else heading, language)
    page.heading, page.about = heading, about
    page.sections = [section for section in reader.sections if section.blocks or section.title]
    if seconds:
        spent = ", ".join(f"{words[phase]} {took:.1f} s" for phase, took in seconds.items())
        page.took = words["took"].format(seconds=spent)
    page.data = packed(
        json.dumps(
            {
                "words": words,
                "themes": style.TEMPLATES,
                "figures": reader.figures,
                "tables": reader.tables,
            },
            separators=(",", ":"),
            ensure_ascii=False,
        )
    )
    if reader.figures:
        kinds = {trace.get("type", "scatter") for fig in reader.figures for trace in fig["data"]}
        code, page.plotly = plotly_bundle(full=not kinds <= CARTESIAN)
        page.policy = policy(page.script, code)
    return page


def empty_page(title: str, language: str = "en") -> Page:
    """A page with our style and script and nothing on it yet."""
    script = templates.text("page.js")
    return Page(
        title=title,
        lang=HTML_LANGUAGES.get(language, language),
        script=script,
        css=templates.text("page.css"),
        policy=policy(script),
        version=odrlib.__version__,
    )


# -- what the page may do -----------------------------------------------------------------------


def policy(*scripts: str) -> str:
    """
    The Content-Security-Policy of a page: these scripts and no others, and no network at all.

    Styles are free because plotly writes its own into the page.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
        for code in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def packed(text: str) -> str:
    """Text as gzip in base64; the same text gives the same letters."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


@cache
def plotly_bundle(*, full: bool = False) -> tuple[str, str]:
    """plotly.js as code, and as the page carries it: the cartesian bundle, or everything."""
    if full:
        from plotly.offline import get_plotlyjs

        code = get_plotlyjs()
        return code, packed(code)
    bundle = files("odrlib.report").joinpath("plotly", "plotly-cartesian.min.js.gz").read_bytes()
    return gzip.decompress(bundle).decode(), base64.b64encode(bundle).decode()


# -- from notebook to sections ------------------------------------------------------------------


class _Reader:
    """Collects sections, figures and tables while it walks through the cells."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words
        self.heading = ""
        self.sections = [Section()]
        self.figures: list[dict[str, Any]] = []
        self.tables: list[dict[str, Any]] = []
        self._ids = {"main", "odr-data", "odr-plotly"}
        self._prose = mistune.create_markdown(
            escape=True, plugins=["table", "strikethrough", "footnotes"]
        )
        self._parse = mistune.create_markdown(
            renderer=None, plugins=["table", "strikethrough", "footnotes"]
        )

    def markdown(self, source: str) -> None:
        """A markdown cell: `#` names the page, `##` begins a section, the rest is prose."""
        tokens, state = self._parse.parse(source)
        prose: list[dict[str, Any]] = []
        for token in tokens:
            level = token["attrs"]["level"] if token["type"] == "heading" else 0
            if level == 1 and not self.heading:
                self.heading = _plain(token)
            elif level in (1, 2):
                self._add_prose(prose, state)
                prose = []
                title = _plain(token)
                self.sections.append(Section(self._id(title), title))
            else:
                if level == 3:
                    token["attrs"]["id"] = self._id(_plain(token))
                prose.append(token)
        self._add_prose(prose, state)

    def _add_prose(self, tokens: list[dict[str, Any]], state: mistune.BlockState) -> None:
        html = self._prose.renderer(tokens, state).strip() if tokens else ""
        if html:
            self._add(Block("prose", Markup(html)))  # mistune escaped it

    def _add(self, block: Block) -> None:
        self.sections[-1].blocks.append(block)

    def _id(self, title: str) -> str:
        wanted = style.slug(title)
        candidates: Iterator[str] = (f"{wanted}-{n}" if n else wanted for n in range(1000))
        free = next(name for name in candidates if not {name, f"{name}-title"} & self._ids)
        self._ids |= {free, f"{free}-title"}
        return free

    def output(self, output: NotebookNode) -> None:
        """One output of a code cell. What went to stderr is for the log, not for the reader."""
        if output.output_type == "stream":
            if output.name == "stdout" and output.text.strip():
                self._add(Block("text", output.text))
            return
        data = output.get("data", {})
        for kind in show.KINDS:
            if (ours := data.get(show.MIME.format(kind=kind))) is not None:
                self._ours(kind, ours, data)
                return
        for mime, add in self._others().items():
            if mime in data:
                add(data[mime])
                return

    def _ours(self, kind: str, ours: dict[str, Any], data: Mapping[str, Any]) -> None:
        if kind == "figure":
            self._figure(data[show.PLOTLY], ours)
        elif kind == "table":
            self._add(Block("table", ours, table=self._table(ours)))
        elif kind != "end":
            self._add(Block(kind, ours))

    def _others(self) -> dict[str, Callable[[Any], None]]:
        """What cells show without our help, the best form first."""
        return {
            show.PLOTLY: self._bare_figure,
            "image/svg+xml": lambda svg: self._image("image/svg+xml", svg.encode()),
            "image/png": lambda png: self._image("image/png", base64.b64decode(png)),
            "text/markdown": self.markdown,
            "text/plain": lambda text: self._add(Block("text", text)),
        }

    def _bare_figure(self, drawn: dict[str, Any]) -> None:
        title = drawn.get("layout", {}).get("title", {}).get("text", "")
        self._figure(drawn, {"title": title, "alt": title or "chart", "how": "", "table": None})

    def _figure(self, drawn: dict[str, Any], about: dict[str, Any]) -> None:
        # The page says the title itself, and gives light or dark ink.
        layout = {
            key: value
            for key, value in drawn.get("layout", {}).items()
            if key not in ("title", "template", "meta")
        }
        self.figures.append({"data": drawn["data"], "layout": layout})
        table = about["table"]
        self._add(
            Block(
                "figure",
                about,
                figure=len(self.figures) - 1,
                table=self._table(table) if table else -1,
                height=layout.get("height") or HEIGHT,
            )
        )

    def _table(self, table: dict[str, Any]) -> int:
        self.tables.append(table)
        return len(self.tables) - 1

    def _image(self, mime: str, content: bytes) -> None:
        self._add(Block("image", f"data:{mime};base64,{base64.b64encode(content).decode()}"))


def _plain(token: Mapping[str, Any]) -> str:
    """The words of a heading, without their marks."""
    own = token.get("raw", "")
    return own + "".join(_plain(child) for child in token.get("children", ()))
