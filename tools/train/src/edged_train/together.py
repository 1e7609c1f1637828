"""Batches of groups of one talker's segments, which are each other's past for a network that centres (`centring.py`).

All examples of a group are of one version, with the same telephone and voice (`augmentation.by_talker`). In a share of the groups one
emotion prevails, as it does in life. Only its segments serve as past, and together they weigh only as much as two examples, so that
the network does not learn to expect the prevailing class as often as it occurs there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from edged_train.clips import ClipSet
from edged_train.draw import Draw
from edged_train.problem import Problem
from edged_train.recipe import Recipe

NEUTRAL = "neutral"
PREVAILING = 10
"""Segments of the prevailing emotion in a group of 16; in proportion for other sizes."""

NEUTRAL_PREVAILS = 0.6
"""How often neutral prevails, if the talker has it; otherwise any emotion, with equal probability."""

WEIGHT_OF_PREVAILING = 2.0
"""Total weight of the segments of the prevailing emotion, in examples."""


@dataclass(frozen=True)
class Seat:
    """A clip's place in a group."""

    clip: int
    weight: float = 1.0
    """In the loss."""
    is_past: bool = True
    """Whether it can serve as the others' past."""


def check(recipe: Recipe, clips: ClipSet) -> None:
    """Raises `Problem` if no talker has enough clips for a group."""
    most = max(map(len, clips.speakers().values()))
    if most < recipe.segmentation.together:
        raise Problem(
            f"segmentation.together asks for {recipe.segmentation.together} clips of a talker, and the most that one has said is {most}: "
            "name the talkers, or lower it"
        )


def groups(recipe: Recipe, clips: ClipSet, random: np.random.Generator) -> list[list[Seat]]:
    """Every talker's clips dealt into groups, in random order. Leftovers, fewer than a group, are skipped in this epoch; a talker with fewer clips in all epochs."""
    size = recipe.segmentation.together
    dealt: list[list[Seat]] = []
    for members in clips.speakers().values():
        left = random.permutation(members).tolist()
        while len(left) >= size:
            if random.random() < recipe.segmentation.one_sided_share:
                group = _one_sided(recipe, clips, members, left, random)
            else:
                group = [Seat(clip) for clip in left[:size]]
            taken = {seat.clip for seat in group if not seat.is_past or seat.weight == 1}
            left = [clip for clip in left if clip not in taken]
            dealt.append(group)
    return [dealt[index] for index in random.permutation(len(dealt))]


def _one_sided(
    recipe: Recipe, clips: ClipSet, members: NDArray[np.int64], left: Sequence[int], random: np.random.Generator
) -> list[Seat]:
    size = recipe.segmentation.together
    said = np.unique(clips.labels[members]).tolist()
    neutral = recipe.classes.index(NEUTRAL) if NEUTRAL in recipe.classes else -1
    prevails = neutral if neutral in said and random.random() < NEUTRAL_PREVAILS else int(random.choice(said))
    alike = random.permutation(members[clips.labels[members] == prevails])[: size * PREVAILING // 16].tolist()
    others = [clip for clip in left if clip not in alike][: size - len(alike)]
    weight = min(1.0, WEIGHT_OF_PREVAILING / max(1, len(alike)))
    return [Seat(clip, weight) for clip in alike] + [Seat(clip, is_past=False) for clip in others]


def epoch(
    recipe: Recipe,
    clips: ClipSet,
    version: Callable[[int, np.random.Generator], int],
    draw: Callable[[int, int, np.random.Generator], Draw],
    random: np.random.Generator,
) -> list[list[Draw]]:
    """Batches of whole groups: `version` draws a group's version, `draw` the stretch of each clip."""
    rows: list[list[Draw]] = []
    for group in groups(recipe, clips, random):
        heard = version(group[0].clip, random)
        rows.append([replace(draw(s.clip, heard, random), weight=s.weight, is_past=s.is_past) for s in group])
    each = recipe.training.batch // recipe.segmentation.together
    # One-sided groups use some clips twice; the epoch is cut to about as many draws as there are clips.
    rows = rows[: -(-len(clips.clips) // recipe.training.batch) * each]
    batches = [rows[first : first + each] for first in range(0, len(rows), each)]
    return [[draw for row in batch for draw in row] for batch in batches]


def order(size: int, together: int, random: np.random.Generator) -> NDArray[np.int64]:
    """A permutation of a batch within each group."""
    starts = range(0, size, together)
    return np.concatenate([start + random.permutation(min(together, size - start)) for start in starts])


def past(
    draws: Sequence[Draw], is_whole: NDArray[np.bool_], together: int, prior: int, random: np.random.Generator
) -> Tensor:
    """Row i: weights of the batch's draws as the past of draw i, as many of its group as its baseline knows, [draw, draw].

    A draw of which only the beginning is used (not `is_whole`) is never past.
    """
    weights = np.zeros((len(draws), len(draws)), np.float32)
    for index, draw in enumerate(draws):
        first = index // together * together
        group = range(first, min(first + together, len(draws)))
        others = [other for other in group if other != index and draws[other].is_past and is_whole[other]]
        count = min(len(others), draw.known)
        if count:
            weights[index, random.choice(others, count, replace=False)] = 1 / (count + prior)
    return torch.from_numpy(weights)
