"""How well sectors are predicted for product texts that the model has not seen: `make quality`.

Vietnamese customs rulings and measures on imports are judged by the sectors of their HS codes, which are hidden from
rules and model; the model is trained anew without them (half a minute, in memory, nothing is written). Rulings name one
product in a few words, measures have pages of law on dozens of codes: hard for both, and unlike the labelled notices.
"""

import importlib.util
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "gold"))

from report import codes, score_line

from tbt_watch.domain.notice import Language, Notice
from tbt_watch.tag.predict import Predictor
from tbt_watch.tag.rules import tag_notice
from tbt_watch.tag.vocabulary import load_vocabulary


def notice(title: str, summary: str, products: str, language: Language) -> Notice:
    """A text as a notice without codes."""
    return Notice(
        key="x",
        kind="notification",
        area="TBT",
        type="regular",
        symbols=("x",),
        thread="x",
        members=(),
        title=title,
        summary=summary,
        products=products,
        language=language,
    )


def main() -> None:
    """Print the figures, or why there are none."""
    shared = Path(os.environ.get("TBT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    if not shared.is_dir():
        print(f"Prediction on unseen products is skipped: the texts are not here ({shared}).")
        return
    if importlib.util.find_spec("sklearn") is None:
        print("Prediction on unseen products is skipped: it needs the extra train.")
        return
    from train import MOST_FEATURES, Gatherer

    from tbt_watch.tag.training import train

    vocabulary = load_vocabulary()
    gatherer = Gatherer(shared, vocabulary)
    seen = [one for one in gatherer.examples() if one.source not in ("ruling", "measure")]
    sectors = [sector.code for sector in vocabulary.sectors]
    model = train(seen, sectors, most_features=MOST_FEATURES).model
    predictor = Predictor(model=model, sectors=frozenset(sectors))
    rulings = [
        (notice(fields[0][0], fields[2][0], "", "vi"), wanted) for fields, wanted in gatherer.rulings()
    ]
    measures = [
        (notice(fields[1][0], fields[2][0], fields[0][0], "en"), wanted)
        for fields, wanted in gatherer.measures()
    ]
    for name, items in (("rulings", rulings), ("measures", measures)):
        rules = [
            (one, [tag for tag in tag_notice(one, vocabulary) if tag.basis != "stated"]) for one, _ in items
        ]
        wanted = [gold for _, gold in items]
        print(f"{len(items)} {name} that the model has not seen")
        for label, found in (
            ("rules", [tags for _, tags in rules]),
            ("the model alone", predictor.predict([one for one, _ in items])),
            ("rules and model", predictor.complete(rules)),
        ):
            given = [codes(tags, "sector") for tags in found]
            score_line(label, list(zip(wanted, given, strict=True)))


if __name__ == "__main__":
    main()
