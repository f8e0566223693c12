"""What a playbook declares of an action: how it runs, what it may do, and what must be there before it does.

`actions.yaml` of a playbook maps names to these. Dialog, session and `actions` read the same values: the dialog to
ask for identity and confirmation, `actions` to refuse what lacks them.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

ActionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]


class Spec(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Effect(StrEnum):
    """Whether an action changes anything. Names never change meaning."""

    READS = "reads"
    """Changes nothing: it may run before the caller's turn is confirmed, and again."""
    WRITES = "writes"


class Confirmation(StrEnum):
    """When the caller must agree before an action runs."""

    NEVER = "never"
    ALWAYS = "always"


class Limits(Spec):
    """What one action may do; beyond it fails with `limit` and has no effect."""

    amount: ActionName | None = None
    """The argument that holds an amount of money."""
    most: Annotated[float, Field(gt=0)] | None = None
    """The largest amount."""
    per_day: Annotated[int, Field(ge=1)] | None = None
    """How often it may run within 24 hours for the same customer, whatever surely had no effect aside."""

    @model_validator(mode="after")
    def _amount_and_most(self) -> "Limits":
        if (self.amount is None) is not (self.most is None):
            raise ValueError("amount and most need each other")
        return self


class Retries(Spec):
    """How a failed attempt is repeated. A write is repeated only where the attempt surely had no effect."""

    most: Annotated[int, Field(ge=0, le=5)] = 2
    first_wait_s: Annotated[float, Field(ge=0, le=10)] = 0.2
    """Grows twofold, with jitter."""


class Briefing(Spec):
    """How a human is told of an action, in templates over its arguments and results."""

    done: Annotated[str, Field(min_length=1, max_length=200)]
    """What the assistant did, after "I": `cancelled order {{ order_number | spell }}`."""
    failed: Annotated[str, Field(min_length=1, max_length=200)]
    """What did not work: `the refund of {{ amount | money('euros') }}`. Its results are not known here."""


class PythonAction(Spec):
    """A function that is registered in the process under the action's name."""

    kind: Literal["python"] = "python"


class HttpAction(Spec):
    """One HTTP request. Values in braces are arguments: `/orders/{order_number}`."""

    kind: Literal["http"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: str
    """http(s) address; `${NAME}` is read from the environment."""
    headers: dict[str, str] = {}
    """Values may hold `${NAME}` from the environment: secrets stand nowhere else."""
    query: dict[str, str] = {}
    body: dict[str, Any] | None = None
    """JSON; strings may hold arguments in braces."""
    result: dict[str, str] = {}
    """Result name to the dotted place in the JSON answer; empty: the whole answer, if it is an object."""
    failures: dict[str, str] = {}
    """Status code to failure name, such as `404: not_found`; 409, 404, 422 and 403 have sensible defaults."""


class OpenApiAction(Spec):
    """An operation of an OpenAPI document."""

    kind: Literal["openapi"]
    document: str
    """File beside the playbook, or an http(s) address."""
    operation: str
    """Its operationId."""
    server: str | None = None
    """Overrides the document's first server; `${NAME}` is read from the environment."""
    headers: dict[str, str] = {}
    result: dict[str, str] = {}
    failures: dict[str, str] = {}


class McpAction(Spec):
    """A tool of an MCP server over streamable HTTP, or over the standard streams of a command."""

    kind: Literal["mcp"]
    url: str | None = None
    command: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    tool: str
    result: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_way(self) -> "McpAction":
        if (self.url is None) is not bool(self.command):
            raise ValueError("needs exactly one of url and command")
        return self


Runner = Annotated[PythonAction | HttpAction | OpenApiAction | McpAction, Field(discriminator="kind")]


class ActionSpec(Spec):
    """One declared action."""

    run: Runner = PythonAction()
    effect: Effect
    identity: Annotated[int, Field(ge=0, le=3)] = 0
    """The identity level without which it does not run."""
    confirm: Confirmation | None = None
    """Without it: always for writes, never for reads."""
    grants: Annotated[int, Field(ge=1, le=3)] | None = None
    """A check of identity: when done, its result's `level` (at most this) is the caller's identity level and
    `customer` who they are."""
    arguments: dict[str, Any] = {}
    """JSON Schema of each argument; python, openapi and mcp actions bring their own. An argument `customer` is filled
    in with who the caller is, and refused when it is somebody else."""
    required: tuple[str, ...] | None = None
    """The arguments that must be there; without it, all."""
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 8.0
    """How long one attempt may take."""
    retries: Retries = Retries()
    lookup: ActionName | None = None
    """The reading action that tells, by `key`, whether a write whose outcome is unknown had its effect. Its result
    has `found` (true or false) and, when true, the result of the write in `result`."""
    limits: Limits = Limits()
    working: tuple[str, ...] = ()
    """What is said while it runs for longer than 1.2 s; without, the playbook's `working` prompts."""
    briefing: Briefing | None = None
    """Without it, its name stands for it."""
    personal: tuple[str, ...] = ()
    """Names of arguments and results that are personal data, besides the customer's id."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.effect is Effect.READS

    @property
    def needs_confirmation(self) -> bool:
        """Whether the caller must have agreed to exactly these arguments."""
        if self.confirm is None:
            return not self.reads
        return self.confirm is Confirmation.ALWAYS

    @model_validator(mode="after")
    def _makes_sense(self) -> "ActionSpec":
        if self.reads and (self.lookup or self.limits.per_day):
            raise ValueError("lookup and per_day are for actions that write")
        return self
