from __future__ import annotations

import importlib
import sys

import pytest

from glasswork.errors import MissingExtraError


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "glasswork.estimators", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'glasswork\[sklearn\]'"):
        importlib.import_module("glasswork.estimators")
