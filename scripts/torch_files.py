"""Write the files of PyTorch that the tests read: python scripts/torch_files.py (needs torch)."""

from pathlib import Path

import torch

FOLDER = Path(__file__).parents[1] / "tests" / "saving" / "pytorch" / "files"


def tensors() -> dict[str, torch.Tensor]:
    """A layer, its normalization, and views of all kinds; the values are counted, not drawn."""
    grid = torch.arange(12, dtype=torch.float64).reshape(3, 4)
    return {
        "0.weight": torch.arange(6, dtype=torch.float32).reshape(2, 3),
        "0.bias": torch.tensor([-1.0, 1.0]),
        "1.weight": torch.tensor([2.0, 3.0]),
        "1.bias": torch.tensor([4.0, 5.0]),
        "1.running_mean": torch.tensor([6.0, 7.0]),
        "1.running_var": torch.tensor([8.0, 9.0]),
        "1.num_batches_tracked": torch.tensor(3),
        "view.transposed": grid.T,
        "view.every other": grid[1:, ::2],
        "view.expanded": torch.ones(1).expand(3),
        "view.empty": torch.zeros(0, 3),
        "kind.bfloat16": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "kind.bool": torch.tensor([True, False]),
        "kind.uint16": torch.tensor([1, 65535], dtype=torch.uint16),
        "kind.parameter": torch.nn.Parameter(torch.tensor([0.5])),
    }


def main() -> None:
    """Write one file for each container, and one of a training that holds more than tensors."""
    FOLDER.mkdir(exist_ok=True)
    torch.save(tensors(), FOLDER / "archive.pt")
    torch.save(tensors(), FOLDER / "sequence.pt", _use_new_zipfile_serialization=False)
    training = {"model": {"w": torch.ones(2)}, "epoch": 3, "options": {"betas": (0.9, 0.99)}}
    torch.save(training, FOLDER / "training.pt", pickle_protocol=4)
    torch.save(torch.nn.Linear(2, 1), FOLDER / "whole_model.pt")


if __name__ == "__main__":
    main()
