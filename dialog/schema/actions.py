"""`actions.yaml`."""

from pydantic import RootModel

from actions.spec import ActionName, ActionSpec


class ActionsFile(RootModel[dict[ActionName, ActionSpec]]):
    """`actions.yaml`: what the assistant may do. Anything else that a flow asks for is refused at start."""
