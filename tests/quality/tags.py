"""How well the tags do on the labelled set: `make quality`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "gold"))

from report import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
