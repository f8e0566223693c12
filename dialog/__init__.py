"""Understanding and deciding: playbook, intents, entities, flows, repair, phrasing. Knows nothing of audio."""
