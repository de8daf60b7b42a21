"""Put a measured package of the starter model where the product ships it.

    python -m starter.release --package trial.argosmodel --quality quality.txt

It gets what it must say of itself: from what it was trained, under which licence, how good it is (one line, which
``tests/quality/translation.py --summary`` writes), and below which trust its texts are not shown. Then it is
installed as an office would install it, so that a package that does not work is never shipped.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

from starter.packing import described, metadata

LICENCE = "CC BY-SA 4.0"
ATTRIBUTION = (
    "TBT Watch contributors; trained among others on texts of Odoo, Moodle, WordPress, WooCommerce, ERPNext, Frappe,"
    " Dolibarr, MediaWiki, Git, Apache OFBiz, Mozilla, Open Food Facts, OpenStreetMap iD, GOV.UK, Vue, React, Hugging"
    " Face, Elixir School, Learn X in Y Minutes, Microsoft (Dynamics 365 documentation), Dive into Deep Learning (Viet"
    " Nam) and Tatoeba; docs/model.md lists them with their licences"
)
DATA = (
    "sentence pairs and tables of this project, explanatory notes and wordings of the ASEAN tariff, and translated"
    " documentation and catalogs of free software (docs/model.md)"
)
LEAST_TRUST = -0.18
"""Below it a text stays in the original; how it was found is in decision 025."""

LARGEST = 25_000_000


def starter(quality: str) -> dict[str, object]:
    """What marks a package as the project's own first model."""
    return {
        "data": DATA,
        "quality": quality,
        "least_trust": LEAST_TRUST,
    }


def released(body: bytes, quality: str) -> bytes:
    """The package with everything that it must say."""
    facts = metadata("en", "vi", LICENCE, attribution=ATTRIBUTION, starter=starter(quality))
    readme = (
        "# English to Vietnamese, a starter\n\nMade by TBT Watch for notifications; its texts are trials.\n\n"
        f"Quality: {quality}\n\nData: {DATA}.\n\nLicence: {LICENCE}. {ATTRIBUTION}.\n"
    )
    return described(body, facts, readme)


def place(body: bytes, name: str, folder: Path) -> Path:
    """Unpack it into ``folder`` as the product reads it there, in the place of any other."""
    from tbt_watch.translate.engines.models import install_model
    from tbt_watch.translate.engines.packages import ORIGIN_FILE

    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / name
        file.write_bytes(body)
        model = install_model(Path(home), str(file))
        facts = json.loads((model.path / ORIGIN_FILE).read_text(encoding="utf-8"))
        facts |= {"licence": LICENCE, "attribution": ATTRIBUTION}
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        (model.path / ORIGIN_FILE).write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(model.path, folder / model.path.name))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--quality", type=Path, required=True)
    parser.add_argument("--folder", type=Path, help="where to put it; by default where the product looks")
    args = parser.parse_args()
    from tbt_watch.translate.engines.packages import BUNDLED

    body = released(args.package.read_bytes(), " ".join(args.quality.read_text(encoding="utf-8").split()))
    if len(body) > LARGEST:
        sys.stdout.write(f"The package has {len(body)} bytes; at most {LARGEST} are shipped.\n")
        return 1
    path = place(body, "translate-en_vi-0_1.argosmodel", args.folder or BUNDLED)
    sys.stdout.write(f"{path}: {len(body)} bytes packed, SHA-256 {hashlib.sha256(body).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
