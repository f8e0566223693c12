"""What an agent says of a call that they took. Pure: a form in, an event or what is wrong with each field out."""

from collections.abc import Mapping

from calls.events import CallDisposed
from dialog.playbook import Playbook
from dialog.schema.queues import DISPOSITIONS

WRONG = frozenset({"intent", "facts", "identity", "other"})
"""What the assistant may have got wrong."""
TRUE = frozenset({"1", "on", "true", "yes"})
LONGEST_NOTE = 1000


class DispositionError(ValueError):
    """A form that says too little, or what the playbook does not know.

    `problems` names each field with its rule.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {rule}" for field, rule in problems.items()))
        self.problems = dict(problems)


def dispositions_of(playbook: Playbook, queue: str) -> Mapping[str, str]:
    """The codes that an agent may choose from, with their words; the built-in ones where there is no such queue."""
    found = playbook.queues.queues.get(queue)
    return DISPOSITIONS if found is None else found.dispositions


def dispose(form: Mapping[str, str], playbook: Playbook, *, agent: str, queue: str) -> CallDisposed:
    """What the record says of a call.

    Args:
        form: `disposition`, which must be there; and, where they apply, `note`, `needless` (`on`), `wrong`, `intended`.
        playbook: That of the call: its intents, and its queues' dispositions.
        agent: The roster's id of whoever took the call.
        queue: The queue whose call it was.

    Raises:
        DispositionError: with all that is wrong.
    """
    told = {name: value.strip() for name, value in form.items()}
    codes = dispositions_of(playbook, queue)
    disposition, note = told.get("disposition", ""), told.get("note", "")
    wrong, intended = told.get("wrong", ""), told.get("intended", "")
    problems: dict[str, str] = {}
    if not disposition:
        problems["disposition"] = "must be chosen"
    elif disposition not in codes:
        problems["disposition"] = f"must be one of {', '.join(codes)}"
    if len(note) > LONGEST_NOTE:
        problems["note"] = f"must have at most {LONGEST_NOTE} characters"
    if wrong and wrong not in WRONG:
        problems["wrong"] = f"must be one of {', '.join(sorted(WRONG))}"
    if intended and wrong != "intent":
        problems["intended"] = "belongs to `wrong: intent`"
    elif intended and intended not in playbook.examples():
        problems["intended"] = "must be an intent of the playbook"
    if problems:
        raise DispositionError(problems)
    return CallDisposed(
        agent=agent,
        disposition=disposition,
        note=note,
        needless=told.get("needless", "").lower() in TRUE,
        wrong=wrong or None,
        intended=intended or None,
    )
