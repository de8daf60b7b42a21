"""The command line: exit codes, where things are printed, the options of everywhere, and the verbs of upkeep."""

import json
import os
import re
import sqlite3
import subprocess
from pathlib import Path

import click
import pytest
from desk import CONFIG, Desk, command, sampled

from tbt_watch.cli import tbt_watch_command
from tbt_watch.cli.frame import run_guarded

SAMPLE = ("--sample", "--lang", "en")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The sample as its run left it; these tests only look at it."""
    return sampled(tmp_path_factory)


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """A folder without a configuration."""
    return Desk(tmp_path, config=None)


@pytest.fixture
def office(tmp_path: Path) -> Desk:
    """A folder with a configuration and nothing else."""
    return Desk(tmp_path)


# ── Errors and exit codes ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", [("run", "--once"), ("serve",), ("deliver",)])
def test_what_reaches_people_needs_a_configuration(bare: Desk, verb: tuple[str, ...]) -> None:
    done = bare.typed(*verb)
    assert done.code == 2
    assert "tbt-watch init" in done.sentence
    assert "--config" in done.sentence
    assert list(bare.folder.iterdir()) == [], "nothing may be made then"


WRONG = [
    (("frobnicate",), "No such command 'frobnicate'", "tbt-watch --help"),
    (("notices", "lst"), "Did you mean 'list'?", "tbt-watch notices --help"),
    (("run",), "--once", "tbt-watch run --help"),
    (("status", "--colour"), "--colour", "tbt-watch status --help"),
    (("status", "--lang", "fr"), "'fr'", "tbt-watch status --help"),
    (("issues", "show", "x"), "'x'", "tbt-watch issues show --help"),
    (("issues", "close", "1"), "--why", "tbt-watch issues close --help"),
    (("collect", "congbao", "--since", "31.8.2026"), "31.8.2026", "--since"),
    (("status", "--config", "no.toml"), "no.toml", "tbt-watch init"),
    (("collect",), "Name a source", "eping_web"),
    (("collect", "nowhere"), "no source 'nowhere'", "eping_web"),
    (("collect", "eping_web", "congbao", "--file", "config.toml"), "one source", "--file"),
    (("collect", "eping_workbook", "--file", "gone.xlsx"), "gone.xlsx", "path"),
    (("notices", "show", "G/TBT/N/USA/1"), "'G/TBT/N/USA/1'", "tbt-watch notices search"),
    (("notices", "accept", "nothing"), "'nothing'", "tbt-watch notices search"),
    (("notices", "export", "--format", "xlsx"), "--out PATH", "workbook"),
    (("issues", "show", "7"), "issue 7", "tbt-watch issues list"),
    (("issues", "close", "7", "--why", "done"), "issue 7", "tbt-watch issues list"),
    (("deliveries", "resend", "7"), "delivery 7", "tbt-watch deliveries list"),
    (("subscribers", "remove", "7"), "subscriber 7", "tbt-watch subscribers list"),
    (("subscribers", "import", "gone.csv"), "gone.csv", "check the path"),
    (("models", "remove", "en-vi"), "'en-vi'", "installed"),
    (("restore", "gone.db"), "gone.db", "no such file"),
]


@pytest.mark.parametrize(("words", "what", "todo"), WRONG, ids=lambda case: str(case)[:40])
def test_wrong_usage_is_one_sentence_and_two(
    office: Desk, words: tuple[str, ...], what: str, todo: str
) -> None:
    done = office.typed(*words)
    assert done.code == 2
    assert what in done.sentence
    assert todo in done.sentence


def test_a_traceback_only_where_it_is_asked_for(office: Desk) -> None:
    quiet, loud = (office.shell("issues", "show", "7", *more) for more in ((), ("--debug",)))
    assert (quiet.code, len(quiet.err.splitlines())) == (2, 1)
    assert "Traceback" in loud.err


@pytest.mark.parametrize("kind", [28, 30])
def test_a_fault_of_the_disk_that_no_room_met_is_one_sentence(
    kind: int, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def verb() -> None:
        raise OSError(kind, os.strerror(kind), "data/turns")

    assert run_guarded(verb, []) == 2
    told = capsys.readouterr().err
    assert re.fullmatch(r"Không đọc hoặc không ghi được data/turns \([^()]+\): hãy kiểm tra .*\.\n", told)
    assert os.strerror(kind) not in told


def test_a_pipe_that_ends_early_is_no_error(sample: Desk) -> None:
    verb = command(["notices", "export", "--sample"])
    with subprocess.Popen(verb, cwd=sample.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(timeout=120) == 0


# ── The options of everywhere ───────────────────────────────────────────────────────────────────────────────


def test_every_verb_and_group_has_them_and_says_what_it_does() -> None:
    found = []
    todo = [((), tbt_watch_command)]
    while todo:
        words, one = todo.pop()
        names = {option for param in one.params for option in param.opts}
        assert {"--config", "--lang", "--sample", "--debug"} <= names, words
        assert one.help, words
        found.append(words)
        for name, below in getattr(one, "commands", {}).items():
            todo.append(((*words, name), below))
    assert len(found) > 40


def test_they_may_stand_before_and_behind_and_the_last_one_wins(sample: Desk) -> None:
    assert "Normalise" in sample.typed("--lang", "en", "status", "--sample").out
    assert "Normalise" in sample.typed("--lang", "vi", "status", "--sample", "--lang", "en").out
    shown = sample.typed("--sample", "notices", "--lang", "en", "list")
    assert shown.out.startswith("State")
    assert sample.typed("notices", "list", "--sample").out.startswith("Trạng thái")


def test_a_configuration_elsewhere(office: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", config=None)
    assert other.typed("status", "--config", office.folder / "config.toml").out == "0 open issues\n"
    assert (office.folder / "data" / "tbt-watch.db").exists(), "paths are those beside the configuration"
    assert list(other.folder.iterdir()) == []


def test_an_empty_store_is_not_made_in_silence(bare: Desk) -> None:
    first, second = bare.typed("status", "--lang", "en"), bare.typed("status", "--lang", "en")
    assert (first.code, first.out) == (0, "0 open issues\n")
    assert first.err == "There is no configuration file here: a new store is made in data/tbt-watch.db.\n"
    assert second.err == ""


def test_version_and_help(bare: Desk) -> None:
    assert re.fullmatch(r"tbt-watch, version \d+\.\d+\S*\n", bare.typed("--version").out)
    shown = bare.typed("--help")
    assert shown.code == 0
    assert "doctor" in shown.out
    assert bare.typed("notices").code == 2


# ── Upkeep ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_status(sample: Desk) -> None:
    shown = sample.typed("status", *SAMPLE)
    assert (shown.code, shown.err) == (0, "")
    assert re.search(r"^Accepted +\d+$", shown.out, re.MULTILINE)
    assert "3 open issues" in shown.out
    (record,) = sample.typed("status", "--json", *SAMPLE).records
    assert set(record) == {
        "notices", "issues", "last_runs", "subscribers", "deliveries", "channels", "conversation",
    }  # fmt: skip
    assert set(record["deliveries"]) == {"pretend"}
    assert set(record["deliveries"]["pretend"]) == {"SENT"}
    assert "pretend · Sent: " in shown.out
    assert record["channels"] == []
    assert (record["issues"], record["subscribers"]) == (3, 4)
    assert set(record["last_runs"]) >= {"collect", "normalise", "deliver", "bulletin"}


def test_sources(sample: Desk) -> None:
    shown = sample.typed("sources", "list", "--json", *SAMPLE)
    enabled = [one for one in shown.records if one["enabled"]]
    assert {one["name"] for one in enabled} == {"congbao", "eping_web", "eping_workbook"}
    assert all(one["last_success"].startswith("2025-07-03T") for one in enabled)
    assert all(one["last_success"] is None for one in shown.records if one not in enabled)
    assert "congbao.chinhphu.vn" in sample.typed("sources", "list", *SAMPLE).out
    checked = sample.typed("sources", "check", "--sample")
    assert (checked.code, checked.out, checked.err) == (0, "", "")


def test_vocabulary(office: Desk) -> None:
    assert (office.typed("vocabulary", "check").code, office.typed("vocabulary", "check").out) == (0, "")
    printed = office.typed("vocabulary", "export").out
    rows = [line.split("\t") for line in printed.splitlines()]
    assert rows[0] == ["kind", "code", "vi", "en"]
    assert {row[0] for row in rows[1:]} == {"sector", "topic"}
    assert all(len(row) == 4 and all(row) for row in rows)
    done = office.typed("vocabulary", "export", "all.tsv")
    assert (done.code, done.out) == (0, "")
    assert len((office.folder / "all.tsv").read_text(encoding="utf-8").splitlines()) > 6_500


def test_doctor(office: Desk, bare: Desk, tmp_path: Path) -> None:
    well = office.typed("doctor")
    assert (well.code, well.err) == (0, "")
    assert all(line.startswith("✓ ") for line in well.out.splitlines())
    assert "config.toml" in well.out

    (tmp_path / "file").write_text("")
    office.configure(
        CONFIG + '[bulletin]\nfolder = "file/site"\n[deliver]\nchannels = ["pretend", "telegram"]\n'
    )
    ill = office.typed("doctor")
    assert ill.code == 1
    faults = [line for line in ill.out.splitlines() if line.startswith("✗ ")]
    assert len(faults) == 2
    assert "file/site" in faults[0]
    assert "TBT_TELEGRAM_TOKEN" in faults[1]


def test_doctor_without_a_configuration(bare: Desk) -> None:
    found = bare.typed("doctor", "--lang", "en")
    assert found.code == 1
    assert found.out.startswith("✗ There is no configuration file: tbt-watch init makes one.\n")


def test_backup_and_restore(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    before = desk.typed("status", "--json", *SAMPLE).out
    assert desk.typed("backup", "copy.db", *SAMPLE).out == "copy.db\n"
    again = desk.typed("backup", "copy.db", *SAMPLE)
    assert (again.code, "exists already" in again.sentence) == (2, True)
    desk.typed("issues", "close", "1", "--why", "tried", *SAMPLE)
    assert desk.typed("status", "--json", *SAMPLE).out != before

    restored = desk.typed("restore", "copy.db", *SAMPLE)
    assert (restored.code, restored.err) == (0, "")
    assert desk.typed("status", "--json", *SAMPLE).out == before
    assert list((desk.folder / "sample-run").glob("*.before-restore"))


def test_restore_goes_where_the_sample_is(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    desk.typed("backup", "copy.db", *SAMPLE)
    desk.typed("restore", "copy.db", *SAMPLE)
    assert not (desk.folder / "data").exists()
    # What is no backup changes nothing.
    (desk.folder / "other.db").write_bytes(b"no database at all, but long enough to be looked at")
    with sqlite3.connect(desk.folder / "theirs.db") as theirs:
        theirs.execute("CREATE TABLE t (a)")
    theirs.close()
    for name in ("other.db", "theirs.db"):
        refused = desk.typed("restore", name, *SAMPLE)
        assert refused.code == 2
        assert name in refused.sentence
    assert desk.typed("status", "--json", *SAMPLE).records[0]["issues"] == 3


def test_one_stage_at_a_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    for stage in ("normalise", "translate", "tag", "curate", "digest", "deliver"):
        (report,) = json.loads(desk.typed(stage, "--json", *SAMPLE).out)
        assert set(report) == {"stage", "done", "waiting", "failed", "issues_opened", "counts", "notes"}
        assert (report["stage"], report["done"], report["issues_opened"]) == (stage, 0, 0)
    shown = desk.typed("tag", *SAMPLE)
    assert (shown.code, shown.out.split()[0]) == (0, "Tag")
    built = desk.typed("bulletin", "build", *SAMPLE)
    assert built.code == 0
    assert Path(built.out.splitlines()[-1]).is_file()
    gone = next(path for path in (desk.folder / "sample-run" / "bulletin").rglob("*.html"))
    text = gone.read_bytes()
    gone.unlink()
    desk.typed("bulletin", "build", *SAMPLE)
    assert gone.read_bytes() == text


@pytest.mark.skipif(os.geteuid() == 0, reason="for root no folder is closed")
def test_a_closed_folder(office: Desk) -> None:
    office.folder.chmod(0o500)
    done = office.typed("status")
    office.folder.chmod(0o700)
    assert done.code == 2
    assert "data" in done.sentence
