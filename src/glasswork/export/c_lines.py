"""How each loop is written in C."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .elements import DEFAULTS, ELEMENTS, MATH, pattern, template
from .flat import ALONG, Chosen, Each, Grouped, Joined, Product, Read, Step

__all__ = ["FUNCTIONS", "constant", "statements", "table"]

_ELEMENTS = {
    **ELEMENTS,
    **{name: f"{name}f({{0}})" for name in MATH},
    "power": "powf({0}, {1})",
    "abs": "fabsf({0})",
    "sign": "sign({0})",
    "maximum": "maximum({0}, {1})",
    "minimum": "minimum({0}, {1})",
    "where": "{0} != 0 ? {1} : {2}",
    "logical_and": "{0} != 0 && {1} != 0",
    "logical_or": "{0} != 0 || {1} != 0",
    "logical_xor": "({0} != 0) != ({1} != 0)",
    "logical_not": "{0} == 0",
    "bitwise_and": "(int){0} & (int){1}",
    "bitwise_or": "(int){0} | (int){1}",
    "bitwise_xor": "(int){0} ^ (int){1}",
    "invert": "~(int){0}",
    "isnan": "isnan({0}) != 0",
    "isinf": "isinf({0}) != 0",
    "isfinite": "isfinite({0}) != 0",
    "as_i": "truncf({0})",
    "as_u": "truncf({0})",
    "as_b": "{0} != 0",
    "relu": "{0} < 0 ? 0 : {0}",
    "leaky_relu": "{0} > 0 ? {0} : {slope} * {0}",
    "elu": "{0} > 0 ? {0} : {alpha} * expm1f({0})",
    "softplus": "maximum({0}, 0) + log1pf(expf(-fabsf({0})))",
    "gelu": "0.5f * {0} * (1 + erff(0.70710677f * {0}))",
    "gelu_by_tanh": "0.5f * {0} * (1 + tanhf(0.7978846f * ({0} + 0.044715f * {0} * {0} * {0})))",
}
FUNCTIONS = {
    "sign": """
static float sign(float v) { return v != v ? v : (float)((v > 0) - (v < 0)); }
""",
    "maximum": """
static float maximum(float a, float b) { return a >= b || a != a ? a : b; }
""",
    "minimum": """
static float minimum(float a, float b) { return a <= b || a != a ? a : b; }
""",
    "sigmoid": """
static float sigmoid(float v) { return v >= 0 ? 1 / (1 + expf(-v)) : expf(v) / (1 + expf(v)); }
""",
    "matmul": """
static void matmul(const float *a, const float *b, float *y, int m, int k, int n) {
    for (int i = 0; i < m; i++, a += k, y += n) {
        for (int j = 0; j < n; j++) y[j] = 0;
        for (int l = 0; l < k; l++)
            for (int j = 0; j < n; j++) y[j] += a[l] * b[l * n + j];
    }
}
""",
    "sum": """
static float sum(const float *x, int n) {
    float total = 0;
    for (int i = 0; i < n; i++) total += x[i];
    return total;
}
""",
    "mean": """
static float mean(const float *x, int n) { return sum(x, n) / (float)n; }
""",
    "max": """
static float max(const float *x, int n) {
    float top = x[0];
    for (int i = 1; i < n; i++) top = maximum(top, x[i]);
    return top;
}
""",
    "min": """
static float min(const float *x, int n) {
    float low = x[0];
    for (int i = 1; i < n; i++) low = minimum(low, x[i]);
    return low;
}
""",
    "var": """
static float var(const float *x, int n, int ddof) {
    float center = mean(x, n), total = 0;
    for (int i = 0; i < n; i++) total += (x[i] - center) * (x[i] - center);
    return total / (float)(n - ddof);
}
""",
    "std": """
static float std(const float *x, int n, int ddof) { return sqrtf(var(x, n, ddof)); }
""",
    "norm": """
static float norm(const float *x, int n, float p) {
    float total = isinf(p) ? fabsf(x[0]) : 0;
    for (int i = 0; i < n; i++) {
        float size = fabsf(x[i]);
        if (!isinf(p)) total += powf(size, p);
        else total = p > 0 ? maximum(total, size) : minimum(total, size);
    }
    return isinf(p) ? total : powf(total, 1 / p);
}
""",
    "logsumexp": """
static float logsumexp(const float *x, int n) {
    float top = max(x, n), total = 0;
    for (int i = 0; i < n; i++) total += expf(x[i] - top);
    return top + logf(total);
}
""",
    "softmax": """
static void softmax(const float *x, float *y, int n) {
    float top = max(x, n), total = 0;
    for (int i = 0; i < n; i++) total += y[i] = expf(x[i] - top);
    for (int i = 0; i < n; i++) y[i] /= total;
}
""",
    "log_softmax": """
static void log_softmax(const float *x, float *y, int n) {
    float total = logsumexp(x, n);
    for (int i = 0; i < n; i++) y[i] = x[i] - total;
}
""",
    "cumsum": """
static void cumsum(const float *x, float *y, int n) {
    float total = 0;
    for (int i = 0; i < n; i++) y[i] = total += x[i];
}
""",
    "argmax": """
static float argmax(const float *x, int n) {
    int place = 0;
    for (int i = 1; i < n; i++) place = x[i] > x[place] ? i : place;
    return (float)place;
}
""",
    "argmin": """
static float argmin(const float *x, int n) {
    int place = 0;
    for (int i = 1; i < n; i++) place = x[i] < x[place] ? i : place;
    return (float)place;
}
""",
    "argsort": """
static void argsort(const float *x, float *y, int n) {
    for (int i = 0; i < n; i++) {
        int j = i;
        for (; j > 0 && x[(int)y[j - 1]] > x[i]; j--) y[j] = y[j - 1];
        y[j] = (float)i;
    }
}
""",
}


def statements(step: Step) -> list[str]:
    """The array of a loop, and the lines that fill it."""
    return [f"float {step.output}[{step.n}];", *_WRITERS[type(step)](step)]


def number(value: Any) -> str:
    """A number, as it may stand in an expression."""
    text = constant(value)
    return f"({text})" if text.startswith("-") else text


def constant(value: Any) -> str:
    """A constant of type float."""
    value = float(math.nan if value is None else value)  # None is a bound that is not asked for
    if not math.isfinite(value):
        return "NAN" if math.isnan(value) else "INFINITY" if value > 0 else "-INFINITY"
    text = str(np.float32(value))
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def table(kind: str, name: str, values: Sequence[str]) -> str:
    """A constant array, in lines."""
    lines, line = [], "   "
    for value in values:
        if len(line) + len(value) > 98:
            lines.append(line)
            line = "   "
        line += f" {value},"
    return "\n".join([f"static const {kind} {name}[{len(values)}] = {{", *lines, line, "};"])


def _loop(n: int, body: str) -> str:
    return f"for (int i = 0; i < {n}; i++) {body}"


def _each(step: Each) -> list[str]:
    tables: list[str] = []
    operands = [
        _element(read, f"{step.output}_{i}", tables) if read.source else number(read.number)
        for i, read in enumerate(step.reads)
    ]
    params = {key: number(step.params.get(key, value)) for key, value in DEFAULTS.items()}
    element = template(step, _ELEMENTS).format(*operands, **params)
    return [*tables, _loop(step.n, f"{step.output}[i] = {element};")]


def _element(read: Read, name: str, tables: list[str]) -> str:
    """Element i of what a loop reads; a table of places, if need be, goes before the loop."""
    return f"{read.source}[{_place(read.places, name, tables)}]"


def _place(places: np.ndarray, name: str, tables: list[str]) -> str:
    rule = pattern(places)
    if rule.kind == "tile":
        return f"i % {rule.every}"
    if rule.kind == "repeat":
        return f"i / {rule.every}"
    if rule.kind == "table":
        tables.append(table("int", f"{name}_places", list(map(str, places.tolist()))))
        return f"{name}_places[i]"
    if not rule.step:
        return str(rule.start)
    walk = "i" if abs(rule.step) == 1 else f"{abs(rule.step)} * i"
    if rule.step < 0:
        return f"{rule.start} - {walk}"
    return f"{rule.start} + {walk}" if rule.start else walk


def _joined(step: Joined) -> list[str]:
    lines, start = [], 0
    for part, n in step.parts:
        place = f"{start} + i" if start else "i"
        value = f"{part}[i]" if isinstance(part, str) else number(part)
        lines.append(_loop(n, f"{step.output}[{place}] = {value};"))
        start += n
    return lines


def _grouped(step: Grouped) -> list[str]:
    defaults = {"var": {"ddof": 0}, "std": {"ddof": 0}, "norm": {"p": 2}}.get(step.op, {})
    options = "".join(
        f", {step.params.get('ddof', 0) if key == 'ddof' else number(step.params.get(key, value))}"
        for key, value in defaults.items()
    )
    whole = step.op in ALONG
    groups = step.n // step.size if whole else step.n
    start = "" if groups == 1 else f" + {step.size} * i"
    if whole:
        call = f"{step.op}({step.source}{start}, {step.output}{start}, {step.size});"
    else:
        target = f"{step.output}[{0 if groups == 1 else 'i'}]"
        call = f"{target} = {step.op}({step.source}{start}, {step.size}{options});"
    return [call if groups == 1 else _loop(groups, call)]


def _product(step: Product) -> list[str]:
    m, k, n = step.sizes
    if step.batch == 1:
        return [f"matmul({step.a}, {step.b}, {step.output}, {m}, {k}, {n});"]
    places = f"{step.a} + {m * k} * i, {step.b} + {k * n} * i, {step.output} + {m * n} * i"
    return [_loop(step.batch, f"matmul({places}, {m}, {k}, {n});")]


def _chosen(step: Chosen) -> list[str]:
    tables: list[str] = []
    index = _element(step.chooser, f"{step.output}_chooser", tables)
    base = _place(step.bases, step.output, tables)
    limit = step.limit
    place = f"{base} + {step.stride} * (((int){index} % {limit} + {limit}) % {limit})"
    return [*tables, _loop(step.n, f"{step.output}[i] = {step.source}[{place}];")]


_WRITERS: dict[type, Callable[[Any], list[str]]] = {
    Chosen: _chosen,
    Each: _each,
    Grouped: _grouped,
    Joined: _joined,
    Product: _product,
}
