"""A person's word on tags: it stands over codes and words, also when the notice is tagged again."""

from pathlib import Path

import pytest
from desk import Desk, sampled

from tbt_watch.domain.impact import Miss
from tbt_watch.sample import SAMPLE_DAY as DAY
from tbt_watch.store import Store
from tbt_watch.tag.retrain import corrections, doubts


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An office with the sample on its desk."""
    return sampled(tmp_path_factory)


def store_of(desk: Desk) -> Path:
    return next((desk.folder / "sample-run").glob("*.db"))


def sectors(desk: Desk, key: str) -> dict[str, str]:
    """Sector → basis of a notice's tags."""
    (found,) = desk.typed("notices", "show", key, "--json", "--sample").records
    return {tag["code"]: tag["basis"] for tag in found["tags"] if tag["kind"] == "sector"}


def ruled(desk: Desk) -> str:
    """The key of a notice with exactly one sector, by a rule or a code."""
    with Store.open(store_of(desk)) as store:
        return next(one.notice.key for one in store.notices.newest(500) if len(one.codes("sector")) == 1)


def tag_again(desk: Desk, key: str) -> None:
    with Store.open(store_of(desk)) as store:
        store.notices.put_back([store.notices.get(key)[0].id], "TRANSLATED")
    assert desk.typed("tag", "--sample").code == 0


def test_what_a_person_adds_and_takes_away_stands_when_it_is_tagged_again(desk: Desk) -> None:
    key = ruled(desk)
    (before,) = sectors(desk, key)
    added = "seafood" if before != "seafood" else "metals"
    done = desk.typed(
        "notices", "tag", key, "--add", f"sector:{added}", "--remove", f"sector:{before}", "--sample"
    )
    assert done.code == 0, done.err
    assert f"{key}: sector:{added} (staff)\n" in done.out
    assert sectors(desk, key) == {added: "staff"}
    tag_again(desk, key)
    assert sectors(desk, key) == {added: "staff"}


def test_what_was_said_can_be_taken_back(desk: Desk) -> None:
    key = ruled(desk)
    known = sectors(desk, key)
    (before,) = known
    desk.typed("notices", "tag", key, "--remove", f"sector:{before}", "--sample")
    assert sectors(desk, key) == {}
    assert desk.typed("notices", "tag", key, "--undo", f"sector:{before}", "--sample").code == 0
    assert desk.typed("tag", "--sample").code == 0
    assert sectors(desk, key) == known
    again = desk.typed("notices", "tag", key, "--undo", f"sector:{before}", "--sample", "--lang", "en")
    assert (again.code, again.sentence) == (
        2,
        f"Nobody said anything of sector:{before} on {key}: nothing to take back.",
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("sector:seafod", "There is no sector 'seafod'; did you mean 'seafood'?"),
        ("topic:xyzzy", "There is no topic 'xyzzy'; tbt-watch vocabulary export shows them."),
        ("seafood", "'seafood' is no tag: write sector:CODE, topic:CODE or market:CODE."),
        ("market:Atlantis", "'market:Atlantis' is no tag: write sector:CODE, topic:CODE or market:CODE."),
    ],
)
def test_a_tag_that_does_not_exist_is_named(desk: Desk, typed: str, sentence: str) -> None:
    done = desk.typed("notices", "tag", ruled(desk), "--add", typed, "--sample", "--lang", "en")
    assert (done.code, done.sentence) == (2, sentence)


def test_one_tag_is_not_added_and_taken_away_at_once(desk: Desk) -> None:
    both = ("--add", "sector:seafood", "--remove", "sector:seafood")
    done = desk.typed("notices", "tag", ruled(desk), *both, "--sample", "--lang", "en")
    sentence = "A tag is named twice: say of each once whether it holds, does not, or is undone."
    assert (done.code, done.sentence) == (2, sentence)


def test_a_decision_says_who_said_what(desk: Desk) -> None:
    key = ruled(desk)
    desk.typed("notices", "tag", key, "--add", "market:Hàn Quốc", "--why", "nêu trong phụ lục", "--sample")
    with Store.open(store_of(desk)) as store:
        (item,) = store.notices.get(key)
        (said,) = store.tags.rulings()[item.id]
        assert (said.kind, said.code, said.holds) == ("market", "KOR", True)
        assert item.amended[-1].field == "market"
        assert item.amended[-1].after == "KOR"
        assert item.decision is not None
        assert item.decision.state == "accepted"  # it goes on being published


def test_a_sector_that_was_taken_away_is_an_example_that_it_is_wrong(desk: Desk) -> None:
    key = ruled(desk)
    (before,) = sectors(desk, key)
    desk.typed("notices", "tag", key, "--remove", f"sector:{before}", "--sample")
    with Store.open(store_of(desk)) as store:
        (learned,) = corrections(store.notices.every(), store.tags.rulings(), {})
        assert (learned.notice.key, learned.right, learned.unsaid) == (key, frozenset(), frozenset())


def test_one_reader_who_has_no_use_for_it_may_err_two_make_a_doubt() -> None:
    one = Miss(notice_id=1, reason="sector:metals", why="product")
    assert doubts([one]) == {}
    assert doubts([one, Miss(notice_id=1, reason="sector:metals")]) == {1: {"metals"}}
    other = Miss(notice_id=1, reason="sector:metals", why="market")
    assert doubts([one, other]) == {}
    assert doubts([Miss(notice_id=1, reason="general"), Miss(notice_id=1, reason="general")]) == {}


def test_a_doubted_sector_is_an_example_only_where_no_member_stated_it(desk: Desk) -> None:
    with Store.open(store_of(desk)) as store:
        items = [one for one in store.notices.every() if len(one.codes("sector")) == 1]
        by_basis = {tag.basis: (one, tag) for one in items for tag in one.tags if tag.kind == "sector"}
        stated, stated_tag = by_basis["stated"]
        rule, rule_tag = by_basis["rule"]
        told = {stated.id: {stated_tag.code}, rule.id: {rule_tag.code}}
        found = {one.notice.key: one for one in corrections([stated, rule], {}, told)}
    assert found[stated.notice.key].right == {stated_tag.code}
    assert found[rule.notice.key].right == frozenset()
    assert found[rule.notice.key].unsaid == frozenset()


def test_what_a_person_added_is_told_to_who_follows_it(desk: Desk) -> None:
    """The audience had nothing of it before: it is news to them, in the next edition."""
    with Store.open(store_of(desk)) as store:
        (garments,) = (one for one in store.subscribers.all() if one.address == "sample-garments")
        told = store.editions.told_all([garments.audience])[garments.audience]
        fresh = [one for one in store.notices.newest(500) if one.state == "ACCEPTED" and one.age == "FRESH"]
        key = next(
            one.notice.key
            for one in fresh
            if (one.notice.key, 1) not in told and one.notice.is_open(DAY) and "USA" in one.notice.members
        )
    assert desk.typed("notices", "tag", key, "--add", "sector:textiles-garments", "--sample").code == 0
    assert desk.typed("digest", "--sample").code in (0, 1)
    with Store.open(store_of(desk)) as store:
        assert (key, 1) in store.editions.told_all([garments.audience])[garments.audience]
