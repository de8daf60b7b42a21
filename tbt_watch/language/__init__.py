"""Vietnamese and English: message catalogs, names, vocabularies, days and numbers, from ``translations/``.

``load_language()`` reads everything once; nothing is read at import.
"""

from pathlib import Path

import tbt_watch
from tbt_watch.language import loading
from tbt_watch.language.catalog import LANGUAGES, placeholders, read_catalog
from tbt_watch.language.sentences import Sentences
from tbt_watch.language.speaker import Language, province_key
from tbt_watch.language.tables import DocumentType, Issuer, Label, Member, Province

__all__ = [
    "LANGUAGES",
    "DocumentType",
    "Issuer",
    "Label",
    "Language",
    "Member",
    "Province",
    "Sentences",
    "load_language",
    "load_sentences",
    "placeholders",
    "read_catalog",
    "translations_dir",
]


def translations_dir() -> Path:
    """The folder ``translations`` beside the package: the same in a checkout and in an installed wheel."""
    return Path(tbt_watch.__file__).parent.parent / "translations"


def load_sentences(folder: Path | None = None) -> dict[str, Sentences]:
    """What words sentences that were composed in English, by language; each catalog is read when it is first needed."""
    folder = folder or translations_dir()
    return {lang: Sentences(folder / f"sentences.{lang}.po", lang) for lang in LANGUAGES if lang != "en"}


def load_language(folder: Path | None = None) -> Language:
    """Read the catalogs and tables. Raises LanguageError for a missing or malformed file."""
    folder = folder or translations_dir()
    members, member_names = loading.members(folder)
    values, value_names = loading.values(folder)
    issuers, issuer_names = loading.issuers(folder)
    provinces = loading.provinces(folder)
    return Language(
        catalogs={lang: read_catalog(folder / f"{lang}.po", lang) for lang in LANGUAGES},
        sentences=load_sentences(folder),
        members=members,
        groups=loading.groups(folder),
        values=values,
        issuers=issuers,
        provinces=provinces,
        document_types=loading.document_types(folder),
        number_slugs=loading.number_slugs(folder),
        hs_chapters=loading.wordings(folder / "hs_chapters.tsv"),
        ics_fields=loading.wordings(folder / "ics_fields.tsv"),
        hs_headings=loading.products(folder, "hs"),
        ics_groups=loading.products(folder, "ics"),
        member_names=member_names,
        value_names=value_names,
        issuer_names=issuer_names,
        province_names={province_key(unit): one for one in provinces for unit in (one.name, *one.old_units)},
    )
