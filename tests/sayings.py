"""Every sentence that the house composes for a person, read off its syntax trees as templates with numbered places.

A sentence is found where it is handed to an error, an issue, a remark, a failed check or a ledger; it is followed
through conditional expressions, names, tables, the functions that build it and the callers that hand it over. What
cannot be known before the program runs is a place: ``{1}``, ``{2}``.
"""

import ast
import errno
import itertools
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import house

Shape = tuple[str | None, ...]
"""Pieces of a sentence in order; ``None`` is a place."""

HOLE: Shape = (None,)
_MOST = 24  # alternatives of one expression; more are data, not wording
_TOGETHER = 16
_DEEP = 6
_NOUNS = 3  # a place that is one of so many plain words is worded with its sentence; more are codes
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2}")

MESSAGES = {
    "Issue": ("message", "todo"),
    "CrawlIssue": ("message", "todo"),
    "Remark": ("message", "todo"),
    "Disputed": ("why",),
}
"""Nouns → their fields that are sentences."""

TABLES = {
    "tbt_watch/bot/trouble.py": ("TROUBLES",),
    "tbt_watch/collect/faults.py": ("_TODO",),
    "tbt_watch/curate.py": ("DOUBTS",),
}
"""Modules → the tables of sentences in them that are looked up by a kind."""

BUILDERS = {
    "tbt_watch/cli/frame.py": ("_disk", "_usage"),
    "tbt_watch/collect/faults.py": ("_Refusal", "_ForeignHost"),
}
"""Modules → functions whose answer, and errors whose text, reaches a person without an error or issue of ours."""

SPEAKERS = (
    "tbt_watch/bulletin/archive.py",
    "tbt_watch/collect/registry.py",
    "tbt_watch/tag/lint.py",
    "tbt_watch/tag/sheets.py",
    "tbt_watch/tag/taking.py",
    "tbt_watch/translate/engines/lean.py",
)
"""Modules whose functions answer with sentences on what is wrong: what they yield, list, or hand back."""


LISTED = (
    ("", "Stopped."),
    # lines of an import: a file, a row, what is wrong with it
    ("", "{1}, row {2}: {3}"),
    ("", "{1}, line {2}: {3}"),
    # a fault of the vocabulary that a row of the office's own made
    ("", "{1} (office): {2}"),
    ("", "{1} (office): left aside, for {2}"),
    # a bound has two sides, which stand there as values
    ("check", "at most {1} became at least {2}"),
    ("check", "at least {1} became at most {2}"),
    # what a person mistyped on the command line, as Click says it
    ("", "Missing argument {1}"),
    ("", "Missing option {1}"),
    ("", "Missing command"),
    ("", "No such command {1}"),
    ("", "No such command {1}. Did you mean {2}?"),
    ("", "No such option {1}"),
    ("", "No such option {1}. Did you mean {2}?"),
    ("", "Option {1} requires an argument"),
    ("", "Option {1} does not take a value"),
    ("", "Got unexpected extra argument ({1})"),
    ("", "Got unexpected extra arguments ({1})"),
    ("", "Invalid value for {1}: {2}"),
    ("", "{1} is not a valid integer"),
    ("", "{1} is not one of {2}"),
    ("", "{1} is not in the range {2}"),
    ("", "{1} is not in the range x>={2}"),
    ("", "{1} does not match the format {2}"),
    # what the operating system says, in brackets behind a file or an address
    *(
        ("", os.strerror(getattr(errno, name)))
        for name in "ENOENT EACCES EPERM ENOSPC EISDIR ENOTDIR EEXIST EROFS EADDRINUSE EADDRNOTAVAIL ENOTEMPTY EIO "
        "EDQUOT EMFILE ENAMETOOLONG EBUSY ECONNREFUSED ETIMEDOUT ENETUNREACH EHOSTUNREACH EFBIG".split()
    ),
)
"""(context, template) of what is composed elsewhere, or in a way that the source does not show."""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A sentence as a template, and one place where it is composed. ``context`` is "check" for what a check says."""

    template: str
    where: str
    context: str = ""


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: its module, and the functions around it, the innermost last."""

    module: house.Module
    functions: tuple[house.Function, ...] = ()


def template(shape: Shape) -> str:
    """The shape with its places numbered and its own braces doubled."""
    number = itertools.count(1)
    return "".join(
        f"{{{next(number)}}}" if piece is None else piece.replace("{", "{{").replace("}", "}}")
        for piece in shape
    )


@cache
def _index() -> dict[str, house.Module]:
    return {module.name: module for module in house.modules()}


@cache
def _tree(module: house.Module) -> ast.Module:
    return ast.parse(module.text)


@cache
def _inside(function: house.Function) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(function))


@cache
def errors() -> frozenset[str]:
    """The names of the errors of the house."""
    return frozenset(one.name for one in _index()["tbt_watch.errors"].classes())


@cache
def scopes(module: house.Module) -> tuple[tuple[ast.AST, Scope], ...]:
    """Every node of a module with the functions around it."""
    found: list[tuple[ast.AST, Scope]] = []

    def walk(node: ast.AST, scope: Scope) -> None:
        found.append((node, scope))
        inner = Scope(module, (*scope.functions, node)) if isinstance(node, house.Function) else scope
        for child in ast.iter_child_nodes(node):
            walk(child, inner)

    walk(_tree(module), Scope(module))
    return tuple(found)


@cache
def _top(module: house.Module) -> dict[str, ast.AST]:
    """The functions, classes and constants of a module, methods by their own name too, and what it imports."""
    found: dict[str, ast.AST] = {}
    tree = _tree(module)
    for node in ast.walk(tree):
        if isinstance(node, house.Function):
            found.setdefault(node.name, node)
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = node.value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.AST()):
                assert node.value is not None
                found[name] = node.value
            case ast.ImportFrom(module=str()):
                found.update({one.asname or one.name: node for one in node.names})
    return found


def _known(module: house.Module, name: str) -> tuple[ast.AST, house.Module] | None:
    """What a name of a module stands for, wherever in the house that is written."""
    node = _top(module).get(name)
    if isinstance(node, ast.ImportFrom):
        there = _index().get(node.module or "")
        return _known(there, name) if there and there is not module else None
    return (node, module) if node is not None else None


def shapes(expr: ast.AST | None, scope: Scope, deep: int = 0) -> list[Shape]:
    """All that an expression may come to, as far as the source says."""
    if deep > _DEEP:
        return [HOLE]
    found = list(dict.fromkeys(_shapes(expr, scope, deep + 1)))
    return found if 0 < len(found) <= _MOST else [HOLE]


def _shapes(expr: ast.AST | None, scope: Scope, deep: int) -> Iterable[Shape]:
    match expr:
        case ast.Constant(value=str(text)):
            return [(text,) if text else ()]
        case ast.JoinedStr(values=parts):
            return _joined([_piece(part, scope, deep) for part in parts])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([shapes(left, scope, deep), shapes(right, scope, deep)])
        case ast.IfExp(body=body, orelse=other):
            return [*shapes(body, scope, deep), *shapes(other, scope, deep)]
        case ast.BoolOp(op=ast.Or(), values=[*values, last]):
            first = (shape for value in values for shape in shapes(value, scope, deep) if shape)
            return [*first, *shapes(last, scope, deep)]
        case ast.Name(id=name):
            return _named(name, scope, deep)
        case ast.Subscript(value=ast.Name(id=name)):
            return _table(name, scope, deep) or [HOLE]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[_, *default]):
            inside = _table(name, scope, deep)
            return (
                [*inside, *(one for value in default for one in shapes(value, scope, deep))]
                if inside
                else [HOLE]
            )
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
            return _returned(name, scope, deep)
    return [HOLE]


parted: dict[Shape, None] = {}
"""Wordings of places that go with too many others to be written out together: templates of their own."""


def _joined(pieces: list[list[Shape]]) -> list[Shape]:
    if _product(len(piece) for piece in pieces) > _TOGETHER:
        parted.update((shape, None) for piece in pieces if len(piece) > 1 for shape in piece)
        pieces = [piece if len(piece) == 1 else [HOLE] for piece in pieces]
    return [_merged(itertools.chain(*chosen)) for chosen in itertools.product(*pieces)]


def _product(numbers: Iterable[int]) -> int:
    total = 1
    for number in numbers:
        total *= number
    return total


def _merged(pieces: Iterable[str | None]) -> Shape:
    found: list[str | None] = []
    for piece in pieces:
        last = found[-1] if found else None
        if piece is not None and isinstance(last, str):
            found[-1] = last + piece
        else:
            found.append(piece)
    return tuple(found)


def _piece(part: ast.expr, scope: Scope, deep: int) -> list[Shape]:
    if isinstance(part, ast.FormattedValue):
        if part.conversion != -1 or part.format_spec:
            return [HOLE]
        inner = shapes(part.value, scope, deep)
        words = [piece.strip() for shape in inner for piece in shape if piece]
        noun = len(inner) <= _NOUNS and any(re.fullmatch("[a-z]+", word) for word in words)
        worded = noun or any(" " in word for word in words)
        return inner if worded or isinstance(part.value, ast.IfExp | ast.BoolOp) else [HOLE]
    return shapes(part, scope, deep)


def _named(name: str, scope: Scope, deep: int) -> Iterable[Shape]:
    for function in reversed(scope.functions):
        inside = Scope(scope.module, scope.functions[: scope.functions.index(function) + 1])
        if found := list(_assigned(name, function, inside, deep)):
            return found
        if name in _parameters(function):
            return _handed(name, function, inside, deep)
    known = _known(scope.module, name)
    if known and isinstance(known[0], ast.Constant | ast.JoinedStr | ast.BinOp):
        return shapes(known[0], Scope(known[1]), deep)
    return [HOLE]


def _assigned(name: str, function: house.Function, scope: Scope, deep: int) -> Iterator[Shape]:
    """What a name is set to inside a function; a part of a pair where the pair is the answer of a function."""
    for node in _inside(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=other)], value=value) if other == name:
                if not (
                    isinstance(value, ast.Constant) and value.value == ""
                ):  # where a loop or a search begins
                    yield from shapes(value, scope, deep)
            case ast.NamedExpr(target=ast.Name(id=other), value=value) if other == name:
                yield from shapes(value, scope, deep)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                places = [at for at, one in enumerate(names) if isinstance(one, ast.Name) and one.id == name]
                for at in places:
                    yield from _part(value, at, scope, deep)
            case ast.For(target=target) | ast.comprehension(target=target) if name in _names(target):
                yield HOLE


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _part(value: ast.expr, at: int, scope: Scope, deep: int) -> Iterator[Shape]:
    match value:
        case ast.Tuple(elts=elts) if at < len(elts):
            yield from shapes(elts[at], scope, deep)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)):
            known = _known(scope.module, name)
            if known and isinstance(known[0], house.Function):
                inside = Scope(known[1], (known[0],))
                for node in _inside(known[0]):
                    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                        yield from shapes(node.value.elts[at], inside, deep)
                return
            yield HOLE
        case _:
            yield HOLE


def _parameters(function: house.Function) -> list[str]:
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _handed(name: str, function: house.Function, scope: Scope, deep: int) -> Iterator[Shape]:
    """What the callers of a function hand over by that name."""
    names = _parameters(function)
    method = names[:1] in (["self"], ["cls"])
    at = names.index(name) - method
    called = function.name
    if called in ("__init__", "get", "pop"):  # a mapping has such a method too
        yield HOLE
        return
    yield from _default(name, function, scope, deep)
    for call, there in _calls(called):
        if (
            not method
            and _known(there.module, called) != (function, scope.module)
            and (there.module is not scope.module)
        ):
            continue
        if method and there.module.where.split("/")[:2] != scope.module.where.split("/")[:2]:
            continue
        given = {one.arg: one.value for one in call.keywords}
        if name in given:
            yield from shapes(given[name], there, deep)
        elif at < len(call.args) and not any(isinstance(one, ast.Starred) for one in call.args):
            yield from shapes(call.args[at], there, deep)


def _default(name: str, function: house.Function, scope: Scope, deep: int) -> Iterator[Shape]:
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    pairs = list(zip(plain[len(plain) - len(given.defaults) :], given.defaults, strict=True))
    pairs += [(one, value) for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value]
    for one, value in pairs:
        if one.arg == name and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield from shapes(value, scope, deep)


@cache
def _called() -> dict[str, list[tuple[ast.Call, Scope]]]:
    found: dict[str, list[tuple[ast.Call, Scope]]] = {}
    for module in house.modules():
        for node, scope in scopes(module):
            if isinstance(node, ast.Call):
                found.setdefault(house.dotted(node.func).split(".")[-1], []).append((node, scope))
    return found


def _calls(name: str) -> list[tuple[ast.Call, Scope]]:
    return _called().get(name, [])


def _table(name: str, scope: Scope, deep: int) -> list[Shape]:
    known = _known(scope.module, name)
    if known and isinstance(known[0], ast.Dict):
        return [shape for value in known[0].values for shape in shapes(value, Scope(known[1]), deep)]
    return []


def _returned(name: str, scope: Scope, deep: int) -> Iterable[Shape]:
    known = _known(scope.module, name)
    if known is None or not isinstance(known[0], house.Function):
        return [HOLE]
    inside = Scope(known[1], (known[0],))
    returns = [node for node in _inside(known[0]) if isinstance(node, ast.Return)]
    return [shape for node in returns for shape in shapes(node.value, inside, deep)] or [HOLE]


# ── Where sentences are composed ────────────────────────────────────────────────────────────────────────


@cache
def _handed_over() -> tuple[tuple[ast.AST, Scope, str], ...]:
    """The expressions that are sentences, with the context they are said in."""
    return tuple(_expressions())


def _expressions() -> Iterator[tuple[ast.AST, Scope, str]]:
    for module in house.modules():
        if module.where in ("tbt_watch/errors.py", "tbt_watch/domain/remark.py"):
            continue  # remarks have a catalog message each, and are said by it
        for node, scope in scopes(module):
            if isinstance(node, ast.Call):
                for expr, context in _of_call(node, module):
                    yield expr, scope, context
            yield from _of_others(node, scope)


def _of_call(call: ast.Call, module: house.Module) -> Iterator[tuple[ast.AST, str]]:
    name = house.dotted(call.func).split(".")[-1]
    given = {one.arg: one.value for one in call.keywords}
    if name in errors() and call.args:
        yield call.args[0], ""
        if "todo" in given:
            yield given["todo"], ""
    if name == "ValueError" and module.where.startswith("tbt_watch/config/") and call.args:
        yield call.args[0], ""  # what is expected; it becomes part of a sentence
    if name in BUILDERS.get(module.where, ()) and name[1:2].isupper():
        yield call.args[-1], ""
    for field in MESSAGES.get(name, ()):
        if field in given:
            yield given[field], ""
    if name == "FailedCheck" and "detail" in given:
        yield given["detail"], "check"
    if name == "values" and "why" in given and module.where.startswith("tbt_watch/store/"):
        yield given["why"], ""


def _of_others(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope, str]]:
    where = scope.module.where
    match node:
        case ast.Dict(keys=keys, values=values) if where.startswith("tbt_watch/store/"):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("why", "message"):
                    yield value, scope, ""
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values))
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(values=values))
            | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Dict(values=values)]))
        ) if name in TABLES.get(where, ()) or (name == "advice" and where.startswith("spiders/")):
            for value in values:
                for one in value.elts if isinstance(value, ast.Tuple) else [value]:
                    yield one, scope, ""
        case ast.Return(value=ast.AST()) if scope.functions and scope.functions[-1].name in BUILDERS.get(
            where, ()
        ):
            assert node.value is not None
            yield node.value, scope, ""
        case _ if where in SPEAKERS and scope.functions:
            yield from ((expr, scope, "") for expr in _of_speaker(node))
        case _:
            yield from ((expr, scope, "check") for expr in _of_check(node, scope))


def _sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def _of_speaker(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case (
            ast.Yield(value=ast.JoinedStr() | ast.IfExp() as value)
            | ast.Return(value=ast.JoinedStr() as value)
        ):
            yield value
        case ast.Yield(value=ast.Constant() as value) | ast.Return(value=ast.Constant() as value) if (
            _sentence(value)
        ):
            yield value
        case (
            ast.Return(value=ast.List(elts=values)) | ast.Call(func=ast.Attribute(attr="append"), args=values)
        ):
            yield from (one for one in values if isinstance(one, ast.JoinedStr) or _sentence(one))
        case ast.GeneratorExp(elt=ast.JoinedStr() as value) | ast.ListComp(elt=ast.JoinedStr() as value):
            yield value


def _of_check(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """What the readers of a translation say of it: what they yield, and the lists they make."""
    where = scope.module.where
    if not scope.functions or not (
        where.startswith("tbt_watch/translate/checks/") or where.endswith("vietnamese_dates.py")
    ):
        return
    if ast.unparse(scope.functions[0].returns or ast.Constant(value=None)) not in (
        "Iterator[str]",
        "list[str]",
    ):
        return
    match node:
        case ast.Yield(value=ast.AST()):
            assert node.value is not None
            yield node.value
        case (
            ast.GeneratorExp(elt=ast.JoinedStr())
            | ast.Call(func=ast.Attribute(attr="fromkeys"), args=[ast.GeneratorExp(elt=ast.JoinedStr())])
        ):
            yield node.elt if isinstance(node, ast.GeneratorExp) else node.args[0].elt  # type: ignore[attr-defined]


@cache
def found() -> tuple[Saying, ...]:
    """All sentences of the house, each once."""
    every = {
        (context, text): Saying(template=text, where="listed", context=context) for context, text in LISTED
    }
    for expr, scope, context in _handed_over():
        where = f"{scope.module.where}:{getattr(expr, 'lineno', 0)}"
        parted.clear()
        for shape in [*shapes(expr, scope), *parted]:
            pieces = [piece for piece in shape if piece and piece.strip()]
            if (shape[:1] and (shape[0] or "").startswith(": ")) or any(" ()" in piece for piece in pieces):
                continue  # a search that never comes up with nothing
            if any(_WORD.search(piece) for piece in pieces) or (parted and pieces and shape != HOLE):
                said = Saying(template=template(shape), where=where, context=context)
                every.setdefault((context, said.template), said)
    return tuple(every.values())


def opaque() -> list[str]:
    """Where a sentence is handed over of which the source says nothing: it is composed elsewhere, or not seen."""
    return [
        f"{scope.module.where}: {ast.unparse(expr)}"
        for expr, scope, _ in _handed_over()
        if HOLE in shapes(expr, scope)
    ]
