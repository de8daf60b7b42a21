"""The stage: every notice gets its exact part in Vietnamese and English, and its free text through the engine.

Without an engine for a notice's language the text stays in the original and says so: a failed or missing
translation holds up a field, never a notice. What is archive by age gets its headline and no more. Where the national
office has worded a field, its text stands; where that contradicts the notice, a person is asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.translation import FREE_TEXT, Translation
from tbt_watch.domain.work import Issue, Report
from tbt_watch.errors import ModelError
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.translate.checks import check
from tbt_watch.translate.engine import Engine
from tbt_watch.translate.exact import READER, exact
from tbt_watch.translate.official import CONTRADICTS, contradictions, official_texts

BATCH = 500
"""Notices whose texts go to the engine together."""


def run(store: Store, language: Language, engine: Engine, now: datetime) -> Report:
    """Translate everything at the door."""
    done = untranslated = doubtful = opened = 0
    notes: list[str] = []
    after = 0
    while batch := store.notices.at_door("NORMALISED", BATCH, after):
        after = batch[-1].id
        news = [item for item in batch if item.age != "ARCHIVE"]
        worded = {item.id: official_texts(item.notice) for item in batch if item.notice.official}
        machine, fault = _machine(news, engine, worded)
        if fault and fault not in notes:
            notes.append(fault)
        texts = {
            item.id: _one_a_field(
                (*exact(item, language), *machine.get(item.id, ()), *worded.get(item.id, ()))
            )
            for item in batch
        }
        store.notices.translated(texts, now)
        done += len(batch)
        opened += sum(_ask(store, item, now) for item in news if item.id in worded)
        untranslated += sum(_foreign(item) and item.id not in {*machine, *worded} for item in news)
        doubtful += sum(bool(text.checks) for found in machine.values() for text in found)
    counts = (("untranslated", untranslated),) if untranslated else ()
    return Report(
        stage="translate", done=done, waiting=doubtful, opened=opened, counts=counts, notes=tuple(notes)
    )


def _one_a_field(found: Sequence[Translation]) -> list[Translation]:
    """Of several texts for a field the official one, then the template's or the machine's; what may not be shown only
    where there is nothing else."""
    best: dict[tuple[str, str], Translation] = {}
    for one in sorted(found, key=lambda one: (not one.shown, one.origin != "official")):
        best.setdefault((one.field, one.language), one)
    return list(best.values())


def _ask(store: Store, item: Dossier, now: datetime) -> int:
    """Ask a person about official texts that contradict the notice, once; close what came right. How many opened."""
    facts = item.notice
    bad = [(text, said) for text in facts.official if (said := list(contradictions(facts, text.text)))]
    if not bad:
        store.issues.resolve(facts.official[0].source, facts.key, now, {CONTRADICTS})
        return 0
    text = bad[0][0]
    wrong = "; ".join(dict.fromkeys(phrase for _, phrases in bad for phrase in phrases))
    issue = Issue(
        source=text.source,
        key=facts.key,
        kind=CONTRADICTS,
        message=f"The national office's text of {facts.key} ({text.url}) has {wrong}; it is not shown.",
        todo=f"Compare both and write the right text with tbt-watch notices amend {facts.key} {text.field} TEXT; the "
        "facts stay those of the notification.",
        opened_at=now,
    )
    return int(store.issues.open(issue))


def _foreign(item: Dossier) -> bool:
    return item.notice.language != READER


def _machine(
    batch: Sequence[Dossier], engine: Engine, worded: Mapping[int, Sequence[Translation]]
) -> tuple[Mapping[int, list[Translation]], str]:
    """The free texts of a batch through the engine, one call a language; a fault of the engine costs only these.
    ``worded``: what the national office said already."""
    found: dict[int, list[Translation]] = {}
    fault = ""
    for source in sorted({item.notice.language for item in batch if _foreign(item)}):
        name = engine.describe(source, READER)
        if name is None:
            continue
        wanted = [
            (item.id, field, text)
            for item in batch
            if item.notice.language == source
            for field in FREE_TEXT
            if (text := getattr(item.notice, field))
            and not any(one.field == field and one.shown for one in worded.get(item.id, ()))
            and not _standing(item, field, text)
        ]
        try:
            made = engine.translate([text for _, _, text in wanted], source, READER)
        except ModelError as error:
            fault = str(error)
            continue
        for (at, field, text), target in zip(wanted, made, strict=True):
            failed = tuple(item.name for item in check(text, target, source))
            found.setdefault(at, []).append(
                Translation(
                    field=field,
                    language=READER,
                    text=target,
                    origin="machine",
                    source_text=text,
                    engine=name,
                    checks=failed,
                )
            )
    return found, fault


def _standing(item: Dossier, field: str, text: str) -> bool:
    """Whether a human's translation of this very text stands already."""
    return any(
        one.field == field and one.language == READER and one.origin == "human" and one.source_text == text
        for one in item.translations
    )
