"""A plan in the making: values that flow steps and repairs pass on until one of them waits for something."""

from dataclasses import dataclass, replace

from actions.types import ActionRequest
from dialog.types import DialogState, Expectation, Next

OPEN = Expectation()


@dataclass(frozen=True)
class Draft:
    """What has been decided so far."""

    state: DialogState
    say: tuple[str, ...] = ()
    act: tuple[ActionRequest, ...] = ()
    expect: Expectation = OPEN
    then: Next = Next.LISTEN
    why: str = ""

    def saying(self, *sentences: str) -> "Draft":
        """The same, with more to say."""
        return replace(self, say=(*self.say, *(one for one in sentences if one)))

    def because(self, why: str) -> "Draft":
        """The same, with the rule that decided."""
        return replace(self, why=why)


def changed(state: DialogState, **values: object) -> DialogState:
    """The state with other values."""
    return state.model_copy(update=values)
