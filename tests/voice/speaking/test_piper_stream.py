"""The voice as a stream is the voice in one go."""

import numpy as np
import onnxruntime
import pytest

from models.shelf import ModelShelf
from voice.speaking.mouth import resume_at
from voice.speaking.piper_stream import PiperStream, Variation, pieces
from voice.speaking.renderer import LEVEL_DBFS, TELEPHONE_RATE, Renderer, speech_level_dbfs

STILL = Variation(0.0, 1.0, 0.0)
SENTENCES = [
    "What else can I do for you?",
    "Your parcel left our warehouse in Rotterdam on Tuesday evening and reaches you on Friday before noon.",
]


@pytest.fixture(scope="module")
def voice():
    return PiperStream(ModelShelf().voice_path())


@pytest.mark.models
@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_pieces_together_are_the_whole_sentence_to_a_ten_thousandth(voice, sentence):
    model = next(ModelShelf().voice_path().glob("*medium.onnx"))
    whole_voice = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    (ids,) = voice.sentences(sentence)
    scales = np.array([STILL.noise, STILL.length, STILL.noise_w], dtype=np.float32)
    inputs = {"input": np.array([ids]), "input_lengths": np.array([len(ids)]), "scales": scales}
    whole = whole_voice.run(None, inputs)[0].reshape(-1)

    frames = voice.encode(ids, STILL)
    streamed = np.concatenate([voice.generate(frames, *piece) for piece in pieces(frames.shape[2])])

    assert streamed.size == whole.size
    assert np.abs(streamed - whole).max() <= 1e-4


@pytest.mark.models
def test_every_sentence_is_as_loud_as_the_others(voice):
    renderer = Renderer(voice)
    for sentence in [*SENTENCES, "Yes.", "Goodbye."]:
        speech = renderer.render(sentence)
        assert speech.size % 160 == 0
        level = speech_level_dbfs(speech.astype(np.float32) / 32768, TELEPHONE_RATE)
        assert abs(level - LEVEL_DBFS) < 5, sentence


@pytest.mark.models
def test_nothing_to_pronounce_is_no_sound(voice):
    assert Renderer(voice).render("...").size == 0


def test_the_first_piece_is_short_and_all_frames_are_there():
    cuts = list(pieces(250))
    assert cuts[0] == (0, 20)
    assert [start for start, _ in cuts[1:]] == [end for _, end in cuts[:-1]]
    assert cuts[-1][1] == 250


def test_a_cut_off_sentence_goes_on_from_a_quiet_moment_before():
    speech = np.full(16000, 5000, dtype=np.int16)
    speech[7040:7200] = 3
    assert resume_at(speech, 8000) == 7040
    assert resume_at(speech, 100) == 0
