"""A call played in the terminal, on a clock that jumps."""

import asyncio
import io

import pytest
from rich.console import Console

from calls.store import CallNotFoundError, open_store
from handoff.desk.words import DeskWords
from qa.replay.command import ReplayError, replay_call
from qa.replay.player import Sound, player_for
from qa.replay.replay import Replay
from qa.replay.terminal import Pace, play
from tests.qa.replay.story import BOOTS, CALL, LENGTH_S, story, write_recordings


class Clock:
    """Time passes only by waiting; what is on the screen at each moment is kept."""

    def __init__(self, screen=None):
        self.at, self.screen, self.seen = 1000.0, screen, []

    def now(self):
        return self.at

    async def pause(self, seconds):
        self.at += seconds
        if self.screen is not None:
            self.seen.append((self.at - 1000.0, self.screen.getvalue()))


def terminal():
    screen = io.StringIO()
    return screen, Console(file=screen, width=160, force_terminal=False)


def first_seen(clock, words):
    return next(at for at, text in clock.seen if words in text)


@pytest.mark.parametrize("speed", [1.0, 2.0])
async def test_each_row_appears_when_the_sound_has_come_to_it(speed):
    screen, console = terminal()
    clock = Clock(screen)
    await play(Replay(story(), DeskWords(), LENGTH_S), console, Pace(clock.now, clock.pause, speed))
    for words, start_s in ((BOOTS, 5.0), ("forty seven eleven", 12.0), ("Hello, this is Maria.", 27.0)):
        assert first_seen(clock, words) == pytest.approx(start_s / speed, abs=0.25 / speed)
    assert clock.at - 1000.0 == pytest.approx(LENGTH_S / speed)


async def test_all_of_the_call_is_told_in_order():
    screen, console = terminal()
    clock = Clock()
    await play(Replay(story(), DeskWords(), LENGTH_S), console, Pace(clock.now, clock.pause))
    text = screen.getvalue()
    told = (
        "Acme support.",
        BOOTS,
        "answer after 0.62 s",
        "shop refund order",
        "Barge-in",
        "Finally.",
        "The call: handed over",
    )
    assert [words for words in told if words not in text] == []
    places = [text.index(words) for words in told]
    assert places == sorted(places)


async def test_a_call_is_found_by_the_start_of_its_id_and_played_silently_where_it_is_asked_for(
    tmp_path, sqlite_url
):
    write_recordings(tmp_path)
    async with await open_store(sqlite_url) as store:
        await store.write(story())
        screen, console = terminal()
        clock = Clock()
        pace = Pace(clock.now, clock.pause)
        await replay_call(store, "CAst", console, tmp_path, sound=False, pace=pace)
        assert f"Call {CALL}, without its sound" in screen.getvalue()
        with pytest.raises(CallNotFoundError):
            await replay_call(store, "CAnone", console, tmp_path, pace=pace)
        with pytest.raises(ReplayError, match=r"--speed must be 0\.25 to 16, not 99"):
            await replay_call(store, CALL, console, tmp_path, 99, pace=pace)


def test_what_plays_is_the_first_program_that_can_play_at_the_speed(tmp_path):
    path = tmp_path / "call.wav"

    def only(*names):
        return lambda name: f"/usr/bin/{name}" if name in names else None

    assert player_for(path, 1, only("aplay")) == ("/usr/bin/aplay", "-q", str(path))
    assert player_for(path, 2, only("aplay")) is None, "it knows one speed"
    assert player_for(path, 1.5, only("play", "aplay"))[-2:] == ("tempo", "1.5")
    assert "atempo=2" in player_for(path, 2, only("ffplay", "play"))
    assert player_for(path, 1, only()) is None


async def test_the_player_ends_with_the_replay():
    with Sound(("/bin/sh", "-c", "sleep 60")) as sound:
        process = sound._process
        assert process.poll() is None
    await asyncio.to_thread(process.wait)
    assert process.returncode < 0
