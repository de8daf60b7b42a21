"""The yearly ZIP: editions and notices of a year, an index that needs no server, checksums; and its verifier."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tbt_watch.bulletin.papers import HTML, PAGE
from tbt_watch.bulletin.render import environment
from tbt_watch.bulletin.shelf import Shelved
from tbt_watch.bulletin.words import Words
from tbt_watch.domain.bulletin import Paper
from tbt_watch.domain.office import Office
from tbt_watch.errors import ArchiveError

SUMS = "SHA256SUMS"
"""The file of checksums, as ``sha256sum -c`` reads it too."""

INDEX = "index.html"
DATA = "du-lieu/"
DICTIONARY = DATA + "tu-dien-du-lieu.csv"

_FIXED = (1980, 1, 1, 0, 0, 0)
_READ = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """How an archive fared: how many files are as they were written, and what is wrong, a sentence each."""

    whole: int
    problems: tuple[str, ...]


def yearly_files(
    year: int, shelf: Sequence[Shelved], data: Mapping[str, tuple[str, bytes]], office: Office, words: Words
) -> Iterator[tuple[str, bytes]]:
    """The files of the archive of a year, path and bytes. ``shelf``: that year's editions; ``data``: file name → what
    it is in words, its bytes."""
    made = environment(words)
    ordered = sorted(shelf, key=lambda one: (one.bulletin.kind, one.bulletin.number or 0))
    editions = []
    for one in ordered:
        line = one.line(words)
        folder = line.folder
        kept = sorted((paper for paper in one.papers if paper.media != PAGE), key=_html_first)
        papers = [(_name_in(paper.name, paper.media), paper) for paper in kept]
        yield from ((folder + name, paper.body) for name, paper in papers)
        editions.append((line, [(folder + name, name.rpartition(".")[2].upper()) for name, _ in papers]))
    yield from ((DATA + name, body) for name, (_, body) in data.items())
    listed = [(DATA + name, text, len(body)) for name, (text, body) in data.items()]
    values = {"year": year, "editions": editions, "data": listed, "office": office, "sums": SUMS}
    yield INDEX, made.get_template("archive.html").render(values).encode()


def _html_first(paper: Paper) -> tuple[bool, str]:
    return paper.media != HTML, paper.name


def _name_in(name: str, media: str) -> str:
    return INDEX if media == HTML else name


def write_archive(files: Iterable[tuple[str, bytes]], out: BinaryIO) -> int:
    """Write the ZIP; how many files. Same files, same bytes, on every machine: nothing is compressed, for that depends
    on the library, and nothing holds a moment."""
    ordered = sorted(files)
    sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in ordered)
    with zipfile.ZipFile(out, "w") as made:
        for name, body in [*ordered, (SUMS, sums.encode())]:
            made.writestr(_entry(name), body)
    return len(ordered) + 1


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _FIXED)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_STORED, 3, 0o644 << 16
    return entry


def verify_archive(path: Path) -> Verified:
    """Look at every file of a yearly ZIP against its checksums, and at the ZIP itself.

    Raises ArchiveError when it cannot be read at all or is none of ours.
    """
    try:
        with zipfile.ZipFile(path) as given:
            sums = _sums(given, path)
            return _verified(given, sums, path)
    except zipfile.BadZipFile as error:
        raise ArchiveError(
            f"{path} is no ZIP, or the end of it is damaged ({error}): take another copy."
        ) from error
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read ({error.strerror or error}): check the path.") from error


def _verified(given: zipfile.ZipFile, sums: Mapping[str, str], path: Path) -> Verified:
    problems = []
    entries = {entry.filename: entry for entry in given.infolist()}
    whole = 0
    for name, expected in sums.items():
        if name not in entries:
            problems.append(f"{name} is missing.")
            continue
        found = _sum_of(given, entries[name])
        whole += found == expected
        if found is None:
            problems.append(f"{name} cannot be read.")
        elif found != expected:
            problems.append(f"{name} is not what was written.")
    problems += [f"{name} was added." for name in entries if name not in sums and name != SUMS]
    if not problems and not _as_written(given, path):
        problems.append(
            f"{path.name} holds every file as it was written, but something around them was changed."
        )
    return Verified(whole=whole, problems=tuple(problems))


def _sums(given: zipfile.ZipFile, path: Path) -> dict[str, str]:
    try:
        text = (
            given.read(SUMS).decode("ascii", "strict") if given.getinfo(SUMS).file_size < _READ * 16 else ""
        )
    except KeyError:
        raise ArchiveError(f"{path} has no file {SUMS}: it is no yearly archive of TBT Watch.") from None
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ArchiveError(
            f"{SUMS} in {path} is damaged, so nothing can be checked: take another copy."
        ) from error
    rows = (line.partition("  ") for line in text.splitlines())
    return {name: digest for digest, _, name in rows}


def _sum_of(given: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str | None:
    digest = hashlib.sha256()
    try:
        with given.open(entry) as file:
            while block := file.read(_READ):
                digest.update(block)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        return None
    return digest.hexdigest()


def _as_written(given: zipfile.ZipFile, path: Path) -> bool:
    """Whether the same files, written again, give the very same ZIP."""
    with tempfile.TemporaryFile() as made:
        with zipfile.ZipFile(made, "w") as again:
            for entry in given.infolist():
                again.writestr(_entry(entry.filename), given.read(entry))
        made.seek(0)
        with path.open("rb") as file:
            return (
                hashlib.file_digest(file, "sha256").digest() == hashlib.file_digest(made, "sha256").digest()
            )
