"""
Why is this store's Order Defect Rate high, and what proves it?

`import odrlib as odr`, then `store = odr.read_store("data/demo/…")`. Names load on first use, so
that a notebook that only draws does not pay for the readers.
"""

from __future__ import annotations

from odrlib.first_use import loader

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
    "cleared_table": "causes",
    "how_to_tell_apart": "causes",
    "drill_down": "causes",
    "rate_grid": "causes",
    "weekly_rate": "causes",
    "rate_changes": "causes",
    "changes_of_causes": "causes",
    "what_changed": "causes",
    "mix_shifts": "causes",
    "statements": "reasons",
    "classify_reasons": "reasons",
    "order_reasons": "reasons",
    "theme_counts": "reasons",
    "topic_counts": "reasons",
    "categorise": "categories",
    "category_counts": "categories",
    "delay_curve": "maturity",
    "nowcast": "maturity",
    "window_nowcast": "maturity",
    "rise_table": "maturity",
    "what_if": "whatif",
    "what_if_table": "whatif",
    "LikeTheRest": "whatif",
    "Reversed": "whatif",
    "Stopped": "whatif",
    "Evidence": "evidence",
    "check_evidence": "evidence",
    "evidence_dict": "evidence",
    "evidence_matrix": "evidence",
    "orders_to_prove": "evidence",
    "timeline": "evidence",
    "Facts": "facts",
    "build_facts": "facts",
    "write_facts": "facts",
    "facts_schema": "facts",
    "status_dict": "facts",
    "triage_part": "facts",
    "causes_dict": "facts",
    "input_dict": "facts",
    "Selection": "selections",
    "explore": "explorer",
    "plot_rate": "figures",
    "plot_calendar": "figures",
    "plot_kinds": "figures",
    "plot_composition": "figures",
    "plot_rate_by": "figures",
    "plot_causes": "figures",
    "plot_cleared": "figures",
    "plot_drill_down": "figures",
    "plot_grid": "figures",
    "plot_changes": "figures",
    "plot_nowcast": "figures",
    "plot_categories": "figures",
    "plot_themes": "figures",
    "plot_what_if": "figures",
    "plot_roll_off": "figures",
    "plot_related": "figures",
    "draft_poa": "poa",
    "check_poa": "poa",
    "build_package": "package",
    "read_notice": "appeal",
    "read_register": "appeal",
    "case_sheet": "appeal",
    "init_store": "start",
    "write_demo": "demo",
}

__all__ = sorted(_ROOMS)


__getattr__ = loader(__name__, _ROOMS)


def __dir__() -> list[str]:
    return __all__
