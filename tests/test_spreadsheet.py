"""Tables as spreadsheets save them: any of their habits, and no row lost to another row's fault."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbt_watch.domain.spreadsheet import rows_of
from tbt_watch.language import Language

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4).filter(any), min_size=1, max_size=6)
HEAD = ["one", "two"]


@given(TABLES, st.sampled_from(",;\t"), st.booleans())
def test_what_a_spreadsheet_writes_is_read_as_it_was(
    table: list[list[str]], sign: str, says_its_sign: bool
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([HEAD, *table])
    text = out.getvalue()
    rows = list(rows_of(f"sep={sign}\r\n{text}" if says_its_sign else text))
    assert [row.cells for row in rows] == [HEAD, *table]
    assert not any(row.fault for row in rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_mark_that_nobody_closed_costs_its_own_row(end: str) -> None:
    lines = ["a,b", '"open,1', "2,3", '"4, 5",6', *["7,8"] * 40]
    rows = list(rows_of(end.join(lines)))
    assert [(row.line, str(row.fault)) for row in rows if row.fault] == [
        (2, "a quotation mark is opened and not closed before line 4; double it or close it")
    ]
    assert [row.cells for row in rows if not row.fault] == [
        ["a", "b"], ["2", "3"], ["4, 5", "6"], *[["7", "8"]] * 40,
    ]  # fmt: skip


def test_where_nobody_quotes_a_mark_is_text() -> None:
    rows = list(rows_of('a\tb\n"open\t1\n"large" toys\t2\n"in\ntwo"\t3\n'))
    assert [row.cells for row in rows] == [
        ["a", "b"], ['"open', "1"], ['"large" toys', "2"], ["in\ntwo", "3"],
    ]  # fmt: skip


def test_every_remark_is_in_the_catalogs(language: Language) -> None:
    (fault,) = [row.fault for row in rows_of(f"a,b\n{'x' * 200_000},c\n") if row.fault]
    for lang in ("vi", "en"):
        assert language.say(fault.message, lang, **dict(fault.values))
