"""A workbook's table of shared strings: loaded once, kept on disk when it is large."""

import os
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from io import FileIO

from lxml import etree

from tbt_watch.errors import SourceError
from tbt_watch.source.elements import elements

_HEAD, _WINDOW = 8 << 20, 1 << 16
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Decode ``_x000D_`` and its like (ECMA-376 Part 1, 22.9.2.19): characters that XML cannot carry."""
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def text_of(element: etree._Element) -> str:
    """The text of a string item or inline string: its plain or rich runs, without phonetic hints."""
    if len(element) == 1:
        only = element[0]
        if only.text is not None and not len(only):
            return unescape(only.text)
    pieces: list[str] = []
    for child in element:
        name = etree.QName(child).localname
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child if etree.QName(run).localname == "t")
    return unescape("".join(pieces))


class SharedStrings:
    """The strings in their order. ``len`` counts them; indexing raises IndexError past the end.

    105,000 notifications carry about 100 MB of text. Held as Python strings that would be most of the memory
    we need. So the first 8 MB stay here, for what repeats (Members, types, objectives) stands early in the
    table; the rest goes to an unnamed temporary file and is read back a window at a time, for cells mostly
    come in the order of the table.
    """

    def __init__(self, strings: Iterable[str] = ()) -> None:
        self._offsets = array("q", [0])
        self._head = bytearray()
        self._file: FileIO | None = None
        self._descriptor = -1
        self._window, self._window_from = b"", 0
        waiting = bytearray()
        for text in strings:
            raw = text.encode("utf-8")
            self._offsets.append(self._offsets[-1] + len(raw))
            if self._offsets[-1] <= _HEAD:
                self._head += raw
            else:
                waiting += raw
                if len(waiting) >= _HEAD:
                    self._spill(waiting)
        self._spill(waiting)

    def _spill(self, waiting: bytearray) -> None:
        try:
            if self._file is None and waiting:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (close gives it back)
                self._descriptor = self._file.fileno()
            while waiting and self._file is not None:
                del waiting[: self._file.write(waiting)]
        except OSError as error:
            raise SourceError(
                f"The texts of the workbook could not be written to the folder for temporary files "
                f"{tempfile.gettempdir()} ({error.strerror}): free some space there, or name another folder in TMPDIR."
            ) from error

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, index: int) -> str:
        if index < 0:
            raise IndexError(index)
        start, end = self._offsets[index], self._offsets[index + 1]
        if end <= len(self._head):
            return str(self._head[start:end], "utf-8")
        start, end = start - len(self._head), end - len(self._head)
        if not self._window_from <= start <= end <= self._window_from + len(self._window):
            self._window = os.pread(self._descriptor, max(end - start, _WINDOW), start)
            self._window_from = start
        return str(self._window[start - self._window_from : end - self._window_from], "utf-8")

    def close(self) -> None:
        """Give the temporary file back."""
        if self._file is not None:
            self._file.close()
            self._file, self._descriptor = None, -1


def string_items(chunks: Iterator[bytes], where: str) -> Iterator[str]:
    """The texts of a ``sharedStrings.xml``. Raises what ``elements`` raises."""
    return (text_of(item) for item in elements(chunks, "si", "sst", where))
