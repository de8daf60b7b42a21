"""``tbt-watch doctor``: looks whether everything that the service needs is there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from tbt_watch.app import App
from tbt_watch.bot.trouble import troubles
from tbt_watch.bulletin.papers import can_print
from tbt_watch.cli.frame import DEFAULT_CONFIG, Frame, Verb
from tbt_watch.collect.registry import check_sources
from tbt_watch.deliver.email import Email
from tbt_watch.errors import ConfigError, DeliveryError, StoreError
from tbt_watch.translate.engines.lean import argos_available
from tbt_watch.translate.engines.packages import broken

ROOM = 500 << 20
"""Bytes that should be free: a bulk workbook, the database that grows with it, and the site."""

Finding = tuple[bool, str]
"""Whether it is well, and the sentence that says so or says what to do."""


@click.command(cls=Verb)
@click.pass_obj
def doctor(frame: Frame) -> None:
    """Look whether everything that the service needs is there; each line says what to do."""
    with frame.app(os.environ) as app:
        lang = frame.lang or app.config.language
        findings = [*_configuration(frame, app, lang), *_store(app, lang), *_folders(app, lang)]
        findings += [*_parts(app, lang), *_engine(app, lang), *_paper(app, lang)]
        findings += _channels(app, lang)
        for good, line in findings:
            click.echo(f"{'✓' if good else '✗'} {frame.said(line)}")
            frame.failed |= not good


def _configuration(frame: Frame, app: App, lang: str) -> Iterator[Finding]:
    say = app.language.say
    path = frame.config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    if app.sample:
        return
    if path is None:
        yield False, say("There is no configuration file: tbt-watch init makes one.", lang)
    else:
        yield True, say("The configuration {path} can be read.", lang, path=str(path))


def _store(app: App, lang: str) -> Iterator[Finding]:
    say = app.language.say
    yield True, say("The database {path} opens.", lang, path=str(app.store.path))
    try:
        whole = app.store.whole()
    except StoreError as error:
        yield False, str(error)
        return
    if whole:
        yield True, say("The database is whole.", lang)
    else:
        yield False, say("The database is damaged: restore a backup.", lang)


def _folders(app: App, lang: str) -> Iterator[Finding]:
    say, settings = app.language.say, app.config
    folders = [settings.store.path.parent, settings.bulletin.folder, settings.store.models]
    if "pretend" in settings.deliver.channels:
        folders.append(settings.deliver.pretend.folder)
    closed = [folder for folder in folders if not _can_be_written(folder)]
    for folder in closed:
        yield (
            False,
            say(
                "The folder {path} cannot be written: change its rights, or name another one.",
                lang,
                path=str(folder),
            ),
        )
    if not closed:
        yield True, say("The folders can be written.", lang)
    free = shutil.disk_usage(settings.store.path.parent).free
    if free < ROOM:
        yield False, say("The disk is nearly full ({free} MB free): make room.", lang, free=free >> 20)


def _can_be_written(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself be made."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _parts(app: App, lang: str) -> Iterator[Finding]:
    problems = [*check_sources(app.feeds), *app.vocabulary.check(), *broken(app.config.store.models)]
    for problem in problems:
        yield False, problem
    if not problems:
        yield True, app.language.say("Sources, vocabulary and translation packages are in order.", lang)


def _engine(app: App, lang: str) -> Iterator[Finding]:
    say = app.language.say
    if app.config.translate.engine == "none":
        yield True, say("Machine translation is switched off.", lang)
        return
    reason = argos_available()
    yield True, reason or say("Argos Translate can be used.", lang)
    if pairs := app.engine.pairs():
        named = ", ".join(f"{source}-{target}" for source, target in pairs)
        yield True, say("Translation packages: {pairs}.", lang, pairs=named)
    else:
        yield (
            True,
            say(
                "No translation package: texts stay in their own language. tbt-watch models install en-vi",
                lang,
            ),
        )


def _paper(app: App, lang: str) -> Iterator[Finding]:
    missing = can_print()
    yield True, missing or app.language.say("Editions of the bulletin can be printed as PDF.", lang)


def _channels(app: App, lang: str) -> Iterator[Finding]:
    for line in troubles(app.store.issues.open_list(), app.language, lang):
        yield False, line
    try:
        yield True, app.language.say("Channels: {channels}.", lang, channels=", ".join(app.channels))
    except ConfigError as error:
        yield False, str(error)
        return
    if "telegram" in app.channels:
        yield _asked(app, lang)
    if isinstance(mail := app.channels.get("email"), Email):
        yield from _mail(app, mail, lang)


def _asked(app: App, lang: str) -> Finding:
    """Whether Telegram takes our token."""
    from tbt_watch.deliver.telegram import Telegram  # half a second that an office without it can save

    bot = app.channels["telegram"]
    try:
        name = bot.check() if isinstance(bot, Telegram) else ""
        return True, app.language.say("Telegram knows our bot: @{name}.", lang, name=name)
    except DeliveryError as error:
        return False, str(error)


def _mail(app: App, mail: Email, lang: str) -> Iterator[Finding]:
    """Whether the mail server takes us, and where links in letters lead."""
    say = app.language.say
    try:
        yield True, say("The mail server {place} lets us in.", lang, place=mail.check())
        host, port = app.config.web.place
    except (DeliveryError, ConfigError) as error:
        yield False, str(error)
        return
    yield (
        True,
        say(
            "Links in letters lead to {address}; the web server there has to pass them on to {host}:{port}.",
            lang,
            address=app.links.base_url,
            host=host,
            port=str(port),
        ),
    )
