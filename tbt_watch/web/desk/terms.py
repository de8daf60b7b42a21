"""The terms of project and office: looked up, shown with what counts, and the office's own added, changed, removed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from tbt_watch.domain.remark import Remark
from tbt_watch.domain.term import TERM_STATUSES, Term
from tbt_watch.domain.text import fold
from tbt_watch.errors import NotFoundError
from tbt_watch.translate.terms.base import COLUMNS, TermBase
from tbt_watch.translate.terms.keeping import Kept, keep_term, look, remove_term
from tbt_watch.translate.terms.lookup import Entry, Key, Lookup, all_forms, key_of
from tbt_watch.translate.terms.table import OFFICE, PROJECT, cells_of, term_of, written_terms
from tbt_watch.web.desk.proof import Proof
from tbt_watch.web.desk.room import Room, Visit
from tbt_watch.web.desk.sending import sent

PAGE = 50
LONGEST = 4000
"""Letters of a cell that a link may bring; a form may bring as many as a form has."""
RANKED = 1000
"""Up to so many entries those that are called as was asked stand first."""
COUNTED = 1000
"""So many notices with a term are counted."""
LABELS = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "vi": "Vietnamese",
    "status": "Status",
    "domain": "Domain",
    "note": "Note",
}
"""What the cells of a term are called: message ids."""


def mark(cells: Mapping[str, str]) -> str:
    """What a row is known by as it stands: another one after every change."""
    text = json.dumps([cells.get(name, "") for name in COLUMNS], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def address(key: Key) -> str:
    """An entry as the query of an address."""
    return urlencode({"lang": key[0], "of": "|".join(key[1])})


class Terms:
    """Pages on terms."""

    def __init__(self, room: Room, proof: Proof) -> None:
        self._room, self._proof = room, proof
        self._known: tuple[TermBase, Lookup, tuple[str, ...]] | None = None

    def routes(self) -> list[Route]:
        """The list, an entry, the form, and what its buttons do."""
        get, post = self._room.get, self._room.post
        return [
            get("/terms", self._all),
            get("/terms/entry", self._entry),
            get("/terms/new", self._new),
            get("/terms/edit", self._edit),
            post("/terms/save", self._save),
            post("/terms/remove", self._remove),
            get("/terms.csv", self._export),
        ]

    def _lookup(self) -> tuple[Lookup, tuple[str, ...]]:
        """The terms as they stand, and their domains."""
        base, _ = self._proof.lexicon()
        if self._known is None or self._known[0] is not base:
            domains = {term.domain for term in (*base.shipped, *base.own) if term.domain}
            self._known = base, Lookup(base), tuple(sorted(domains))
        return self._known[1:]

    def _named(self, domains: Sequence[str], visit: Visit) -> list[tuple[str, str]]:
        """Domains with what they are called, by that; one of the office is called as it is written."""
        words = self._room.words(visit.lang)
        return sorted(((one, words.known("domain", one)) for one in domains), key=lambda one: fold(one[1]))

    def _own(self, given: str) -> Term:
        """The office's row of that mark. Raises NotFoundError."""
        found = self._marked(given)
        if found is None:
            raise NotFoundError("There is no such term of the office any more.")
        return found

    def _marked(self, given: str) -> Term | None:
        base, _ = self._proof.lexicon()
        return next((one for one in base.own if mark(cells_of(one)) == given), None)

    # --- shown ---

    def _all(self, visit: Visit) -> Response:
        """Entries that hold the words, through the filters, page by page."""
        lookup, domains = self._lookup()
        words = visit.asked("words")[:200].split()
        whose = visit.asked("base") if visit.asked("base") in (OFFICE, PROJECT) else ""
        status = visit.asked("status") if visit.asked("status") in TERM_STATUSES else ""
        domain = visit.asked("domain") if visit.asked("domain") in domains else ""
        rows = (
            row
            for row in lookup.find(words or ([""] if domain else []))
            if whose in ("", row.base) and status in ("", row.term.status) and domain in ("", row.term.domain)
        )
        keys = lookup.entries(rows)
        if words and len(keys) <= RANKED:  # what is called so goes before what only holds the words
            keys.sort(key=lambda key: not lookup.called(key, " ".join(words)))
        page = (
            int(visit.asked("page"))
            if visit.asked("page").isdecimal() and len(visit.asked("page")) < 6
            else 1
        )
        start = (max(page, 1) - 1) * PAGE
        shown = [entry for key in keys[start : start + PAGE] if (entry := lookup.entry(key))]
        asked = {"words": " ".join(words), "base": whose, "status": status, "domain": domain}
        return self._room.show(
            visit,
            "desk/terms.html",
            entries=[(entry, address(entry.key), *renderings(lookup, entry)) for entry in shown],
            found=len(keys),
            page=max(page, 1),
            more=len(keys) > start + PAGE,
            asked=asked,
            query=urlencode({name: value for name, value in asked.items() if value}),
            domains=self._named(domains, visit),
            statuses=TERM_STATUSES,
            did=visit.asked("did"),
            deed=self._room.just_done(visit, "term"),
        )

    def _entry(self, visit: Visit) -> Response:
        """Everything that is said of one term, and what counts of it."""
        lookup, _ = self._lookup()
        key = (visit.asked("lang"), tuple(visit.asked("of").split("|")))
        entry = lookup.entry(key)
        if entry is None:
            return self._gone(visit)
        rows = [(row, mark(cells_of(row.term)), cells_of(row.term)) for row in entry.rows]
        return self._room.show(
            visit,
            "desk/term.html",
            entry=entry,
            rows=rows,
            counts=lookup.in_force(key),
            others=sorted({(row.term.en, row.term.fr, row.term.es) for row in entry.rows}),
            mentions=self._mentions([row.term for row in entry.rows]),
            most=COUNTED,
            did=visit.asked("did"),
            deed=self._room.just_done(visit, "term"),
            urlencode=urlencode,
        )

    def _mentions(self, terms: Sequence[Term]) -> int:
        forms = dict.fromkeys(form for term in terms for form in all_forms(term))
        return self._room.app.store.queue.mentions(list(forms)[:60], COUNTED)

    def _gone(self, visit: Visit) -> Response:
        return self._room.show(visit, "desk/term_gone.html", 404)

    # --- written ---

    def _new(self, visit: Visit) -> Response:
        """An empty form, or one that says what another row says."""
        return self._form(visit, {name: visit.asked(name)[:LONGEST] for name in COLUMNS})

    def _edit(self, visit: Visit) -> Response:
        try:
            cells = cells_of(self._own(visit.asked("row")))
        except NotFoundError:
            return self._gone(visit)
        return self._form(visit, cells, was=visit.asked("row"), old=cells)

    def _form(
        self,
        visit: Visit,
        cells: Mapping[str, str],
        status: int = 200,
        *,
        was: str = "",
        old: Mapping[str, str] | None = None,
        kept: Kept | None = None,
        problem: str = "",
        by: str = "",
    ) -> Response:
        """The form. ``old``: what stands there now; ``kept``: what was found of what is written."""
        faults = (
            {cell: self._said(fault, visit.lang) for cell, fault in reversed(kept.faults)} if kept else {}
        )
        term = kept.term if kept else term_of(cells)
        touched = self._mentions([term]) if isinstance(term, Term) and not faults else 0
        return self._room.show(
            visit,
            "desk/term_form.html",
            status,
            cells=cells,
            was=was,
            old=old,
            faults=faults,
            looked=kept is not None and not faults,
            problem=problem or ("faults" if faults else ""),
            by=by,
            touched=touched,
            most=COUNTED,
            columns=COLUMNS,
            labels=LABELS,
            statuses=TERM_STATUSES,
            domains=self._named(self._lookup()[1], visit),
            back=address(key_of(term)) if isinstance(term, Term) and old else "",
        )

    def _said(self, fault: Remark, lang: str) -> str:
        """A fault in the reader's language, with the cells called as the form calls them."""
        say, values = self._room.app.language.say, dict(fault.values)
        for place in ("name", "status", "other"):
            value = str(values.get(place, ""))
            if value in LABELS or value in TERM_STATUSES:
                values[place] = say(LABELS.get(value, value), lang)
        return say(fault.message, lang, **values)

    def _save(self, visit: Visit) -> Response:
        """Keep what is written, or only look at it; with a fault the form comes back as it was sent."""
        store, given = self._room.app.store, visit.given("was")
        cells = {name: visit.given(name) for name in COLUMNS}
        base, _ = self._proof.lexicon()
        was = self._marked(given) if given else None
        if given and was is None:
            return self._changed(visit, cells, given)
        if visit.given("do") == "look":
            kept = look(cells, was, base.shipped, base.own)
            return self._form(visit, cells, was=given, old=cells_of(was) if was else None, kept=kept)
        kept = keep_term(store, cells, was, base.shipped, visit.curator.name, self._now())
        if kept.stale:
            return self._changed(visit, cells, given)
        if kept.faults or kept.term is None:
            return self._form(visit, cells, 422, was=given, old=cells_of(was) if was else None, kept=kept)
        did = ("changed" if was else "added") if kept.deed else "same"
        where = f"terms/entry?{address(key_of(kept.term))}"
        return self._room.go(visit, where, did=did, deed=kept.deed or "")

    def _changed(self, visit: Visit, cells: Mapping[str, str], given: str) -> Response:
        """Somebody was there first: what stands now beside what is written, to be sent again or left."""
        trail = self._room.app.store.deeds.trail(about=("term",), limit=200)
        deed = next((one for one in trail if one.before and mark(one.before) == given), None)
        now = self._marked(mark(deed.after)) if deed and deed.after else None
        return self._form(
            visit,
            cells,
            409,
            was=mark(cells_of(now)) if now else "",
            old=cells_of(now) if now else None,
            problem="changed" if now else "removed",
            by=deed.by if deed else "",
        )

    def _remove(self, visit: Visit) -> Response:
        term = self._marked(visit.given("row"))
        kept = Kept(stale=True)
        if term is not None:
            kept = remove_term(self._room.app.store, term, visit.curator.name, self._now())
        if term is None or kept.stale:
            return self._gone(visit)
        left = self._lookup()[0].entry(key_of(term))
        where = f"terms/entry?{address(left.key)}" if left else "terms"
        return self._room.go(visit, where, did="removed", deed=kept.deed)

    def _now(self) -> datetime:
        return self._room.app.clock()

    def _export(self, visit: Visit) -> Response:  # noqa: ARG002
        """Everything as a table that ``terms import`` takes again."""
        base, _ = self._proof.lexicon()
        text = written_terms(base.shipped, base.own, as_csv=True)
        return sent(text, "text/csv; charset=utf-8", "terms.csv")


def renderings(lookup: Lookup, entry: Entry) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What an entry is called: preferred, admitted, forbidden. An official wording is called what it is."""
    hit = lookup.in_force(entry.key)
    if hit is None:
        return [row.term.vi for row in entry.rows], [], []
    return hit.preferred, hit.admitted, hit.forbidden
