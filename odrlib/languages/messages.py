"""
Messages: every text in odrlib that the catalogues must hold, found by reading the sources.

Python: the literal first arguments of `tr`, `trn` and `mark`, and the nouns of `count`; of the
commands (`cli*.py`) their docstrings and `help=` texts too.
TOML: the keys that `TOML_TEXTS` names. Notebooks: each markdown cell, and the comments of the
parameters. Room by room, as the catalogues are.
"""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
# TOML files whose texts people read: the keys of these texts, at any depth.
TOML_TEXTS: dict[str, tuple[str, ...]] = {
    "guide/steps.toml": ("dates", "form", "note", "page"),
    "appeal/notices.toml": ("about",),
    "categories/categories.toml": ("says", "to_do", "evidence", "measure", "artefact"),
    "categories/fields.toml": ("phrase",),
    "evidence/rules.toml": ("why",),
    "package/package.toml": ("why", "to_do"),
    "poa/papers.toml": ("attach",),
    "policy/decisions.toml": ("rule",),
    "policy/profiles.toml": ("title", "source"),
    "policy/removal.toml": ("name", "ground", "proof", "proof_by_topic", "where"),
    "policy/targets.toml": ("title",),
}
KEYWORDS = ("tr", "trn", "mark", "count")


@dataclass(frozen=True, order=True)
class Message:
    """One text to translate: where it stands, its context, and its plural if it has one."""

    room: str
    text: str
    plural: str = ""
    context: str = ""
    place: str = ""


def messages() -> list[Message]:
    """All messages, in the order of rooms and places."""
    found: dict[tuple[str, str, str], Message] = {}
    for message in (*_of_python(), *_of_toml(), *_of_notebooks()):
        found.setdefault((message.room, message.context, message.text), message)
    return list(found.values())


def _of_python() -> Iterator[Message]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.is_relative_to(PACKAGE / "notebooks"):
            continue
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        place = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _of_call(node, room, place)
            if room.startswith("cli"):
                yield from _of_command(node, room, place)


def _of_command(node: ast.AST, room: str, place: str) -> Iterator[Message]:
    """What click shows of a command: its docstring, and the `help` of its options."""
    if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
        yield Message(room, ast.get_docstring(node) or "", place=place)
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg in ("help", "metavar") and isinstance(keyword.value, ast.Constant):
                yield Message(room, str(keyword.value.value), place=place)


def _makes_command(decorator: ast.expr) -> bool:
    """Is it `@something.command(…)` or `@something.group(…)`?"""
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(call, ast.Attribute) and call.attr in ("command", "group")


def _of_call(node: ast.Call, room: str, place: str) -> Iterator[Message]:
    if not isinstance(node.func, (ast.Name, ast.Attribute)):
        return
    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
    context = next(
        (str(k.value.value) for k in node.keywords
         if k.arg == "context" and isinstance(k.value, ast.Constant)), "",
    )  # fmt: skip
    match name, texts:
        case (("tr" | "mark"), [str(text), *_]):
            yield Message(room, text, "", context, place)
        case "trn", [str(one), str(many), *_]:
            yield Message(room, one, many, context, place)
        case "count", [_, str(noun), *rest]:
            many = rest[0] if rest and isinstance(rest[0], str) else f"{noun}s"
            # Counted nouns are everybody's: one room keeps them, so that they are said in one way.
            yield Message("finding", f"{{n:,}} {noun}", f"{{n:,}} {many}", context, place)


def _of_toml() -> Iterator[Message]:
    for name, keys in TOML_TEXTS.items():
        room = name.split("/")[0].removesuffix(".toml")
        whole = tomllib.loads((PACKAGE / name).read_text(encoding="utf-8"))
        for text in _texts(whole, keys):
            yield Message(room, text, place=name)


def _texts(value: Any, keys: tuple[str, ...], wanted: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, keys, wanted or key in keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, keys, wanted)
    elif wanted and isinstance(value, str) and value:
        yield value


def _of_notebooks() -> Iterator[Message]:
    for path in sorted(notebooks_folder().glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                yield Message("notebooks", source, place=path.name)
            elif "parameters" in cell["metadata"].get("tags", []):
                for comment in comments(source):
                    yield Message("notebooks", comment, place=path.name)


def comments(source: str) -> list[str]:
    """The comment of each line of a parameters cell."""
    return [line.split("  # ", 1)[1] for line in source.splitlines() if "  # " in line]


def notebooks_folder() -> Path:
    """The notebooks: in the checkout, or in the installed package."""
    installed = PACKAGE / "notebooks"
    return installed if installed.is_dir() else PACKAGE.parent / "notebooks"
