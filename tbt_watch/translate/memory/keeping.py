"""One unit of the memory added, corrected or removed by a person: checked as an import is, and written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tbt_watch.domain.deed import Deed, Facts
from tbt_watch.domain.memory import SOURCES, Unit, UnitOrigin
from tbt_watch.domain.remark import Remark, remark
from tbt_watch.domain.text import collapse
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store import Store
from tbt_watch.translate.checks.checker import Checker, FailedCheck
from tbt_watch.translate.memory.tmx import SWAPPED
from tbt_watch.translate.sentences.passages import clean
from tbt_watch.translate.sentences.tongue import is_vietnamese

LONGEST = 20_000
"""Letters of either side."""
_SHOWN = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptUnit:
    """What became of a unit. ``faults``: (cell, why) where it cannot be one; ``failed``: checks that it fails, for
    which it was not taken; ``known``: the unit that its source has already; ``stale``: what was to be changed is not
    there any more as it was seen; ``deed``: the number in the record, 0 where nothing was changed."""

    unit: Unit | None = None
    faults: tuple[tuple[str, Remark], ...] = ()
    failed: tuple[FailedCheck, ...] = ()
    known: Unit | None = None
    stale: bool = False
    deed: int = 0


def stands_for(store: Store, unit: Unit) -> int | None:
    """The number of the notice whose text the unit is word for word: it is changed there, or would be learned again
    as it is. None for a sentence, and for what a notice says no more."""
    if not unit.notice:
        return None
    for item in store.notices.get(unit.notice):
        for text in item.translations:
            same = (text.field, text.source_text, text.text) == (unit.field, unit.source, unit.target)
            if same and text.origin == "human":
                return item.id
    return None


def look(store: Store, unit: Unit, was: Unit | None, checker: Checker) -> KeptUnit:
    """What would become of a unit, where ``was`` stands as it does; nothing is written."""
    if was is not None and not _as_seen(store, was):
        return KeptUnit(stale=True)
    unit = replace(unit, source=clean(unit.source).strip(), target=clean(unit.target).strip())
    if faults := _faults(unit):
        return KeptUnit(unit=unit, faults=faults)
    if was is None and (known := store.memory.known(unit.language, unit.source)):
        return KeptUnit(unit=unit, known=known)
    return KeptUnit(unit=unit, failed=checker.check(unit.source, unit.target, unit.language))


def keep_unit(
    store: Store,
    unit: Unit,
    was: Unit | None,
    checker: Checker,
    by: str,
    now: datetime,
    *,
    unchecked: bool = False,
) -> KeptUnit:
    """Add a unit, or write another Vietnamese for ``was``; ``unchecked``: also where a check fails. Raises UsageError
    for the text of a notice, which is changed at its notice."""
    with store.transaction():
        if was is not None and stands_for(store, was):
            raise UsageError(f"This is a text of {was.notice}: change it there, and the memory follows.")
        kept = look(store, unit, was, checker)
        new = kept.unit
        if new is None or kept.faults or kept.known or (kept.failed and not unchecked):
            return kept
        if was is not None:
            if collapse(new.target) == collapse(was.target):
                return KeptUnit(unit=was)
            new = replace(was, target=new.target)
        new = replace(new, origin="human", by=by, at=now, id=None)
        store.memory.put([new], now)
        (stands,) = store.memory.same(new)
        return KeptUnit(unit=stands, deed=_note(store, was, stands, by, now))


def remove_unit(store: Store, was: Unit, by: str, now: datetime) -> KeptUnit:
    """Forget a unit. Raises UsageError for the text of a notice, which would be learned again."""
    with store.transaction():
        if stands_for(store, was):
            raise UsageError(f"This is a text of {was.notice}: change it there, and the memory follows.")
        if not _as_seen(store, was) or was.id is None:
            return KeptUnit(stale=True)
        store.memory.remove([was.id])
        return KeptUnit(unit=was, deed=_note(store, was, None, by, now))


def take_back(store: Store, deed: Deed, by: str, now: datetime) -> KeptUnit:
    """Undo what was done to a unit, where it stands as that deed left it: with the origin and the name that it had.
    Raises UsageError for a deed on others."""
    if deed.about != "unit":
        raise UsageError(f"What was done in the record's line {deed.id} was not done to the memory.")
    with store.transaction():
        left, before = (_unit(facts) if facts else None for facts in (deed.after, deed.before))
        place = left or before
        there = store.memory.same(place) if place else []
        if (replace(there[0], id=None) if there else None) != left:
            return KeptUnit(stale=True)
        if before is None:
            store.memory.remove([one.id for one in there if one.id is not None])
            return KeptUnit(deed=_note(store, left, None, by, now))
        store.memory.put([before], now)
        (stands,) = store.memory.same(before)
        return KeptUnit(unit=stands, deed=_note(store, left, before, by, now))


def _as_seen(store: Store, was: Unit) -> bool:
    try:
        return was.id is not None and store.memory.get(was.id) == was
    except NotFoundError:
        return False


def _faults(unit: Unit) -> tuple[tuple[str, Remark], ...]:
    """What keeps a unit from being one, as in a file (``exchange``)."""
    if unit.language not in SOURCES:
        said = "the language “{language}” is none of {languages}"
        return (("language", remark(said, language=unit.language[:40], languages=", ".join(SOURCES))),)
    found: list[tuple[str, Remark]] = []
    for name, text in (("source", unit.source), ("target", unit.target)):
        if not text:
            found.append((name, remark("the cell {name} is empty; write what stands there", name=name)))
        elif len(text) > LONGEST:
            said = "the cell {name} is too long ({n} characters, {limit} are the most); is it a term?"
            found.append((name, remark(said, name=name, n=str(len(text)), limit=str(LONGEST))))
    if unit.source and is_vietnamese(unit.source):
        found.append(("source", remark(SWAPPED)))
    return tuple(found)


def _note(store: Store, before: Unit | None, after: Unit | None, by: str, now: datetime) -> int:
    facts = [_facts(one) if one else None for one in (before, after)]
    one = after or before
    return store.deeds.note(
        Deed(
            about="unit",
            what="changed" if before and after else "added" if after else "removed",
            name=one.source[:_SHOWN] if one else "",
            by=by,
            at=now,
            before=facts[0],
            after=facts[1],
        )
    )


def _facts(unit: Unit) -> dict[str, str]:
    return {
        "language": unit.language, "source": unit.source, "target": unit.target, "origin": unit.origin,
        "by": unit.by, "at": unit.at.isoformat() if unit.at else "", "notice": unit.notice, "field": unit.field,
    }  # fmt: skip


def _unit(facts: Facts) -> Unit:
    origins: Sequence[UnitOrigin] = ("human", "import")
    return Unit(
        language=facts["language"],
        source=facts["source"],
        target=facts["target"],
        origin=next((one for one in origins if one == facts["origin"]), "human"),
        by=facts["by"],
        at=datetime.fromisoformat(facts["at"]) if facts["at"] else None,
        notice=facts["notice"],
        field=facts["field"],
    )
