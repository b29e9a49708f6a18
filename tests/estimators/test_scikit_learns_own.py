"""scikit-learn's own tests of its MLP, with our classes in place of its classes.

They are run from the installed package. Left out are those of its private internals.
"""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest

pytest.importorskip("sklearn")

from sklearn import neural_network

from glasswork.estimators import MLPClassifier, MLPRegressor

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("default"),  # theirs are not written for warnings that are errors
]

LEFT_OUT = {
    "test_gradient": "calls the private `_loss_grad_lbfgs` with buffers for every layer's gradient",
}


def their_tests() -> ModuleType:
    """The module of their tests, loaded once more with our classes behind its imports."""
    spec = find_spec("sklearn.neural_network.tests.test_mlp")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neural_network, "MLPClassifier", MLPClassifier)
        patch.setattr(neural_network, "MLPRegressor", MLPRegressor)
        spec.loader.exec_module(module)
    return module


THEIRS = {name: test for name, test in vars(their_tests()).items() if name.startswith("test_")}
globals().update({name: test for name, test in THEIRS.items() if name not in LEFT_OUT})


@pytest.fixture
def global_random_seed() -> int:
    """The seed that scikit-learn's own runs have by default."""
    return 42


def test_all_of_them_are_here_but_for_those_left_out():
    assert LEFT_OUT.keys() < THEIRS.keys()
    assert len(THEIRS) > 40
