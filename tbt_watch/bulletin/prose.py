"""The editor's words: Markdown (CommonMark) without raw HTML and pictures; links to web and mail only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from tbt_watch.bulletin.addresses import outside, printed
from tbt_watch.bulletin.render import inert


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A run of text in one style; ``href`` where it is a link, and ``printed`` what of the address stands on paper."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    href: str = ""

    @property
    def printed(self) -> str:
        """The address as it is read on paper; empty where the text says it already."""
        short = printed(self.href.removeprefix("mailto:"))
        return "" if not self.href or short in self.text else short


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A paragraph, a heading, or an item of a list: ``marker`` is ``"•"`` or a number, ``depth`` counts from 1."""

    kind: Literal["paragraph", "heading", "item", "quote", "code", "rule"]
    spans: tuple[Span, ...] = ()
    marker: str = ""
    depth: int = 0


def to_html(text: str) -> Markup:
    """The words as HTML. Headings become bold lines, for those of the page around them are its own."""
    tokens = _tokens(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            if token.nesting == 1:
                token.attrSet("class", "subhead")
        if token.children:
            token.children = list(_linked(token.children))
    made = _parser()
    return Markup(made.renderer.render(tokens, made.options, {}))


def to_blocks(text: str) -> tuple[Block, ...]:
    """The words as blocks, for a file that is no HTML."""
    return tuple(_blocks(_tokens(text)))


@cache
def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "entity"])
    made.validateLink = _allowed  # type: ignore[method-assign]  # markdown-it's own way to say which links it takes
    return made


def _allowed(url: str) -> bool:
    return outside(url) is not None or url.lower().startswith("mailto:")


def _tokens(text: str) -> list[Token]:
    return _parser().parse(str(inert(text)))


def _linked(children: Sequence[Token]) -> Iterator[Token]:
    """The tokens of a line, after each link what of its address stands on paper."""
    href, said = "", ""
    for token in children:
        if token.type == "link_open":
            href, said = str(token.attrGet("href") or ""), ""
            token.attrSet("rel", "noopener nofollow")
        said += token.content
        yield token
        if token.type == "link_close" and (short := Span(text=said, href=href).printed):
            shown = escape(f" ({short})")
            yield Token("html_inline", "", 0, content=f'<span class="address">{shown}</span>')


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    lists: list[int | None] = []  # of each open list the next number; None where it has none
    frame: list[Block] = [Block(kind="paragraph")]
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "list_item_open":
                frame.append(_item(lists))
            case "blockquote_open":
                frame.append(Block(kind="quote"))
            case "heading_open":
                frame.append(Block(kind="heading"))
            case "list_item_close" | "blockquote_close" | "heading_close":
                frame.pop()
            case "hr":
                yield Block(kind="rule")
            case "fence" | "code_block":
                yield Block(kind="code", spans=(Span(text=token.content.rstrip("\n"), code=True),))
            case "inline":
                yield replace(frame[-1], spans=tuple(_spans(token.children or ())))
                frame[-1] = replace(
                    frame[-1], marker=""
                )  # a second paragraph of an item has no marker of its own


def _item(lists: list[int | None]) -> Block:
    number = lists[-1]
    lists[-1] = None if number is None else number + 1
    return Block(kind="item", marker="•" if number is None else f"{number}.", depth=len(lists))


def _spans(children: Sequence[Token]) -> Iterator[Span]:
    strong = emphasis = 0
    href = ""
    for token in children:
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "link_open":
                href = str(token.attrGet("href") or "")
            case "link_close":
                href = ""
            case "softbreak":
                yield Span(text=" ")
            case "hardbreak":
                yield Span(text="\n")
            case "text" | "code_inline":
                yield Span(
                    text=token.content, strong=strong > 0, emphasis=emphasis > 0, href=href,
                    code=token.type == "code_inline",
                )  # fmt: skip
