"""Whether a notice concerns a subscription, and why."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from cast import CIRCULAR, POMELO, dossier, named, said
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.digest.index import Index
from tbt_watch.digest.match import match
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.domain.tag import Tag

UNSORTED = dossier(named("G/TBT/N/USA/9", "USA", hs_codes=()), sectors=(), topics=("labelling",))
AFFECTED = dossier(replace(POMELO, affected=("THA", "VNM")))
CASES: list[tuple[dict[str, Any], Dossier, str | None]] = [
    ({}, dossier(), "everything"),
    ({"sectors": ("seafood", "fresh-produce")}, dossier(), "sector:fresh-produce"),
    ({"sectors": ("seafood",)}, dossier(), None),
    ({"areas": ("TBT",)}, dossier(), None),
    ({"areas": ("SPS",)}, dossier(), "area:SPS"),
    ({"markets": ("USA", "EU")}, dossier(), "market:EU"),
    ({"markets": ("USA",)}, dossier(), None),
    ({"markets": ("USA",), "sectors": ("fresh-produce",)}, dossier(), None),
    ({"markets": ("EU",), "hs": ("0805",)}, dossier(), "hs:0805"),
    ({"topics": ("residues",)}, dossier(topics=("residues",)), "topic:residues"),
    # A code and the codes below it, both ways; dots in a code are no part of it.
    ({"hs": ("080510",)}, dossier(), "hs:080510"),
    ({"hs": ("0805.10",)}, dossier(), "hs:0805.10"),
    ({"hs": ("08",)}, dossier(), "hs:08"),
    ({"hs": ("0806",)}, dossier(), None),
    ({"hs": ("0805",)}, dossier(replace(POMELO, hs_codes=("08",))), "hs:0805"),
    ({"hs": ("",)}, dossier(), None),
    # Groups are tagged; a state of the EU that notifies alone reaches the followers of the EU by its tag.
    ({"markets": ("GCC",)}, dossier(named("G/TBT/N/ARE/1", "ARE"), markets=("ARE", "GCC")), "market:GCC"),
    ({"markets": ("EU",)}, dossier(named("G/TBT/N/SWE/160", "SWE"), markets=("SWE", "EU")), "market:EU"),
    # Vietnamese documents have no market: they go by their sector, else to who did not name other markets only.
    ({"markets": ("USA",)}, dossier(CIRCULAR, sectors=()), None),
    ({"markets": ("USA",), "areas": ("TBT", "VN")}, dossier(CIRCULAR, sectors=()), "area:TBT+VN"),
    ({"markets": ("USA",), "sectors": ("fresh-produce",)}, dossier(CIRCULAR), "sector:fresh-produce"),
    ({"markets": ("USA",), "sectors": ("seafood",)}, dossier(CIRCULAR, sectors=()), None),
    ({"markets": ("USA",), "areas": ("TBT", "SPS")}, dossier(CIRCULAR, sectors=()), None),
    # What no sector could be found for goes to its market or to the followers of its topic, never nowhere.
    ({"sectors": ("seafood",)}, UNSORTED, "general"),
    ({"sectors": ("seafood",), "markets": ("USA",)}, UNSORTED, "general"),
    ({"sectors": ("seafood",), "markets": ("EU",)}, UNSORTED, None),
    ({"topics": ("labelling",), "markets": ("EU",)}, UNSORTED, "general"),
    ({"topics": ("labelling",), "markets": ("USA",)}, UNSORTED, "topic:labelling"),
    ({"sectors": ("seafood",), "areas": ("SPS",)}, UNSORTED, None),
    ({"sectors": ("seafood",)}, dossier(CIRCULAR, sectors=()), "general"),
    # What is followed by name comes whatever its area and market, and nothing else comes with it.
    ({"documents": ("EC 396/2005",)}, dossier(), "document:EC 396/2005"),
    (
        {"documents": ("EC 396/2005",), "markets": ("USA",), "areas": ("TBT",)},
        dossier(),
        "document:EC 396/2005",
    ),
    ({"documents": (POMELO.thread,)}, dossier(), f"document:{POMELO.thread}"),
    ({"documents": ("12/2026/TT-BKHCN",)}, dossier(CIRCULAR), "document:12/2026/TT-BKHCN"),
    ({"documents": ("Draft Commission",)}, dossier(), "document:Draft Commission"),
    ({"documents": ("Draft Commissio",)}, dossier(), None),
    ({"documents": ("EU 2023/1115",)}, dossier(), None),
    ({"documents": ("EU 2023/1115",)}, UNSORTED, None),
    ({"documents": ("EU 2023/1115",), "sectors": ("seafood",)}, UNSORTED, "general"),
    ({"documents": ("EU 2023/1115",), "sectors": ("fresh-produce",)}, dossier(), "sector:fresh-produce"),
    # Who makes the product hears of what names Viet Nam as affected, whatever markets were named.
    ({"markets": ("USA",), "sectors": ("fresh-produce",)}, AFFECTED, "sector:fresh-produce"),
    ({"markets": ("USA",), "sectors": ("seafood",)}, AFFECTED, None),
    ({"markets": ("USA",)}, AFFECTED, None),
    ({"markets": ("VNM",)}, AFFECTED, "market:VNM"),
    ({"areas": ("TBT",), "sectors": ("fresh-produce",)}, AFFECTED, None),
    ({"markets": ("USA",)}, replace(AFFECTED, tags=()), "general"),
]


@pytest.mark.parametrize(("criteria", "notice", "reason"), CASES)
def test_the_reason(criteria: dict[str, Any], notice: Dossier, reason: str | None) -> None:
    assert match(Criteria(**criteria), notice) == reason


VIETNAMESE = said("products", "Bưởi, cam và chanh", origin="machine")


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("bưởi", True),
        ("BƯỞI", True),
        ("bu\u031bo\u031b\u0309i", True),  # the same letters, decomposed
        ("buổi", False),
        ("buoi", False),
        ("cam và  chanh", True),
        ("pomelo", False),  # the notice says pomelos
        ("pomelos", True),
        ("No 396/2005", True),
        ("396", True),
        ("39", False),
        ("...", False),
    ],
)
def test_words_are_whole_words_with_their_tones(word: str, found: bool) -> None:
    reason = match(Criteria(words=(word,)), dossier(translations=[VIETNAMESE]))
    assert reason == (f"word:{word}" if found else None)


def test_a_machine_text_that_failed_a_check_is_not_searched() -> None:
    failed = replace(VIETNAMESE, checks=("numbers",))
    assert match(Criteria(words=("bưởi",)), dossier(translations=[failed])) is None


codes = st.sampled_from(["08", "0805", "080510", "84", "8450", "1", ""])
some = st.lists(st.sampled_from(["fresh-produce", "seafood", "machinery"]), max_size=2, unique=True)
few = st.lists(st.sampled_from(["labelling", "residues"]), max_size=2, unique=True)
markets = st.lists(st.sampled_from(["EU", "USA", "SWE", "VNM"]), max_size=2, unique=True)
wishes = st.builds(
    Criteria,
    sectors=some.map(tuple),
    topics=few.map(tuple),
    markets=markets.map(tuple),
    hs=st.lists(codes, max_size=2).map(tuple),
    areas=st.lists(st.sampled_from(["TBT", "SPS", "VN"]), max_size=2).map(tuple),
    words=st.lists(st.sampled_from(["bưởi", "cam và chanh", "chlorpyrifos", "+", "quả"]), max_size=2).map(
        tuple
    ),
    documents=st.lists(
        st.sampled_from(["EC 396/2005", "draft commission", "G/SPS/N/EU/1234", "12/2026/TT-BKHCN", "FSMA"]),
        max_size=2,
    ).map(tuple),
)
notices = st.builds(
    lambda base, own, sectors, topics, tagged, affected: dossier(
        replace(base, hs_codes=tuple(own), affected=tuple(affected)),
        sectors=sectors,
        topics=topics,
        markets=tagged,
        translations=[VIETNAMESE],
    ),
    st.sampled_from([POMELO, CIRCULAR, named("G/TBT/N/SWE/160", "SWE"), named("G/TBT/N/USA/9", "USA")]),
    st.lists(codes, max_size=3),
    some,
    few,
    markets,
    st.lists(st.sampled_from(["VNM", "THA"]), max_size=1),
)


def crosswalk(digits: str) -> tuple[str, ...]:
    return ("fresh-produce",) if digits.startswith("08") else ("seafood",) if digits.startswith("03") else ()


@given(st.lists(wishes, max_size=8), notices)
def test_the_index_finds_exactly_what_matches(criteria: list[Criteria], notice: Dossier) -> None:
    slowly = {
        place: reason for place, one in enumerate(criteria) if (reason := match(one, notice, crosswalk))
    }
    assert Index(criteria, crosswalk).matching(notice) == slowly


def test_who_follows_a_code_hears_of_its_sector_where_no_code_is_stated() -> None:
    bare = dossier(replace(POMELO, hs_codes=()))
    assert match(Criteria(hs=("0805",)), bare, crosswalk) == "hs:0805"
    assert match(Criteria(hs=("0302",)), bare, crosswalk) is None
    assert (
        match(Criteria(hs=("0810",)), dossier(), crosswalk) is None
    )  # 0805 is stated: that is another fruit


def test_a_sector_that_is_a_guess_goes_to_the_general_news_as_well() -> None:
    guess = Tag(kind="sector", code="fresh-produce", basis="rule", reason="word", confidence=Decimal("0.4"))
    unsure = replace(dossier(sectors=()), tags=(guess,))
    assert match(Criteria(sectors=("fresh-produce",)), unsure) == "sector:fresh-produce"
    assert match(Criteria(sectors=("seafood",)), unsure) == "general"
