"""Files travel between our reader and writer and the reference implementation, both ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

from glasswork.errors import DataError
from glasswork.saving.safetensors import read_safetensors, write_safetensors

pytestmark = pytest.mark.peers
official = pytest.importorskip("safetensors")
official_numpy = pytest.importorskip("safetensors.numpy")

CODES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
TENSORS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5).filter("__metadata__".__ne__),
    st.sampled_from(CODES).flatmap(
        lambda code: drawn.arrays(code, drawn.array_shapes(min_dims=0, min_side=0, max_side=4))
    ),
    max_size=4,
)


def assert_same(ours, theirs):
    assert set(ours) == set(theirs)
    for name, array in theirs.items():
        assert ours[name].dtype == array.dtype
        assert ours[name].shape == array.shape
        assert ours[name].tobytes() == array.tobytes()


@given(TENSORS)
def test_the_reference_reads_what_we_write(tmp_path_factory, tensors):
    path = tmp_path_factory.getbasetemp() / "ours.safetensors"
    write_safetensors(path, tensors, {"format": "np", "γ": '{"a": 1}'})
    assert_same(tensors, official_numpy.load_file(path))
    with official.safe_open(path, framework="numpy") as file:
        assert file.metadata() == {"format": "np", "γ": '{"a": 1}'}


@given(TENSORS)
def test_we_read_what_the_reference_writes(tmp_path_factory, tensors):
    path = tmp_path_factory.getbasetemp() / "theirs.safetensors"
    official_numpy.save_file(tensors, path, {"k": "v"})
    arrays, metadata = read_safetensors(path)
    assert_same(arrays, tensors)
    assert metadata == {"k": "v"}


def test_bf16_is_read_as_torch_reads_it(tmp_path):
    torch = pytest.importorskip("torch")
    save_file = pytest.importorskip("safetensors.torch").save_file
    tensor = torch.randn(50, generator=torch.Generator().manual_seed(0)).to(torch.bfloat16)
    save_file({"a": tensor, "b": tensor[0].clone()}, tmp_path / "torch.safetensors")
    arrays, _ = read_safetensors(tmp_path / "torch.safetensors")
    np.testing.assert_array_equal(arrays["a"], tensor.float().numpy())
    np.testing.assert_array_equal(arrays["b"], tensor[0].float().numpy())


@settings(max_examples=300)
@given(st.data())
def test_what_the_reference_refuses_we_refuse(tmp_path_factory, data):
    content = bytearray(official_numpy.save({"w": np.ones((2, 3), "f4"), "b": np.ones(2, "u1")}))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255) | st.sampled_from(b'0129[]{}",:-FU'))
    path = tmp_path_factory.getbasetemp() / "mutated.safetensors"
    path.write_bytes(content)
    try:
        official_numpy.load_file(path)
    except official.SafetensorError:
        with pytest.raises(DataError):
            read_safetensors(path)
