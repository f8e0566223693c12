"""Ten matters of the demo company's callers, by real telephones and real speech, judged by what is so afterwards.

Three of them call at a time. Each caller is another customer, so no story has to know of the others.
"""

import asyncio
import sqlite3

import pytest
import pytest_asyncio

from calls.events import CallEnded, CallEndReason, TurnHeard, TurnKeyed, TurnPlanned
from tests.e2e.caller import Caller
from tests.e2e.marks import REAL_CALLS
from tests.e2e.person import BETWEEN, Keys, KeysTheCode, Person, Says

pytestmark = [
    *REAL_CALLS,
    pytest.mark.timeout(300),
]
AT_ONCE = 3
BYE = "No, thank you. Goodbye."
AGREES = "Yes, please."
STORIES = {}


def story(number, answers):
    """Have somebody call before the test, who answers like this."""

    def keep(test):
        STORIES[test.__name__] = (number, answers)
        return test

    return keep


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def calls(request, stack, voice):
    """The calls of the tests that were chosen, under way one behind the other."""
    caller, free = Caller(stack, voice), asyncio.Semaphore(AT_ONCE)
    people = {
        item.originalname: Person(caller, *STORIES[item.originalname])
        for item in request.session.items
        if item.module is request.module
    }

    async def made(person):
        async with free:
            return await person.call()

    under_way = {name: asyncio.create_task(made(person)) for name, person in people.items()}
    yield under_way
    for call in under_way.values():
        call.cancel()


@pytest_asyncio.fixture(loop_scope="session")
async def call(calls, request):
    """What is left of the test's own call; where the test fails, pytest shows what happened in it."""
    one = await calls[request.node.originalname]
    print(one.told)  # noqa: T201
    return one


@pytest.fixture
def books(stack, call):
    """What the company's books say afterwards."""
    return Books(stack.data_dir, call.events[0].call_id)


class Books:
    """The shop's tables, and the ledger of one call."""

    def __init__(self, data_dir, call_id):
        self._data_dir = data_dir
        self._call_id = call_id

    def shop(self, sql, *values):
        """The rows of a question to the shop."""
        return self._rows("shop.db", sql, values)

    @property
    def called_back(self):
        """The numbers that this call was promised a call-back on."""
        query = "select phone from promises where call_id = ?"
        return [phone for (phone,) in self._rows("warmline.db", query, (self._call_id,))]

    @property
    def written(self):
        """What this call has changed, by the ledger and by the shop: both must say the same."""
        mine = f"{self._call_id}:%"
        ledger = self._rows("warmline.db", "select action, state from ledger where key like ?", (mine,))
        assert {state for _, state in ledger} <= {"done"}
        ledger = sorted(action for action, _ in ledger if not action.startswith("identity."))
        done = [
            f"shop.{action}" for (action,) in self.shop("select action from writes where key like ?", mine)
        ]
        done += ["desk.call_back" for _ in self.called_back]
        assert ledger == sorted(done)
        return ledger

    def _rows(self, name, sql, values):
        with sqlite3.connect(f"file:{self._data_dir / name}?mode=ro", uri=True) as store:
            return store.execute(sql, values).fetchall()


def planned(call):
    return call.bodies(TurnPlanned)


def level(call):
    """The identity level at the end."""
    return planned(call)[-1].state["identity"]["level"]


def ended_well(call):
    return call.bodies(CallEnded)[0].reason is CallEndReason.ASSISTANT


@story(
    "+15550143001",
    {
        BETWEEN: ["Where is my order?", BYE],
        "order_status.order_number": [
            "Can you repeat that, please?",
            Says("It's three one four two.", "3142"),
        ],
    },
)
async def test_an_order_is_found_by_its_spoken_number_after_the_question_was_repeated(call, books):
    assert "repeat" in call.repairs
    assert not call.bodies(TurnKeyed)
    (order,) = call.results("shop.order_status")
    assert (order["order_number"], order["status"]) == ("3142", "shipped")
    assert books.written == []
    assert ended_well(call)


@story(
    "+15550142004",
    {
        BETWEEN: ["I'd like to cancel my order.", BYE],
        "cancel_order.cancel_number": [Says("Five zero zero five.", "5005")],
        "identify.postcode": [Keys("60311")],
        "cancel_order.cancel": [AGREES],
    },
)
async def test_an_order_is_cancelled_once_its_caller_has_agreed(call, books):
    assert books.written == ["shop.cancel_order"]
    assert books.shop("select status, refunded from orders where number = '5005'") == [("cancelled", 3990)]
    agreed = next(
        body for body in planned(call) if any(one["action"] == "shop.cancel_order" for one in _asked(body))
    )
    assert (agreed.moment, agreed.entities["reply"]) == ("hearing", "yes")
    assert ended_well(call)


def _asked(body):
    """The actions that a plan waits for."""
    return body.state["pending"]


@story(
    "+15550142001",
    {
        BETWEEN: ["I want to return an order.", BYE],
        "return_item.return_number": [Says("One zero two four.", "1024")],
        "identify.postcode": [Says("Two zero zero nine five.", "20095")],
        "return_item.return_why": ["It doesn't fit."],
        "return_item.return_make": [AGREES],
    },
)
async def test_a_return_is_opened_for_who_says_their_postcode(call, books):
    assert level(call) == 1
    assert books.written == ["shop.create_return"]
    ((label,),) = books.shop("select return_number from orders where number = '1024'")
    assert label.startswith("71024")
    assert books.shop("select about from mails where customer_id = 2 and kind = 'return_label'") == [
        ("1024",)
    ]
    assert call.results("shop.create_return")[0]["reason"] == "does not fit"
    assert ended_well(call)


@story(
    "+15550142008",
    {
        BETWEEN: ["I want to change my address.", BYE],
        "identify.postcode": [Keys("28195")],
        "identify_by_code.code": [KeysTheCode()],
        "change_address.street": ["Garden Lane twelve."],
        "change_address.postcode": [Says("Two eight two zero three.", "28203")],
        "change_address.city": ["Bremen."],
        "change_address.change": [AGREES],
    },
)
async def test_an_address_is_changed_for_who_keys_in_the_code_of_the_text_message(call, books):
    assert level(call) == 2
    assert books.written == ["shop.change_address"]
    ((postcode, street),) = books.shop("select postcode, street from customers where id = 9")
    assert postcode == "28203"
    assert street != "Market Square 3"
    assert [len(body.digits) for body in call.bodies(TurnKeyed)] == [5, 6]
    assert ended_well(call)


@story(
    "+15550142002",
    {
        BETWEEN: ["I forgot my password.", BYE],
        "identify.postcode": [Keys("50667")],
        "password_reset.password_send": [AGREES],
    },
)
async def test_a_link_for_a_new_password_goes_to_the_address_on_file(call, books):
    assert level(call) == 1
    assert books.written == ["shop.send_password_reset"]
    sent = books.shop("select address from mails where customer_id = 3 and kind = 'password_reset'")
    assert sent == [("lena.fischer@example.com",)]
    assert ended_well(call)


@story(
    "+15550142005",
    {
        BETWEEN: ["I need a copy of my invoice.", BYE],
        "invoice_copy.invoice_number": [Says("Six one two zero.", "6120")],
        "identify.postcode": [Keys("70173")],
        "invoice_copy.invoice_send": [AGREES],
    },
)
async def test_a_copy_of_an_invoice_is_sent(call, books):
    assert books.written == ["shop.send_invoice"]
    assert books.shop("select about from mails where customer_id = 6 and kind = 'invoice'") == [("6120",)]
    assert ended_well(call)


@story(
    "+15550143007",
    {
        BETWEEN: ["Where is my order?", BYE],
        "order_status.order_number": ["How much is shipping?", Says("Eight zero eight zero.", "8080")],
    },
)
async def test_a_question_in_between_is_answered_from_its_article_and_the_matter_goes_on(call, books):
    (answered,) = [body for body in planned(call) if body.sources]
    assert answered.sources == ("shipping",)
    assert answered.state["flow"] == "order_status"
    assert [one["order_number"] for one in call.results("shop.order_status")] == ["8080"]
    assert books.written == []
    assert ended_well(call)


@story(
    "+15550143008",
    {
        BETWEEN: ["I want to make a complaint.", BYE],
        "complaint.what": ["The driver was rude, and the box was open."],
        "complaint.note_complaint": [AGREES],
        "complaint.sorry": ["No, thank you."],
    },
)
async def test_a_complaint_is_noted_in_the_callers_own_words(call, books):
    assert books.written == ["shop.note_complaint"]
    (noted,) = call.results("shop.note_complaint")
    ((text,),) = books.shop("select text from complaints where id = ?", noted["reference"] - 5000)
    assert text in {body.text.strip(" .") for body in call.bodies(TurnHeard)}
    assert ended_well(call)


@story(
    "+15550143009",
    {
        BETWEEN: ["Where is my order?", "No, I said one zero two five.", BYE],
        "order_status.order_number": [Says("One zero two four.", "1024")],
    },
)
async def test_a_number_that_was_wrong_is_corrected(call, books):
    assert "correction" in call.repairs
    assert [one["order_number"] for one in call.results("shop.order_status")] == ["1024", "1025"]
    assert books.written == []
    assert ended_well(call)


@story(
    "+15550143010",
    {
        BETWEEN: [Says("What's the capital of France?", once=True), "I want to talk to a human.", BYE],
        "callback.offer": [AGREES],
    },
)
async def test_who_asks_for_what_we_do_not_know_and_then_for_a_person_is_called_back(call, books):
    assert call.repairs[0] == "no_match"
    assert "support" in {body.hand_over for body in planned(call)}
    assert books.written == ["desk.call_back"]
    assert books.called_back == ["+15550143010"]
    assert ended_well(call)
