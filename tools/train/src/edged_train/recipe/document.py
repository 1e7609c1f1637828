"""Builds a recipe's dataclasses from a parsed document, so that a misspelt setting is never silently ignored."""

from __future__ import annotations

import dataclasses
import tomllib
import types
import typing
from typing import Any

from edged_train.problem import Problem


def override(document: dict[str, Any], setting: str) -> None:
    """Sets one key of a parsed document from `--set section.key=value`. Raises `Problem` for a malformed setting."""
    name, equals, text = setting.partition("=")
    if not equals:
        raise Problem(f"--set {setting}: write section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError as error:
        raise Problem(f"--set {setting}: {text!r} is not a TOML value (strings need quotes)") from error
    *sections, key = name.strip().split(".")
    for section in sections:
        document = document.setdefault(section, {})
        if not isinstance(document, dict):
            raise Problem(f"--set {setting}: {section} is no section")
    document[key] = value


def build(kind: Any, value: Any, origin: str, where: str = "") -> Any:
    """Builds a dataclass from a parsed table, field for field; `where` is the table's path in the document.

    Raises `Problem` for an unknown key, a missing field without a default, or a value of the wrong type.
    """
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise Problem(f"{origin}: {where or 'the recipe'} must be a table")
        hints = typing.get_type_hints(kind)
        known = {item.name: item for item in dataclasses.fields(kind)}
        for key in value:
            if key not in known:
                raise Problem(f"{origin}: unknown key {where}{key}; known are {', '.join(known)}")
        for key, item in known.items():
            absent = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
            if absent and key not in value:
                raise Problem(f"{origin}: {where}{key} is missing")
        built = {key: build(hints[key], child, origin, f"{where}{key}.") for key, child in value.items()}
        return typing.cast(type, kind)(**built)
    return _scalar(kind, value, origin, where.rstrip("."))


def _scalar(kind: Any, value: Any, origin: str, where: str) -> Any:
    container, arguments = typing.get_origin(kind), typing.get_args(kind)
    if container is tuple and arguments == (str, ...) and isinstance(value, str):
        return (value,)  # one name stands for a list of one
    if container is tuple and isinstance(value, (list, tuple)):
        if arguments[-1] is Ellipsis:
            return tuple(_scalar(arguments[0], item, origin, where) for item in value)
        if len(value) == len(arguments):
            return tuple(_scalar(a, item, origin, where) for a, item in zip(arguments, value, strict=True))
    elif dataclasses.is_dataclass(kind):
        return build(kind, value, origin, f"{where}.")
    elif container is dict and isinstance(value, dict):
        return {str(key): _scalar(arguments[1], item, origin, where) for key, item in value.items()}
    elif kind is float and type(value) in (int, float):
        return float(value)
    elif isinstance(kind, type) and not isinstance(kind, types.GenericAlias) and type(value) is kind:
        return value
    expected = kind.__name__ if container is None else str(kind)
    raise Problem(f"{origin}: {where} must be {expected}, not {value!r}")
