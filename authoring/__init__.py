"""The tools of a playbook author: start one, check it, talk to it in text."""
