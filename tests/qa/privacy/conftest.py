"""A data folder with a paid call and another one, their recordings, and all that hangs on them."""

import os
from datetime import UTC, datetime

import numpy as np
import pytest

from calls.database import open_engine
from calls.log import CallLog
from calls.store import open_store
from calls.wav import RATE, StereoWav
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.privacy.redactor import Redactor
from qa.privacy.rules import PrivacyRules
from tests.calls.redaction.paying import BEGAN, call, paying

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OTHER = "+15550143000"


class House:
    """What the tests look at."""

    def __init__(self, data_dir, store, engine):
        self.data_dir, self.store, self.engine = data_dir, store, engine
        self.rules = PrivacyRules()
        self.facts = FactStore(engine)
        self.projector = Projector(self.facts, store.read)
        self.redactor = Redactor(store, engine, data_dir, lambda: self.rules, lambda: NOW)
        self.log = CallLog(store, lambda: NOW)

    def recording(self, call_id, began=BEGAN):
        return self.data_dir / f"recordings/{began:%Y/%m/%d}/{call_id}.wav"

    async def called(self, call_id, caller, began=BEGAN, ended=True):
        path = self.recording(call_id, began)
        file = StereoWav(path)
        file.write(0, np.full((40 * RATE, 2), 1000, np.int16))
        file.commit()
        file.close()
        os.utime(path, (began.timestamp(), began.timestamp()))
        bodies = paying(call_id, caller, path.relative_to(self.data_dir).as_posix())
        await self.store.write(call(bodies if ended else bodies[:-1], call_id, began))


@pytest.fixture
async def house(tmp_path, database_url):
    engine = open_engine(database_url)
    async with await open_store(database_url) as store:
        one = House(tmp_path, store, engine)
        await one.called("CA1", "+15550142000")
        await one.called("CA2", OTHER)
        yield one
        await one.log.close()
    await engine.dispose()
