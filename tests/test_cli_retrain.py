"""``tag --retrain``: it shows what would change, and changes nothing before a person wants it."""

import json
from pathlib import Path

import pytest
from desk import Desk, sampled

from tbt_watch.store import Store
from tbt_watch.tag.model import NAME
from tbt_watch.tag.predict import OWN_MODEL


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office with the sample on its desk."""
    return sampled(tmp_path_factory)


def own_model(desk: Desk) -> Path:
    return desk.folder / "sample-run" / OWN_MODEL / NAME


def correct(desk: Desk, sector: str, count: int) -> list[str]:
    """Staff set a sector on the newest notices that have none; their keys."""
    with Store.open(next((desk.folder / "sample-run").glob("*.db"))) as store:
        found = [one.notice.key for one in store.notices.newest(500) if not one.codes("sector")][:count]
    for key in found:
        done = desk.typed("notices", "tag", key, "--add", f"sector:{sector}", "--sample")
        assert done.code == 0, done.err
    return found


def test_without_a_correction_it_says_so_and_makes_nothing(desk: Desk) -> None:
    done = desk.typed("tag", "--retrain", "--yes", "--sample", "--lang", "en")
    assert done.code == 0
    assert (
        done.out == "Nobody has had a word on the sectors of a notice yet: there is nothing to learn from.\n"
    )
    assert not own_model(desk).exists()


def test_it_shows_the_change_and_a_no_changes_nothing(desk: Desk) -> None:
    assert correct(desk, "toys-household", 3)
    done = desk.typed("tag", "--retrain", "--sample", "--lang", "en", given="n\n")
    assert done.code == 0
    assert done.out.startswith("learned from 3 corrected notices\n")
    assert done.out.endswith("Nothing was changed.\n")
    assert "Use it from now on?" in done.err
    assert not own_model(desk).exists()


def test_a_question_that_nobody_answers_stops_it(desk: Desk) -> None:
    assert correct(desk, "toys-household", 1)
    done = desk.typed("tag", "--retrain", "--sample")
    assert done.code == 130
    assert not own_model(desk).exists()


def test_a_yes_keeps_the_model_of_the_office_alone(desk: Desk, repository: Path) -> None:
    shipped = (repository / "tbt_watch/tag/predicted" / NAME).read_bytes()
    assert correct(desk, "toys-household", 2)
    before = desk.tree("sample-run")
    done = desk.typed("tag", "--retrain", "--yes", "--sample", "--lang", "en")
    assert done.code == 0
    assert done.err == ""
    assert done.out.splitlines()[-1].startswith("The office's own model is in ")
    after = desk.tree("sample-run")
    made = {name for name in after.keys() - before.keys() if not name.endswith(("-wal", "-shm"))}
    assert made == {f"{OWN_MODEL}/{NAME}", f"{OWN_MODEL}/{NAME}.sha256"}
    assert (repository / "tbt_watch/tag/predicted" / NAME).read_bytes() == shipped
    first = own_model(desk).read_bytes()
    assert desk.typed("tag", "--retrain", "--yes", "--sample").code == 0
    assert own_model(desk).read_bytes() == first  # the same decisions, the same model


def test_json_tells_the_change_and_asks_nobody(desk: Desk) -> None:
    assert correct(desk, "toys-household", 2)
    done = desk.typed("tag", "--retrain", "--json", "--sample")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["corrected"] == 2
    assert told["kept"] is False
    assert all(set(row) == {"sector", "gained", "lost"} for row in told["changes"])
    assert not own_model(desk).exists()


def test_yes_alone_makes_no_sense(desk: Desk) -> None:
    done = desk.typed("tag", "--yes", "--sample")
    assert done.code == 2
    assert "--retrain" in done.sentence
