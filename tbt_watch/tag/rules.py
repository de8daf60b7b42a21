"""A notice's tags by rule: stated codes first, then words, keywords, objectives and issuers. Pure.

A code that a Member stated is believed. Words are weighed in points: 4 for a word in title or products, half of
that for a weak word, half for one that only the summary has or that names but a purpose; each pattern counts once.
``ENOUGH`` points make a tag. Where a sector was stated, the summary adds none. Where nothing is enough, the best that
there is makes a tag in doubt, for an alert that never came is worse than one too many.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.tag import Basis, Tag, TagKind
from tbt_watch.tag.evidence import ENOUGH, Evidence
from tbt_watch.tag.matcher import Hit, plain_words, toned_words
from tbt_watch.tag.scope import listed, own_products, purpose, standard_number, within
from tbt_watch.tag.stated import ON_EVERYTHING, stated_tags, statements
from tbt_watch.tag.vocabulary import Vocabulary

IN_DOUBT = Decimal("0.4")
_SURE = ((10, Decimal("0.95")), (8, Decimal("0.9")), (6, Decimal("0.8")), (0, Decimal("0.7")))
_INHERITED = Decimal("0.9")
_HEALTH = "human-health"
_EATEN = frozenset(
    (
        "fresh-produce", "coffee-tea-spices", "cereals-starch", "seafood", "animal-products", "processed-food",
        "beverages",
    )
)  # fmt: skip
# In a list of products, a word that stands alone ("rubber, wood and steel") is a product and no mere material.
_PIECES = re.compile(r"[,;:./()\n]| and | y | et | và | or ")


def tag_notice(
    notice: Notice,
    vocabulary: Vocabulary,
    inherited: Sequence[Tag] = (),
    vietnamese: Mapping[str, str] | None = None,
) -> tuple[Tag, ...]:
    """The sectors, markets and topics of a notice, each with its reason; at most one tag a kind and code.

    ``inherited``: the tags of the notice that this one follows; it takes over their sectors and topics where
    no code of its own says what it is about. ``vietnamese``: a Vietnamese text of title, summary or products, by
    field, which a person or the national office wrote.
    """
    texts = {
        "title": within(notice.title),
        "products": own_products(notice.products),
        "summary": within(notice.summary),
    }
    evidence = Evidence()
    toned = notice.language == "vi"
    for name, text in texts.items():
        if text:
            _read(name, text, vocabulary, toned, evidence)
    _read_lists(texts["summary"], vocabulary, toned, evidence)
    if number := standard_number(notice.title):
        evidence.add("topic", "standards-quality", number, ENOUGH, f"word:title:{number}")
    for name, text in (vietnamese or {}).items():
        _read(name, text, vocabulary, True, evidence)
    codes = statements(notice, texts, vocabulary)
    stated = [
        _tag(kind, code, "stated", reason)
        for kind, code, reason in stated_tags(codes, evidence.named("sector"), evidence.heard("sector"))
    ]
    spoken, general = evidence.heard("topic"), {code for code, row in codes if row.prefix in ON_EVERYTHING}
    _read_hints(notice, vocabulary, evidence)
    aside = [
        tag for tag in stated if tag.kind == "topic" and tag.code not in spoken and tag.reason in general
    ]
    believed = [tag for tag in stated if tag not in aside]
    found = {(tag.kind, tag.code): tag for tag in (*_markets(notice, vocabulary), *believed)}
    has_sector = any(tag.kind == "sector" for tag in stated)
    parent = _from_parent(notice, inherited, has_sector)
    for tag in (
        *_by_rule(evidence, "sector", has_sector or bool(parent) or bool(evidence.named("sector"))),
        *_by_rule(evidence, "topic", False),
    ):
        found.setdefault((tag.kind, tag.code), tag)
    if notice.type == "revision" and any(kind == "sector" for kind, _ in found):
        parent = ()  # a revision replaces what it follows
    for tag in parent:
        found.setdefault((tag.kind, tag.code), tag)
    if not any(kind == "sector" for kind, _ in found):
        for tag in _in_doubt(evidence, "sector"):
            found[tag.kind, tag.code] = tag
    if not any(kind == "topic" for kind, _ in found):
        for tag in aside or _in_doubt(evidence, "topic") or _for_health(notice, found):
            found[tag.kind, tag.code] = tag
    return tuple(found.values())


def _markets(notice: Notice, vocabulary: Vocabulary) -> list[Tag]:
    """The Members that notify and the groups that they belong to; for a law of Viet Nam, Viet Nam."""
    if notice.kind == "article":
        return []
    if notice.kind != "notification":
        return (
            [_tag("market", "VNM", "stated", f"law:{'+'.join(notice.members)}")]
            if notice.area == "VN"
            else []
        )
    tags = {code: _tag("market", code, "stated", f"member:{code}") for code in notice.members}
    for code in notice.members:
        for group in vocabulary.groups_of.get(code, ()):
            tags.setdefault(group, _tag("market", group, "stated", f"group:{code}"))
    return list(tags.values())


def _read(name: str, text: str, vocabulary: Vocabulary, toned: bool, evidence: Evidence) -> None:
    prepare = toned_words if toned else plain_words
    words = prepare(text)
    hits = (vocabulary.vietnamese if toned else vocabulary.european).hits(words)
    border = _border(words, hits) if name == "title" else len(words)
    pieces: frozenset[str] | None = None
    for hit in hits:
        weak = hit.weak
        if weak and name == "products":
            if pieces is None:
                pieces = frozenset(prepare(piece) for piece in _PIECES.split(text))
            weak = words[hit.start : hit.end] not in pieces
        half = name == "products" if hit.kind == "topic" else hit.start >= border
        points = (2 if weak else 4) // (2 if half or name == "summary" else 1)
        evidence.add(
            hit.kind, hit.code, hit.pattern, points, f"word:{name}:{hit.pattern}", aside=name == "summary"
        )


def _read_lists(text: str, vocabulary: Vocabulary, toned: bool, evidence: Evidence) -> None:
    """Lists of products in a summary, item by item: a strong word there weighs as much as among the products."""
    if items := listed(text):
        words = (toned_words if toned else plain_words)(items)
        for hit in (vocabulary.vietnamese if toned else vocabulary.european).hits(words):
            if hit.kind == "sector" and not hit.weak:
                evidence.add("sector", hit.code, hit.pattern, ENOUGH, f"word:summary:{hit.pattern}")


def _border(words: str, hits: Iterable[Hit]) -> int:
    """From where a title's words name only a purpose: after ``for``, if a product stands before it."""
    border = purpose(words)
    named = any(hit.kind == "sector" and not hit.weak and hit.start < border for hit in hits)
    return border if named else len(words)


def _read_hints(notice: Notice, vocabulary: Vocabulary, evidence: Evidence) -> None:
    hints = vocabulary.hint_of
    for what, codes in (("objective", notice.objectives), ("keyword", notice.keywords)):
        for code in codes:
            if hint := hints.get((what, code)):
                evidence.hint(hint, f"{what}:{code}")
    if notice.kind == "regulation":
        for code in notice.members:
            if hint := hints.get(("issuer", code)):
                evidence.hint(hint, f"issuer:{code}")


def _by_rule(evidence: Evidence, kind: TagKind, own: bool) -> list[Tag]:
    return [
        _tag(kind, code, "rule", reason, next(sure for least, sure in _SURE if points >= least))
        for code, points, reason in evidence.ranked(kind, own=own)
        if points >= ENOUGH
    ]


def _in_doubt(evidence: Evidence, kind: TagKind) -> list[Tag]:
    """The best of what is not enough, when nothing else is there."""
    ranked = [row for row in evidence.ranked(kind) if row[1] >= ENOUGH // 2]
    if kind == "topic":  # an objective or an issuer alone says too little
        ranked = [row for row in ranked if row[2].startswith("word:")]
    best = ranked[0][1] if ranked else 0
    return [_tag(kind, code, "rule", reason, IN_DOUBT) for code, points, reason in ranked if points == best]


def _for_health(notice: Notice, found: Iterable[tuple[str, str]]) -> list[Tag]:
    """What protects people from goods that nobody eats, and says no more, is about the safety of products."""
    sectors = {code for kind, code in found if kind == "sector"}
    if notice.area == "TBT" and _HEALTH in notice.objectives and sectors and not sectors & _EATEN:
        return [_tag("topic", "product-safety", "rule", f"objective:{_HEALTH}", IN_DOUBT)]
    return []


def _from_parent(notice: Notice, inherited: Sequence[Tag], has_sector: bool) -> tuple[Tag, ...]:
    if notice.follows is None or has_sector:
        return ()
    return tuple(
        replace(
            tag,
            basis="rule" if tag.basis == "staff" else tag.basis,
            reason=f"inherited:{tag.reason.removeprefix('inherited:')}",
            confidence=min(tag.confidence, _INHERITED),
        )
        for tag in inherited
        if tag.kind != "market"
    )


def _tag(kind: TagKind, code: str, basis: Basis, reason: str, confidence: Decimal = Decimal(1)) -> Tag:
    return Tag(kind=kind, code=code, basis=basis, reason=reason, confidence=confidence)
