"""What the caller means, given what we asked: keys, grammars and intents, in that order of trust."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from dialog.confidence import Belief, belief, joint_confidence
from dialog.filling import Heard
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate, Said, SlotRule, candidates, keyed
from dialog.grammar.yes_no import only_yes_or_no, yes_or_no
from dialog.intents import Ranking
from dialog.playbook import OUT_OF_SCOPE, Playbook
from dialog.schema.intents import Command
from dialog.types import Hearing, Prosody, Spoken, Understanding

UNSURE = 0.3
"""Confidence given to words that the recogniser itself doubts, and below which intents are not believed."""
PERSON_KEY = "0"
REPEAT_KEY = "*"
SURE_COMMAND = 0.8
"""A command this sure is heard even where a yes or no was asked for."""
SURE_WISH = 0.75
"""A wish this sure makes a yes before it something else than a plain yes."""
HOLDS_BACK = re.compile(
    r"\b(?:wait|stop|hold|hang|but|no|not|don't|dont|never|only|half|except|unless|if|later|before|actually|instead"
    r"|maybe|perhaps|slower|repeat)\b",
    re.IGNORECASE,
)
"""A yes with one of these is no agreement."""
SPOKEN = re.compile(r"(?:[^\W\d_]|[ ,.!?'’-])+")
"""Words and what a recogniser writes between them: neither digits nor markup."""
PLAIN = 6
"""A yes of up to so many words says nothing besides."""
MOST_ALTERNATIVES = 2
"""Each costs as much time as the first text."""
NEARLY = 0.8
"""Another text must be at least so likely, as a part of the first one's likelihood."""
SURE_OTHERWISE = 0.6
"""Confidence of the wish in another text from which on it is believed."""
NOTHING = Understanding()
NOT_HEARD = Heard()
NUMBERS = frozenset({SlotKind.DIGITS, SlotKind.PHONE, SlotKind.QUANTITY, SlotKind.MONEY})
ASKS_FOR_PEOPLE = re.compile(
    r"\b(?:speak|talk|put (?:me )?through|connect me|transfer me|pass me on)(?: directly)? (?:to|with) "
    r"(?!(?:you|yourself|it|this|that|him|her|them|my|our|me|a (?:machine|robot|computer|bot))\b)",
    re.IGNORECASE,
)
"""To whom ever: `could I speak to a lady about my order`. What has been done, or is for somebody else, is none."""
LETTER = re.compile(r"[^\W\d_]")
"""Bare digits ask for nobody, whatever the classifier takes them for."""
ABOUT = re.compile(r"\b(?:about|regarding|concerning|because of|for) (?P<matter>.+)", re.IGNORECASE)
OPEN_KINDS = frozenset({SlotKind.TEXT, SlotKind.NAME})
"""Kinds of answer that nearly any words can be: a clear wish or command goes before them."""

CORRECTS = re.compile(
    r"^(?:no|nope|sorry|wait|actually)\b[ ,.]*(?:sorry[ ,.]*)?"
    r"(?:i (?:said|meant|mean)|it's|it is|that's|make (?:it|that)|not)\b"
    r"|\bi (?:said|meant)\b|\bi mean\b|\bnot .{1,40} but\b|\binstead of\b|\bthat was wrong\b",
    re.IGNORECASE,
)
SWITCHES = re.compile(
    r"\b(?:instead|rather|forget (?:that|it|about)|changed my mind|actually|never ?mind)\b", re.IGNORECASE
)


class Classifier(Protocol):
    """Knows the intents of one playbook."""

    def rank_all(self, text: str) -> Sequence[Ranking]:
        """One ranking for each wish in `text`, in their order; at least one."""


class Feelings(Protocol):
    """Judges how a caller feels."""

    def score(self, text: str, prosody: Prosody | None = None) -> float:
        """-1 to 1."""

    def dissatisfaction(self, turns: Sequence[Spoken], prosody: Prosody | None = None) -> float:
        """How likely the caller is dissatisfied at the last turn, which is theirs, 0 to 1."""


@dataclass(frozen=True)
class Meaning:
    """One hearing, understood."""

    intent: str | None = None
    more: tuple[str, ...] = ()
    """Further intents of the same breath."""
    command: Command | None = None
    reply: bool | None = None
    """A yes or a no, where one makes sense."""
    plain: bool = False
    """Whether the yes or no is all that was said."""
    found: tuple[Candidate, ...] = ()
    """Values for the open question, likeliest first."""
    corrects: bool = False
    """It takes back something that was said before."""
    switches: bool = False
    """It leaves what we are at for something else."""
    danger: bool = False
    """It has words that are a person's business at once."""
    topic: str | None = None
    """With a request for a person: the wish or question that is named in the same breath."""
    confidence: float = 0.0
    """How sure we are of what was heard, 0 to 1."""
    certainty: float = 0.0
    """How likely this is what the caller meant, words and meaning together, 0 to 1."""
    sentiment: float = 0.0
    text: str = ""
    heard: Heard = NOT_HEARD
    understanding: Understanding = NOTHING

    @property
    def is_doubtful(self) -> bool:
        """Whether the wish in it should be asked back before anything is done about it."""
        return self.intent is not None and belief(self.certainty) is Belief.CONFIRM


@dataclass(frozen=True)
class Asked:
    """What the dialog asked for."""

    rule: SlotRule | None = None
    """The value of the open question."""
    reply: bool = False
    """A yes or no makes sense."""
    wish: frozenset[str] = frozenset()
    """The intents that have led here: `yes, cancel it` is a plain yes to a cancellation."""
    strict: bool = False
    """Whether the value is expected now, so that words which sound like it are it."""
    now: str = "2026-01-01T12:00:00"


class Understander:
    """Understands hearings for one playbook. Stateless."""

    def __init__(self, playbook: Playbook, classifier: Classifier, feelings: Feelings | None = None) -> None:
        self._playbook = playbook
        self._classifier = classifier
        self._feelings = feelings
        self._person = _any_of(playbook.head.person_words, not_after=("my", "our"))
        self._danger = _any_of(playbook.escalation.danger_words)

    def understand(self, hearing: Hearing, asked: Asked) -> Meaning:
        """What `hearing` means as an answer to what was asked."""
        if hearing.keyed:
            return _keyed(hearing.keyed, asked)
        if not hearing.text.strip():
            return Meaning()
        meaning = self._spoken(hearing, asked)
        if not says_something(meaning):
            meaning = self._otherwise(hearing, asked) or meaning
        return replace(meaning, sentiment=self._feeling(meaning.text, hearing.prosody))

    def _otherwise(self, hearing: Hearing, asked: Asked) -> Meaning | None:
        """What was said, if it was one of the next likeliest texts: only a clear wish is believed so."""
        for other in hearing.alternatives[:MOST_ALTERNATIVES]:
            if other.confidence < NEARLY * hearing.confidence or hearing.unsure:
                continue
            update = {"text": other.text, "confidence": other.confidence, "alternatives": (), "words": ()}
            meaning = self._spoken(hearing.model_copy(update=update), asked)
            clear = meaning.understanding.confidence >= SURE_OTHERWISE
            if clear and (meaning.intent is not None or meaning.command is not None):
                understanding = meaning.understanding.model_copy(update={"as_text": other.text})
                return replace(meaning, understanding=understanding)
        return None

    def _spoken(self, hearing: Hearing, asked: Asked) -> Meaning:
        confidence = min(hearing.confidence, UNSURE) if hearing.unsure else hearing.confidence
        rankings = self._classifier.rank_all(hearing.text)
        wishes = self._matters([self._believed(ranking, confidence) for ranking in rankings])
        (intent, score), *others = wishes
        command = self._command(intent)
        if self._asks_for_person(hearing.text):
            command, intent, score = Command.PERSON, None, 1.0
        elif command is Command.PERSON and LETTER.search(hearing.text) is None:
            command = intent = None
        topic = self._topic(wishes, hearing.text, confidence) if command is Command.PERSON else None
        reply = yes_or_no(hearing.text) if asked.reply else None
        heard = Heard(_said(hearing, confidence, asked))
        found = self._values(heard, asked)
        if command is not Command.PERSON and self._answers(hearing.text, reply, found, asked, command, score):
            command = intent = None
            others = []
        plain = reply is not None and _is_plain(hearing.text, rankings[0], asked.wish)
        more = tuple(name for name, _ in others if name is not None and self._command(name) is None)
        if intent is None and command is None:
            certainty = _certainty_without_wish(confidence, rankings[0], reply, found)
        else:
            certainty = joint_confidence(confidence, score)
        return Meaning(
            intent=intent,
            more=more,
            command=command,
            topic=topic,
            reply=reply,
            plain=plain,
            found=found,
            corrects=CORRECTS.search(hearing.text) is not None,
            switches=SWITCHES.search(hearing.text) is not None,
            danger=self._danger is not None and self._danger.search(hearing.text) is not None,
            confidence=_reply_confidence(hearing, confidence) if plain else confidence,
            certainty=round(certainty, 4),
            text=hearing.text,
            heard=heard,
            understanding=Understanding(
                intent=command.value if command is not None else intent,
                confidence=round(score, 4),
                alternatives=rankings[0].scores,
                entities=_entities(found, reply, asked),
                more=more,
            ),
        )

    def _believed(self, ranking: Ranking, confidence: float) -> tuple[str | None, float]:
        intent, score = ranking.best
        outside = confidence <= UNSURE or score < self._playbook.head.intent_threshold
        rejected = outside or belief(joint_confidence(confidence, score)) is Belief.REJECT
        return (None if rejected else intent), score

    def _matters(self, wishes: list[tuple[str | None, float]]) -> list[tuple[str | None, float]]:
        """Without courtesies, where there is a wish besides: `excuse me, where is my order` is no `repeat`."""
        matters = [wish for wish in wishes if wish[0] is not None and not self._is_courtesy(wish[0])]
        return matters or wishes

    def _asks_for_person(self, text: str) -> bool:
        """Whether it has the playbook's words for a person, or asks to be put through to somebody."""
        named = self._person is not None and self._person.search(text) is not None
        return named or ASKS_FOR_PEOPLE.search(text) is not None

    def _topic(self, wishes: Sequence[tuple[str | None, float]], text: str, confidence: float) -> str | None:
        """What a person is asked for about: another wish of the same breath, or what stands behind an `about`."""
        known = self._first_matter(wishes)
        told = ABOUT.search(text) if known is None else None
        if told is None:
            return known
        rankings = self._classifier.rank_all(told["matter"])
        return self._first_matter([self._believed(ranking, confidence) for ranking in rankings])

    def _first_matter(self, wishes: Sequence[tuple[str | None, float]]) -> str | None:
        """The first wish or question that is no courtesy and no command."""
        names = (name for name, _ in wishes if name is not None)
        return next(
            (name for name in names if self._command(name) is None and not self._is_courtesy(name)), None
        )

    def _is_courtesy(self, intent: str) -> bool:
        """Whether it only keeps the conversation going: a greeting, thanks, a goodbye, a "pardon"."""
        declared = self._playbook.intents.get(intent)
        if declared is None or declared.flow is not None:
            return False
        return declared.command not in {Command.PERSON, Command.CANCEL}

    def _command(self, intent: str | None) -> Command | None:
        declared = self._playbook.intents.get(intent) if intent is not None else None
        return declared.command if declared is not None else None

    def _values(self, heard: Heard, asked: Asked) -> tuple[Candidate, ...]:
        if asked.rule is None or asked.rule.kind is SlotKind.YES_NO:
            return ()
        return candidates(heard.said, asked.rule, datetime.fromisoformat(asked.now), strict=asked.strict)

    def _answers(
        self,
        text: str,
        reply: bool | None,
        found: Sequence[Candidate],
        asked: Asked,
        command: Command | None,
        score: float,
    ) -> bool:
        """Whether this is the answer to our question, whatever else it sounds like."""
        if asked.strict and found and asked.rule is not None:
            if asked.rule.kind not in OPEN_KINDS:
                return True
            return command is None and score < SURE_WISH
        polite = score < SURE_COMMAND or command is Command.THANKS
        return reply is not None and (polite or only_yes_or_no(text))

    def _feeling(self, text: str, prosody: Prosody | None) -> float:
        return self._feelings.score(text, prosody) if self._feelings is not None else 0.0


def says_something(meaning: Meaning) -> bool:
    """Whether anything was understood at all."""
    return bool(
        meaning.intent or meaning.command or meaning.found or meaning.reply is not None or meaning.danger
    )


def _any_of(words: Sequence[str], not_after: Sequence[str] = ()) -> re.Pattern[str] | None:
    """Any of the words, but not behind one of `not_after`: `my manager told me to call` asks for nobody."""
    if not words:
        return None
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    before = "".join(rf"(?<!\b{re.escape(word)} )" for word in not_after)
    return re.compile(rf"{before}\b(?:{longest_first})s?\b", re.IGNORECASE)


def _said(hearing: Hearing, confidence: float, asked: Asked) -> tuple[Said, ...]:
    """The text and what it may have been instead; a number is as sure as its own words."""
    wants_number = asked.rule is not None and asked.rule.kind in NUMBERS
    first = _number_confidence(hearing, confidence) if wants_number or asked.rule is None else confidence
    others = tuple(Said(one.text, one.confidence) for one in hearing.alternatives)
    return (Said(hearing.text, first), *others)


def _reply_confidence(hearing: Hearing, confidence: float) -> float:
    """How sure the recogniser is of a plain yes or no: as sure as of its least sure word.

    Where the sentence ends and where its commas stand is most of the doubt in so short a text, and nobody cares.
    """
    if hearing.unsure or not hearing.words:
        return confidence
    return max(confidence, min(one.probability for one in hearing.words))


def _number_confidence(hearing: Hearing, confidence: float) -> float:
    """How sure the recogniser is of the number itself: the words around it say nothing about it."""
    numbers = [word.probability for word in hearing.words if any(one.isdigit() for one in word.text)]
    if hearing.unsure or not numbers:
        return confidence
    return sum(numbers) / len(numbers)


def _is_plain(text: str, ranking: Ranking, wish: frozenset[str]) -> bool:
    """Whether a yes or no is all that was said: neither a number nor a wish nor a condition hangs on it."""
    if len(text.split()) > PLAIN or not SPOKEN.fullmatch(text):
        return False
    if only_yes_or_no(text):
        return True
    name, score = ranking.best
    weak = name is None or score < SURE_WISH or name in {"thanks", "goodbye"} | wish
    begins = only_yes_or_no(text.split(maxsplit=1)[0])  # `he said yes yesterday` is none
    return begins and weak and HOLDS_BACK.search(text) is None


def _certainty_without_wish(
    confidence: float, ranking: Ranking, reply: bool | None, found: Sequence[Candidate]
) -> float:
    """How likely an answer is what was meant; where there is none either, the likeliest wish that was not believed."""
    if reply is not None:
        return confidence
    if found:
        return found[0].score
    wishes = (score for name, score in ranking.scores if name != OUT_OF_SCOPE)
    return joint_confidence(confidence, max(wishes, default=0.0))


def _entities(found: Sequence[Candidate], reply: bool | None, asked: Asked) -> dict[str, str]:
    entities = {}
    if found and asked.rule is not None:
        entities[asked.rule.kind.value] = found[0].value
    if reply is not None:
        entities["reply"] = "yes" if reply else "no"
    return entities


def _keyed(keys: str, asked: Asked) -> Meaning:
    """Keys mean what they say: the value asked for, 1 and 2 for yes and no, 0 for a person, * to repeat."""
    number = keys.rstrip("#")
    if keys in {PERSON_KEY, REPEAT_KEY}:
        command = Command.PERSON if keys == PERSON_KEY else Command.REPEAT
        return Meaning(
            command=command,
            confidence=1.0,
            certainty=1.0,
            understanding=Understanding(intent=command.value, confidence=1.0, entities={"keys": keys}),
        )
    reply = {"1": True, "2": False}.get(number) if asked.reply else None
    value = keyed(keys, asked.rule) if asked.rule is not None else None
    return Meaning(
        reply=reply,
        plain=reply is not None,
        found=(value,) if value is not None else (),
        confidence=1.0,
        certainty=1.0,
        heard=Heard(keyed=value),
        understanding=Understanding(confidence=1.0, entities={"keys": keys}),
    )
