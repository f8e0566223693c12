"""Every figure again, from the raw events of calls as JSON and in the plainest way: for comparing only.

Shares no code with `qa`: it is written from the formulas of docs/qa-dashboard.md. Slow on purpose.
"""

import math
from datetime import datetime, timedelta
from itertools import pairwise

TALKED = ("connected", "handed_back", "put_through")
UNSOLVED = ("follow_up", "passed_on", "not_possible", "caller_gone", "wrong_number")


def body(events, name):
    return [one["body"] for one in events if one["body"]["name"] == name]


def when(text):
    return datetime.fromisoformat(text).timestamp()


def outcome_of(events):
    """How a call ended for its caller."""
    ends = body(events, "transfer.ended")
    if any(one["outcome"] in TALKED for one in ends):
        return "handed_over"
    if body(events, "voicemail.left"):
        return "voicemail"
    if body(events, "callback.promised"):
        return "call_back"
    over = body(events, "call.ended")
    if not over:
        return "open"
    return outcome_of_lonely(events, ends, over)


def outcome_of_lonely(events, ends, over):
    """Of a call that is over and that no human had or will have."""
    transfers = [
        one["body"] for one in events if one["body"]["name"] in ("transfer.requested", "transfer.ended")
    ]
    if transfers and transfers[-1]["name"] == "transfer.requested":
        return "abandoned_waiting"
    if ends and ends[-1]["outcome"] == "caller_gone":
        return "abandoned_waiting"
    plans = body(events, "turn.planned")
    if not plans and body(events, "call.queued"):
        return "refused"
    reason = over[-1]["reason"]
    if reason in ("lost", "carrier"):
        return "lost"
    return "abandoned" if reason == "caller" and not done(events, plans) else "contained"


def done(events, plans):
    """Whether a caller who hung up had got anything, and was in the middle of nothing."""
    if not plans or plans[-1]["state"].get("flow") is not None or plans[-1]["unanswered"] is not None:
        return False
    return plans[-1]["repair"] not in ("no_match", "no_input", "doubt") and useful(events)


def useful(events):
    return bool(body(events, "action.done")) or any(one["sources"] for one in body(events, "turn.planned"))


def intent_of(events):
    for plan in body(events, "turn.planned"):
        if plan["state"].get("about") is not None:
            return plan["state"]["about"]
    for plan in body(events, "turn.planned"):
        if plan["intent"] is not None:
            return plan["intent"]
    return None


def customer_of(events):
    for plan in body(events, "turn.planned"):
        identity = plan["state"].get("identity")
        if isinstance(identity, dict) and identity.get("level"):
            return identity.get("customer")
    return None


def transfers_of(events):
    found = []
    for asked in body(events, "transfer.requested"):
        name = asked["transfer_id"]
        legs = [one for one in body(events, "transfer.leg") if one["transfer_id"] == name]
        briefed = [one["seconds"] for one in body(events, "transfer.briefed") if one["transfer_id"] == name]
        ended = [one for one in body(events, "transfer.ended") if one["transfer_id"] == name]
        found.append(
            {
                "queue": asked["queue"],
                "reason": asked["reason"],
                "waits": asked["kind"] in ("warm", "cold"),
                "rung": len({one["leg"] for one in legs}),
                "declined": sum(one["result"] == "declined" for one in legs),
                "briefing": briefed[-1] if briefed else None,
                "outcome": ended[-1]["outcome"] if ended else "caller_gone",
                "wait": ended[-1]["wait_s"] if ended else None,
            }
        )
    return found


def speech_of(events):
    """Seconds with speech, found by walking in steps of a millisecond's grid over the edges."""
    spans = [
        (one["start_s"], one["end_s"]) for name in ("turn.heard", "turn.said") for one in body(events, name)
    ]
    edges = sorted({edge for span in spans for edge in span})
    spoken = 0.0
    for left, right in pairwise(edges):
        if any(start <= left and right <= end for start, end in spans):
            spoken += right - left
    return spoken if spans else None


def wrap_up_of(events):
    over = None
    for one in events:
        if one["body"]["name"] == "transfer.ended" and one["body"]["outcome"] in TALKED:
            over = when(one["at"])
        if one["body"]["name"] == "call.disposed" and over is not None:
            return min(600.0, max(0.0, when(one["at"]) - over))
    return 0.0


def language_model_of(events):
    """Tokens in and out of each asking; a call from before `model.asked` has them unknown."""
    asked = [(one["tokens_in"], one["tokens_out"]) for one in body(events, "model.asked")]
    return asked or [(None, None) for one in body(events, "turn.planned") if one["proposed"] is not None]


def read(events, scored):
    """All that is needed of one call."""
    ends = body(events, "transfer.ended")
    surveys = {one["part"]: one["score"] for one in body(events, "survey.answered")}
    disposed = body(events, "call.disposed")
    plans = body(events, "turn.planned")
    over = body(events, "call.ended")
    over_at = [when(one["at"]) for one in events if one["body"]["name"] == "call.ended"]
    started = body(events, "call.started")[0]
    turns = [
        one["turn"] for name in ("turn.heard", "turn.keyed", "turn.silent") for one in body(events, name)
    ]
    asked = body(events, "transfer.requested")
    score, failed = scored(events[0]["call_id"])
    return {
        "id": events[0]["call_id"],
        "at": when(events[0]["at"]),
        "over_at": over_at[-1] if over_at else None,
        "seconds": over[-1]["duration_s"] if over else None,
        "outcome": outcome_of(events),
        "caller": started["caller"],
        "customer": customer_of(events),
        "intent": intent_of(events),
        "playbook": started["playbook"],
        "queue": asked[-1]["queue"] if asked else None,
        "useful": useful(events),
        "confirmed": bool(plans) and plans[-1]["then"] == "hang_up" and plans[-1]["moment"] == "hearing",
        "turns": max(turns, default=0),
        "no_match": sum(one["repair"] == "no_match" for one in plans),
        "cut": sum(one["interrupted"] for one in body(events, "turn.said")),
        "wait": sum(one["wait_s"] for one in ends),
        "talk": sum(one["talk_s"] or 0 for one in ends),
        "wrap_up": wrap_up_of(events),
        "speech": speech_of(events),
        "surveys": surveys,
        "disposition": disposed[-1]["disposition"] if disposed else None,
        "needless": disposed[-1]["needless"] if disposed else None,
        "transfers": transfers_of(events),
        "answers": [one["total_s"] for one in body(events, "turn.answered")],
        "parts": [one["parts"] for one in body(events, "turn.answered")],
        "asked": language_model_of(events),
        "score": score,
        "failed": failed,
    }


def again_after(call, calls):
    """Seconds until the same person called about the same; None: they have not."""
    gaps = [
        other["at"] - call["at"]
        for other in calls
        if same(call, other) and (other["at"], other["id"]) > (call["at"], call["id"])
    ]
    return min(gaps) if gaps else None


def before(call, calls):
    gaps = [
        call["at"] - other["at"]
        for other in calls
        if same(call, other) and (other["at"], other["id"]) < (call["at"], call["id"])
    ]
    return min(gaps) if gaps else None


def same(one, other):
    if one["intent"] is None or one["intent"] != other["intent"]:
        return False
    return (one["caller"] is not None and one["caller"] == other["caller"]) or (
        one["customer"] is not None and one["customer"] == other["customer"]
    )


def can_be_followed(call):
    return call["intent"] is not None and (call["caller"] is not None or call["customer"] is not None)


def part(of, whole):
    return len(of) / len(whole) if whole else None


def mean(values):
    return sum(values) / len(values) if values else None


def percentile(values, percent):
    """Between the two nearest ranks, in proportion."""
    if not values:
        return None
    values = sorted(values)
    place = (len(values) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(values) - 1)
    return round(values[low] + (values[high] - values[low]) * (place - low), 3)


def figures(calls, since, until, now, *, rates, queue=None, intent=None, playbook=None):
    """Every metric by its id: of the calls that began from `since` to before `until` (seconds since the epoch).

    `calls` are all that is known, as `read` gives them; `rates` have the prices by name.
    """
    day, week = 86400, 7 * 86400
    period = [one for one in calls if since <= one["at"] < until and one["outcome"] != "open"]
    mine = [
        one
        for one in period
        if (queue is None or one["queue"] == queue)
        and (intent is None or one["intent"] == intent)
        and (playbook is None or one["playbook"] == playbook)
    ]
    for one in mine:
        one["again"], one["earlier"] = again_after(one, calls), before(one, calls)
    offered = [one for one in mine if one["outcome"] != "refused"]
    contained = [one for one in offered if one["outcome"] == "contained"]
    helped = [one for one in contained if one["useful"]]
    human = [one for one in offered if one["outcome"] == "handed_over"]
    settled = helped + [one for one in human if one["disposition"] not in UNSOLVED]
    found = {"calls": len(mine)}
    found["automation"] = part([one for one in offered if one["useful"]], offered)
    found["containment"] = part(contained, offered)
    for name, window in (("verified_containment_24h", day), ("verified_containment_7d", week)):
        old = [one for one in offered if one["at"] + window <= now]
        stayed = [one for one in old if one in contained and not (one["again"] or math.inf) <= window]
        found[name] = part(stayed, old)
    found["resolution"] = part(settled, offered)
    found["resolution_confirmed"] = part([one for one in helped if one["confirmed"]], helped)
    old = [one for one in offered if one["at"] + week <= now and can_be_followed(one)]
    first = [one for one in old if not (one["earlier"] or math.inf) <= week]
    kept = [one for one in first if one in settled and not (one["again"] or math.inf) <= week]
    found["first_contact_resolution"] = part(kept, first)
    found["repeat_contact"] = part([one for one in old if (one["again"] or math.inf) <= week], old)
    for name in ("abandoned", "handed_over", "call_back", "voicemail", "lost"):
        found[name] = part([one for one in offered if one["outcome"] == name], offered)
    found |= satisfaction(mine, contained, human)
    found |= times(offered)
    found |= costs(mine, period, settled, contained, rates, (until - since) / day, now)
    found |= queues([two for one in mine for two in one["transfers"]])
    waited = [one for one in offered if any(two["waits"] for two in one["transfers"])]
    found["transfer_rate"] = part(waited, offered)
    told = [one for one in mine if one["needless"] is not None]
    found["needless_transfers"] = part([one for one in told if one["needless"]], told)
    found |= talks(mine, offered)
    found["peak_calls"] = peak(offered)
    found["refused"] = part([one for one in mine if one["outcome"] == "refused"], mine)
    return found


def satisfaction(mine, contained, human):
    found = {}
    for who in ("assistant", "agent"):
        asked = [one for one in mine if who in one["surveys"]]
        answered = [one for one in asked if one["surveys"][who] is not None]
        found[f"csat_{who}"] = part([one for one in answered if one["surveys"][who] >= 4], answered)
        found[f"csat_response_{who}"] = part(answered, asked)
    for name, of in (("csat_contained", contained), ("csat_transferred", human)):
        keyed = [one["surveys"].get("assistant") for one in of]
        keyed = [one for one in keyed if one is not None]
        found[name] = part([one for one in keyed if one >= 4], keyed)
    return found


def times(offered):
    talked = [one for one in offered if one["talk"] > 0]
    known = [one for one in offered if one["seconds"] is not None]
    return {
        "handle_time_assistant": mean([max(0, one["seconds"] - one["talk"]) for one in known]),
        "handle_time_human": mean([one["talk"] + one["wrap_up"] for one in talked]),
        "handle_time": mean([one["seconds"] + one["wrap_up"] for one in known]),
    }


def costs(mine, period, settled, contained, rates, days, now):
    prices = rates["language_model"]
    for one in mine:
        one["model_cost"] = sum(
            (read or 0) * prices["million_in"] + (written or 0) * prices["million_out"]
            for read, written in one["asked"]
        ) / 1_000_000  # fmt: skip
        seconds = one["seconds"] or 0
        briefing = sum(two["briefing"] or 0 for two in one["transfers"])
        one["cost"] = (
            (
                seconds * rates["telephony_minute"]
                + max(0, seconds - one["wait"] - one["talk"]) * rates["compute_minute"]
                + (briefing + one["talk"] + one["wrap_up"]) * rates["human_minute"]
            )
            / 60
            + one["model_cost"]
            + rates["fixed_day"] * days / len(period)
        )
    asked = [two for one in mine for two in one["asked"]]
    old = [one for one in mine if one["at"] + 86400 <= now]
    verified = [one for one in old if one in settled and not (one["again"] or math.inf) <= 86400]
    return {
        "cost": sum(one["cost"] for one in mine) if mine else None,
        "cost_per_contact": mean([one["cost"] for one in mine]),
        "language_model_cost": mean([one["model_cost"] for one in mine]),
        "language_model_untold": part([one for one in asked if None in one], asked),
        "cost_contained": mean([one["cost"] for one in contained]),
        "cost_per_verified_resolution": sum(one["cost"] for one in old) / len(verified) if verified else None,
    }


def queues(transfers):
    waited = [one for one in transfers if one["waits"]]
    talked = [one for one in waited if one["outcome"] in TALKED]
    gone = [one for one in waited if one["outcome"] == "caller_gone"]
    patient = [one for one in gone if one["wait"] is None or one["wait"] >= 5]
    rung = sum(one["rung"] for one in transfers)
    return {
        "average_speed_of_answer": mean([one["wait"] for one in talked]),
        "service_level": part([one for one in talked if one["wait"] <= 20], talked + patient),
        "abandonment": part(gone, waited),
        "transfers": len(transfers),
        "transfer_success": part(talked, waited),
        "declines": sum(one["declined"] for one in transfers) / rung if rung else None,
        "briefing": mean([one["briefing"] for one in transfers if one["briefing"] is not None]),
    }


def talks(mine, offered):
    found = {}
    answers = [seconds for one in mine for seconds in one["answers"]]
    parts = [two for one in mine for two in one["parts"]]
    for percent in (50, 95, 99):
        found[f"answer_p{percent}"] = percentile(answers, percent)
        for stage in ("end_of_turn", "transcript", "plan", "action", "first_audio"):
            values = [one[stage] for one in parts if stage in one]
            found[f"{stage}_p{percent}"] = percentile(values, percent)
    spoke = [one for one in offered if one["turns"] > 0]
    turns = sum(one["turns"] for one in spoke)
    found["interruptions"] = mean([one["cut"] for one in spoke])
    found["no_match"] = sum(one["no_match"] for one in spoke) / turns if turns else None
    found["turns"] = mean([one["turns"] for one in spoke])
    placed = [one for one in spoke if one["speech"] is not None and one["seconds"] is not None]
    with_us = [max(0, one["seconds"] - one["wait"] - one["talk"]) for one in placed]
    silent = [max(0, whole - one["speech"]) for one, whole in zip(placed, with_us, strict=True)]
    found["non_talk"] = sum(silent) / sum(with_us) if sum(with_us) else None
    rated = [one for one in mine if one["score"] is not None]
    found["qa_score"] = mean([one["score"] for one in rated if not one["failed"]])
    found["auto_fail"] = part([one for one in rated if one["failed"]], rated)
    found["qa_coverage"] = part([one for one in offered if one["score"] is not None], offered)
    return found


def peak(offered):
    """The most calls at once: looked at whenever one begins."""
    whole = [one for one in offered if one["over_at"] is not None]
    counts = [sum(two["at"] <= one["at"] < two["over_at"] for two in whole) for one in whole]
    return max(counts) if counts else None


def csat_change(calls, now_span, then_span, who):
    """The weighted change of satisfaction, its 95 % interval, and how many answers of now it rests on."""

    def answers(span):
        found = {}
        for one in calls:
            keyed = one["surveys"].get(who)
            if span[0] <= one["at"] < span[1] and one["outcome"] != "open" and keyed is not None:
                found.setdefault((one["queue"], one["intent"]), []).append(keyed >= 4)
        return found

    now, then = answers(now_span), answers(then_span)
    both = [key for key in now if key in then]
    total = sum(len(now[key]) for key in both)
    if not total:
        return None
    change = variance = 0.0
    for key in both:
        weight = len(now[key]) / total
        change += weight * (mean(now[key]) - mean(then[key]))
        for kept in (now[key], then[key]):
            shrunk = (sum(kept) + 1) / (len(kept) + 2)
            variance += weight**2 * shrunk * (1 - shrunk) / (len(kept) + 2)
    wide = 1.959964 * math.sqrt(variance)
    return change, max(-1.0, change - wide), min(1.0, change + wide), total


def local_days(first, days, zone):
    """Seconds since the epoch of each midnight from a local day on, one more than there are days."""
    return [
        datetime.combine(first + timedelta(days=one), datetime.min.time(), zone).timestamp()
        for one in range(days + 1)
    ]
