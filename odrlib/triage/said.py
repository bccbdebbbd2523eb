"""Said: the codes of the triage table as a reader is told them; tables and JSON keep the codes."""

from __future__ import annotations

from odrlib.languages import mark, tr

# A verdict answers "can it be taken off?", a certainty says how sure that is.
VERDICTS_SAID = (mark("yes"), mark("no"), mark("not needed"), mark("unknown"))
CERTAINTIES_SAID = (
    mark("certain"),
    mark("likely"),
    mark("open", context="certainty"),
    mark("unknown"),
)
# What took a defect off already, beside the routes of policy/removal.toml.
SETTLED_SAID = (
    mark("withdrawn"),
    mark("denied"),
    mark("funded by Amazon"),
    mark("already removed"),
    mark("not counted"),
    mark("debited but not counted"),
)
# Why a defect does not count, as `defects.verdicts` writes it.
OFF_SAID = (
    mark("payment fraud, not a service chargeback"),
    mark("struck through by Amazon"),
    mark("removed by Amazon"),
    mark("no effect on the ODR"),
)
CONDITIONS_SAID = (
    mark("in time"),
    mark("payment fraud"),
    mark("not answered yet"),
    mark("about delivery"),
    mark("about the delivery"),
    mark("reimbursed by Amazon"),
    mark("not tried before"),
    mark("granted"),
    mark("ground"),
    mark("not decided"),
    mark("fulfilled by Amazon"),
    mark("product review"),
    mark("personal data"),
    mark("obscene"),
    mark("the buyer agrees"),
    mark("Claims Protected label"),
    mark("Buy Shipping label"),
    mark("first scan on time"),
)
KNOWLEDGE_SAID = {
    "Amazon": mark("Amazon's own text"),
    "third party": mark("a third party's word"),
    "K": mark("general knowledge, unchecked"),
}


def said(code: str) -> str:
    """
    A verdict, certainty, route, condition or reason of the triage as a reader is told it.

    >>> from odrlib.languages import speaking
    >>> said("A-to-z appeal")
    'A-to-z appeal'
    >>> with speaking("zh"):
    ...     said("A-to-z appeal"), said("not needed")
    ('A-to-z 索赔申诉', '无须处理')
    """
    return tr(code, context="certainty" if code == "open" else "")


def knowledge_said(code: str) -> str:
    """Whose word a rule is, from its code in policy/removal.toml."""
    return tr(KNOWLEDGE_SAID[code])
