"""The stage: every notice gets its exact part in Vietnamese and English, and its free text over the desk.

A text that cannot be translated, or whose translation fails a check, stays in the original and says so: that holds
up a field, never a notice. What is archive by age gets its headline and no more. Where the national office has worded
a field, its text stands; where that contradicts the notice, a person is asked. What a person of this office wrote
stands until its source says something else; then the memory still gives what he wrote for the sentences that stayed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.translation import CARRIED, FREE_TEXT, READER, Translation, source_of
from tbt_watch.domain.work import Issue, Report
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.translate.checks.checker import Checker, check
from tbt_watch.translate.desk import Desk
from tbt_watch.translate.engines.contract import Engine
from tbt_watch.translate.exact.fields import exact
from tbt_watch.translate.exact.official import CONTRADICTS, contradictions, official_texts
from tbt_watch.translate.memory.base import load_memory
from tbt_watch.translate.memory.learning import learn
from tbt_watch.translate.terms.base import load_terms

_FIGURES = frozenset({"numbers", "units", "dates", "codes"})

BATCH = 500
"""Notices whose texts go to the engine together."""


def run(store: Store, language: Language, engine: Engine, now: datetime) -> Report:
    """Translate everything at the door."""
    done = untranslated = doubtful = opened = 0
    after = 0
    desk: Desk | None = None
    while batch := store.notices.at_door("NORMALISED", BATCH, after):
        if not after and store.memory.unlearned():  # before anything that a person wrote is found outdated
            learn(store, Checker(load_terms(store.terms.all()), language), now)
        after = batch[-1].id
        news = [item for item in batch if item.age != "ARCHIVE"]
        if news and desk is None:  # the memory is read only when there is something to translate
            desk = open_desk(store, language, engine)
            store.terms.keep_version(desk.terms.version, desk.terms.own, now)
        worded = {item.id: official_texts(item.notice) for item in batch if item.notice.official}
        human = {item.id: list(_standing(item)) for item in batch}
        free = _free_texts(news, desk, worded, human) if desk else {}
        headings = desk.terms.heading if desk else None
        texts: dict[int, list[Translation]] = {}
        for item in batch:
            found = (*human[item.id], *free.get(item.id, ()), *worded.get(item.id, ()))
            fixed = exact(item, language, headings, title=_title(found))
            texts[item.id] = _one_a_field((*fixed, *found))
        store.notices.translated(texts, now, outdated=_outdated(batch, human), read=batch)
        done += len(batch)
        opened += sum(_ask(store, item, now) for item in news if item.id in worded)
        untranslated += sum(_foreign(item) and _lacking(item, texts[item.id]) for item in news)
        doubtful += sum(bool(text.checks) for found in free.values() for text in found)
    counts = (("untranslated", untranslated),) if untranslated else ()
    notes = (desk.fault,) if desk and desk.fault else ()
    return Report(stage="translate", done=done, waiting=doubtful, opened=opened, counts=counts, notes=notes)


def open_desk(store: Store, language: Language, engine: Engine) -> Desk:
    """The desk with the project's terms and memory and the office's own."""
    terms = load_terms(store.terms.all())
    return Desk(engine, terms, load_memory(store.memory.all(), language), language)


def _lacking(item: Dossier, found: Sequence[Translation]) -> bool:
    """Whether nobody and nothing has put one of the free texts into Vietnamese."""
    fields = {one.field for one in found if one.language == READER}
    return any(getattr(item.notice, field) and field not in fields for field in FREE_TEXT)


def _standing(item: Dossier) -> Iterator[Translation]:
    """What a person wrote for the field as it stands now.

    A notification that came in Spanish or French comes in English later: what was written from the one stands for
    the other where both say the same figures, and from then on it is the English that must not change.
    """
    for one in item.translations:
        if one.origin != "human":
            continue
        text = source_of(item.notice, one.field)
        if one.source_text in (text, ""):
            yield one
        elif one.source_language not in ("", item.notice.language) and _same_figures(text, one.text, item):
            yield replace(one, source_text=text, source_language=item.notice.language, terms=CARRIED)


def _same_figures(text: str, vietnamese: str, item: Dossier) -> bool:
    failed = {fault.name for fault in check(text, vietnamese, item.notice.language)}
    return not failed & _FIGURES


def _outdated(
    batch: Sequence[Dossier], human: Mapping[int, Sequence[Translation]]
) -> list[tuple[int, Translation]]:
    """The human texts that stand no longer as they are."""
    return [
        (item.id, one)
        for item in batch
        for one in item.translations
        if one.origin == "human" and one not in human[item.id]
    ]


def _free_texts(
    news: Sequence[Dossier],
    desk: Desk,
    worded: Mapping[int, Sequence[Translation]],
    human: Mapping[int, Sequence[Translation]],
) -> dict[int, list[Translation]]:
    """The free texts over the desk, one call a language. ``worded``, ``human``: what needs no translation."""
    found: dict[int, list[Translation]] = {}
    for language in sorted({item.notice.language for item in news if _foreign(item)}):
        wanted = [
            (item, field, text)
            for item in news
            if item.notice.language == language
            for field in FREE_TEXT
            if (text := getattr(item.notice, field))
            and not any(
                one.field == field and one.shown for one in (*worded.get(item.id, ()), *human[item.id])
            )
        ]
        whose = [item.notice.members for item, _, _ in wanted]
        made = desk.translate([text for _, _, text in wanted], language, whose)
        for (item, field, text), one in zip(wanted, made, strict=True):
            if one.text is None:
                continue
            found.setdefault(item.id, []).append(
                Translation(
                    field=field,
                    language=READER,
                    text=one.text,
                    origin=one.origin,
                    source_text=text,
                    engine=one.engine,
                    checks=tuple(dict.fromkeys(check.name for check in one.checks)),
                    source_language=one.language,
                    terms=one.terms,
                )
            )
    return found


def _one_a_field(found: Sequence[Translation]) -> list[Translation]:
    """Of several texts for a field a person's, then the official one, then the template's or the machine's; what may
    not be shown only where there is nothing else."""
    best: dict[tuple[str, str], Translation] = {}
    for one in sorted(found, key=_rank):
        best.setdefault((one.field, one.language), one)
    return list(best.values())


def _rank(text: Translation) -> tuple[bool, int]:
    return not text.shown, {"human": 0, "official": 1}.get(text.origin, 2)


def _title(found: Sequence[Translation]) -> str:
    """The title in Vietnamese where people wrote it, for a headline quotes no machine."""
    titles = [one for one in sorted(found, key=_rank) if one.field == "title" and one.shown]
    return titles[0].text if titles and titles[0].origin != "machine" else ""


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
