"""The scripts: every matter of the demo company, in callers' own words, each going well, badly, and in between.

The words are the playbook's own examples, so that a script is understood with models and without. A small catalogue
takes a few phrasings of each, the whole one all of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from actions.shop.seed import CUSTOMERS, SeedCustomer
from actions.types import Failure
from dialog.playbook import Playbook
from qa.seed.script import Line, Script, order_of

SURE, FAIR, POOR = 0.94, 0.72, 0.41
ANSWERS_THAT_FAIL = ("do you have a museum of old lamps", "which bank does your boss use")
"""Questions that no article answers."""
ANGRY = (
    "this is ridiculous I have been waiting for weeks",
    "you are completely useless this is the worst service ever",
)
MUMBLE = Line("er is er", confidence=0.33, unsure=True)
SILENT = Line(silent=True)
AGENT = Line("I want to talk to a person")


@dataclass(frozen=True)
class Matter:
    """Something that callers want, with what they answer on the way there."""

    intent: str
    statuses: tuple[str, ...] = ()
    """An order in one of these states is needed."""
    number_slot: str | None = None
    """The slot that the order's number goes into."""
    answers: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    action: str | None = None
    """The action that it comes down to."""
    personas: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7, 8, 9)
    """Customers whom it fits."""


REASONS = ("it's too small", "it is broken", "I don't like it")
MATTERS = (
    Matter("order_status", (), "order_number", action="shop.order_status"),
    Matter("my_orders", action="shop.customer_orders"),
    Matter(
        "cancel_order",
        ("processing", "packed"),
        "cancel_number",
        action="shop.cancel_order",
        personas=(1, 2, 5, 7, 9),
    ),
    Matter(
        "change_order",
        ("processing",),
        "change_number",
        {"how_to_change": (Line("cancel it"),)},
        personas=(1, 5, 9),
    ),
    Matter(
        "return_item",
        ("delivered",),
        "return_number",
        {"return_reason": tuple(map(Line, REASONS))},
        "shop.create_return",
        (1, 2, 5, 7),
    ),
    Matter("refund", ("delivered",), "refund_number", action="shop.refund_order", personas=(1, 2, 5, 7)),
    Matter(
        "change_address",
        answers={
            "new_street": (Line("Rose Lane 12"),),
            "new_postcode": (Line("22765"),),
            "new_city": (Line("Hamburg"),),
        },
        action="shop.change_address",
    ),
    Matter("password_reset", action="shop.send_password_reset"),
    Matter(
        "invoice_copy",
        ("delivered", "shipped", "packed", "processing", "delayed"),
        "invoice_order",
        action="shop.send_invoice",
    ),
    Matter("product_info", answers={"product": (Line("the kettle"),)}, action="shop.product"),
    Matter(
        "complaint",
        answers={
            "complaint_text": (Line("the driver threw my parcel over the fence", sentiment=-0.5),),
            "wants_credit": (Line("no thank you"),),
        },
        action="shop.note_complaint",
    ),
    Matter("call_back"),
)
QUESTIONS = (
    "opening_hours",
    "shipping",
    "returns",
    "warranty",
    "gift_cards",
    "payment",
    "exchange",
    "sizes",
    "store_pickup",
    "damaged_parcel",
    "price_match",
    "loyalty",
)
"""Articles that callers ask for."""
RESERVED = ("legal_matter", "data_deletion")

Turned = Callable[[Script, Matter], Script]


def catalogue(playbook: Playbook, phrasings: int) -> tuple[Script, ...]:
    """All scripts, with so many phrasings of each matter at most; the ids are unique and stable."""
    return tuple(_all(playbook, phrasings))


def _all(playbook: Playbook, phrasings: int) -> Iterator[Script]:
    for matter in MATTERS:
        yield from _of_matter(matter, _spread(playbook.intents[matter.intent].examples, phrasings))
    for article in QUESTIONS:
        for number, words in enumerate(_spread(playbook.articles[article].questions, phrasings)):
            yield _question(article, number, words)
    for intent in RESERVED:
        for number, words in enumerate(_spread(playbook.intents[intent].examples, max(1, phrasings // 3))):
            persona = CUSTOMERS[number % len(CUSTOMERS)]
            yield Script(f"{intent}-{number}", intent, (Line(words),), persona)
    for number, words in enumerate(_spread(playbook.intents["person"].examples, phrasings)):
        yield from _for_person(number, words)
    yield from _unanswered(phrasings)


def _spread(examples: tuple[str, ...], most: int) -> tuple[str, ...]:
    """So many of them, from all over the list: the first ones are the plainest."""
    step = max(1, len(examples) // most)
    return tuple(examples[::step][:most])


def _of_matter(matter: Matter, phrasings: tuple[str, ...]) -> Iterator[Script]:
    for number, words in enumerate(phrasings):
        persona = CUSTOMERS[matter.personas[number % len(matter.personas)] - 1]
        plain = _plain(matter, number, words, persona)
        yield plain
        turns = list(TURNS.items())
        # Each phrasing goes well once, and in two other ways: all ways come up within a few phrasings.
        for name, turned in (turns[(2 * number + one) % len(turns)] for one in (0, 1)):
            weight = SELDOM.get(name, 1.0)
            yield replace(turned(plain, matter), id=f"{plain.id}-{name}", weight=weight)


def _plain(matter: Matter, number: int, words: str, persona: SeedCustomer) -> Script:
    answers = dict(matter.answers)
    if matter.number_slot is not None:
        answers[matter.number_slot] = (Line(order_of(persona, *matter.statuses)),)
    if "return_reason" in answers:
        answers["return_reason"] = (answers["return_reason"][number % len(REASONS)],)
    wish = Line(words, confidence=SURE)
    return Script(f"{matter.intent}-{number}", matter.intent, (wish,), persona, answers, weight=PLAINLY)


# How a script may go otherwise


def _first(script: Script, matter: Matter, line: Line) -> Script:
    """Before the first answer comes another one."""
    slot = matter.number_slot or next(iter(matter.answers), "postcode")
    known = script.answers.get(slot, (Line(script.persona.postcode if script.persona else ""),))
    return replace(script, answers={**script.answers, slot: (line, *known)})


def _mumbles(script: Script, matter: Matter) -> Script:
    return _first(script, matter, MUMBLE)


def _is_silent(script: Script, matter: Matter) -> Script:
    return _first(script, matter, SILENT)


def _asks_again(script: Script, matter: Matter) -> Script:
    return _first(script, matter, Line("can you repeat that", confidence=FAIR))


def _cuts_in(script: Script, matter: Matter) -> Script:
    slot = matter.number_slot or "postcode"
    known = script.answers.get(slot, (Line(script.persona.postcode if script.persona else ""),))
    return replace(
        script, answers={**script.answers, slot: tuple(replace(one, cuts_in=True) for one in known)}
    )


def _unheard(script: Script, _matter: Matter) -> Script:
    """A bad line, to the end."""
    return replace(script, wishes=(replace(MUMBLE, text="can can her me"), MUMBLE, MUMBLE, MUMBLE))


def _wrong_number(script: Script, matter: Matter) -> Script:
    if matter.number_slot is None:
        return _asks_again(script, matter)
    return _first(script, matter, Line("1112"))


def _system_down(script: Script, matter: Matter) -> Script:
    action = matter.action or "shop.identify"
    return replace(script, fails={action: (Failure.UNAVAILABLE, Failure.UNAVAILABLE)})


def _asks_for_person(script: Script, matter: Matter) -> Script:
    return _first(script, matter, replace(AGENT, sentiment=-0.2))


def _angry(script: Script, matter: Matter) -> Script:
    angry = tuple(Line(words, confidence=0.85, sentiment=-0.85) for words in ANGRY)
    slot = matter.number_slot or "postcode"
    known = script.answers.get(slot, (Line(script.persona.postcode if script.persona else ""),))
    return replace(script, answers={**script.answers, slot: (*angry, *known), "offer": (Line("yes please"),)})


def _not_identified(script: Script, _matter: Matter) -> Script:
    wrong = {
        "postcode": (Line("99999"),),
        "full_name": (Line("John Miller"),),
        "birth_date": (Line("1 May 1980"),),
    }
    return replace(script, answers={**script.answers, **wrong}, number=False)


def _by_name(script: Script, _matter: Matter) -> Script:
    """The number is withheld, and the name shows who it is."""
    return replace(script, number=False)


def _hangs_up(script: Script, _matter: Matter) -> Script:
    return replace(script, most_turns=2, goodbye=False)


def _hangs_up_at_once(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(), goodbye=False)


def _thanks(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(*script.wishes, Line("that's great thank you", sentiment=0.8)))


def _asks_more(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(*script.wishes, Line("what are your opening hours")))


def _declines(script: Script, _matter: Matter) -> Script:
    return replace(script, answers={**script.answers, "yes": (Line("no"), Line("no thanks"))})


def _tries_person_in_vain(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(*script.wishes, AGENT), back="nobody")


def _rather_called_back(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(*script.wishes, AGENT), back="call_back")


def _rather_message(script: Script, _matter: Matter) -> Script:
    message = Line("this is about my order please call me when you know more", confidence=FAIR)
    return replace(
        script,
        wishes=(*script.wishes, AGENT),
        back="voicemail",
        answers={**script.answers, "message": (message,)},
    )


def _nobody_there(script: Script, _matter: Matter) -> Script:
    return replace(script, wishes=(AGENT,), reachable=False)


TURNS: Mapping[str, Turned] = {
    "mumbles": _mumbles,
    "thanks": _thanks,
    "person": _asks_for_person,
    "silent": _is_silent,
    "down": _system_down,
    "hangs_up": _hangs_up,
    "angry": _angry,
    "by_name": _by_name,
    "wrong_number": _wrong_number,
    "again": _asks_again,
    "cuts_in": _cuts_in,
    "unheard": _unheard,
    "unknown": _not_identified,
    "more": _asks_more,
    "voicemail": _rather_message,
    "vain": _tries_person_in_vain,
    "call_back": _rather_called_back,
    "declines": _declines,
    "closed": _nobody_there,
    "at_once": _hangs_up_at_once,
}
"""The ways in which a matter may go, by a name that becomes part of the script's id."""
SELDOM = {"unheard": 0.4, "unknown": 0.5, "at_once": 0.5, "thanks": 2.0, "more": 2.0, "closed": 2.0}
"""How often a way comes, against one that comes once; the plain way comes `PLAINLY` as often."""
PLAINLY = 3.0


# What is no matter of the shop's systems


def _question(article: str, number: int, words: str) -> Script:
    persona = CUSTOMERS[number % len(CUSTOMERS)]
    wishes = [Line(words)]
    if number % 3 == 1:
        wishes.append(Line(QUESTION_AFTER[number % len(QUESTION_AFTER)]))
    if number % 4 == 2:
        wishes.append(Line("thank you", sentiment=0.6))
    return Script(f"{article}-{number}", article, tuple(wishes), persona)


QUESTION_AFTER = ("when are you open", "how much is shipping", "do you have gift cards")


def _for_person(number: int, words: str) -> Iterator[Script]:
    persona = CUSTOMERS[number % len(CUSTOMERS)]
    about = ("it's about a refund", "about my invoice", "my order", "I'd rather not say")[number % 4]
    plain = Script(f"person-{number}", "person", (Line(words),), persona, {"matter": (Line(about), AGENT)})
    yield plain
    yield replace(plain, id=f"{plain.id}-closed", reachable=False)


def _unanswered(phrasings: int) -> Iterator[Script]:
    """Questions that nothing answers: the caller gives up, or asks on until a person takes over."""
    for number, words in enumerate(UNANSWERED[: 2 * phrasings]):
        persona = CUSTOMERS[number % len(CUSTOMERS)]
        yield Script(f"unanswered-{number}", "unanswered", (Line(words),), persona, goodbye=number % 2 == 0)
        insists = tuple(Line(UNANSWERED[(number + one) % len(UNANSWERED)]) for one in range(4))
        yield Script(f"unanswered-{number}-insists", "unanswered", insists, persona)


UNANSWERED = (
    *ANSWERS_THAT_FAIL,
    "can I rent a lawn mower for a weekend",
    "do you sharpen knives that I bought from you",
    "do you buy used bicycles",
    "can I pay with bitcoin",
    "do you deliver by drone",
    "can I pay in instalments over a year",
    "do you have a shop in Vienna",
    "is there a discount for students",
    "can I pay with my employee card",
    "do you take old lamps back for recycling",
    "is there parking for coaches",
    "may I bring a tent back after a festival",
)
