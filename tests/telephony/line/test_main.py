"""The line as it is really put together."""

import httpx

from telephony.line.config import LineConfig
from telephony.line.main import create_line_app
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, served


async def test_errors_of_the_running_line_have_twilios_form():
    async def speak(_text, _voice):
        return b""

    app = create_line_app(LineConfig(ACCOUNT, TOKEN, NUMBER, "http://127.0.0.1:9/voice"), speak)
    async with served(app) as url, httpx.AsyncClient(base_url=url, auth=(ACCOUNT, TOKEN)) as http:
        base = f"/2010-04-01/Accounts/{ACCOUNT}"
        for path in ("Calls/CA1", "Conferences/CF1", "Recordings/RE1", "Messages/SM1"):
            answer = await http.get(f"{base}/{path}.json")
            assert (answer.status_code, answer.json()["code"]) == (404, 20404)
        assert (await http.get(f"{base}/Calls.json", auth=("AC", "x"))).json()["code"] == 20003
        assert (await http.get("/line/faults")).json() == {"line": {}, "calls": {}}
