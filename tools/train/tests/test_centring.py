"""A talker's mean is subtracted as far as was learnt, of segments of the same talker alone, in training as on the device."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from conftest import small_recipe
from edged_train import beginning, clips, export, graph, prepare, run, sessions, together
from edged_train.average import average
from edged_train.batches import Batch, Batches
from edged_train.beginning import load
from edged_train.centring import TalkerMean
from edged_train.clips import ClipSet
from edged_train.draw import Draw
from edged_train.evaluation import Temperatures
from edged_train.frontend import FeatureMap
from edged_train.group import Group
from edged_train.network import GraphNetwork
from edged_train.problem import Problem
from edged_train.recipe import Recipe
from edged_train.trainer import Trainer
from synthetic import BANDS, speech, write_features

CPU = torch.device("cpu")


def centred(**changes: Any) -> Recipe:
    """`small_recipe` of a network that centres, three segments of a talker together."""
    network = {"channels": 8, "hidden": 8, "head": 8, "dilations": [1, 2], "centre_segments": 4, "centre_prior": 2}
    training = {"epochs": 4, "batch": 6, "learning_rate": 0.01, "average": 0.9, "evaluate_every": 1}
    segmentation = {"together": 3} | changes.pop("segmentation", {})
    augmentation = {"versions": 2, "frequency_mask_coefficients": 2, "by_talker": True}
    return small_recipe(
        augmentation=augmentation,
        network=network,
        training=training | changes.pop("training", {}),
        segmentation=segmentation,
        **changes,
    )


@pytest.fixture
def prepared(prepared: Path) -> Path:
    """As for `small_recipe`, as if its versions were each of a talker; what is stored is the same."""
    (prepared / "prepared.json").write_text(json.dumps(prepare._description(centred())))
    return prepared


def uncentred(**changes: Any) -> Recipe:
    """`small_recipe` on the same versions."""
    return small_recipe(augmentation={"versions": 2, "frequency_mask_coefficients": 2, "by_talker": True}, **changes)


def network(recipe: Recipe) -> GraphNetwork:
    """Untrained, but for what it subtracts, and what it takes for anybody's mean."""
    torch.manual_seed(0)
    net = GraphNetwork(graph.build(recipe.network, recipe.front_end.columns, len(recipe.classes))).eval()
    centre = net.centre("centre")
    torch.nn.init.uniform_(centre.amount, -0.5, 1.5)
    torch.nn.init.normal_(centre.mean)
    return net


def batches(recipe: Recipe, prepared: Path) -> tuple[Batches, ClipSet]:
    train = clips.load_train(recipe, prepared)
    return Batches(recipe, train, FeatureMap(torch.from_numpy(train.centre), recipe.front_end)), train


def rendered(source: Batches, epochs: int = 3) -> list[tuple[list[Draw], Batch]]:
    random = np.random.default_rng(0)
    plans = [source.epoch(random) for _ in range(epochs)]
    return [pair for plan in plans for pair in zip(plan, source.render(plan, random), strict=True)]


def test_mean_of_a_talker_is_drawn_to_nobodys_and_forgets_what_is_long_past():
    random = np.random.default_rng(0)
    vectors = torch.from_numpy(random.normal(size=(9, 5)))
    everybodys = torch.from_numpy(random.normal(size=5))
    talker = TalkerMean(4, 2, everybodys)
    assert not talker.offset.any()
    for count in range(1, 5):
        talker.add(vectors[count - 1])
        torch.testing.assert_close(talker.offset, (vectors[:count] - everybodys).sum(0) / (count + 2))
    total = (vectors[:4] - everybodys).sum(0)
    for vector in vectors[4:]:
        talker.add(vector)
        total = (total + vector - everybodys) * 4 / 5
        torch.testing.assert_close(talker.offset, total / 6)


def test_network_subtracts_as_much_as_it_has_learnt_of_the_past_of_each():
    net = network(centred())
    random = torch.Generator().manual_seed(1)
    features, lengths = torch.randn(3, 40, BANDS, generator=random), torch.tensor([40, 31, 40])
    past = torch.tensor([[0, 0.2, 0.2], [0, 0, 0], [0.25, 0, 0]])
    ((name, source),) = net.centred.items()
    centre = net.centre(name)
    with torch.inference_mode():
        plain, found = net(features, lengths), net(features, lengths, past)
        values = net.before_centring(features, lengths)
        vectors = values[source]
        means = [0.2 * (vectors[1] + vectors[2]) - 0.4 * centre.mean, 0 * vectors[1], 0.25 * (vectors[0] - centre.mean)]
        moved = values | {source: vectors - centre.amount * torch.stack(means)}
        expected = net.behind_centring(moved, {})
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(found[1], plain[1])
    assert (found[[0, 2]] - plain[[0, 2]]).abs().max() > 1e-3


def test_everybodys_mean_is_learnt_in_training_alone():
    net = network(centred())
    centre = net.centre("centre")
    torch.nn.init.zeros_(centre.mean)
    random = torch.Generator().manual_seed(1)
    features, lengths = torch.randn(6, 40, BANDS, generator=random) + 2, torch.full((6,), 40)
    net(features, lengths, torch.zeros(6, 6))
    assert not centre.mean.any()
    net.train()
    for _ in range(3):
        net(features, lengths, torch.zeros(6, 6))
    assert centre.mean.any()
    before = centre.mean.clone()
    net(features, lengths)
    assert torch.equal(centre.mean, before)


def test_batch_is_of_groups_of_one_talker_and_version(prepared: Path):
    source, train = batches(centred(), prepared)
    for draws, batch in rendered(source):
        assert len(draws) % 3 == 0 and batch.past is not None
        for first in range(0, len(draws), 3):
            group = draws[first : first + 3]
            assert len({train.clips[draw.clip].speaker for draw in group}) == 1
            assert len({draw.version for draw in group}) == 1 and len({draw.clip for draw in group}) == 3
        # Nobody is their own past, or that of another group.
        groups = np.arange(len(draws)) // 3
        assert not batch.past[torch.from_numpy(groups[:, None] != groups)].any()
        assert not batch.past.diagonal().any()
        for row, draw in zip(batch.past, draws, strict=True):
            count = min(draw.known, 2)
            assert sorted(row[row > 0].tolist()) == pytest.approx([1 / (count + 2)] * count)


def test_epoch_hears_about_every_clip_once(prepared: Path):
    source, train = batches(centred(), prepared)
    for plan in (source.epoch(np.random.default_rng(seed)) for seed in range(3)):
        heard = [draw.clip for draws in plan for draw in draws]
        assert sorted(heard) == list(range(len(train.clips)))


def test_where_one_emotion_prevails_it_is_the_past_and_counts_little(prepared: Path):
    recipe = centred(
        segmentation={"together": 6, "one_sided_share": 1.0}, classes=["angry", "sad"], training={"batch": 6}
    )
    source, train = batches(recipe, prepared)
    for draws, batch in rendered(source):
        alike = [draw for draw in draws if draw.is_past]
        assert len(alike) == 3  # all that a talker says so; of 16 it would be 10
        assert len({train.clips[draw.clip].label for draw in alike}) == 1
        assert [draw.weight for draw in draws] == [pytest.approx(2 / 3)] * 3 + [1.0] * 3
        assert batch.weights.tolist() == pytest.approx([draw.weight for draw in draws])
        assert batch.past is not None and not batch.past[:, 3:].any()


def test_the_neutral_emotion_prevails_most_often(prepared: Path):
    recipe = centred(
        segmentation={"together": 6, "one_sided_share": 1.0}, classes=["neutral", "sad"], training={"batch": 6}
    )
    train = clips.load_train(centred(), prepared)
    random = np.random.default_rng(0)
    first = [group[0].clip for _ in range(100) for group in together.groups(recipe, train, random)]
    # In six of ten it is chosen, in the others either is.
    assert np.mean(train.labels[first] == 0) == pytest.approx(0.6 + 0.4 / 2, abs=0.06)


def test_epoch_is_no_longer_where_clips_are_heard_once_more(prepared: Path):
    recipe = centred(segmentation={"together": 6, "one_sided_share": 1.0}, training={"batch": 6})
    train = clips.load_train(centred(), prepared)
    train = replace(train, clips=[replace(clip, speaker="one") for clip in train.clips])
    assert len(together.groups(recipe, train, np.random.default_rng(0))) > 4
    plan = together.epoch(
        recipe,
        train,
        lambda clip, random: 0,
        lambda clip, version, random: Draw(clip, version, 0, 9, 1.0, 0),
        np.random.default_rng(0),
    )
    assert [len(draws) for draws in plan] == [6] * 4


def test_mixed_example_remains_the_one_that_is_drawn(prepared: Path):
    source, _ = batches(centred(), prepared)
    weights = [source._mixture(6, np.random.default_rng(seed))[0] for seed in range(50)]
    assert min(weights) >= 0.5


def test_beginning_is_nobodys_past(prepared: Path):
    draws = [Draw(clip, 0, 0, 100, 1.0, 5) for clip in range(4)]
    is_whole = np.array([True, False, True, True])
    past = together.past(draws, is_whole, 4, 2, np.random.default_rng(0))
    assert not past[:, 1].any()
    assert (past > 0).sum(1).tolist() == [2, 3, 2, 2]


def test_two_talkers_are_never_mixed(prepared: Path):
    for size in (6, 9, 12):
        order = together.order(size, 3, np.random.default_rng(size))
        assert (order // 3 == np.arange(size) // 3).all()


def test_sessions_centre_by_segments_before_and_forget_the_talker(prepared: Path):
    recipe = centred(recognition={"context_ms": 800, "baseline": {"segments": 3}})
    random = np.random.default_rng(0)
    # The first clip has two segments, the fourth too little speech to tell something.
    stretches = [[speech(random, "sad", np.ones(BANDS), frames=12 if clip == 3 else 60)] for clip in range(12)]
    stretches[0].append(speech(random, "angry", np.ones(BANDS)))
    write_features(prepared / "dev.safetensors", stretches)
    clip_set = clips.load_dev(recipe, prepared, 0, clips.load_train(recipe, prepared).centre)
    net, mapping = network(recipe), FeatureMap(torch.from_numpy(clip_set.centre), recipe.front_end)
    heard, _ = sessions.warm(recipe, clip_set, False, np.random.default_rng(0))
    known = sessions.knowing(recipe, net, mapping, clip_set, heard, None)
    values = sessions._values(net, mapping, clip_set, heard)[net.centred["centre"]]
    for _, session in groupby(enumerate(known), key=lambda pair: pair[1].session):
        talker = TalkerMean(4, 2, net.centre("centre").mean)
        for _, segment in groupby(session, key=lambda pair: pair[1].segment):
            contexts = list(segment)
            for _, context in contexts:
                torch.testing.assert_close(context.means["centre"], talker.offset)
            if contexts[0][1].clip != 3:
                frames = [context.end - context.start for _, context in contexts]
                weighted = sum(n * values[index] for n, (index, _) in zip(frames, contexts, strict=True))
                talker.add(weighted / sum(frames))
    judged = sessions.hear(recipe, net, mapping, clip_set, whole=False, order=0).logits
    np.testing.assert_allclose(judged, sessions.judge(net, mapping, clip_set, known), atol=1e-6)
    unknown = sessions.judge(net, mapping, clip_set, heard)
    assert np.abs(judged - unknown).max() > 1e-3


def test_goes_on_from_a_network_that_does_not_centre_and_learns_to(prepared: Path, tmp_path: Path):
    Trainer(uncentred(), prepared, tmp_path / "plain", CPU).train()
    recipe = centred(training={"distillation": 0.5}, segmentation={"one_sided_share": 0.3})
    trainer = Trainer(recipe, prepared, tmp_path / "run", CPU, tmp_path / "plain", teachers=[tmp_path / "plain"])
    plain = run.load_trained(tmp_path / "plain").network.state_dict()
    assert torch.equal(trainer.network.state_dict()["operators.conv0.weight"], plain["operators.conv0.weight"])
    trainer.train()
    trained = run.load_trained(tmp_path / "run")
    centre = trained.network.centre("centre")
    assert (centre.amount != 0.5).all() and centre.mean.any()


def test_talkers_who_have_said_too_little_are_refused(prepared: Path, tmp_path: Path):
    recipe = centred(segmentation={"together": 7}, training={"batch": 14})
    with pytest.raises(Problem, match="asks for 7 clips of a talker, and the most that one has said is 6"):
        Trainer(recipe, prepared, tmp_path / "run", CPU)
    assert not (tmp_path / "run").exists()


def test_goes_on_from_a_model_file_of_either_kind(prepared: Path, tmp_path: Path):
    for name, begun, wanted in (("plain", uncentred(), centred()), ("centred", centred(), uncentred())):
        Trainer(begun, prepared, tmp_path / name, CPU).train()
        trained = run.load_trained(tmp_path / name)
        export.export(trained, Temperatures(1, 1), {}, tmp_path / f"{name}.bin")
        net = GraphNetwork(graph.build(wanted.network, BANDS, 2))
        begun_with = beginning.load(tmp_path / f"{name}.bin", wanted, net)
        assert [what.split(";")[0] for what in begun_with.left_out] == ["how it centres talkers"] * (name == "centred")
        found = begun_with.network.state_dict()
        for key, value in trained.network.state_dict().items():
            if key in found and "num_batches" not in key and not key.endswith(".batches"):
                torch.testing.assert_close(found[key], value)
    with pytest.raises(Problem, match="another front end or network"):
        load(tmp_path / "plain.bin", small_recipe(network={"head": 9}), GraphNetwork([]))


def test_mean_with_a_run_that_does_not_centre_centres_as_the_others_do(prepared: Path, tmp_path: Path):
    Trainer(uncentred(), prepared, tmp_path / "plain", CPU).train()
    Trainer(centred(), prepared, tmp_path / "run", CPU, tmp_path / "plain").train()
    average([tmp_path / "run", tmp_path / "plain"], tmp_path / "mean")
    plain, own, mean = (run.load(tmp_path / name / run.BEST)["average"] for name in ("plain", "run", "mean"))
    assert torch.equal(mean["operators.centre.amount"], own["operators.centre.amount"])
    key = "operators.hidden.weight"
    torch.testing.assert_close(mean[key], (plain[key] + own[key]) / 2)
    export.export(run.load_trained(tmp_path / "plain"), Temperatures(1.0, 1.0), {}, tmp_path / "plain.bin")
    average([tmp_path / "run", tmp_path / "plain.bin"], tmp_path / "same")
    same = run.load(tmp_path / "same" / run.BEST)["average"]
    assert all(torch.equal(same[key], mean[key]) for key in mean if not key.endswith("num_batches_tracked"))
    with pytest.raises(Problem, match="name one first that does"):
        average([tmp_path / "plain", tmp_path / "run"], tmp_path / "other")


def test_mean_of_everybody_is_gone_on_with(prepared: Path, tmp_path: Path):
    Trainer(uncentred(), prepared, tmp_path / "plain", CPU).train()
    Trainer(centred(), prepared, tmp_path / "run", CPU, tmp_path / "plain").train()
    export.export(run.load_trained(tmp_path / "run"), Temperatures(1.0, 1.0), {}, tmp_path / "model.bin")
    learnt = run.load_trained(tmp_path / "run").network.centre("centre").mean
    again = Trainer(centred(seed=5), prepared, tmp_path / "again", CPU, tmp_path / "model.bin").network
    vectors = torch.ones(6, len(learnt)) + learnt
    again.centre("centre").among(vectors, torch.zeros(6, 6))
    torch.testing.assert_close(again.centre("centre").mean, learnt + 0.01)


def test_runs_that_centre_otherwise_have_no_mean(prepared: Path, tmp_path: Path):
    Trainer(centred(), prepared, tmp_path / "run", CPU).train()
    checkpoint, settings = run.load(tmp_path / "run" / run.BEST), centred()
    other = replace(settings, network=replace(settings.network, centre_prior=5))
    (tmp_path / "other").mkdir()
    run.write_recipe(other, tmp_path / "other")
    run.save(tmp_path / "other" / run.BEST, checkpoint)
    with pytest.raises(Problem, match="centres by another prior"):
        average([tmp_path / "run", tmp_path / "other"], tmp_path / "mean")


def test_batch_that_processes_cannot_share_is_refused(prepared: Path, tmp_path: Path):
    with pytest.raises(Problem, match="3 processes with 3 segments together"):
        Trainer(centred(), prepared, tmp_path / "run", CPU, group=Group(0, 3))


def test_exported_node_says_all_that_the_device_needs():
    recipe = centred()
    net = network(recipe)
    nodes, tensors = export.described(net)
    node = next(node for node in nodes if node["op"] == "centre")
    assert node == {
        "name": "centre",
        "op": "centre",
        "inputs": ["pooled"],
        "prior": 2,
        "segments": 4,
        "amount": "centre.amount",
        "mean": "centre.mean",
    }
    centre = net.centre("centre")
    assert torch.equal(tensors["centre.amount"], centre.amount) and torch.equal(tensors["centre.mean"], centre.mean)
    assert not torch.equal(centre.amount, centre.mean)


TOGETHER = {
    "augmentation": {"by_talker": True},
    "network": {"centre_segments": 4},
    "segmentation": {"together": 4},
}
"""What a recipe of a network that centres must have, a batch being of 8."""


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"segmentation": {"together": 0}}, "need one another"),
        ({"network": {"centre_segments": 0}}, "need one another"),
        ({"network": {"centre_segments": 65}}, "0…64"),
        ({"segmentation": {"together": 5}}, "divide training.batch"),
        ({"segmentation": {"together": 4, "one_sided_share": 1.5}}, "must lie in 0…1"),
        ({"augmentation": {"by_talker": False}}, "needs augmentation.by_talker"),
        ({"segmentation": {"together": 4, "cold_share": 1.0}}, "nobody would have a past"),
        ({"network": {}, "segmentation": {"one_sided_share": 0.3}}, "needs segmentation.together"),
    ],
)
def test_recipe_that_contradicts_itself_is_refused(changes: dict[str, Any], complaint: str):
    small_recipe(**TOGETHER)
    with pytest.raises(Problem, match=complaint):
        small_recipe(**(TOGETHER | changes))
