"""A human takes a call over: the story of `warmline demo --handoff`, told again and proven by what was heard."""

from functools import cache

from demo.handoff import AGENT, prove, tell_story
from demo.open_company import open_company
from demo.people import agents_at_work
from demo.stack import open_stack
from tests.e2e.marks import REAL_CALLS

pytestmark = [
    *REAL_CALLS,
]


async def test_a_human_takes_a_call_over_and_each_hears_what_they_should(tmp_path, voice):
    say = cache(voice.render)
    playbook = open_company(tmp_path)
    async with (
        agents_at_work(tmp_path, [AGENT]) as agents,
        open_stack(tmp_path, WARMLINE_PLAYBOOK=str(playbook)) as stack,
    ):
        heard = await tell_story(stack, agents[AGENT], say)
    claims = prove(heard, say)
    for event in heard.events:
        print(event.body.model_dump_json(exclude={"state", "words"}, exclude_defaults=True))  # noqa: T201
    # How long things took is the demo's and the bench's to judge, on a machine that does nothing else.
    broken = [f"{claim.text}: {claim.measured}" for claim in claims if not claim.held and not claim.of_time]
    assert not broken
