"""The training loop: resumable after every epoch, keeping the best averaged weights."""

from __future__ import annotations

import copy
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from edged_train import beginning, clips, graph, origin, run, scores, sessions, sharpness, together, writing
from edged_train.batches import Batch, Batches
from edged_train.distillation import Teachers
from edged_train.frontend import FeatureMap
from edged_train.group import Group
from edged_train.network import GraphNetwork
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.scores import Score

STANDARDIZATION_BATCHES = 60
"""Batches from which the mean and deviation of the columns are estimated."""

STANDARDIZATION, INITIALIZATION, EPOCH = 1, 2, 3
"""Random streams, each independent of how much the others have drawn."""


class Trainer:
    """Trains one recipe in one folder, from scratch or from where it was interrupted."""

    def __init__(
        self,
        recipe: Recipe,
        prepared: Path,
        folder: Path,
        device: torch.device,
        start: Path | None = None,
        group: Group | None = None,
        teachers: Sequence[Path] = (),
    ) -> None:
        """Loads the prepared clips; raises `Problem` if they, or an earlier run here, belong to another recipe.

        `start` is a run or a `model.bin` whose network this one begins with; `group`, the processes that train it;
        `teachers`, runs whose mean output it learns besides the labels.
        """
        self.recipe, self.folder, self.device = recipe, folder, device
        self.group = group or Group()
        if recipe.training.batch < self.group.size * max(1, recipe.segmentation.together):
            raise Problem(
                f"a batch of {recipe.training.batch} cannot be shared by {self.group.size} processes with {max(1, recipe.segmentation.together)} "
                "segments together: raise training.batch, or start fewer processes"
            )
        if (folder / "recipe.json").exists() and run.read_recipe(folder) != recipe:
            raise Problem(f"{folder} holds a run of another recipe; give --run another folder")
        self.teachers = Teachers(teachers, recipe, device)
        train = clips.load_train(recipe, prepared)
        together.check(recipe, train)
        self.dev = clips.load_dev(recipe, prepared, 0, train.centre)
        centre = torch.from_numpy(train.centre)
        self.feature_map = FeatureMap(centre, recipe.front_end)
        self.batches = Batches(recipe, train, self.feature_map)
        self.centre = centre
        run.seed_everything(recipe.seed, INITIALIZATION)
        nodes = graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes))
        self.network = GraphNetwork(nodes).to(device)
        self.standardized = False
        self.joined: tuple[str, ...] = ()
        self.left_out: tuple[str, ...] = ()
        """Parts of the network in `start` that are not used."""
        self.began_with = origin.kept(self.teachers.origins)
        """Networks that it began with or is taught by, as stored in a checkpoint."""
        if start:
            begun = beginning.load(start, recipe, self.network)
            # The network was trained on inputs standardized this way.
            self.feature_map.restore(begun.mean, begun.deviation)
            self.standardized, self.joined, self.left_out = True, begun.joined, begun.left_out
            self.began_with = origin.kept(begun.origins, self.teachers.origins)
        if self.group.leads:
            folder.mkdir(parents=True, exist_ok=True)
            run.write_recipe(recipe, folder)
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = _optimizer(recipe, self.network)
        self.epoch, self.step, self.best, self.best_epoch = 0, 0, -math.inf, 0
        self.waited, self.reduction = 0, 1.0

    @property
    def parameter_count(self) -> int:
        """Number of trainable parameters."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    @property
    def batch_count(self) -> int:
        """Number of batches in an epoch, counting a remainder."""
        return math.ceil(len(self.batches.clips.clips) / self.recipe.training.batch)

    def train(self) -> None:
        """Runs the remaining epochs, or fewer if the dev clips stop improving."""
        if (self.folder / run.LAST).exists():
            self._resume()
        elif not self.standardized:
            random = run.seed_everything(self.recipe.seed, STANDARDIZATION)
            self.feature_map.fit(self.batches.contexts(random, STANDARDIZATION_BATCHES))
        self.teachers.hear(self.feature_map)
        settings = self.recipe.training
        steps = settings.epochs * self.batch_count
        hidden = None if self.group.leads else True
        named = {"desc": self.recipe.name, "unit": "batch", "smoothing": 0.05, "disable": hidden}
        with tqdm(total=steps, initial=self.step, **named) as bar:
            while self.epoch < settings.epochs and not self._is_exhausted():
                bar.set_description(f"epoch {self.epoch + 1}/{settings.epochs}")
                loss = self._train_epoch(steps, bar)
                self.epoch += 1
                # The schedule counts nominal steps, so that dropped remainders do not keep the rate from reaching zero.
                self.step = self.epoch * self.batch_count
                bar.update(self.step - bar.n)
                if self.epoch % settings.evaluate_every == 0 or self.epoch == settings.epochs:
                    self._judge(loss, bar)
                if self.group.leads:
                    run.save(self.folder / run.LAST, self._checkpoint())

    def _judge(self, loss: float, bar: tqdm[Any]) -> None:
        """Evaluates in the leading process and shares the result with all."""
        if self.group.leads:
            shown = self._evaluate(loss)
            bar.set_postfix_str(shown)
            if bar.disable:
                print(f"epoch {self.epoch}/{self.recipe.training.epochs}: {shown}", file=sys.stderr, flush=True)
        state = (self.best, self.best_epoch, self.waited, self.reduction)
        self.best, self.best_epoch, self.waited, self.reduction = self.group.from_leader(state)

    def _train_epoch(self, steps: int, bar: tqdm[Any]) -> float:
        random = run.seed_everything(self.recipe.seed, EPOCH, self.epoch)
        plan, size = self.batches.epoch(random), max(1, self.recipe.segmentation.together)
        if self.group.size > 1:
            # All processes share one plan; each augments its share with its own random stream.
            plan = [draws for draws in plan if len(draws) >= self.group.size * size]
            random = run.seed_everything(self.recipe.seed, EPOCH, self.epoch, self.group.rank)
        shares = [self.group.share(draws, size) for draws in plan]
        self.network.train()
        total, count = 0.0, 0.0
        for draws, batch in zip(plan, self.batches.render(shares, random), strict=True):
            rate = _learning_rate(self.recipe, self.step / steps) * self.reduction
            for group in self.optimizer.param_groups:
                group["lr"] = rate
            # Shares may differ by an example or a group; weighted so that all examples count equally.
            weight = float(batch.weights.sum()) * self.group.size / sum(draw.weight for draw in draws)
            targets = self.teachers.targets(batch)
            loss = self._backward(batch, targets, weight)
            if self.recipe.training.sharpness:
                with sharpness.uphill(self.network, self.recipe.training.sharpness):
                    self._backward(batch, targets, weight)
            self.group.mean(p.grad for p in self.network.parameters() if p.grad is not None)
            nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.training.clip_norm)
            self.optimizer.step()
            self._update_average()
            self.step += 1
            bar.update()
            total, count = total + loss * len(batch.targets), count + len(batch.targets)
        if self.group.size > 1:
            sums = torch.tensor([total, count], device=self.device)
            self.group.mean([sums])
            self.group.mean(b for n in (self.network, self.average) for b in n.buffers() if b.dtype.is_floating_point)
            total, count = float(sums[0]), float(sums[1])
        if not math.isfinite(total):
            raise Problem(
                f"the loss is not finite in epoch {self.epoch + 1}; lower training.learning_rate, or take a network whose pooling leaves a row of the "
                "shortest segment"
            )
        return total / count

    def _backward(self, batch: Batch, targets: Tensor, weight: float) -> float:
        """The mean loss of a batch against its targets; leaves its gradients times `weight` in the network."""
        past = None if batch.past is None else batch.past.to(self.device)
        logits = self.network(batch.features.to(self.device), batch.lengths.to(self.device), past)
        losses = -(targets * logits.float().log_softmax(1)).sum(1)
        weights = batch.weights.to(self.device)
        loss: Tensor = (losses * weights).sum() / weights.sum()
        self.optimizer.zero_grad(set_to_none=True)
        (loss * weight + self.network.penalty()).backward()  # type: ignore[no-untyped-call]
        return loss.item()

    @torch.no_grad()
    def _update_average(self) -> None:
        # Short memory at first, so that the initial weights are forgotten.
        decay = min(self.recipe.training.average, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.state_dict().values(), self.network.state_dict().values(), strict=True)
        for averaged, value in pairs:
            if averaged.dtype.is_floating_point:
                averaged.lerp_(value, 1 - decay)
            else:
                averaged.copy_(value)

    def _evaluate(self, loss: float) -> str:
        figures: dict[str, float] = {"epoch": self.epoch, "loss": round(loss, 4)}
        rate = self.optimizer.param_groups[0]["lr"]
        if self.recipe.evaluation.protocol == "whole":
            whole, dev_loss = self._score([None], whole=True)
            figures |= {"whole": _percent(whole.accuracy), "whole_uar": _percent(whole.uar)}
            best, shown = whole.accuracy, f"dev whole clips {_percent(whole.accuracy):.1f} %"
        else:
            session, dev_loss = self._score(list(range(self.recipe.evaluation.orders)))
            single, _ = self._score([None])
            figures |= {"session": _percent(session.accuracy), "session_uar": _percent(session.uar)}
            figures |= {"cold": _percent(single.accuracy)}
            best = session.accuracy
            shown = f"dev sessions {figures['session']:.1f} %, cold {figures['cold']:.1f} %"
        figures |= {"dev_loss": round(dev_loss, 4), "rate": float(f"{rate:.3g}")}
        # Written anew as a whole: after half a line, as a full disk leaves, the run could not be continued.
        log = self.folder / "log.jsonl"
        earlier = log.read_bytes() if log.exists() else b""
        writing.write(log, earlier + json.dumps(figures).encode() + b"\n")
        if best > self.best:
            self.best, self.best_epoch, self.waited = best, self.epoch, 0
            run.save(self.folder / run.BEST, self._model())
        else:
            self._wait()
        return f"loss {loss:.3f}, {shown}"

    def _score(self, orders: Sequence[int | None], *, whole: bool = False) -> tuple[Score, float]:
        """Score and loss of the averaged network on the dev clips; an order of None means cold."""
        judgements = [
            sessions.hear(self.recipe, self.average, self.feature_map, self.dev, whole=whole, order=order).logits
            for order in orders
        ]
        score = scores.score(self.recipe.classes, self.dev.labels, judgements)
        return score, scores.surprise(self.dev.labels, judgements)

    def _wait(self) -> None:
        """Counts an evaluation without a new best; on a plateau, reduces the learning rate."""
        settings = self.recipe.training
        self.waited += 1
        if settings.schedule == "plateau" and self.waited % settings.plateau == 0:
            self.reduction *= settings.plateau_factor

    def _is_exhausted(self) -> bool:
        waited = self.epoch - max(self.best_epoch, 0)
        return waited > self.recipe.training.patience * self.recipe.training.evaluate_every

    def _model(self) -> dict[str, Any]:
        return {
            "average": self.average.state_dict(),
            "centre": self.centre,
            "mean": self.feature_map.mean,
            "deviation": self.feature_map.deviation,
            "epoch": self.epoch,
            "joined": list(self.joined),
            "began_with": self.began_with,
        }

    def _checkpoint(self) -> dict[str, Any]:
        return self._model() | {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "best": self.best,
            "best_epoch": self.best_epoch,
            "waited": self.waited,
            "reduction": self.reduction,
        }

    def _resume(self) -> None:
        checkpoint = run.load(self.folder / run.LAST)
        self.network.load_state_dict(checkpoint["network"])
        self.average.load_state_dict(checkpoint["average"])
        self.optimizer.load_state_dict(checkpoint["optimizer"])
        self.feature_map.restore(checkpoint["mean"], checkpoint["deviation"])
        self.epoch, self.step = checkpoint["epoch"], checkpoint["step"]
        self.joined = tuple(checkpoint.get("joined", ()))
        self.began_with = checkpoint.get("began_with", [])
        self.best, self.best_epoch = checkpoint["best"], checkpoint["best_epoch"]
        self.waited, self.reduction = checkpoint.get("waited", 0), checkpoint.get("reduction", 1.0)
        # If interrupted between an evaluation and its checkpoint, the log has lines that will be written again.
        if not self.group.leads:
            return
        print(f"continues after epoch {self.epoch} of {self.recipe.training.epochs}", file=sys.stderr)
        log = self.folder / "log.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines(keepends=True) if log.exists() else []
        kept = [line for line in lines if json.loads(line)["epoch"] <= self.epoch]
        writing.write(log, "".join(kept).encode())


def _optimizer(recipe: Recipe, network: nn.Module) -> torch.optim.Optimizer:
    settings = recipe.training
    matrices = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in network.parameters() if parameter.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": settings.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=settings.betas)


def _percent(share: float) -> float:
    return round(100 * share, 2)


def _learning_rate(recipe: Recipe, progress: float) -> float:
    """Linear warm-up, then half a cosine down to zero, or no change; `progress` in 0…1."""
    peak, warm_up = recipe.training.learning_rate, recipe.training.warm_up
    if progress < warm_up:
        return peak * max(progress, 1e-3) / warm_up
    if recipe.training.schedule == "plateau":
        return peak
    return peak * 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up)))
