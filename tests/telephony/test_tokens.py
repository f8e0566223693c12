"""Things that are good once."""

from telephony.tokens import SeenRequests, StreamTokens


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_token_opens_its_own_call_once():
    tokens = StreamTokens(Clock())
    token = tokens.issue("CA1")
    assert tokens.redeem(token, "CA1")
    assert not tokens.redeem(token, "CA1"), "a token that was used is spent"


def test_a_token_does_not_open_another_call_and_is_spent_by_the_attempt():
    tokens = StreamTokens(Clock())
    token = tokens.issue("CA1")
    assert not tokens.redeem(token, "CA2")
    assert not tokens.redeem(token, "CA1")


def test_a_late_token_is_refused():
    clock = Clock()
    tokens = StreamTokens(clock, ttl_s=60)
    token = tokens.issue("CA1")
    clock.now = 61
    assert not tokens.redeem(token, "CA1")


def test_tokens_that_nobody_used_are_forgotten():
    clock = Clock()
    tokens = StreamTokens(clock, ttl_s=60)
    for number in range(1000):
        tokens.issue(f"CA{number}")
        clock.now += 1
    assert len(tokens._open) <= 62


def test_a_request_is_new_once_and_memory_is_bounded():
    seen = SeenRequests(most=2)
    assert seen.first("a")
    assert not seen.first("a")
    seen.first("b")
    seen.first("c")
    assert seen.first("a"), "the oldest was forgotten"
