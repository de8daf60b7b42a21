"""Every error the house raises on purpose.

One root; each class says when it is raised. The message is one sentence for a person: what was wrong,
where (file, row, key), and what to do. ``exit_code`` is what the command line ends with when nobody
caught the error: 1 this run failed, 2 wrong usage or configuration, 3 something the whole command needs
could not be reached.
"""

from typing import ClassVar, Literal


class TbtWatchError(Exception):
    """The root: never raised itself, caught only by the command line."""

    exit_code: ClassVar[int] = 1


class UsageError(TbtWatchError):
    """Raised when a person asked for something that makes no sense: an unknown field, a date that is none."""

    exit_code = 2


class ConfigError(TbtWatchError):
    """Raised when the configuration file is missing, cannot be read, or has an unknown key or wrong type."""

    exit_code = 2


class NotationError(TbtWatchError):
    """Raised when a text is not a WTO symbol or not a Vietnamese legal number."""


class ReadingError(TbtWatchError):
    """Raised when a raw record cannot become a notice; the record waits with an issue.

    ``kind`` is the issue's stable code, ``todo`` one sentence that says what a person can do.
    """

    def __init__(self, message: str, *, kind: str, todo: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.todo = todo


class SourceError(TbtWatchError):
    """Raised when a source's answer or file is not what its contract says; what was good before is kept."""


class DamagedError(SourceError):
    """Raised when a file breaks off or turns to noise midway; what stood before the damage was handed on."""


class UnreachableError(TbtWatchError):
    """Raised when a server that the whole command needs does not answer."""

    exit_code = 3


class StoreError(TbtWatchError):
    """Raised when the database cannot be opened, is of a newer version, or cannot be written (full disk)."""

    exit_code = 2


class BusyError(TbtWatchError):
    """Raised when another process already does what was asked: a second service on one database."""

    exit_code = 2


class NotFoundError(TbtWatchError):
    """Raised when a notice, issue, delivery or source that a person named does not exist."""

    exit_code = 2


class EditedError(TbtWatchError):
    """Raised when an edition of the bulletin was saved by somebody else since it was read.

    ``since``: those savings (``domain.bulletin.Revision``), so that a page can show who changed what.
    """

    exit_code = 2

    def __init__(self, message: str, *, since: "tuple[object, ...]" = ()) -> None:
        super().__init__(message)
        self.since = since


class ModelError(TbtWatchError):
    """Raised when a translation package or a model of sectors is missing, broken, hostile, or not the one asked for."""

    exit_code = 3


class LanguageError(TbtWatchError):
    """Raised when a message or a table of ``translations/`` is missing, incomplete or malformed."""


class BulletinError(TbtWatchError):
    """Raised when the site cannot be put in its folder: a full disk, a folder that is not ours; the old one stays."""


class PaperError(TbtWatchError):
    """Raised when this machine cannot make the PDF of an edition; page and DOCX are made all the same."""


class ArchiveError(TbtWatchError):
    """Raised when a yearly ZIP cannot be read at all, or is none that we wrote."""


class VocabularyError(TbtWatchError):
    """Raised when the tag vocabulary is malformed: an unknown code, a missing label, a circle."""


class DeliveryError(TbtWatchError):
    """Raised by a channel when a part could not be handed over.

    ``permanent``: trying again cannot help. ``sent``: ``False`` it surely did not arrive, ``None`` nobody
    knows. ``blocked``: this address does not take us any more. ``retry_after`` (seconds) is set when the other
    side named a time to wait, ``moved_to`` when it named a new address. ``whole_channel``: the fault is in our
    own access to the channel (a wrong token, a line that is down), so every other part would meet it too and better
    waits. ``unfit`` names what of the message the other side does not take: it is ``long``, its ``markup``, its
    ``buttons``.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        sent: bool | None = False,
        blocked: bool = False,
        retry_after: int | None = None,
        moved_to: str | None = None,
        whole_channel: bool = False,
        unfit: Literal["", "long", "markup", "buttons"] = "",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.sent = sent
        self.blocked = blocked
        self.retry_after = retry_after
        self.moved_to = moved_to
        self.whole_channel = whole_channel
        self.unfit = unfit
