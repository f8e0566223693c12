"""Trains the head that tells "mm-hmm" from a first word.

    python scripts/train_listening_head.py [SEGMENTS.tsv AUDIO_DIR]

The sounds are our own voice at several pitches, loudnesses and offsets, each cut off where the evidence for somebody
who cuts in is enough, as a call does it. With a folder of telephone calls, their utterances join those that cut in,
save those which begin with a word of somebody who listens.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bench.calls import trimmed
from bench.telephone_sound import phone, read_segments
from models.shelf import ModelShelf
from telephony.media.halfband import Doubler
from voice.hearing.first_sound import WEIGHTS, features
from voice.hearing.vad import WINDOW, CascadeVad
from voice.speaking.renderer import Renderer
from voice.speech_parts import open_recogniser, open_session
from voice.turns.backchannel import LISTENING
from voice.turns.cut_in import CutIn, Evidence
from voice.turns.interruptions import FIRST_FRAMES, HEARD_FRAMES

LISTENS = (
    *("Mm-hmm.", "Mhm.", "Uh-huh.", "Mm.", "Hmm.", "Mmm.", "Yeah.", "Yep.", "Okay.", "Right.", "Ah.", "Oh."),
    *("Mm-hm.", "Mm, mm.", "Uh-huh, uh-huh.", "Yeah, yeah."),
)
CUTS_IN = (
    *("Where is my order?", "No, that is not what I want.", "Can I speak to somebody?", "Stop.", "Hello?"),
    *(
        "Hang on a second.",
        "Excuse me.",
        "But I said something else.",
        "I want to cancel.",
        "My name is Maria.",
    ),
    *(
        "Could you repeat that?",
        "What did you say?",
        "How much is it?",
        "Actually, I need help.",
        "Operator.",
    ),
    *("Sorry, can you say that again?", "Human, please.", "Please stop talking.", "That's wrong.", "Agent."),
    *(
        "It's not working.",
        "When will it arrive?",
        "Do you have it in blue?",
        "Four seven one one.",
        "Listen.",
    ),
    *("The order is late.", "Just a moment.", "Is there somebody there?", "You already told me.", "Hold on."),
    *("Never mind.", "There is a problem with it.", "We ordered two.", "Nothing works.", "One more thing."),
    *(
        "Let me speak to somebody.",
        "Are you a robot?",
        "Did you get that?",
        "Look, I don't have it.",
        "Wait.",
    ),
    *(
        "Give me a person.",
        "Mine was blue.",
        "Maybe later.",
        "Monday is fine.",
        "Make it two.",
        "Nobody told me.",
    ),
    *(
        "Who is this?",
        "Why not?",
        "Then cancel it.",
        "Everything is broken.",
        "Tell me again.",
        "Thank you, bye.",
    ),
)
PITCHES = (0.85, 0.92, 1.0, 1.08, 1.15, 1.22, 1.3)
LEAD = 4000
STRENGTH = 0.01
"""Inverse of the regularisation: the sounds are few."""

Sound = NDArray[np.int16]


def until_evident(sound: Sound, silero: object, chance: np.random.Generator) -> Sound | None:
    """What a call looks at when `sound` may be somebody who cuts in; None where it never would."""
    lead = LEAD + int(chance.integers(0, 512))
    quiet = chance.normal(0, 3, lead + sound.size + LEAD)
    heard = np.concatenate((np.zeros(lead), sound.astype(np.float64), np.zeros(LEAD))) + quiet
    narrow = phone(np.clip(heard, -32768, 32767).astype(np.int16))
    evidence: list[Evidence | None] = []
    cut_in = CutIn()
    vad = CascadeVad(silero, lambda window, p: evidence.append(cut_in.window(window, p, echo=False)))  # type: ignore[arg-type]
    doubler, wide = Doubler(), np.zeros(0, dtype=np.int16)
    for end in range(160, narrow.size, 160):
        wide = np.concatenate((wide, doubler.double(narrow[end - 160 : end])))
        while wide.size >= WINDOW:
            vad.voice_confidence(wide[:WINDOW].tobytes())
            wide = wide[WINDOW:]
        if Evidence.LIKELY in evidence:
            return narrow[max(0, end - HEARD_FRAMES * 160) :][: FIRST_FRAMES * 160]
    return None


def utterances(voice: Renderer, chance: np.random.Generator) -> Iterator[tuple[Sound, int]]:
    """Each sound with 1 where it only listens."""
    for texts, label in ((LISTENS, 1), (CUTS_IN, 0)):
        for text in texts:
            for pitch in PITCHES:
                spoken = soxr.resample(voice.render(text).astype(np.float32), pitch, 1.0)
                yield trimmed((spoken * chance.uniform(0.3, 0.9)).astype(np.int16)), label


def main() -> None:
    """Train, tell how well it does on a fifth of the sounds, and write the weights."""
    shelf = ModelShelf()
    voice = Renderer.load(shelf.voice_path())
    recogniser, silero = open_recogniser(shelf.whisper(), voice), open_session(shelf.silero_path())
    chance = np.random.default_rng(7)
    sounds = list(utterances(voice, chance))
    if len(sys.argv) > 2:
        segments = read_segments(Path(sys.argv[1]), Path(sys.argv[2]))
        sounds += [
            (one.sound, 0)
            for one in segments
            if one.said.split()[0] not in LISTENING | {"alright", "uh", "so"}
        ]
    rows, labels = [], []
    for sound, label in sounds:
        seen = until_evident(sound, silero, chance)
        if seen is not None:
            rows.append(features(recogniser.first_states(seen), seen.size))
            labels.append(label)
    inputs, wanted = np.array(rows), np.array(labels)
    held = chance.random(len(wanted)) < 0.2
    for train, name in ((~held, "four fifths"), (np.ones_like(held), "all")):
        scaler = StandardScaler().fit(inputs[train])
        model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
        model.fit(scaler.transform(inputs[train]), wanted[train])
        if name != "all":
            sure = model.predict_proba(scaler.transform(inputs[held]))[:, 1] >= 0.7
            print(
                "listens, found:",
                sure[wanted[held] == 1].mean(),
                "cuts in, held back:",
                sure[wanted[held] == 0].mean(),
            )
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - scaler.mean_ @ weights)
    np.savez(WEIGHTS, weights=weights.astype(np.float32), bias=np.float32(bias))


if __name__ == "__main__":
    main()
