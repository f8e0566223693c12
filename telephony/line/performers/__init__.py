"""What each verb of TwiML does to a call, one verb a module.

A performer is `async (stage, verb) -> Instructions | None`: it returns when the verb is done, with where the call goes
on, or None for the next verb. It is cancelled when the call ends or is sent elsewhere, and then leaves nothing behind.
"""
