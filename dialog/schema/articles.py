"""`knowledge/*.md`: what stands above an article."""

from datetime import date
from typing import Annotated

from pydantic import Field

from dialog.parts import Text
from dialog.schema.part import Part


class Article(Part):
    """The head of a Markdown article."""

    title: Text
    spoken: Text
    owner: Text
    updated: date
    expires: date | None = None
    questions: Annotated[tuple[Text, ...], Field(min_length=3)]
