"""A package file is a zip from somewhere else: looked through before a byte of it is written."""

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tbt_watch.errors import ModelError
from tbt_watch.translate.engines.lean import argos_available, installing_into

LARGEST = 1024**3
"""Bytes unpacked; real packages have 60 to 250 million."""

_DENSEST = 40  # times smaller than its content; weights hardly shrink at all, so more than this is a bomb
_ENTRIES = 2000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def unpack(home: Path, file: Path, staging: Path) -> Path:
    """Unpack a package file into the empty folder ``staging``; the package's own folder in it.

    Raises ModelError when it is no zip, is broken or encrypted, would write outside its folder, holds links, is
    a bomb, or has not exactly one folder with the files of a package.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            root = _checked(file, archive.infolist(), file.stat().st_size)
            room = sum(entry.file_size for entry in archive.infolist())
        if room > shutil.disk_usage(staging).free:
            raise ModelError(
                f"{file} needs {room:,} bytes unpacked, and the disk of {staging} has no room for them."
            )
        _extract(home, file, staging)
    except _BROKEN as error:
        raise ModelError(f"{file} is not a whole package file ({error}): download it again.") from error
    except OSError as error:
        raise ModelError(f"{file} cannot be unpacked into {staging}: {error.strerror or error}.") from error
    return staging / root


def _extract(home: Path, file: Path, staging: Path) -> None:
    if argos_available() is None:
        with installing_into(home, staging) as package:
            package.install_from_path(file)
    else:
        with zipfile.ZipFile(file) as archive:
            archive.extractall(staging)


def _checked(file: Path, entries: list[zipfile.ZipInfo], size: int) -> str:
    """The one folder at the root of the archive."""
    roots = {_root(file, entry) for entry in entries}
    if len(roots) != 1:
        raise ModelError(
            f"{file} is no translation package: it has {len(roots)} folders at its root instead of one."
        )
    if len(entries) > _ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise ModelError(f"{file} is no translation package: it has too many files, or one of them twice.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST or unpacked > _DENSEST * size:
        raise ModelError(
            f"{file} would unpack to {unpacked:,} bytes, which no real package does: it was refused."
        )
    root = roots.pop()
    names = {entry.filename for entry in entries}
    for needed in ("metadata.json", "sentencepiece.model", "model/model.bin", "model/config.json"):
        if f"{root}/{needed}" not in names:
            raise ModelError(f"{file} is no whole translation package: {root}/{needed} is missing.")
    return root


def _root(file: Path, entry: zipfile.ZipInfo) -> str:
    path = PurePosixPath(entry.filename)
    mode = entry.external_attr >> 16
    outside = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in path.parts[0]
    if not path.parts or outside or "\0" in entry.orig_filename:
        raise ModelError(f"{file} would write outside its folder ({entry.filename!r}): it was refused.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(f"{file} holds a link or a device ({entry.filename!r}): it was refused.")
    if entry.flag_bits & 1:
        raise ModelError(f"{file} is encrypted, as no translation package is: it was refused.")
    if path.parts[0].startswith("."):
        raise ModelError(f"{file} is no translation package: its folder {path.parts[0]!r} is a hidden one.")
    return path.parts[0]
