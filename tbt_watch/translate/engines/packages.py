"""The translation packages in a folder: found, described, and their tokenizer.

Read through argostranslate where it is installed, else the same files by ourselves. The models folder (``home``)
holds ``packages/`` (one folder a package), ``downloads/`` (what is under way) and ``argos/`` (argostranslate's own).
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from packaging.version import InvalidVersion, Version

from tbt_watch.domain.translation import STARTER
from tbt_watch.errors import ModelError
from tbt_watch.translate.engines.lean import argos_package

ORIGIN_FILE = "tbt-watch.json"
"""Written beside a package's own files at its installation: where it came from, and its checksum."""

BUNDLED = Path(__file__).resolve().parent.parent / STARTER
"""Where the project's own first model lies, unpacked, if one is shipped; used while no other is installed."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """What a package says that was trained by this project: from what, how good it is, and below which trust (see
    ``Engine.floor``) a text of it is not shown."""

    data: str
    quality: str
    floor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """One installed package. ``sha256`` is that of the package file, "" when it was put there by hand;
    ``model_sha256`` is that of the weights themselves; ``bytes`` is what it takes on disk. ``licence`` is the
    catalog's, or what the package says of itself, then marked so."""

    source: str
    target: str
    version: str
    path: Path
    target_prefix: str
    bytes: int
    origin: str
    sha256: str
    model_sha256: str
    licence: str
    attribution: str
    starter: Starter | None = None

    @property
    def bundled(self) -> bool:
        """Whether it came with the program and not by an installation."""
        return self.path.parent == BUNDLED

    @property
    def pair(self) -> str:
        """As on the command line: ``en-vi``."""
        return f"{self.source}-{self.target}"


def packages_folder(home: Path) -> Path:
    """Where the packages of a models folder lie."""
    return home / "packages"


def installed(home: Path) -> tuple[InstalledModel, ...]:
    """The packages that are whole, by pair; of two for one pair the newer, and the one that came with the program
    only where there is no other. What is no package is passed over."""
    best: dict[Pair, InstalledModel] = {}
    for path in _folders(home):
        try:
            model = read_package(home, path)
        except ModelError:
            continue  # half a package is listed by broken(), and must not take the others with it
        pair = model.source, model.target
        if pair not in best or _newness(model) > _newness(best[pair]):
            best[pair] = model
    return tuple(best[pair] for pair in sorted(best))


def broken(home: Path) -> tuple[str, ...]:
    """One sentence for everything in the folder that is not a whole package; for ``doctor`` and ``models list``."""
    found = []
    for path in _folders(home):
        try:
            read_package(home, path)
        except ModelError as error:
            found.append(str(error))
    return tuple(found)


def read_package(home: Path, path: Path) -> InstalledModel:
    """Read the package in the folder ``path``. Raises ModelError when it is not a whole translation package."""
    meta = _metadata(home, path)
    for name in ("sentencepiece.model", "model/model.bin", "model/config.json"):
        if not (path / name).is_file():
            raise ModelError(
                f"The translation package {path} is not whole: {name} is missing; install it again."
            )
    origin = _origin(path)
    if origin.get("content", content := content_checksum(path)) != content:
        raise ModelError(
            f"The translation package {path} is damaged: its files changed since it was installed; install it again."
        )
    return InstalledModel(
        source=meta["from_code"],
        target=meta["to_code"],
        version=meta["package_version"],
        path=path,
        target_prefix=meta["target_prefix"],
        bytes=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()),
        origin=origin.get("origin", ""),
        sha256=origin.get("sha256", ""),
        model_sha256=_checksum(path / "model" / "model.bin"),
        licence=origin.get("licence") or _own_licence(path),
        attribution=origin.get("attribution", ""),
        starter=_starter(path),
    )


def content_checksum(path: Path) -> str:
    """SHA-256 over what is loaded of a package: the tokenizer and every file of the model, each under its name."""
    files = [path / "sentencepiece.model", *sorted((path / "model").iterdir())]
    lines = [f"{_checksum(file)}  {file.name}\n" for file in files if file.is_file()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _own_licence(path: Path) -> str:
    found = _own_facts(path).get("licence")
    return f"{found} (as the package says)" if found and isinstance(found, str) else ""


def _starter(path: Path) -> Starter | None:
    """A package that says it is a starter without saying when to believe it is never believed."""
    facts = _own_facts(path).get(STARTER)
    if not isinstance(facts, dict):
        return None
    least = facts.get("least_trust")
    floor = float(least) if isinstance(least, int | float) else math.inf
    return Starter(data=str(facts.get("data", "")), quality=str(facts.get("quality", "")), floor=floor)


def _own_facts(path: Path) -> dict[str, object]:
    """What the package says of itself; Argos's own reader passes over it."""
    try:
        found = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _folders(home: Path) -> Iterator[Path]:
    for folder in (packages_folder(home), BUNDLED):
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def _newness(model: InstalledModel) -> tuple[bool, Version, str]:
    try:
        return not model.bundled, Version(model.version), model.path.name
    except InvalidVersion:
        return not model.bundled, Version("0"), model.path.name


_METADATA = ("from_code", "to_code", "package_version", "target_prefix", "type")


def _metadata(home: Path, path: Path) -> dict[str, str]:
    """The five facts that are used. Raises ModelError when they cannot be read or are no translation's."""
    try:
        package = argos_package(home)
        if package is not None:
            found = vars(package.Package(path))
        else:
            found = json.loads((path / "metadata.json").read_text(encoding="utf-8"))
        facts = {key: found.get(key) or "" for key in _METADATA}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelError(
            f"{path} is no translation package ({_reason(error)}): remove it, or install the package again."
        ) from error
    if not all(isinstance(fact, str) for fact in facts.values()) or not (
        facts["from_code"] and facts["to_code"]
    ):
        raise ModelError(f"{path / 'metadata.json'} names no pair of languages: install the package again.")
    if facts["type"] not in ("", "translate"):
        raise ModelError(f"{path} is a package of the type {facts['type']!r}, not a translation: remove it.")
    return facts


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "it has no metadata.json"
    return "its metadata.json cannot be read"


def _origin(path: Path) -> dict[str, str]:
    try:
        found = json.loads((path / ORIGIN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # put there by hand: nothing is known of where it came from
    return (
        {key: value for key, value in found.items() if isinstance(value, str)}
        if isinstance(found, dict)
        else {}
    )


def _checksum(path: Path) -> str:
    status = path.stat()
    return _hashed(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _hashed(path: Path, _changed: int, _size: int) -> str:
    """SHA-256 in hex; computed again only when the file's time or size changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
