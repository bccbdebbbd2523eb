"""States: what a tracker says of a parcel, as a reader is told it; tables keep the codes."""

from __future__ import annotations

from odrlib.languages import mark, tr

STATES = {
    "not_found": mark("not found", context="parcel"),
    "label_only": mark("label only", context="parcel"),
    "accepted": mark("accepted by the carrier", context="parcel"),
    "in_transit": mark("in transit", context="parcel"),
    "customs": mark("at customs", context="parcel"),
    "out_for_delivery": mark("out for delivery", context="parcel"),
    "pickup": mark("waiting for pickup", context="parcel"),
    "attempt_failed": mark("attempt failed", context="parcel"),
    "delivered": mark("delivered", context="parcel"),
    "returning": mark("returning", context="parcel"),
    "returned": mark("returned", context="parcel"),
    "lost": mark("lost", context="parcel"),
    "damaged": mark("damaged", context="parcel"),
    "expired": mark("expired", context="parcel"),
    "unknown": mark("unknown", context="parcel"),
}


def state_said(state: str) -> str:
    """
    A state of a parcel in words; one that we do not know stays as it is.

    >>> state_said("attempt_failed"), state_said("somewhere")
    ('attempt failed', 'somewhere')
    """
    return tr(STATES[state], context="parcel") if state in STATES else state.replace("_", " ")
