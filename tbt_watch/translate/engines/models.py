"""List, install and remove translation packages in the models folder of an office.

An installation is whole or not at all: the file is downloaded (or taken), its size and SHA-256 compared, looked
through, unpacked beside the others, tried out, and only then put in its place.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tbt_watch.errors import ModelError, NotFoundError, UnreachableError, UsageError
from tbt_watch.translate.engines.archive import unpack
from tbt_watch.translate.engines.argos import load
from tbt_watch.translate.engines.catalog import CatalogEntry, catalog, known_file
from tbt_watch.translate.engines.fetch import Progress, fetch
from tbt_watch.translate.engines.packages import (
    ORIGIN_FILE,
    InstalledModel,
    broken,
    content_checksum,
    installed,
    packages_folder,
    read_package,
)

_PAIR = re.compile(r"([a-z]{2,3})[-_]([a-z]{2,3})")
_NAMED = re.compile(r"translate-([a-z]{2,3})_([a-z]{2,3})-")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be installed: a file on this machine, or the addresses to try in their order."""

    origin: str
    file: Path | None = None
    addresses: tuple[str, ...] = ()
    bytes: int | None = None
    sha256: str | None = None
    pair: str | None = None


def list_models(home: Path) -> list[InstalledModel]:
    """The installed packages, by pair."""
    return list(installed(home))


def unusable_models(home: Path) -> list[str]:
    """One sentence for each package that lies there and cannot be used: half, damaged, or refused when it is loaded."""
    return [
        *broken(home),
        *(
            f"The package in {model.path} does not work ({fault}): install {model.pair} again."
            for model in installed(home)
            if (fault := _fault(model))
        ),
    ]


def install_model(
    home: Path,
    wanted: str,
    *,
    sha256: str | None = None,
    mirror: str | None = None,
    progress: Progress | None = None,
    pause: float = 2.0,
) -> InstalledModel:
    """Install ``wanted``: a pair of the catalog ("en-vi"), a package file, or its address.

    ``mirror`` is a base address that is tried before the catalog's own. Raises UsageError when ``wanted`` is none of
    the three, UnreachableError when no address answers, ModelError when the package is refused; then nothing of
    it stays, except the beginning of a download that can go on.
    """
    task = _understood(wanted, sha256, mirror)
    if task.file is not None:
        return _install_file(home, task.file, task)
    file = _downloaded(home, task, progress, pause)
    try:
        return _install_file(home, file, task)
    finally:
        file.unlink(missing_ok=True)


def remove_model(home: Path, pair: str) -> tuple[Path, ...]:
    """Remove every package of ``pair``, half ones too; the folders that are gone.

    Raises NotFoundError when there is none.
    """
    match = _PAIR.fullmatch(pair.strip().lower())
    found = tuple(_of_pair(home, *match.groups())) if match else ()
    if not found:
        names = ", ".join(model.pair for model in installed(home)) or "none"
        raise NotFoundError(f"No model {pair!r} is installed; installed are: {names}.")
    with _staging(home) as staging:
        for number, path in enumerate(found):
            path.replace(staging / str(number))
    return found


def _understood(wanted: str, sha256: str | None, mirror: str | None) -> _Wanted:
    if sha256 is not None and not _SHA256.fullmatch(sha256 := sha256.strip().lower()):
        raise UsageError(f"{sha256!r} is not a SHA-256: write its 64 hexadecimal digits.")
    if urlsplit(wanted).scheme in ("http", "https"):
        return _Wanted(origin=wanted, addresses=(wanted,), sha256=sha256)
    if Path(wanted).is_file():
        return _Wanted(origin=Path(wanted).name, file=Path(wanted), sha256=sha256)
    match = _PAIR.fullmatch(wanted.strip().lower())
    entry = catalog().get("-".join(match.groups())) if match else None
    if entry is None:
        raise UsageError(
            f"{wanted!r} is neither a pair of the catalog ({', '.join(catalog())}), nor a package file,"
            " nor an address that begins with https://."
        )
    if sha256 not in (None, entry.sha256):
        raise UsageError(
            f"The catalog pins another SHA-256 for {entry.pair}; to install another file, name its address."
        )
    return _from_catalog(entry, mirror)


def _from_catalog(entry: CatalogEntry, mirror: str | None) -> _Wanted:
    name = entry.address.rsplit("/", 1)[-1]
    own = (f"{mirror.rstrip('/')}/{name}",) if mirror else ()
    return _Wanted(
        origin=entry.address,
        addresses=(*own, entry.address, entry.mirror),
        bytes=entry.bytes,
        sha256=entry.sha256,
        pair=entry.pair,
    )


def _downloaded(home: Path, task: _Wanted, progress: Progress | None, pause: float) -> Path:
    name = Path(urlsplit(task.origin).path).name or "package"
    # Two addresses may end in one name; what was begun from one is never continued from the other.
    start = hashlib.sha256((task.sha256 or task.origin).encode()).hexdigest()[:12]
    to = home / "downloads" / f"{start}-{name}"
    said: UnreachableError | None = None
    for address in task.addresses:
        try:
            fetch(address, to, size=task.bytes, progress=progress, pause=pause)
            return to
        except UnreachableError as error:
            said = said or error  # the first address is the one that the office chose
    assert said is not None
    raise said


def _install_file(home: Path, file: Path, task: _Wanted) -> InstalledModel:
    found = _sha256(file)
    if task.sha256 not in (None, found):
        raise ModelError(
            f"{task.origin} is not the package that was meant: its SHA-256 is {found}, expected {task.sha256}."
        )
    with _staging(home) as staging:
        unpacked = unpack(home, file, _folder(staging / "new"))
        model = read_package(home, unpacked)
        _right_pair(model, task)
        if fault := _fault(model):
            raise ModelError(f"{task.origin} does not work ({fault}): it was refused.")
        _write_origin(unpacked, task.origin, found)
        return _put_in_place(home, model, staging)


def _right_pair(model: InstalledModel, task: _Wanted) -> None:
    named = _NAMED.match(Path(urlsplit(task.origin).path).name)
    expected = task.pair or (f"{named[1]}-{named[2]}" if named else model.pair)
    if model.pair != expected:
        raise ModelError(f"{task.origin} is a package for {model.pair}, not for {expected}: it was refused.")


def _fault(model: InstalledModel) -> str:
    """Why a package does not work, "" when it does: half a model often loads, and fails at its first word."""
    try:
        load(model).decode(["Test."])
    except ModelError as error:
        return str(error.__cause__ or error).strip().rstrip(".") or "it cannot be loaded"
    return ""


def _write_origin(unpacked: Path, origin: str, sha256: str) -> None:
    entry = known_file(sha256)
    facts = {"origin": origin, "sha256": sha256, "content": content_checksum(unpacked)}
    if entry is not None:
        facts |= {"licence": entry.licence, "attribution": entry.attribution}
    (unpacked / ORIGIN_FILE).write_text(
        json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )


def _put_in_place(home: Path, model: InstalledModel, staging: Path) -> InstalledModel:
    """The new package in, every older one of its pair out."""
    target = _folder(packages_folder(home)) / model.path.name
    for number, path in enumerate({*_of_pair(home, model.source, model.target), target}):
        if path.exists():
            path.replace(staging / f"old-{number}")
    model.path.replace(target)
    return read_package(home, target)


def _of_pair(home: Path, source: str, target: str) -> Iterator[Path]:
    folder = packages_folder(home)
    whole = {
        model.path
        for model in installed(home)
        if (model.source, model.target) == (source, target) and not model.bundled
    }
    named = folder.glob(f"translate-{source}_{target}-*") if folder.is_dir() else ()
    yield from sorted(whole | {path for path in named if path.is_dir()})


@contextmanager
def _staging(home: Path) -> Iterator[Path]:
    """A folder on the same disk as the packages, gone at the end whatever happens."""
    path = Path(tempfile.mkdtemp(prefix="installing-", dir=_folder(home)))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"The models folder {path} cannot be made ({error.strerror}).") from error
    return path


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror}.") from error
