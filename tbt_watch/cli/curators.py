"""The verbs on curators: who may log in to the curators' page."""

import os
from pathlib import Path

import click

from tbt_watch.app import App
from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table
from tbt_watch.domain.curator import ROLES, Curator, name_of
from tbt_watch.errors import UsageError

PASSWORD_FILE = click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    help="Read the password from the first line of this file.",
)


@click.group(cls=Verbs)
def curators() -> None:
    """Who may log in to the curators' page."""


@curators.command("add")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(ROLES), default="curator", show_default=True, help="What they may do."
)
@PASSWORD_FILE
@click.pass_obj
def add(frame: Frame, name: str, role: str, password_file: Path | None) -> None:
    """A new account; asks for its password."""
    name = name_of(name)
    with frame.app(os.environ, required=True) as app:
        if app.store.curators.find(name):
            raise UsageError(f"There is a curator {name} already: name another, or change the password.")
        hashed = _hashed(name, password_file)
        kind = next(one for one in ROLES if one == role)
        app.store.curators.add(Curator(name=name, role=kind, hash=hashed, created_at=app.clock()))
        lang = frame.lang or app.config.language
        click.echo(app.language.say("{name} can log in now.", lang, name=name))
        if not app.config.web.desk:
            click.echo(
                app.language.say("The page is not switched on yet: [web] desk = true.", lang), err=True
            )


@curators.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one line each.")
@click.pass_obj
def list_(frame: Frame, as_json: bool) -> None:
    """Every account."""
    with frame.app(os.environ, required=True) as app:
        lang, found = frame.lang or app.config.language, app.store.curators.all()
        if as_json:
            for one in found:
                facts = {"name": one.name, "role": one.role, "created_at": one.created_at.isoformat()}
                print_json({**facts, "disabled": one.disabled})
            return
        say = app.language.say
        head = (say("Name", lang), say("Role", lang), say("Since", lang), say("Can log in", lang))
        can = {True: say("no", lang), False: say("yes", lang)}
        rows = [
            (one.name, one.role, app.language.moment(one.created_at, lang), can[one.disabled])
            for one in found
        ]
        print_table(head, rows)
        if not found:
            click.echo(say("Nobody can log in yet: tbt-watch curators add NAME.", lang), err=True)


@curators.command("remove")
@click.argument("name")
@click.pass_obj
def remove(frame: Frame, name: str) -> None:
    """Take an account away and log it out; what it decided stays in the record."""
    with frame.app(os.environ, required=True) as app:
        app.store.curators.remove(name, app.clock(), last=True)  # here another can be made at any time
        click.echo(
            app.language.say("{name} cannot log in any more.", frame.lang or app.config.language, name=name)
        )


@curators.command("password")
@click.argument("name")
@PASSWORD_FILE
@click.pass_obj
def password(frame: Frame, name: str, password_file: Path | None) -> None:
    """Another password; every browser has to log in again."""
    with frame.app(os.environ, required=True) as app:
        known = app.store.curators.get(name)
        app.store.curators.new_password(known.name, _hashed(known.name, password_file), app.clock())
        click.echo(
            app.language.say("{name} can log in now.", frame.lang or app.config.language, name=known.name)
        )


@curators.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.pass_obj
def role_(frame: Frame, name: str, role: str) -> None:
    """What somebody may do from now on."""
    with frame.app(os.environ, required=True) as app:
        kind = next(one for one in ROLES if one == role)
        changed = app.store.curators.change(name, app.clock(), role=kind)
        _tell(frame, app, changed)


@curators.command("disable")
@click.argument("name")
@click.pass_obj
def disable(frame: Frame, name: str) -> None:
    """Log somebody out and let them in no more; the account stays."""
    with frame.app(os.environ, required=True) as app:
        _tell(frame, app, app.store.curators.change(name, app.clock(), disabled=True))


@curators.command("enable")
@click.argument("name")
@click.pass_obj
def enable(frame: Frame, name: str) -> None:
    """Let somebody in again who was disabled."""
    with frame.app(os.environ, required=True) as app:
        _tell(frame, app, app.store.curators.change(name, app.clock(), disabled=False))


def _tell(frame: Frame, app: App, one: Curator) -> None:
    lang, say = frame.lang or app.config.language, app.language.say
    if one.disabled:
        click.echo(say("{name} cannot log in any more.", lang, name=one.name))
    else:
        click.echo(say("{name} can log in, as {role}.", lang, name=one.name, role=say(one.role, lang)))


def _hashed(name: str, path: Path | None) -> str:
    """The password as it is kept, from a file or asked for twice. Raises UsageError."""
    from tbt_watch.web.desk.passwords import Passwords, check_new  # what other verbs need not load

    if path is None:
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        try:
            given = path.read_text(encoding="utf-8-sig").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{path} cannot be read as a text in UTF-8 ({error}): check path and rights."
            ) from error
    check_new(given, name)
    return Passwords().hashed(given)
