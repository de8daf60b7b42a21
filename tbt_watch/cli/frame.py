"""What every verb shares: the options that go everywhere, the clock, and how errors reach a person."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import click

from tbt_watch.app import App, open_app, sample_config
from tbt_watch.config import Config, load_config, spoken_language
from tbt_watch.errors import ConfigError, LanguageError, TbtWatchError, UsageError
from tbt_watch.language import Language, Sentences, load_language, load_sentences
from tbt_watch.sample import sample_now
from tbt_watch.whole import whole_file

DEFAULT_CONFIG = Path("config.toml")
SAMPLE_FOLDER = Path("sample-run")


def _everywhere() -> list[click.Option]:
    """The options that every verb and group takes."""
    path, langs = click.Path(path_type=Path), click.Choice(["vi", "en"])
    sample = "Work on the bundled sample edition, in its own store and on its own day."
    return [
        click.Option(["--config"], type=path, help="The configuration file (default: config.toml)."),
        click.Option(["--lang"], type=langs, help="The language of what is printed."),
        click.Option(["--sample"], is_flag=True, help=sample),
        click.Option(["--debug"], is_flag=True, help="Show the traceback of an error."),
    ]


@dataclass(kw_only=True)
class Frame:
    """The options that go everywhere, as the innermost verb was given them, and what is built from them."""

    config: Path | None = None
    lang: str | None = None
    sample: bool = False
    debug: bool = False
    failed: bool = False
    spoken: str = ""  # the language of the configuration, once it is read

    def now(self) -> datetime:
        """The present moment; the sample's own day when it is the sample that is worked on."""
        return sample_now() if self.sample else datetime.now(UTC)

    def load(self, environ: Mapping[str, str], *, required: bool = False) -> Config:
        """The configuration: the file named, else config.toml, else the defaults; with the sample's own places.

        Raises ConfigError when there is none and ``required`` says that nothing may fall back to an empty store.
        """
        config = self._load(environ, required)
        self.spoken = config.language
        return config

    def _load(self, environ: Mapping[str, str], required: bool) -> Config:
        if self.sample:
            return sample_config(load_config(self.config, environ), SAMPLE_FOLDER.resolve())
        if self.config is not None or DEFAULT_CONFIG.exists():
            return load_config(self.config or DEFAULT_CONFIG, environ)
        if required:
            raise ConfigError(
                "There is no configuration file (config.toml) here: make one with tbt-watch init, name one with "
                "--config PATH, or look at the sample first with tbt-watch run --once --sample."
            )
        return load_config(None, environ)

    @contextmanager
    def app(self, environ: Mapping[str, str], *, required: bool = False) -> Iterator[App]:
        """The house, put together and its store open."""
        config = self.load(environ, required=required)
        self._tell_of_a_new_store(config)
        with open_app(config, self.now, sample=SAMPLE_FOLDER.resolve() if self.sample else None) as app:
            yield app

    def _tell_of_a_new_store(self, config: Config) -> None:
        """Nothing falls back silently to an empty store."""
        named = self.sample or self.config is not None or DEFAULT_CONFIG.exists()
        if not named and not config.store.path.exists():
            said = self.language().say(
                "There is no configuration file here: a new store is made in {path}.",
                self.lang or config.language,
                path=str(config.store.path),
            )
            click.echo(said, err=True)

    def language(self) -> Language:
        """The catalogs and tables."""
        return load_language()

    def said(self, sentence: str) -> str:
        """A sentence that was composed in English, an error's or an issue's, in the language of what is printed."""
        spoken = self.lang or self.spoken or spoken_language(self.config or DEFAULT_CONFIG)
        own = self._sentences.get(spoken)
        try:
            return own.word(sentence) if own else sentence
        except LanguageError:  # the catalog is missing: what it is about must reach the person all the same
            return sentence

    @cached_property
    def _sentences(self) -> dict[str, Sentences]:
        return load_sentences()

    def warn(self, sentence: str) -> None:
        """Such a sentence on standard error."""
        click.echo(self.said(sentence), err=True)


class _Everywhere(click.Command):
    """Knows the options of everywhere; what is said after the verb wins over what stood before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {param.name for param in self.params}
        self.params += [option for option in _everywhere() if option.name not in own]

    def invoke(self, ctx: click.Context) -> Any:
        frame = ctx.ensure_object(Frame)
        for name in ("config", "lang", "sample", "debug"):
            value = ctx.params.pop(name, None)
            if value:
                setattr(frame, name, value)
        return super().invoke(ctx)


class Verb(_Everywhere):
    """A verb."""


class Verbs(_Everywhere, click.Group):
    """A group of verbs."""

    command_class = Verb
    group_class = type


def print_json(value: object) -> None:
    """One JSON line on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of plain columns, as wide as they need to be; the last one runs to the end of the line."""
    if not rows:
        return
    lines = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(head) - 1)]
    for line in lines:
        cells = [text.ljust(width) for text, width in zip(line, widths, strict=False)]
        click.echo("  ".join([*cells, line[-1]]).rstrip())


def written(lines: Iterable[str], path: Path | None) -> None:
    """Lines to a file, whole or not at all, or to standard output. Raises UsageError when it cannot be written."""
    if path is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    with out_file(path) as file:
        file.writelines(line.encode("utf-8") for line in lines)


@contextmanager
def out_file(path: Path) -> Iterator[BinaryIO]:
    """A file that a person asked for, whole or not at all. Raises UsageError when it cannot be written."""
    try:
        with whole_file(path) as file:
            yield file
    except OSError as error:
        raise UsageError(
            f"{path} could not be written ({error.strerror}): check the folder and the room on disk."
        ) from error


def _usage(error: click.ClickException) -> str:
    """What was wrong with the words of a command, in one sentence."""
    said = " ".join(error.format_message().split()).rstrip(".")
    verb = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "tbt-watch"
    return f"{said}{' See' if said.endswith('?') else ': see'} {verb} --help."


def _disk(fault: OSError) -> str:
    """A fault that no room met by name, a full disk or a folder taken away under our hands, in one sentence."""
    where = f"{fault.filename} " if fault.filename else "A file "
    said = fault.strerror or type(fault).__name__
    return f"{where}could not be read or written ({said}): check the folder and the room on disk, then run this again."


def run_guarded(command: click.Command, args: Sequence[str] | None) -> int:
    """Run the command line; errors of ours are one sentence on standard error, and the exit code tells."""
    frame = Frame()
    try:
        result = command.main(args=args, prog_name="tbt-watch", standalone_mode=False, obj=frame)
        code = result if isinstance(result, int) else 0
        return 1 if frame.failed and code == 0 else code
    except click.exceptions.Abort:
        frame.warn("Stopped.")
        return 130
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.ClickException as error:
        frame.warn(_usage(error))
        return 2
    except TbtWatchError as error:
        if frame.debug:
            raise
        frame.warn(str(error))
        return error.exit_code
    except OSError as fault:
        if frame.debug:
            raise
        frame.warn(_disk(fault))
        return 2
    except SystemExit:
        return 0  # click's way to end when nobody reads on: "| head" is no failure
