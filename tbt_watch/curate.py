"""The human's verbs: accept, hold, reject, amend; and the acceptance policy that decides where no human need.

``auto``: what is in order is accepted at once. ``staff``: everything waits for a person. A notice whose facts
are in doubt is held under either.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from tbt_watch.domain.amend import FACTS, amend
from tbt_watch.domain.dossier import STAFF, Dossier, news, telling
from tbt_watch.domain.notice import Change
from tbt_watch.domain.tag import SURE, Ruling, TagKind
from tbt_watch.domain.text import nfc
from tbt_watch.domain.translation import FREE_TEXT, READER, Translation, source_of
from tbt_watch.domain.work import Decision, Issue, Report, State
from tbt_watch.errors import NotFoundError, UsageError
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.store.queue import Said

Policy = Literal["auto", "staff"]

POLICY = "policy"
"""Who decides where no person did."""

_WHERE: dict[str, State] = {"accepted": "ACCEPTED", "held": "HELD", "rejected": "REJECTED"}

TEXTS = ("headline", "opening", "title", "summary", "products")
"""Fields whose Vietnamese text a person may write."""

DAYS_IN_DOUBT = ("deadline-before-notification", "in-force-before-issue")
"""Doubts that a corrected fact can settle; the others are about what the record calls itself."""

DOUBTS = {
    "deadline-before-notification": "the deadline for comments lies before the notification",
    "member-not-in-symbol": "the notifying Member is none of those in the symbol",
    "area-not-of-symbol": "the area stated is not that of the symbol",
    "type-not-of-symbol": "the type stated does not fit the symbol",
    "in-force-before-issue": "the entry into force lies before the issue",
    "first-word-only": "only the list of ePing's newest knows it so far, which states neither deadline nor type",
    "rejected-before": "a person rejected it before, and its facts have changed since",
}

TAKEN_BACK = "taken back"
"""The reason in the record where a person undid something."""

PASSING = ("first-word-only",)
"""Doubts that end by themselves, when the next source comes in: nobody is asked to do anything."""


def run(store: Store, policy: Policy, now: datetime) -> Report:
    """Apply the policy to everything that is tagged."""
    done = store.notices.pass_archive("TAGGED", "ARCHIVED")
    waiting = opened = 0
    after = 0
    while batch := store.notices.at_door("TAGGED", after=after, full=True):
        after = batch[-1].id
        stands = {item.id: state for item in batch if (state := _stands(item))}
        for state in sorted(set(stands.values())):
            store.notices.put_back([at for at, one in stands.items() if one == state], state)
        done += sum(state == "ACCEPTED" for state in stands.values())
        waiting += sum(state == "HELD" for state in stands.values())
        for item in batch:
            if item.id in stands:
                continue
            if doubt := item.doubt or _rejected(item):
                why = DOUBTS.get(doubt, doubt)
                store.notices.decide(
                    item.id, Decision(state="held", by=POLICY, at=now, why=why), item.version
                )
                if doubt not in PASSING:
                    opened += store.issues.open(_doubtful(item, doubt, why, now))
                waiting += 1
            elif policy == "auto":
                store.notices.decide(item.id, Decision(state="accepted", by=POLICY, at=now), item.version)
                _came_right(store, item, now)
                done += 1
            else:
                waiting += 1
    return Report(stage="curate", done=done, waiting=waiting, opened=opened)


def _stands(item: Dossier) -> State | None:
    """Where the last decision still puts it: no version since then tells anything. None: decide anew.

    A fact that a person corrected asks for no new word on what was accepted, unless it is in doubt now. The policy's
    word holds only while nothing is in doubt. A person's holds whatever is; and what a person holds back stays so until
    a person lets it go.
    """
    last = item.decision
    if last is None or last.state not in _WHERE:
        return None
    if last.by == POLICY and (item.doubt or last.state != "accepted"):
        return None
    tells = news if last.state == "accepted" and not item.doubt else telling
    new = any(version.at > last.at for version in item.versions if version.seq in tells(item.versions))
    if new:
        return "HELD" if last.state == "held" else None
    return _WHERE[last.state]


def _rejected(item: Dossier) -> str:
    rejected = item.decision is not None and item.decision.state == "rejected"
    return "rejected-before" if rejected else ""


def _came_right(store: Store, item: Dossier, now: datetime) -> None:
    """Close what was open about its facts."""
    for source in item.notice.sources:
        store.issues.resolve(source, item.notice.key, now, kinds=tuple(DOUBTS))


def _doubtful(item: Dossier, doubt: str, why: str, now: datetime) -> Issue:
    key = item.notice.key
    return Issue(
        source=item.notice.sources[0] if item.notice.sources else "",
        key=key,
        kind=doubt,
        message=f"{key} is held: {why}.",
        todo=f"Compare it with its source; then tbt-watch notices accept '{key}', amend or reject it.",
        opened_at=now,
    )


def decide(
    store: Store,
    item: Dossier,
    state: Literal["accepted", "held", "rejected"],
    by: str,
    now: datetime,
    why: str = "",
) -> Dossier:
    """A person's decision on a notice. What a person takes out of the archive is translated first, stands on the
    site, and is told to nobody. Raises UsageError for a rejection without a reason."""
    if state == "rejected" and not why:
        raise UsageError("A rejection needs a reason: add --why and say it in a few words.")
    if state == "accepted" and item.state in ("NORMALISED", "TRANSLATED"):
        raise UsageError(
            f"{item.notice.key} is still on its way ({item.state}): run tbt-watch translate and tbt-watch tag first."
        )
    with store.transaction():
        store.notices.decide(item.id, Decision(state=state, by=by, at=now, why=why), item.version)
        if state == "accepted" and item.age == "ARCHIVE":
            store.notices.take_out(item.id)
    if state != "held":
        _came_right(store, item, now)
    return store.notices.dossier(item.id)


def amend_field(store: Store, item: Dossier, field: str, text: str, by: str, now: datetime) -> Dossier:
    """Correct a fact, or write a Vietnamese text by hand. A corrected fact sends the notice back to translate;
    what had been accepted stays so. Raises UsageError for an unknown field or a value that cannot be read."""
    text = nfc(text).strip()
    if field in TEXTS:
        _amend_text(store, item, field, text, by, now)
    elif field in FACTS:
        _amend_fact(store, item, field, text, by, now)
    else:
        raise UsageError(
            f"There is no field {field!r} to amend; these can be: {', '.join((*TEXTS, *FACTS))}."
        )
    return store.notices.dossier(item.id)


def _amend_text(store: Store, item: Dossier, field: str, text: str, by: str, now: datetime) -> None:
    if not text:
        raise UsageError(f"An empty text cannot stand for {field}; write the Vietnamese wording.")
    before = item.text(field, "vi")
    human = Translation(
        field=field,
        language="vi",
        text=text,
        origin="human",
        source_text=source_of(item.notice, field),
        source_language=item.notice.language if field in FREE_TEXT else "",
        engine=by,
    )
    change = Change(field=f"{field}.vi", before=before, after=text)
    store.notices.amend_text(item, human, Decision(state="amended", by=by, at=now, changes=(change,)))


def _amend_fact(store: Store, item: Dossier, field: str, text: str, by: str, now: datetime) -> None:
    notice = amend(item.notice, field, text)
    before = _plain(item, field)
    change = Change(field=field, before=before, after=text)
    entry = Entry(
        ids=(item.id,),
        notice=notice,
        records=(),
        seen_at=item.seen_at,
        changes=(change,),
        source=STAFF,
        age=item.age,
        doubt=notice.doubtful_days or ("" if item.doubt in DAYS_IN_DOUBT else item.doubt),
    )
    with store.transaction():
        store.notices.put([entry], now)
        if not entry.doubt:
            _came_right(store, item, now)
        store.notices.note(item.id, Decision(state="amended", by=by, at=now, changes=(change,)), item.version)


def _plain(item: Dossier, field: str) -> str:
    value = getattr(item.notice, field)
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(getattr(value, "date", None) or getattr(value, "text", None) or value or "")


def rule_tag(
    store: Store,
    item: Dossier,
    kind: TagKind,
    code: str,
    holds: bool | None,
    by: str,
    now: datetime,
    why: str = "",
) -> Dossier:
    """A person's word on a tag: it holds, it does not, or (None) what was said before is taken back.

    It stands over codes, words and prediction, also when the notice is tagged again, and is what
    ``tbt-watch tag --retrain`` learns from. Who follows the tag and was not told yet is told with the next edition.
    Raises UsageError when there is nothing to take back.
    """
    had = code in item.codes(kind)
    change = Change(field=kind, before=code if had else "", after=code if holds else "")
    decision = Decision(state="amended", by=by, at=now, why=why, changes=(change,))
    if holds is not None:
        store.tags.rule(item, Ruling(kind=kind, code=code, holds=holds, by=by, at=now), decision)
    elif not store.tags.forget(item, kind, code, decision):
        raise UsageError(f"Nobody said anything of {kind}:{code} on {item.notice.key}: nothing to take back.")
    return store.notices.dossier(item.id)


def obstacles(item: Dossier) -> tuple[str, ...]:
    """What keeps a notice from being accepted together with others: a ``doubt`` about its facts, a text whose
    ``checks`` failed, one that is ``untranslated``, a sector that is ``unsure``, a person's word (``decided``)."""
    facts, shown = (
        item.notice,
        {one.field for one in item.translations if one.language == READER and one.shown},
    )
    foreign = facts.language != READER
    last = item.decision
    placed = any(tag.kind == "sector" and tag.confidence >= SURE for tag in item.tags)
    found = {
        "doubt": bool(item.doubt),
        "checks": any(not one.shown for one in item.translations),
        "untranslated": foreign and any(getattr(facts, name) and name not in shown for name in FREE_TEXT),
        "unsure": facts.kind != "article" and not placed,
        "decided": item.state == "HELD" and last is not None and last.by != POLICY,
    }
    return tuple(name for name, holds in found.items() if holds)


def can_be_taken_back(said: Said) -> bool:
    """Whether ``take_back`` can undo a decision, its notice's newest: one that a person made."""
    return said.decision.by != POLICY and (said.decision.state != "amended" or bool(said.decision.changes))


def take_back(store: Store, item: Dossier, said: Said, by: str, now: datetime) -> Dossier:
    """Undo the newest decision on a notice, which a person made; the record keeps both.

    A decision on publication goes back to the one before, and without one the notice is held: it waits for a person
    again. A text gives way to what it replaced, with its origin; a fact to what it was; what was said of a tag is
    forgotten, and the notice is tagged anew. What was sent stays sent. Raises UsageError for what cannot be undone.
    """
    if not can_be_taken_back(said):
        raise UsageError(f"Nothing that a person did last on {item.notice.key} can be taken back.")
    past = said.decision
    if past.state != "amended":
        earlier = [one.decision for one in store.queue.said_of(item.id)[1:] if one.decision.state in _WHERE]
        state = earlier[0].state if earlier else "held"
        if state == past.state or state in ("amended", "archived"):
            state = "held"
        why = earlier[0].why if earlier and state == "rejected" else ""
        return decide(store, item, _back_to(state), by, now, why or TAKEN_BACK)
    change = past.changes[-1]
    if change.field in ("sector", "market", "topic"):
        kind: TagKind = (
            "sector" if change.field == "sector" else "market" if change.field == "market" else "topic"
        )
        return rule_tag(store, item, kind, change.after or change.before, None, by, now, TAKEN_BACK)
    field, dot, language = change.field.rpartition(".")
    if dot and language == READER:
        back = Change(field=change.field, before=change.after, after=change.before)
        undone = Decision(state="amended", by=by, at=now, why=TAKEN_BACK, changes=(back,))
        with store.transaction():
            if not store.notices.take_back_text(item, field, said.id, undone):
                raise UsageError(f"What stood there before on {item.notice.key} was not kept: write it anew.")
            learned = [
                one for one in store.memory.texts_of(item.notice.key, field) if one.target == change.after
            ]
            store.memory.remove([one.id for one in learned if one.id is not None])
        return store.notices.dossier(item.id)
    return amend_field(store, item, change.field, change.before, by, now)


def _back_to(state: str) -> Literal["accepted", "held", "rejected"]:
    return "accepted" if state == "accepted" else "rejected" if state == "rejected" else "held"


def find(store: Store, name: str) -> Dossier:
    """The one notice that a person names. Raises NotFoundError when there is none, UsageError with the candidates
    when there are several."""
    found: Sequence[Dossier] = store.notices.get(name)
    if not found:
        raise NotFoundError(
            f"No notice is known as {name!r}; tbt-watch notices search WORDS finds it by its words."
        )
    if len(found) > 1:
        keys = "; ".join(item.notice.key for item in found)
        raise UsageError(f"Several notices are known as {name!r}; name one of these keys: {keys}.")
    return found[0]
