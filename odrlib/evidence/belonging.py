"""
Belonging: is a file this order's own, or another order's, another store's, a copy?

The fault is with the order whose id or tracking number the file does not name. Where nothing in a
file tells whose it is, all folders that hold it are at fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from odrlib.evidence import rules
from odrlib.evidence.cell import Fault, contradiction
from odrlib.evidence.neighbours import Neighbour
from odrlib.evidence.opening import Content
from odrlib.evidence.shows import order_ids, squashed
from odrlib.finding import Place
from odrlib.languages import tr

# How much it tells of whose a file is: naming the order outweighs whatever merely fits.
NAMED, FITS, LISTED = 8, 2, 1


@dataclass(frozen=True)
class Known:
    """
    What the store's files know of an order, to tell a file of its own by.

    Parameters
    ----------
    numbers : its tracking numbers (`squashed`); `delivered` : days of delivery; `money` : amounts
        of its value and refunds; `listed` : files that a ledger names for it
    """

    numbers: frozenset[str] = frozenset()
    delivered: frozenset[date] = frozenset()
    money: frozenset[float] = frozenset()
    listed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Registry:
    """
    Whose is what.

    Parameters
    ----------
    known : order id -> what is known of it; every order with a folder is in it
    orders : order ids in this store's files, of those that the evidence names
    owners : tracking number -> orders of this store that it belongs to
    others : the other stores
    theirs : order id or tracking number -> id of the other store whose files hold it
    """

    known: Mapping[str, Known]
    orders: frozenset[str]
    owners: Mapping[str, frozenset[str]]
    others: Sequence[Neighbour]
    theirs: Mapping[str, str]


def names_order(content: Content, order_id: str, known: Known) -> bool:
    """Does the file name the order, by its id or by one of its tracking numbers?"""
    if order_id in content.shows.order_ids | order_ids(content.piece.name):
        return True
    name = squashed(content.piece.name)
    return bool(known.numbers & content.shows.numbers) or any(n in name for n in known.numbers)


def claim(content: Content, order_id: str, known: Known) -> int:
    """How strongly a file seems to be of an order; to be compared between orders only."""
    score = NAMED * names_order(content, order_id, known)
    slack = rules.bound("days_of_zone")
    days = [day for place in content.shows.delivered for day in place]
    score += FITS * any(abs((day - one).days) <= slack for day in days for one in known.delivered)
    score += FITS * bool({amount for amount, _ in content.shows.money} & known.money)
    return score + LISTED * (content.piece.name in known.listed)


def misplaced(contents: Iterable[Content], registry: Registry) -> dict[str, Fault]:
    """
    The files that are not their folder's own: path inside the store -> what is wrong.

    A file gets one fault, the heaviest: another store's, a copy, another order's.
    """
    whole = [content for content in contents if content.usable]
    found = {}
    for content in whole:
        fault = _of_other_store(content, registry) or _of_other_order(content, registry)
        if fault:
            found[content.piece.file] = fault
    copies = _copies(whole, registry)
    stores = {file for file, fault in found.items() if fault.id == "file-of-another-store"}
    return found | {file: fault for file, fault in copies.items() if file not in stores}


def _of_other_store(content: Content, registry: Registry) -> Fault | None:
    order_id, known = content.piece.order_id, registry.known[content.piece.order_id]
    if content.strangers:
        other = next(one for one in registry.others if one.id in content.strangers)
        return _stranger(
            content,
            tr("{file} names the store {store}", file=content.piece.name, store=other.title),
        )
    foreign = content.shows.order_ids | order_ids(content.piece.name) | content.shows.labelled
    for word in sorted(foreign - {order_id} - known.numbers):
        if word in registry.theirs:
            return _stranger(
                content,
                # Not which: no report holds an order of another store.
                tr(
                    "{file} names an order or a parcel of the store {store}",
                    file=content.piece.name,
                    store=registry.theirs[word],
                ),
            )
    for other in registry.others:
        held = other.holds(content.piece.size, content.sha256)
        if held and not names_order(content, order_id, known):
            return _stranger(
                content,
                tr(
                    "{file} is the same file as one in the evidence of the store {store}",
                    file=content.piece.name,
                    store=other.title,
                ),
            )
    return None


def _stranger(content: Content, said: str) -> Fault:
    return contradiction(
        "file-of-another-store",
        said,
        fetch=tr(
            "take {path} out and put this order's own file in its place", path=content.piece.file
        ),
        place=Place(content.piece.file),
    )


def _of_other_order(content: Content, registry: Registry) -> Fault | None:
    """It names another order and not this one, or it holds another order's tracking number."""
    order_id, known = content.piece.order_id, registry.known[content.piece.order_id]
    ids = content.shows.order_ids | order_ids(content.piece.name)
    if order_id in ids:
        return None
    if ids:
        other = sorted(ids)[0]
        if other in registry.orders:
            return _foreign(
                content,
                tr(
                    "{file} names order {other}, not this one", file=content.piece.name, other=other
                ),
            )
        return _foreign(
            content,
            tr(
                "{file} names order {other}, which is in no file of this store, not this one",
                file=content.piece.name,
                other=other,
            ),
        )
    if names_order(content, order_id, known):
        return None
    for number in sorted(content.shows.numbers):
        owners = registry.owners.get(number, frozenset()) - {order_id}
        if owners:
            return _foreign(
                content,
                tr(
                    "{file} shows tracking number {number} of order {other}",
                    file=content.piece.name,
                    number=number,
                    other=sorted(owners)[0],
                ),
            )
    return None


def _foreign(content: Content, said: str) -> Fault:
    return contradiction(
        "file-of-another-order",
        said,
        fetch=tr("put this order's own file in the place of {path}", path=content.piece.file),
        place=Place(content.piece.file),
    )


def _copies(contents: Sequence[Content], registry: Registry) -> dict[str, Fault]:
    """Files with the same bytes in the folders of several orders."""
    groups: dict[str, list[Content]] = defaultdict(list)
    for content in contents:
        groups[content.sha256].append(content)
    found = {}
    for same in groups.values():
        orders = sorted({content.piece.order_id for content in same})
        if len(orders) < 2:
            continue
        scores = {
            order: max(
                claim(content, order, registry.known[order])
                for content in same
                if content.piece.order_id == order
            )
            for order in orders
        }
        best = max(scores.values())
        own = [order for order in orders if scores[order] == best]
        if len(own) == len(orders) and best >= NAMED:
            continue  # one paper that names them all, such as a carrier's statement
        undecided = len(own) > 1 and best < NAMED
        for content in same:
            order = content.piece.order_id
            if undecided or order not in own:
                rest = [one for one in (orders if undecided else own) if one != order]
                found[content.piece.file] = _copy(content, rest, undecided)
    return found


def _copy(content: Content, others: Sequence[str], undecided: bool) -> Fault:
    name = content.piece.name
    if undecided:
        said = tr(
            "{name} also lies in the folder of {others}, and does not tell whose it is",
            name=name,
            others=", ".join(others),
        )
    else:
        said = tr(
            "{name} is a copy of the file of order {others}", name=name, others=", ".join(others)
        )
    return contradiction(
        "file-is-copy",
        said,
        fetch=tr("put this order's own file in the place of {path}", path=content.piece.file),
        place=Place(content.piece.file),
    )
