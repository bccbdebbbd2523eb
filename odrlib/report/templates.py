"""Templates: the one Jinja environment, and the words a page needs besides the notebook's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """All HTML is made here: what buyers wrote is escaped, and a missing name is an error."""
    return Environment(
        loader=PackageLoader("odrlib.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def text(name: str) -> str:
    """A file of the template folder as text."""
    return files("odrlib.report").joinpath("template", name).read_text(encoding="utf-8")


@cache
def words(language: str = "en") -> dict[str, str]:
    """The page's own words ("Contents", "Show all rows") in a language, else in English."""
    catalogue = tomllib.loads(text("words.toml"))
    return catalogue["en"] | catalogue.get(language, {})
