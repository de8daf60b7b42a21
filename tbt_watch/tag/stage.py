"""The stage: every notice gets its tags, a follow-up also those of what it follows."""

from collections.abc import Sequence

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.work import Report
from tbt_watch.store import Store
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import Vocabulary


def run(store: Store, vocabulary: Vocabulary) -> Report:
    """Tag everything at the door."""
    done = bare = 0
    after = 0
    while batch := store.notices.at_door("TRANSLATED", after=after):
        after = batch[-1].id
        ordered = sorted(batch, key=_depth)  # what is followed is tagged before what follows it
        inherited = _inherited(store, batch)
        tags: dict[int, Sequence[Tag]] = {}
        for item in ordered:
            facts = item.notice
            found = tag_notice(facts, vocabulary, inherited=inherited.get(facts.follows or "", ()))
            tags[item.id] = found
            inherited.update(dict.fromkeys(facts.symbols, found))
            bare += not any(tag.kind == "sector" for tag in found)
        store.notices.tagged(tags, batch)
        done += len(batch)
    return Report(stage="tag", done=done, counts=(("unsectored", bare),) if bare else ())


def _depth(item: Dossier) -> int:
    return item.notice.symbols[0].count("/") if item.notice.symbols else 0


def _inherited(store: Store, batch: Sequence[Dossier]) -> dict[str, tuple[Tag, ...]]:
    """The tags of what this batch's notices follow, as far as it is stored already, by symbol."""
    return store.notices.parent_tags(sorted({item.notice.follows for item in batch if item.notice.follows}))
