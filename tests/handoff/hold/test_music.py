"""The hold music: pleasant to a telephone, at least in figures, and endless."""

import wave

import numpy as np
import pytest
import yaml

from dialog.load import load_playbook
from dialog.source import PlaybookError
from handoff.hold.composition import BARS, CHORDS, LENGTH, hold_music, within_band
from handoff.hold.music import HoldMusic, MusicError, read_music
from scripts.make_hold_music import write
from telephony.media import ulaw
from tests.authoring.test_text_call import STARTER

RATE = 8000
VOICE_DBFS = -22.0


def dbfs(sound):
    return 10 * np.log10(np.mean((sound.astype(float) / 32768) ** 2))


def wav(path, sound, rate=RATE, channels=1, width=2):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(sound)
    return path


def sine(seconds, rate=RATE, hertz=440.0):
    return np.rint(8000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype("<i2")


# Our own


def test_it_lasts_half_a_minute_to_a_minute_and_has_a_chord_for_each_bar():
    assert 30 <= hold_music().size / RATE <= 60
    assert len(CHORDS) == BARS
    assert hold_music().size == LENGTH


def test_it_is_the_same_in_every_process():
    assert np.array_equal(hold_music(), hold_music.__wrapped__())


def test_it_is_quieter_than_our_voice_and_never_clips_or_stops():
    music = hold_music()
    assert -34 <= dbfs(music) <= VOICE_DBFS - 6
    assert np.abs(music).max() < 0.3 * 32768
    seconds = music.reshape(-1, RATE)
    assert all(dbfs(second) > -40 for second in seconds), "no hole in which one would think the line is dead"


def test_all_of_it_lies_where_telephones_carry():
    power = np.abs(np.fft.rfft(hold_music().astype(float))) ** 2
    hertz = np.fft.rfftfreq(LENGTH, 1 / RATE)
    inside = (hertz >= 300) & (hertz <= 3400)
    assert power[inside].sum() / power.sum() > 0.9999


def test_it_survives_the_telephones_coding():
    music = hold_music()
    heard = ulaw.decode(ulaw.encode(music)).astype(float)
    noise = np.mean((heard - music) ** 2)
    assert 10 * np.log10(np.mean(music.astype(float) ** 2) / noise) > 30


def test_nobody_hears_where_it_begins_again():
    """Around the seam neither the wave nor its loudness jumps more than anywhere else."""
    music = hold_music().astype(float)
    twice = np.concatenate((music, music))
    steps = np.abs(np.diff(twice))
    bends = np.abs(np.diff(twice, 2))
    around = slice(LENGTH - 40, LENGTH + 40)
    assert steps[around].max() <= steps.max()
    assert bends[LENGTH - 2] <= np.percentile(bends, 99.9)
    bar = LENGTH // BARS
    jumps = [
        abs(dbfs(twice[at : at + 800]) - dbfs(twice[at - 800 : at])) for at in range(bar, LENGTH + 1, bar)
    ]
    assert jumps[-1] <= max(jumps[:-1]), "as from any bar to the next"


def test_the_band_limit_keeps_a_circle_a_circle():
    turn = np.sin(2 * np.pi * 7 * 1000 / 8000 * np.arange(8000) / 7)
    assert np.allclose(np.roll(within_band(turn), 123), within_band(np.roll(turn, 123)))


# Endless


def test_pieces_put_together_are_the_music_over_and_over():
    music = HoldMusic(hold_music())
    pieces = [music.piece(start, 777) for start in range(0, 3 * LENGTH, 777)]
    whole = np.concatenate(pieces)[: 3 * LENGTH]
    assert np.array_equal(whole, np.tile(hold_music(), 3))
    assert music.seconds == 48.0


def test_a_piece_may_be_longer_than_the_music_and_begin_anywhere():
    music = HoldMusic(np.arange(5, dtype=np.int16))
    assert music.piece(4, 7).tolist() == [4, 0, 1, 2, 3, 4, 0]
    assert music.piece(10**12, 2).dtype == np.int16


def test_two_callers_hear_it_without_changing_it():
    music = HoldMusic(hold_music())
    mine = music.piece(0, 160)
    mine[:] = 0
    assert np.array_equal(music.piece(0, 160), hold_music()[:160])


def test_without_a_sound_there_is_no_music():
    with pytest.raises(MusicError):
        HoldMusic(np.zeros(0, dtype=np.int16))


# The playbook's


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (16000, 1), (44100, 2), (48000, 1)])
def test_a_wav_of_any_usual_kind_is_played_at_our_level(tmp_path, rate, channels):
    sound = np.repeat(sine(2.0, rate), channels)
    music = read_music(wav(tmp_path / "m.wav", sound.tobytes(), rate, channels))
    assert music.size == pytest.approx(2 * RATE, abs=2)
    assert dbfs(music) == pytest.approx(dbfs(hold_music()), abs=0.2)
    spectrum = np.abs(np.fft.rfft(music.astype(float)))
    assert spectrum.argmax() / 2 == pytest.approx(440, abs=1)


@pytest.mark.parametrize("width", [1, 3, 4])
def test_other_widths_sound_the_same(tmp_path, width):
    sixteen = sine(1.5)
    if width == 1:
        data = ((sixteen.astype(int) >> 8) + 128).astype(np.uint8).tobytes()
    else:
        data = (sixteen.astype("<i4") << (8 * width - 16)).view(np.uint8).reshape(-1, 4)[:, :width].tobytes()
    music = read_music(wav(tmp_path / "m.wav", data, width=width)).astype(float)
    same = read_music(wav(tmp_path / "s.wav", sixteen.tobytes())).astype(float)
    assert np.corrcoef(music, same)[0, 1] > 0.999


def test_music_with_high_peaks_is_quiet_rather_than_cut(tmp_path):
    sound = np.zeros(2 * RATE, dtype="<i2")
    sound[::2000] = 30000
    music = read_music(wav(tmp_path / "m.wav", sound.tobytes()))
    assert np.abs(music).max() <= 0.5 * 32768


def test_silence_is_silence(tmp_path):
    assert not read_music(wav(tmp_path / "m.wav", bytes(4 * RATE))).any()


@pytest.fixture
def playbook_with(tmp_path):
    """The starter playbook whose queues.yaml names a file."""

    def make(name):
        for path in STARTER.rglob("*"):
            if path.is_file():
                copy = tmp_path / path.relative_to(STARTER)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        queues = yaml.safe_load((tmp_path / "queues.yaml").read_text())
        (tmp_path / "queues.yaml").write_text(yaml.safe_dump({**queues, "hold_music": name}))
        return tmp_path

    return make


def test_a_playbook_brings_its_own(playbook_with, tmp_path):
    wav(tmp_path / "ours.wav", sine(2.0).tobytes())
    playbook = load_playbook(playbook_with("ours.wav"))
    assert HoldMusic.of(playbook).seconds == 2.0
    assert HoldMusic.of(load_playbook(STARTER)).seconds == 48.0


def test_other_music_is_another_version_of_the_playbook(playbook_with, tmp_path):
    wav(tmp_path / "ours.wav", sine(2.0).tobytes())
    before = load_playbook(playbook_with("ours.wav")).version
    wav(tmp_path / "ours.wav", sine(2.0, hertz=441.0).tobytes())
    assert load_playbook(tmp_path).version != before


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (None, "there is no file ours.wav"),
        (b"RIFF", "is not a WAV file"),
        (b"", "is not a WAV file"),
        (0.5, "it must last 1 to 600 s"),
        (601, "it must last 1 to 600 s"),
    ],
)
def test_music_that_cannot_be_played_is_refused_with_file_and_line(playbook_with, tmp_path, data, rule):
    folder = playbook_with("ours.wav")
    if isinstance(data, bytes):
        (folder / "ours.wav").write_bytes(data)
    elif data is not None:
        wav(folder / "ours.wav", bytes(round(2 * RATE * data)))
    with pytest.raises(PlaybookError) as raised:
        load_playbook(folder)
    (problem,) = raised.value.problems
    assert "queues.yaml" in problem
    assert "hold_music" in problem
    assert rule in problem


@pytest.mark.parametrize("name", ["../ours.wav", "/etc/passwd", "music/ours.wav", "ours.mp3"])
def test_music_lies_in_the_playbooks_folder(playbook_with, name):
    with pytest.raises(PlaybookError, match="hold_music"):
        load_playbook(playbook_with(name))


def test_the_script_writes_what_is_played(tmp_path):
    write(tmp_path / "music.wav", hold_music())
    assert np.corrcoef(read_music(tmp_path / "music.wav"), hold_music())[0, 1] > 0.999
