"""The form in which an agent says what came of a call. Pure: form fields in, an event or what is wrong out."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from calls.events import CallDisposed
from handoff.desk.words import WRONG, DeskWords

MOST_NOTE = 2000
"""Characters."""


class DispositionForm(BaseModel):
    """The fields as they were filled in."""

    model_config = ConfigDict(frozen=True)

    disposition: str = ""
    note: str = ""
    needless: bool = False
    wrong: str = ""
    intended: str = ""


def disposed(
    form: DispositionForm, agent: str, queue: str, words: DeskWords
) -> CallDisposed | Mapping[str, str]:
    """The event; or, by field, what has to be mended first."""
    problems: dict[str, str] = {}
    if form.disposition not in words.queue(queue).dispositions:
        problems["disposition"] = "Choose what came of the call."
    if len(form.note) > MOST_NOTE:
        problems["note"] = f"A note has at most {MOST_NOTE} characters."
    if form.wrong and form.wrong not in WRONG:
        problems["wrong"] = "Choose what the assistant got wrong."
    if form.wrong == "intent" and form.intended not in words.intents:
        problems["intended"] = "Choose what the caller wanted."
    if problems:
        return problems
    return CallDisposed(
        agent=agent,
        disposition=form.disposition,
        note=form.note.strip(),
        needless=form.needless,
        wrong=form.wrong or None,
        intended=form.intended if form.wrong == "intent" else None,
    )
