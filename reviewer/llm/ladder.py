"""Ways to ask for JSON of one shape, and the memory of which of them an endpoint takes."""

import copy
import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from pydantic import BaseModel

from reviewer.llm.asking import Message
from reviewer.llm.connection import Rung

log = logging.getLogger("reviewer.llm")

# Of limits to lengths, values and patterns, OpenAI's strict mode, llama.cpp's grammars and xgrammar each refuse some;
# pydantic enforces them on what comes back.
_KEPT = frozenset(("type", "description", "enum", "anyOf", "items", "properties"))


@cache
def schema_text(model: type[BaseModel]) -> str:
    """The strict schema as compact JSON; a question's key and the lower rungs are made of it."""
    return json.dumps(_strict_schema(model), ensure_ascii=False, separators=(",", ":"))


@cache
def _strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    raw = model.model_json_schema()
    schema: dict[str, Any] = _strict(raw, raw.get("$defs", {}), model.__name__)
    if definitions := raw.get("$defs"):
        schema["$defs"] = {name: _strict(node, definitions, name) for name, node in definitions.items()}
    return schema


def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of an answer that every structured-output mode takes: closed objects, every key required.

    TypeError for what no strict mode can express: open dictionaries, tuples, fields of any type.
    """
    return copy.deepcopy(_strict_schema(model))


def _strict(node: Any, definitions: Mapping[str, Any], where: str) -> Any:
    if not isinstance(node, dict):
        raise TypeError(f"{where}: a strict schema cannot say {node!r}")
    if "$ref" in node:
        if not node.keys() & _KEPT:
            return {"$ref": node["$ref"]}
        # Strict mode takes no description beside a reference.
        target = definitions[str(node["$ref"]).rsplit("/", 1)[-1]]
        return _strict({**target, **{k: v for k, v in node.items() if k != "$ref"}}, definitions, where)
    if "prefixItems" in node:
        raise TypeError(f"{where}: a strict schema has no tuples")
    kept = {key: value for key, value in node.items() if key in _KEPT}
    if "const" in node:
        kept["enum"] = [node["const"]]
    if options := node.get("oneOf") or node.get("anyOf"):
        kept["anyOf"] = [_strict(option, definitions, where) for option in options]
    if kept.get("type") == "array":
        kept["items"] = _strict(node.get("items"), definitions, f"{where}[]")
    if kept.get("type") == "object":
        if "properties" not in node or node.get("additionalProperties"):
            raise TypeError(f"{where}: a strict schema has no open dictionaries")
        properties = {k: _strict(v, definitions, f"{where}.{k}") for k, v in node["properties"].items()}
        kept |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    if not kept.keys() & {"type", "anyOf", "enum"}:
        raise TypeError(f"{where}: a strict schema needs a type")
    return kept


def response_format(rung: Rung, answer: type[BaseModel]) -> dict[str, Any] | None:
    """The `response_format` of a request on this rung; None where the rung needs none."""
    match rung:
        case Rung.JSON_SCHEMA:
            # Read, never changed: the copy that `strict_schema` gives away would cost as much as the rest of a request.
            shape = {"name": answer.__name__, "strict": True, "schema": _strict_schema(answer)}
            return {"type": "json_schema", "json_schema": shape}
        case Rung.JSON_OBJECT:
            return {"type": "json_object"}
        case Rung.FENCED:
            return None


_CLOSING = {
    Rung.JSON_OBJECT: "只输出一个符合上述 JSON Schema 的 JSON 对象，不要输出其他文字。",
    Rung.FENCED: "把一个符合上述 JSON Schema 的 JSON 对象放在 ```json 与 ``` 之间输出，不要输出其他文字。",
}


def messages_for(rung: Rung, messages: tuple[Message, ...], answer: type[BaseModel]) -> tuple[Message, ...]:
    """The messages as this rung sends them.

    Below json_schema the schema goes to the end of the system message, where it stays part of the prefix that
    providers cache, and one line after the report's text says again what to put out. No message is added: some chat
    templates insist on user and assistant taking turns.
    """
    if rung is Rung.JSON_SCHEMA:
        return messages
    schema = f"答案的 JSON Schema：\n{schema_text(answer)}"
    first, *others = messages
    if first.role == "system" and others:
        system = Message("system", f"{first.content}\n\n{schema}")
        last = Message(others[-1].role, f"{others[-1].content}\n\n{_CLOSING[rung]}")
        return (system, *others[:-1], last)
    last = Message(messages[-1].role, f"{messages[-1].content}\n\n{schema}\n\n{_CLOSING[rung]}")
    return (*messages[:-1], last)


class RungStore(Protocol):
    """Where the working rung of an endpoint outlives the process."""

    def rung(self, endpoint: str, model: str) -> str | None:
        """The rung that was kept, or None."""

    def keep_rung(self, endpoint: str, model: str, rung: str) -> None:
        """Keep this rung in place of any before it."""


# The working rung per endpoint and model, for all clients of this process.
_working: dict[tuple[str, str], Rung] = {}


class Ladder:
    """The rungs of one endpoint and model, best first, and the one to begin with."""

    def __init__(self, endpoint: str, model: str, rungs: tuple[Rung, ...], store: RungStore | None = None) -> None:
        if not rungs:
            raise ValueError("a profile needs at least one rung")
        self._key = (endpoint, model)
        self._rungs = rungs
        self._store = store

    def start(self) -> Rung:
        """The best rung not known to fail here."""
        rung = _working.get(self._key)
        if rung is None and self._store is not None:
            kept = self._store.rung(*self._key)
            rung = next((r for r in self._rungs if r.value == kept), None)
        return rung if rung in self._rungs else self._rungs[0]

    def below(self, rung: Rung) -> Rung | None:
        """The next rung down, or None on the lowest."""
        index = self._rungs.index(rung) + 1
        return self._rungs[index] if index < len(self._rungs) else None

    def keep(self, rung: Rung, why: str) -> None:
        """Begin with `rung` from now on, if that is a step down; one line of the log says so."""
        if self._rungs.index(rung) <= self._rungs.index(self.start()):
            return
        endpoint, model = self._key
        log.warning("%s at %s: from %s down to %s: %s", model, endpoint, self.start(), rung, why)
        _working[self._key] = rung
        if self._store is not None:
            self._store.keep_rung(endpoint, model, rung)
