"""What a caller and an agent say to each other once they are connected, by what the call is about."""

import random
from collections.abc import Mapping

AGENT, CALLER = "agent", "caller"
Said = tuple[str, str]
"""Who, and what."""

HELLO = (
    "Yes, thanks for taking this.",
    "Oh good, a real person.",
    "Finally. Hello.",
    "Hi, yes, that's right.",
)
CLOSING: tuple[Said, ...] = (
    (AGENT, "Is there anything else I can do for you?"),
    (CALLER, "No, that was all. Thank you."),
    (AGENT, "You're welcome. Have a nice day."),
)
UNSOLVED: tuple[Said, ...] = (
    (AGENT, "I'm afraid I can't settle this today. I'll look into it and write to you."),
    (CALLER, "I had hoped that you could do it now."),
    (AGENT, "I understand. You'll hear from me tomorrow at the latest."),
)
SOLVED: Mapping[str, tuple[tuple[Said, ...], ...]] = {
    "order_status": (
        (
            (AGENT, "The carrier has lost the label. I've sent out a new parcel today."),
            (CALLER, "And when will it be here?"),
            (AGENT, "By express, so the day after tomorrow."),
        ),
        (
            (AGENT, "I can see your parcel at the depot. They try again tomorrow before noon."),
            (CALLER, "Could they leave it with my neighbour?"),
            (AGENT, "I've just noted that for the driver."),
        ),
    ),
    "return_item": (
        (
            (AGENT, "I've opened the return and e-mailed you the label again."),
            (CALLER, "It's there. Do I have to print it?"),
            (AGENT, "No, show the code at the parcel shop and they print it for you."),
        ),
        (
            (AGENT, "The thirty days are over, but I can take it back as an exception."),
            (CALLER, "That's kind of you."),
        ),
    ),
    "refund": (
        (
            (AGENT, "The money is booked now. It takes three to five working days to be on your account."),
            (CALLER, "Why didn't that work before?"),
            (AGENT, "The payment system was down for an hour. I'm sorry about that."),
        ),
    ),
    "invoice_copy": (
        (
            (AGENT, "I've sent the invoice to your address with the tax number on it."),
            (CALLER, "Thank you, my accountant needs the number."),
        ),
    ),
    "payment": (
        (
            (AGENT, "The second charge was only reserved. It disappears within two days."),
            (CALLER, "All right, then I'll wait for it."),
        ),
    ),
    "complaint": (
        (
            (AGENT, "I'm very sorry about that. I've passed it on to the carrier with your words."),
            (CALLER, "I want somebody to do something about it."),
            (AGENT, "We do. You also get ten euros for your next order."),
        ),
    ),
    "data_deletion": (
        (
            (AGENT, "I've noted the request. We delete everything that the law doesn't make us keep."),
            (CALLER, "How long does that take?"),
            (AGENT, "Within a month, and we write to you when it is done."),
        ),
    ),
    "legal_matter": (
        (
            (AGENT, "Please send it in writing to our legal department. I'll e-mail you the address."),
            (CALLER, "Fine, you will get a letter."),
        ),
    ),
    "unanswered": (
        (
            (AGENT, "We don't offer that ourselves, but there's a partner shop in town who does."),
            (CALLER, "Oh, which one is it?"),
            (AGENT, "I'll send you the address by text message."),
        ),
        (
            (AGENT, "Yes, we do that in the shop on Saturdays, and you don't need an appointment."),
            (CALLER, "That's good to know. It isn't on your website."),
        ),
    ),
}
OTHERWISE: tuple[tuple[Said, ...], ...] = (
    (
        (AGENT, "Let me look at that with you. I have your account open here."),
        (CALLER, "I tried it on the website, and it didn't take it."),
        (AGENT, "I've done it for you now. You get a confirmation by e-mail."),
    ),
    (
        (AGENT, "I see what the trouble is. One moment, I'm changing it."),
        (CALLER, "Take your time."),
        (AGENT, "Done. It should be all right from now on."),
    ),
)
NEEDLESS: tuple[Said, ...] = (
    (AGENT, "That's something our assistant could have told you, too."),
    (CALLER, "I know, but I'd rather ask a person."),
)
NOTES = {
    "solved": ("Sorted out on the phone.", "Explained it, caller was content.", ""),
    "follow_up": ("Waiting for the carrier's answer.", "Has to be checked by accounting."),
    "passed_on": ("To the warehouse.",),
    "not_possible": ("Too late for a return.",),
    "order_changed": ("Changed as wished.",),
    "caller_gone": ("",),
}


def talk(about: str, first_line: str, solved: bool, needless: bool, rng: random.Random) -> tuple[Said, ...]:
    """One conversation. `first_line` is what the briefing suggests to say first."""
    middle = rng.choice(SOLVED.get(about, OTHERWISE)) if solved else UNSOLVED
    return (
        (AGENT, first_line),
        (CALLER, rng.choice(HELLO)),
        *(NEEDLESS if needless else ()),
        *middle,
        *(CLOSING if solved else CLOSING[1:2]),
    )
