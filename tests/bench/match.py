"""Benchmark: 100,000 subscriptions against 300 notices, by the index and by a plain loop.

Run with ``make bench``. The subscriptions are drawn with a fixed seed, most of them narrow as those of enterprises are:
one to three sectors or codes, one to three markets. The notices are those of the sample, tagged by codes and rules.
The plain loop is measured on a part of the subscriptions and reckoned up, for it would run for minutes. Then the
same notices against ten times narrower wishes: the time must follow the matches and not the product. Prints seconds,
matches and ratios. It never fails for being slow.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import replace

from sampled import web

from tbt_watch.digest.index import Index
from tbt_watch.digest.match import Seen, reason
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.subscriber import Criteria
from tbt_watch.language import load_language
from tbt_watch.normalise.eping import read_web
from tbt_watch.sample import Edition, sample_now
from tbt_watch.sample.bundle import EXPECTED_ISSUES
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary

SUBSCRIPTIONS, NOTICES, LOOP = 100_000, 300, 2_000
MARKETS = (
    "EU",
    "USA",
    "CHN",
    "JPN",
    "KOR",
    "AUS",
    "ARE",
    "CAN",
    "BRA",
    "IND",
    "THA",
    "TPKM",
    "GBR",
    "SAU",
    "KEN",
)
WORDS = (
    "coffee",
    "cà phê",
    "shrimp",
    "tôm",
    "rice",
    "gạo",
    "furniture",
    "đồ gỗ",
    "toy",
    "pepper",
    "hồ tiêu",
    "tyres",
)
NAMES = ("EC 396/2005", "EU 2023/1115", "38-CT/TW", "1322/QĐ-TTg", "Codex Alimentarius")


def dossiers(vocabulary: Vocabulary) -> list[Dossier]:
    """So many notices of the sample, over and over, tagged."""
    broken = {issue.key for issue in EXPECTED_ISSUES}
    records = [one for one in Edition.bundled().records if str(one["id"]) not in broken]
    language = load_language()
    notices = [read_web(raw, language).notice for raw in web(records, sample_now())]
    made = []
    for number in range(NOTICES):
        one = notices[number % len(notices)]
        tags = tuple(tag_notice(one, vocabulary))
        dossier = Dossier(id=number, notice=one, state="ACCEPTED", seen_at=sample_now(), tags=tags)
        made.append(replace(dossier, accepted_at=sample_now()))
    return made


def wishes(vocabulary: Vocabulary, count: int, narrow: bool = False) -> list[Criteria]:
    """What enterprises follow, by chance but always the same; ``narrow``: a code of six digits in one market."""
    chance = random.Random(20261121)  # a draw that can be repeated, not a secret
    sectors = [one.code for one in vocabulary.sectors]
    codes = [f"{chapter:02}{heading:02}" for chapter in range(1, 97) for heading in range(1, 20)]
    made = []
    for _ in range(count):
        markets = tuple(chance.sample(MARKETS, 1 if narrow else chance.randint(0, 3)))
        kind = 0.7 if narrow else chance.random()
        if kind < 0.6:
            made.append(
                Criteria(sectors=tuple(chance.sample(sectors, chance.randint(1, 3))), markets=markets)
            )
        elif kind < 0.85:
            more = "10" if narrow else ""
            hs = tuple(code + more for code in chance.sample(codes, chance.randint(1, 3)))
            made.append(Criteria(hs=hs, markets=markets))
        elif kind < 0.95:
            made.append(Criteria(words=tuple(chance.sample(WORDS, 2)), markets=markets))
        else:
            made.append(Criteria(documents=tuple(chance.sample(NAMES, 2))))
    return made


def by_index(vocabulary: Vocabulary, criteria: Sequence[Criteria], notices: Sequence[Dossier]) -> float:
    """Seconds of the processor with building the index."""
    begun = time.process_time()
    index = Index(criteria, vocabulary.sectors_of)
    built = time.process_time() - begun
    hits = sum(len(index.matching(one)) for one in notices)
    spent = time.process_time() - begun
    each = spent / max(hits, 1) * 1e6
    print(f"  index: {spent:6.2f} s, {built:.2f} s of it to build; {hits} matches, {each:.2f} µs each")
    return spent


def main() -> None:
    """Print the figures."""
    vocabulary = load_vocabulary()
    notices = dossiers(vocabulary)
    criteria = wishes(vocabulary, SUBSCRIPTIONS)
    print(f"{SUBSCRIPTIONS} subscriptions against {len(notices)} notices")
    spent = by_index(vocabulary, criteria, notices)
    begun = time.process_time()
    for notice in notices:
        seen = Seen(notice)
        for one in criteria[:LOOP]:
            reason(one, seen, vocabulary.sectors_of)
    loop = (time.process_time() - begun) * SUBSCRIPTIONS / LOOP
    print(
        f"  plain loop: {loop:6.1f} s, reckoned from {LOOP} subscriptions: {loop / spent:.0f} times as long"
    )
    print("the same with narrow wishes: one code of six digits in one market")
    by_index(vocabulary, wishes(vocabulary, SUBSCRIPTIONS, narrow=True), notices)


if __name__ == "__main__":
    main()
