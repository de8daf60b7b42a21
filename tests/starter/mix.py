"""What an epoch is made of: which pairs how often, and honest variations of them.

Every variation is true of both sides: the same case, the same parts left out, two pairs put together, a Member
named in both exchanged for another, a tariff wording set into a sentence. An epoch is decided by its number.
"""

import csv
import random
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from starter.pairlocks import locked
from starter.prepare import GENRE, Pair

from tbt_watch.translate.ways import CODES

STABLE: Mapping[str, float] = {
    "own": 5, "seed": 5, "notes": 4, "tables": 2, "tariff": 1, "templates": 1, "odoo17": 0.6, "odoo16": 0.45,
    "odoo14": 0.4,
    "ms_d365_project": 0.6, "ms_customer_insights": 0.35, "d2l_vn": 0.6, "govuk_frontend": 3, "off_smooth_app": 2,
    "erpnext_vi_po": 0.4, "moodle": 0.3, "wordpress_woo": 0.1, "hf_course": 0.3, "vue_docs_vi": 0.1, "react_vi": 0.1,
    "git_po": 0.05, "mediawiki": 0.15, "thunderbird": 0.05, "ofbiz": 0.15, "erpnext15_csv": 0.1, "dolibarr": 0.05,
    "mozilla_www": 0.4, "tatoeba_manythings": 0.3, "osm_id_tagging": 0.2, "elixirschool": 0.1, "learnxinyminutes": 0.2,
}  # fmt: skip
"""How often a pair of a source is taken in an epoch, on average."""

LICENCES: Mapping[str, frozenset[str]] = {
    "ours": frozenset({"own", "seed", "tables", "templates"}),
    "ASEAN": frozenset({"notes", "tariff"}),
    "CC BY": frozenset({"ms_d365_project", "ms_customer_insights", "vue_docs_vi", "react_vi", "tatoeba_manythings"}),
    "CC BY-SA": frozenset({"d2l_vn", "learnxinyminutes"}),
    "Apache-2.0": frozenset({"hf_course", "ofbiz", "off_smooth_app", "elixirschool"}),
    "MIT, ISC": frozenset({"govuk_frontend", "osm_id_tagging"}),
    "MPL-2.0": frozenset({"thunderbird", "mozilla_www"}),
    "LGPL": frozenset({"odoo14", "odoo16", "odoo17"}),
    "GPL": frozenset({"moodle", "wordpress_woo", "erpnext_vi_po", "erpnext15_csv", "dolibarr", "mediawiki", "git_po"}),
}  # fmt: skip
"""The sources by the licence of their texts; of erpnext_vi_po the English is GPL, whatever its carrier says."""

TUNE: Mapping[str, float] = {
    **{source: weight * 0.08 for source, weight in STABLE.items()},
    "own": 3, "seed": 3, "notes": 2, "tables": 0.5, "tariff": 0.5, "templates": 0.4,
}  # fmt: skip

SHORT = 0.4
"""How much less wordings of up to three words of the general sources count: they are mostly buttons."""

TEMPLATES = (
    ("Technical regulation on {x}", "Quy chuẩn kỹ thuật về {y}"),
    ("Draft technical regulation for {x}", "Dự thảo quy chuẩn kỹ thuật đối với {y}"),
    ("{m}: draft technical regulation on {x}", "{n}: dự thảo quy chuẩn kỹ thuật về {y}"),
    ("{m} proposes to make the standard for {x} mandatory.",
     "{n} đề xuất quy định bắt buộc áp dụng tiêu chuẩn đối với {y}."),
    ("{m} notifies the suspension of imports of {x}.", "{n} thông báo tạm dừng nhập khẩu {y}."),
    ("Import requirements for {x} from {m}", "Yêu cầu nhập khẩu đối với {y} từ {n}"),
    ("Sanitary requirements for the importation of {x} originating in {m}",
     "Yêu cầu vệ sinh đối với việc nhập khẩu {y} có xuất xứ từ {n}"),
    ("Phytosanitary requirements for the importation of {x} from {m}",
     "Yêu cầu kiểm dịch thực vật đối với việc nhập khẩu {y} từ {n}"),
    ("Products covered: {x}", "Sản phẩm thuộc phạm vi điều chỉnh: {y}"),
    ("This Regulation applies to {x}.", "Quy định này áp dụng đối với {y}."),
    ("This document does not apply to {x}.", "Tài liệu này không áp dụng đối với {y}."),
    ("The measure does not cover {x}.", "Biện pháp này không áp dụng đối với {y}."),
    ("Labelling of {x}", "Ghi nhãn {y}"),
    ("Energy efficiency and labelling of {x}", "Hiệu suất năng lượng và dán nhãn đối với {y}"),
    ("The standard specifies requirements for {x}.", "Tiêu chuẩn này quy định các yêu cầu đối với {y}."),
    ("This Draft Uganda Standard specifies requirements, sampling and test methods for {x}.",
     "Dự thảo Tiêu chuẩn Uganda này quy định các yêu cầu, phương pháp lấy mẫu và phương pháp thử đối với {y}."),
    ("XZ1, {X} — Specification, First Edition", "XZ1, {Y} — Yêu cầu kỹ thuật, xuất bản lần thứ nhất"),
    ("{X} – Specification – Part XZ1: Test methods", "{Y} – Yêu cầu kỹ thuật – Phần XZ1: Phương pháp thử"),
    ("Conformity assessment of {x}", "Đánh giá sự phù hợp đối với {y}"),
    ("Quality control order on {x}, XZ1", "Lệnh kiểm soát chất lượng đối với {y}, XZ1"),
    ("{X} (HS XZ1)", "{Y} (mã HS XZ1)"),
    ("{X} (HS code(s): XZ1); (ICS code(s): XZ2)", "{Y} (mã HS: XZ1); (mã ICS: XZ2)"),
    ("National Standard of the P.R.C., {X}", "Tiêu chuẩn quốc gia của Trung Quốc, {Y}"),
    ("Prohibition of the sale of {x} that do not conform to the standard",
     "Cấm bán {y} không phù hợp với tiêu chuẩn"),
    ("Safety requirements and test methods: {x}", "Yêu cầu an toàn và phương pháp thử: {y}"),
    ("Importers of {x} shall hold a certificate of conformity.",
     "Doanh nghiệp nhập khẩu {y} phải có giấy chứng nhận sự phù hợp."),
    ("Requirements for {x} placed on the market", "Yêu cầu đối với {y} đưa ra thị trường"),
    ("To protect consumers who buy {x}.", "Nhằm bảo vệ người tiêu dùng mua {y}."),
    ("As from XZ1, {x} must be registered before sale.", "Kể từ ngày XZ1, {y} phải được đăng ký trước khi bán."),
    ("The limit of XZ1 applies to {x}.", "Giới hạn XZ1 áp dụng đối với {y}."),
)  # fmt: skip
_NOT_A_THING = re.compile(
    r"^(?:other|of|in|with|for|not|containing|having|weighing|exceeding|put|whether|made|suitable|from|by)\b|:$",
    re.IGNORECASE,
)


_NO_GOODS = re.compile(
    r"[.:;?0-9]$|[–:;\"]|\b(?:shall|must|may|is|are|not|by|upon|immediately|requirements?|conditions?|importation|import"
    r"|imports|measures?|rules?|procedures?|certificates?|period|notice|order|comments?|limits?|tests?|date|place|number"
    r"|withdrawal|change|extension|publication|exemptions?|schedule|list|review|approval|data|guidelines?|guidance|draft"
    r"|amendments?|revision|registration|quarantine|regulations?|standards?|protection|partners|system|control|treatment"
    r"|inspection|monitoring|entry|obligations|determination|labelling|services|ban|prohibition|disinfection|country"
    r"|weight|address|instructions|stage|version|recognition|risk|assessment|correction|quarter|under|notification|safety|method|methods)\b",
    re.IGNORECASE,
)


class Mixer:
    """Makes the epochs of one phase from the pairs of the training data."""

    def __init__(self, pairs: list[Pair], tables: Path, weights: Mapping[str, float]) -> None:
        """``tables``: the project's ``translations``, for the names of Members and the terms."""
        self.pairs, self.weights = pairs, weights
        self.things = [pair for pair in pairs if _names_a_thing(pair)]
        self.names = list(_names(tables / "members.tsv"))
        kept = {word for pair in pairs if pair.source in GENRE for word in _kept(pair.en, pair.vi)}
        self.kept = (
            sorted(word for word in kept if word[0].isupper()),
            sorted(w for w in kept if w[0].islower()),
        )
        self._english = dict(self.names)
        names = "|".join(re.escape(en) for en, _ in self.names)
        self._any_name = re.compile(rf"(?<!the )(?<!The )\b({names})\b(?! [A-Z])")
        self._terms = dict(_terms(tables / "terms.tsv"))
        terms = "|".join(re.escape(en) for en in sorted(self._terms, key=len, reverse=True))
        self._any_term = re.compile(rf"\b(?:{terms})\b", re.IGNORECASE)

    def epoch(self, number: int) -> list[tuple[str, str]]:
        chance = random.Random(f"epoch {number}")
        chosen = list(self._drawn(chance))
        chance.shuffle(chosen)
        return [self._varied(pair, chance, chosen) for pair in chosen]

    def _drawn(self, chance: random.Random) -> Iterator[Pair]:
        for pair in self.pairs:
            weight = self.weights.get(pair.source, 0.0)
            if pair.source not in GENRE and pair.en.count(" ") < 3:
                weight *= SHORT
            yield from [pair] * (int(weight) + (chance.random() < weight % 1))
        for thing in self.things:
            if chance.random() < self.weights["templates"]:
                yield self._in_a_sentence(thing, chance)

    def _in_a_sentence(self, thing: Pair, chance: random.Random) -> Pair:
        en, vi = chance.choice(TEMPLATES)
        member, theirs = chance.choice(self.names)
        return Pair(
            en.format(x=lowered(thing.en), X=thing.en, m=member),
            vi.format(y=lowered(thing.vi), Y=thing.vi, n=theirs),
            "templates",
        )

    def _varied(self, pair: Pair, chance: random.Random, chosen: list[Pair]) -> tuple[str, str]:
        en, vi = pair.en, pair.vi
        if pair.source in GENRE:
            if chance.random() < 0.5:
                en, vi = self._renamed(en, vi, chance)
            if chance.random() < 0.3:
                en, vi = self._exchanged(en, vi, chance)
            if chance.random() < 0.1:
                en, vi = shortened(en, vi, chance)
            if chance.random() < 0.1 and len(en) < 160:
                other = chance.choice(chosen)
                if other.source in GENRE and len(other.en) < 160:
                    en, vi = joined((en, vi), (other.en, other.vi), chance)
        if pair.source != "templates":
            en, vi = self._locked(en, vi, chance, pair.source in GENRE)
        return self._recased(en, vi, chance, pair.source in GENRE)

    def _locked(self, en: str, vi: str, chance: random.Random, genre: bool) -> tuple[str, str]:
        """As the product puts a sentence before its engine: mostly all locked, sometimes names and terms too,
        sometimes codes only."""
        toss = chance.random()
        first = chance.randint(2, 14) if chance.random() < 0.04 else 1
        if toss < 0.65:
            return locked(en, vi, first=first)
        if toss < 0.78 and genre:
            return locked(en, vi, names=self._english, swaps=self._swaps(en, vi, chance), first=first)
        return locked(en, vi, kinds=CODES) if toss < 0.90 else (en, vi)

    def _swaps(self, en: str, vi: str, chance: random.Random) -> list[tuple[int, int, str]]:
        """Terms of the term base that stand in the pair once in both languages."""
        found = []
        for match in self._any_term.finditer(en):
            forms = [form for form in self._terms[match.group().casefold()] if vi.casefold().count(form) == 1]
            if len(forms) == 1 and chance.random() < 0.6:
                at = vi.casefold().index(forms[0])
                found.append((match.start(), match.end(), vi[at : at + len(forms[0])]))
        return found

    def _recased(self, en: str, vi: str, chance: random.Random, genre: bool) -> tuple[str, str]:
        """Headings in capitals come in sentence case without any other capital; many titles come In Title Case."""
        if not genre:
            return en, vi
        toss = chance.random()
        if toss < 0.07:
            return sentence_case(en), vi
        if toss < 0.15 and len(en) < 200:
            return titled(en), vi
        if toss < 0.20 and en.endswith(".") and vi.endswith("."):
            return en[:-1], vi[:-1]
        return en, vi

    def _exchanged(self, en: str, vi: str, chance: random.Random) -> tuple[str, str]:
        """Other foreign words where both sides have the same one, every other of them made up, and acronyms of any
        letters: names of species, substances, places and agencies are without end, and are to be copied letter by
        letter."""
        for word in _kept(en, vi):
            if chance.random() < 0.5:
                words = self.kept[word[0].islower()]
                new = chance.choice(words)
                if chance.random() < 0.5:
                    other = chance.choice(words)
                    new = new[: chance.randint(2, len(new) - 2)] + other[chance.randint(2, len(other) - 2) :]
                en, vi = (re.sub(rf"\b{re.escape(word)}\b", new, text) for text in (en, vi))
        for word in _kept(en, vi, _ACRONYM):
            if chance.random() < 0.7:
                new = "".join(chance.choices(string.ascii_uppercase, k=chance.randint(2, 6)))
                en, vi = (re.sub(rf"\b{word}\b", new, text) for text in (en, vi))
        return en, vi

    def _renamed(self, en: str, vi: str, chance: random.Random) -> tuple[str, str]:
        """Another Member in both sides, when one is named once in each."""
        found = self._any_name.findall(en)
        if len(found) != 1:
            return en, vi
        name = self._english[found[0]]
        if vi.count(name) != 1 or en.count(found[0]) != 1:
            return en, vi
        new_en, new_vi = chance.choice(self.names)
        return en.replace(found[0], new_en), vi.replace(name, new_vi)


def _names(members: Path) -> Iterator[tuple[str, str]]:
    """Names that take no article, as English prose and Vietnamese write them."""
    with members.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            en = row["short_en"] or row["prose_en"] or row["name_en"]
            vi = row["short_vi"] or row["name_vi"]
            if not en.startswith("the ") and "," not in en and len(en) > 3:
                yield en, vi


def _names_a_thing(pair: Pair) -> bool:
    """Whether the wording is that of goods, and can stand in a sentence."""
    if pair.source == "tariff":
        return 6 < len(pair.en) < 100 and not _NOT_A_THING.search(pair.en)
    goods = pair.source == "own" and 1 < len(pair.en.split()) < 10 and not pair.en[:1].islower()
    return goods and not _NO_GOODS.search(pair.en)


_FOREIGN = re.compile(r"(?<![\w.-])[A-Za-z][a-z]{4,}(?![\w-]|\.\w)")
_ACRONYM = re.compile(r"(?<![\w.-])[A-Z]{2,7}(?![\w-]|\.\w)")


def _kept(en: str, vi: str, kind: re.Pattern[str] = _FOREIGN) -> list[str]:
    """Words of that kind, else of five letters and more, that stand once, and alike, in both sides."""
    ours, theirs = (Counter(kind.findall(text)) for text in (en, vi))
    return [word for word, number in ours.items() if number == theirs[word] == 1]


def _terms(path: Path) -> Iterator[tuple[str, list[str]]]:
    """English terms and the Vietnamese forms that are allowed for them, both in small letters."""
    forms: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["status"] in ("preferred", "admitted"):
                for en in row["en"].split("|"):
                    forms.setdefault(en.casefold(), []).append(row["vi"].casefold())
    yield from forms.items()


def sentence_case(text: str) -> str:
    low = "".join(part if part.startswith("XZ") else part.lower() for part in re.split(r"(XZ\d+)", text))
    return low[:1].upper() + low[1:]


def lowered(text: str) -> str:
    """The first letter small, unless the word has further capitals or figures."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:] == first[1:].lower() and len(first) > 1 else text


_SMALL = frozenset("a an the of on in for and or to by with from at as".split())


def titled(text: str) -> str:
    words = [
        word if word in _SMALL and index else word[:1].upper() + word[1:]
        for index, word in enumerate(text.split(" "))
    ]
    return " ".join(words)


def shortened(en: str, vi: str, chance: random.Random) -> tuple[str, str]:
    """Some of the parts between semicolons, colons or full stops, where both sides have as many."""
    for mark in ("; ", ". ", ": ", " - ", " – "):
        parts = en.split(mark), vi.split(mark)
        if len(parts[0]) == len(parts[1]) > 1 and all(len(p) > 8 for p in parts[0] + parts[1]):
            start = chance.randrange(len(parts[0]))
            end = chance.randint(start + 1, len(parts[0]))
            return mark.join(parts[0][start:end]), mark.join(parts[1][start:end])
    return en, vi


def joined(one: tuple[str, str], two: tuple[str, str], chance: random.Random) -> tuple[str, str]:
    en, vi = one
    if en[-1] in ".!?" and vi[-1] in ".!?":
        return f"{en} {two[0]}", f"{vi} {two[1]}"
    mark = chance.choice(("; ", " - ", ". ", " / ", ": "))
    return en.rstrip(".;:,") + mark + two[0], vi.rstrip(".;:,") + mark + two[1]
