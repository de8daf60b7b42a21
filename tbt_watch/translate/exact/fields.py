"""What of a notice's Vietnamese and English needs no model: made from its facts, the same each time."""

from collections.abc import Iterator

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.translation import READER, Translation
from tbt_watch.language import LANGUAGES, Language
from tbt_watch.translate.exact.headline import headline
from tbt_watch.translate.exact.opening import opening_sentences
from tbt_watch.translate.exact.subject import Headings
from tbt_watch.translate.exact.timing import told


def exact(
    item: Dossier, language: Language, headings: Headings | None = None, *, title: str = ""
) -> Iterator[Translation]:
    """The part that needs no model: headline and opening sentences from the structured fields, in each language; and
    what a source says in words of adoption and entry into force, where it is understood.

    Of the archive only the Vietnamese headline, by which it is found; the rest is made when somebody looks.
    ``headings``: the wordings of HS headings in an office's own tariff (``TermBase.heading``). ``title``: the title in
    Vietnamese as people wrote it, to be quoted where the sentences quote the title.
    """
    facts = item.notice
    if item.age == "ARCHIVE":
        yield _template("headline", READER, headline(facts, language, READER, headings))
        return
    for lang in LANGUAGES:
        quoted = title if lang == READER else ""
        yield _template("headline", lang, headline(facts, language, lang, headings, title=quoted))
        sentences = opening_sentences(facts, language, lang, headings, title=quoted)
        yield _template("opening", lang, "\n".join(sentences))  # a line each: a message takes the first
        for name, milestone in (("adoption", facts.adoption), ("in_force", facts.in_force)):
            if milestone.text and not milestone.date and (text := told(facts, milestone, language, lang)):
                yield _template(name, lang, text, milestone.text)


def _template(field: str, lang: str, text: str, source_text: str = "") -> Translation:
    return Translation(
        field=field, language=lang, text=text, origin="template", source_text=source_text, engine="template"
    )
