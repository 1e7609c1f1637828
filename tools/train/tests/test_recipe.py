"""Recipes are read strictly."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from edged_train import recipe
from edged_train.problem import Problem
from edged_train.recipe import numbers

RECIPES = sorted((Path(__file__).parent.parent / "recipes").rglob("*.toml"))

MINIMAL = 'name = "x"\nclasses = ["angry", "sad"]\n[data]\ncorpus = "manifest"\n'


def load(tmp_path: Path, text: str, *overrides: str) -> recipe.Recipe:
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return recipe.load(path, overrides)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_committed_recipes_can_be_read(path: Path):
    assert recipe.load(path).name


def test_recipe_for_own_calls_keeps_centring_where_its_lines_are_taken_in(tmp_path: Path):
    path = next(path for path in RECIPES if path.name == "own_calls.toml")
    keys = r"^# ((?:centre_segments|together|one_sided_share|by_talker|batch) = |\[segmentation\])"
    text, count = re.subn(keys, r"\1", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    read = load(tmp_path, text)
    assert count == 6
    assert (read.network.centre_segments, read.segmentation.together, read.augmentation.by_talker) == (40, 16, True)


def test_writing_a_recipe_out_and_reading_it_gives_the_same(tmp_path: Path):
    read = load(tmp_path, MINIMAL, "training.epochs=3", "augmentation.speed=[0.9, 1.1]")
    assert read.training.epochs == 3
    assert read.augmentation.speed == (0.9, 1.1)
    assert recipe.from_document(recipe.to_document(read), "again") == read


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (MINIMAL + "[training]\nepoch = 3\n", "unknown key training.epoch"),
        (MINIMAL + '[training]\nepochs = "3"\n', "training.epochs must be int"),
        (MINIMAL + "[training]\nepochs = 3.0\n", "training.epochs must be int"),
        (MINIMAL + "[augmentation]\nspeed = [1.0]\n", "augmentation.speed must be"),
        (MINIMAL + "[augmentation]\nspeed = [1.2, 0.9]\n", "[low, high]"),
        (MINIMAL + "[segmentation]\ncold_share = 1.5\n", "must lie in 0…1"),
        (
            MINIMAL + 'held_out = ["a"]\n[evaluation]\ngains_db = [6.0]\n',
            "data.held_out goes with",
        ),
        (MINIMAL + "speaker_pattern = 'xx['\n", "data.speaker_pattern 'xx[' is no regular expression: unterminated"),
        (
            MINIMAL + "speaker_pattern = 'x+'\n",
            "data.speaker_pattern 'x+' has no group: put what names the speaker into",
        ),
        (MINIMAL + "[training]\nlearning_rate = -1.0\n", "training.learning_rate must be above 0 and at most 1"),
        (MINIMAL + "[training]\nlearning_rate = nan\n", "training.learning_rate must be above 0 and at most 1"),
        (MINIMAL + "[training]\nlearning_rate = 5\n", "training.learning_rate must be above 0 and at most 1"),
        (MINIMAL + "[training]\nbatch = 0\n", "training.batch must be at least 2"),
        (MINIMAL + "[training]\nepochs = 0\n", "training.epochs must be at least 1"),
        (MINIMAL + "[training]\nevaluate_every = 0\n", "training.evaluate_every must be at least 1"),
        (MINIMAL + "[training]\ndistillation = 2.0\n", "training.distillation must lie in 0…1"),
        (MINIMAL + "[training]\nclip_norm = 0\n", "training.clip_norm must be above 0"),
        (MINIMAL + "[training]\nbetas = [0.9, 1.0]\n", "training.betas must lie in 0…1, without 1"),
        (MINIMAL + "[training]\nwarm_up = 1.0\n", "training.warm_up must lie in 0…1, without 1"),
        (MINIMAL + "[evaluation]\norders = 0\n", "evaluation.orders must be at least 1"),
        (MINIMAL + "[augmentation]\nversions = 0\n", "augmentation.versions must be at least 1"),
        (MINIMAL + "[augmentation]\nspeed = [0.0, 1.0]\n", "augmentation.speed must lie in 0.1…10"),
        (MINIMAL + "[augmentation]\nwarp = [0.4, 1.0]\n", "augmentation.warp must lie in 0.5…2"),
        (MINIMAL + "[augmentation]\nrt60_s = [0.2, 3.0]\n", "augmentation.rt60_s must be above 0 and at most 2"),
        (MINIMAL + "[augmentation]\ntime_masks = -1\n", "augmentation.time_masks must be at least 0"),
        (MINIMAL + "[augmentation]\nfrequency_mask_coefficients = 41\n", "cannot exceed front_end.coefficients"),
        (
            MINIMAL + "[recognition]\ninterim_ms = 57\n",
            "recognition.interim_ms must be 5 to 400 whole frames of 10 ms, not 57 ms",
        ),
        (MINIMAL + "[recognition]\ncontext_ms = 5\n", "recognition.context_ms must be 1 to 400 whole frames of 10 ms"),
        (MINIMAL + "[recognition]\ncontext_ms = 4010\n", "recognition.context_ms must be 1 to 400 whole frames"),
        (MINIMAL + "[recognition]\npreroll_ms = 204\n", "recognition.preroll_ms must be 0 to 100 whole frames"),
        (MINIMAL + "[recognition.baseline]\nspeech_ms = 0\n", "recognition.baseline.speech_ms must be 1 to 100000"),
        (MINIMAL + "[recognition]\ncontext_ms = 400\n", "interim_ms cannot exceed recognition.context_ms"),
        (
            MINIMAL + '[recognition]\ndetector = "x"\n',
            "recognition.detector must be 'energy' with a detector_version of 1",
        ),
        (MINIMAL + '[recognition]\ndetector = "network"\n', "or 'network' with a detector_version of 2"),
        (
            MINIMAL + '[network]\npooling = ["x"]\n',
            "network.pooling knows attention, mean, statistics and max, not 'x'",
        ),
        (MINIMAL + '[network]\nkind = "layers"\nlayers = [{ op = "sing" }]\n', "network.layers[0] (sing): layers are"),
        (MINIMAL + "[training]\nbatch = 1\n", "training.batch must be at least 2"),
        (MINIMAL + "[augmentation]\nnoise_snr_db = [nan, nan]\n", "augmentation.noise_snr_db must lie in -100…100"),
        (MINIMAL + "[augmentation]\nsemitones = [900, 901]\n", "augmentation.semitones must lie in -24…24"),
        (MINIMAL + "[augmentation]\ndegraded = 1\ntelephones_drawn = nan\n", "telephones_drawn must lie in -1…1"),
        (MINIMAL + "[segmentation]\njitter = [-5, -5]\n", "segmentation.jitter must lie in 0…10"),
        (MINIMAL + "[evaluation]\ngains_db = [nan]\n", "evaluation.gains_db must lie in -100…100"),
        (MINIMAL + "[network]\nhidden = 0\n", "network.hidden must lie in 1…4096"),
        (MINIMAL + "[network]\ndilations = [1, 0]\n", "network.dilations must lie in 1…1024"),
        (MINIMAL + "[network]\npooling = []\n", "network.dilations and network.pooling must each name something"),
        (MINIMAL + "[network]\nhead_dropout = 1.0\n", "network.head_dropout must lie in 0…1, without 1"),
        (MINIMAL + "[front_end]\nhop = 79\n", "front_end.hop must be at least 80"),
        (MINIMAL + "[front_end]\nsample_rate = 8000\n", "front_end.sample_rate must be 16000"),
        (
            MINIMAL + "[front_end]\nfmax = 9000\n",
            "front_end.fmin must be below fmax, and that at most half of sample_rate",
        ),
        (MINIMAL + "[front_end]\nframe = 600\n", "front_end.frame cannot exceed front_end.fft"),
        (MINIMAL + "channel = -1\n", "data.channel counts from 0"),
        (MINIMAL + 'held_out = ["a"]\nfolds = 2\n', "data.held_out goes with"),
        (MINIMAL + "[front_end]\nbands = 20\n", "coefficients cannot exceed"),
        (MINIMAL + '[front_end]\nextras = ["smell"]\n', "extras can only be some of voice, zero_crossings"),
        (MINIMAL + '[front_end]\nextras = ["mel", "mel"]\n', "each once"),
        (MINIMAL + '[front_end]\nextras = ["delta_deltas"]\n', "only with deltas"),
        (MINIMAL + "[recognition]\npreroll_ms = 100\n", "preroll_ms must be 200 and hangover_ms 300"),
        (MINIMAL + "[front_end]\nhop = 368\n", "preroll_ms must be 460 and hangover_ms 690"),
        (MINIMAL + '[training]\nschedule = "steps"\n', "cosine or plateau"),
        (MINIMAL + '[evaluation]\nprotocol = "half"\n', "sessions or whole"),
        (MINIMAL + '[network]\nlayers = [{ op = "relu", colour = 1 }]\n', "unknown key network.layers.colour"),
        (
            MINIMAL + '[network]\nkind = "layers"\nlayers = [{ op = "window", frames = 4001 }, { op = "last" }]\n',
            "(window) has 4001 frames, more than the",
        ),
        (
            MINIMAL + '[network]\nkind = "layers"\nlayers = [{ op = "max_pool", kernel = 2 }, '
            '{ op = "window", frames = 201 }, { op = "last" }]\n',
            "network.layers[1] (window) has 402 frames, more than the 400",
        ),
        (MINIMAL + "[network]\nhidden = 5000\n", "network.hidden must lie in 1…4096"),
        (MINIMAL + "[network]\nhead = 65537\n", "network.head must lie in 1…65536"),
        (MINIMAL + "[network]\nchannels = 65537\n", "network.channels must lie in 1…65536"),
        (MINIMAL + "[network]\nkernel = 2001\n", "network.kernel must lie in 1…1024"),
        (MINIMAL + "[network]\nstem_kernel = 1025\n", "network.stem_kernel must lie in 1…1024"),
        (MINIMAL + "[network]\ndilations = [1, 2000]\n", "network.dilations must lie in 1…1024"),
        (MINIMAL + "[network]\nchannels = 20000\n", "network.pooling makes 80448 values"),
        (MINIMAL + "[network]\nhead = 20000\ntrunks = 4\n", "network.head times network.trunks is 80000"),
        (MINIMAL + "[network]\nlayers = [{ output = 1 }]\n", "network.layers.op is missing"),
        (MINIMAL + "[front_end]\nrunning_means = 41\n", "running_means must lie in"),
        (MINIMAL + "[recognition]\nbias_segments = 0\n", "bias_segments must lie in 1…64"),
        (MINIMAL + "[recognition]\nbias_segments = 65\n", "bias_segments must lie in 1…64"),
        (MINIMAL + "[augmentation]\ndegraded = 10\n", "fewer than augmentation.versions"),
        ('name = "x"\nclasses = ["a", "b"]\n', "data is missing"),
        ('name = "x"\nclasses = ["a", "a"]\n[data]\ncorpus = "folder"\n', "two different labels"),
        (MINIMAL.replace("sad", "Sad"), "the class 'Sad' needs a name of 1 to 31 characters out of a–z, 0–9, _ and -"),
        (MINIMAL.replace("sad", ""), "the class '' needs a name of 1 to 31 characters"),
        (MINIMAL.replace("sad", "s" * 32), "needs a name of 1 to 31 characters"),
        (
            MINIMAL.replace('"sad"', ", ".join(f'"sad{index}"' for index in range(16))),
            "classes are 17, and a device tells at most 16 apart",
        ),
        (MINIMAL.replace("sad", "bored"), "the class bored is no word that a device says: name one of neutral, calm"),
        (MINIMAL + '[labels]\nangry = "cross"\n', "labels.angry is 'cross': a device says one of neutral"),
        (MINIMAL + '[labels]\ncross = "angry"\n', "labels.cross is no class of the recipe"),
        ("name = ", "not valid TOML"),
    ],
)
def test_what_is_not_a_recipe_is_refused_in_one_sentence(tmp_path: Path, text: str, complaint: str):
    with pytest.raises(Problem) as caught:
        load(tmp_path, text)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value).strip()


def test_window_behind_a_stride_may_cover_the_whole_context(tmp_path: Path):
    layers = '[{ op = "max_pool", kernel = 2 }, { op = "window", frames = 200 }, { op = "last" }]'
    assert load(tmp_path, MINIMAL + f'[network]\nkind = "layers"\nlayers = {layers}\n').context_frames == 400


def test_no_seed_is_below_zero(tmp_path: Path):
    with pytest.raises(Problem, match="seed must be at least 0"):
        load(tmp_path, MINIMAL, "seed=-1")


def test_overrides_are_values_of_toml(tmp_path: Path):
    for override in ("training.epochs", "training.epochs=many"):
        with pytest.raises(Problem):
            load(tmp_path, MINIMAL, override)


def test_times_are_counted_in_hops(tmp_path: Path):
    read = load(tmp_path, MINIMAL)
    assert read.context_frames == 400
    assert read.frames(200) == 20


def test_every_range_has_its_bounds(tmp_path: Path):
    read = load(tmp_path, MINIMAL)
    for section in ("augmentation", "segmentation"):
        for item in fields(getattr(read, section)):
            if isinstance(getattr(getattr(read, section), item.name), tuple):
                assert {f"{section}.{item.name}"} & {*numbers.BOUNDS, *numbers.ABOVE_ZERO}


def test_device_knows_the_detector_of_a_file(tmp_path: Path):
    cut = load(tmp_path, MINIMAL, 'recognition.detector="network"', "recognition.detector_version=2").recognition
    assert (cut.detector, cut.detector_version) == ("network", 2)
