"""Tables as spreadsheets save them as text: CSV and TSV in any of their habits, read row by row.

Apart by comma, semicolon or tab; with Excel's line ``sep=;`` or without; lines end as on any machine; UTF-8, or UTF-16
with its mark, as "Unicode Text" of Excel is. A row that cannot be read costs no other row.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from tbt_watch.domain.remark import Remark, remark
from tbt_watch.errors import UsageError

_AT_MOST = 64 << 20  # bytes; a whole tariff has two millions
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LINES = 20
_TOO_LARGE = "field larger"


class Row(NamedTuple):
    """A row: the line that it begins on (from 1), its cells, or why it is no row."""

    line: int
    cells: list[str]
    fault: Remark | None = None


def read_text(path: Path) -> str:
    """The text of a CSV or TSV file. Raises UsageError when it cannot be read, is a workbook, or is neither UTF-8
    nor UTF-16."""
    return decoded(read_file(path), path)


def read_file(path: Path) -> bytes:
    """What a file holds. Raises UsageError when it cannot be read, or is far too large for a table."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _AT_MOST else b""
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): check the path.") from error
    if size > _AT_MOST:
        raise UsageError(f"{path} is too large for a table ({size >> 20} MB): is it the right file?")
    return data


def decoded(data: bytes, path: Path) -> str:
    """The text that a CSV or TSV file holds; ``path`` names it. Raises UsageError as ``read_text`` does."""
    if data.startswith(_WORKBOOKS):
        raise UsageError(f"{path} is a workbook: save it as CSV UTF-8.")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8-sig")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is neither UTF-8 nor UTF-16 (byte {error.start}): save it as CSV UTF-8."
        ) from error


def rows_of(text: str, at_most: int = _LINES) -> Iterator[Row]:
    """The rows of a table, the first its header. ``at_most``: lines of one row; more is a quotation mark that nobody
    closed, and the lines below it are read as if it were not there."""
    lines = list(io.StringIO(text, newline=""))
    at = int(bool(lines) and _names_its_sign(lines[0]))
    first = lines[at] if at < len(lines) else ""
    delimiter = "\t" if "\t" in first else ";" if first.count(";") > first.count(",") else ","
    while at < len(lines):
        for row in _run(lines, at, delimiter, at_most):
            if not row.fault:
                yield row
                continue
            at = row.line
            # Outside spreadsheets nobody quotes the cells of a TSV: there the marks are part of the text.
            literal = lines[at - 1].rstrip("\r\n").split("\t")
            yield Row(at, literal) if delimiter == "\t" else row
            break
        else:
            return


def _names_its_sign(line: str) -> bool:
    """Whether a line is what Excel writes for itself: ``sep=;``."""
    return line.lower().startswith("sep=") and len(line.strip("\r\n")) == len("sep=;")


def _run(lines: list[str], at: int, delimiter: str, at_most: int) -> Iterator[Row]:
    """Rows from a line on, up to the first that is none."""
    reader = csv.reader(islice(lines, at, None), delimiter=delimiter, strict=True)
    while True:
        start = at + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(start + 1, [], _fault(str(error), at + reader.line_num))
            return
        if at + reader.line_num - start > at_most:
            yield Row(start + 1, [], _fault("", at + reader.line_num))
            return
        yield Row(start + 1, cells)


def _fault(error: str, end: int) -> Remark:
    if error.startswith(_TOO_LARGE):
        return remark(
            "it cannot be read, for a cell is too long; look for a quotation mark that is not closed"
        )
    return remark(
        "a quotation mark is opened and not closed before line {end}; double it or close it", end=end
    )
