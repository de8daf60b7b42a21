"""``tbt-watch text …``: one line in, one JSON line out, with no database and no configuration."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

MODEL = "translate-en_vi-0_1.argosmodel"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    """A folder with nothing in it, and nothing in it afterwards."""
    desk = Desk(tmp_path, config=None)
    yield desk
    assert list(tmp_path.iterdir()) == []


def answers(desk: Desk, verb: str, *lines: str) -> list[dict[str, Any]]:
    """What a verb answers to lines that are all in order."""
    done = desk.typed("text", verb, given="".join(f"{line}\n" for line in lines))
    assert (done.code, done.err) == (0, "")
    assert len(done.records) == len(lines)
    return done.records


def test_symbols(bare: Desk) -> None:
    joint, deep, old, empty = answers(
        bare, "symbol", " G/TBT/N/ARE/703, g/tbt/n/bhr/780", "G/TBT/N/USA/138/Rev.1/Add.2", "G/TBT/Notif.99.12", ""
    )  # fmt: skip
    assert [one["symbol"] for one in joint["symbols"]] == ["G/TBT/N/ARE/703", "G/TBT/N/BHR/780"]
    assert deep["symbols"] == [
        {
            "symbol": "G/TBT/N/USA/138/Rev.1/Add.2",
            "area": "TBT",
            "member": "USA",
            "number": 138,
            "suffix": [["Rev", 1], ["Add", 2]],
            "base": "G/TBT/N/USA/138",
            "follows": "G/TBT/N/USA/138/Rev.1",
        }
    ]
    assert old["symbols"][0]["member"] is None
    assert empty == {"symbols": [], "errors": []}


def test_a_line_that_is_no_symbol(bare: Desk) -> None:
    done = bare.typed("text", "symbol", given="nonsense\r\nG/TBT/N/USA/1\r\n")
    assert done.code == 1
    wrong, right = done.records
    assert wrong == {"symbols": [], "errors": ["no symbol: nonsense"]}
    assert right["errors"] == []


def test_numbers(bare: Desk) -> None:
    circular, technical = answers(bare, "number", "TT 12/2024/TT-BKHCN", "QCVN 4:2009/BKHCN")
    assert circular == {
        "number": "12/2024/TT-BKHCN",
        "type": "TT",
        "year": 2024,
        "issuers": ["BKHCN"],
        "family": None,
        "errors": [],
    }
    assert technical["family"] == "QCVN"
    done = bare.typed("text", "number", "no number")
    assert done.code == 1
    assert done.records[0]["number"] is None
    assert "12/2024/TT-BKHCN" in done.records[0]["errors"][0], "it says how one is written"


def test_tags(bare: Desk) -> None:
    record = {"id": 7, "title": "Maximum residue limits", "products": "Pomelos", "hs_codes": ["0805"]}
    full, plain = answers(bare, "tag", json.dumps(record), "Labelling of prepackaged food")
    assert full["id"] == 7
    assert {"code": "fresh-produce", "basis": "stated", "reason": "hs:0805", "confidence": 1.0} in full[
        "sectors"
    ]
    assert [one["code"] for one in full["topics"]] == ["residues"]
    assert (plain["id"], "labelling" in [one["code"] for one in plain["topics"]]) == (None, True)


def test_checks(bare: Desk) -> None:
    good = {"id": "a", "source": "At most 5 mg/kg", "target": "Tối đa 5 mg/kg", "from": "en"}
    bad = {**good, "id": "b", "target": "Tối đa 6 mg/kg"}
    first, second = answers(bare, "check", json.dumps(good), json.dumps(bad))
    assert first == {"id": "a", "checks": [], "ok": True}
    assert (second["id"], second["ok"]) == ("b", False)
    assert [set(one) for one in second["checks"]] == [{"name", "detail"}]


BAD = [
    ("tag", "{bad", None, "line 1 column 2"),
    ("tag", '{"id": 3, "hs_codes": "0805"}', 3, "hs_codes must be a list of texts"),
    ("tag", '{"id": 3, "hs_codes": [805]}', 3, "hs_codes must be a list of texts"),
    ("tag", '{"id": 3, "title": 5}', 3, "title must be a text"),
    ("tag", '{"id": 3, "language": "de"}', 3, "'de'"),
    ("tag", '{"a":' + "[" * 100_000, None, "nested too deeply"),
    ("check", "plain text", None, "target must be a text"),
    ("check", '{"id": "x", "source": "a"}', "x", "target must be a text"),
    ("check", '{"id": "x", "source": "a", "target": "b", "from": "xx"}', "x", "'xx'"),
    ("translate", '{"id": 1}', 1, "text must be a text"),
    ("translate", '{"id": 1, "text": "a", "from": "xx"}', 1, "'xx'"),
]


@pytest.mark.parametrize(("verb", "line", "name", "what"), BAD, ids=lambda case: str(case)[:30])
def test_a_bad_line_is_answered_and_the_others_too(
    bare: Desk, verb: str, line: str, name: object, what: str
) -> None:
    good = '{"id": "good", "source": "a", "target": "b", "title": "t", "text": ""}'
    done = bare.typed("text", verb, given=f"{line}\n{good}\n")
    bad, fine = done.records
    assert what in bad["errors"][0]
    assert bad["id"] == name
    assert fine["id"] == "good"
    assert "errors" not in fine
    assert done.code == 1


def test_without_a_model_nothing_is_translated(bare: Desk) -> None:
    done = bare.typed(
        "text", "translate", "--from", "fr", given='Bonjour\n{"id": 2, "text": "We say so.", "from": "en"}\n'
    )
    assert done.code == 3
    assert done.records == [
        {"id": None, "text": "Bonjour", "origin": None, "engine": None, "checks": ["no-model"], "ok": False},
        {"id": 2, "text": "We say so.", "origin": None, "engine": None, "checks": ["no-model"], "ok": False},
    ]
    assert "tbt-watch models install en-vi" in done.err
    assert "tbt-watch models install fr-en" in done.err


@pytest.fixture(scope="module")
def equipped(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Desk:
    """A folder in which the tiny model was installed."""
    desk = Desk(tmp_path_factory.mktemp("equipped"), config=None)
    done = desk.typed("models", "install", repository / "tests" / "models" / MODEL)
    assert done.code == 0
    assert done.out.startswith("en-vi 0.1  ")
    assert (desk.folder / "data" / "models").is_dir()
    return desk


def test_with_a_model(equipped: Desk) -> None:
    record = {"id": "a", "text": "The measure does not apply to textiles."}
    done = equipped.typed("text", "translate", given=json.dumps(record) + "\n\n")
    assert (done.code, done.err) == (0, "")
    made, blank = done.records
    assert made["text"] == "Biện pháp này không áp dụng đối với sản phẩm dệt."
    assert (made["id"], made["origin"], made["checks"], made["ok"]) == ("a", "machine", [], True)
    assert "en" in made["engine"]
    assert (blank["text"], blank["ok"]) == ("", True)


def test_models(equipped: Desk, repository: Path) -> None:
    (listed,) = equipped.typed("models", "list", "--json").records
    assert set(listed) == {
        "pair", "version", "origin", "licence", "attribution", "sha256", "model_sha256", "bytes",
    }  # fmt: skip
    assert listed["sha256"] in (repository / "tests" / "models" / "SHA256").read_text(encoding="ascii")
    assert "en-vi" in equipped.typed("models", "list", "--lang", "en").out
    model = repository / "tests" / "models" / "translate-fr_en-0_1.argosmodel"
    wrong = equipped.typed("models", "install", model, "--sha256", "0" * 64)
    assert (wrong.code, "0" * 12 in wrong.err) == (3, True)
    assert len(equipped.typed("models", "list", "--json").records) == 1
    assert equipped.typed("models", "install", model).code == 0
    assert equipped.typed("models", "remove", "fr-en").code == 0
    (broken,) = [equipped.folder / "broken.argosmodel"]
    broken.write_bytes(b"no package")
    refused = equipped.typed("models", "install", broken)
    assert refused.code == 3
    assert "broken.argosmodel" in refused.err
    assert len(equipped.typed("models", "list", "--json").records) == 1
