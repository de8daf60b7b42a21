"""The stage: every notice gets its tags, a follow-up also those of what it follows."""

from collections.abc import Sequence

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.tag import Tag
from tbt_watch.domain.translation import FREE_TEXT
from tbt_watch.domain.work import Report
from tbt_watch.store import Store
from tbt_watch.tag.predict import NO_PREDICTOR, Opened
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import Vocabulary


def run(store: Store, vocabulary: Vocabulary, opened: Opened = NO_PREDICTOR) -> Report:
    """Tag everything at the door, what is followed before what follows it; without a predictor, by codes and rules."""
    done = bare = 0
    for level in store.notices.levels("TRANSLATED"):
        after = 0
        while batch := store.notices.at_door("TRANSLATED", after=after, level=level):
            after = batch[-1].id
            inherited = _inherited(store, batch)
            tags: dict[int, Sequence[Tag]] = {}
            for item in batch:
                facts = item.notice
                above = inherited.get(facts.follows or "", ())
                tags[item.id] = _tags(item, vocabulary, above)
            if opened.predictor:
                known = [(item.notice, tags[item.id]) for item in batch]
                tags = dict(zip(tags, opened.predictor.complete(known), strict=True))
            bare += sum(not any(tag.kind == "sector" for tag in some) for some in tags.values())
            store.tags.keep(tags, batch)
            done += len(batch)
    counts = (("unsectored", bare),) if bare else ()
    return Report(stage="tag", done=done, counts=counts, notes=opened.notes)


def _tags(item: Dossier, vocabulary: Vocabulary, above: Sequence[Tag]) -> Sequence[Tag]:
    """Tags by the original; the Vietnamese is asked only where the original names no sector, for a translation brings
    words with it that mean more than the original said ("thùng nhiên liệu": packaging, fuels)."""
    found = tag_notice(item.notice, vocabulary, inherited=above)
    if any(tag.kind == "sector" for tag in found):
        return found
    vietnamese = {
        text.field: text.text for text in item.translations if text.shown and text.field in FREE_TEXT
    }
    return (
        tag_notice(item.notice, vocabulary, inherited=above, vietnamese=vietnamese) if vietnamese else found
    )


def _inherited(store: Store, batch: Sequence[Dossier]) -> dict[str, tuple[Tag, ...]]:
    """The tags of what this batch's notices follow, as far as it is stored already, by symbol."""
    return store.tags.of_parents(sorted({item.notice.follows for item in batch if item.notice.follows}))
