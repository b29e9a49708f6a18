from __future__ import annotations

import platform

import numpy as np

import glasswork
from glasswork.cli.versions import versions


def test_the_versions_are_those_at_work():
    assert versions() == {
        "glasswork": glasswork.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
