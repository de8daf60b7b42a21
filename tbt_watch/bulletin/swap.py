"""Putting a new site in the place of the old one: at once, or not at all."""

import contextlib
import ctypes
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Lazy:
    """A file that is made only when it has to be: ``key`` tells all that ``make`` depends on."""

    key: str
    make: Callable[[], bytes]


Content = bytes | Lazy


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What replacing the site came to, in files."""

    written: int
    unchanged: int
    removed: int


def replace_site(
    files: Iterable[tuple[str, Content]],
    out: Path,
    around: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Written:
    """Write the files (path from the root, bytes or how to make them) beside ``out`` and swap the folders.

    ``around`` is entered when everything is written, and holds the swap: what it does on its way out, such as ending a
    transaction, belongs to the swap. When it fails, the old folder is put back.

    A file whose bytes are as before is carried over, its time of change too; one whose key is as before is not even
    made. When anything fails, also while
    ``files`` makes them, the folder ``out`` is as it was. Raises BulletinError for a folder that we did not make
    and when the disk refuses.
    """
    _ours(out)
    fresh, first, done = spare_of(out), not out.exists(), False
    try:
        _make_room(fresh)
        result = _fill(fresh, files, out)
        _swap_within(around, fresh, out)
        if first:
            _mirror(out, fresh)
        done = True
    except OSError as error:
        raise BulletinError(_refused(out, error)) from error
    finally:
        if not done:
            shutil.rmtree(fresh, ignore_errors=True)
    return result


def spare_of(out: Path) -> Path:
    """The folder beside a site in which the next one is put together: the site before, its files second names of those
    that are still the same. Making thousands of folders anew takes longer than all the rest; it can be thrown away at
    any time."""
    return out.with_name(f".{out.name}-next")


def _make_room(fresh: Path) -> None:
    if fresh.is_symlink() or (fresh.exists() and not (fresh / MARKER).is_file()):
        raise BulletinError(
            f"{fresh} holds something that TBT Watch did not make, and the next site is put together there: "
            "move it away, then build again."
        )
    fresh.mkdir(parents=True, exist_ok=True)
    (fresh / MARKER).unlink(missing_ok=True)
    (fresh / MARKER).write_bytes(_MARKED)
    fresh.chmod(0o755)


def _mirror(out: Path, fresh: Path) -> None:
    """A spare folder for the next build, after the very first one."""
    _make_room(fresh)
    for path in _files(out) - {MARKER}:
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        _carry(f"{out}/{path}", f"{fresh}/{path}", (out / path).stat())


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


def _fill(fresh: Path, files: Iterable[tuple[str, Content]], out: Path) -> Written:
    before, stale = _Before(out), _files(fresh) - {MARKER}
    folders = {"", *(path.rpartition("/")[0] for path in stale)}
    noted: dict[str, tuple[str, int]] = {}
    made: set[str] = set()
    written, asked = 0, False
    here, there = os.fspath(fresh), os.fspath(out)  # a path in parts costs more than a look at the disk
    for path, content in files:
        if path in made:
            raise ValueError(f"two pages want the address {path}")
        made.add(path)
        if (folder := path.rpartition("/")[0]) not in folders:
            _clear(fresh / folder, fresh)
            (fresh / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        target, old = f"{here}/{path}", f"{there}/{path}"
        if isinstance(content, Lazy):
            if found := before.holds(path, content.key):
                noted[path] = content.key, found.st_size
                _carry(old, target, found)
                continue
            asked = True
            body = content.make()
            noted[path] = content.key, len(body)
        else:
            body = content
        written += _put(Path(target), body, Path(old))
    _tidy(fresh, stale - made)
    _note(fresh / MARKER, _marked(noted), out / MARKER, anew=asked)
    return Written(written=written, unchanged=len(made) - written, removed=len(before.files - made))


def _clear(folder: Path, fresh: Path) -> None:
    """Take away a file that stands where a folder is wanted."""
    while folder != fresh:
        if folder.is_file():
            folder.unlink()
        folder = folder.parent


def _tidy(fresh: Path, stale: set[str]) -> None:
    """Take away what the new site does not have, and folders that are empty then."""
    for path in stale:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            (fresh / path).unlink()
    for folder in {fresh / one for path in stale for one in Path(path).parents if one != Path()}:
        with contextlib.suppress(OSError):  # another file still stands in it, or it went with another
            folder.rmdir()


class _Before:
    """The old site: its files, and what they were made from, as its marker says."""

    def __init__(self, out: Path) -> None:
        self._out = os.fspath(out)
        self.files = _files(out) - {MARKER}
        self._noted: dict[str, tuple[str, int]] = {}
        self._at = 0
        with contextlib.suppress(OSError, ValueError):
            lines = (out / MARKER).read_text(encoding="utf-8").splitlines()[1:]
            self._at = (out / MARKER).stat().st_mtime_ns
            for line in lines:
                key, size, path = line.split(" ", 2)
                self._noted[path] = (key, int(size))

    def holds(self, path: str, key: str) -> os.stat_result | None:
        """The file, where it was made from the same and is as it was written: what somebody changed since is younger
        than the marker, which is written last."""
        noted = self._noted.get(path)
        if noted is None or noted[0] != key or path not in self.files:
            return None
        found = os.stat(f"{self._out}/{path}")  # noqa: PTH116 - ten thousand times a build
        return found if found.st_size == noted[1] and found.st_mtime_ns <= self._at else None


def _marked(noted: Mapping[str, tuple[str, int]]) -> bytes:
    lines = [f"{key} {size} {path}\n" for path, (key, size) in sorted(noted.items())]
    return _MARKED + "".join(lines).encode()


def _note(path: Path, content: bytes, old: Path, *, anew: bool) -> None:
    if anew or not _put_same(path, content, old):
        _write(path, content)


def _files(out: Path) -> set[str]:
    found: set[str] = set()
    skip = len(str(out)) + 1
    for folder, _, names in os.walk(out):
        below = folder[skip:].replace(os.sep, "/")
        found.update(f"{below}/{name}" if below else name for name in names)
    return found


def _put(path: Path, content: bytes, old: Path) -> bool:
    """Write a file; False when the old one had the same bytes and was carried over."""
    if _put_same(path, content, old):
        return False
    _write(path, content)
    return True


def _write(path: Path, content: bytes) -> None:
    """Write a file that is nobody else's: under its name may stand one that the site before has too."""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _put_same(path: Path, content: bytes, old: Path) -> bool:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
        found = old.stat()
        if found.st_size == len(content) and old.read_bytes() == content:
            _carry(os.fspath(old), os.fspath(path), found)
            return True
    return False


def _carry(old: str, path: str, found: os.stat_result) -> None:
    """The same file in the new folder, ``found`` in the old one. A second name for it where the disk can, for no file
    is ever written in place; else a copy."""
    with contextlib.suppress(FileNotFoundError):
        there = os.stat(path)  # noqa: PTH116 - the same
        if os.path.samestat(there, found):
            return
        if stat.S_ISDIR(there.st_mode):
            shutil.rmtree(path)
        else:
            Path(path).unlink()
    try:
        os.link(old, path)
    except OSError:
        shutil.copy2(old, path)


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
