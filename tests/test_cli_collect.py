"""``tbt-watch collect`` on the sample: a single source is asked of the stand-in, never of the live site."""

import pytest
from desk import sampled


@pytest.mark.slow
def test_one_source_of_the_sample_is_read_from_the_stand_in(tmp_path_factory: pytest.TempPathFactory) -> None:
    desk = sampled(tmp_path_factory)
    done = desk.typed("collect", "eping_web", "--sample", "--json")
    assert done.code == 0, done.err
    (report,) = done.records[0]
    assert report["counts"] == {"sources": 1, "new": 0, "changed": 0, "same": 55}
    assert report["issues_opened"] == 0
