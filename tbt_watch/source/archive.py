"""The ZIP archive behind a workbook: opened with limits, and read as far as it goes when it was cut short."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from tbt_watch.errors import DamagedError, SourceError

CHUNK = 1 << 16
MAX_PART = 2 << 30
"""Bytes of one unpacked part; the bulk workbook of 105,000 rows unpacks to about a tenth of it."""

_MAX_PARTS = 2_000
_MAX_RATIO, _RATIO_FROM = 400, 32 << 20
_LOCAL = struct.Struct("<4sHHHHHIIIHH")


class Archive(Protocol):
    """The parts of an archive. ``complete`` is False when its end is missing."""

    complete: bool

    def names(self) -> list[str]: ...

    def stream(self, name: str) -> Iterator[bytes]: ...


def open_archive(file: BinaryIO, where: str) -> Archive:
    """Open the archive in ``file``; ``where`` names it in messages.

    Raises SourceError when it is no archive at all, is encrypted, or would unpack to more than we accept.
    """
    _refuse_other_files(file, where)
    try:
        return _Whole(zipfile.ZipFile(file), where)
    except (zipfile.BadZipFile, struct.error, EOFError):
        return _Cut(file, where)


def _refuse_other_files(file: BinaryIO, where: str) -> None:
    file.seek(0)
    head = file.read(512)
    if not head:
        raise SourceError(f"{where} is empty: download the workbook again.")
    if head.startswith(b"PK\x03\x04"):
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        what = "an old Excel file (.xls) or protected by a password: save it as .xlsx without a password"
    elif start.startswith((b"<!doctype html", b"<html", b"<head", b"<!--")):
        what = "a web page and not a workbook: open the address in a browser to see what the site says"
    elif start.startswith((b"<?xml", b"<")):
        what = "an XML file and not a workbook: export it as .xlsx"
    elif head.startswith(b"%PDF"):
        what = "a PDF and not a workbook: give the .xlsx file"
    elif head.startswith(b"PK"):
        what = "an archive without content: download the workbook again"
    else:
        what = "no Excel workbook: give the .xlsx file that ePing exports"
    raise SourceError(f"{where} is {what}.")


class _Whole:
    """An archive whose directory could be read."""

    complete = True

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive = archive
        self._where = where
        self._parts = {part.filename.replace("\\", "/"): part for part in archive.infolist()}
        if len(self._parts) > _MAX_PARTS:
            raise SourceError(
                f"{where} holds {len(self._parts)} parts, which no workbook does: it was not read."
            )

    def names(self) -> list[str]:
        return list(self._parts)

    def stream(self, name: str) -> Iterator[bytes]:
        part = self._parts[name]
        bloated = part.file_size > _RATIO_FROM and part.file_size > _MAX_RATIO * max(part.compress_size, 1)
        if part.file_size > MAX_PART or bloated:
            raise SourceError(
                f"{self._where} would unpack {name} to {part.file_size:,} bytes, which no real workbook does: "
                "it was not read; check where the file comes from."
            )
        if part.flag_bits & 0x1:
            raise SourceError(f"{self._where} is protected by a password: save it without one.")
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise DamagedError(f"{self._where} is damaged in {name} ({error})") from error


class _Cut:
    """An archive without its directory, as an interrupted download leaves it: walked from its front."""

    complete = False

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file = file
        self._where = where
        self._parts: dict[str, tuple[int, int, int | None]] = {}
        offset: int | None = 0
        while offset is not None and len(self._parts) < _MAX_PARTS:
            offset = self._enter(offset)

    def _enter(self, offset: int) -> int | None:
        """Note the part whose header stands at ``offset``; return where the next one stands, if it is there."""
        self._file.seek(offset)
        header = self._file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            return None
        fields: tuple[int, ...] = _LOCAL.unpack(header)[2:]
        flags, method, _, _, _, size, _, name_size, extra_size = fields
        name = self._file.read(name_size).decode("utf-8", "replace").replace("\\", "/")
        start = offset + _LOCAL.size + name_size + extra_size
        known = None if flags & 0x8 or size == 0xFFFFFFFF else size
        if flags & 0x1 or method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return None if known is None else start + known
        self._parts[name] = (start, method, known)
        if known is not None:
            return start + known
        return self._after_unsized(name)

    def _after_unsized(self, name: str) -> int | None:
        """The place behind a part that did not say its size: unpack it, then look past its descriptor."""
        try:
            for _ in self.stream(name):
                pass
        except DamagedError:
            return None
        end = self._file.tell()
        descriptor = self._file.read(28)
        found = descriptor.find(b"PK\x03\x04")
        return None if found < 0 else end + found

    def names(self) -> list[str]:
        return list(self._parts)

    def stream(self, name: str) -> Iterator[bytes]:
        start, method, size = self._parts[name]
        if method == zipfile.ZIP_STORED:
            yield from self._stored(name, start, size)
            return
        inflate = zlib.decompressobj(-15)
        unpacked, position = 0, start
        while not inflate.eof:
            self._file.seek(position)
            packed = inflate.unconsumed_tail or self._file.read(CHUNK)
            position += 0 if inflate.unconsumed_tail else len(packed)
            if not packed:
                raise DamagedError(f"{self._where} ends inside {name}")
            try:
                chunk = inflate.decompress(packed, CHUNK * 16)
            except zlib.error as error:
                raise DamagedError(f"{self._where} is damaged in {name} ({error})") from error
            unpacked += len(chunk)
            if unpacked > MAX_PART or unpacked > _RATIO_FROM + _MAX_RATIO * (position - start):
                raise SourceError(
                    f"{self._where} unpacks {name} to more than any real workbook: it was not read."
                )
            yield chunk
        self._file.seek(position - len(inflate.unused_data))

    def _stored(self, name: str, start: int, size: int | None) -> Iterator[bytes]:
        self._file.seek(start)
        left = size or 0
        while left:
            chunk = self._file.read(min(CHUNK, left))
            if not chunk:
                raise DamagedError(f"{self._where} ends inside {name}")
            left -= len(chunk)
            yield chunk
