"""The public names are those that are listed, and each of them says what it is."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import glasswork
from glasswork import errors


def things_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What `module` lists that can have a docstring, and the public methods of its classes."""
    for name in getattr(module, "__all__", ()):
        thing = getattr(module, name)
        if inspect.ismodule(thing) or inspect.isroutine(thing):
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for inner in vars(thing):
                method = getattr(thing, inner)
                if not inner.startswith("_") and (
                    inspect.isroutine(method) or isinstance(method, property)
                ):
                    yield f"{name}.{inner}", method


def test_the_names_that_glasswork_lists_are_those_that_it_exports():
    listed = {name: getattr(glasswork, name) for name in glasswork.__all__}
    exported = {
        name
        for name, thing in vars(glasswork).items()
        if name != "annotations" and not name.startswith("_") and not inspect.ismodule(thing)
    }
    assert exported == {name for name, thing in listed.items() if not inspect.ismodule(thing)}


def test_a_module_lists_each_of_its_names_once_and_has_them(module_name):
    module = import_module(module_name)
    names = list(getattr(module, "__all__", ()))
    assert len(names) == len(set(names))
    assert not [name for name in names if not hasattr(module, name)]


def test_everything_public_has_a_docstring(module_name):
    module = import_module(module_name)
    assert inspect.getdoc(module)
    assert not [name for name, thing in things_of(module) if not inspect.getdoc(thing)]


def test_the_errors_drawn_are_the_errors_there_are():
    drawn = re.findall(r"^ +[├└]── (\w+) +\((\w+)\)", errors.__doc__, re.MULTILINE)
    kinds = [k for k in errors.GlassworkError.__subclasses__() if k.__module__ == errors.__name__]
    assert drawn == [(kind.__name__, kind.__bases__[1].__name__) for kind in kinds]
