"""Message catalogs: whole English sentences as keys, one gettext PO file a language."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog as BabelCatalog
from babel.messages.pofile import PoFileError, read_po

from tbt_watch.errors import LanguageError

LANGUAGES = ("vi", "en")
"""The languages we speak, the reader's first."""

_FORMATTER = string.Formatter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Catalog:
    """One language's messages: message id → its texts, one a plural form; ``plurals``: id → plural id.

    ``path`` is for error messages, ``forms`` the number of plural forms.
    """

    path: Path
    forms: int
    texts: Mapping[str, tuple[str, ...]]
    plurals: Mapping[str, str]

    def text(self, message: str, form: int = 0) -> str:
        """The text of a message in one plural form. Raises LanguageError when the catalog has none."""
        try:
            return self.texts[message][form]
        except (KeyError, IndexError):
            raise LanguageError(
                f"{self.path.name} has no text for the message {message!r}: add it to the catalog."
            ) from None


def read_catalog(path: Path, lang: str) -> Catalog:
    """Read a PO file; a message without text or marked fuzzy counts as missing.

    Raises LanguageError when the file is missing or is no PO file.
    """
    read = messages(path, lang)
    texts: dict[str, tuple[str, ...]] = {}
    plurals: dict[str, str] = {}
    for message in read:
        if not message.id or message.fuzzy:
            continue
        key, *plural = (message.id,) if isinstance(message.id, str) else message.id
        found = message.string or ""
        forms = (found,) if isinstance(found, str) else tuple(found)
        if all(forms):
            texts[key] = forms
        if plural:
            plurals[key] = plural[0]
    return Catalog(path=path, forms=read.num_plurals, texts=texts, plurals=plurals)


def messages(path: Path, lang: str) -> BabelCatalog:
    """The messages of a PO file. Raises LanguageError when it is missing or is no PO file."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=lang, charset="utf-8", abort_invalid=True)
    except FileNotFoundError:
        raise LanguageError(f"The message catalog {path} is missing: install the package again.") from None
    except (PoFileError, UnicodeDecodeError) as error:
        raise LanguageError(f"The message catalog {path} cannot be read ({error}): mend the file.") from error


def placeholders(text: str) -> frozenset[str]:
    """The names that stand in braces in a message."""
    return frozenset(name for _, name, _, _ in _FORMATTER.parse(text) if name)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The message with its values put in. Raises LanguageError for a name that has no value."""
    try:
        return text.format_map(values)
    except KeyError as error:
        raise LanguageError(
            f"The message {text!r} needs a value for {error}: hand it in by that name."
        ) from None
