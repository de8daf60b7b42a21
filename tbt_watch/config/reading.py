"""Reads a configuration file by the types of ``settings.py``, and says what does not fit."""

import builtins
import collections.abc
import re
import tomllib
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tbt_watch.config.settings import Config
from tbt_watch.domain.text import nfc
from tbt_watch.errors import ConfigError

_Table = TypeVar("_Table")
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def load_config(path: Path | None, env: Mapping[str, str]) -> Config:
    """The configuration in a file, or the built-in one for None; ``env`` is the environment with the secrets.

    Raises ConfigError.
    """
    if path is None:
        return _Reader(file="", folder=Path(), env=env).table(Config(), {}, "")
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors on Windows write a byte-order mark
        given = tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"There is no configuration file {path}: tbt-watch init makes one.") from None
    except OSError as error:
        raise ConfigError(
            f"The configuration file {path} cannot be read ({error.strerror}): check path and rights."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"The configuration file {path} is not UTF-8 (byte {error.start}): save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"The configuration file {path} is no TOML: {error}; mend that line, texts stand in quotes."
        ) from error
    return _Reader(file=str(path), folder=path.parent, env=env).table(Config(), given, "")


def spoken_language(path: Path) -> str:
    """The language that a configuration names, whatever else is wrong with it; the default where it names none."""
    try:
        named = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("language")
    except (OSError, ValueError):
        named = None
    return named if named in ("vi", "en") else Config().language


class _Reader:
    """Reads tables by the types of the dataclasses above; what is not given keeps its default."""

    def __init__(self, *, file: str, folder: Path, env: Mapping[str, str]) -> None:
        self._file, self._folder, self._env = file, folder, env

    def table(self, default: _Table, given: object, section: str) -> _Table:
        """One section, with those in it."""
        kind = type(default)
        if not isinstance(given, dict):
            raise self._wrong(section, given, f"a section that begins with [{section}]")
        for key, value in given.items():
            if key not in _keys(kind):
                what = "section" if isinstance(value, dict) else "key"
                raise ConfigError(f"{self._place(f'{section}.{key}')}: {_hint(kind, key, what)}")
        hints = typing.get_type_hints(kind)
        values: dict[str, Any] = {}
        for one in _fields(kind):
            name, value = f"{section}.{one.name}".strip("."), getattr(default, one.name)
            if "environment" in one.metadata:
                value = _secret(one.metadata["environment"], self._env)
            elif is_dataclass(value):
                value = self.table(value, given.get(one.name, {}), name)
            elif one.name in given and (entry := _entry_of(hints[one.name])):
                value = self._entries(entry, given[one.name], name)
            elif one.name in given:
                value = self._value(hints[one.name], given[one.name], name, one.metadata)
            values[one.name] = self._folder / value if isinstance(value, Path) else value
        return kind(**values)

    def _value(self, hint: Any, found: object, name: str, rules: Mapping[str, Any]) -> object:
        try:
            value = _convert(hint, found)
            _check(value, rules)
        except ValueError as unfit:
            raise self._wrong(name, found, str(unfit)) from None
        return value

    def _entries(self, kind: type, found: object, name: str) -> tuple[object, ...]:
        """The tables that stand one after the other under ``[[name]]``."""
        if not isinstance(found, list):
            raise self._wrong(name, found, f"entries that each begin with [[{name}]]")
        entries: list[Any] = []
        for number, one in enumerate(found, start=1):
            place = f"{name}.{number}"
            entry = self.table(kind(), one, place)
            for rule in _fields(kind):
                value = getattr(entry, rule.name)
                try:
                    _check_entry(value, rule.metadata)
                except ValueError as unfit:
                    raise self._wrong(f"{place}.{rule.name}", value, str(unfit)) from None
            entries.append(entry)
        return tuple(entries)

    def _wrong(self, name: str, found: object, expected: str) -> ConfigError:
        return ConfigError(f"{self._place(name)}: found {_described(found)}, expected {expected}.")

    def _place(self, name: str) -> str:
        section, _, key = name.strip(".").rpartition(".")
        return f"{self._file}, [{section}] {key}" if section else f"{self._file}, {key}"


def _entry_of(hint: Any) -> type | None:
    """The section that is repeated where the type says a list of sections."""
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and isinstance(parts[0], type) and is_dataclass(parts[0]):
        return parts[0]
    return None


def _check_entry(value: object, rules: Mapping[str, Any]) -> None:
    """What only an entry of a list must have. Raises ValueError that says what is expected."""
    if "form" in rules and not re.fullmatch(rules["form"], str(value)):
        raise ValueError("a name of small letters, digits and _, a letter first")
    if rules.get("needed") and not value:
        raise ValueError("something: it must be filled in")


def _fields(kind: type) -> tuple[Field[Any], ...]:
    return fields(kind)


def _keys(kind: type) -> list[str]:
    """The keys that a section of the file may have."""
    return [one.name for one in _fields(kind) if "environment" not in one.metadata]


def _names(kind: type, before: str = "") -> Iterator[str]:
    """Every section and key, dotted."""
    hints = typing.get_type_hints(kind)
    for name in _keys(kind):
        yield f"{before}{name}"
        if is_dataclass(hints[name]):
            yield from _names(hints[name], f"{before}{name}.")


def _hint(kind: type, key: str, what: str) -> str:
    """What a person probably meant by a key or section that is not in this one."""
    for one in _fields(kind):
        if one.name == key:
            secret = one.metadata["environment"]
            return (
                f"a secret never stands in this file; put it into the environment as {secret}, or into a file that"
                f" {secret}_FILE names."
            )
    near = get_close_matches(key.lower(), _keys(kind), n=1)
    elsewhere = next((name for name in _names(Config) if name.split(".")[-1] == key), None)
    if near:
        return f"there is no such {what}; did you mean {near[0]}?"
    if elsewhere:
        section = elsewhere.rpartition(".")[0]
        place = f"under [{section}]" if section else "above the first section"
        return f"there is no such {what} here; it belongs {place}."
    return f"there is no such {what}; known here are {', '.join(_keys(kind))}."


def _convert(hint: Any, found: object) -> Any:
    """The value as the type that is wanted. Raises ValueError that says what is expected."""
    parts = typing.get_args(hint)
    match typing.get_origin(hint) or hint:
        case typing.Literal:
            return _choice(parts, found)
        case builtins.tuple:
            return _list(parts, found)
        case collections.abc.Mapping:
            return _addresses(found)
        case kind:
            return _CONVERTERS[kind](found)


def _text(found: object) -> str:
    if isinstance(found, str):
        return nfc(found).strip()
    raise ValueError("a text in quotes")


def _number(found: object) -> int:
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise ValueError("a whole number")


def _switch(found: object) -> bool:
    if isinstance(found, bool):
        return found
    raise ValueError("true or false, without quotes")


def _path(found: object) -> Path:
    if isinstance(found, str) and found.strip():
        return Path(found.strip()).expanduser()
    raise ValueError("a path in quotes")


def _hour(found: object) -> time:
    if isinstance(found, time):
        return found
    if isinstance(found, str) and (match := _HOUR.fullmatch(found.strip())):
        return time(int(match[1]), int(match[2]))
    raise ValueError('a time of day in quotes such as "07:00"')


def _day(found: object) -> date:
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    if isinstance(found, str):
        with suppress(ValueError):
            return date.fromisoformat(found.strip())
    raise ValueError("a date such as 2026-04-27")


_CONVERTERS: Mapping[Any, Callable[[object], Any]] = {
    str: _text,
    int: _number,
    bool: _switch,
    Path: _path,
    time: _hour,
    date: _day,
}


def _choice(allowed: Sequence[str], found: object) -> str:
    if isinstance(found, str) and found in allowed:
        return found
    names = " or ".join(f'"{name}"' for name in allowed)
    near = get_close_matches(found.lower(), allowed, n=1) if isinstance(found, str) else []
    raise ValueError(f'{names}; did you mean "{near[0]}"?' if near else names)


def _list(parts: Sequence[Any], found: object) -> tuple[Any, ...]:
    """``(X, ...)``: a list without repetitions; ``(X, Y)``: exactly so many."""
    pair = parts[-1] is not Ellipsis
    if isinstance(found, list) and (not pair or len(found) == len(parts)):
        try:
            values = tuple(_convert(parts[0], one) for one in found)
        except ValueError as unfit:
            raise ValueError(f"every entry to be {unfit}") from None
        return values if pair else tuple(dict.fromkeys(values))
    if pair:
        raise ValueError('a list of two times of day such as ["21:00", "06:30"]')
    raise ValueError("a list in square brackets")


def _addresses(found: object) -> Mapping[str, str]:
    wanted = '{ "host.name" = "https://other.example" }'
    if not isinstance(found, dict):
        raise ValueError(f"hosts and addresses such as {wanted}")
    for host, address in found.items():
        if "/" in host or not isinstance(address, str) or not _is_address(address):
            raise ValueError(f"hosts and addresses such as {wanted}, and {host!r} is none")
    return MappingProxyType(dict(found))


def _check(value: object, rules: Mapping[str, Any]) -> None:
    """The rules of a field besides its type. Raises ValueError that says what is expected."""
    if "least" in rules and isinstance(value, int) and not rules["least"] <= value <= rules["most"]:
        raise ValueError(f"a whole number from {rules['least']} to {rules['most']}")
    if "address" in rules and value and not _is_address(str(value)):
        raise ValueError("an address that begins with https:// or http://, or nothing")


def _is_address(text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname) and not re.search(r"\s", text)


def _described(found: object) -> str:
    match found:
        case bool():
            return "true" if found else "false"
        case str():
            return f'the text "{found[:60]}"' if found else "an empty text"
        case int() | float():
            return f"the number {found}"
        case list():
            shown = ", ".join(str(one) for one in found[:6])
            return f"the list [{shown}]" if len(shown) < 80 else f"a list of {len(found)}"
        case dict():
            return "a section"
        case _:
            return str(found)


def _secret(name: str, env: Mapping[str, str]) -> str:
    """A secret from the environment or from the file that it names; empty where neither is set."""
    value, file = env.get(name, "").strip(), env.get(f"{name}_FILE", "").strip()
    if value and file:
        raise ConfigError(f"Both {name} and {name}_FILE are set in the environment; keep one of them.")
    if file:
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise ConfigError(
                f"{name}_FILE names {file}, which cannot be read ({why}); mend the path."
            ) from error
        if not value:
            raise ConfigError(f"{name}_FILE names {file}, which is empty; write the secret into it.")
    if re.search(r"\s", value):
        raise ConfigError(f"{name} holds blanks or several lines; hand over the secret and nothing else.")
    return value
