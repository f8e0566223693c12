"""An article's Markdown as passages for the ear: one or two sentences each, without marks."""

import re
from collections.abc import Iterator
from itertools import pairwise

MOST_LETTERS = 400
SENTENCE_END = re.compile(
    r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bNo\.)(?<=[.!?])\s+(?=[A-Z0-9\"'“])"
)
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$|^\s*\|?[\s:|-]+\|[\s:|-]*$")


def passages(body: str) -> tuple[str, ...]:
    """The passages of a Markdown body in order, each at most 400 characters; headings are none of them."""
    return tuple(
        passage
        for block in _blocks(COMMENT.sub("", FENCE.sub("", body)))
        for passage in _pairs(sentences(block))
    )


def sentences(text: str) -> list[str]:
    """The sentences of plain text."""
    return [part.strip() for part in SENTENCE_END.split(text) if part.strip()]


def for_the_ear(text: str) -> str:
    """Inline Markdown and HTML without marks: what a voice would read."""
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text)
    text = re.sub(r"<(https?:[^>]*|[^>@\s]+@[^>]*)>", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    text = re.sub(r"(\*{1,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![^\W_])_{1,2}(?=\S)(.+?)(?<=\S)_{1,2}(?![^\W_])", r"\1", text)
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()


def _blocks(body: str) -> Iterator[str]:
    """Paragraphs, list items and table rows as plain text."""
    lines: list[str] = []
    for line in [*body.splitlines(), ""]:
        starts = (
            not line.strip() or HEADING.match(line) or ITEM.match(line) or _is_row(line) or RULE.match(line)
        )
        if starts and lines:
            yield _ended(for_the_ear(" ".join(lines)))
            lines = []
        if not line.strip() or HEADING.match(line) or RULE.match(line):
            continue
        if _is_row(line):
            yield from _row(line, body)
        else:
            lines.append(ITEM.sub("", line).lstrip("> ").strip())


def _is_row(line: str) -> bool:
    return line.strip().startswith("|")


def _row(line: str, body: str) -> Iterator[str]:
    """A table row as "first: rest"; the head of a table, which a rule follows, is not said."""
    rows = body.splitlines()
    following = rows[rows.index(line) + 1 : rows.index(line) + 2]
    if following and RULE.match(following[0]):
        return
    cells = [for_the_ear(cell) for cell in line.strip().strip("|").split("|")]
    cells = [cell for cell in cells if cell]
    if cells:
        yield _ended(": ".join([cells[0], ", ".join(cells[1:])]) if len(cells) > 1 else cells[0])


def _ended(text: str) -> str:
    return text if not text or text[-1] in ".!?:" else f"{text}."


def _pairs(parts: list[str]) -> Iterator[str]:
    """Each sentence with the one after it, where both are short enough; a lone one by itself."""
    parts = [_cut(part) for part in parts]
    if len(parts) == 1:
        yield parts[0]
    for first, second in pairwise(parts):
        pair = f"{first} {second}"
        yield pair if len(pair) <= MOST_LETTERS else first
    if len(parts) > 1 and len(parts[-2]) + 1 + len(parts[-1]) > MOST_LETTERS:
        yield parts[-1]


def _cut(sentence: str) -> str:
    """A sentence too long to say, ended at its last clause or word that fits."""
    if len(sentence) <= MOST_LETTERS:
        return sentence
    head = sentence[: MOST_LETTERS - 1]
    at = max(head.rfind(", "), head.rfind("; "))
    return f"{head[: at if at > MOST_LETTERS // 2 else head.rfind(' ')].rstrip(' ,;')}."
