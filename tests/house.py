"""The source of the house, read as text and as syntax trees, for the tests that look at the code itself."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "tbt_watch"
SPIDERS = REPOSITORY / "spiders"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Module:
    """One file of Python: where it is, its text, its tree."""

    path: Path

    @cached_property
    def where(self) -> str:
        """The path inside the checkout, as in ``tbt_watch/store/tables.py``."""
        return self.path.relative_to(REPOSITORY).as_posix()

    @cached_property
    def name(self) -> str:
        """The name to import it by, as in ``tbt_watch.store.tables``."""
        parts = self.path.relative_to(REPOSITORY).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(ast.parse(self.text, filename=str(self.path))))

    def functions(self) -> Iterator[Function]:
        for node in self.nodes:
            if isinstance(node, Function):
                yield node

    def classes(self) -> Iterator[ast.ClassDef]:
        for node in self.nodes:
            if isinstance(node, ast.ClassDef):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every module that is shipped: the package and the spiders."""
    files = [*PACKAGE.rglob("*.py"), *SPIDERS.rglob("*.py")]
    return tuple(Module(path=path) for path in sorted(files) if "__pycache__" not in path.parts)


@cache
def spiders() -> tuple[Module, ...]:
    return tuple(
        module for module in modules() if module.path.parent == SPIDERS and module.path.stem != "__init__"
    )


def room(name: str) -> tuple[Module, ...]:
    """The modules of one room, be it a package or a single file."""
    inside, alone = f"tbt_watch/{name}/", f"tbt_watch/{name}.py"
    return tuple(module for module in modules() if module.where.startswith(inside) or module.where == alone)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track; without git, every file outside hidden folders."""
    if shutil.which("git") and (REPOSITORY / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = (
            subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
            .stdout.decode()
            .split("\0")
        )
        found = {REPOSITORY / name for name in listed if name}
    else:
        found = {path for path in REPOSITORY.rglob("*") if not hidden(path.relative_to(REPOSITORY))}
    return tuple(sorted(path for path in found if path.is_file() and not path.is_symlink()))


def hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a name or a chain of attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def length(node: ast.AST) -> int:
    """How many lines it takes, from ``def`` or ``class`` to its last line."""
    assert isinstance(node, ast.stmt)
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1
