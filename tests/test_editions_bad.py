"""Editions of hostile notices and editors: long titles, signs that turn the text, scripts in every field."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import cast
import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from office import Office, office

from tbt_watch import publishing
from tbt_watch.bulletin import papers
from tbt_watch.bulletin.compose import Composer, Window
from tbt_watch.bulletin.edition import make_edition
from tbt_watch.bulletin.frame import Frame, Imprint
from tbt_watch.bulletin.masthead import Labels
from tbt_watch.bulletin.prose import to_blocks, to_html
from tbt_watch.bulletin.word import to_docx
from tbt_watch.domain import office as nouns
from tbt_watch.domain.bulletin import Bulletin, BulletinItem, Section
from tbt_watch.domain.notice import Document
from tbt_watch.errors import PaperError
from tbt_watch.language import Language
from tbt_watch.store import snapshots

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SCRIPTS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "{{ 7*7 }}{% include 'base.html' %}",
    "javascript:alert(1)",
    "]]><!--<p>",
)
TURNED = "\u202e\u2067قواعد\u2069\u200b\u200d\ufeff\u0008"


@pytest.fixture
def house(tmp_path: Path, empty_database: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office that prints no PDF, for it takes a second an edition."""

    def none(_html: bytes) -> bytes:
        raise PaperError("No PDF.")

    monkeypatch.setattr(papers, "to_pdf", none)
    with office(tmp_path, empty_database, MONDAY) as made:
        yield made


def page_and_papers(house: Office, text: str) -> tuple[bytes, dict[str, bytes]]:
    """The page of an edition with that text in every field that a source or an editor writes, and its files."""
    texts = [
        cast.said(field, text, origin="machine") for field in ("headline", "opening", "products", "summary")
    ]
    bad = replace(
        cast.POMELO, title=text, products=text, summary=text, agency=text, documents=(Document(url=text),)
    )
    house.accepted(bad, *texts)
    house.accepted(cast.named("G/TBT/N/USA/1", "USA", title=text, comment_until=date(2026, 11, 30)), *texts)
    house.later(days=4)
    desk = house.app.editions
    one = desk.new("bulletin", text, house.at)
    sections = tuple(replace(section, vi=text[:250], words=text) for section in one.sections)
    title = text[:250].encode("utf-8", "replace").decode()
    one = desk.save(replace(one, title=title, words=text, sections=sections), "Lan", house.at)
    done = publishing.publish_edition(house.app, one, "Lan")[0]
    page = (house.app.config.bulletin.folder / "ban-tin/2026/so-1/index.html").read_bytes()
    return page, {one.name: one.body for one in house.app.store.bulletins.papers(done.id or 0)}


@pytest.mark.parametrize("text", SCRIPTS)
def test_no_field_of_a_notice_or_an_editor_becomes_markup(house: Office, text: str) -> None:
    page, made = page_and_papers(house, f"Tên {text} hết")
    for body in (page, made["ban-tin-1-2026.html"]):
        tree = html.fromstring(body)
        assert not tree.xpath("//script|//img|//svg|//iframe|//object|//form[not(@class='seek')]")
        assert not [name for node in tree.iter() for name in node.attrib if name.lower().startswith("on")]
        assert not [
            link for link in tree.xpath("//@href|//@src") if link.lower().startswith(("javascript", "data"))
        ]
        assert "hết" in tree.text_content()
        assert b"49{%" not in body


@pytest.mark.parametrize("text", ["Dự thảo " + "dài " * 1000, "x" * 4000, "ễ" * 4000])
def test_a_title_of_4000_characters_stays_a_line_of_a_bulletin(house: Office, text: str) -> None:
    page, made = page_and_papers(house, text)
    tree = html.fromstring(page)
    assert max(len(head.text_content()) for head in tree.xpath("//h1|//h2|//h3|//h4|//h5")) <= 300
    assert len(page) < 60_000
    read = docx.Document(io.BytesIO(made["ban-tin-1-2026.docx"]))
    assert (
        max(len(one.text) for one in read.paragraphs if one.style and one.style.name.startswith("Heading"))
        <= 300
    )


def test_signs_that_turn_or_hide_text_are_left_out(house: Office) -> None:
    page, made = page_and_papers(house, f"Quy định {TURNED} của Ả Rập Xê Út")
    with zipfile.ZipFile(io.BytesIO(made["ban-tin-1-2026.docx"])) as package:
        document = package.read("word/document.xml").decode()
    for text in (page.decode(), made["ban-tin-1-2026.html"].decode(), document):
        assert "قواعد" in text
        assert not {"\u202e", "\u2067", "\u2069", "\ufeff", "\u0008"} & set(text)


@pytest.mark.skipif(bool(papers.can_print()), reason=papers.can_print())
@pytest.mark.parametrize("text", [f"Quy định {TURNED} của Ả Rập", "x" * 4000, "</style>" + SCRIPTS[0]])
def test_hostile_texts_are_printed_too(tmp_path: Path, empty_database: bytes, text: str) -> None:
    with office(tmp_path, empty_database, MONDAY) as house:
        _, made = page_and_papers(house, text)
    assert made["ban-tin-1-2026.pdf"].startswith(b"%PDF-")


HOSTILE = st.text(st.characters(codec=None, exclude_categories=()), max_size=300)


@given(HOSTILE)
@settings(max_examples=300)
def test_markdown_never_makes_more_than_its_own_tags(text: str) -> None:
    made = str(to_html(text))
    tree = html.fragment_fromstring(f"<div>{made or '-'}</div>") if made.strip() else None
    if tree is not None:
        tags = {node.tag for node in tree.iter()}
        assert tags <= {
            "div", "p", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr", "span",
        }  # fmt: skip
    for block in to_blocks(text):
        assert all(span.href == "" or span.href.startswith(("http", "mailto:")) for span in block.spans)


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b> [a](javascript:alert(1)) [b](  JavaScript:alert(1)) [c](data:text/html;base64,x)",
        "[x](vbscript:x) <javascript:alert(1)> ![y](https://a/b.png) [f](file:///etc/passwd)",
        "[a]: javascript:alert(1)\n\n[a]",
        "&#106;avascript &lt;script&gt;",
        "<iframe src=//a></iframe>\n\n<details open ontoggle=alert(1)>",
        "`<script>`\n\n    <script>\n\n```html\n<script>\n```",
        '[a](https://a.vn/"onmouseover=alert(1))',
    ],
)
def test_markdown_of_an_editor_runs_nothing(text: str) -> None:
    tree = html.fragment_fromstring(f"<div>{to_html(text)}</div>")
    assert {node.tag for node in tree.iter()} <= {"div", "p", "a", "code", "pre", "span"}
    assert all(link.startswith("https://") for link in tree.xpath("//@href"))
    assert {name for node in tree.iter() for name in node.attrib} <= {"href", "rel", "class"}


def test_markdown_reads_as_it_is_meant() -> None:
    made = to_html("## Đầu\n\nĐọc [ở đây](https://tbt.gov.vn/a) **ngay**\n\n1. một\n2. hai")
    assert made == (
        '<p class="subhead">Đầu</p>\n<p>Đọc <a href="https://tbt.gov.vn/a" rel="noopener nofollow">ở đây</a>'
        '<span class="address"> (tbt.gov.vn/a)</span> <strong>ngay</strong></p>\n'
        "<ol>\n<li>một</li>\n<li>hai</li>\n</ol>\n"
    )
    blocks = to_blocks("1. một\n2. hai\n\n> ba")
    assert [(one.kind, one.marker, "".join(span.text for span in one.spans)) for one in blocks] == [
        ("item", "1.", "một"), ("item", "2.", "hai"), ("quote", "", "ba"),
    ]  # fmt: skip


@given(HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=12)
def test_any_text_can_be_kept_framed_and_written(language: Language, one: str, two: str, three: str) -> None:
    """Whatever a source, an editor or a configuration holds: it comes back from its JSON, and makes the same files."""
    notice = replace(cast.POMELO, title=one, products=two, summary=three)
    item = cast.dossier(notice, translations=[cast.said("headline", two), cast.said("opening", three)])
    assert snapshots.dossier_from_json(snapshots.dossier_to_json(item)) == item
    here = (BulletinItem(key=notice.key, version=1),)
    sections = (
        Section(part="closing", items=here),
        Section(part="warnings", vi=three, words=one, items=here),
    )
    edition = Bulletin(
        kind="periodical", since=date(2026, 11, 1), until=date(2026, 11, 30), composed_at=MONDAY, title=one,
        words=two, sections=sections, id=1,
    )  # fmt: skip
    frame = Frame(
        day=date(2026, 11, 30), office=nouns.Office(name=one, parent=two), imprint=Imprint(editor=three)
    )
    page = make_edition(edition, [item], frame, language)
    assert papers.paper_html(page, language) == papers.paper_html(page, language)
    assert to_docx(page, language) == to_docx(page, language)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["fresh-produce", "machinery", "seafood", ""]),
            st.integers(0, 20),
            st.booleans(),
        ),
        max_size=25,
    )
)
def test_every_new_notice_stands_once_in_a_draft(
    language: Language, drawn: list[tuple[str, int, bool]]
) -> None:
    """Whatever the notices: each that is new stands in one section, and none that was told before stands anywhere."""
    labels = Labels(
        sectors={"seafood": {"vi": "thủy sản", "en": "seafood"}, "machinery": {"vi": "máy", "en": "m"}}
    )
    items, told = [], {}
    for number, (sector, days, before) in enumerate(drawn, 1):
        notice = cast.named(f"G/SPS/N/EU/{number}", "EU", comment_until=date(2026, 12, 1 + days))
        items.append(cast.dossier(notice, sectors=(sector,) if sector else (), number=number))
        if before:
            told[notice.key] = 1
    window = Window(after=datetime(2026, 11, 18, tzinfo=UTC), until=date(2026, 11, 20))
    sections = Composer(language=language, labels=labels).weekly(items, window, told, date(2026, 11, 20))
    news = [item.key for one in sections if one.part != "closing" for item in one.items]
    assert sorted(news) == sorted(one.notice.key for one in items if one.notice.key not in told)
    assert all(one.items for one in sections)
    headings = [one.vi for one in sections if one.part == "warnings"]
    assert len(headings) == len(set(headings)), "a sector has one section"
    boxed = [item.key for one in sections if one.part == "closing" for item in one.items]
    close = {
        one.notice.key
        for one in items
        if one.notice.comment_until and one.notice.comment_until <= date(2026, 12, 4)
    }
    assert set(boxed) == close
    assert isinstance(sections, tuple)
    assert all(isinstance(one, Section) for one in sections)
