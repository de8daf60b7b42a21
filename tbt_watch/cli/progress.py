"""A progress bar on standard error, where that is a terminal; anywhere else nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Follow = Callable[[str, int, int], None]
"""Is told what is being done, how many steps are, and how many records this one has so far."""


@contextmanager
def progress_bar(steps: int, expected: int = 0) -> Iterator[Follow]:
    """Follow so many steps; a single one by its records, of which about ``expected`` will come."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _items: None
        return
    single = steps == 1
    length = max(expected, 1) if single else max(steps, 1)
    with click.progressbar(length=length, file=sys.stderr, item_show_func=lambda text: text) as bar:

        def follow(what: str, done: int, items: int) -> None:
            at = items if single else done
            bar.length = max(length, at)
            bar.update(at - bar.pos, f"{what} · {items:,}" if items else what)

        follow("", 0, 0)
        yield follow
        bar.update((bar.length or 0) - bar.pos)
