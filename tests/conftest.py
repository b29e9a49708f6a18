"""What every test may rely on."""

from __future__ import annotations

import os
import pkgutil

import hypothesis
import numpy as np
import pytest

import glasswork

hypothesis.settings.register_profile(
    "glasswork", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
hypothesis.settings.load_profile("glasswork")


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a stated seed, new for each test."""
    return np.random.default_rng(1986)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `module_name` once for each module that can be imported."""
    if "module_name" in metafunc.fixturenames:
        inside = pkgutil.walk_packages(glasswork.__path__, "glasswork.")
        names = ["glasswork", *(found.name for found in inside)]
        metafunc.parametrize(
            "module_name", [named(name) for name in names if "__main__" not in name]
        )


def named(module: str) -> object:
    """The name of a module; with a mark if it needs a peer to be imported."""
    needs_peer = module.startswith("glasswork.estimators")
    return pytest.param(module, marks=pytest.mark.peers if needs_peer else ())
