"""Putting a new site in the place of the old one: at once, or not at all."""

import contextlib
import ctypes
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tbt_watch.errors import BulletinError

MARKER = ".tbt-watch-site"
_MARKED = (
    b"This folder is made by TBT Watch and replaced as a whole with every build. Keep nothing else here.\n"
)

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What replacing the site came to, in files."""

    written: int
    unchanged: int
    removed: int


def replace_site(
    files: Iterable[tuple[str, bytes]],
    out: Path,
    around: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Written:
    """Write the files (path from the root, bytes) beside ``out`` and swap the folders.

    ``around`` is entered when everything is written, and holds the swap: what it does on its way out, such as ending a
    transaction, belongs to the swap. When it fails, the old folder is put back.

    A file whose bytes are as before is carried over, its time of change too. When anything fails, also while
    ``files`` makes them, the folder ``out`` is as it was. Raises BulletinError for a folder that we did not make
    and when the disk refuses.
    """
    _ours(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BulletinError(_refused(out, error)) from error
    try:
        fresh.chmod(0o755)
        result = _fill(fresh, files, out)
        _swap_within(around, fresh, out)
    except OSError as error:
        raise BulletinError(_refused(out, error)) from error
    finally:
        # After the swap this is the old site; before it, what there was of the new one.
        shutil.rmtree(fresh, ignore_errors=True)
    return result


def _refused(out: Path, error: OSError) -> str:
    return (
        f"The site in {out} could not be written ({error.strerror or error}), and stays as it was: "
        "make room or give the right to write there, then build again."
    )


def _ours(out: Path) -> None:
    if out.is_dir() and not out.is_symlink() and ((out / MARKER).is_file() or not any(out.iterdir())):
        return
    if out.is_symlink() or out.exists():
        raise BulletinError(
            f"{out} holds something that TBT Watch did not make, and a build replaces the whole folder: "
            "name a new or an empty folder for the site."
        )


def _fill(fresh: Path, files: Iterable[tuple[str, bytes]], out: Path) -> Written:
    before = _files(out)
    made: set[str] = set()
    written = 0
    for path, content in [(MARKER, _MARKED)]:
        _put(fresh / path, content, out / path)
    for path, content in files:
        if path in made:
            raise ValueError(f"two pages want the address {path}")
        made.add(path)
        written += _put(fresh / path, content, out / path)
    return Written(written=written, unchanged=len(made) - written, removed=len(before - made))


def _files(out: Path) -> set[str]:
    if not out.is_dir():
        return set()
    found = (path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return {path for path in found if path != MARKER}


def _put(path: Path, content: bytes, old: Path) -> bool:
    """Write a file; False when the old one had the same bytes and was carried over."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        if old.read_bytes() == content:
            shutil.copy2(old, path)
            return False
    path.write_bytes(content)
    return True


def _swap_within(around: Callable[[], AbstractContextManager[object]], fresh: Path, out: Path) -> None:
    swapped, first = False, not out.exists()
    try:
        with around():
            _swap(fresh, out)
            swapped = True
    except BaseException:
        if swapped and first:
            out.rename(fresh)
        elif swapped:
            _swap(fresh, out)
        raise


def _swap(fresh: Path, out: Path) -> None:
    """Exchange the folders in one step where the system can, else in two with the way back kept open."""
    if not out.exists():
        fresh.rename(out)
        return
    if _exchange(fresh, out):
        return
    aside = fresh.with_name(fresh.name + "-old")
    out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        aside.rename(out)
        raise
    aside.rename(fresh)


def _exchange(one: Path, other: Path) -> bool:
    """Linux's ``renameat2(…, RENAME_EXCHANGE)``; False where system or file system has it not."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    done: int = rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return done == 0
