"""Taking back what a flow has done, when a later step of it fails."""

from dataclasses import replace

from actions.types import ActionRequest
from dialog.acting import agreed_already, begun_anew, change_of
from dialog.draft import WHILE_ACTING, Draft, changed
from dialog.types import DialogState, Next, TakeBack


def can_be_undone(state: DialogState, done: ActionRequest, undo: ActionRequest) -> DialogState:
    """The state after a step that `undo` takes back."""
    taken_back = TakeBack(request=agreed_already(undo), done=change_of(done))
    return changed(state, undo=(taken_back, *state.undo))


def undo(draft: Draft, target: str) -> Draft:
    """Take back all that the flow has done; then it goes on at `target`.

    Whoever wants the same again in this call must get it done again: from here on it is no repetition.
    """
    state = draft.state
    for one in state.undo:
        state = begun_anew(begun_anew(state, one.done), change_of(one.request))
    requests = tuple(one.request for one in state.undo)
    return replace(
        draft,
        state=changed(state, pending=requests, undo=(), after_undo=target),
        act=requests,
        expect=WHILE_ACTING,
        then=Next.AWAIT_ACTIONS,
    )
