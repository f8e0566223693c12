"""What of an event may appear in logs and metrics."""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

from calls.events import PERSONAL


def without_personal(body: BaseModel) -> dict[str, object]:
    """The JSON values of `body` without its personal data, at any depth.

    Fields marked `Personal` are left out, and so are fields of free JSON (`JsonValue`): what a dialog's state or an
    action's arguments hold is not typed, so nothing vouches for it. A mapping with personal keys or values goes whole.
    """
    kept: dict[str, object] = {}
    for name, field in type(body).model_fields.items():
        if not _may_identify(field):
            kept[name] = _plain(getattr(body, name))
    return kept


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return without_personal(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    return value


def _may_identify(field: FieldInfo) -> bool:
    return PERSONAL in field.metadata or _is_personal(field.annotation)


def _is_personal(annotation: Any) -> bool:
    """Whether a value of this type is or holds personal text or free JSON; models answer for their own fields."""
    if annotation is JsonValue:
        return True
    origin = get_origin(annotation)
    if origin is Annotated and PERSONAL in annotation.__metadata__:
        return True
    if origin in {Annotated, Union, UnionType, tuple, list, dict}:
        return any(_is_personal(part) for part in get_args(annotation) if part not in {NoneType, Ellipsis})
    return False
