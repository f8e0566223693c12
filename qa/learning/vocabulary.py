"""Which names the recogniser should learn: words that it keeps missing and people put into transcripts. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from qa.learning.correction import Correction, Kind
from qa.learning.lessons import LEAST_CALLS, Name, words_of

SHORTEST = 4
"""Letters. Shorter words sound like too much else."""


def names_of(
    accepted: Sequence[Correction],
    written: Mapping[str, int],
    known: Iterable[str],
    learnt: Collection[str] = (),
    kept: Sequence[Name] = (),
) -> tuple[Name, ...]:
    """The words that people put where the recogniser wrote others: one for each call, and those of `LEAST_CALLS` calls.

    `written`: in how many recorded calls the recogniser wrote a word (lower case) by itself: in as many as it missed it
    in, and it needs no help. What is `learnt` already stays, however well it is heard by now. `known`: the playbook's
    own sentences, whose words are ordinary ones. `kept`: names from corrections that are not there any more.
    """
    ordinary = {word.lower() for text in known for word in words_of(text)}
    found = {(one.text.lower(), one.call_id): one for one in kept if one.text.lower() not in ordinary}
    for one in sorted(accepted, key=lambda one: (one.at, one.correction_id)):
        if one.kind is not Kind.TRANSCRIPT:
            continue
        for word in _put_in(one):
            if word.lower() not in ordinary:
                name = Name(text=word, correction_id=one.correction_id, call_id=one.call_id)
                found.setdefault((word.lower(), one.call_id), name)
    missed = Counter(word for word, _ in found)
    stays = {word.lower() for word in learnt}
    often = {
        word
        for word, calls in missed.items()
        if calls >= LEAST_CALLS and (word in stays or calls > written.get(word, 0))
    }
    return tuple(name for (word, _), name in sorted(found.items()) if word in often)


def written_in(calls: Iterable[Iterable[str]]) -> Counter[str]:
    """In how many calls each word (lower case) was written, by the texts of their turns."""
    return Counter(
        word for texts in calls for word in {word.lower() for text in texts for word in words_of(text)}
    )


def _put_in(one: Correction) -> list[str]:
    """The words of what was said that are not in what was heard, in order."""
    heard = {word.lower() for word in words_of(one.text)}
    return [
        word
        for word in dict.fromkeys(words_of(one.meant or ""))
        if len(word) >= SHORTEST and word.isalpha() and word.lower() not in heard
    ]
