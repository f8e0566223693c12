"""Who may do what: identity, agreement, arguments and limits, before anything reaches a system."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.authority import check_amount, check_authority, own_arguments
from actions.errors import ActionError, UnknownActionError
from actions.registry import Action, Arguments, Registry
from actions.runner import Actions
from actions.spec import ActionSpec, Limits
from actions.types import ActionRequest, Authority, Failure, fingerprint
from tests.actions.asking import no_pause, request


class Anything(Arguments):
    amount: float = 1.0
    customer: str | None = None


class Counting:
    """A function that remembers that it was reached."""

    def __init__(self, *outcomes):
        self.reached = []
        self.outcomes = list(outcomes)

    async def __call__(self, arguments, key):
        self.reached.append((arguments, key))
        outcome = self.outcomes.pop(0) if self.outcomes else {"ok": True}
        if isinstance(outcome, Exception):
            raise outcome
        if callable(outcome):
            return await outcome()
        return outcome


def registry_with(run, *, reads=False, name="test.do"):
    registry = Registry()
    registry.add(Action(name, Anything, run, reads=reads))
    return registry


def write(**more):
    return ActionSpec(effect="writes", retries={"most": 0}, **more)


@pytest.fixture
def do(make):
    """Runs one request on a function; gives the result and how often the function was reached."""

    async def run(spec, asked, *outcomes):
        function = Counting(*outcomes)
        actions = make({"test.do": spec}, registry=registry_with(function, reads=spec.reads))
        return await actions.run(asked), function.reached

    return run


@pytest.mark.parametrize(
    ("spec", "asked"),
    [
        (write(), request("test.do", agreed=False)),
        (write(identity=2), request("test.do", level=1)),
        (write(identity=1), request("test.do", level=0)),
        (write(identity=1), request("test.do", who=None)),
        (write(), request("test.do", customer="2")),
        (ActionSpec(effect="reads", confirm="always"), request("test.do", agreed=False)),
        (ActionSpec(effect="reads", identity=1), request("test.do", level=0)),
    ],
)
async def test_what_lacks_identity_or_agreement_is_forbidden_and_never_reached(do, spec, asked):
    result, reached = await do(spec, asked)
    assert result.failure is Failure.FORBIDDEN
    assert reached == []


async def test_agreement_to_other_arguments_is_none(do):
    asked = request("test.do", amount=5).model_copy(update={"arguments": {"amount": 500}})
    result, reached = await do(write(), asked)
    assert (result.failure, reached) == (Failure.FORBIDDEN, [])


async def test_the_customer_is_who_the_caller_is(do):
    result, reached = await do(write(identity=1), request("test.do", who="7"))
    assert result.done
    assert reached[0][0].customer == "7"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    needed=st.integers(0, 3),
    level=st.integers(0, 3),
    confirm=st.sampled_from([None, "never", "always"]),
    reads=st.booleans(),
    agreed=st.sampled_from([None, "0" * 16, "exactly"]),
    known=st.sampled_from([None, "1", "2"]),
    named=st.sampled_from([None, "1", "2"]),
    amount=st.sampled_from([1, 50, 50.5, -1, "12", "1e9", "x", None, True]),
    most=st.sampled_from([None, 50]),
)
def test_nothing_without_authority_gets_past_the_checks(  # noqa: PLR0917 - one for each dimension
    needed, level, confirm, reads, agreed, known, named, amount, most
):
    limits = Limits(amount="amount", most=most) if most else Limits()
    spec = ActionSpec(effect="reads" if reads else "writes", identity=needed, confirm=confirm, limits=limits)
    arguments = {"amount": amount} | ({"customer": named} if named else {})
    mark = fingerprint("test.do", arguments) if agreed == "exactly" else agreed
    asked = ActionRequest(
        action="test.do",
        arguments=arguments,
        key="CA1:1:x",
        authority=Authority(identity=level, customer=known, agreed=mark),
    )
    try:
        check_authority(spec, asked)
        check_amount(spec.limits, own_arguments(asked, {"amount", "customer"}))
        passed = True
    except ActionError:
        passed = False
    must_agree = confirm == "always" or (confirm is None and not reads)
    allowed = (
        level >= needed
        and (needed == 0 or known is not None)
        and (not must_agree or agreed == "exactly")
        and (known is None or named in {None, known})
        and (most is None or (amount in (1, 50, "12") and amount is not True))
    )
    assert passed == allowed


@pytest.mark.parametrize(
    ("amount", "failure"), [(50, None), (50.01, Failure.LIMIT), (-1, Failure.INVALID), ("x", Failure.INVALID)]
)
async def test_an_amount_beyond_its_limit_is_never_reached(do, amount, failure):
    limits = {"amount": "amount", "most": 50}
    result, reached = await do(write(limits=limits), request("test.do", amount=amount))
    assert result.failure is failure
    assert len(reached) == (failure is None)


async def test_a_days_limit_counts_what_was_done_for_this_customer(make, now):
    function = Counting({"n": 1}, ActionError(Failure.REFUSED, "no"), {"n": 2})
    spec = write(identity=1, limits={"per_day": 2})
    actions = make({"test.do": spec}, registry=registry_with(function))

    async def ask(key, who="1"):
        return (await actions.run(request("test.do", key, who=who))).failure

    assert [await ask(f"CA1:{n}:x") for n in range(4)] == [None, Failure.REFUSED, None, Failure.LIMIT]
    assert await ask("CA1:0:x") is None, "what was done is told again"
    assert await ask("CA2:1:x", who="2") is None
    now.move(hours=25)
    assert await ask("CA1:9:x") is None


async def test_two_at_once_do_not_both_get_the_last_of_the_day(make):
    function = Counting()
    spec = write(identity=1, limits={"per_day": 1})
    actions = make({"test.do": spec}, registry=registry_with(function))
    results = await asyncio.gather(*(actions.run(request("test.do", f"CA{n}:1:x")) for n in range(6)))
    assert sum(result.done for result in results) == 1
    assert len(function.reached) == 1


async def test_a_refusal_is_kept_under_its_key_with_its_reason(do, make):
    function = Counting(ActionError(Failure.REFUSED, "no", {"reason": "too_late"}))
    actions = make({"test.do": write()}, registry=registry_with(function))
    first, again = [await actions.run(request("test.do")) for _ in range(2)]
    assert first == again
    assert first.data == {"reason": "too_late"}
    assert len(function.reached) == 1


async def test_a_key_is_one_request_for_ever(make):
    actions = make({"test.do": write()}, registry=registry_with(Counting()))
    assert (await actions.run(request("test.do", amount=1))).done
    other = await actions.run(request("test.do", amount=2))
    stranger = await actions.run(request("test.do", who="2", amount=1))
    assert (other.failure, stranger.failure) == (Failure.INVALID, Failure.INVALID)


async def test_a_read_is_tried_again_when_it_may_pass(do):
    spec = ActionSpec(effect="reads", retries={"most": 2})
    trouble = ActionError(Failure.UNAVAILABLE, "down")
    result, reached = await do(spec, request("test.do"), trouble, trouble, {"ok": 1})
    assert result.data == {"ok": 1}
    assert len(reached) == 3


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ActionError(Failure.NOT_FOUND, "no"), Failure.NOT_FOUND),
        (ZeroDivisionError(), Failure.BROKEN),
        (TimeoutError(), Failure.TIMED_OUT),
    ],
)
async def test_whatever_goes_wrong_with_a_read_is_a_typed_failure(do, error, failure):
    result, _ = await do(ActionSpec(effect="reads", retries={"most": 0}), request("test.do"), error)
    assert result.failure is failure


async def test_a_function_that_takes_too_long_is_given_up(do):
    spec = ActionSpec(effect="reads", timeout_s=0.01, retries={"most": 0})
    result, _ = await do(spec, request("test.do"), lambda: asyncio.sleep(60))
    assert result.failure is Failure.TIMED_OUT


async def test_a_system_that_fails_again_and_again_is_left_alone(make):
    function = Counting(*[ActionError(Failure.UNAVAILABLE, "down")] * 20)
    spec = ActionSpec(effect="reads", retries={"most": 0})
    actions = make({"test.do": spec}, registry=registry_with(function, reads=True))
    results = [await actions.run(request("test.do")) for _ in range(8)]
    assert {result.failure for result in results} == {Failure.UNAVAILABLE}
    assert len(function.reached) == 5


async def test_refusals_do_not_open_a_circuit(make):
    function = Counting(*[ActionError(Failure.NOT_FOUND, "no")] * 8)
    spec = ActionSpec(effect="reads", retries={"most": 0})
    actions = make({"test.do": spec}, registry=registry_with(function, reads=True))
    results = [await actions.run(request("test.do")) for _ in range(8)]
    assert {result.failure for result in results} == {Failure.NOT_FOUND}
    assert len(function.reached) == 8


@pytest.mark.parametrize(("level", "granted"), [(1, 1), (3, 2), (True, 0), ("2", 0), (None, 0), (-1, 0)])
async def test_a_check_of_identity_grants_no_more_than_declared(do, level, granted):
    spec = ActionSpec(effect="reads", grants=2)
    result, _ = await do(spec, request("test.do"), {"level": level, "customer": "1"})
    assert result.data["level"] == granted


@pytest.mark.parametrize("arguments", [{"amount": "much"}, {"admin": True}])
async def test_wrong_arguments_are_invalid_and_never_reached(do, arguments):
    result, reached = await do(write(), request("test.do", **arguments))
    assert (result.failure, reached) == (Failure.INVALID, [])


async def test_an_undeclared_action_fails_and_does_not_break(make):
    actions = make({})
    assert (await actions.run(request("shop.burn_down"))).failure is Failure.INVALID
    with pytest.raises(UnknownActionError, match="burn_down"):
        actions.spec("shop.burn_down")


def test_two_functions_of_one_name_are_refused():
    registry = registry_with(None)
    with pytest.raises(ValueError, match=r"test\.do"):
        registry.add(Action("test.do", Anything, None, reads=True))


async def test_without_the_ledger_nothing_is_written(registry, ledger, tmp_path):
    function = Counting()
    await ledger.close()
    for path in tmp_path.glob("warmline.db*"):
        path.unlink()
    (tmp_path / "warmline.db").mkdir()
    actions = Actions({"test.do": write()}, registry_with(function), ledger, lambda: 0.0, pause=no_pause)
    async with actions:
        result = await actions.run(request("test.do"))
    assert (result.failure, function.reached) == (Failure.UNAVAILABLE, [])
