"""What an operator sets: typed, from the environment and an optional `.env` file in the working directory.

A wrong value is refused at start with the variable's name and the rule it breaks.
"""

import base64
import hmac
import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HOME = Path(__file__).resolve().parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MORNING = 6
"""The hour at which yesterday's digest is sent, where none is named."""
Port = Annotated[int, Field(ge=0, le=65535)]


class SettingsError(Exception):
    """Settings that break a rule. The text has one line a variable: its name and the rule."""


class Environment(BaseSettings):
    """Base of all settings: read from the environment and `.env`."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    @classmethod
    def load(cls) -> Self:
        """Read them.

        Raises:
            SettingsError: one line for each variable that is missing or breaks its rule.
        """
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("\n".join(_lines(error))) from None


class StorageSettings(Environment):
    """The part that commands need which only read what was stored: no account required."""

    database_url: str = ""
    """SQLAlchemy URL of the call store; SQLite under the data directory by default."""
    warmline_data_dir: Path = Path("var")
    """Where recordings, the default database and the demo shop are kept."""

    @property
    def store_url(self) -> str:
        """The call store's URL with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.warmline_data_dir / 'warmline.db'}"


class ClassifierSettings(Environment):
    """The part that names models in place of the built-in ones; see docs/classifiers.md."""

    warmline_intent_model: Path | None = None
    """Folder of a Hugging Face sequence-classification model whose labels are the playbook's intents."""
    warmline_sentiment_model: Path | None = None
    """Folder of one whose labels are negative, positive and perhaps neutral."""

    @field_validator("warmline_intent_model", "warmline_sentiment_model")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("must be a folder that holds a sequence-classification model")
        return value


class DailySettings(Environment):
    """The part that says where the digest of each day goes, and who is told of its alerts; see docs/qa-dashboard.md."""

    warmline_digests: Path | None = None
    """Folder for the digests of days; without it, `digests` in the data directory."""
    warmline_digest_hour: Annotated[int, Field(ge=0, le=23)] | None = None
    """From which hour of the company's day on the server sends yesterday's; without it, 6."""
    warmline_alert_url: SecretStr = SecretStr("")
    """Where alerts are posted, and nowhere else; without it, nobody is told. Often it holds a key."""
    warmline_alert_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    """Signs what is posted: `whsec_` and 24 to 64 bytes in base64."""

    @field_validator("warmline_alert_url")
    @classmethod
    def _alert_url(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        on_this_machine = parts.scheme == "http" and parts.hostname in LOOPBACK
        if value.get_secret_value() and not (parts.hostname and (parts.scheme == "https" or on_this_machine)):
            raise ValueError("must be an https address, or an http one on this machine")
        return value

    @field_validator("warmline_alert_secret")
    @classmethod
    def _alert_secret(cls, value: SecretStr, known: ValidationInfo) -> SecretStr:
        url = known.data.get("warmline_alert_url")
        if url is not None and url.get_secret_value():
            signing_key(value.get_secret_value())
        return value

    @property
    def sends_digests(self) -> bool:
        """Whether the server sends the digest of each day by itself: where any of it is set."""
        named = self.warmline_digests is not None or bool(self.warmline_alert_url.get_secret_value())
        return named or self.warmline_digest_hour is not None

    @property
    def digest_hour(self) -> int:
        """The hour with the default filled in."""
        return MORNING if self.warmline_digest_hour is None else self.warmline_digest_hour


class PlaybookSettings(StorageSettings, ClassifierSettings):
    """The part that commands need which read a playbook or talk by it: no account required."""

    warmline_playbook: Path = HOME / "playbooks" / "acme"
    """Folder of the playbook that answers."""
    warmline_model_url: str = ""
    """Base address of an OpenAI-compatible language model, up to and with `/v1`; without it, none is asked."""
    warmline_model_name: str = ""
    """The model's name there."""
    warmline_model_key: SecretStr = SecretStr("none")
    warmline_metrics: Path | None = None
    """A YAML file: what things cost, what a fast answer is, what must be told; see docs/qa-dashboard.md."""

    @field_validator("warmline_playbook")
    @classmethod
    def _playbook(cls, value: Path) -> Path:
        if not (value / "playbook.yaml").is_file():
            raise ValueError("must be a folder that has a playbook.yaml")
        return value


class Settings(PlaybookSettings, DailySettings):
    """Every setting of the server and the local line. Field names are the environment variables in lower case."""

    twilio_account_sid: str
    """The account that calls come from: AC and 32 hexadecimal digits."""
    twilio_auth_token: SecretStr
    """Signs webhooks and sockets; at least 16 characters."""
    twilio_api_base_url: str = "https://api.twilio.com"
    """Where the carrier's REST API is; the local line's address when that is the carrier."""
    public_url: str
    """How the carrier reaches this server, without a path. https, or http on this machine."""
    warmline_host: str = "127.0.0.1"
    warmline_port: Port = 8080
    warmline_web_secret: SecretStr | None = None
    """Signs the sessions of desk and console; at least 32 characters. Without it, the auth token stands in."""
    warmline_most_calls: Annotated[int, Field(ge=1)] | None = None
    """The most calls at once; without it, as many as can be served well by loop lag and queue time."""
    warmline_late_loop_s: Annotated[float, Field(gt=0, le=60)] = 0.06
    """From so much loop lag on, no call is accepted: more where a late word is better than none."""
    warmline_speech_threads: Annotated[int, Field(ge=1, le=16)] | None = None
    """Threads that recognise one utterance; without it, two where there are two cores."""
    warmline_review_percent: Annotated[float, Field(ge=0, le=100)] = 2.0
    """How many of all calls the review queue's random sample draws."""
    warmline_drafts: Path | None = None
    """Where drafts of articles from the console go; without it, `drafts` in the data directory. Naming the playbook's
    own `knowledge` folder publishes each draft to callers at once."""
    demo_shop_delay_s: Annotated[float, Field(ge=0, le=30)] = 0.0
    """How long the demo shop takes to look something up: to hear what callers hear of a slow system."""

    warmline_sms_from: str = ""
    """The number that text messages are sent from, E.164; without it, `line_number`."""
    warmline_caller_id: str = ""
    """The number that humans see when they are rung, E.164; without it, `line_number`."""
    warmline_sip_user: str = ""
    """Signs in at humans' SIP side, where it asks for that."""
    warmline_sip_password: SecretStr = SecretStr("")
    line_number: str = "+15550100100"
    """The number that the local line answers, E.164."""
    line_numbers: str = ""
    """Other numbers that the local line dials, each with the `sip:` address on this machine that it rings, separated by
    spaces: `+15550142000=sip:maria@127.0.0.1:5062`. No other number can be dialled."""
    line_http_port: Port = 8090
    line_sip_port: Port = 5070
    line_rtp_first_port: Port = 40000
    line_rtp_last_port: Port = 40199

    @field_validator("twilio_account_sid")
    @classmethod
    def _account_sid(cls, value: str) -> str:
        if not re.fullmatch(r"AC[0-9a-fA-F]{32}", value):
            raise ValueError("must be AC followed by 32 hexadecimal digits")
        return value

    @field_validator("twilio_auth_token")
    @classmethod
    def _auth_token(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters")
        return value

    @field_validator("warmline_web_secret")
    @classmethod
    def _web_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("public_url", "twilio_api_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http(s) address such as https://phone.example.com")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must be https unless it is on this machine (127.0.0.1, localhost)")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must have no path, query or fragment")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not _is_database_url(value):
            raise ValueError("must be an SQLAlchemy URL such as sqlite+aiosqlite:///var/warmline.db")
        return value

    @field_validator("line_number")
    @classmethod
    def _number(cls, value: str) -> str:
        if not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            raise ValueError("must be an E.164 number such as +15550100100")
        return value

    @field_validator("line_numbers")
    @classmethod
    def _numbers(cls, value: str) -> str:
        for pair in value.split():
            if not re.fullmatch(r"\+[1-9]\d{6,14}=sip:\S+", pair):
                raise ValueError(
                    "must be numbers with addresses such as +15550142000=sip:maria@127.0.0.1:5062"
                )
        return value

    @property
    def dialled_numbers(self) -> dict[str, str]:
        """Number and `sip:` address of all that the local line dials besides addresses."""
        return dict(pair.split("=", 1) for pair in self.line_numbers.split())

    @property
    def auth_token(self) -> str:
        """The auth token in the clear, for signing only."""
        return self.twilio_auth_token.get_secret_value()

    @property
    def web_key(self) -> bytes:
        """What signs the sessions of desk and console. Knowing it tells nothing of the secret it is derived from."""
        secret = self.warmline_web_secret or self.twilio_auth_token
        return hmac.digest(secret.get_secret_value().encode(), b"warmline web sessions", "sha256")

    @property
    def is_https(self) -> bool:
        """Whether people reach this server by https: then cookies go by nothing else."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def uses_local_line(self) -> bool:
        """Whether the carrier is the local line: its API is on this machine."""
        return urlsplit(self.twilio_api_base_url).hostname in LOOPBACK


def signing_key(secret: str) -> bytes:
    """The key of a secret as Standard Webhooks has it: `whsec_` and 24 to 64 bytes in base64.

    Raises:
        ValueError: it is none.
    """
    rule = "must be whsec_ and 24 to 64 bytes in base64"
    if not secret.startswith("whsec_"):
        raise ValueError(rule)
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ValueError(rule) from None
    if not 24 <= len(key) <= 64:
        raise ValueError(rule)
    return key


def _lines(error: ValidationError) -> list[str]:
    """One line a variable, naming it as the operator writes it and never showing its value."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = str(problem["loc"][0]).upper()
        rule = "is required" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        lines.append(f"{name} {rule}")
    return lines


def _is_database_url(value: str) -> bool:
    # Every command reads settings, and most of them need no database: the library takes 0.2 s to import.
    from sqlalchemy.engine import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        make_url(value)
    except ArgumentError:
        return False
    return True
