"""
Page: an executed notebook as sections of blocks, and what every page of ours carries.

Markdown becomes prose (raw HTML in it is escaped); the outputs of cells become blocks by their
media type: our own first, then plotly figures, images and plain text. Other HTML is never used.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby
from math import isfinite
from operator import eq
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import mistune
import orjson
from markupsafe import Markup

import odrlib
from odrlib.figures import lettering
from odrlib.harmless import seen
from odrlib.languages import HTML_LANGUAGES
from odrlib.languages.notebook import spoken_in
from odrlib.report import media, style, templates

if TYPE_CHECKING:
    from nbformat import NotebookNode

TEMPLATE = "index.html.j2"
HEIGHT = 360  # px of a figure that does not say its own
# The trace types of our own bundle (plotly/README.md); any other needs the full one.
OURS = {"bar", "heatmap", "scatter"}
_LIGHT = frozenset((str, int, bool, type(None)))  # what has no digits to spare


@dataclass
class Block:
    """One thing under a heading; `figure` and `table` are its places in the packed data."""

    kind: str
    data: Any
    id: str = ""
    figure: int = -1
    table: int = -1
    table_id: str = ""
    height: int = HEIGHT


@dataclass
class Section:
    """A heading of the second level with what stands under it; the first has no title."""

    id: str = ""
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    part: str = ""


@dataclass
class Part:
    """Sections in a row that answer one kind of question; without a name, all of a page."""

    name: str
    sections: list[Section]


@dataclass
class Page:
    """What base.html.j2 and index.html.j2 draw. `data` and `plotly` are gzip in base64."""

    title: str
    lang: str
    early: str
    script: str
    css: str
    policy: str
    version: str
    heading: str = ""
    about: str = ""
    took: str = ""
    rules: str = ""
    front: Section = field(default_factory=Section)
    parts: list[Part] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
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
            reader.markdown(cell.source, cell.metadata.get("odr", {}))
        elif cell.cell_type == "code":
            for output in cell.outputs:
                reader.output(output)
    heading = reader.heading or name or words["open_report"]
    page = empty_page(f"{name} · {heading}" if name else heading, language)
    page.heading, page.about = heading, about
    heights = {block.height for section in reader.sections for block in section.blocks}
    page.rules = footline(about or heading) + Markup("").join(map(_height_rule, sorted(heights)))
    page.front, *sections = reader.sections
    # The answer comes first; what the page is about can be read afterwards.
    page.front.blocks.sort(key=lambda block: block.kind != "verdict")
    page.parts = [Part(name, list(alike)) for name, alike in groupby(sections, lambda s: s.part)]
    page.anchors = {section.id for section in sections}
    if seconds:
        spent = (
            words["phase"].format(phase=words[phase], seconds=took)
            for phase, took in seconds.items()
        )
        page.took = words["took"].format(seconds=words["comma"].join(spent))
    carried = {
        "words": words,
        "themes": style.TEMPLATES,
        "figures": reader.figures,
        "tables": reader.tables,
        "workbook": f"{style.slug(name or heading)}.xlsx",
    }
    page.data = packed(seen(orjson.dumps(carried).decode()))
    if reader.figures:
        kinds = {trace.get("type", "scatter") for fig in reader.figures for trace in fig["data"]}
        code, page.plotly = plotly_bundle(full=not kinds <= OURS)
        page.policy = policy(page.early, page.script, code)
    return page


def empty_page(title: str, language: str = "en") -> Page:
    """A page with our style and script and nothing on it yet."""
    early, script = templates.text("script/early.js"), templates.script()
    return Page(
        title=title,
        lang=HTML_LANGUAGES.get(language, language),
        early=early,
        script=script,
        css=templates.text("page.css"),
        policy=policy(early, script),
        version=odrlib.__version__,
    )


def footline(text: str) -> Markup:
    r"""
    The rule that prints a line of text at the foot of each sheet; CSS reads every letter by number.

    >>> footline("A")
    Markup('@page { @bottom-left { content: "\\41 " } }')
    """
    letters = "".join(f"\\{ord(letter):x} " for letter in text[:120])
    return Markup(f'@page {{ @bottom-left {{ content: "{letters}" }} }}')


def _height_rule(height: int) -> Markup:
    """Figures have their room before they are drawn, so that nothing moves under the reader."""
    return Markup('.plot[data-height="{0:d}"] {{ height: {0:d}px; }}').format(int(height))


# -- what the page may do -----------------------------------------------------------------------


def policy(*scripts: str) -> str:
    """
    The Content-Security-Policy of a page: these scripts and no others, and no network at all.

    Styles are free because plotly writes its own into the page.
    """
    hashes = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


@cache
def _hash(code: str) -> str:
    """How a policy names a script; the same few stand in every page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def packed(text: str) -> str:
    """Text as gzip in base64; the same text gives the same letters."""
    # Level 9 takes twice as long and saves one byte in a hundred.
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


@cache
def plotly_bundle(*, full: bool) -> tuple[str, str]:
    """plotly.js as code, and as the page carries it: our own bundle, or everything."""
    if full:
        from plotly.offline import get_plotlyjs

        code = get_plotlyjs()
        return code, packed(code)
    bundle = files("odrlib.report").joinpath("plotly", "plotly-report.min.js.gz").read_bytes()
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
        self._ids = {"main", "contents", "odr-data", "odr-plotly"}
        self._ids |= {f"part-{name.removeprefix('part_')}" for name in words if "part_" in name}
        self._prose = mistune.create_markdown(
            escape=True, plugins=["table", "strikethrough", "footnotes"]
        )
        self._parse = mistune.create_markdown(
            renderer=None, plugins=["table", "strikethrough", "footnotes"]
        )

    def markdown(self, source: str, about: Mapping[str, str] = MappingProxyType({})) -> None:
        """
        A markdown cell: `#` names the page, `##` begins a section, the rest is prose.

        `about` is the cell's metadata "odr": the section's `anchor`, which stays the same in every
        language, and the `part` of the page it belongs to.
        """
        parsed: Any = self._parse.parse(source)  # without a renderer: tokens, and a state
        tokens, state = parsed
        prose: list[dict[str, Any]] = []
        for token in tokens:
            level = token["attrs"]["level"] if token["type"] == "heading" else 0
            if level == 1 and not self.heading:
                self.heading = _plain(token)
            elif level in (1, 2):
                self._add_prose(prose, state)
                prose = []
                title = _plain(token)
                anchor = self._id(about.get("anchor") or title)
                part = about.get("part", self.sections[-1].part)
                self.sections.append(Section(anchor, title, part=part))
            else:
                if level == 3:
                    token["attrs"]["id"] = self._id(_plain(token))
                if level and self.sections[-1].part:
                    token["attrs"]["level"] += 1  # parts stand above sections
                prose.append(token)
        self._add_prose(prose, state)

    def _add_prose(self, tokens: list[dict[str, Any]], state: mistune.BlockState) -> None:
        renderer: Any = self._prose.renderer
        html = renderer(tokens, state).strip() if tokens else ""
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
        for kind in media.KINDS:
            if (ours := data.get(media.MIME.format(kind=kind))) is not None:
                self._ours(kind, ours, data)
                return
        for mime, add in self._others().items():
            if mime in data:
                add(data[mime])
                return

    def _ours(self, kind: str, ours: dict[str, Any], data: Mapping[str, Any]) -> None:
        if kind == "figure":
            self._figure(data[media.PLOTLY], ours)
        elif kind == "table":
            self._add(Block("table", ours, self._table_id(ours), table=self._table(ours)))
        elif kind != "end":
            self._add(Block(kind, ours))

    def _others(self) -> dict[str, Callable[[Any], None]]:
        """What cells show without our help, the best form first."""
        return {
            media.PLOTLY: self._bare_figure,
            "image/svg+xml": lambda svg: self._image("image/svg+xml", svg.encode()),
            "image/png": lambda png: self._image("image/png", base64.b64decode(png)),
            "text/markdown": self.markdown,
            "text/plain": lambda text: self._add(Block("text", text)),
        }

    def _bare_figure(self, drawn: dict[str, Any]) -> None:
        title = drawn.get("layout", {}).get("title", {}).get("text", "")
        self._figure(
            drawn, {"title": title, "alt": title or self.words["chart"], "how": "", "table": None}
        )

    def _figure(self, drawn: dict[str, Any], about: dict[str, Any]) -> None:
        layout = lettering.without_title(drawn.get("layout", {}))
        self.figures.append({"data": _light(drawn["data"]), "layout": layout})
        table = about["table"]
        self._add(
            Block(
                "figure",
                about,
                self._id("-".join(filter(None, (self.sections[-1].id, "figure")))),
                figure=len(self.figures) - 1,
                table=self._table(table) if table else -1,
                table_id=self._table_id(table) if table else "",
                height=layout.get("height") or HEIGHT,
            )
        )

    def _table(self, table: dict[str, Any]) -> int:
        self.tables.append(table | {"columns": [_lean(column) for column in table["columns"]]})
        return len(self.tables) - 1

    def _table_id(self, table: dict[str, Any]) -> str:
        return self._id(f"table-{table['download'].removesuffix('.csv')}")

    def _image(self, mime: str, content: bytes) -> None:
        self._add(Block("image", f"data:{mime};base64,{base64.b64encode(content).decode()}"))


def _lean(column: dict[str, Any]) -> dict[str, Any]:
    """A column without its numbers where its texts say them, with commas at the thousands."""
    told = (
        None if text == media.MISSING else _number(text.replace(",", "")) for text in column["text"]
    )
    if "sort" not in column or not all(map(eq, told, column["sort"])):
        return column
    return {key: value for key, value in column.items() if key != "sort"} | {"plain": True}


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _light(value: Any) -> Any:
    """A figure's data with six digits a number: more is not seen, and packs badly."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if isfinite(value) else None
    if isinstance(value, list):
        light = _LIGHT.issuperset(map(type, value))
        return value if light else [_light(inner) for inner in value]
    match value:
        case {"dtype": str(), "bdata": str()}:
            return _light(_numbers(value))
        case dict():
            return {key: _light(inner) for key, inner in value.items()}
    return value


def _numbers(packed: Mapping[str, Any]) -> Any:
    """The numbers that plotly sends as bytes, which our own figures do not."""
    import numpy as np

    numbers = np.frombuffer(base64.b64decode(packed["bdata"]), np.dtype(packed["dtype"]))
    return numbers.reshape([int(n) for n in str(packed.get("shape", -1)).split(",")]).tolist()


def _plain(token: Mapping[str, Any]) -> str:
    """The words of a heading, without their marks."""
    own: str = token.get("raw", "")
    return own + "".join(_plain(child) for child in token.get("children", ()))
