"""What the checks catch of broken translations, and their false alarms on right ones: `make quality`.

Real human translations are read from the reference folder (TBT_SHARED, default ../shared); without it only this is
said. Two tables: 300 broken ones, as the test has them, and every way of breaking by itself.
"""

import os
import random
import sys
from collections import Counter
from pathlib import Path

from mutations import BREAKERS, mutants, term_breakers
from proof import SETS, alarms, broken_300, caught, checker, pairs, report, right, terms

PER_KIND = 200


def main() -> int:
    shared = Path(os.environ.get("TBT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    if not shared.is_dir():
        print(f"checks: the reference folder {shared} is not here (name it with TBT_SHARED)")
        return 0
    for name in SETS:
        count = len(pairs(shared, name))
        figures = ", ".join(
            f"{check} {times / count:.1%}" for check, times in alarms(shared, name).most_common()
        )
        print(f"false alarms on {count} right translations of {name}: {figures}")
    print("300 broken, caught:")
    print(report(*caught(broken_300(shared, 1))[:2]))
    breakers = {**BREAKERS, "term": term_breakers(terms())}
    for name in SETS:
        print(f"{name}, up to {PER_KIND} a kind, caught:")
        found = [
            one
            for kind, ways in breakers.items()
            for one in mutants(right(shared, name), ways, kind, PER_KIND, random.Random(kind))
        ]
        all_of = Counter(one.how for one in found)
        seen = Counter(one.how for one in found if checker().check(one.source, one.broken))
        print(report(seen, all_of))
    return 0


if __name__ == "__main__":
    sys.exit(main())
