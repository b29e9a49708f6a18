"""Networks in forms that run without Glasswork: ONNX, one file of Python, one file of C.

All are written from the same graph of ops, for predictions: layers are in eval mode.
"""

from .onnx_file import onnx

__all__ = ["onnx"]
