"""The house rules that a reader would otherwise have to remember: sizes, names, errors, nouns, imports.

Each test names every place that breaks its rule, so that one run is enough to mend them all.
"""

import ast
import subprocess
import sys
from pathlib import Path

import house

LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
LONGEST_SPIDER = 120

NO_ROOM = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared", "base_utils"}


def test_there_is_a_house_to_look_at() -> None:
    assert len(house.modules()) > 20
    assert house.spiders()


def test_functions_are_short() -> None:
    long = [
        f"{module.where}:{function.lineno} {function.name}: {house.length(function)} lines"
        for module in house.modules()
        for function in module.functions()
        if house.length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_modules_are_short() -> None:
    long = {
        module.where: lines
        for module in house.modules()
        if (lines := len(module.text.splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def test_no_room_is_a_lumber_room() -> None:
    named = [
        module.where
        for module in house.modules()
        if NO_ROOM & {part.removesuffix(".py").strip("_") for part in Path(module.where).parts}
    ]
    assert named == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        module.where
        for module in house.modules()
        if module.text.strip() and ast.get_docstring(ast.parse(module.text)) is None
    ]
    assert silent == []


def test_a_spider_is_one_class_in_one_short_file_of_its_name() -> None:
    wrong = []
    for spider in house.spiders():
        classes = list(spider.classes())
        if len(classes) != 1:
            wrong.append(f"{spider.where}: {len(classes)} classes")
            continue
        if stated_name(classes[0]) != spider.path.stem:
            wrong.append(f"{spider.where}: its name is {stated_name(classes[0])!r}")
        if (lines := len(spider.text.splitlines())) > LONGEST_SPIDER:
            wrong.append(f"{spider.where}: {lines} lines")
    assert wrong == []


def stated_name(spider: ast.ClassDef) -> str | None:
    for statement in spider.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="name")], value=ast.Constant(value=str(name)))
                | ast.AnnAssign(target=ast.Name(id="name"), value=ast.Constant(value=str(name)))
            ):
                return name
    return None


def test_every_error_says_when_it_is_raised_and_is_raised() -> None:
    (errors,) = house.room("errors")
    classes = {node.name: node for node in errors.classes()}
    undocumented = [name for name, node in classes.items() if ast.get_docstring(node) is None]
    parents = {house.dotted(base) for node in classes.values() for base in node.bases}
    made = {
        house.dotted(call.func).removeprefix("errors.")
        for module in house.modules()
        if module is not errors
        for call in module.calls()
    }
    never_raised = [name for name in classes if name not in parents | made]
    assert undocumented == []
    assert never_raised == []


def test_errors_have_one_root() -> None:
    elsewhere = [
        f"{module.where}:{node.lineno} {node.name}"
        for module in house.modules()
        if module.where != "tbt_watch/errors.py"
        for node in module.classes()
        if any(house.dotted(base).split(".")[-1].endswith(("Error", "Exception")) for base in node.bases)
    ]
    (errors,) = house.room("errors")
    known = {node.name for node in errors.classes()}
    rootless = [
        node.name
        for node in errors.classes()
        if node.name != "TbtWatchError" and not known & {house.dotted(base) for base in node.bases}
    ]
    assert elsewhere == []
    assert rootless == []


def test_nothing_catches_everything() -> None:
    """``except Exception`` hides faults; ``except BaseException`` may only undo something and raise again."""
    blind = []
    for module in house.modules():
        for node in module.nodes:
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {house.dotted(one) if one else "" for one in caught}
            again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if names & {"", "Exception"} or ("BaseException" in names and not again):
                blind.append(f"{module.where}:{node.lineno}")
    assert blind == []


def decorator_of(node: ast.ClassDef) -> dict[str, bool] | None:
    """The keywords of ``@dataclass(…)``; None when the class is no dataclass."""
    for decorator in node.decorator_list:
        if house.dotted(decorator).split(".")[-1] == "dataclass":
            return {}
        if isinstance(decorator, ast.Call) and house.dotted(decorator.func).split(".")[-1] == "dataclass":
            return {
                keyword.arg: keyword.value.value is True
                for keyword in decorator.keywords
                if keyword.arg and isinstance(keyword.value, ast.Constant)
            }
    return None


def test_nouns_are_frozen_and_keyword_only() -> None:
    loose = [
        f"{module.where}:{node.lineno} {node.name}"
        for module in house.room("domain")
        for node in module.classes()
        if (keywords := decorator_of(node)) is not None
        and not (keywords.get("frozen") and keywords.get("kw_only"))
    ]
    assert loose == []


def test_nouns_refuse_a_moment_without_a_zone() -> None:
    """Every ``datetime`` that a noun must have goes through ``aware`` when the noun is made."""
    unguarded = []
    for module in house.room("domain"):
        for node in module.classes():
            if decorator_of(node) is None:
                continue
            guarded = {
                house.dotted(inner.args[0])
                for inner in ast.walk(node)
                if isinstance(inner, ast.Call) and house.dotted(inner.func).endswith("aware") and inner.args
            }
            unguarded += [
                f"{module.where}:{field.lineno} {node.name}.{field.target.id}"
                for field in node.body
                if isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and house.dotted(field.annotation) == "datetime"
                and f"self.{field.target.id}" not in guarded
            ]
    assert unguarded == []


def test_no_noun_is_a_float() -> None:
    """Codes, dates and counts are exact, and so is what stands for a share of something."""
    floats = [
        f"{module.where}:{node.lineno}"
        for module in house.room("domain")
        for node in module.nodes
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert floats == []


READS_THE_CLOCK = {
    *(f"{before}{name}" for before in ("", "datetime.") for name in ("datetime.now", "datetime.utcnow")),
    *(f"{before}{name}" for before in ("", "datetime.") for name in ("datetime.today", "date.today")),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime"),
}


def test_only_the_command_line_reads_the_clock() -> None:
    readers = [
        f"{module.where}:{node.lineno} {house.dotted(node)}"
        for module in house.modules()
        if module not in house.room("cli")
        for node in module.nodes
        if isinstance(node, ast.Attribute) and house.dotted(node) in READS_THE_CLOCK
    ]
    assert readers == []


WATCHED_IMPORT = """
import importlib, os, sys

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
DEEDS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "sqlite3.connect", "socket.connect", "socket.bind", "socket.getaddrinfo", "_thread.start_new_thread",
    "subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.exec"}

def watch(event, args):
    if event == "open":
        path, mode, flags = args
        if path != os.devnull and isinstance(flags, int) and flags & WRITES:
            print(current, event, path)
    elif event in DEEDS:
        print(current, event, *args[:1])

current = ""
sys.addaudithook(watch)
for current in sys.argv[1:]:
    importlib.import_module(current)
"""


def test_importing_does_nothing(tmp_path: Path) -> None:
    """Every module, imported with Python's own eyes on files, sockets, processes, threads and databases."""
    names = [module.name for module in house.modules() if runs_nothing(module)]
    home = tmp_path / "home"
    home.mkdir()
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(house.REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error::SyntaxWarning", "-c", WATCHED_IMPORT, *names],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert list(home.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def runs_nothing(module: house.Module) -> bool:
    """Alembic runs its ``env.py`` itself, and ``__main__`` is there to run: all other modules only define."""
    return module.path.name not in {"env.py", "__main__.py"}
