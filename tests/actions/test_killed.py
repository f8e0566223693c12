"""A process is killed in the middle of a write; another runs the same key."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from actions.ledger import State, open_ledger
from actions.registry import Registry
from actions.runner import Actions
from actions.shop import open_shop, register
from actions.spec import ActionSpec
from actions.types import Failure
from tests.actions.asking import request
from tests.actions.system import TODAY, System

ROOT = Path(__file__).parents[2]
KEY = "CA1:1:credit"
ASKED = {"customer": "4", "amount": 10, "reason": "late parcel"}
CODE = """
import asyncio, sys
from datetime import UTC, datetime
from tests.actions.test_killed import KEY, ASKED, opened, TODAY
from tests.actions.asking import request

async def main(folder, moment):
    async with opened(folder) as (actions, shop):
        give = shop.give_credit
        async def dies(*given):
            if moment == "after":
                await give(*given)
            print("here", flush=True)
            await asyncio.sleep(60)
        shop.give_credit = dies
        await actions.run(request("shop.give_credit", KEY, who="4", **ASKED))

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


class opened:  # noqa: N801 - used like a function
    """Actions on a shop in a folder, as a server has them."""

    def __init__(self, folder, lookup="shop.write_outcome"):
        self.folder, self.lookup = Path(folder), lookup

    async def __aenter__(self):
        self.shop = await open_shop(self.folder / "shop.db", lambda: TODAY)
        self.ledger = await open_ledger(f"sqlite:///{self.folder / 'warmline.db'}", lambda: datetime.now(UTC))
        registry = Registry()
        register(registry, self.shop)
        specs = {
            "shop.give_credit": ActionSpec(effect="writes", identity=1, timeout_s=1, lookup=self.lookup),
            "shop.write_outcome": ActionSpec(effect="reads"),
        }
        self.actions = Actions(specs, registry, self.ledger, lambda: 0.0)
        return self.actions, self.shop

    async def __aexit__(self, *_):
        await self.actions.close()
        await self.ledger.close()
        await self.shop.close()


def kill_in_the_middle(folder, moment):
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, str(folder), moment], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "here\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_after_a_kill_the_same_key_has_exactly_one_effect(moment, tmp_path, database_url):
    kill_in_the_middle(tmp_path, moment)
    async with opened(tmp_path) as (actions, shop):
        result = await actions.run(request("shop.give_credit", KEY, who="4", **ASKED))
        assert result.done
        assert result.data["balance"] == 10
        assert await System(shop).effects("give_credit") == 1


@pytest.mark.slow
async def test_after_a_kill_with_nobody_to_ask_it_is_unknown_and_not_tried_again(tmp_path, database_url):
    kill_in_the_middle(tmp_path, "before")
    async with opened(tmp_path, lookup=None) as (actions, shop):
        result = await actions.run(request("shop.give_credit", KEY, who="4", **ASKED))
        assert result.failure is Failure.UNKNOWN
        assert await System(shop).effects("give_credit") == 0

    async with await open_ledger(database_url, lambda: datetime.now(UTC)) as ledger:
        assert (await ledger.entry(KEY)).state is State.UNKNOWN
