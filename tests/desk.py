"""A desk to work at: the command line as a person uses it, in a folder of its own.

``typed`` runs a verb in this process and gives back what was printed; ``shell`` runs it as a program of its own.
``sampled`` lays out the sample as ``tbt-watch run --once --sample`` left it.
"""

import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tbt_watch.cli import tbt_watch_command
from tbt_watch.cli.frame import run_guarded

CONFIG = """
language = "en"
[office]
name = "TBT office"
[sources]
enabled = ["eping_web", "eping_workbook", "congbao"]
[translate]
engine = "none"
"""
"""A small configuration; where nothing else is said, everything lies in ``data/`` beside it."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What a verb ended with and printed."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence on standard error; nothing may stand on standard output then."""
        assert self.out == "", self.out
        (line,) = self.err.splitlines()
        assert line.endswith((".", "?")), line
        return line

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Screen(io.StringIO):
    """A standard output as programs see it: text above bytes."""

    encoding = "utf-8"


class Desk:
    """A folder with a configuration, or without one."""

    def __init__(self, folder: Path, config: str | None = CONFIG) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        if config is not None:
            self.configure(config)

    def configure(self, text: str) -> Path:
        """Write config.toml."""
        path = self.folder / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def typed(self, *words: str | Path, given: str = "") -> Printed:
        """Run a verb here; ``given`` is what stands on standard input."""
        out, err = Screen(), Screen()
        with (
            chdir(self.folder),
            redirect_stdout(out),
            redirect_stderr(err),
            mock.patch.object(sys, "stdin", io.StringIO(given)),
        ):
            code = run_guarded(tbt_watch_command, [str(word) for word in words])
        return Printed(code=code, out=out.getvalue(), err=err.getvalue())

    def shell(self, *words: str | Path, timeout: float = 120) -> Printed:
        """Run a verb as a program of its own."""
        done = subprocess.run(
            command(words), cwd=self.folder, capture_output=True, text=True, timeout=timeout, check=False
        )
        return Printed(code=done.returncode, out=done.stdout, err=done.stderr)

    def tree(self, folder: str) -> dict[str, bytes]:
        """Every file below a folder here, with its bytes."""
        top = self.folder / folder
        return {
            path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()
        }


def command(words: Sequence[str | Path]) -> list[str]:
    """A verb as another program would start it."""
    start = "import sys; from tbt_watch.cli import main; main(sys.argv[1:])"
    return [sys.executable, "-c", start, *map(str, words)]


def _sample(factory: pytest.TempPathFactory) -> Path:
    """The folder of one sample run, made once for all processes that run the tests."""
    top = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        top = top.parent
    with (top / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = top / "sample-run"
        if not made.exists():
            desk = Desk(factory.mktemp("sample"), config=None)
            done = desk.typed("run", "--once", "--sample")
            assert (done.code, done.err) == (0, "")
            (desk.folder / "sample-run").rename(made)
    return made


def sampled(factory: pytest.TempPathFactory) -> Desk:
    """A desk of its own with the sample on it; its verbs take ``--sample``."""
    desk = Desk(factory.mktemp("desk"), config=None)
    shutil.copytree(_sample(factory), desk.folder / "sample-run")
    return desk
