"""The stage: what readers get, what waits for a person, and what a person wrote through changes of the original."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import raws
from engines import Broken, Scripted

from tbt_watch import curate
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.notice import Change
from tbt_watch.domain.term import Term
from tbt_watch.domain.work import Report
from tbt_watch.language import Language
from tbt_watch.store import Store
from tbt_watch.store.entries import Entry
from tbt_watch.translate import stage
from tbt_watch.translate.desk import Desk
from tbt_watch.translate.engines.contract import Engine, NoEngine
from tbt_watch.translate.memory.base import load_memory, shipped_units
from tbt_watch.translate.terms.base import load_terms

TITLE, SUMMARY = "Quantum gardens", "The quantum gardens need 5 mg of care. They shall not wait."
NOTICE = raws.notice(title=TITLE, summary=SUMMARY)
ENGINE = Scripted(
    {
        TITLE: "Vườn lượng tử",
        "The quantum gardens need XZ1 of care.": "Vườn lượng tử cần XZ1 chăm sóc.",
        "They shall not wait.": "Chúng không được chờ.",
    }
)


@pytest.fixture
def translated(store: Store, language: Language, now: datetime) -> "House":
    return House(store, language, now)


class House:
    """One notice, and the stage at work on it."""

    def __init__(self, store: Store, language: Language, now: datetime) -> None:
        self.store, self.language, self.now = store, language, now
        (self.id,) = raws.put(store, now, NOTICE)

    def run(self, engine: Engine = ENGINE) -> Report:
        return stage.run(self.store, self.language, engine, self.now)

    @property
    def item(self) -> Dossier:
        return self.store.notices.dossier(self.id)

    def vi(self, field: str) -> str | None:
        found = self.item.translation(field, "vi")
        return found.text if found else None

    def write(self, field: str, text: str) -> None:
        curate.amend_field(self.store, self.item, field, text, "Lan", self.now)

    def change(self, **facts: str) -> None:
        """The source says something else."""
        notice = replace(self.item.notice, **facts)
        changes = tuple(Change(field=name, before="", after=text) for name, text in facts.items())
        entry = Entry(
            ids=(self.id,), notice=notice, records=(), seen_at=self.now, changes=changes, source="eping_web"
        )
        self.store.notices.put([entry], self.now)


def test_free_texts_come_in_vietnamese_with_all_that_makes_them_again(translated: House) -> None:
    report = translated.run()
    assert (report.done, report.waiting, report.counts, report.notes) == (1, 0, (), ())
    assert translated.vi("summary") == "Vườn lượng tử cần 5 mg chăm sóc. Chúng không được chờ."
    found = translated.item.translation("summary", "vi")
    assert found is not None
    assert (found.origin, found.engine, found.checks) == ("machine", "scripted", ())
    assert (found.source_text, found.source_language) == (SUMMARY, "en")
    assert translated.store.terms.own_of(found.terms) == []


def test_a_version_of_the_offices_terms_is_kept(translated: House) -> None:
    own = Term(en=("quantum gardens",), vi="vườn lượng tử")
    translated.store.terms.put([own])
    translated.run()
    found = translated.item.translation("summary", "vi")
    assert found is not None
    assert translated.store.terms.own_of(found.terms) == [own]


def test_a_failed_check_holds_up_the_field_and_not_the_notice(translated: House) -> None:
    report = translated.run(Scripted({TITLE: "Vườn lượng tử"}))
    assert (report.done, report.waiting) == (1, 1)
    assert translated.vi("title") == "Vườn lượng tử"
    assert translated.vi("summary") is None
    assert translated.item.text("summary", "vi") == SUMMARY
    assert translated.vi("headline")
    held = [one for one in translated.item.translations if one.field == "summary"]
    assert [bool(one.checks) for one in held] == [True]
    assert [item.id for item in translated.store.notices.newest(untranslated=True)] == [translated.id]


def test_without_an_engine_the_notice_goes_on_in_its_own_language(translated: House) -> None:
    report = translated.run(NoEngine())
    assert report.counts == (("untranslated", 1),)
    assert translated.vi("title") is None
    assert translated.vi("headline")


def test_an_engine_that_fails_is_told_and_costs_only_the_text(translated: House) -> None:
    report = translated.run(Broken({}))
    assert report.notes == ("half a model",)
    assert translated.vi("summary") is None
    assert translated.vi("headline")


def test_the_projects_memory_needs_no_engine(store: Store, language: Language, now: datetime) -> None:
    known = next(unit for unit in shipped_units() if unit.source.endswith("."))
    (at,) = raws.put(store, now, raws.notice(title="", summary=known.source))
    report = stage.run(store, language, NoEngine(), now)
    found = store.notices.dossier(at).translation("summary", "vi")
    assert found is not None
    assert (found.text, found.origin, report.counts) == (known.target, "memory", ())


# ── What a person wrote ─────────────────────────────────────────────────────────────────────────────────────


def test_what_a_person_wrote_stands_while_its_original_does(translated: House) -> None:
    translated.run(NoEngine())
    translated.write("title", "Vườn của Lan")
    translated.change(products="Gardens")
    translated.run()
    assert translated.vi("title") == "Vườn của Lan"


def test_a_changed_original_keeps_what_was_written_for_the_sentences_that_stayed(translated: House) -> None:
    translated.run(NoEngine())
    translated.write("summary", "Vườn lượng tử của Lan cần 5 mg chăm sóc. Chúng không được đợi.")
    translated.change(summary=SUMMARY.replace("5 mg", "7 mg") + " " + TITLE)
    translated.run()
    assert translated.vi("summary") == (
        "Vườn lượng tử của Lan cần 7 mg chăm sóc. Chúng không được đợi. Vườn lượng tử"
    )
    found = translated.item.translation("summary", "vi")
    assert found is not None
    assert (found.origin, found.engine) == ("machine", "scripted, memory 2 of 3")
    past = translated.store.memory.of(NOTICE.key, "summary")
    assert past is not None
    assert past.source == SUMMARY


def test_an_outdated_text_is_never_shown_even_without_an_engine(translated: House) -> None:
    translated.run(NoEngine())
    translated.write("title", "Vườn của Lan")
    translated.change(title="Quantum prairies")
    translated.run(NoEngine())
    assert translated.vi("title") is None
    translated.change(title=TITLE)
    translated.run(NoEngine())
    found = translated.item.translation("title", "vi")
    assert found is not None
    assert (found.text, found.origin) == ("Vườn của Lan", "memory")


def test_a_spanish_original_gives_way_to_the_english_and_the_persons_text_stays(
    translated: House,
) -> None:
    translated.change(title="Jardines cuánticos", summary="Los jardines cuánticos esperan.", language="es")
    translated.run(NoEngine())
    translated.write("title", "Vườn của Lan")
    translated.change(title=TITLE, summary=SUMMARY, language="en")
    translated.run()
    assert translated.vi("title") == "Vườn của Lan"
    assert translated.vi("summary") == "Vườn lượng tử cần 5 mg chăm sóc. Chúng không được chờ."
    human = translated.item.translation("title", "vi")
    assert human is not None
    assert (human.origin, human.source_text, human.source_language) == ("human", TITLE, "en")
    translated.change(title="Quantum prairies")
    translated.run(NoEngine())
    assert translated.vi("title") is None


def test_running_again_changes_nothing(translated: House) -> None:
    translated.run()
    before = translated.item
    assert translated.run().done == 0
    translated.store.notices.put_back([translated.id], "NORMALISED")
    translated.run()
    assert translated.item.translations == before.translations


def test_the_archive_asks_no_engine(store: Store, language: Language, now: datetime, tmp_path: Path) -> None:
    raws.put(store, now, NOTICE, age="ARCHIVE")
    engine = Scripted({})
    stage.run(store, language, engine, now)
    assert engine.asked == []


def test_a_headline_quotes_a_title_that_people_put_into_vietnamese(translated: House) -> None:
    translated.run()
    assert "Quantum gardens" in (translated.vi("headline") or "")
    translated.write("title", "Vườn của Lan")
    translated.change(products="Gardens")
    translated.run()
    assert "Vườn của Lan" in (translated.vi("headline") or "")
    assert "Quantum gardens" in translated.item.text("headline", "en")


def test_a_text_can_be_made_again_from_what_is_kept_with_it(translated: House) -> None:
    translated.store.terms.put([Term(en=("quantum gardens",), vi="vườn lượng tử")])
    translated.run()
    kept = translated.item.translation("summary", "vi")
    assert kept is not None
    translated.store.terms.put([Term(en=("care",), vi="sự chăm sóc")])  # the terms have moved on since
    terms = load_terms(translated.store.terms.own_of(kept.terms))
    desk = Desk(ENGINE, terms, load_memory((), translated.language), translated.language)
    (again,) = desk.translate([kept.source_text], kept.source_language)
    assert (again.text, again.engine, again.terms) == (kept.text, kept.engine, kept.terms)
