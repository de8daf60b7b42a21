"""``tbt-watch sources new``: in a copy of the checkout, from a page to a spider and a test that is red until read."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import workbooks
from pytest_httpserver import HTTPServer

pytestmark = pytest.mark.slow

PAGE = """<!DOCTYPE html><html><head><title>Văn bản mới "TCVN"</title></head><body><main>
<a href="/van-ban/1.html">Thông tư 12/2024/TT-BKHCN</a> <a href="/van-ban/2.html#x">Quyết định</a> <a href="#"></a>
</main></body></html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin mới</title>
<item><title>Một tin</title><link>https://a.example/1</link></item></channel></rss>"""
PAGED = {"rows": [{"id": 7, "name": "A"}, {"id": 8, "name": "B"}], "totalRows": 2}
NESTED = {"success": True, "data": {"documents": [{"code": "x-1", "title": "A"}]}}
LISTED = [{"uuid": "u1", "title": "A"}, {"uuid": "u2", "title": "B"}]


class Copy:
    """A copy of the checkout, as a developer has it."""

    def __init__(self, repository: Path, root: Path) -> None:
        self.root = root
        ignored = shutil.ignore_patterns("__pycache__", "page*.xlsx.*")
        for room in ("tbt_watch", "spiders", "translations"):
            shutil.copytree(repository / room, root / room, ignore=ignored)
        (root / "tests" / "spiders").mkdir(parents=True)
        for name in ("tests/test_spiders.py", "tests/conftest.py", "pyproject.toml"):
            shutil.copy2(repository / name, root / name)

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(self.root),
                "PYTHONUTF8": "1",
                "HOME": str(self.root),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def typed(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.run("-c", "from tbt_watch.cli import main; main()", *words, "--lang", "en")

    def new(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.typed("sources", "new", *words)

    def tested(self) -> str:
        done = self.run(
            "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_spiders.py", "-k", "saved_page_gives"
        )
        return done.stdout

    def expectation(self, name: str) -> Path:
        return self.root / "tests" / "spiders" / name / "expected.json"

    def say_read(self, name: str) -> dict[str, list[dict[str, object]]]:
        """What a person does who has read it."""
        path = self.expectation(name)
        text = path.read_text()
        path.write_text(re.sub(r'^ "unread": .*\n', "", text, flags=re.MULTILINE))
        expected: dict[str, list[dict[str, object]]] = json.loads(path.read_text())
        return expected


@pytest.fixture(scope="module")
def copy(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(repository, tmp_path_factory.mktemp("checkout"))


def test_from_an_address_to_a_red_test_to_a_green_one(copy: Copy, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    httpserver.expect_request("/van-ban").respond_with_data(PAGE, content_type="text/html; charset=utf-8")
    made = copy.new("so_cong_thuong", httpserver.url_for("/van-ban"))
    assert made.returncode == 0, made.stderr
    assert made.stdout.split() == ["spiders/so_cong_thuong.py", "tests/spiders/so_cong_thuong/page.html"]
    assert "1. Fill in what is empty in spiders/so_cong_thuong.py" in made.stderr
    (robots, page) = httpserver.log
    assert robots[0].path == "/robots.txt"
    assert page[0].headers["User-Agent"].startswith("tbt-watch/")

    assert "1 failed" in copy.tested()
    assert "1 failed" in copy.tested(), "it turned green although nobody had read it"
    expected = copy.say_read("so_cong_thuong")
    assert [item["body"] for item in expected["items"]] == [
        {"title": "Thông tư 12/2024/TT-BKHCN"},
        {"title": "Quyết định"},
    ]
    assert "1 passed" in copy.tested()
    checked = copy.typed("sources", "check")
    assert checked.returncode == 1
    assert "so_cong_thuong: publisher" in checked.stdout


def test_every_kind_of_page_has_its_base(copy: Copy, tmp_path: Path) -> None:
    pages = {
        "one_feed": (FEED.encode(), "FeedSource", ["https://a.example/1"]),
        "one_paged": (json.dumps(PAGED).encode(), "JsonPagedSource", ["7", "8"]),
        "one_nested": (json.dumps(NESTED).encode(), "read_json(", ["x-1"]),
        "one_list": (json.dumps(LISTED).encode(), "read_json_list(", ["u1", "u2"]),
        "one_workbook": (
            workbooks.simple(2),
            "WorkbookSource",
            ["G/TBT/N/KEN/1|Kenya", "G/TBT/N/KEN/2|Kenya"],
        ),
    }
    for name, (body, base, _) in pages.items():
        path = workbooks.written(tmp_path / name, body)
        made = copy.new(name, "https://site.example/list?lang=vi&page=1", "--file", str(path))
        assert made.returncode == 0, made.stderr
        assert base in (copy.root / "spiders" / f"{name}.py").read_text()
    assert f"{len(pages)} failed" in copy.tested()
    for name, (_, _, keys) in pages.items():
        assert [item["key"] for item in copy.say_read(name)["items"]] == keys
    assert "failed" not in copy.tested()
    spiders = [str(copy.root / "spiders" / f"{name}.py") for name in pages]
    linted = copy.run("-m", "ruff", "check", "--no-cache", *spiders)
    assert linted.returncode == 0, linted.stdout
    formed = copy.run("-m", "ruff", "format", "--no-cache", "--check", *spiders)
    assert formed.returncode == 0, formed.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("congbao", "https://a.example/"), "There is a source congbao already"),
        (("Công báo", "https://a.example/"), "no name for a source"),
        (("class", "https://a.example/"), "no name for a source"),
        (("fine", "a.example"), "no address"),
        (("fine", "https://a.example/", "--file", "missing.html"), "could not be opened"),
    ],
)
def test_what_cannot_be_made_is_refused(copy: Copy, words: tuple[str, ...], says: str) -> None:
    before = sorted(copy.root.rglob("fine*"))
    done = copy.new(*words)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(copy.root.rglob("fine*")) == before


def test_robots_are_obeyed_here_too(copy: Copy, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /\n")
    done = copy.new("closed", httpserver.url_for("/list"))
    assert done.returncode == 1
    assert "closed to robots" in done.stderr
    assert not (copy.root / "spiders" / "closed.py").exists()
    assert [asked.path for asked, _ in httpserver.log] == ["/robots.txt"]


def test_an_installed_copy_says_where_to_go(copy: Copy, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    for room in ("tbt_watch", "spiders", "translations"):
        shutil.copytree(copy.root / room, installed / room)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tbt_watch.cli import main; main()",
            "sources",
            "new",
            "fine",
            "https://a.example/",
            "--lang",
            "en",
        ],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(installed), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "this is an installed copy" in done.stderr
