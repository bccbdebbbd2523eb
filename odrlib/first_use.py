"""First use: a package's public names load when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def loader(package: str, rooms: Mapping[str, str]) -> Callable[[str], Any]:
    """A package's `__getattr__`; `rooms` has the module inside it that each public name is in."""

    def load(name: str) -> Any:
        if name not in rooms:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{rooms[name]}"), name)
        setattr(import_module(package), name, value)  # the next use finds it there
        return value

    return load
