"""How well the tags do on notices that the project wrote itself: `make quality`.

``--tuning``: only the half that may be tuned on; ``--errors``: its errors too. The other half is never listed.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "gold"))

from report import Judge, errors, report_lines
from written import written_halves, written_notifications, written_regulations

from tbt_watch.tag.predict import open_predictor
from tbt_watch.tag.vocabulary import load_vocabulary


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where the model is damaged."""
    vocabulary = load_vocabulary()
    opened = open_predictor([sector.code for sector in vocabulary.sectors])
    if opened.predictor is None:
        print(f"The written notices are skipped: {' '.join(opened.notes)}")
        return 1
    judge = Judge(vocabulary, opened.predictor)
    for name, items in (
        ("written notifications", written_notifications()),
        ("written titles of Vietnamese law", written_regulations()),
    ):
        tuning, held_out = written_halves(items)
        report_lines(f"{name}, tuning half", tuning, judge)
        if "--tuning" not in arguments:
            report_lines(f"{name}, held-out half", held_out, judge)
            report_lines(f"{name}, all", items, judge)
        if "--errors" in arguments:
            errors(tuning, judge)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
