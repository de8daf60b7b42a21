"""What taking a table of terms into the office's own means: what is put, what goes, and which rows do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from tbt_watch.domain.remark import Remark
from tbt_watch.domain.term import Term
from tbt_watch.translate.terms.finder import is_official
from tbt_watch.translate.terms.lint import Ledger, faults_of
from tbt_watch.translate.terms.table import TermTable
from tbt_watch.translate.terms.tariff import merged


@dataclass(kw_only=True)
class Taking:
    """What is put among the office's own terms and what is removed, the rows (line, why) that are left out, and how
    many are the project's as they stand. ``kept``: nothing was removed, as the file was to, for it has faults or no
    rows."""

    put: list[Term] = field(default_factory=list)
    remove: list[Term] = field(default_factory=list)
    faults: list[tuple[int, Remark]] = field(default_factory=list)
    of_project: int = 0
    kept: bool = False


def taking(
    table: TermTable, shipped: Sequence[Term], own: Sequence[Term], *, replace: bool = False
) -> Taking:
    """How a table is taken. ``replace``: terms of the office that it does not name are removed; a table of terms
    replaces terms, a tariff wordings of codes. With a fault or without a row it removes nothing, for what cannot be
    read may be what would go. A row that the project has word for word is not made the office's."""
    taken = _taking(table, shipped, own, replace=replace)
    if replace and (taken.faults or not (table.terms or (table.tariff and table.tariff.terms))):
        taken = _taking(table, shipped, own, replace=False)
        taken.remove, taken.kept = [], True
    return taken


def _taking(table: TermTable, shipped: Sequence[Term], own: Sequence[Term], *, replace: bool) -> Taking:
    taken = Taking(faults=list(table.faults))
    if table.tariff is not None:
        taken.put, taken.remove = merged(table.tariff, own, whole=replace)
        return taken
    known, owned = set(shipped), {term.name for term in own}
    coming = []
    for line, term in table.terms:
        if term in known and (term in table.of_project or term.name not in owned):
            taken.of_project += 1
        else:
            coming.append((line, term))
    named = {term.name for _, term in coming}
    official = any(is_official(term) for _, term in coming)
    ledger = Ledger()
    for term in own:
        if term.name in named:
            continue
        if replace and (official or not is_official(term)):
            taken.remove.append(term)
        else:
            ledger.contradiction(term)
    for line, term in coming:
        fault = next(faults_of(term), None) or ledger.contradiction(term)
        if fault is None:
            taken.put.append(term)
        else:
            taken.faults.append((line, fault))
    taken.faults.sort(key=itemgetter(0))
    return taken
