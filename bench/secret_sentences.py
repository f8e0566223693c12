"""The sentences around a card number or a code, in three parts that share none.

By `FIRST` and `SECOND` rules were mended; `FRESH` was only measured, once, after that.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Half:
    """The sentences of one part."""

    card_asks: tuple[str, ...]
    card_says: tuple[str, ...]
    """`{}` is the number."""
    code_asks: tuple[tuple[str, int], ...]
    """With the number of digits that are asked for."""
    code_says: tuple[str, ...]
    fillers: tuple[str, ...]
    corrections: tuple[str, ...]
    replies: tuple[str, ...]
    """What the other says between two parts."""
    innocent: tuple[str, ...]
    """`{4}` is a number of four digits."""


FIRST = Half(
    card_asks=(
        "Which card would you like to use?",
        "Can I take the card details?",
        "Go ahead with the number whenever you're ready.",
        "I just need the digits on the front of your card.",
    ),
    card_says=(
        "{}", "right, {}", "ok ready? {}", "it's my husband's card, {}", "mastercard {}", "so that would be {} I think",
        "the card says {}", "let me get it out of my wallet. {}", "you can put it on {}",
    ),
    code_asks=(
        ("And the CVV?", 3), ("What's the passcode you were sent?", 6), ("Your four digit PIN, please.", 4),
        ("Please read out the verification code from the text message.", 6),
        ("What's the security number on the back?", 3), ("Can you tell me the one time password?", 5),
    ),
    code_says=("{}", "that's {}", "hang on, {}", "the text says {}", "erm {}", "I've got {} here", "it says {}"),
    fillers=("uh", "um", "and then", "let me see", "okay", "wait"),
    corrections=("no, {}", "sorry, {}", "no sorry {}", "I mean {}"),
    replies=("Okay.", "Yes, go on.", "Mm-hm.", "And the next ones?", "Got that."),
    innocent=(
        "I bought it for {2} dollars and it is size {2}",
        "order number {8} has not arrived",
        "the parcel is {15} and it was sent with UPS",
        "you can reach me at {10}, that's my mobile",
        "I paid {3} dollars with my card for order {4}",
        "my card was charged {2} dollars twice on the {1} of May",
        "the invoice {7} says {2}.{2}",
        "flight {4} leaves at {1} thirty",
        "my membership number is {9}",
        "I live at {3} Oak Street, zip code {5}",
        "please cancel {6}, that's the order",
        "I want to exchange item {10} from order W{7}",
    ),
)  # fmt: skip
SECOND = Half(
    card_asks=(
        "What card should that go on?",
        "May I have the full number of the card you want to pay with?",
        "Could you read the card to me, please?",
        "To take the payment I need your debit card number.",
    ),
    card_says=(
        "{}", "sure thing, {}", "yep {}", "it reads {}", "American Express, {}",
        "well the number I have here is {} okay", "charge {}", "I'll use my visa {}", "hold on a second. {}",
    ),
    code_asks=(
        ("And the three numbers on the signature strip?", 3), ("Please tell me the code we have just texted you.", 6),
        ("What is the PIN for your account?", 4), ("Enter or say your access code.", 5),
        ("And the CVC, please?", 3), ("I need the authentication code from your app.", 6),
    ),
    code_says=("{}", "ok it's {}", "one moment, {}", "I see {}", "the message reads {}",
               "well, {} is what it says", "mine is {}"),
    fillers=("er", "so", "next", "hmm", "then", "one second"),
    corrections=("no wait, {}", "oops, {}", "actually {}", "make that {}"),
    replies=("Right.", "Uh-huh, carry on.", "I'm listening.", "What comes next?", "Thanks, and the rest?"),
    innocent=(
        "it cost {3} dollars and {2} cents",
        "I'm calling about order {7}",
        "my tracking code is {12}",
        "call me at {10} after {1} pm",
        "you took {3} dollars from my card for order {5}",
        "there are {2} boxes of {4} screws",
        "ticket number {8} was opened on the {2} of June",
        "the model is {5} and the serial number {11}",
        "customer number {8}, account in the name of Lee",
        "we are {2} people in room {3}",
        "I returned order {6} and want my {2} dollars back on the card",
        "product {10} in order W{7} is the wrong colour",
    ),
)  # fmt: skip

FRESH = Half(
    card_asks=(
        "Okay, and how will you be paying? Which card?",
        "If you give me your card number I can take the payment now.",
        "Let's start with the long number on the card.",
        "I'm ready for your card number when you are.",
    ),
    card_says=(
        "{}", "got it here, {}", "alright so {}", "the first numbers are, well, {}", "it's my wife's visa: {}",
        "take it off {}", "my new card is {}", "please use {} for that", "you should have it, but anyway {}",
    ),
    code_asks=(
        ("Now the three digit security code.", 3), ("What code did you get by text?", 6), ("And your PIN?", 4),
        ("Tell me the one time code that is on your screen.", 6), ("And the CVV, from the back?", 3),
        ("Please give me your telephone password, the five digits.", 5),
    ),
    code_says=("{}", "yes, {}", "there it is, {}", "I think {}", "it came just now, {}",
               "{} I believe", "should be {}"),
    fillers=("ehm", "and", "now", "let's see", "then comes", "right"),
    corrections=("no no, {}", "sorry that's {}", "wait, {}", "I meant {}"),
    replies=("Okay, thanks.", "Go ahead.", "Next?", "Yes.", "I have that, and then?"),
    innocent=(
        "I spent {3} dollars in your shop last week",
        "my booking number is {8}",
        "shipment {14} is lost",
        "please call my cell, {10}",
        "there is a charge of {3} dollars on my card from the {2} of July",
        "we need {3} chairs and {2} tables by the {2}",
        "case number {7} is still open",
        "the serial number on the box is {12}",
        "policy {9} is in my name",
        "flat {2} on the {1} floor, and the postcode is {5}",
        "invoice {6} was {4} dollars",
        "I have order {8} here, paid by card in {1} parts",
    ),
)  # fmt: skip
