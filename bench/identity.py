"""How well callers are identified by three weak items.

    python -m bench.identity DIALOGUES.tsv PROFILES.csv [--json]

The files have the form of EVI: DIALOGUES.tsv has one attempt at an item a row (dialogue_id, speaker_id, scenario_id,
item, attempt_num, transcription, nbest: a JSON list), PROFILES.csv the customers (scenario_id, postcode, name_first,
name_last, dob). Calls whose scenario is not among the profiles are left out.

`postcode`, `name` and `dob` are the shares of calls in which the one value that is chosen after at most three attempts
is exactly the profile's. Nothing of the caller's own profile is used to choose. What is used is what the product has:
for postcodes and names, whether such a value exists among all customers (the best fitting existing one is chosen). The
same without that check are `postcode_alone` and `name_alone`: the likeliest value of the grammars. Dates of birth are
always chosen without a check.

What was heard takes the way that it takes in a call: `dialog.recalling` makes attempts of it and gives them to the
check as its arguments, `actions.identity.people` decides. Only the telephone that calls, which the product also knows,
is nobody's here.

`identified` is the share of calls in which the caller's own profile is accepted, `wrong` that in which another one is.
`told_another` is the share of calls whose caller says the facts of another profile than the one the set holds for
right: at least two items are, letter for letter, those of one other profile, and none is the own profile's. They are
counted everywhere all the same; `wrong_otherwise` is `wrong` without them. `wrong_stranger` is the share of the calls
(those left out) in which somebody is accepted when the caller's own profile is removed. `latency_ms` is the time of one
comparison with all profiles.
"""

import argparse
import csv
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from pathlib import Path

import numpy as np
from rich.console import Console

from actions.identity.matching import Match, Profile, Told
from actions.identity.people import People
from actions.identity.told import IdentifyArguments
from bench.report import percentile, print_bars, print_json, print_table
from dialog import recalling
from dialog.filling import Heard
from dialog.grammar.calendar_dates import When
from dialog.grammar.kinds import SlotKind
from dialog.grammar.slots import Candidate, Said, SlotRule, candidates, join

ARGUMENTS = {"postcode": "postcode", "name": "name", "dob": "birth_date"}
KINDS = {"postcode": SlotKind.POSTCODE, "name": SlotKind.NAME, "dob": SlotKind.DATE}
NOW = datetime(2022, 1, 1, 12, 0)
"""When the calls of EVI were made, as nearly as it matters: no birth is later."""
MOST_TEXTS = 8
RANK = 0.8
"""How much less likely each next hypothesis of the recogniser is than the one before."""
ATTEMPT = 0.9
"""How sure one attempt at most is."""
TARGETS = {"postcode": 0.78, "name": 0.90, "dob": 0.92, "identified": 0.88}

Attempts = dict[str, list[list[Said]]]


@dataclass
class Call:
    """One caller: whose profile is right, and what was heard of each item, attempt by attempt."""

    scenario: str
    speaker: str
    attempts: Attempts = field(default_factory=lambda: {item: [] for item in KINDS})


@dataclass(frozen=True)
class Outcome:
    """What was made of one call."""

    right: dict[str, bool]
    match: Match
    without_own: Match
    told_another: bool
    took_s: float


def read_profiles(path: Path) -> dict[str, Profile]:
    """The customers by scenario."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            row["scenario_id"]: Profile(
                row["scenario_id"], row["postcode"], row["name_first"], row["name_last"], row["dob"]
            )
            for row in csv.DictReader(file)
        }


def read_calls(path: Path, profiles: dict[str, Profile]) -> list[Call]:
    """The calls whose scenario is among the profiles."""
    calls: dict[str, Call] = {}
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["scenario_id"] in profiles]
    for row in sorted(rows, key=lambda one: int(one["attempt_num"])):
        call = calls.setdefault(row["dialogue_id"], Call(row["scenario_id"], row["speaker_id"]))
        call.attempts[row["item"]].append(texts(row["transcription"], row["nbest"]))
    return list(calls.values())


def texts(transcription: str, nbest: str) -> list[Said]:
    """The recogniser's hypotheses, likeliest first."""
    found = dict.fromkeys(text for text in [transcription, *json.loads(nbest or "[]")] if text.strip())
    return [Said(text, RANK**rank) for rank, text in enumerate(list(found)[:MOST_TEXTS])]


def told(call: Call) -> Told:
    """What the caller has told, as the check of who they are gets it from a call."""
    arguments = {
        ARGUMENTS[item]: recalling.as_argument(_recalled(attempts, KINDS[item]))
        for item, attempts in call.attempts.items()
    }
    return IdentifyArguments.model_validate(arguments).told


def _recalled(attempts: Sequence[list[Said]], kind: SlotKind) -> tuple[recalling.Attempt, ...]:
    heard = (recalling.attempt(Heard(tuple(said)), kind, NOW) for said in attempts)
    return reduce(recalling.one_more, heard, ())


def alone(call: Call, item: str) -> tuple[Candidate, ...]:
    """The values of one item that the grammars find in all attempts together, likeliest first."""
    rule = SlotRule(KINDS[item], when=When.PAST)
    return join(
        [
            [Candidate(one.value, one.score * ATTEMPT) for one in candidates(said, rule, NOW)]
            for said in call.attempts[item]
        ]
    )


def measured(call: Call, profiles: dict[str, Profile], people: People) -> Outcome:
    """One call from what was heard to the decision."""
    own = profiles[call.scenario]
    values = {item: alone(call, item) for item in KINDS}
    first = {item: found[0].value if found else None for item, found in values.items()}
    known = told(call)
    began = time.perf_counter()
    match = people.match(known)
    took_s = time.perf_counter() - began
    name = f"{own.first} {own.last}"
    right = {
        "postcode": people.index.postcode(known.postcode) == own.postcode,
        "name": people.index.name(known.name) == name,
        "dob": first["dob"] == own.born,
        "postcode_alone": first["postcode"] == own.postcode,
        "name_alone": first["name"] == name,
    }
    exact = {item: {one.value for one in found} for item, found in values.items()}
    accepted = profiles[match.key]
    another = match.key != own.key and _said_exactly(accepted, exact) >= 2 and _said_exactly(own, exact) == 0
    return Outcome(right, match, people.match(known, without=own.key), another, took_s)


def _said_exactly(profile: Profile, values: dict[str, set[str]]) -> int:
    """How many of a profile's items stand among the values that were heard."""
    own = {"postcode": profile.postcode, "name": f"{profile.first} {profile.last}", "dob": profile.born}
    return sum(own[item] in values[item] for item in KINDS)


def figures(calls: Sequence[Call], profiles: dict[str, Profile]) -> dict[str, float | int | None]:
    """Everything that is reported, shares as fractions of 1.

    Raises:
        ValueError: there is no call to measure.
    """
    if not calls:
        raise ValueError("no call's scenario is among the profiles: nothing can be measured")
    people = People(list(profiles.values()))
    outcomes = [measured(call, profiles, people) for call in calls]

    def share(wanted: Sequence[bool]) -> float | None:
        return round(float(np.mean(wanted)), 4) if len(wanted) else None

    pairs = list(zip(calls, outcomes, strict=True))
    wrong = [one.match.accepted and one.match.key != call.scenario for call, one in pairs]
    truthful = [at for at, one in enumerate(outcomes) if not one.told_another]
    return {
        **{item: share([one.right[item] for one in outcomes]) for item in outcomes[0].right},
        "identified": share([one.match.accepted and one.match.key == call.scenario for call, one in pairs]),
        "wrong": share(wrong),
        "told_another": share([one.told_another for one in outcomes]),
        "wrong_otherwise": share([wrong[at] for at in truthful]),
        "wrong_stranger": share([outcomes[at].without_own.accepted for at in truthful]),
        "calls": len(calls),
        "speakers": len({call.speaker for call in calls}),
        "latency_p50_ms": _ms([one.took_s for one in outcomes], 50),
        "latency_p95_ms": _ms([one.took_s for one in outcomes], 95),
    }


def _ms(times_s: Sequence[float], percent: float) -> float | None:
    value = percentile(times_s, percent)
    return None if value is None else round(value * 1000, 1)


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(
        description="how well callers are identified by postcode, name and birth"
    )
    parser.add_argument("dialogues", type=Path)
    parser.add_argument("profiles", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    profiles = read_profiles(arguments.profiles)
    found = figures(read_calls(arguments.dialogues, profiles), profiles)
    if arguments.json:
        print_json(found)
        return
    console = Console()
    print_table(console, "Identity", ("figure", "value"), list(found.items()))
    for item, target in TARGETS.items():
        print_bars(console, f"{item}, target {target:.2f}", [(item, found[item])], "of 1", target)


if __name__ == "__main__":
    main()
