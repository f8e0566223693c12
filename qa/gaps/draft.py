"""A gap as the draft of an article, in the form that a playbook's knowledge has."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from pydantic import BaseModel, ConfigDict

from dialog.playbook import Playbook
from dialog.schema.articles import Article
from dialog.source import PlaybookError, read_article

DRAFTS = "drafts"
"""Within the data directory."""
NAME = re.compile(r"[a-z][a-z0-9_]{1,50}")
LEAST_QUESTIONS = 3


class DraftError(ValueError):
    """A draft that is no article; `field` names the part, the text says what it needs."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field


class Draft(BaseModel):
    """What somebody has written."""

    model_config = ConfigDict(frozen=True)

    name: str
    """Of the file, without its ending; also the name of the intent."""
    title: str
    spoken: str
    """At most two sentences, as they are said."""
    questions: tuple[str, ...]
    body: str = ""


def from_playbook(playbook: Playbook, name: str, more: Sequence[str]) -> Draft:
    """An article that is there, with more questions."""
    article = playbook.articles[name]
    asked = {one.lower().rstrip("?.! ") for one in article.questions}
    new = [one for one in more if one.lower().rstrip("?.! ") not in asked]
    return Draft(
        name=name,
        title=article.title,
        spoken=article.spoken,
        questions=(*article.questions, *new),
        body=playbook.bodies.get(name, ""),
    )


def suggested_name(question: str) -> str:
    """A name out of a question."""
    skipped = {
        "the",
        "a",
        "an",
        "do",
        "does",
        "is",
        "are",
        "can",
        "you",
        "i",
        "my",
        "your",
        "to",
        "of",
        "what",
        "how",
        "it",
    }
    words = [one for one in re.findall(r"[a-z]+", question.lower()) if one not in skipped]
    return "_".join(words[:3]) or "article"


def written(draft: Draft, owner: str, today: date) -> str:
    """The Markdown of a draft.

    Raises:
        DraftError: it breaks a rule of articles.
    """
    if not NAME.fullmatch(draft.name):
        raise DraftError("name", "must be lower-case letters, digits and _, and begin with a letter")
    questions = list(dict.fromkeys(one.strip() for one in draft.questions if one.strip()))
    if len(questions) < LEAST_QUESTIONS:
        raise DraftError(
            "questions", f"needs at least {LEAST_QUESTIONS}, one a line; it has {len(questions)}"
        )
    for field in ("title", "spoken"):
        if not getattr(draft, field).strip():
            raise DraftError(field, "must be written")
    head = {
        "title": _one_line(draft.title),
        "spoken": _one_line(draft.spoken),
        "owner": owner,
        "updated": today,
        "questions": questions,
    }
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110)
    text = f"---\n{front}---\n\n{draft.body.strip() or f'# {_one_line(draft.title)}'}\n"
    _check(draft.name, text)
    return text


def save(folder: Path, name: str, text: str) -> Path:
    """Write a draft, in place of an older one of the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    # Moved into place: a server may read the folder at this moment.
    scratch = folder / f".{name}.md.new"
    scratch.write_text(text, "utf-8")
    scratch.replace(path)
    return path


def _check(name: str, text: str) -> None:
    """As the playbook reads it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.md"
        path.write_text(text, "utf-8")
        try:
            source, _ = read_article(path)
            source.validate(Article)
        except PlaybookError as error:
            rule = error.problems[0].removeprefix(str(path)).lstrip(":0123456789 ")
            raise DraftError("article", rule) from None


def _one_line(text: str) -> str:
    return " ".join(text.split())
