"""The public names are those that are listed, and each of them says what it is."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

import glasswork
from glasswork import errors


def pages() -> list[str]:
    """The package and every module in it, but for the one that runs when it is imported."""
    inside = pkgutil.walk_packages(glasswork.__path__, "glasswork.")
    return ["glasswork", *(found.name for found in inside if found.name != "glasswork.__main__")]


def things_of(page: ModuleType) -> Iterator[tuple[str, object]]:
    """What `page` lists that can have a docstring, and the public methods of its classes."""
    for name in getattr(page, "__all__", ()):
        thing = getattr(page, name)
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


@pytest.mark.parametrize("page", pages())
def test_a_module_lists_each_of_its_names_once_and_has_them(page):
    module = import_module(page)
    names = list(getattr(module, "__all__", ()))
    assert len(names) == len(set(names))
    assert not [name for name in names if not hasattr(module, name)]


@pytest.mark.parametrize("page", pages())
def test_everything_public_has_a_docstring(page):
    module = import_module(page)
    assert inspect.getdoc(module)
    assert not [name for name, thing in things_of(module) if not inspect.getdoc(thing)]


def test_the_errors_drawn_are_the_errors_there_are():
    drawn = re.findall(r"^ +[├└]── (\w+) +\((\w+)\)", errors.__doc__, re.MULTILINE)
    kinds = errors.GlassworkError.__subclasses__()
    assert drawn == [(kind.__name__, kind.__bases__[1].__name__) for kind in kinds]


def test_every_error_is_public():
    assert set(errors.__all__) <= set(glasswork.__all__)
