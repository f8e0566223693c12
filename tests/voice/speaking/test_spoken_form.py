"""Written text as people say it."""

import pytest

from voice.speaking.spoken_form import spoken_form


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It costs $49.99.", "It costs forty-nine dollars and ninety-nine cents."),
        ("$1 or €0.05", "one dollar or five cents"),
        ("£1,250", "one thousand, two hundred and fifty pounds"),
        ("anna.smith7@example.com", "anna dot smith seven at example dot com"),
        ("See acme.com for more.", "See acme dot com for more."),
        ("Order #4711 and A1234.", "Order four seven one one and A, one two three four."),
        ("It arrives 2026-11-25.", "It arrives Wednesday, November the twenty-fifth."),
        ("At 14:30 or 9:05 am.", "At two thirty p.m. or nine oh five a.m."),
        ("15% off", "fifteen percent off"),
        ("3–5 days", "3 to 5 days"),
        ("Account 20931775", "Account two zero nine, three one seven, seven five"),
        ("2026-13-45 stays, and 12 items too.", "2026-13-45 stays, and 12 items too."),
    ],
)
def test_what_a_voice_would_stumble_over_is_written_out(written, spoken):
    assert spoken_form(written) == spoken
