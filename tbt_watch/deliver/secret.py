"""Keeps a secret out of every log, whoever writes it: libraries put the address of a request, and with it a bot's
token, into what they log and into their exceptions."""

import logging
import traceback
from typing import Any

_KEPT: set[str] = set()


class _Discreet(logging.LogRecord):
    """A record whose text, and whose traceback, names no secret."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if self.exc_info and self.exc_info[0] is not None:
            self.exc_text = redacted("".join(traceback.format_exception(*self.exc_info)).rstrip())
        if self.stack_info:
            self.stack_info = redacted(self.stack_info)

    def getMessage(self) -> str:  # noqa: N802 - logging's own name
        """The text, with dots where the secret stood."""
        return redacted(super().getMessage())


def redacted(text: str) -> str:
    """The text with dots for each secret."""
    for secret in _KEPT:
        text = text.replace(secret, "…")
    return text


def keep_out_of_logs(secret: str) -> None:
    """From now on no log record of this program names it, at whatever level and by whatever handler."""
    if secret:
        _KEPT.add(secret)
    if logging.getLogRecordFactory() is not _Discreet:
        logging.setLogRecordFactory(_Discreet)
