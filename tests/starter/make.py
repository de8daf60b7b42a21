"""The starter model from beginning to end: ``make model``.

    python -m starter.make [--python PYTHON] [--steps N] [--folder model-run]

Data, three phases of training, a package, and its figures; each step goes on where it stopped. Nothing is shipped by
this: whether the package earns its place is for a person, who then runs ``python -m starter.release``.
"""

import argparse
import os
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

from starter.prepare import lacking

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
DECAY, TUNE = 4000, 1500
"""Steps of the two short phases."""

NEEDED = ("torch", "ctranslate2", "sentencepiece", "sacrebleu")


def main() -> int:
    args = options()
    shared = Path(os.environ.get("TBT_SHARED") or REPOSITORY.parent / "shared")
    if missing := lacking(shared):
        return refuse(
            f"the reference folder {shared} has no {missing[0]}; name the whole one with TBT_SHARED"
        )
    if (found := without(args.python)) is not None:
        return refuse(
            f"{args.python} {found}; make an environment with pip install {' '.join(NEEDED)} and name its"
            " interpreter: make model PYTHON_WITH_TORCH=PATH"
        )
    for command in commands(args, shared):
        if status := subprocess.run(command, env=environment(), check=False).returncode:
            return status
    package, summary = args.folder / "starter.argosmodel", args.folder / "quality.txt"
    sys.stdout.write(
        f"Made: {package}. If it earns its place: python -m starter.release --package {package} --quality {summary}\n"
    )
    return 0


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has torch")
    parser.add_argument("--steps", type=int, default=20_000, help="of the first, long phase")
    parser.add_argument("--folder", type=Path, default=Path("model-run"))
    return parser.parse_args()


def refuse(why: str) -> int:
    sys.stderr.write(f"The starter model cannot be made here: {why}.\n")
    return 1


def without(python: str) -> str | None:
    """What keeps an interpreter from training; None where it can."""
    asked = (
        "import importlib.util as u, sys;"
        f"sys.stdout.write(' '.join(n for n in {NEEDED!r} if u.find_spec(n) is None))"
    )
    try:
        done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "is no interpreter that runs"
    return f"has no {done.stdout.split()[0]}" if done.stdout else None


def commands(args: argparse.Namespace, shared: Path) -> list[list[str]]:
    """What is run, one after the other."""
    folder = args.folder
    data, run, package = folder / "data", folder / "run", folder / "starter.argosmodel"
    phases = (("stable", "--until", args.steps), ("decay", "--steps", DECAY), ("tune", "--steps", TUNE))
    train = [
        [args.python, "-m", "starter.train_mt", "--data", data, "--run", run, "--tables",
         REPOSITORY / "translations", "--phase", *phase]
        for phase in phases
    ]  # fmt: skip
    made: list[list[object]] = [
        [args.python, "-m", "starter.prepare", "--shared", shared, "--out", data],
        *train,
        [args.python, "-m", "starter.export", "--checkpoint", run / "tune", "--tokenizer",
         data / "sentencepiece.model", "--out", package],
        [sys.executable, REPOSITORY / "tests/quality/translation.py", "--package", package, "--summary",
         folder / "quality.txt"],
    ]  # fmt: skip
    return [[str(part) for part in command] for command in made]


def environment() -> dict[str, str]:
    """With tcmalloc where it is installed: the allocator of glibc hands large pieces of memory back after every step
    and takes them anew, which costs a third of the training."""
    quicker = find_library("tcmalloc_minimal")
    return {
        **({"LD_PRELOAD": quicker} if quicker else {}),
        **os.environ,
        "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{HERE.parent}",
        "PYTHONUNBUFFERED": "1",
    }


if __name__ == "__main__":
    sys.exit(main())
