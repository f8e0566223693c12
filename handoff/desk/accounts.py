"""The roster's people as accounts of the pages."""

from handoff.roster.people import People, Person
from web.accounts import Account


class PeopleAccounts:
    """Lets in who is in the roster and active."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def sign_in(self, person_id: str, password: str) -> Account | None:
        """The account, if the password is theirs."""
        person = await self._people.sign_in(person_id, password)
        return _account(person) if person is not None else None

    async def account(self, person_id: str) -> Account | None:
        """The account of somebody who has signed in; None when they may not any more."""
        person = await self._people.by_id(person_id)
        return _account(person) if person is not None and person.active else None


def _account(person: Person) -> Account:
    return Account(person.person_id, person.name, frozenset(person.roles), person.sessions)
