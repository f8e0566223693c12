"""All calls of a season in order: those that are heard, those that are spoken, and the many that make no sound."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from calls.events import CallEvent
from qa.seed.generate import Generator
from qa.seed.heard import Made, heard_calls
from qa.seed.recorder import Recorder
from qa.seed.sound import House
from qa.seed.traffic import Coming
from voice.speaking.renderer import Renderer

HEARD, SPOKEN = "heard", "spoken"


@contextmanager
def season_calls(
    generator: Generator,
    heard: Sequence[Coming],
    laid_out: Sequence[Coming],
    voice: Callable[[], Renderer],
    seed: int,
    data_dir: Path,
    done: Callable[[str], None] = lambda _: None,
) -> Iterator[Iterator[list[CallEvent]]]:
    """The events of each call; where it has sound, that is on the disk by then.

    Args:
        generator: Makes the calls.
        heard: Those that today's assistant really has, in processes of their own.
        laid_out: Those whose sound is laid out from their text.
        voice: Loads our voice, where any is laid out.
        seed: Of all that chance decides.
        data_dir: Where recordings are kept.
        done: Told `heard` or `spoken` for each of these.

    Raises:
        ModelFileError: a model that is needed is not prepared or is damaged.
    """
    with ExitStack() as stack:
        made = stack.enter_context(heard_calls(generator, heard, seed, data_dir)) if heard else {}
        recorder = Recorder(generator, House(voice()), seed, data_dir) if laid_out else None
        yield _each(generator, made, recorder, {one.number for one in laid_out}, done)


def _each(
    generator: Generator,
    heard: Made,
    recorder: Recorder | None,
    laid_out: set[int],
    done: Callable[[str], None],
) -> Iterator[list[CallEvent]]:
    for coming in generator.coming:
        if coming.number in heard:
            yield heard[coming.number].result()
            done(HEARD)
        elif recorder is not None and coming.number in laid_out:
            yield recorder.call(coming)
            done(SPOKEN)
        else:
            yield generator.call(coming)
