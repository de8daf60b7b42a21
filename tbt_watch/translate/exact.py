"""What of a notice's Vietnamese and English needs no model: made from its facts, the same each time."""

from collections.abc import Iterator

from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.translation import Translation
from tbt_watch.language import LANGUAGES, Language
from tbt_watch.translate.headline import headline, opening_sentences

READER = "vi"
"""The language that free text is put into."""


def exact(item: Dossier, language: Language) -> Iterator[Translation]:
    """The part that needs no model: headline and opening sentences from the structured fields, in each language.

    Of the archive only the Vietnamese headline, by which it is found; the rest is made when somebody looks.
    """
    facts = item.notice
    if item.age == "ARCHIVE":
        yield _template("headline", READER, headline(facts, language, READER))
        return
    for lang in LANGUAGES:
        yield _template("headline", lang, headline(facts, language, lang))
        sentences = opening_sentences(facts, language, lang)
        yield _template("opening", lang, "\n".join(sentences))  # a line each: a message takes the first


def _template(field: str, lang: str, text: str) -> Translation:
    return Translation(
        field=field, language=lang, text=text, origin="template", source_text="", engine="template"
    )
