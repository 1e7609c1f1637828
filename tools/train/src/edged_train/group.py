"""Several processes that train one network, as `torchrun` starts them; one process alone is a group of one.

Every process draws the same plan of an epoch, takes its share of every batch, and adds its gradients to those of the
others, so that the network learns what one process would have taught it. Statistics of BatchNorm are of a share.
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
    """This process's place among them."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that judges, writes and shows progress."""
        return self.rank == 0

    def share(self, items: Sequence[Item], together: int = 1) -> list[Item]:
        """This process's part of a batch, of which so many items at a time stay together."""
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
        """The leading process's value, in all of them."""
        if self.size == 1:
            return value
        box: list[Any] = [value]
        dist.broadcast_object_list(box, src=0)
        told: Item = box[0]
        return told


def join(device: torch.device) -> Group:
    """The group that `torchrun` started this process in, by its environment; a group of one without.

    Raises `Problem` where processes cannot find each other.
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
    """Ends what `join` began, once all processes are done with it."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def device(name: str | None) -> torch.device:
    """The device of that name; without one a GPU, of several processes another one each, or the processor.

    Raises `Problem` for a device that is not there, or that this torch was not built for.
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
