"""Understanding and deciding: playbook, intents, entities, flows, repair, knowledge, phrasing. Knows nothing of audio."""
