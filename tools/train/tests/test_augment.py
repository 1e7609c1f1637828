"""Stored versions are what their parameters say."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import soundfile

from conftest import small_recipe
from edged_train import augment, noise, prepare, sound, telephone
from edged_train.augment import Version
from edged_train.clip import Clip
from edged_train.problem import Problem

RATE = 16000


def tone(frequency: float, seconds: float = 1, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def pitch(samples: np.ndarray, rate: int = RATE) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))


def test_speed_moves_pitch_and_duration_together():
    faster = augment.apply(Version(speed=1.25), tone(400), RATE, np.random.default_rng(0))
    assert len(faster) == pytest.approx(RATE / 1.25, abs=2)
    assert pitch(faster) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("snr", [0.0, 10.0, 30.0])
def test_noise_is_added_at_the_stated_ratio(snr: float):
    clean = tone(400)
    noisy = augment.apply(Version(noise_snr_db=snr), clean, RATE, np.random.default_rng(0))
    assert 20 * np.log10(clean.std() / (noisy - clean).std()) == pytest.approx(snr, abs=0.1)


def test_clip_itself_is_unchanged():
    clean = tone(400)
    np.testing.assert_array_equal(augment.apply(Version(), clean, RATE, np.random.default_rng(0)), clean)


def test_too_loud_samples_saturate_and_do_not_wrap(tmp_path: Path):
    loud = augment.apply(Version(gain_db=12), tone(400), RATE, np.random.default_rng(0))
    sound.write(loud, tmp_path / "loud.wav", RATE)
    written, _ = soundfile.read(tmp_path / "loud.wav", dtype="int16")
    np.testing.assert_array_equal(written, np.clip(np.rint(loud * 32768), -32768, 32767))
    assert written.max() == 32767 and written.min() == -32768


def test_other_rates_and_channels_become_mono_at_the_wanted_rate(tmp_path: Path):
    stereo = np.stack([tone(1000, rate=48000), tone(1000, rate=48000)], axis=1)
    soundfile.write(tmp_path / "clip.wav", stereo, 48000)
    read = sound.read(str(tmp_path / "clip.wav"), RATE)
    assert len(read) == pytest.approx(RATE, abs=2)
    assert pitch(read) == pytest.approx(1000, abs=2)


@pytest.mark.parametrize("rate", [RATE, 44100])
def test_what_is_no_number_is_silence_and_what_is_too_loud_is_cut_as_on_the_device(tmp_path: Path, rate: int):
    damaged, mended = tone(400, rate=rate), tone(400, rate=rate)
    damaged[[100, 200, 300, 400]] = [np.nan, np.inf, -np.inf, 7]
    mended[[100, 200, 300, 400]] = [0, 1, -1, 1]
    heard = []
    for name, samples in (("damaged", damaged), ("mended", mended)):
        soundfile.write(tmp_path / f"{name}.wav", samples, rate, subtype="FLOAT")
        heard.append(sound.read(str(tmp_path / f"{name}.wav"), RATE))
    np.testing.assert_array_equal(*heard)
    assert heard[0].std() > 0.3


def test_recording_that_is_empty_is_refused_and_one_sample_is_a_sound(tmp_path: Path):
    for count in (0, 1):
        soundfile.write(tmp_path / f"{count}.wav", np.full(count, 0.5), 48000)
    with pytest.raises(Problem, match=r"0\.wav holds no samples: record or copy it again"):
        sound.read(str(tmp_path / "0.wav"), RATE)
    assert len(sound.read(str(tmp_path / "1.wav"), RATE)) == 1
    assert telephone.band(np.ones(1, np.float32), RATE).size


def test_versions_are_drawn_within_their_bounds():
    settings = small_recipe(augmentation={"noise_share": 0.5, "stored_gain_db": [-3.0, 3.0]}).augmentation
    random = np.random.default_rng(0)
    drawn = [augment.draw(settings, random) for _ in range(500)]
    assert all(settings.speed[0] <= version.speed <= settings.speed[1] for version in drawn)
    assert all(settings.warp[0] <= version.warp <= settings.warp[1] for version in drawn)
    assert all(abs(version.gain_db) <= 3 for version in drawn)
    assert 0.4 < np.mean([version.noise_snr_db is not None for version in drawn]) < 0.6


def test_what_is_not_sound_is_refused(tmp_path: Path):
    (tmp_path / "clip.wav").write_text("no sound")
    with pytest.raises(Problem, match=r"cannot read .*clip\.wav"):
        sound.read(str(tmp_path / "clip.wav"), RATE)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("lost.wav", "there is no file"),
        ("clip.wav/x.wav", "there is no file"),
        (f"{'x' * 300}.wav", "too long"),
        ("a\0b.wav", "null"),
    ],
)
def test_a_recording_that_no_file_can_be_is_refused(tmp_path: Path, name: str, complaint: str):
    (tmp_path / "clip.wav").touch()
    for use in (lambda path: sound.read(path, RATE), sound.extent):
        with pytest.raises(Problem, match=complaint):
            use(str(tmp_path / name))


@pytest.mark.parametrize(("rate", "heard"), [(7999, False), (8000, True), (192_000, True), (192_001, False)])
def test_rates_that_a_device_does_not_hear_are_refused(tmp_path: Path, rate: int, heard: bool):
    path = str(tmp_path / "clip.wav")
    soundfile.write(path, np.zeros(rate // 10), rate)
    for use in (lambda: sound.read(path, RATE), lambda: sound.extent(path)):
        with nullcontext() if heard else pytest.raises(Problem, match=rf"a rate of {rate} Hz, .* 8000 to 192000"):
            use()


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(samples[2000:-2000].std() + 1e-12))


@pytest.mark.parametrize(("frequency", "loss"), [(100, 60), (600, 0), (1000, 0), (3200, 0), (3900, 40), (6000, 60)])
def test_telephone_passes_its_band_only(frequency: float, loss: float):
    heard = tone(frequency)
    change = level(heard) - level(telephone.band(heard, RATE))
    assert change > loss if loss else abs(change) < 0.1


def test_compander_is_g711s():
    """Every code of table 2a stands for itself, and what lies between two goes to the nearer."""
    codes = np.array([((mantissa << 3) + 132 << exponent) - 132 for exponent in range(8) for mantissa in range(16)])
    np.testing.assert_array_equal(telephone.companded(codes / 32768) * 32768, codes)
    values = np.arange(0, 32000)
    found = telephone.companded(values / 32768) * 32768
    assert set(found.tolist()) <= set(codes.tolist())
    nearest = np.abs(values[:, None] - codes[None, :]).min(1)
    # Decision values lie in the middle of a step, so only where steps double is the nearest code another.
    assert np.mean(np.abs(found - values) == nearest) > 0.95
    np.testing.assert_array_equal(telephone.companded(-values / 32768), -telephone.companded(values / 32768))


def test_noise_has_the_ratio_that_is_asked_for():
    random = np.random.default_rng(0)
    clean = tone(400)
    others = [(scale * tone(frequency)[:8000]).astype(np.float32) for frequency, scale in ((500, 0.01), (1500, 1))]
    heard = noise.babble(others, len(clean), random)
    assert heard.std() == pytest.approx(1, abs=1e-4)
    added = noise.add(clean, heard, 10) - clean
    assert 20 * np.log10(clean.std() / added.std()) == pytest.approx(10, abs=0.05)
    # Loud and soft talkers babble alike.
    power = np.abs(np.fft.rfft(heard)) ** 2
    assert power[500] == pytest.approx(power[1500], rel=0.05)


def test_degraded_versions_are_telephones_or_noisy():
    settings = small_recipe(augmentation={"degraded": 1, "telephone_share": 0.4, "babble_share": 0.5}).augmentation
    random = np.random.default_rng(0)
    drawn = [augment.draw(settings, random, degraded=True) for _ in range(600)]
    assert 0.3 < np.mean([version.telephone for version in drawn]) < 0.5
    assert all(version.noise_snr_db is not None for version in drawn if not version.telephone)
    assert all(version.noise_snr_db is not None for version in drawn if version.talkers)
    noisy = [version for version in drawn if version.noise_snr_db is not None]
    assert 0.4 < np.mean([version.talkers > 0 for version in noisy]) < 0.6
    assert {version.talkers for version in noisy} == {0, 3, 4, 5, 6}


@pytest.mark.parametrize("milliseconds", [-100.0, 250.0])
def test_shifted_clip_begins_later_or_earlier_and_is_as_long(milliseconds: float):
    clean = tone(400)
    heard = augment.apply(Version(shift_ms=milliseconds), clean, RATE, np.random.default_rng(0))
    count = int(milliseconds * 16)
    assert len(heard) == len(clean)
    if count > 0:
        assert not heard[:count].any()
        np.testing.assert_array_equal(heard[count:], clean[:-count])
    else:
        assert not heard[count:].any()
        np.testing.assert_array_equal(heard[:count], clean[-count:])


def test_recorded_noise_is_added_at_the_stated_ratio_and_is_the_recording(tmp_path: Path):
    soundfile.write(tmp_path / "hum.wav", 0.01 * tone(50, 3), RATE)
    recordings = noise.recordings(tmp_path)
    clean = tone(400)
    version = Version(noise_snr_db=5.0, recorded=True)
    added = augment.apply(version, clean, RATE, np.random.default_rng(0), (), recordings) - clean
    assert 20 * np.log10(clean.std() / added.std()) == pytest.approx(5, abs=0.1)
    assert pitch(added) == pytest.approx(50, abs=2)


def test_room_blurs_a_clip_and_keeps_its_length():
    click = np.zeros(RATE, np.float32)
    click[1000] = 1
    heard = augment.apply(Version(rt60_s=0.4), click, RATE, np.random.default_rng(0))
    assert len(heard) == RATE and np.abs(heard[:990]).max() < 1e-6
    assert heard[1000] == pytest.approx(1, abs=1e-5)
    assert 0.1 < (heard[1001:] ** 2).sum() < 20


def test_further_kinds_are_drawn_as_often_as_they_should_be():
    further = {
        "stretch": [0.8, 1.25],
        "semitones": [-2.0, 2.0],
        "shift_ms": [0.0, 100.0],
        "room_share": 0.3,
        "rt60_s": [0.2, 0.5],
        "recorded_share": 0.5,
        "noise_share": 0.5,
    }
    settings = small_recipe(augmentation=further).augmentation
    random = np.random.default_rng(0)
    drawn = [augment.draw(settings, random) for _ in range(1000)]
    assert all(0.8 <= version.stretch <= 1.25 and abs(version.semitones) <= 2 for version in drawn)
    assert all(0 <= version.shift_ms <= 100 for version in drawn)
    rooms = [version.rt60_s for version in drawn if version.rt60_s]
    assert 250 < len(rooms) < 350 and min(rooms) >= 0.2 and max(rooms) <= 0.5
    assert 200 < sum(version.recorded for version in drawn) < 300
    assert all(version.noise_snr_db is not None for version in drawn if version.recorded)


def test_talker_has_one_throat_and_one_line_in_any_noise():
    settings = small_recipe(augmentation={"degraded": 1, "made_share": 0.5, "babble_share": 0.4}).augmentation
    for talker in range(20):
        drawn = [
            augment.draw(settings, np.random.default_rng(clip), True, np.random.default_rng(100 + talker))
            for clip in range(40)
        ]
        assert len({(version.speed, version.warp, version.telephone) for version in drawn}) == 1
        assert len({version.noise_snr_db for version in drawn}) > 5
        assert not any(version.made and version.talkers for version in drawn)
    assert 5 < sum(version.made for version in drawn) < 20


def test_some_talkers_are_recorded_too_loud_in_versions_that_are_not_degraded():
    settings = small_recipe(augmentation={"degraded": 1, "loud_share": 0.3, "loud_db": [4.0, 12.0]}).augmentation
    loud = 0
    for talker in range(100):
        one, other = (
            augment.draw(settings, np.random.default_rng(clip), False, np.random.default_rng(talker)) for clip in (0, 1)
        )
        assert one.gain_db == other.gain_db and (one.gain_db == 0 or 4 <= one.gain_db <= 12)
        loud += one.gain_db > 0
        assert augment.draw(settings, np.random.default_rng(0), True, np.random.default_rng(talker)).gain_db == 0
    assert 20 < loud < 40


def test_made_noise_is_added_at_the_stated_ratio_and_is_not_the_coloured_one():
    clean = tone(400)
    made, coloured = (
        augment.apply(Version(noise_snr_db=5.0, made=kind), clean, RATE, np.random.default_rng(3)) - clean
        for kind in (True, False)
    )
    assert 20 * np.log10(clean.std() / made.std()) == pytest.approx(5, abs=0.1)
    assert not np.allclose(made, coloured)


def test_what_a_recipe_does_not_ask_for_changes_nothing_that_it_does():
    settings = small_recipe().augmentation
    more = small_recipe(augmentation={"stretch": [0.8, 1.25], "room_share": 1.0, "loud_share": 0.5}).augmentation
    for seed in range(20):
        one, other = (augment.draw(each, np.random.default_rng(seed)) for each in (settings, more))
        assert (one.speed, one.warp, one.noise_snr_db) == (other.speed, other.warp, other.noise_snr_db)
        assert (one.recorded, one.made) == (other.recorded, other.made)
        assert one.stretch == 1 and one.rt60_s == 0


def test_who_is_held_out_does_not_babble_behind_who_trains():
    listed = [Clip(str(number), "", "sad", f"talker{number}", str(number % 3)) for number in range(12)]
    maker = prepare.Maker(small_recipe(), "", 1, None, Path())
    for seed, clip in enumerate(listed * 5):
        babble = maker._babble(listed, clip, Version(talkers=5), (seed,))
        assert [other.split for other, _ in babble] == [clip.split] * 5


def test_recording_that_does_not_say_how_long_it_is_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "piped.flac"
    soundfile.write(path, np.zeros(16_000), 16_000)
    header = bytearray(path.read_bytes())
    # The 36 bits of STREAMINFO that count samples; zero is “unknown” (RFC 9639, 8.2).
    header[21] &= 0xF0
    header[22:26] = bytes(4)
    path.write_bytes(header)
    with pytest.raises(Problem, match="does not say how long it is"):
        sound.extent(str(path))
