"""The suite about itself: what is skipped is seen, nothing leaves the machine, a warning is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASKS = """
import pytest

def test_reads(shared):
    assert (shared / "page.txt").read_text() == "here"

def test_gives_up(shared):
    pytest.skip("no such page")
"""

LEAVES = """
import socket, warnings

def test_stays():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

def test_leaves():
    socket.create_connection(("192.0.2.1", 80), timeout=1)

def test_warns():
    warnings.warn("old", DeprecationWarning)
"""


def suite(repository: Path, folder: Path, test: str, shared: Path, *options: str) -> str:
    """What pytest says about one file of tests under our own settings."""
    (folder / "test_one.py").write_text(test)
    (folder / "conftest.py").write_bytes((repository / "tests" / "conftest.py").read_bytes())
    (folder / "pyproject.toml").write_bytes((repository / "pyproject.toml").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "test_one.py"],
        cwd=folder,
        env={**os.environ, "TBT_SHARED": str(shared)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "load")], ids=["one", "two"])
def test_without_the_reference_folder_its_tests_are_skipped_and_counted(
    repository: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    said = suite(repository, tmp_path, ASKS, tmp_path / "nowhere", *options)
    assert "2 skipped" in said
    assert "ABSENT, 2 tests that need it were skipped" in said


@pytest.mark.parametrize("options", [(), ("-n", "2", "--dist", "load")], ids=["one", "two"])
def test_with_the_reference_folder_a_skip_is_a_failure(
    repository: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "page.txt").write_text("here")
    said = suite(repository, tmp_path, ASKS, shared, *options)
    assert "1 failed, 1 passed" in said
    assert ": 1 tests used it" in said
    assert "skipped although the reference folder" in said
    assert "no such page" in said


def test_nothing_leaves_the_machine_and_warnings_fail(repository: Path, tmp_path: Path) -> None:
    said = suite(repository, tmp_path, LEAVES, tmp_path / "nowhere")
    assert "2 failed, 1 passed" in said
    assert "SocketConnectBlockedError" in said
    assert "DeprecationWarning: old" in said
