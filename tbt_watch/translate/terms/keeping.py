"""One term of the office added, changed or removed by a person: by the rules of ``terms import``, and written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tbt_watch.domain.deed import Deed
from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.term import Term
from tbt_watch.domain.text import collapse
from tbt_watch.errors import UsageError
from tbt_watch.store import Store
from tbt_watch.translate.terms.base import COLUMNS
from tbt_watch.translate.terms.lint import faults_of
from tbt_watch.translate.terms.table import TermTable, cells_of, term_of
from tbt_watch.translate.terms.take import taking

SAID_ALREADY = "the project's terms say this already; the office need not say it again"
KNOWN = "{term} with {vi} stands there twice; once is enough"
_CELL_OF = {
    "it has no spelling in en, fr or es; write how originals call it": "en",
    "{term} has two preferred renderings, {vi} and {other}; make one of them admitted": "status",
    "the status “{status}” is none of {statuses}; write one of them": "status",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of a term. ``faults``: (cell, why) where it was not taken; ``stale``: what was to be changed is not
    there any more as it was seen; ``deed``: the number in the record, 0 where nothing was changed."""

    term: Term | None = None
    faults: tuple[tuple[str, Remark], ...] = ()
    stale: bool = False
    deed: int = 0


def look(cells: Mapping[str, str], was: Term | None, shipped: Sequence[Term], own: Sequence[Term]) -> Kept:
    """What would become of a term with these cells beside the project's and the office's, of which ``was`` is the one
    to be changed. Nothing is written."""
    if was is not None and was not in own:
        return Kept(stale=True)
    term = term_of({name: collapse(cells.get(name, "")) for name in COLUMNS})
    if isinstance(term, Remark):
        return Kept(faults=((_cell(term), term),))
    others = [one for one in own if one != was]
    found = list(faults_of(term))
    if not found and any(one.name == term.name for one in others):
        found = [remark(KNOWN, term=f"“{term.name[1][0]}”", vi=f"“{term.vi}”")]
    if not found:
        taken = taking(TermTable(terms=[(1, term)]), shipped, others)
        found = [fault for _, fault in taken.faults]
        if taken.of_project:
            found.append(remark(SAID_ALREADY))
    return Kept(term=term, faults=tuple((_cell(fault), fault) for fault in found))


def keep_term(
    store: Store, cells: Mapping[str, str], was: Term | None, shipped: Sequence[Term], by: str, now: datetime
) -> Kept:
    """Add a term, or put it in the place of ``was``; with a fault nothing is changed."""
    with store.transaction():
        kept = look(cells, was, shipped, store.terms.all())
        if kept.term is None or kept.faults or kept.term == was:
            return kept
        if was is not None and was.name != kept.term.name:
            store.terms.remove([was])
        store.terms.put([kept.term])
        return Kept(term=kept.term, deed=_note(store, was, kept.term, by, now))


def remove_term(store: Store, term: Term, by: str, now: datetime) -> Kept:
    """Take a term of the office away: what the project says of its spellings counts again."""
    with store.transaction():
        if term not in store.terms.all():
            return Kept(stale=True)
        store.terms.remove([term])
        return Kept(term=term, deed=_note(store, term, None, by, now))


def take_back(store: Store, deed: Deed, shipped: Sequence[Term], by: str, now: datetime) -> Kept:
    """Undo what was done to a term, where it stands as that deed left it. Raises UsageError for a deed on others."""
    if deed.about != "term":
        raise UsageError(f"What was done in the record's line {deed.id} was not done to a term.")
    left = term_of(deed.after) if deed.after else None
    if isinstance(left, Remark):
        return Kept(stale=True)
    if deed.before is None:
        return remove_term(store, left, by, now) if left else Kept(stale=True)
    return keep_term(store, deed.before, left, shipped, by, now)


def _note(store: Store, before: Term | None, after: Term | None, by: str, now: datetime) -> int:
    term = after or before
    return store.deeds.note(
        Deed(
            about="term",
            what="changed" if before and after else "added" if after else "removed",
            name=term.name[1][0] if term else "",
            by=by,
            at=now,
            before=cells_of(before) if before else None,
            after=cells_of(after) if after else None,
        )
    )


def _cell(fault: Remark) -> str:
    """The cell that a fault is said at."""
    named = str(dict(fault.values).get("name", ""))
    return named if named in COLUMNS else _CELL_OF.get(fault.message, "vi")
