"""What is shipped: the wheel, installed elsewhere and read-only, does the main job on the sample edition."""

import stat
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it with a bare environment: nothing of this shell, this checkout or this home is seen."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without the network by the hatchling of the lock file."""
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=repository)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def everything(folder: Path) -> list[Path]:
    return [folder, *folder.rglob("*")]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment elsewhere that holds the wheel, read-only, and sees our dependencies but not the checkout."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "--python", python)
    done = run(*pip, "install", "--no-index", "--no-deps", wheel, cwd=place)
    assert done.returncode == 0, done.stderr

    (site,) = (place / "lib").glob("python*/site-packages")
    # A line that is no import statement in a .pth file adds a folder, and .pth files in that folder (our own
    # editable install among them) are not read.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for path in everything(site):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield place
    for path in everything(site):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and time: root may write where the mode forbids it, so we look."""
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {str(path): (state.st_size, state.st_mtime_ns) for path, state in found.items()}


def test_the_wheel_holds_what_the_house_needs(wheel: Path, repository: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = [
        path.relative_to(repository).as_posix()
        for room in ("tbt_watch", "spiders", "translations")
        for path in (repository / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert sorted(set(shipped) - names) == []
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"tbt_watch", "spiders", "translations"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_plain_installing_asks_for_no_torch(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
    wanted = {
        line.split(":")[1].strip().lower() for line in text.splitlines() if line.startswith("Requires-Dist")
    }
    heavy = ("argostranslate", "torch", "stanza", "spacy", "minisbd", "onnxruntime")
    assert [name for name in wanted if name.startswith(heavy)] == []
    assert any(name.startswith("ctranslate2") for name in wanted)


def test_the_sample_runs_from_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    home, desk = tmp_path / "home", tmp_path / "desk"
    home.mkdir()
    desk.mkdir()
    before = snapshot(installed)
    where = run(
        installed / "bin" / "python",
        "-c",
        "import tbt_watch; print(tbt_watch.__file__)",
        cwd=desk,
        HOME=str(home),
    )
    assert Path(where.stdout.strip()).is_relative_to(installed), where.stdout + where.stderr

    command = (installed / "bin" / "tbt-watch", "run", "--once", "--sample")
    for turn in ("first", "second"):
        done = run(*command, cwd=desk, HOME=str(home), PYTHONDONTWRITEBYTECODE="1")
        assert done.returncode == 0, f"{turn}: {done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    assert snapshot(installed) == before
    assert list(desk.rglob("index.html")), "no bulletin was written"
    assert list(home.iterdir()) == []
