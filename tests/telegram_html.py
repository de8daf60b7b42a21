"""How Telegram reads HTML, for tests: a reading of the rules of TDLib's parser, checked against its own cases.

``read`` gives the text that remains, and raises ValueError where Telegram would answer 400.
"""

import re
from collections.abc import Iterator

TAGS = {
    "a", "b", "strong", "i", "em", "s", "strike", "del", "u", "ins", "tg-spoiler", "tg-emoji", "tg-time", "span",
    "pre", "code", "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
START = re.compile(r"<([^\s>/]+)")
END = re.compile(r"</([^\s>]*)\s*>")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]*)(?=[\s>])))?""")


def read(markup: str) -> str:
    """The text without markup."""
    return "".join(text for text, _ in pieces(markup))


def pieces(markup: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each character of the text, with the tags that are open over it."""
    place = 0
    opened: list[str] = []
    while place < len(markup):
        if markup[place] == "&" and (entity := ENTITY.match(markup, place)):
            yield decoded(entity), tuple(opened)
            place = entity.end()
        elif markup.startswith("</", place):
            place = closed(markup, place, opened)
        elif markup[place] == "<":
            name, place = begun(markup, place)
            opened.append(name)
        else:
            yield markup[place], tuple(opened)
            place += 1
    if opened:
        raise ValueError(f"no end tag for {opened[-1]}")


def decoded(entity: re.Match[str]) -> str:
    if entity[3]:
        return NAMED[entity[3]]
    code = int(entity[1], 16) if entity[1] else int(entity[2])
    if 0xD800 <= code < 0xE000:
        raise ValueError("half of a surrogate pair")
    return chr(code)


def closed(markup: str, place: int, opened: list[str]) -> int:
    tag = END.match(markup, place)
    if not opened or not tag:
        raise ValueError(f"unexpected or unclosed end tag at {place}")
    if opened.pop() != (tag[1] or None) and tag[1]:
        raise ValueError(f"unmatched end tag at {place}")
    return tag.end()


def begun(markup: str, place: int) -> tuple[str, int]:
    tag = START.match(markup, place)
    if not tag or tag[1].lower() not in TAGS:
        raise ValueError(f"unsupported start tag at {place}")
    place = tag.end()
    while not (end := re.compile(r"\s*>").match(markup, place)):
        attribute = ATTRIBUTE.match(markup, place)
        if not attribute:
            raise ValueError(f"unclosed start tag at {place}")
        if tag[1] == "tg-time" and attribute[1] == "format" and len(attribute[2]) > 1 and "r" in attribute[2]:
            raise ValueError("invalid date format")
        if markup[attribute.end() : attribute.end() + 1] == "=":
            raise ValueError("unexpected end of name token")
        place = attribute.end()
    return tag[1].lower(), end.end()
