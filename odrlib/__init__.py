"""
Why is this store's Order Defect Rate high, and what proves it?

`import odrlib as odr`, then `store = odr.read_store("data/demo/…")`. Names load on first use, so
that a notebook that only draws does not pay for the readers.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# public name -> the room it lives in
_ROOMS = {
    "read_store": "store",
    "Store": "store",
    "inventory": "store",
    "check_tables": "checks",
    "Finding": "finding",
    "Window": "rates",
    "Rate": "rates",
    "defects_by_order": "defects",
    "defect_rate": "rates",
    "component_rates": "rates",
    "rolling_rate": "rates",
    "rate_by": "breakdown",
    "composition": "breakdown",
    "roll_off": "rolloff",
    "reconcile": "reconciliation",
    "related_metrics": "related",
    "Cause": "causes",
    "find_causes": "causes",
    "causes_table": "causes",
    "attributes": "causes",
    "Facts": "facts",
    "build_facts": "facts",
    "write_facts": "facts",
    "facts_schema": "facts",
    "status_dict": "facts",
    "causes_dict": "facts",
    "input_dict": "facts",
    "plot_rate": "figures",
    "plot_calendar": "figures",
    "plot_kinds": "figures",
    "plot_composition": "figures",
    "plot_rate_by": "figures",
    "plot_causes": "figures",
    "plot_roll_off": "figures",
    "plot_related": "figures",
    "init_store": "start",
    "write_demo": "demo",
}

__all__ = sorted(_ROOMS)


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'odrlib' has no attribute {name!r}")
    return getattr(import_module(f"odrlib.{_ROOMS[name]}"), name)


def __dir__() -> list[str]:
    return __all__
