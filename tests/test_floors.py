"""Imports point down only: read from the source, those inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "src"

FLOORS = {
    0: {"errors", "limits", "randomness", "threads"},
    1: {"ops"},
    2: {"tape"},
    3: {"autodiff"},
    4: {
        *("elements", "functional", "operators", "numpy_protocol", "tensor", "transcript"),
        *("derivatives", "gradient_check"),
    },
    5: {"nn"},
    6: {"optim", "data", "saving"},
    7: {"compiler"},
    8: {"train"},
    9: {"estimators", "export", "playground", "report", "show"},
    10: {"cli", "__main__"},
    11: {""},  # the page of public names, which nothing below may read
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}


class Import(NamedTuple):
    """One module reading another, and the line that says so."""

    reader: str
    read: str
    where: str

    @property
    def problem(self) -> str | None:
        """Why this import may not be, or None."""
        here, there = floor_of(self.reader), floor_of(self.read)
        if here >= there:
            return None
        return (
            f"{self.where}: {self.reader} (floor {here}) imports {self.read} (floor {there}).\n"
            f"  Imports point down only: move what it needs down, or the code that needs it up."
        )


def room_of(module: str) -> str:
    """The first name under glasswork: "nn" of glasswork.nn.linear, "" of glasswork itself."""
    return module.partition(".")[2].partition(".")[0]


def floor_of(module: str) -> int:
    return FLOOR_OF[room_of(module)]


def modules(source: Path) -> dict[str, Path]:
    """Every module of the package, and its file."""
    found = {}
    for path in sorted(source.glob("glasswork/**/*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(source: Path) -> Iterator[Import]:
    """Each import of one of the package's modules by another, wherever in the file it stands."""
    known = modules(source)
    for reader, path in known.items():
        package = reader if path.name == "__init__.py" else reader.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.relative_to(source)}:{getattr(node, 'lineno', 0)}"
            for name in names_read(node, package):
                # Of glasswork.errors.ShapeError the module is glasswork.errors.
                if read := next((n for n in (name, name.rpartition(".")[0]) if n in known), None):
                    yield Import(reader, read, where)


def names_read(node: ast.AST, package: str) -> list[str]:
    """The dotted names that an import statement of `package` asks for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    origin = resolve_name("." * node.level + (node.module or ""), package)
    return [f"{origin}.{alias.name}" for alias in node.names]


def problems(source: Path) -> list[str]:
    return [found.problem for found in imports(source) if found.problem]


def test_every_module_has_a_floor_and_every_floor_its_modules():
    rooms = {room_of(module) for module in modules(SOURCE)}
    assert rooms == set(FLOOR_OF), (
        f"without a floor: {rooms - set(FLOOR_OF)}, on a floor but gone: {set(FLOOR_OF) - rooms}"
    )


def test_imports_point_down_only():
    assert not (found := problems(SOURCE)), "\n".join(found)


def test_no_module_reads_itself_round_a_circle():
    graph = TopologicalSorter()
    for found in imports(SOURCE):
        if found.reader != found.read:
            graph.add(found.reader, found.read)
    try:
        graph.prepare()
    except CycleError as circle:
        raise AssertionError(" imports\n".join(reversed(circle.args[1]))) from None


def test_an_import_that_points_up_is_named_with_its_line_and_both_floors(tmp_path):
    write(tmp_path, "errors.py", "")
    write(tmp_path, "tape.py", "from .errors import GlassworkError\n")
    write(tmp_path, "nn/linear.py", "def late():\n    from ..optim.rules import sgd\n")
    write(tmp_path, "optim/rules.py", "import glasswork.tape\nfrom glasswork import errors\n")
    (problem,) = problems(tmp_path)
    line = "glasswork/nn/linear.py:2: glasswork.nn.linear (floor 5)"
    assert problem.startswith(f"{line} imports glasswork.optim.rules (floor 6).\n")


def test_the_page_of_public_names_is_above_everything(tmp_path):
    write(tmp_path, "__init__.py", "")
    write(tmp_path, "train/fit.py", "from glasswork import Tensor\n")
    assert "(floor 8) imports glasswork (floor 11)" in problems(tmp_path)[0]


def write(source: Path, name: str, text: str) -> None:
    path = source / "glasswork" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
