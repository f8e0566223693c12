"""What a number is about, by the words around it and by the question that it answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from calls.redaction.talk import Utterance


class Topic(StrEnum):
    """What numbers are announced as."""

    CARD_CODE = "card_code"
    EXPIRY = "expiry"
    CODE = "code"
    CARD = "card"
    BANK = "bank"
    TAX = "tax"
    PHONE = "phone"
    POSTCODE = "postcode"
    BIRTH = "birth"
    AMOUNT = "amount"
    """Money. No sum is as long as a card number: "charge 4111 1111 …" is one."""
    OTHER = "other"
    """Something that is no secret: an order, a parcel, a customer number."""


CUES = re.compile(
    r"""
      (?P<postcode>\b(?:post(?:al)?[\ -]?code|zip(?:[\ -]?code)?|pin[\ -]?code\ of)\b)
    | (?P<other>\b(?:(?:area|country|dial(?:l)?ing|promo(?:tion)?|discount|voucher|coupon|error|product|item|order
        |booking|tracking|reference|bar|dress|source|airport|colou?r|style|article|sku)[\ -]?(?:code|number|id|no)s?
      |orders?|parcels?|shipments?|tracking|tickets?|invoices?|reference|case\ (?:number|id)|serial|imei
      |policy|claims?|bookings?|confirmation|customer\ (?:number|id|no)|member(?:ship)?|model|flight|loyalty)\b)
    | (?P<amount>\b(?:amount|price|total|dollars?|euros?|pounds?|charged?|transfer(?:red)?|withdraw\w*|balance)\b)
    | (?P<card_code>\b(?:(?:card\ )?security\ (?:code|number)|cvv2?|cvc2?|cv2|cid|csc|card\ code
        |card\ verification\ (?:code|number|value)|(?:last\ )?(?:three|3|four|4)[\ -]digits?\ (?:code\ )?(?:on|at|from)
        |(?:last\ )?(?:three|3)\ (?:digits?|numbers?)|(?:on|at)\ the\ back|back\ of\ (?:the|my|your|it))\b)
    | (?P<expiry>\b(?:expir\w+|exp(?:\ date)?|valid\ (?:thru|through|until|till?|to|up)
        |good\ (?:thru|through|until|till)|runs\ out|month\ and\ year)\b)
    | (?P<birth>\b(?:born|birth(?:day|date)?|date\ of\ birth|dob|d\.o\.b)\b)
    | (?P<tax>\b(?:social(?:\ security)?(?:\ (?:number|no))?|ssn|ss\ number|national\ insurance|ni\ number
        |tax(?:payer)?\ (?:id\w*|number|no)|tin|itin|ein|passport|driv\w+\ licen[cs]e)\b)
    | (?P<bank>\b(?:sort[\ -]code|routing(?:\ number)?|aba|bank\ account|bank\ details|account\ (?:number|no)|iban
        |(?:checking|savings?|current)\ account|direct\ debit|bic|swift|transit)\b)
    | (?P<code>\b(?:pin(?:\ (?:code|number))?|pass[\ -]?(?:code|word|phrase)|otp|one[\ -]?time\ \w+|\w*code(?:word)?s?
        |verification|authenticat\w+|authori[sz]ation\ (?:code|number)|secret|token)\b)
    | (?P<card>\b(?:cards?(?:\ (?:number|no))?|visa|master\ ?card|amex|american\ express|maestro|discover|diners
        |credit|debit|long\ number|(?:sixteen|16)[\ -]digits?|across\ the\ front)\b)
    | (?P<phone>\b(?:tele)?phone|\bmobile\b|\bcell(?:ular)?\b|\bcall(?:\ me)?\ (?:back\ )?(?:on|at)\b|\bcontact\b
        |\breach\ me\b|\btext\ me\b|\bring\ me\b|\bfax\b|\bextension\b|\blandline\b|\bwhatsapp\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
MARKER = re.compile(r"\[[a-z ]+\]")
BEFORE = 90
"""Characters before a number in which it is announced."""
BEHIND = 40
LOOK_BACK = 4
"""Utterances back in which the question is looked for."""


@dataclass(frozen=True)
class About:
    """What a number is about: the nearest announcement, and all that it may be."""

    nearest: Topic | None
    all: frozenset[Topic]
    own: bool
    """Whether the speaker has announced it, rather than been asked for it."""

    def may_be(self, *topics: Topic) -> bool:
        """Whether one of these was announced or asked for."""
        return bool(self.all.intersection(topics))


NOTHING = About(None, frozenset(), False)


def about(talk: Sequence[Utterance], at: int, start: int, end: int) -> About:
    """What the number at characters `start` to `end` of utterance `at` is about."""
    text = talk[at].text
    before = topics_in(text[max(0, start - BEFORE) : start])
    if before:
        return About(before[-1], frozenset(before[-1:]), own=True)
    behind = topics_in(text[end : end + BEHIND])
    if behind:
        return About(behind[0], frozenset(behind[:1]), own=True)
    return _asked(talk, at)


def _asked(talk: Sequence[Utterance], at: int) -> About:
    """By what was said before: by the same speaker without any topic since, or by whoever has asked."""
    for one in reversed(talk[max(0, at - LOOK_BACK) : at]):
        found = topics_in(one.text)
        if found:
            return About(found[-1], frozenset(found), own=one.who == talk[at].who)
    return NOTHING


def asked_for(talk: Sequence[Utterance], at: int, topics: frozenset[Topic]) -> bool:
    """Whether an utterance answers the other's question for one of these, and announces nothing else itself."""
    if not topics.issuperset(topics_in(talk[at].text)):
        return False
    for one in reversed(talk[max(0, at - LOOK_BACK) : at]):
        found = topics_in(one.text)
        if found:
            return one.who != talk[at].who and found[-1] in topics
    return False


def topics_in(text: str) -> list[Topic]:
    """All that a text announces, in order."""
    # A marker tells what was there, and announces nothing.
    plain = MARKER.sub("", text)
    return [Topic(match.lastgroup) for match in CUES.finditer(plain) if match.lastgroup is not None]
