"""The pinned catalog of translation packages (``catalog.toml``)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """One package that is known to exist: where, how large, its checksum, and whom to name for it."""

    pair: str
    version: str
    address: str
    mirror: str
    bytes: int
    sha256: str
    licence: str
    attribution: str


@cache
def catalog() -> Mapping[str, CatalogEntry]:
    """The entries by pair."""
    table = tomllib.loads(files(__package__).joinpath("catalog.toml").read_text(encoding="utf-8"))
    return {row["pair"]: CatalogEntry(**row) for row in table["model"]}


def known_file(sha256: str) -> CatalogEntry | None:
    """The entry whose file has this checksum, wherever it came from."""
    return next((entry for entry in catalog().values() if entry.sha256 == sha256), None)
