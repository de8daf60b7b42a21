"""The templates' environment: strict, escaping everything, and proof against hostile text."""

import re
from collections.abc import Callable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tbt_watch.bulletin.card import Card
from tbt_watch.bulletin.words import Words

# What no page needs and a hostile source might send: control characters, those that turn the direction of
# the text around what follows, and half characters, which cannot be written as UTF-8.
_CONTROLS = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]
_DIRECTIONS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF]
_INERT = dict.fromkeys([*_CONTROLS, *_DIRECTIONS]) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_ACTING = re.compile(f"[{re.escape(''.join(map(chr, _INERT)))}]")


def inert(value: object) -> object:
    """The value as it is printed: a text without characters that act on the page instead of being read."""
    if isinstance(value, Markup) or not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    return value.translate(_INERT) if _ACTING.search(value) else value


def breakable(text: str) -> Markup:
    """A symbol, number or address that may be broken after each slash, and not in the middle of a word."""
    return escape(inert(text)).replace("/", Markup("/<wbr>"))


def environment(words: Words) -> Environment:
    """The environment with ``say``, ``say_n`` and ``field`` in the language of ``words``."""
    made = Environment(
        loader=PackageLoader("tbt_watch.bulletin"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=inert,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # an environment lives for one build
    )
    made.filters["breakable"] = breakable
    made.globals.update(
        say=_say_of(words), say_n=words.say_n, title_of=words.title, lang=words.lang, row_of=_rows_of(made)
    )
    return made


def _say_of(words: Words) -> Callable[..., str]:
    """``words.say`` that looks up once a build what has no places."""
    plain = cache(words.say)

    def say(message: str, /, **values: object) -> str:
        return words.say(message, **values) if values else plain(message)

    return say


def _rows_of(made: Environment) -> Callable[[Card, str], Markup]:
    """The line of a notice in a list; it is the same in every list that stands at the same depth."""
    found: dict[tuple[str, str], Markup] = {}
    templates: list[Template] = []

    def row(card: Card, root: str) -> Markup:
        key = (card.path, root)
        if key not in found:
            if not templates:
                templates.append(made.get_template("_row.html"))
            found[key] = Markup(templates[0].render(card=card, root=root))
        return found[key]

    return row


def renderer(words: Words) -> Callable[[str, dict[str, object]], bytes]:
    """A function from a template's name and values to the page's bytes."""
    made = environment(words)

    def render(template: str, values: dict[str, object]) -> bytes:
        return made.get_template(template).render(values).encode()

    return render
