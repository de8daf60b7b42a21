"""The verbs on curators: who may log in to the curators' page."""

import os
from pathlib import Path

import click

from tbt_watch.cli.frame import Frame, Verbs, print_json, print_table
from tbt_watch.domain.curator import ROLES, Curator
from tbt_watch.domain.text import nfc
from tbt_watch.errors import UsageError

_LONGEST_NAME = 80
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
    name = nfc(name).strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable() or name.casefold() == "policy":
        raise UsageError(
            f"{name!r} is no name for a curator: write one of 1 to {_LONGEST_NAME} letters, such as lan.ng."
        )
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
                print_json({"name": one.name, "role": one.role, "created_at": one.created_at.isoformat()})
            return
        say = app.language.say
        head = (say("Name", lang), say("Role", lang), say("Since", lang))
        print_table(head, [(one.name, one.role, app.language.moment(one.created_at, lang)) for one in found])
        if not found:
            click.echo(say("Nobody can log in yet: tbt-watch curators add NAME.", lang), err=True)


@curators.command("remove")
@click.argument("name")
@click.pass_obj
def remove(frame: Frame, name: str) -> None:
    """Take an account away and log it out; what it decided stays in the record."""
    with frame.app(os.environ, required=True) as app:
        app.store.curators.remove(name)
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
        app.store.curators.new_password(known.name, _hashed(known.name, password_file))
        click.echo(
            app.language.say("{name} can log in now.", frame.lang or app.config.language, name=known.name)
        )


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
