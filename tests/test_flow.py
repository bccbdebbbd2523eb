"""Data flows one way: a file imports only from files before it."""

import ast
from pathlib import Path

import pytest

import odrlib

ROOT = Path(odrlib.__file__).parent
FLOW = (
    "first_use", "harmless", "errors", "file_locks", "folders", "rooms", "languages", "policy",
    "wanted", "demo", "finding", "naming",
    "palette", "tracking_numbers", "rates", "plain", "exports", "settings", "stacks", "tables",
    "columns", "held", "assembly", "cached", "entries", "growth", "cache", "store",
    "windows", "defects", "disagreements", "reasons", "breakdown", "rolloff", "pace",
    "reconciliation", "related", "headline", "causes", "maturity", "categories", "whatif",
    "inquiry", "answers", "checks", "evidence", "triage", "selections", "facts", "words", "figures",
    "poa", "appeal", "package", "portfolio", "report", "chapters", "explorer", "start", "guide",
    "cli_language", "cli_stream", "cli_poa", "cli_appeal", "cli_portfolio", "cli",
)  # fmt: skip


def room(path: Path) -> str:
    """The first part of a module's name inside the package."""
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports(path: Path) -> set[str]:
    """The rooms that a file imports from, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "odrlib":
            found |= {alias.name for alias in node.names} & set(FLOW)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("odrlib."):
            found.add(node.module.split(".")[1])
    return found - {room(path)}


FILES = sorted(
    path for path in ROOT.rglob("*.py") if path.name != "__init__.py" or path.parent != ROOT
)


def test_every_room_has_its_place():
    assert {room(path) for path in FILES} <= set(FLOW)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_only_from_files_before_it(path):
    mine = FLOW.index(room(path))

    assert [] == sorted(name for name in imports(path) if FLOW.index(name) >= mine)
