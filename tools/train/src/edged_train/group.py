"""Data-parallel training by several processes, started by `torchrun`; a single process is a group of one.

Every process draws the same plan for an epoch, takes its share of every batch, and averages its gradients with the
others', as if one process had trained the network. BatchNorm statistics are per share.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from edged_train.problem import Problem

Item = TypeVar("Item")


@dataclass(frozen=True)
class Group:
    """This process's rank and the number of processes."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process evaluates, writes and shows progress."""
        return self.rank == 0

    def share(self, items: Sequence[Item], together: int = 1) -> list[Item]:
        """This process's part of a batch, in runs of `together` items that are not split."""
        starts = range(self.rank * together, len(items), self.size * together)
        return [item for start in starts for item in items[start : start + together]]

    def mean(self, tensors: Iterable[Tensor]) -> None:
        """Replaces tensors by their means over all processes, in place, in one message."""
        kept = list(tensors)
        if self.size == 1 or not kept:
            return
        together = torch.cat([tensor.detach().flatten() for tensor in kept])
        dist.all_reduce(together)
        together /= self.size
        first = 0
        for tensor in kept:
            tensor.copy_(together[first : first + tensor.numel()].view_as(tensor))
            first += tensor.numel()

    def from_leader(self, value: Item) -> Item:
        """Broadcasts the leading process's value to all."""
        if self.size == 1:
            return value
        box: list[Any] = [value]
        dist.broadcast_object_list(box, src=0)
        told: Item = box[0]
        return told


def join(device: torch.device) -> Group:
    """The group given by the environment variables of `torchrun`; a group of one without them.

    Raises `Problem` if the processes cannot find each other.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return Group()
    try:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        raise Problem(f"cannot join the other {size - 1} processes: {error}; start them with torchrun") from error
    return Group(dist.get_rank(), size)


def leave() -> None:
    """Leaves the group once all processes are done."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def device(name: str | None) -> torch.device:
    """The named device; without a name a GPU, one per process, or else the CPU.

    Raises `Problem` for a device that does not exist, or that this build of torch does not support.
    """
    if name:
        try:
            torch.zeros(1, device=name).item()
        except (RuntimeError, AssertionError, NotImplementedError) as error:
            raise Problem(
                f"--device {name}: there is no such device for torch {torch.__version__}, or it cannot compute; "
                "leave --device out, which takes a GPU where there is one"
            ) from error
        return torch.device(name)
    if not torch.cuda.is_available():
        return torch.device("cpu")
    chosen = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    torch.cuda.set_device(chosen)
    return chosen
