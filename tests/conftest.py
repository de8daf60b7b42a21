"""What every test may ask for, and what the suite says at its end.

Fixtures: ``shared`` (the reference folder), ``now`` (a fixed clock), ``repository`` (the checkout), ``store`` (an
empty database), ``language`` (catalogs and tables).
"""

import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from tbt_watch.language import Language
    from tbt_watch.store import Store

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("TBT_SHARED") or REPOSITORY.parent / "shared")

# Seconds are no property of the code on a busy machine; in CI the same examples run every time.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.register_profile("house-ci", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house-ci" if os.environ.get("CI") else "house")

used_shared: set[str] = set()
lacked_shared: set[str] = set()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout that the tests run in."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the checkout; a test that needs it is skipped without it.

    Elsewhere it is named by the environment variable TBT_SHARED.
    """
    if not SHARED.is_dir():
        pytest.skip(f"the reference folder is not here: {SHARED} (name it with TBT_SHARED)")
    return SHARED


@pytest.fixture
def now() -> datetime:
    """A fixed moment: Friday 20 November 2026, nine in the morning in Hanoi."""
    return datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of an empty database: made once, for the migrations take longer than most tests."""
    from tbt_watch.store import Store

    path = tmp_path_factory.mktemp("empty") / "store.db"
    Store.open(path).close()
    return path.read_bytes()


@pytest.fixture
def store(tmp_path: Path, empty_database: bytes) -> Iterator["Store"]:
    """An empty database of its own, in a file."""
    from tbt_watch.store import Store

    path = tmp_path / "store.db"
    path.write_bytes(empty_database)
    with Store.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def language() -> "Language":
    """The catalogs and tables of ``translations/``."""
    from tbt_watch.language import load_language

    return load_language()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: where several processes run them, none is left alone with one in the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def no_starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test of another matter is translated by a model that happens to be shipped; what is tested with one lays it
    there itself."""
    from tbt_watch.translate.engines import packages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packages, "BUNDLED", tmp_path_factory.mktemp("none") / packages.STARTER)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count the tests that ask for ``shared``; where the folder is there, none of them may be skipped."""
    report = yield
    if "shared" not in getattr(item, "fixturenames", ()):
        return report
    if report.skipped and SHARED.is_dir() and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped although the reference folder {SHARED} is there: {why}"
    elif report.skipped:
        report.user_properties.append(("shared", "lacked"))
    elif report.when == "call":
        report.user_properties.append(("shared", "used"))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count in the process that speaks at the end: where several run the tests, reports come from each of them."""
    for name, how in report.user_properties:
        if name == "shared":
            (lacked_shared if how == "lacked" else used_shared).add(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much of the suite stood on the reference folder, so that a skip is never overlooked."""
    if lacked_shared:
        terminalreporter.write_line(
            f"reference folder {SHARED}: ABSENT, {len(lacked_shared)} tests that need it were skipped",
            yellow=True,
        )
    elif used_shared:
        terminalreporter.write_line(f"reference folder {SHARED}: {len(used_shared)} tests used it")
