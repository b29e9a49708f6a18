"""Names mean tensors, or nothing."""

import pytest

from glasswork.errors import DataError
from glasswork.saving.pytorch.names import Call, meaning


def test_a_storage_is_named_with_what_its_bytes_mean():
    assert meaning("torch", "HalfStorage").dtype == "float16"
    assert meaning("torch", "BFloat16Storage").width == 4


def test_a_function_is_named_by_ours():
    assert isinstance(meaning("torch._utils", "_rebuild_tensor_v2"), Call)


def test_a_name_without_a_meaning_is_refused_with_what_to_do():
    with pytest.raises(DataError, match=r"'os.system'(?s:.*)nothing is run(?s:.*)state_dict\(\)"):
        meaning("os", "system")
