"""Words are tested like code: commands, configuration keys, messages, and what must never be written down."""

import ast
import io
import re
import string
import tomllib
import typing
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import UnionType

import click
import house
import jinja2
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import nodes

LANGUAGES = ("vi", "en")
TEMPLATES = {".html", ".j2", ".jinja", ".txt", ".xml", ".css"}

# ── Messages ────────────────────────────────────────────────────────────────────────────────────────────

Spoken = dict[tuple[str, str | None], str]
"""(message, its plural or None) → one place where it is said."""


def in_code() -> Iterator[tuple[tuple[str, str | None], str]]:
    for module in house.modules():
        for call in module.calls():
            name = house.dotted(call.func).split(".")[-1]
            literal = [one.value for one in call.args if isinstance(one, ast.Constant)]
            if name == "say" and literal and isinstance(literal[0], str):
                yield (literal[0], None), f"{module.where}:{call.lineno}"
            if name == "say_n" and len(literal) > 1 and isinstance(literal[1], str):
                yield (literal[0], literal[1]), f"{module.where}:{call.lineno}"


def in_templates() -> Iterator[tuple[tuple[str, str | None], str]]:
    environment = jinja2.Environment()
    for path in sorted(house.PACKAGE.rglob("*")):
        if path.suffix not in TEMPLATES or "templates" not in path.parts:
            continue
        where = path.relative_to(house.REPOSITORY).as_posix()
        for call in environment.parse(path.read_text(encoding="utf-8"), filename=where).find_all(nodes.Call):
            name = getattr(call.node, "name", None) or getattr(call.node, "attr", None)
            literal = [one.value for one in call.args if isinstance(one, nodes.Const)]
            if name == "say" and literal:
                yield (literal[0], None), f"{where}:{call.lineno}"
            if name == "say_n" and len(literal) > 1:
                yield (literal[0], literal[1]), f"{where}:{call.lineno}"


def titles() -> set[str]:
    """What the sources are called: said through ``Language.title``."""
    from tbt_watch.collect.registry import sources

    return {source.title for source in sources()}


@pytest.fixture(scope="module")
def spoken() -> Spoken:
    """Every message that code or a template says by a literal."""
    return {**dict(in_code()), **dict(in_templates())}


def catalog(language: str) -> dict[str, Message]:
    with (house.REPOSITORY / "translations" / f"{language}.po").open("rb") as file:
        read = read_po(file, locale=language, charset="utf-8", abort_invalid=True)
    return {one.id if isinstance(one.id, str) else one.id[0]: one for one in read if one.id}


def forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, list | tuple) else ()


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_has_every_message_that_is_said(language: str, spoken: Spoken) -> None:
    known = catalog(language)
    missing = {
        message: where
        for (message, plural), where in spoken.items()
        if message not in known or not all(forms(known[message].string)) or known[message].fuzzy
        or (plural is not None and forms(known[message].id)[1:] != (plural,))
    }  # fmt: skip
    assert spoken
    assert missing == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_has_the_title_of_every_source(language: str) -> None:
    assert titles() - set(catalog(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    """A form of a plural has the placeholders of the message's singular or of its plural."""
    wrong = {
        key: text
        for key, message in catalog(language).items()
        for text in forms(message.string)
        if placeholders(text) not in [placeholders(one) for one in forms(message.id)]
    }
    assert wrong == {}


def test_the_catalogs_have_the_same_messages() -> None:
    first, *others = (set(catalog(language)) for language in LANGUAGES)
    assert [first ^ other for other in others] == [set()] * len(others)


def test_no_catalog_keeps_what_nobody_says(spoken: Spoken) -> None:
    """A message is said by a literal, or its words stand whole in the code or the data that hands it over."""
    said = {message for message, _ in spoken} | titles()
    written = {
        node.value
        for module in house.modules()
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(catalog("vi")) - said - written) == []


# ── Commands ────────────────────────────────────────────────────────────────────────────────────────────


def commands() -> dict[str, click.Command]:
    """Every verb by its full name, as in ``notices export``; hidden ones are for the house itself."""
    from tbt_watch.cli import tbt_watch_command

    found: dict[str, click.Command] = {}

    def walk(command: click.Command, name: str) -> None:
        if command.hidden:
            return
        if isinstance(command, click.Group):
            for part, below in command.commands.items():
                walk(below, f"{name} {part}".strip())
        if name and not (isinstance(command, click.Group) and not command.invoke_without_command):
            found[name] = command

    walk(tbt_watch_command, "")
    return found


def documentation() -> dict[str, str]:
    files = [house.REPOSITORY / "README.md", *sorted((house.REPOSITORY / "docs").rglob("*.md"))]
    return {path.relative_to(house.REPOSITORY).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_every_command_and_option_is_documented() -> None:
    text = documentation()["docs/commands.md"]
    unnamed = [name for name in commands() if f"tbt-watch {name}" not in text]
    options = {
        f"{name} {option}"
        for name, command in commands().items()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--") and not re.search(rf"{re.escape(option)}(?![\w-])", text)
    }
    assert unnamed == []
    assert sorted(options) == []


def test_every_command_says_what_it_does() -> None:
    assert [name for name, command in commands().items() if not command.get_short_help_str()] == []


CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def test_documented_commands_exist() -> None:
    """Whatever the documentation shows as code after ``tbt-watch`` is a verb, and a verb of that verb."""
    known = {tuple(name.split()) for name in commands()}
    groups = {name[0] for name in known if len(name) > 1}
    singles = {name[0] for name in known if len(name) == 1}
    unknown = []
    for where, text in documentation().items():
        if where.startswith("docs/decisions/"):
            continue  # a decision speaks of its own day
        for code in CODE.findall(text):
            for verb, part in re.findall(r"\btbt-watch ([a-z]\w*)(?: ([a-z]\w*))?", code):
                if verb not in groups | singles or (
                    verb in groups - singles and part and (verb, part) not in known
                ):
                    unknown.append(f"{where}: tbt-watch {verb} {part}".strip())
    assert unknown == []


def test_documented_options_exist() -> None:
    known = {
        option for command in commands().values() for parameter in command.params for option in parameter.opts
    }
    named = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", documentation()["docs/commands.md"]))
    assert sorted(named - known - {"--help", "--version"}) == []


# ── Configuration ───────────────────────────────────────────────────────────────────────────────────────


def keys(config: type, before: str = "") -> Iterator[str]:
    """The keys of a frozen dataclass as the file spells them: ``store.url``; tables of tables end in ``.*``."""
    hints = typing.get_type_hints(config)
    for field in fields(config):
        if "environment" in field.metadata:  # a secret: never in the file
            continue
        name = f"{before}{field.name}"
        (below, many) = table(hints[field.name])
        if below is None:
            yield name
        else:
            yield from keys(below, f"{name}.*." if many else f"{name}.")


def secrets(config: type) -> Iterator[str]:
    """The variables of the environment that secrets come from."""
    hints = typing.get_type_hints(config)
    for field in fields(config):
        below, _ = table(hints[field.name])
        if "environment" in field.metadata:
            yield field.metadata["environment"]
        elif below is not None:
            yield from secrets(below)


def table(hint: object) -> tuple[type | None, bool]:
    """The dataclass behind an annotation, and whether there are several of it by name or in a row."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint, False
    several = typing.get_origin(hint) not in (typing.Union, UnionType)
    for part in typing.get_args(hint):
        below, many = table(part)
        if below is not None:
            return below, many or several
    return None, False


KEY = re.compile(r"^(?P<off># ?)?(?P<key>[A-Za-z_][\w-]*)\s*=\s*(?P<value>.*)$")
TABLE = re.compile(r"^(?:# ?)?\[\[?(?P<table>[\w.-]+)\]\]?\s*(?:#.*)?$")


def example_keys() -> dict[str, bool]:
    """Every key of the example, switched off by ``#`` or not → whether a comment explains it.

    A comment stands behind the value, or right above the key; keys that stand together share the one above.
    """
    found: dict[str, bool] = {}
    current, explained = "", False
    for line in (house.REPOSITORY / "config.example.toml").read_text(encoding="utf-8").splitlines():
        if heading := TABLE.match(line):
            several = ".1" if "[[" in line else ""
            current, explained = f"{heading['table']}{several}.", False
        elif key := KEY.match(line):
            behind = re.search(r"\s#\s*\S", key["value"]) is not None
            found[current + key["key"]] = explained or behind
        elif not line.strip():
            explained = False
        elif line.startswith("#"):
            explained = True
    return found


def test_every_configuration_key_is_in_the_example_with_a_comment() -> None:
    from tbt_watch.config import Config

    shown = example_keys()
    patterns = {key: re.compile(re.escape(key).replace(r"\*", r"[\w-]+")) for key in keys(Config)}
    absent = [key for key, pattern in patterns.items() if not any(map(pattern.fullmatch, shown))]
    invented = [key for key in shown if not any(pattern.fullmatch(key) for pattern in patterns.values())]
    silent = [key for key, explained in shown.items() if not explained]
    assert absent == []
    assert invented == []
    assert silent == []


def test_every_secret_is_named_in_the_example() -> None:
    from tbt_watch.config import Config

    text = (house.REPOSITORY / "config.example.toml").read_text(encoding="utf-8")
    named = [secret for secret in secrets(Config) if secret in text and f"{secret}_FILE" in text]
    assert named
    assert named == list(secrets(Config))


def test_the_example_is_toml_and_sends_nothing() -> None:
    example = tomllib.loads((house.REPOSITORY / "config.example.toml").read_text(encoding="utf-8"))

    def values(table: dict[str, object], before: str = "") -> Iterator[tuple[str, object]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from values(value, f"{before}{key}.")
            else:
                yield f"{before}{key}", value

    channels = {key: value for key, value in values(example) if key.split(".")[-1] in {"channel", "channels"}}
    assert channels
    assert all(value in ("pretend", ["pretend"]) for value in channels.values()), channels


# ── What is never written down ──────────────────────────────────────────────────────────────────────────

# Put together here, so that this file does not hold what it forbids.
HOSTS = [f"{first}{second}" for first, second in (
    ("pyp", "i.org"), ("files.python", "hosted.org"), ("registry.npm", "js.org"), ("deb.deb", "ian.org"),
    ("archive.ub", "untu.com"), ("download.pyt", "orch.org"), ("crates", ".io"),
)]  # fmt: skip
PLACES = [f"/{name}/" for name in ("work", "root", "tmp", "opt/py" + "pi")]
FORBIDDEN = re.compile(
    "|".join(
        [*map(re.escape, HOSTS), *(rf"(?<![\w.:/*~}}-]){re.escape(place)}" for place in PLACES)]
    ).encode()
)


def contents(path: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, and of everything packed inside it."""
    body = path.read_bytes()
    where = path.relative_to(house.REPOSITORY).as_posix()
    yield where, body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield f"{where}!{name}", archive.read(name)


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    found = [
        f"{where}: {match.group().decode()}"
        for path in house.tracked()
        for where, body in contents(path)
        for match in FORBIDDEN.finditer(body)
    ]
    assert found == []


def test_lock_files_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (house.REPOSITORY / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^(\S+)==(\S+)", text, re.MULTILINE)
        assert len(pinned) > 50
        assert text.count("--hash=sha256:") >= len(pinned)
        assert not {"torch", "stanza", "spacy", "minisbd", "onnxruntime"} & {name for name, _ in pinned}
        assert ("argostranslate", "1.11.0") in pinned
