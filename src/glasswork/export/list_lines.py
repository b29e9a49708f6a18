"""How each loop is written with Python's lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .elements import DEFAULTS, ELEMENTS, MATH, pattern, template
from .flat import ALONG, Chosen, Each, Grouped, Joined, Product, Read, Step

__all__ = ["FUNCTIONS", "statement"]

_ELEMENTS = {
    **ELEMENTS,
    **{name: f"math.{name}({{0}})" for name in MATH},
    "power": "{0} ** {1}",
    "abs": "abs({0})",
    "sign": "({0} > 0) - ({0} < 0)",
    "maximum": "max({0}, {1})",
    "minimum": "min({0}, {1})",
    "where": "{1} if {0} else {2}",
    "logical_and": "bool({0} and {1})",
    "logical_or": "bool({0} or {1})",
    "logical_xor": "bool({0}) != bool({1})",
    "logical_not": "not {0}",
    "bitwise_and": "{0} & {1}",
    "bitwise_or": "{0} | {1}",
    "bitwise_xor": "{0} ^ {1}",
    "invert": "~{0}",
    "isnan": "math.isnan({0})",
    "isinf": "math.isinf({0})",
    "isfinite": "math.isfinite({0})",
    "as_i": "int({0})",
    "as_u": "int({0})",
    "as_b": "bool({0})",
    "relu": "max({0}, 0.0)",
    "leaky_relu": "{0} if {0} > 0 else {slope} * {0}",
    "elu": "{0} if {0} > 0 else {alpha} * math.expm1({0})",
    "softplus": "max({0}, 0.0) + math.log1p(math.exp(-abs({0})))",
    "gelu": "0.5 * {0} * (1 + math.erf(0.7071067811865476 * {0}))",
    "gelu_by_tanh": "0.5 * {0} * (1 + math.tanh(0.7978845608028654 * ({0} + 0.044715 * {0} ** 3)))",
}
FUNCTIONS = {
    "numbers": '''
def numbers(kind, text):
    """Unpack a list of numbers: base64, lowest byte first."""
    return [number for (number,) in struct.iter_unpack("<" + kind, base64.b64decode(text))]
''',
    "sigmoid": """
def sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))
""",
    "groups": '''
def groups(x, n):
    """Cut x into pieces of n numbers."""
    return [x[i : i + n] for i in range(0, len(x), n)]
''',
    "matmul": '''
def matmul(a, b, k, n):
    """Multiply rows of k numbers by a matrix of k rows of n."""
    columns = [b[j::n] for j in range(n)]
    return [sum(map(mul, row, column)) for row in groups(a, k) for column in columns]
''',
    "mean": """
def mean(x):
    return sum(x) / len(x)
""",
    "var": """
def var(x, ddof=0):
    center = mean(x)
    return sum((v - center) ** 2 for v in x) / (len(x) - ddof)
""",
    "std": """
def std(x, ddof=0):
    return math.sqrt(var(x, ddof))
""",
    "norm": """
def norm(x, p=2):
    sizes = [abs(v) for v in x]
    if math.isinf(p):
        return max(sizes) if p > 0 else min(sizes)
    return sum(v**p for v in sizes) ** (1 / p)
""",
    "logsumexp": """
def logsumexp(x):
    top = max(x)
    return top + math.log(sum(math.exp(v - top) for v in x))
""",
    "softmax": """
def softmax(x):
    top = max(x)
    e = [math.exp(v - top) for v in x]
    total = sum(e)
    return [v / total for v in e]
""",
    "log_softmax": """
def log_softmax(x):
    total = logsumexp(x)
    return [v - total for v in x]
""",
    "cumsum": """
def cumsum(x):
    return list(accumulate(x))
""",
    "argmax": """
def argmax(x):
    return x.index(max(x))
""",
    "argmin": """
def argmin(x):
    return x.index(min(x))
""",
    "argsort": """
def argsort(x):
    return sorted(range(len(x)), key=x.__getitem__)
""",
}


def statement(step: Step) -> str:
    """The line that makes the list of a loop."""
    return f"{step.output} = {_WRITERS[type(step)](step)}"


def _each(step: Each) -> str:
    expression = template(step, _ELEMENTS)
    variables: dict[str, str] = {}
    operands = []
    for read in step.reads:
        if not read.source:
            operands.append(_number(read.number))
        elif read.size == 1 or (step.n == 1):
            operands.append(f"{read.source}[{read.places[0]}]")
        else:
            taken = _taken(read)
            operands.append(variables.setdefault(taken, "abcdefgh"[len(variables)]))
    element = expression.format(*operands, **DEFAULTS | step.params)
    if not variables:
        return f"[{element}]" + (f" * {step.n}" if step.n > 1 else "")
    if step.op == "copy":
        return next(iter(variables))
    lists, names = list(variables), ", ".join(variables.values())
    source = lists[0] if len(lists) == 1 else f"zip({', '.join(lists)})"
    return f"[{element} for {names} in {source}]"


def _taken(read: Read) -> str:
    """The elements that a loop reads, as a list."""
    rule, name = pattern(read.places), read.source
    n = read.places.size
    if read.whole:
        return name
    if rule.kind == "run" and rule.step:
        stop = rule.start + rule.step * n
        last = "" if stop < 0 or (rule.step > 0 and stop >= read.size) else str(stop)
        return f"{name}[{rule.start or ''}:{last}{f':{rule.step}' if rule.step != 1 else ''}]"
    if rule.kind == "tile" and rule.every == read.size and n % rule.every == 0:
        return f"{name} * {n // rule.every}"
    if rule.kind == "repeat" and rule.every * read.size == n:
        return f"[v for v in {name} for _ in range({rule.every})]"
    return f"[{name}[i] for i in {_tuple(read.places.tolist())}]"


def _joined(step: Joined) -> str:
    return " + ".join(part if isinstance(part, str) else f"[{part}]" for part, _ in step.parts)


def _grouped(step: Grouped) -> str:
    options = "".join(f", {_number(step.params[k])}" for k in ("ddof", "p") if k in step.params)
    whole = step.op in ALONG
    if step.n == (step.size if whole else 1):
        call = f"{step.op}({step.source}{options})"
        return call if whole else f"[{call}]"
    call, pieces = f"{step.op}(group{options})", f"group in groups({step.source}, {step.size})"
    return f"[v for {pieces} for v in {call}]" if whole else f"[{call} for {pieces}]"


def _product(step: Product) -> str:
    m, k, n = step.sizes
    if step.batch == 1:
        return f"matmul({step.a}, {step.b}, {k}, {n})"
    pairs = f"zip(groups({step.a}, {m * k}), groups({step.b}, {k * n}))"
    return f"[v for a, b in {pairs} for v in matmul(a, b, {k}, {n})]"


def _chosen(step: Chosen) -> str:
    index = _taken(step.chooser)
    times = "" if step.stride == 1 else f"{step.stride} * "
    place = f"{times}(int(i) % {step.limit})"
    if not step.bases.any():
        return f"[{step.source}[{place}] for i in {index}]"
    bases = _tuple(step.bases.tolist())
    return f"[{step.source}[start + {place}] for start, i in zip({bases}, {index})]"


def _number(value: Any) -> str:
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        text = text.replace("inf", "math.inf").replace("nan", "math.nan")
    return f"({text})" if text.startswith("-") else text


def _tuple(values: list[Any]) -> str:
    return f"({', '.join(map(str, values))}{',' if len(values) == 1 else ''})"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Chosen: _chosen,
    Each: _each,
    Grouped: _grouped,
    Joined: _joined,
    Product: _product,
}
