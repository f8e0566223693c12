"""What a turn leaves behind in the state, whatever is answered: what was said, and how the caller feels."""

from collections.abc import Sequence

from calls.redaction.kinds import Kind, marker
from dialog.draft import changed
from dialog.sentiment.mood import smooth
from dialog.types import DialogState, Prosody
from dialog.understand import Feelings, Meaning

MOST_SAID = 18
"""So much of both sides is kept: as far back as dissatisfaction looks for what the caller has said before."""
MOST_TOPICS = 3
"""The newest turn and two before it, which are as many as knowledge reads a question after."""


def moved(state: DialogState, meaning: Meaning, private: Kind | None = None) -> DialogState:
    """The state with the caller's words and their sentiment taken in; of a `private` answer only its marker."""
    if not meaning.text:
        return state
    if private is not None:
        course = (*state.course, ("caller", marker(private)))[-MOST_SAID:]
        return changed(state, mood=round(smooth(state.mood, meaning.sentiment), 4), course=course)
    return changed(
        state,
        mood=round(smooth(state.mood, meaning.sentiment), 4),
        course=(*state.course, ("caller", meaning.text))[-MOST_SAID:],
        topics=state.topics if _only_answers(meaning) else (*state.topics, meaning.text)[-MOST_TOPICS:],
    )


def judged(
    state: DialogState, feelings: Feelings | None, prosody: Prosody | None
) -> tuple[DialogState, float | None]:
    """How likely the caller is dissatisfied now, who has just spoken, and the state with that taken in."""
    if feelings is None or not state.course or state.course[-1][0] != "caller":
        return state, None
    found = feelings.dissatisfaction(state.course, prosody)
    return changed(state, discontent=round(smooth(state.discontent, found), 4)), found


def replied(state: DialogState, say: Sequence[str]) -> DialogState:
    """The state with what we say. A greeting is no reply, and all that is said between two turns is one."""
    if not say or not state.course:
        return state
    text = " ".join(say)
    who, said = state.course[-1]
    if who == "assistant":
        return changed(state, course=(*state.course[:-1], ("assistant", f"{said} {text}")))
    return changed(state, course=(*state.course, ("assistant", text))[-MOST_SAID:])


def _only_answers(meaning: Meaning) -> bool:
    """Whether a turn brings up nothing: a yes, a value, a word on the conversation itself."""
    if meaning.intent is not None:
        return False
    return meaning.reply is not None or bool(meaning.found) or meaning.command is not None
