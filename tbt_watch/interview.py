"""``tbt-watch init``: asks an officer a dozen questions, in the officer's language, and writes the configuration.

How a question reaches the person is handed in, and so is what they answer; nothing here knows of a terminal.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from tbt_watch.domain.text import collapse, fold
from tbt_watch.errors import ConfigError
from tbt_watch.language import Language, Province

Ask = Callable[[str], str]
"""Puts a question and gives back the line that was typed."""

Tell = Callable[[str], None]
"""Shows a line."""

Value = str | list[str]

NOTHING = "-"
"""What is typed to leave something empty that has an answer already."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[+(\d][\d\s().+/-]{5,}")
_HOUR = re.compile(r"([01]?\d|2[0-3])(?:\s*(?::|h|giờ|gio)\s*([0-5]\d)?)?(?:\s*(?:phút|phut))?")
_SPAN = re.compile(r"\s*(?:-|–|—|→|,|\bđến\b|\btới\b|\bto\b)\s*")
_DAYS = {
    "mon": ("monday", "thu hai", "thu 2", "t2", "2"),
    "tue": ("tuesday", "thu ba", "thu 3", "t3", "3"),
    "wed": ("wednesday", "thu tu", "thu 4", "t4", "4"),
    "thu": ("thursday", "thu nam", "thu 5", "t5", "5"),
    "fri": ("friday", "thu sau", "thu 6", "t6", "6"),
    "sat": ("saturday", "thu bay", "thu 7", "t7", "7"),
    "sun": ("sunday", "chu nhat", "cn", "8"),
}
_YES = {"y", "yes", "co", "c", "dong y", "true", "1"}
_NO = {"n", "no", "khong", "k", "ko", "false", "0"}


def interview(
    path: Path, language: Language, lang: str, *, sectors: Mapping[str, str], ask: Ask, tell: Tell
) -> None:
    """Ask, and write the file; ``sectors`` is code → label, in the order in which they are shown.

    Raises ConfigError, before anything is asked, when the file exists; also when it cannot be written.
    """
    if path.exists():
        raise ConfigError(
            f"{path} exists already and is not written over: edit it, or name another file with --config PATH."
        )
    person = _Person(language=language, lang=lang, ask=ask, tell=tell)
    person.say("Hello. These questions make the configuration of TBT Watch; all of it can be changed later.")
    person.say(
        "Enter takes what stands in brackets; a single {nothing} leaves the answer empty.", nothing=NOTHING
    )
    answers = _office(person) | _subjects(person, sectors) | _hours(person) | _channels(person)
    write(path, render(answers, person))
    _farewell(path, person, answers)


def write(path: Path, text: str) -> None:
    """Write a new file. Raises ConfigError when it exists or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file, ExitStack() as undo:
            undo.callback(path.unlink)
            file.write(text)
            file.flush()
            undo.pop_all()  # all of it is there: nothing to undo
    except OSError as error:
        raise ConfigError(
            f"The configuration {path} cannot be written ({error.strerror}): name another place with --config PATH."
        ) from error


# ── Asking ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class _Person:
    """The officer at the other end, and what was asked, for the comments of the file."""

    language: Language
    lang: str
    ask: Ask
    tell: Tell
    asked: dict[str, str] = field(default_factory=dict)

    def word(self, message: str, **values: object) -> str:
        """A message in the officer's language."""
        return self.language.say(message, self.lang, **values)

    def say(self, message: str, **values: object) -> None:
        """Show a message."""
        self.tell(self.word(message, **values))

    def question(
        self, key: str, message: str, default: str = "", read: "Callable[[str], Value] | None" = None
    ) -> Value:
        """Ask until the answer can be read; ``read`` raises ValueError with the sentence to show otherwise."""
        text = self.word(message)
        self.asked[key] = text
        while True:
            said = self.ask(f"{text} [{default}]" if default else text)
            answer = "".join(char for char in collapse(said) if char.isprintable()).strip()
            answer = "" if answer == NOTHING else answer or default
            try:
                return read(answer) if read else answer
            except ValueError as sentence:
                self.tell(str(sentence))

    def text(
        self, key: str, message: str, default: str = "", read: "Callable[[str], str] | None" = None
    ) -> str:
        """The same for an answer that is one text."""
        return str(self.question(key, message, default, read))


def _office(person: _Person) -> dict[str, Value]:
    """Who publishes, and where they are reached."""
    answers: dict[str, Value] = {}
    answers["office.province"] = person.text(
        "office.province",
        "In which province or city is the office?",
        read=lambda text: _province(text, person),
    )
    place = _place(person.language.province(str(answers["office.province"])), person.lang)
    department = person.word("Department of Science and Technology of {place}", place=place) if place else ""
    name = person.word("TBT point of {place}", place=place) if place else ""
    answers["office.department"] = person.text(
        "office.department", "To which department does the office belong?", department
    )
    answers["office.name"] = person.text(
        "office.name", "What is the office called?", name, lambda text: _needed(text, person)
    )
    answers["office.address"] = person.text("office.address", "What is its postal address?")
    answers["office.phone"] = person.text(
        "office.phone", "Which telephone number may enterprises call?", read=lambda text: _phone(text, person)
    )
    answers["office.email"] = person.text(
        "office.email", "To which e-mail may enterprises write?", read=lambda text: _email(text, person)
    )
    answers["office.website"] = person.text(
        "office.website", "What is the web address of the office?", read=lambda text: _website(text, person)
    )
    answers["office.contact"] = person.text(
        "office.contact",
        "Which e-mail or web address may the sources see, so that they can reach you?",
        str(answers["office.email"] or answers["office.website"]),
    )
    return answers


def _subjects(person: _Person, sectors: Mapping[str, str]) -> dict[str, Value]:
    """What the province makes, and who decides."""
    answers: dict[str, Value] = {}
    if sectors:
        for number, label in enumerate(sectors.values(), start=1):
            person.tell(f"{number:>4}  {label}")
        answers["bulletin.sectors"] = person.question(
            "bulletin.sectors",
            "Which of these sectors does the bulletin list first? Numbers, with commas between them.",
            read=lambda text: _sectors(text, sectors, person),
        )
    staff = person.text(
        "accept.policy",
        "Should a person accept every notice before anybody is told (yes or no)?",
        person.word("no"),
        lambda text: _yes(text, person),
    )
    return answers | {"accept.policy": "staff" if staff else "auto"}


def _hours(person: _Person) -> dict[str, Value]:
    """When enterprises are told."""
    friday = person.word("Friday")
    return {
        "digest.daily": person.text(
            "digest.daily",
            "At what time do daily editions go out?",
            "07:00",
            lambda text: _hour(text, person),
        ),
        "digest.weekly_day": person.text(
            "digest.weekly_day",
            "On which day do weekly editions go out?",
            friday,
            lambda text: _weekday(text, person),
        ),
        "digest.weekly": person.text(
            "digest.weekly",
            "At what time do weekly editions go out?",
            "07:00",
            lambda text: _hour(text, person),
        ),
        "digest.quiet": person.question(
            "digest.quiet",
            "From when to when is nothing sent, unless it is urgent?",
            "21:00 - 06:30",
            lambda text: _span(text, person),
        ),
    }


def _channels(person: _Person) -> dict[str, Value]:
    """By which ways."""
    telegram = person.text(
        "deliver.channels",
        "Should messages go out by Telegram (yes or no)? With no they are only written to files.",
        person.word("no"),
        lambda text: _yes(text, person),
    )
    base_url = person.text(
        "bulletin.base_url",
        "At which web address will the bulletin stand? Leave it empty if you do not know yet.",
        read=lambda text: _website(text, person),
    )
    channels = ["pretend", "telegram"] if telegram else ["pretend"]
    return {"deliver.channels": channels, "bulletin.base_url": base_url}


def _farewell(path: Path, person: _Person, answers: Mapping[str, Value]) -> None:
    person.say("The configuration is in {path}. What comes next:", path=str(path))
    if "telegram" in answers["deliver.channels"]:
        person.say(
            "Put the bot's token into the environment as TBT_TELEGRAM_TOKEN, or into a file that"
            " TBT_TELEGRAM_TOKEN_FILE names; it never stands in the configuration."
        )
    for message, command in (
        ("Install a translation package: {command}", "tbt-watch models install en-vi"),
        ("Take in the subscribers: {command}", "tbt-watch subscribers import subscribers.csv"),
        ("See whether all is in order: {command}", "tbt-watch doctor"),
        ("Start the service: {command}", "tbt-watch serve"),
    ):
        person.say(message, command=command)


# ── Understanding ───────────────────────────────────────────────────────────────────────────────────────


def _needed(text: str, person: _Person) -> str:
    if text:
        return text
    raise ValueError(person.word("Please give a name: it stands at the head of every page."))


def _province(text: str, person: _Person) -> str:
    """The name of the unit it is today; an old name is said to be one."""
    if not text:
        return ""
    found = person.language.province(text)
    if found is None:
        names = {fold(unit): unit for one in person.language.provinces for unit in (one.name, *one.old_units)}
        near = get_close_matches(fold(text), names, n=1, cutoff=0.7)
        if near:
            raise ValueError(
                person.word(
                    "No province or city is called {name}; did you mean {near}?",
                    name=text,
                    near=names[near[0]],
                )
            )
        raise ValueError(
            person.word("No province or city is called {name}; please write it as on a map.", name=text)
        )
    label = person.language.province_label(text, person.lang)
    if label != found.name:
        person.tell(label)
    return found.name


def _place(found: Province | None, lang: str) -> str:
    """``tỉnh Phú Thọ``; English ``Phú Thọ``."""
    if found is None:
        return ""
    return f"{found.kind} {found.name}" if lang == "vi" else found.name


def _email(text: str, person: _Person) -> str:
    if not text or _EMAIL.fullmatch(text):
        return text
    raise ValueError(
        person.word("{text} is no e-mail address; it looks like name@example.gov.vn.", text=text)
    )


def _phone(text: str, person: _Person) -> str:
    if not text or _PHONE.fullmatch(text):
        return text
    raise ValueError(person.word("{text} is no telephone number; it looks like 0210 3 123 456.", text=text))


def _website(text: str, person: _Person) -> str:
    """The address, with https:// where it was left out."""
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    if "." in host and address.startswith(("https://", "http://")) and " " not in address:
        return address
    raise ValueError(
        person.word("{text} is no web address; it looks like https://example.gov.vn.", text=text)
    )


def _hour(text: str, person: _Person) -> str:
    """``07:00`` from ``7``, ``7h``, ``7h00``, ``7 giờ`` or ``7:00``."""
    match = _HOUR.fullmatch(text.lower().strip())
    if match:
        return f"{int(match[1]):02d}:{match[2] or '00'}"
    raise ValueError(person.word("{text} is no time of day; it looks like 07:00 or 7h30.", text=text))


def _span(text: str, person: _Person) -> list[str]:
    parts = [part for part in _SPAN.split(text.lower()) if part]
    if len(parts) != 2:
        raise ValueError(person.word("Please give two times, from and to, as in 21:00 - 06:30."))
    return [_hour(part, person) for part in parts]


def _weekday(text: str, person: _Person) -> str:
    asked = " ".join(fold(text).split())
    for day, spellings in _DAYS.items():
        numbered = asked.isdigit() and person.lang != "vi"  # 6 is thứ Sáu, and no day in English
        if (asked == day or asked in spellings) and not numbered:
            return day
    raise ValueError(
        person.word(
            "{text} is no day of the week; it looks like {day}.", text=text, day=person.word("Friday")
        )
    )


def _yes(text: str, person: _Person) -> str:
    """``yes``, or empty for no."""
    answer = fold(text).strip(" .!")
    if answer in _YES:
        return "yes"
    if answer in _NO:
        return ""
    raise ValueError(person.word("Please answer yes or no."))


def _sectors(text: str, sectors: Mapping[str, str], person: _Person) -> list[str]:
    """Codes, from numbers, codes or labels."""
    codes = list(sectors)
    known = {fold(label): code for code, label in sectors.items()} | {code: code for code in codes}
    known |= {str(number): code for number, code in enumerate(codes, start=1)}
    parts = text.split() if re.fullmatch(r"[\d\s]+", text) else re.split(r"[,;]", text)
    found: list[str] = []
    for part in filter(None, (one.strip() for one in parts)):
        code = known.get(fold(part))
        if code is None:
            raise ValueError(
                person.word(
                    "{text} is none of the sectors; numbers from 1 to {last}.", text=part, last=len(codes)
                )
            )
        found.append(code)
    return list(dict.fromkeys(found))


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────


def render(answers: Mapping[str, Value], person: _Person) -> str:
    """The file: each answer under its question. What was not asked keeps its default."""
    lines = [
        f"# {person.word('The configuration of TBT Watch, as tbt-watch init wrote it.')}",
        f"# {person.word('What is not here has its default; config.example.toml shows every key.')}",
        "",
        f"language = {_toml(person.lang)}",
    ]
    sections: dict[str, list[str]] = {}
    for name, value in answers.items():
        section, _, key = name.rpartition(".")
        sections.setdefault(section, []).extend([f"# {person.asked[name]}", f"{key} = {_toml(value)}"])
    for section, body in sections.items():
        lines += ["", f"[{section}]", *body]
    return "\n".join(lines) + "\n"


def _toml(value: Value) -> str:
    """A text or a list of texts; JSON's escapes are TOML's too."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"[{', '.join(_toml(one) for one in value)}]"
