"""From the fields of a scoring form to answers. Pure."""

from collections.abc import Iterator, Mapping

from qa.scorecards.form import Form, Kind, Question
from qa.scorecards.scoring import Answer, AnswerError

NOT_APPLICABLE = "-"
MOST_WORDS = 2000
"""Characters of a comment."""


def answers_from(form: Form, fields: Mapping[str, str]) -> tuple[Answer, ...]:
    """The answers in `a.QUESTION` (an option, a number, words, or `-`), with comments in `c.QUESTION`.

    Raises:
        AnswerError: a number is none.
    """
    return tuple(_answers(form, fields))


def _answers(form: Form, fields: Mapping[str, str]) -> Iterator[Answer]:
    for question in form.questions:
        given = fields.get(f"a.{question.id}", "").strip()
        comment = fields.get(f"c.{question.id}", "").strip()[:MOST_WORDS]
        if given == NOT_APPLICABLE:
            yield Answer(question=question.id, not_applicable=True, comment=comment)
        elif given:
            yield _answer(question, given, comment)


def _answer(question: Question, given: str, comment: str) -> Answer:
    match question.kind:
        case Kind.NUMBER:
            try:
                return Answer(question=question.id, number=float(given), comment=comment)
            except ValueError:
                raise AnswerError({question.id: "needs a number"}) from None
        case Kind.TEXT:
            return Answer(question=question.id, text=given[:MOST_WORDS], comment=comment)
    return Answer(question=question.id, option=given, comment=comment)
