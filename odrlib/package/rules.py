"""Rules: how big a package may be, how its files are made smaller and what is masked, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this page: "package" or "masking"."""
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def limit(name: str) -> float:
    """A number of `[limits]` in package.toml."""
    number: float = data("package")["limits"][name]
    return number
