"""What the assistant leaves for people: call-backs that are promised, and messages."""

from actions.desk.actions import register_desk
from actions.desk.promises import Appointment, Promises

__all__ = ["Appointment", "Promises", "register_desk"]
