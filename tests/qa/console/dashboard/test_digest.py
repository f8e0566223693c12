"""A day's digest: what it says, its alerts, the file and the command that writes it."""

import base64
import hmac
import json
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from rich.console import Console

from calls.database import open_engine
from qa.console.dashboard.command import DigestError, DigestSettings, write_digest
from qa.facts.store import FactStore
from qa.facts.types import CallFacts, CallOutcome
from qa.metrics.compare import Course
from qa.metrics.digest import BACK, digest_of
from qa.metrics.period import one_day
from qa.metrics.rules_file import RulesError
from qa.metrics.source import CallSource
from settings import SettingsError, signing_key
from tests.databases import new_sqlite
from tests.qa.console.dashboard.conftest import BERLIN, RULES, dashboard_stage, known_calls
from tests.qa.metrics.stories import NOW
from tests.qa.receiver import receiving

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
DAY = date(2026, 11, 26)
NOON = one_day(DAY, BERLIN).since + timedelta(hours=12)


def calls_of(day_before, contained, abandoned, answer_s=0.5):
    """Calls so many days before the day of the digest."""
    outcomes = [CallOutcome.CONTAINED] * contained + [CallOutcome.ABANDONED] * abandoned
    return [
        (
            CallFacts(
                call_id=f"CA{day_before}x{number}",
                last_seq=1,
                started_at=NOON - timedelta(days=day_before, minutes=number),
                duration_s=60.0,
                outcome=outcome,
                answers_s=(answer_s,),
            ),
            "",
        )
        for number, outcome in enumerate(outcomes)
    ]


@pytest.fixture
async def made(sqlite_url):
    """Makes the digest of DAY of some calls."""
    engine = open_engine(sqlite_url)

    async def make(calls, rules=RULES):
        await FactStore(engine).put(calls)
        tables = await CallSource(engine).around(one_day(DAY, BERLIN), BACK, NOW)
        return digest_of(tables, DAY, BERLIN, rules, NOW)

    yield make
    await engine.dispose()


def figure(digest, name):
    return next(one for one in digest.figures if one.metric.id == name)


async def test_what_got_worse_stands_first(made):
    weeks = [one for week in range(1, 5) for one in calls_of(7 * week, 90, 10)]
    digest = await made([*weeks, *calls_of(0, 60, 40)])
    worse = [one.metric.id for one in digest.of_course(Course.WORSE)]
    assert worse[0] in {"containment", "abandoned"}
    assert [one.course for one in digest.figures[: len(worse)]] == [Course.WORSE] * len(worse)
    assert figure(digest, "containment").change == pytest.approx(-0.3)


async def test_a_day_is_compared_with_its_weekday_and_not_with_the_day_before(made):
    weeks = [one for week in range(1, 5) for one in calls_of(7 * week, 40, 60)]
    digest = await made([*weeks, *calls_of(1, 100, 0), *calls_of(0, 40, 60)])
    assert figure(digest, "containment").course is Course.STEADY
    assert digest.compared_days == 4


async def test_calls_are_compared_with_the_mean_of_the_weekdays_that_had_any(made):
    digest = await made([*calls_of(7, 10, 0), *calls_of(21, 30, 0), *calls_of(0, 5, 0)])
    assert figure(digest, "calls").before.value == 20
    assert digest.compared_days == 2


async def test_three_calls_that_go_wrong_are_no_trend(made):
    digest = await made([*calls_of(7, 3, 0), *calls_of(0, 2, 1)])
    assert figure(digest, "containment").course is Course.STEADY


async def test_an_alert_rings_beyond_its_limit_and_never_for_what_is_not_known(made):
    digest = await made(calls_of(0, 50, 50))
    assert [one.alert.metric for one in digest.alerts] == ["containment"]
    assert (await made([])).day == DAY


async def test_an_alert_may_be_of_a_single_stage(made):
    from qa.metrics.rules import Alert, Rules

    digest = await made(calls_of(0, 5, 0), Rules(alerts=(Alert(metric="plan_p95", above=0.01),)))
    assert digest.alerts == (), "no call had this stage"


async def test_the_page_and_the_file_say_the_same_and_the_file_needs_nothing_else(tmp_path):
    async with dashboard_stage(tmp_path) as stage:
        ana = await stage.browser("ana")
        page = await ana.get("/qa/digest")
        file = await ana.get("/qa/digest/file?day=2026-11-26")
        assert "Digest of Thursday, 26 November 2026" in page.text
        assert "Digest of Thursday, 26 November 2026" in file.text
        assert 'filename="warmline-digest-2026-11-26.html"' in file.headers["content-disposition"]
        for outside in ("<script", "<link", "src=", "url(", "@import"):
            assert outside not in file.text
        found = re.findall(r'href="([^"]+)"', file.text)
        assert found
        assert all(one.startswith("http://") and "/qa/figures/" in one for one in found)
        assert file.text.count("<svg") == 3


async def write(tmp_path, day=None, **more):
    """What the command prints, and the file."""
    url = new_sqlite(tmp_path / "calls.db")
    engine = open_engine(url)
    await FactStore(engine).put(known_calls(calls=300))
    await engine.dispose()
    rules = tmp_path / "metrics.yaml"
    if not rules.exists():
        rules.write_text("alerts: [{metric: containment, below: 0.99}]\n")
    settings = DigestSettings(database_url=url, warmline_metrics=rules, **more)
    printed = StringIO()
    path = await write_digest(settings, day, tmp_path / "day.html", Console(file=printed, width=200), NOW)
    return printed.getvalue(), path.read_text()


async def test_the_command_writes_the_file_and_tells_the_alerts(tmp_path):
    printed, text = await write(tmp_path, "2026-11-20", public_url="https://phone.example.com/")
    assert "Alert: Containment is" in printed
    assert "below 99.0 %" in printed
    assert 'href="https://phone.example.com/qa/figures/' in text


async def test_without_an_address_of_the_server_the_file_has_no_links(tmp_path):
    _, text = await write(tmp_path, public_url="")
    assert "Thursday, 26 November 2026" in text
    assert "href=" not in text


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


async def test_the_command_posts_alerts_to_the_address_in_the_settings(tmp_path, receiver):
    await write(tmp_path, warmline_alert_url=receiver.url, warmline_alert_secret=SECRET)
    ((path, headers, body),) = receiver.taken
    assert path == "/hook?key=hidden"
    assert json.loads(body)["data"]["alerts"][0]["metric"] == "containment"
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = base64.b64encode(hmac.digest(signing_key(SECRET), content, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{mark}"


async def test_alerts_that_nobody_takes_are_an_error_and_the_file_is_there(tmp_path, receiver):
    receiver.status = 403
    with pytest.raises(DigestError, match="status 403") as caught:
        await write(tmp_path, warmline_alert_url=receiver.url, warmline_alert_secret=SECRET)
    assert "hidden" not in str(caught.value)
    assert (tmp_path / "day.html").exists()


@pytest.mark.parametrize(
    ("name", "url", "secret"),
    [
        ("WARMLINE_ALERT_URL", "http://alerts.example.com/hook", SECRET),
        ("WARMLINE_ALERT_URL", "ftp://127.0.0.1/hook", SECRET),
        ("WARMLINE_ALERT_SECRET", "https://alerts.example.com/hook", ""),
        ("WARMLINE_ALERT_SECRET", "https://alerts.example.com/hook", "whsec_c2hvcnQ="),
    ],
)
def test_alerts_go_out_only_signed_and_only_by_https(monkeypatch, name, url, secret):
    monkeypatch.setenv("WARMLINE_ALERT_URL", url)
    monkeypatch.setenv("WARMLINE_ALERT_SECRET", secret)
    with pytest.raises(SettingsError, match=name):
        DigestSettings.load()


@pytest.mark.parametrize("day", ["tomorrow", "2026-11-27", "2027-01-01"])
async def test_a_day_that_is_not_over_has_no_digest(tmp_path, day):
    with pytest.raises(DigestError, match="--day"):
        await write(tmp_path, day)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alerts: [{metric: happiness, below: 1}]", r"alerts\.0\.metric: is no metric"),
        ("alerts: [{metric: calls}]", r"alerts\.0: must have one of above and below"),
        ("costs: {human_minute: -1, telephony_minute: 0}", r"costs\.human_minute"),
        ("colour: red", "colour"),
        ("costs: [", "metrics.yaml:1: is no YAML|metrics.yaml:2: is no YAML"),
    ],
)
async def test_rules_that_cannot_be_used_are_named_with_file_and_field(tmp_path, text, said):
    (tmp_path / "metrics.yaml").write_text(text)
    with pytest.raises(RulesError, match=said) as caught:
        await write(tmp_path)
    assert "metrics.yaml" in str(caught.value)
