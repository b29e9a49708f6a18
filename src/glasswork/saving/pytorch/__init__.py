"""Weights from PyTorch: files of `torch.save`, and safetensors, read without torch.

A .pt or .pth file holds a pickle, a program that may call anything. Here it is followed, one
instruction after the other, by a machine that has no way to import or call: it knows those that
`torch.save` writes, and the names that stand for tensors.
"""

from .loading import load_pytorch
from .reading import read_pytorch

__all__ = ["load_pytorch", "read_pytorch"]
