"""The features of a text: its words and pairs of neighbouring words, as prediction and its training see them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tbt_watch.domain.notice import Notice
from tbt_watch.tag.matcher import plain_words, toned_words
from tbt_watch.tag.scope import own_products, within

LONGEST = 12_000
"""Letters of one field that are read: more says nothing new about the product, and a text may have megabytes."""

Fields = Sequence[tuple[str, int, bool]]
"""Texts, each with how much it counts and whether it is Vietnamese."""

_LONG_WORD = 30
# What Members put before a code: codes are stated, and no words.
_CODE_MARKS = re.compile(r"\b(?:ICS|HS|HTS|NCM)\b(?:\s*codes?(?:\(s\))?)?", re.IGNORECASE)
# Grammar, and the furniture of tariffs and of regulations: no feature, and no pair reaches across.
_EMPTY = frozenset(
    "a an and any are as at be been by can either for from has have in into including includes is it its kind like "
    "may more must nes nor not of on or other others otherwise shall such than that the their them these they this "
    "those to up used use using was were when where whether which with within without elsewhere included specified "
    "chapter heading headings subheading subheadings annex no item note code codes "
    "draft regulation regulations standard standards technical requirement requirements decree order act law rule "
    "amendment amending amend national government ministry article section part paragraph edition "
    "de des du la le les et ou au aux en par pour sur un une que qui dans ne pas "
    "del el los las y o para por con al lo su se "
    "và hoặc các những của cho trong với là được có không kể cả khác từ loại dùng để như tại theo này đó bằng ở thuộc "
    "nhóm chưa đã một về đến do khi mà nêu dự thảo quy định tiêu chuẩn kỹ thuật quốc gia yêu cầu thông tư nghị luật "
    "điều khoản phụ lục sửa đổi bổ sung".split()
)


def field_features(text: str, toned: bool) -> list[str]:
    """Words and pairs of one text, in its order; plurals as singulars, numbers and single letters left out.

    ``toned``: the text is Vietnamese, and keeps its tones.
    """
    return [feature for feature, _ in _pieces(text[:LONGEST], toned)]


def _pieces(text: str, toned: bool) -> Iterator[tuple[str, str]]:
    """Every feature of a text, and the words as they stand there."""
    before: tuple[str, str] | None = None
    for word in (toned_words(text) if toned else plain_words(text)).split():
        if word in _EMPTY or not 1 < len(word) <= _LONG_WORD or not word.isalpha():
            before = None
            continue
        piece = (word if toned else _singular(word), word)
        yield piece
        if before:
            yield f"{before[0]} {piece[0]}", f"{before[1]} {word}"
        before = piece


def _singular(word: str) -> str:
    if len(word) < 4 or word[-1] != "s" or word[-2] in "su":
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def counted(fields: Fields) -> Counter[str]:
    """How often each feature occurs in (text, weight, toned) fields."""
    found: Counter[str] = Counter()
    for text, weight, toned in fields:
        for feature in field_features(text, toned):
            found[feature] += weight
    return found


def notice_fields(notice: Notice) -> Fields:
    """The texts that say what a notice is about, without what it does not apply to; title and products twice."""
    toned = notice.language == "vi"
    texts = (
        (within(notice.title[:LONGEST]), 2),
        (own_products(notice.products[:LONGEST]), 2),
        (within(notice.summary[:LONGEST]), 1),
    )
    return [(_CODE_MARKS.sub(" ", text), weight, toned) for text, weight in texts if text]


def wording(fields: Fields, features: Iterable[str]) -> dict[str, str]:
    """How features stand in these texts: ``accessory`` as ``accessories``."""
    wanted = set(features)
    found: dict[str, str] = {}
    for text, _, toned in fields:
        for feature, words in _pieces(text[:LONGEST], toned):
            if feature in wanted:
                found.setdefault(feature, words)
    return found
