"""Corrections: who received what a person then amended is told, and nobody else."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tbt_watch.digest.rules import Rules
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.store import Store

REASON = "correction"

LATEST = timedelta(days=30)
"""A correction that could not be sent for so long helps nobody any more."""

Named = tuple[Edition, Sequence[int]]
"""An edition, and the subscribers it is for."""


def corrections(store: Store, rules: Rules) -> Iterator[Named]:
    """One edition for each amendment and language, for those who received the notice before it, whatever they follow
    now. In the quiet hours only what mends a deadline that is due before they end."""
    amended = store.editions.amended(rules.now - LATEST)
    dossiers = {one.id: one for one in store.notices.dossiers([change.notice_id for change in amended])}
    for change in amended:
        dossier = dossiers[change.notice_id]
        if rules.hours.is_quiet(rules.now) and not _presses(rules, dossier, change.version):
            continue
        item = EditionItem(notice_key=dossier.notice.key, version=change.version, reason=REASON)
        for lang, readers in change.readers.items():
            yield Edition(kind="correction", audience="", lang=lang, until=rules.now, items=(item,)), readers


def _presses(rules: Rules, dossier: Dossier, version: int) -> bool:
    """Whether the amendment is of a deadline by which to answer before the quiet hours end."""
    changes = next((one.changes for one in dossier.versions if one.seq == version), ())
    if not any(change.field == "comment_until" for change in changes):
        return False
    return rules.due_before(dossier.notice, rules.hours.quiet_over(rules.now))
