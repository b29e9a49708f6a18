"""The names in a pickle that stand for tensors, and what they mean here. No other has a meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...errors import DataError
from .views import Numbers, Storage, View

__all__ = ["Call", "meaning"]


class Call(NamedTuple):
    """A function of PyTorch's, by one of ours that stands for it."""

    function: Callable[..., Any]


def meaning(module: str, name: str) -> Call | Numbers:
    """What a name stands for.

    Raises
    ------
    DataError
        If it is none that a state dict needs: its code is neither looked for nor run.
    """
    if (found := _MEANINGS.get(f"{module}.{name}")) is not None:
        return found
    raise DataError(
        f"the file asks for {f'{module}.{name}'!r:.100}.\n"
        "  Only numbers, text, lists, dicts and tensors are read, and nothing is run.\n"
        "  Where the file was made: torch.save(model.state_dict(), path)."
    )


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> View:
    if isinstance(storage, Storage) and isinstance(shape, tuple) and isinstance(strides, tuple):
        return View(storage, storage.numbers, offset, shape, strides).checked()
    raise TypeError


def _tensor_of_dtype(
    storage: Any, offset: Any, shape: Any, strides: Any, _gradient: Any, _hooks: Any,
    numbers: Any, *_: Any,
) -> View:  # fmt: skip
    view = _tensor(storage, offset, shape, strides)
    if isinstance(numbers, Numbers):
        return view._replace(numbers=numbers).checked()
    raise TypeError


def _parameter(view: Any, *_: Any) -> View:
    if isinstance(view, View):
        return view
    raise TypeError


STORAGES = {
    "Double": "f8", "Float": "f4", "Half": "f2", "Long": "i8", "Int": "i4", "Short": "i2",
    "Char": "i1", "Byte": "u1", "Bool": "?",
}  # fmt: skip
_MEANINGS: dict[str, Call | Numbers] = {
    "torch._utils._rebuild_tensor": Call(_tensor),
    "torch._utils._rebuild_tensor_v2": Call(_tensor),
    "torch._utils._rebuild_tensor_v3": Call(_tensor_of_dtype),
    "torch._utils._rebuild_parameter": Call(_parameter),
    "collections.OrderedDict": Call(dict),
    **{f"torch.{kind}Storage": Numbers(np.dtype(code)) for kind, code in STORAGES.items()},
    "torch.BFloat16Storage": Numbers(np.dtype("u2"), is_bfloat16=True),
    "torch.storage.UntypedStorage": Numbers(np.dtype("u1")),
    **{f"torch.uint{8 * width}": Numbers(np.dtype(f"u{width}")) for width in (2, 4, 8)},
}
