"""Packages are installed whole or not at all; a download goes on where it was cut."""

import hashlib
import io
import json
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tbt_watch.errors import ModelError, NotFoundError, TbtWatchError, UnreachableError, UsageError
from tbt_watch.translate.engines import archive, catalog, fetch, lean, models
from tbt_watch.translate.engines.argos import ArgosEngine
from tbt_watch.translate.engines.models import install_model, list_models, remove_model
from tbt_watch.translate.engines.packages import broken, installed

PACKAGES = Path(__file__).parent / "models"
EN_VI = PACKAGES / "translate-en_vi-0_1.argosmodel"
FR_EN = PACKAGES / "translate-fr_en-0_1.argosmodel"
BODY = EN_VI.read_bytes()
SHA256 = hashlib.sha256(BODY).hexdigest()
ROOT = "translate-en_vi-0_1"


# ── A small server that can be asked for a range, and hangs up ─────────────────────────────────────────


class Shop(ThreadingHTTPServer):
    """Serves BODY under every path that ends in .argosmodel; ``cuts`` says after how many bytes to hang up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.body = BODY
        self.cuts: list[int] = []
        self.asked: list[tuple[str, str | None]] = []
        self.ranges = True

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Counter(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path, wanted))
        if not self.path.endswith(".argosmodel"):
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and self.server.ranges else 0
        rest = self.server.body[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: self.server.cuts.pop(0)] if self.server.cuts else rest)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def pinned(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> catalog.CatalogEntry:
    """The real entry for en-vi, but with the test package at the local server."""
    entry = replace(
        catalog.catalog()["en-vi"],
        address=f"{shop.address}/v1/{EN_VI.name}",
        mirror=f"{shop.address}/mirror/{EN_VI.name}",
        bytes=len(BODY),
        sha256=SHA256,
    )
    monkeypatch.setattr(models, "catalog", lambda: {"en-vi": entry})
    monkeypatch.setattr(models, "known_file", lambda sha256: entry if sha256 == SHA256 else None)
    return entry


# ── What goes well ─────────────────────────────────────────────────────────────────────────────────────


def test_the_packages_are_the_ones_that_were_made() -> None:
    for line in (PACKAGES / "SHA256").read_text().splitlines():
        expected, name = line.split("  ")
        assert hashlib.sha256((PACKAGES / name).read_bytes()).hexdigest() == expected


def test_from_a_file(tmp_path: Path) -> None:
    model = install_model(tmp_path, str(EN_VI), sha256=SHA256.upper())
    assert (model.pair, model.version, model.origin, model.sha256) == ("en-vi", "0.1", EN_VI.name, SHA256)
    # Not in the catalog: what the package says of itself is told as such.
    assert model.licence == "MIT, like the project it belongs to (as the package says)"
    assert model.attribution == ""
    assert model.bytes > len(BODY) / 2
    assert list_models(tmp_path) == [model]
    assert EN_VI.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) in (["argos", "packages"], ["packages"])


def test_again_is_the_same(tmp_path: Path) -> None:
    assert install_model(tmp_path, str(EN_VI)) == install_model(tmp_path, str(EN_VI))
    assert len(list((tmp_path / "packages").iterdir())) == 1


def test_a_newer_package_takes_the_place_of_the_older(tmp_path: Path) -> None:
    install_model(tmp_path, str(EN_VI))
    engine = ArgosEngine(tmp_path)
    assert "0.1" in (engine.describe("en", "vi") or "")
    install_model(
        tmp_path, str(repacked(tmp_path / "new.argosmodel", root="translate-en_vi-0_2", version="0.2"))
    )
    assert "0.2" in (engine.describe("en", "vi") or "")
    assert [path.name for path in (tmp_path / "packages").iterdir()] == ["translate-en_vi-0_2"]
    assert engine.translate(["The aim is to save energy."], "en", "vi") == [
        "Mục đích là tiết kiệm năng lượng."
    ]


def test_from_the_catalog(tmp_path: Path, pinned: catalog.CatalogEntry) -> None:
    seen: list[tuple[int, int | None]] = []
    model = install_model(tmp_path, "en-vi", progress=lambda have, total: seen.append((have, total)))
    assert (model.licence, model.origin) == ("CC BY 4.0", pinned.address)
    assert model.attribution.startswith("OPUS-MT (Tiedemann and Thottingal, 2020)")
    assert seen[-1] == (len(BODY), len(BODY))
    assert not list((tmp_path / "downloads").iterdir())


def test_from_an_address(tmp_path: Path, shop: Shop) -> None:
    assert install_model(tmp_path, f"{shop.address}/{EN_VI.name}").sha256 == SHA256


def test_a_cut_download_goes_on_where_it_stopped(
    tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry
) -> None:
    shop.cuts = [100_000, 50_000]
    install_model(tmp_path, "en-vi", pause=0)
    assert [wanted for _, wanted in shop.asked] == [None, "bytes=100000-", "bytes=150000-"]


def test_the_next_run_goes_on_where_the_last_gave_up(
    tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry
) -> None:
    shop.cuts = [1000] * 20
    with pytest.raises(UnreachableError, match=r"bytes are kept, so run the same command again to go on\."):
        install_model(tmp_path, "en-vi", pause=0)
    (part,) = (tmp_path / "downloads").iterdir()
    assert part.stat().st_size == 1000 * len(shop.asked)
    shop.cuts, before = [], len(shop.asked)
    install_model(tmp_path, "en-vi", pause=0)
    assert shop.asked[before:] == [(f"/v1/{EN_VI.name}", f"bytes={1000 * before}-")]


def test_a_server_without_ranges_begins_anew(
    tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry
) -> None:
    shop.ranges, shop.cuts = False, [100_000]
    assert install_model(tmp_path, "en-vi", pause=0).sha256 == SHA256


def test_the_offices_mirror_is_asked_first(tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry) -> None:
    install_model(tmp_path, "en-vi", mirror=f"{shop.address}/office/")
    assert [path for path, _ in shop.asked] == [f"/office/{EN_VI.name}"]


def test_the_next_address_when_one_has_nothing(
    tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(pinned, address=f"{shop.address}/gone")
    monkeypatch.setattr(models, "catalog", lambda: {"en-vi": gone})
    install_model(tmp_path, "en-vi", pause=0)
    assert [path for path, _ in shop.asked] == ["/gone", f"/mirror/{EN_VI.name}"]


def test_remove(tmp_path: Path) -> None:
    install_model(tmp_path, str(EN_VI))
    install_model(tmp_path, str(FR_EN))
    (gone,) = remove_model(tmp_path, "en-vi")
    assert not gone.exists()
    assert [model.pair for model in list_models(tmp_path)] == ["fr-en"]
    with pytest.raises(NotFoundError, match=r"No model 'en-vi' is installed; installed are: fr-en\."):
        remove_model(tmp_path, "en-vi")


def test_half_a_package_can_be_removed(tmp_path: Path) -> None:
    half = tmp_path / "packages" / "translate-en_vi-1_9"
    half.mkdir(parents=True)
    assert remove_model(tmp_path, "en-vi") == (half,)


def test_the_catalog_is_what_it_says() -> None:
    for pair, entry in catalog.catalog().items():
        source, target = pair.split("-")
        assert f"translate-{source}_{target}-{entry.version.replace('.', '_')}.argosmodel" in entry.address
        assert entry.mirror.rsplit("/", 1)[-1] == entry.address.rsplit("/", 1)[-1]
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert 50_000_000 < entry.bytes < 100_000_000
        assert entry.licence
        assert entry.attribution


# ── What is refused ────────────────────────────────────────────────────────────────────────────────────


def files(**changed: bytes | None) -> dict[str, bytes]:
    """The files of the test package by name, with ``metadata_json=...`` replaced or, when None, left out."""
    with zipfile.ZipFile(EN_VI) as package:
        found = {name: package.read(name) for name in package.namelist()}
    for key, body in changed.items():
        (name,) = (name for name in found if name.replace("/", "_").replace(".", "_").endswith(key))
        if body is None:
            del found[name]
        else:
            found[name] = body
    return found


def zipped(to: Path, content: dict[str, bytes], *, mode: int = 0) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in content.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            package.writestr(entry, body)
    return to


def metadata(**changes: object) -> bytes:
    return json.dumps({"from_code": "en", "to_code": "vi", "package_version": "0.1"} | changes).encode()


def repacked(to: Path, *, root: str, version: str) -> Path:
    content = files(metadata_json=metadata(package_version=version))
    return zipped(to, {name.replace(ROOT, root): body for name, body in content.items()})


def truncated(name: str) -> dict[str, bytes]:
    content = files()
    content[f"{ROOT}/{name}"] = content[f"{ROOT}/{name}"][:1000]
    return content


def encrypted() -> bytes:
    body = bytearray(zip_bytes(files()))
    for at in range(len(body) - 10):
        if body[at : at + 4] == b"PK\x03\x04":
            body[at + 6] |= 1
        elif body[at : at + 4] == b"PK\x01\x02":
            body[at + 8] |= 1
    return bytes(body)


def lying() -> bytes:
    """A bomb whose list of contents says that it is small."""
    body = bytearray(zip_bytes(files() | {f"{ROOT}/zeros": bytes(60_000_000)}, zipfile.ZIP_DEFLATED))
    entry = body.rindex(b"PK\x01\x02")
    assert body[entry + 46 :].startswith(f"{ROOT}/zeros".encode())
    body[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(body)


def zip_bytes(content: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as package:
        for name, body in content.items():
            package.writestr(name, body)
    return buffer.getvalue()


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda to: to.write_text("<html>404</html>"), "is not a whole package file"),
    "empty": (lambda to: to.write_bytes(b""), "is not a whole package file"),
    "cut": (lambda to: to.write_bytes(BODY[:100_000]), "is not a whole package file"),
    "a byte turned": (
        lambda to: to.write_bytes(BODY[:60_000] + bytes([BODY[60_000] ^ 1]) + BODY[60_001:]),
        "is not a whole package file",
    ),
    "encrypted": (lambda to: to.write_bytes(encrypted()), "is encrypted"),
    "upwards": (lambda to: zipped(to, files() | {"../evil.txt": b"x"}), "would write outside its folder"),
    "deep upwards": (
        lambda to: zipped(to, files() | {f"{ROOT}/a/../../../evil.txt": b"x"}),
        "would write outside its folder",
    ),
    "absolute": (lambda to: zipped(to, files() | {"/evil.txt": b"x"}), "would write outside its folder"),
    "backslash": (lambda to: zipped(to, files() | {"..\\evil.txt": b"x"}), "would write outside its folder"),
    "a link": (lambda to: zipped(to, files(), mode=stat.S_IFLNK | 0o777), "holds a link"),
    "a bomb": (lambda to: zipped(to, files() | {f"{ROOT}/zeros": bytes(60_000_000)}), "would unpack to"),
    "a bomb that says it is small": (lambda to: to.write_bytes(lying()), "is not a whole package file"),
    "two folders": (lambda to: zipped(to, files() | {"other/x": b"x"}), "2 folders at its root"),
    "no folder": (
        lambda to: zipped(to, {name.removeprefix(f"{ROOT}/"): body for name, body in files().items()}),
        "folders at its root",
    ),
    "a hidden folder": (
        lambda to: zipped(to, {f".{name}": body for name, body in files().items()}),
        "hidden",
    ),
    "empty zip": (lambda to: zipped(to, {}), "0 folders"),
    "no metadata": (lambda to: zipped(to, files(metadata_json=None)), "metadata.json is missing"),
    "no weights": (lambda to: zipped(to, files(model_model_bin=None)), "model/model.bin is missing"),
    "no tokenizer": (
        lambda to: zipped(to, files(sentencepiece_model=None)),
        "sentencepiece.model is missing",
    ),
    "metadata no JSON": (lambda to: zipped(to, files(metadata_json=b"{")), "cannot be read"),
    "metadata a list": (lambda to: zipped(to, files(metadata_json=b"[1]")), "cannot be read"),
    "no languages": (lambda to: zipped(to, files(metadata_json=b"{}")), "names no pair of languages"),
    "a number for a language": (
        lambda to: zipped(to, files(metadata_json=metadata(to_code=7))),
        "names no pair of languages",
    ),
    "another type": (lambda to: zipped(to, files(metadata_json=metadata(type="sbd"))), "of the type 'sbd'"),
    "half the weights": (lambda to: zipped(to, truncated("model/model.bin")), "does not work"),
    "no weights at all": (lambda to: zipped(to, files(model_model_bin=b"")), "does not work"),
    "noise for weights": (
        lambda to: zipped(to, files(model_model_bin=bytes(range(256)) * 900)),
        "does not work",
    ),
    "half the tokenizer": (lambda to: zipped(to, truncated("sentencepiece.model")), "does not work"),
    "another pair": (
        lambda to: zipped(to, files(metadata_json=metadata(from_code="de"))),
        "is a package for de-vi, not for en-vi",
    ),
}


@pytest.mark.parametrize("with_argostranslate", [True, False], ids=["argostranslate", "without"])
@pytest.mark.parametrize("fault", HOSTILE)
def test_refused_and_nothing_stays(
    tmp_path: Path, fault: str, with_argostranslate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_argostranslate:
        monkeypatch.setattr(lean, "argos_available", lambda: "not installed")
        monkeypatch.setattr(archive, "argos_available", lambda: "not installed")
    home, file = tmp_path / "home", tmp_path / "in" / "translate-en_vi-0_1.argosmodel"
    file.parent.mkdir()
    make, sentence = HOSTILE[fault]
    make(file)
    with pytest.raises(ModelError) as caught:
        install_model(home, str(file))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "in"]
    assert [path for path in home.rglob("*") if path.is_file()] == []
    assert [path.name for path in home.iterdir() if path.name != "argos"] == []


def test_a_refused_package_leaves_the_installed_one(tmp_path: Path) -> None:
    model = install_model(tmp_path, str(EN_VI))
    with pytest.raises(ModelError):
        install_model(tmp_path, str(zipped(tmp_path / "bad" / EN_VI.name, truncated("model/model.bin"))))
    assert list_models(tmp_path) == [model]
    assert ArgosEngine(tmp_path).translate(["The aim is to save energy."], "en", "vi") == [
        "Mục đích là tiết kiệm năng lượng."
    ]


@pytest.mark.parametrize(
    ("wanted", "sha256", "error", "sentence"),
    [
        (str(EN_VI), "0" * 64, ModelError, "its SHA-256 is"),
        (str(EN_VI), "abc", UsageError, "is not a SHA-256"),
        ("xx-yy", None, UsageError, "neither a pair of the catalog (en-vi, fr-en, es-en)"),
        ("no/such/file.argosmodel", None, UsageError, "nor a package file"),
        ("ftp://127.0.0.1/x.argosmodel", None, UsageError, "nor an address"),
        ("en-vi", "0" * 64, UsageError, "pins another SHA-256 for en-vi"),
    ],
)
def test_wrong_orders(
    tmp_path: Path, wanted: str, sha256: str | None, error: type[TbtWatchError], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        install_model(tmp_path, wanted, sha256=sha256)
    assert sentence in str(caught.value)
    assert not list_models(tmp_path)


def test_another_file_at_the_pinned_address(tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry) -> None:
    shop.body = BODY[:-1] + b"x"
    with pytest.raises(ModelError, match=f"expected {SHA256}"):
        install_model(tmp_path, "en-vi", pause=0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_more_bytes_than_pinned_are_not_taken(
    tmp_path: Path, shop: Shop, pinned: catalog.CatalogEntry
) -> None:
    shop.body = BODY + bytes(5_000_000)
    with pytest.raises(ModelError, match="sends more than the"):
        install_model(tmp_path, "en-vi", pause=0)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) == 0


def test_an_address_that_would_never_end(tmp_path: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 1000)
    with pytest.raises(ModelError, match="more than any translation package has"):
        install_model(tmp_path, f"{shop.address}/{EN_VI.name}", pause=0)


def test_no_server_there(tmp_path: Path) -> None:
    with pytest.raises(
        UnreachableError, match=r"could not be downloaded \(ConnectError\)\. Check the connection"
    ):
        install_model(tmp_path, "http://127.0.0.1:9/x.argosmodel", pause=0)


def test_not_found(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(UnreachableError, match="answered 404"):
        install_model(tmp_path, f"{shop.address}/nothing", pause=0)


def test_stray_folders_are_passed_over_and_named(tmp_path: Path) -> None:
    """argostranslate raises for all packages when one folder has no metadata.json."""
    install_model(tmp_path, str(EN_VI))
    for name, content in (("stray", {}), ("half", {"metadata.json": metadata()}), (".hidden", {"x": b""})):
        (tmp_path / "packages" / name).mkdir()
        for file, body in content.items():
            (tmp_path / "packages" / name / file).write_bytes(body)
    assert [model.pair for model in installed(tmp_path)] == ["en-vi"]
    half, stray = broken(tmp_path)
    assert "sentencepiece.model is missing" in half
    assert "it has no metadata.json" in stray


@pytest.mark.parametrize("name", ["model/model.bin", "sentencepiece.model", "model/shared_vocabulary.json"])
def test_a_package_that_was_damaged_later_is_not_used(tmp_path: Path, name: str) -> None:
    """A turned byte in the weights loads without a word, and says something else."""
    model = install_model(tmp_path, str(EN_VI))
    file = model.path / name
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 1
    file.write_bytes(bytes(body))
    assert list_models(tmp_path) == []
    (said,) = models.unusable_models(tmp_path)
    assert "is damaged: its files changed since it was installed; install it again." in said
    assert ArgosEngine(tmp_path).describe("en", "vi") is None
    assert install_model(tmp_path, str(EN_VI)) == model
    assert models.unusable_models(tmp_path) == []


def test_a_package_put_there_by_hand_is_tried(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    with zipfile.ZipFile(zipped(tmp_path / "cut.zip", truncated("model/model.bin"))) as package:
        package.extractall(folder)
    assert [model.pair for model in list_models(tmp_path)] == ["en-vi"]
    (said,) = models.unusable_models(tmp_path)
    assert str(folder) in said
    assert said.endswith("install en-vi again.")


def test_no_folder_is_no_models(tmp_path: Path) -> None:
    assert list_models(tmp_path / "none") == []
    assert ArgosEngine(tmp_path / "none").pairs() == ()
    assert not (tmp_path / "none").exists()
