"""Small faults put into a module on purpose, one at a time, to see whether the tests notice.

Faults are those that slip in by hand: the neighbour of a comparison (< for <=), of an operation (+ for -), of
a logical word, a number that is one too high, a sign or a negation that is lost, a True for a False. Texts,
annotations, decorators and the words of errors are left alone, and so is `strict` of `zip`, which guards what
holds; and the figures that a definition's example is asked with, in its place or under a name: any will do
whose result stands beside them.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
NONE = -1


@dataclass(frozen=True)
class Mutant:
    """A module with one fault.

    Attributes:
        path: of the module.
        number: of the place in the module, in the order of a walk through its tree.
        line: where.
        what: the fault in words.
        statement: the first line of its statement.
        text: the line, as it stands in the module.
    """

    path: Path
    number: int
    line: int
    what: str
    statement: int = 0
    text: str = ""

    def tree(self) -> ast.Module:
        """The module's tree with the fault."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        if self.number != NONE:
            _spoil(list(_places(tree))[self.number][0])
        return ast.fix_missing_locations(tree)

    def undone(self) -> Mutant:
        """The module as it is, to see that the tests find nothing wrong with that."""
        return replace(self, number=NONE)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a module."""
    source = path.read_text(encoding="utf-8")
    tree, texts = ast.parse(source), source.splitlines()
    return [
        Mutant(path, number, node.lineno, _told(node), statement, texts[node.lineno - 1].strip())  # type: ignore[attr-defined]
        for number, (node, statement) in enumerate(_places(tree))
    ]


def _told(node: ast.AST) -> str:
    spoilt = copy.deepcopy(node)
    before = ast.unparse(node)
    _spoil(spoilt)
    return f"{before}  ->  {ast.unparse(spoilt)}"


def _places(node: ast.AST, statement: int = 0) -> Iterator[tuple[ast.AST, int]]:
    """The nodes that a fault can be put into, each with the first line of its statement."""
    for child in _children(node):
        within = child.lineno if isinstance(child, ast.stmt) else statement
        if _is_place(child):
            yield child, within
        yield from _places(child, within)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that say what is done: no annotations, decorators or words of errors."""
    if isinstance(node, ast.Raise | ast.Import | ast.ImportFrom):
        return
    skipped: set[int] = set()
    for name in ("annotation", "returns"):
        if getattr(node, name, None) is not None:
            skipped.add(id(getattr(node, name)))
    if _names_a_type(node) or _names_figures(node):
        return
    skipped |= {id(each) for each in getattr(node, "decorator_list", ())}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        skipped |= {id(asked) for asked in node.args[1:2] if node.func.id == "Example"}
        skipped |= {id(guard) for guard in node.keywords if node.func.id == "zip"}
    yield from (child for child in ast.iter_child_nodes(node) if id(child) not in skipped)


def _names_a_type(node: ast.AST) -> bool:
    """Whether an assignment only names a type: `Counts = npt.NDArray[...]`, `Any = A | B`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    name = node.targets[0].id
    return name[0].isupper() and not name.isupper()


def _names_figures(node: ast.AST) -> bool:
    """Whether an assignment only names figures that are asked with: `YEAR = [20, 22, 25]`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    shown = isinstance(node.value, ast.List | ast.Dict | ast.BinOp)
    inner = list(ast.walk(node.value))
    listed = any(isinstance(each, ast.List) for each in inner)
    return shown and listed and not any(isinstance(each, ast.Name | ast.Call) for each in inner)


def _is_place(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in COMPARISONS
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return type(node.op) in OPERATIONS
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not | ast.Invert | ast.USub)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool | int | float)
    return isinstance(node, ast.BoolOp | ast.IfExp)


def _spoil(node: ast.AST) -> None:
    """Put the fault into a node."""
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.AugAssign):
        node.op = OPERATIONS[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body
    elif isinstance(node, ast.Constant):
        node.value = (not node.value) if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else _nothing(node)


def _nothing(node: ast.UnaryOp) -> ast.unaryop:
    """The operand alone: a double negation of it."""
    node.operand = ast.UnaryOp(op=copy.copy(node.op), operand=node.operand)
    return node.op
