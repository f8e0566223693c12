"""Sentences on their way to being sound: shared, made as far as asked, and never half."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from models.kept import KeptArrays
from voice.speaking.kept_speech import KeptSpeech
from voice.speaking.rendering import Rendering
from voice.speaking.synthesis import Synthesiser
from voice.workers import Worker


class FakeRenderer:
    """Three pieces for every text, and a count of the steps taken."""

    def __init__(self):
        self.steps_taken = []

    def steps(self, text, _speed=1.0) -> Iterator[np.ndarray]:
        for number in range(3):
            self.steps_taken.append((text, number))
            if text == "breaks" and number == 1:
                raise ValueError("the voice broke")
            yield np.full(160, number, dtype=np.int16)


@pytest.fixture
def worker():
    made = Worker("test")
    yield made
    made.stop()


@pytest.fixture
def renderer():
    return FakeRenderer()


@pytest.fixture
def synthesiser(renderer, worker):
    return Synthesiser(renderer, worker)


async def spoken(rendering: Rendering):
    return [int(piece[0]) async for piece in rendering.pieces("call")]


async def test_a_guess_has_only_its_first_piece_made(synthesiser, renderer):
    rendering = synthesiser.start("Hello.")
    await rendering.first("call")
    assert renderer.steps_taken == [("Hello.", 0)]
    assert await spoken(rendering) == [0, 1, 2]


async def test_two_calls_that_want_the_same_sentence_share_the_work(synthesiser, renderer):
    one, two = await asyncio.gather(spoken(synthesiser.start("Hello.")), spoken(synthesiser.start("Hello.")))
    assert one == two == [0, 1, 2]
    assert len(renderer.steps_taken) == 3


async def test_what_was_rendered_is_kept_and_not_made_again(synthesiser, renderer):
    await spoken(synthesiser.start("Hello."))
    again = synthesiser.start("Hello.")
    assert again.complete
    assert [piece.size async for piece in again.pieces("call")] == [480]
    assert len(renderer.steps_taken) == 3


async def test_a_guess_that_is_dropped_leaves_nothing_behind(synthesiser):
    rendering = synthesiser.start("Never said.")
    await rendering.first("call")
    del rendering
    assert len(synthesiser._under_way) == 0


async def test_a_sentence_whose_rendering_broke_does_not_pass_for_whole(synthesiser):
    for _ in range(2):
        rendering = synthesiser.start("breaks")
        with pytest.raises(ValueError, match="the voice broke"):
            await spoken(rendering)
        with pytest.raises(ValueError, match="the voice broke"):
            await spoken(rendering)
        assert not rendering.complete


async def test_a_caller_who_cuts_in_leaves_no_step_undone(synthesiser, renderer):
    rendering = synthesiser.start("Hello.")
    speaking = asyncio.ensure_future(spoken(rendering))
    await asyncio.sleep(0)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    assert await spoken(rendering) == [0, 1, 2]


class OneVoice(FakeRenderer):
    """As above, with a voice of its own and written words that it says otherwise."""

    def __init__(self, sounds_like=1, pronunciation=None):
        super().__init__()
        self._sounds_like = sounds_like
        self._pronunciation = pronunciation or {}

    def render(self, _text, *, still):
        assert still, "what it is known by has to be the same each time"
        return np.array([self._sounds_like], dtype=np.int16)

    def spoken(self, text):
        return self._pronunciation.get(text, text)


async def prepared(renderer, worker, path):
    """What a process with this voice has to render for one prompt before it starts, and one later."""
    synthesiser = Synthesiser(renderer, worker, KeptSpeech(renderer, KeptArrays(path, np.int16)))
    synthesiser.prepare("Hello.")
    await synthesiser.warm("Goodbye.")
    assert await spoken(synthesiser.start("Hello.")) == [0]
    assert await spoken(synthesiser.start("Goodbye.")) == [0]
    synthesiser.save()
    return [text for text, number in renderer.steps_taken if number == 0]


async def test_the_next_process_has_its_prompts_at_once(worker, tmp_path):
    path = tmp_path / "speech.npz"
    assert await prepared(OneVoice(), worker, path) == ["Hello.", "Goodbye."]
    assert await prepared(OneVoice(), worker, path) == []
    assert await prepared(OneVoice(sounds_like=2), worker, path) == ["Hello.", "Goodbye."]
    assert await prepared(OneVoice(pronunciation={"Hello.": "Hullo."}), worker, path) == ["Hello."]


class OneAnswer:
    """A worker whose first step ends when it is told to, and others at once."""

    def __init__(self):
        self.answer = asyncio.Event()

    async def run(self, work, _owner, _lane):
        await self.answer.wait()
        return work()


async def test_who_comes_as_a_step_ends_takes_the_next_and_does_not_go_round_for_ever(renderer):
    """Both wake up in the same round of the loop: the step first, and then who comes, before anybody knows of it."""
    worker = OneAnswer()
    rendering = Rendering(renderer.steps("Hello."), worker)

    async def comes_as_it_ends():
        await worker.answer.wait()
        return await spoken(rendering)

    first = asyncio.create_task(spoken(rendering))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.create_task(comes_as_it_ends())
    await asyncio.sleep(0)
    worker.answer.set()
    assert await asyncio.gather(first, second) == [[0, 1, 2], [0, 1, 2]]
