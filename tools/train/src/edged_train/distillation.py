"""Distillation: the student learns the mean output of several trained networks.

The teachers get the same batch as the student, augmented, mixed and with the same baseline, so that the student learns their
function and not only their labels of the clips (Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015;
Beyer et al.: Knowledge distillation: A good teacher is patient and consistent, CVPR 2022).

With `training.clean_teachers` they get the same stretches of the clean clips: the student then learns to answer to a degraded voice
as they do to the clean one (Li, Seltzer, Wang, Zhao, Gong: Large-Scale Domain Adaptation via Teacher-Student
Learning, Interspeech 2017). With `segmentation.beginning_share` they get the full example where the student gets its beginning (Vapnik,
Vashist: A new learning paradigm: Learning using privileged information, Neural Networks 22, 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from edged_train import run
from edged_train.batches import Batch
from edged_train.frontend import FeatureMap
from edged_train.network import GraphNetwork
from edged_train.origin import Origin
from edged_train.problem import Problem
from edged_train.recipe import Recipe


@dataclass(frozen=True)
class Teacher:
    """A trained network, and the affine map from the student's inputs to its own."""

    network: GraphNetwork
    factor: Tensor
    offset: Tensor


class Teachers:
    """Runs whose mean output is learnt: any networks with the same front end and classes."""

    def __init__(self, runs: Sequence[Path], recipe: Recipe, device: torch.device) -> None:
        """Loads the runs' best checkpoints; raises `Problem` if classes or front end differ."""
        if bool(runs) != (recipe.training.distillation > 0):
            raise Problem(
                "training.distillation and --teachers need one another: a share of the targets, and who gives it"
            )
        self._device, self._share = device, recipe.training.distillation
        self._trained = [run.load_trained(folder) for folder in runs]
        for folder, trained in zip(runs, self._trained, strict=True):
            if trained.recipe.front_end != recipe.front_end or trained.recipe.classes != recipe.classes:
                raise Problem(f"{folder} has another front end or other classes: it cannot teach this recipe")
        self._teachers: list[Teacher] = []

    @property
    def origins(self) -> list[Origin]:
        """The teachers, and what they began with."""
        return [origin for of in self._trained for origin in (Origin.of(of.recipe), *of.began_with)]

    def hear(self, pupil: FeatureMap) -> None:
        """Maps the student's standardization to each teacher's, once it is known."""
        for trained in self._trained:
            own = trained.feature_map
            factor, offset = pupil.deviation / own.deviation, (pupil.mean - own.mean) / own.deviation
            network = trained.network.to(self._device).eval()
            self._teachers.append(Teacher(network, factor.to(self._device), offset.to(self._device)))

    @torch.no_grad()
    def targets(self, batch: Batch) -> Tensor:
        """The batch's targets mixed with the teachers' mean probabilities, by the recipe's share, [example, class]."""
        targets = batch.targets.to(self._device)
        if not self._teachers:
            return targets
        features, lengths = batch.teacher_features.to(self._device), batch.teacher_lengths.to(self._device)
        past = None if batch.past is None else batch.past.to(self._device)
        answers = [
            teacher.network(features * teacher.factor + teacher.offset, lengths, past).float().softmax(1)
            for teacher in self._teachers
        ]
        return torch.lerp(targets, torch.stack(answers).mean(0), self._share)
