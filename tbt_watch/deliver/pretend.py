"""The pretend channel: every message becomes a text file that a person can read, and nobody is sent anything."""

from pathlib import Path
from urllib.parse import quote

from tbt_watch.deliver.markup import plain
from tbt_watch.domain.edition import Part
from tbt_watch.errors import DeliveryError
from tbt_watch.whole import whole_file


class Pretend:
    """Writes ``<folder>/<address>/<label>.txt``, the message as it reads; the exact markup stays in the store.

    The file's name is the id of the message. A part that is sent again under the same label replaces itself.
    """

    name = "pretend"
    limit = 4096  # as on Telegram, so that what is tried here looks as it will look there
    by_hand = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def permit(self, address: str) -> float:  # noqa: ARG002 - a folder takes everything at once
        """Always granted."""
        return 0.0

    def send(self, address: str, part: Part, *, label: str, reply_to: str | None = None) -> str:  # noqa: ARG002
        """Write the file. Raises DeliveryError when the folder cannot be written; nothing was sent then."""
        box = self._folder / _folder_name(address)
        path = box / f"{_folder_name(label)}.txt"
        try:
            box.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as file:
                file.write(f"{_readable(part)}\n".encode())
        except OSError as error:
            raise DeliveryError(
                f"The message {path} could not be written ({error.strerror}): make room or give the folder free.",
                permanent=False,
                whole_channel=True,
            ) from error
        return path.name


def _readable(part: Part) -> str:
    """The text, and under it what could be tapped, a row a line."""
    rows = (" ".join(f"[{button.label}]" for button in row) for row in part.buttons)
    return "\n".join((plain(part.text), *rows))


def _folder_name(text: str) -> str:
    """A name that stays inside its folder whatever the address is; letters and blanks stay readable."""
    name = quote(text.strip(), safe=" @+=,").strip(".")[:120]
    return name or "-"
