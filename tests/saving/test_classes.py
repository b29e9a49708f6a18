"""Which classes a file may name."""

import pytest

from glasswork import nn
from glasswork.errors import DataError, OptionError
from glasswork.nn import Linear, Module
from glasswork.saving import register
from glasswork.saving.classes import class_named, is_own, name_of


def test_every_public_module_is_known_by_its_name():
    public = [getattr(nn, name) for name in nn.__all__]
    modules = [thing for thing in public if isinstance(thing, type) and issubclass(thing, Module)]
    assert len(modules) > 15
    for cls in modules:
        assert class_named(name_of(cls)) is cls
        assert is_own(cls)


@pytest.mark.parametrize(
    "name", ["Parameter", "initializers", "penalty", "eval", "os", "__all__", ""]
)
def test_nothing_else_is_known(name):
    with pytest.raises(DataError, match=r"(?s)is not known here.*registered: none.*@glasswork.reg"):
        class_named(name)


def test_a_registered_class_is_known_and_given_back():
    @register
    class Net(Module):
        pass

    assert class_named("Net") is Net
    assert name_of(Net) == "Net"
    assert not is_own(Net)


def test_the_registered_classes_are_named_where_one_is_missing():
    register(type("Known", (Module,), {}))
    with pytest.raises(DataError, match=r"'Other' is not known here(?s:.*)registered: Known"):
        class_named("Other")


def test_a_class_that_is_not_registered_has_no_name():
    class Net(Module):
        pass

    with pytest.raises(OptionError, match=r"(?s)<locals>.Net is not registered.*above class Net"):
        name_of(Net)


def test_a_class_of_the_same_name_as_ours_is_another():
    with pytest.raises(OptionError, match="Linear is not registered"):
        name_of(type("Linear", (Linear,), {}))


def test_a_name_of_ours_is_taken():
    with pytest.raises(
        OptionError, match=r"(?s)Linear is taken.*glasswork.nn.linear.Linear.*Rename"
    ):
        register(type("Linear", (Module,), {}))


def test_a_name_of_another_registered_class_is_taken():
    register(type("Net", (Module,), {"__module__": "first"}))
    with pytest.raises(OptionError, match=r"stands for first.Net; this is second.Net"):
        register(type("Net", (Module,), {"__module__": "second"}))


def test_a_class_defined_anew_takes_its_own_place():
    register(type("Net", (Module,), {"__module__": "notebook"}))
    anew = register(type("Net", (Module,), {"__module__": "notebook"}))
    assert class_named("Net") is anew


@pytest.mark.parametrize("thing", [int, Linear(1, 1), "Net"])
def test_only_subclasses_of_module_are_registered(thing):
    with pytest.raises(OptionError, match="is no subclass of Module"):
        register(thing)
