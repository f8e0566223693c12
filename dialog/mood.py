"""What a turn of the caller leaves behind in the state, whatever is answered."""

from dialog.draft import changed
from dialog.sentiment.mood import smooth
from dialog.types import DialogState
from dialog.understand import Meaning


def moved(state: DialogState, meaning: Meaning, most: int) -> DialogState:
    """The state with the turn's sentiment taken in, and the turn among the last `most`."""
    if not meaning.text:
        return state
    heard = (*state.heard, meaning.text)[-most:]
    return changed(state, mood=round(smooth(state.mood, meaning.sentiment), 4), heard=heard)
