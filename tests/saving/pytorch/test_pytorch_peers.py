"""What torch saves is what we read, and a network of torch's answers as ours with its weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.nn import BatchNorm, Linear, ReLU, Sequential
from glasswork.saving import load_pytorch, read_pytorch

pytestmark = pytest.mark.peers
torch = pytest.importorskip("torch")

DTYPES = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.int16,
    torch.int8,
    torch.uint8,
    torch.bool,
    torch.uint16,
    torch.uint32,
    torch.uint64,
]
OPTIONS = [
    {},
    {"_use_new_zipfile_serialization": False},
    {"pickle_protocol": 4},
    {"pickle_protocol": 5},
    {"pickle_protocol": 4, "_use_new_zipfile_serialization": False},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_and_container_is_read(tmp_path, dtype, options):
    tensors = {"m": torch.arange(12).reshape(3, 4).to(dtype), "s": torch.tensor(1).to(dtype)}
    tensors["v"] = tensors["m"].T[1:]
    torch.save(tensors, tmp_path / "a.pt", **options)
    arrays = read_pytorch(tmp_path / "a.pt")
    for name, tensor in tensors.items():
        expected = tensor.float() if dtype == torch.bfloat16 else tensor
        np.testing.assert_array_equal(arrays[name], expected.numpy(), strict=True)


@given(st.data())
def test_any_view_is_read(tmp_path_factory, data):
    tensor = torch.arange(60.0).reshape(3, 4, 5)
    for _ in range(data.draw(st.integers(1, 4))):
        axis = data.draw(st.integers(0, tensor.ndim - 1))
        step = data.draw(st.integers(1, 2))
        start = data.draw(st.integers(0, max(tensor.shape[axis] - 1, 0)))
        slices = [slice(None)] * tensor.ndim
        slices[axis] = slice(start, None, step)
        tensor = tensor[tuple(slices)].transpose(0, axis)
    path = tmp_path_factory.getbasetemp() / "view.pt"
    torch.save({"a": tensor}, path)
    np.testing.assert_array_equal(read_pytorch(path)["a"], tensor.numpy())


@pytest.mark.parametrize("kind", ["archive", "sequence", "safetensors"])
def test_a_network_answers_alike_with_the_same_weights(tmp_path, kind):
    torch.manual_seed(0)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 3)
    )
    x = torch.randn(64, 4)
    theirs(x)  # moves the running values
    path = tmp_path / "model.pt"
    if kind == "safetensors":
        pytest.importorskip("safetensors.torch").save_file(theirs.state_dict(), path)
    else:
        torch.save(theirs.state_dict(), path, _use_new_zipfile_serialization=kind == "archive")
    ours = Sequential(Linear(4, 8), BatchNorm(8), ReLU(), Linear(8, 3))
    load_pytorch(ours, path)
    expected = theirs.eval()(x).detach().numpy()
    np.testing.assert_allclose(ours.eval()(x.numpy()).els, expected, rtol=1e-5, atol=1e-6)


def test_an_optimizer_beside_the_model_is_passed_over(tmp_path):
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    state = {"epoch": 1, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, tmp_path / "a.pt")
    line = Linear(2, 1)
    load_pytorch(line, tmp_path / "a.pt", entry="model")
    np.testing.assert_array_equal(line.weights.els, model.weight.detach().numpy().T)
