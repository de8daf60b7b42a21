"""The configuration: the example is the defaults, and every fault is one sentence that says where and what."""

import shutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, time
from pathlib import Path

import pytest

from tbt_watch.config import Config, load_config
from tbt_watch.errors import ConfigError

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return made


def fault(path: Path, env: dict[str, str] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path, env or {})
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert caught.value.exit_code == 2
    return sentence


# ── What holds ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_is_exactly_the_defaults(repository: Path, tmp_path: Path) -> None:
    shutil.copy(repository / "config.example.toml", tmp_path)
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    example = load_config(tmp_path / "config.example.toml", {})
    assert example == load_config(tmp_path / "empty.toml", {})
    assert example.store.path == tmp_path / "data" / "tbt-watch.db"


def test_without_a_file_the_defaults_hold_where_we_stand() -> None:
    config = load_config(None, {})
    assert config == Config()
    assert config.store.path == Path("data/tbt-watch.db")
    assert config.deliver.channels == ("pretend",)


def test_paths_are_those_of_the_file_unless_they_are_absolute(write: Write, tmp_path: Path) -> None:
    path = write(f"[store]\npath = 'db/a.db'\nmodels = '{tmp_path}/elsewhere'\n")
    config = load_config(path, {})
    assert config.store.path == tmp_path / "db" / "a.db"
    assert config.store.models == tmp_path / "elsewhere"
    assert config.bulletin.folder == tmp_path / "data" / "bulletin"


def test_values_are_read_by_their_type(write: Write) -> None:
    config = load_config(
        write(
            """\
            language = "en"
            [office]
            name = " Sở Khoa học và Công nghệ "
            days_off = [2026-04-27, "2026-05-02", 2026-04-27]
            [office.lead_days]
            sps = 20
            [office.enquiry.sps]
            email = "sps@example.vn"
            [sources]
            mirrors = { "epingalert.org" = "http://127.0.0.1:8000/eping" }
            [digest]
            daily = 06:45:00
            weekly_day = "fri"
            quiet = ["22:00", "6:00"]
            [schedule]
            collect = []
            """
        ),
        {},
    )
    assert config.language == "en"
    assert config.office.name == "Sở Khoa học và Công nghệ"
    assert config.office.days_off == (date(2026, 4, 27), date(2026, 5, 2))
    assert config.office.lead_days.by_area == {"tbt": 15, "sps": 20}
    assert config.office.enquiry.sps.email == "sps@example.vn"
    assert config.office.enquiry.sps.name == "Văn phòng SPS Việt Nam"
    assert config.office.enquiry.tbt.name == "Văn phòng TBT Việt Nam"
    assert config.sources.mirrors == {"epingalert.org": "http://127.0.0.1:8000/eping"}
    assert config.digest.daily == time(6, 45)
    assert config.digest.weekly_day == "fri"
    assert config.digest.quiet == (time(22, 0), time(6, 0))
    assert config.schedule.collect == ()


def test_what_a_windows_editor_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbflanguage = "en"\r\n[office]\r\nname = "TBT"\r\n')
    assert load_config(path, {}).office.name == "TBT"


def test_a_loaded_configuration_cannot_be_changed() -> None:
    config = load_config(None, {})
    with pytest.raises(FrozenInstanceError):
        config.office.name = "another"  # type: ignore[misc]


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[digest]\nquite = ['21:00', '06:30']", "[digest] quite: there is no such key; did you mean quiet?"),
        ("[ofice]\nname = 'x'", "ofice: there is no such section; did you mean office?"),
        ("lead_days = 3", "lead_days: there is no such key here; it belongs under [office]."),
        ("[office]\nbase_url = 'https://a.vn'", "[office] base_url: there is no such key here; it belongs under"),
        ("[store]\nlanguage = 'vi'", "[store] language: there is no such key here; it belongs above the first"),
        ("[accept]\nxyz = 1", "[accept] xyz: there is no such key; known here are policy."),
        ("[office.enquiry.tbt]\nmail = 'x'", "[office.enquiry.tbt] mail: there is no such key; did you mean email?"),
        ("[translate]\nbeam = 'four'", '[translate] beam: found the text "four", expected a whole number.'),
        ("[translate]\nbeam = true", "[translate] beam: found true, expected a whole number."),
        ("[translate]\nbeam = 2.5", "[translate] beam: found the number 2.5, expected a whole number."),
        ("[translate]\nbeam = 0", "[translate] beam: found the number 0, expected a whole number from 1 to 16."),
        ("[translate]\nengine = 'Argo'", 'expected "argos" or "none"; did you mean "argos"?'),
        ("[office]\nname = 7", "[office] name: found the number 7, expected a text in quotes."),
        ("[office]\nwebsite = 'sokhcn.vn'", "expected an address that begins with https:// or http://, or nothing."),
        ("[office]\nwebsite = 'http://[a'", '[office] website: found the text "http://[a"'),
        ("[office]\ndays_off = ['27/4/2026']", "expected every entry to be a date such as 2026-04-27."),
        ("[office]\ndays_off = 2026-04-27", "found 2026-04-27, expected a list in square brackets."),
        ("[digest]\ndaily = '25:00'", '[digest] daily: found the text "25:00", expected a time of day in quotes'),
        ("[digest]\nquiet = ['21:00']", "[digest] quiet: found the list [21:00], expected a list of two times"),
        ("[digest]\nweekly_day = 'friday'", 'weekly_day: found the text "friday", expected "mon" or "tue"'),
        ("[digest]\nweekly_day = 5", "[digest] weekly_day: found the number 5, expected"),
        ("[deliver]\nchannels = ['pigeon']", 'every entry to be "pretend" or "telegram" or "email" or "zalo".'),
        ("[deliver]\nchannels = 'telegram'", "expected a list in square brackets."),
        ("[deliver]\ntelegram = 'yes'", 'found the text "yes", expected a section that begins with [deliver.telegram]'),
        ("office = 'x'", "office: found the text \"x\", expected a section that begins with [office]."),
        ("[sources]\nmirrors = { 'https://a.vn' = 'https://b.vn' }", "and 'https://a.vn' is none."),
        ("[sources]\nmirrors = 'b.vn'", "expected hosts and addresses such as"),
        ("[store]\npath = ''", "[store] path: found an empty text, expected a path in quotes."),
        ("[deliver.telegram]\ntoken = '1:a'", "put it into the environment as TBT_TELEGRAM_TOKEN"),
        ("name = Sở", "is no TOML"),
        ("[office]\nname = 'a'\nname = 'b'", "is no TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_with_its_place(write: Write, text: str, says: str) -> None:
    path = write(text)
    sentence = fault(path)
    assert says in sentence
    assert str(path) in sentence


def test_a_secret_in_the_file_is_not_repeated(write: Write) -> None:
    assert "12345:abc" not in fault(write("[deliver.telegram]\ntoken = '12345:abc'"))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert "tbt-watch init" in fault(tmp_path / "config.toml")
    assert "cannot be read" in fault(tmp_path)
    (tmp_path / "old.toml").write_bytes("[office]\nname = 'Văn'".encode("cp1258"))
    assert "is not UTF-8" in fault(tmp_path / "old.toml")


# ── Secrets ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_secret_comes_from_the_environment_and_is_never_shown(write: Write) -> None:
    config = load_config(write(""), {"TBT_TELEGRAM_TOKEN": " 12345:abc\n"})
    assert config.deliver.telegram.token == "12345:abc"
    assert config.deliver.telegram.required_token() == "12345:abc"
    assert "12345" not in repr(config)


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("12345:abc\n", encoding="utf-8")
    config = load_config(None, {"TBT_TELEGRAM_TOKEN_FILE": str(tmp_path / "token")})
    assert config.deliver.telegram.token == "12345:abc"


def test_faults_of_secrets(tmp_path: Path, write: Write) -> None:
    path = write("")
    missing = fault(path, {"TBT_TELEGRAM_TOKEN_FILE": str(tmp_path / "none")})
    assert missing.startswith(f"TBT_TELEGRAM_TOKEN_FILE names {tmp_path / 'none'}, which cannot be read")
    (tmp_path / "empty").write_text(" \n", encoding="utf-8")
    assert "which is empty" in fault(path, {"TBT_TELEGRAM_TOKEN_FILE": str(tmp_path / "empty")})
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    assert "it is no text" in fault(path, {"TBT_TELEGRAM_TOKEN_FILE": str(tmp_path / "noise")})
    both = {"TBT_TELEGRAM_TOKEN": "1:a", "TBT_TELEGRAM_TOKEN_FILE": str(tmp_path / "empty")}
    assert "keep one of them" in fault(path, both)
    assert "blanks or several lines" in fault(path, {"TBT_TELEGRAM_TOKEN": "1:a\n2:b"})


def test_a_missing_token_matters_only_where_it_is_needed(write: Write) -> None:
    config = load_config(write("[deliver]\nchannels = ['pretend', 'telegram']"), {})
    assert config.deliver.channels == ("pretend", "telegram")
    with pytest.raises(ConfigError, match="TBT_TELEGRAM_TOKEN_FILE names"):
        config.deliver.telegram.required_token()
