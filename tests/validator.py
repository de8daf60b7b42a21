"""The Nu HTML checker (https://validator.github.io/validator/) over files: it knows what may stand where."""

import json
import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote

import pytest

JAR = Path(__file__).resolve().parent / "npm/node_modules/vnu-jar/build/dist/vnu.jar"

# CSS Generated Content for Paged Media, which the checker does not know: running heads of the printed edition.
PAGED = ("CSS: “content”: “string(running)”", "CSS: “string-set”: Property")


def objections(folders: Collection[Path]) -> list[str]:
    """What the checker holds against the HTML files below the folders, warnings too. Skips the test without it."""
    java = shutil.which("java")
    if java is None or not JAR.is_file():
        pytest.skip(
            "the Nu HTML checker is not there: (cd tests/npm && npm ci), and Java (default-jre-headless)"
        )
    done = subprocess.run(
        [java, "-Xmx512m", "-jar", str(JAR), "--skip-non-html", "--format", "json", *map(str, folders)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    return [
        f"{unquote(one['url'])}: {one['message']} {one.get('extract', '')[:120]!r}"
        for one in json.loads(done.stderr)["messages"]
        if not one["message"].startswith(PAGED)
    ]
