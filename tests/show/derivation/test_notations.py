"""The same equations in LaTeX and in MathML."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import glasswork as gw

from ...ops.cases import CASES

CORE = {
    "math", "mrow", "mi", "mn", "mo", "mfrac", "msqrt", "msub", "msup", "mtable", "mtr", "mtd",
}  # fmt: skip
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2}


def derivations():
    """One of a network, and one of each op with a derivative."""
    done = set()
    layers = gw.Linear(2, 3), gw.GELU(), gw.BatchNorm(3), gw.Dropout(), gw.Linear(3, 2)
    yield gw.explain(gw.Sequential(*layers), gw.CrossEntropy(label_smoothing=0.1))
    for case in CASES:
        if case.op.differentiable and case.name not in done and all(map(np.ndim, case.inputs())):
            done.add(case.name)
            leaves = [
                gw.Tensor(x, requires_grad=True) if draw.wants_gradient else x
                for draw, x in zip(case.draws, case.inputs(), strict=True)
            ]
            yield gw.explain(gw.Module(), (case.op(*leaves, **case.params) * 0.5).sum())


EQUATIONS = [equation for derivation in derivations() for equation in derivation.lines]


@pytest.fixture(scope="module")
def network():
    model = gw.Sequential(gw.Linear(2, 3), gw.ReLU(), gw.Linear(3, 1))
    return gw.explain(model, gw.MSE())


def test_braces_and_fences_of_latex_come_in_pairs():
    for latex in (e.latex for e in EQUATIONS):
        depths = np.cumsum([(c == "{") - (c == "}") for c in re.sub(r"\\[{}]", "", latex)])
        assert depths.min() >= 0 and depths[-1] == 0, latex
        assert latex.count(r"\left") == latex.count(r"\right"), latex


def test_matplotlib_reads_the_latex():
    mathtext = pytest.importorskip("matplotlib.mathtext")
    parser = mathtext.MathTextParser("path")
    for latex in dict.fromkeys(e.latex for e in EQUATIONS):
        parser.parse(f"${latex}$")


def test_mathml_is_of_elements_of_the_core_with_as_many_children_as_they_have():
    for mathml in (e.mathml for e in EQUATIONS):
        for element in ET.fromstring(mathml).iter():
            assert element.tag in CORE, mathml
            assert len(element) == CHILDREN.get(element.tag, len(element)), mathml


def test_mathml_holds_the_signs_of_the_text():
    ignored = "()[] ^'" + "₀₁₂₃₄₅₆₇₈₉0123456789"
    table = str.maketrans("", "", ignored) | {ord("−"): "-", ord("∑"): "Σ", ord("⊤"): "ᵀ"}
    table |= {ord("²"): "", ord("𝟏"): "", ord("/"): "", ord("√"): ""}
    for e in EQUATIONS:
        shown = "".join(ET.fromstring(e.mathml).itertext())
        assert shown.translate(table) == e.text.translate(table)


def test_all_equations_are_one_block(network):
    latex, mathml = network.latex(), ET.fromstring(network.mathml())
    assert latex.startswith("\\begin{aligned}\nA &= X W_{1} + b_{1} \\\\\n")
    assert latex.endswith("\n\\end{aligned}") and latex.count("&=") == len(network.lines)
    space = "{http://www.w3.org/1998/Math/MathML}"
    assert mathml.tag == f"{space}math" and len(mathml[0]) == len(network.lines)


def test_the_gradient_of_a_layer_in_all_three(network):
    (e,) = (e for e in network.lines if e.name == "∂L/∂A")
    assert e.text == "∂L/∂A = (∂L/∂Z W₂ᵀ) ⊙ [H > 0]"
    assert e.latex == (
        r"\frac{\partial L}{\partial A} = \left(\frac{\partial L}{\partial Z} W_{2}^\top\right) "
        r"\odot \left[H > 0\right]"
    )
    assert "<msup><msub><mi>W</mi><mn>2</mn></msub><mo>⊤</mo></msup>" in e.mathml


def test_a_notebook_gets_html_and_latex(network):
    table = ET.fromstring(network._repr_html_())
    assert len(table) == len(network.lines)
    assert [cell.tag for cell in table[0]] == ["td", "td", "td"]
    assert table[0][0][0].tag == "math" and table[0][1].text == "(4, 3)"
    assert network._repr_latex_() == f"$$\n{network.latex()}\n$$"
    assert repr(network) == "<derivation of 11 equations>"
