"""What a subscription would have brought: the numbers of a preview are those of the editions."""

import pytest
from desk import Desk, sampled

SAMPLE = ("--sample", "--lang", "en")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return sampled(tmp_path_factory)


def test_a_preview_counts_what_matches_and_shows_the_newest(desk: Desk) -> None:
    done = desk.typed(
        "subscribers", "preview", "--sectors", "fresh-produce", "--markets", "NZL", "--json", *SAMPLE
    )
    assert (done.code, done.err) == (0, "")
    (seen,) = done.records
    assert (seen["count"], seen["days"]) == (1, 90)
    (sample,) = seen["samples"]
    assert (sample["key"], sample["reason"]) == ("G/SPS/N/NZL/784", "sector:fresh-produce")


def test_wider_filters_bring_more_and_only_three_are_shown(desk: Desk) -> None:
    few, all_ = (
        desk.typed("subscribers", "preview", *more, "--json", *SAMPLE).records[0]
        for more in (("--areas", "SPS"), ())
    )
    assert 0 < few["count"] < all_["count"]
    assert len(all_["samples"]) == 3


def test_a_preview_reads_as_a_sentence(desk: Desk) -> None:
    done = desk.typed("subscribers", "preview", "--markets", "NZL", "--sectors", "fresh-produce", *SAMPLE)
    assert done.out.splitlines()[0] == "1 notice in 90 days"


def test_a_code_that_does_not_exist_is_refused(desk: Desk) -> None:
    done = desk.typed("subscribers", "preview", "--sectors", "fruit", *SAMPLE)
    assert done.code == 2
    assert "'fruit'" in done.err


@pytest.mark.parametrize("days", ["0", "-5", "1000000000"])
def test_days_that_are_none_are_refused(desk: Desk, days: str) -> None:
    done = desk.typed("subscribers", "preview", "--days", days, *SAMPLE)
    assert done.code == 2
    assert "'--days'" in done.sentence
