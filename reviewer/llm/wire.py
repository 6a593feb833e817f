"""One request to an OpenAI-compatible server, and what came back: the only module that knows the openai package."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reviewer.errors import ModelMisconfigured
from reviewer.llm.asking import Message, Parameters
from reviewer.llm.connection import Connection
from reviewer.llm.failures import Meaning, meaning
from reviewer.llm.retrying import Transient, retry_after

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_OPENAI_HOST = "api.openai.com"
_NEVER_SENT = frozenset(("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request, as the server counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Completion:
    """One reply of a model."""

    content: str | None
    refusal: str | None
    finish_reason: str | None
    usage: Usage | None


class Unanswered(Exception):
    """The server said no and would say it again. `meaning` says what to do about it."""

    def __init__(self, meaning: Meaning, status: int) -> None:
        super().__init__(f"{meaning} (HTTP {status})")
        self.meaning = meaning
        self.status = status


class Busy(Transient):
    """The server asked for fewer requests."""


class NeverSent(Transient):
    """The request did not reach the server."""


class Lost(Transient):
    """The request was sent, and no complete answer came back: it may have been charged for."""


def endpoint(base_url: str) -> str:
    """The address as logs, errors and keys of the cache name it: without user, password, query and fragment."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"


def check_address(base_url: str) -> None:
    """ModelMisconfigured for what is no address of an HTTP server, or one with a password in it."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ModelMisconfigured("the base URL is not an http or https address", hint="e.g. https://host/v1")
    if "@" in parts.netloc:
        # It would be written to the log of every request by the HTTP library.
        raise ModelMisconfigured(
            f"the base URL for {parts.hostname} holds a user name or password",
            hint="take it out; keys go into REVIEWER_API_KEY",
        )


class Wire:
    """The connection to one server. openai is imported on the first request."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: AsyncOpenAI | None = None

    async def aclose(self) -> None:
        """Close what is open. A later request opens it again."""
        if self._open is not None:
            opened, self._open = self._open, None
            await opened.close()

    def open(self) -> None:
        """Load the library and make the client, if that is not done yet. In any thread."""
        self._opened()

    async def complete(
        self, messages: tuple[Message, ...], parameters: Parameters, response_format: dict[str, Any] | None
    ) -> Completion:
        """Send one request.

        Transient (Busy, NeverSent, Lost among them) for what may go well another time; Unanswered for what will not.
        """
        import openai

        openai_client = self._opened()
        try:
            raw = await openai_client.chat.completions.with_raw_response.create(
                **self._body(messages, parameters, response_format)
            )
            text, failed = raw.text, None
        except openai.APIError as error:
            # Raised below, outside of this handler: the error holds the request with its key.
            text, failed = "", _failed(error)
        if failed is not None:
            raise failed
        return _completion(text)

    def _opened(self) -> "AsyncOpenAI":
        if self._open is None:
            import openai

            c = self._connection
            parts = urlsplit(c.base_url)
            host = parts.hostname or ""
            local = _on_this_machine(host)
            timeout = openai.Timeout(c.read_timeout, connect=c.connect_timeout, pool=None)
            self._open = openai.AsyncOpenAI(
                # Never empty: that would make the library look for a key of its own in the environment.
                api_key=c.api_key.get_secret_value() or "none",
                base_url=c.base_url,
                max_retries=0,
                timeout=timeout,
                # A report goes where its reader was told it goes: not on to where a server redirects, and not
                # through a proxy when the model runs on this machine.
                http_client=openai.DefaultAsyncHttpxClient(
                    timeout=timeout,
                    follow_redirects=False,
                    trust_env=not local,
                    # Plain HTTP on this machine: certificates would be loaded, slowly, and never looked at.
                    verify=not (local and parts.scheme == "http"),
                ),
            )
            if host != _OPENAI_HOST:
                # Taken from the environment by the library; nobody else's business.
                self._open.organization = self._open.project = None
        return self._open

    def _body(
        self, messages: tuple[Message, ...], parameters: Parameters, response_format: dict[str, Any] | None
    ) -> dict[str, Any]:
        profile = self._connection.profile
        body: dict[str, Any] = {
            "model": self._connection.model,
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            profile.length_parameter: parameters.max_tokens,
        }
        if profile.takes_temperature:
            body["temperature"] = parameters.temperature
        if profile.takes_seed and parameters.seed is not None:
            body["seed"] = parameters.seed
        # As part of the extra body the schema is sent as it is; as an argument the library would walk through it anew
        # with each request.
        extra = {"response_format": response_format} if response_format is not None else {}
        if extra or profile.extra_body:
            body["extra_body"] = {**extra, **profile.extra_body}
        return body


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _failed(error: Exception) -> Transient | Unanswered:
    import openai

    if isinstance(error, openai.APIStatusError):
        return _rejected(error.status_code, error.response.text, error.response.headers)
    never_sent = type(error.__cause__).__name__ in _NEVER_SENT
    if isinstance(error, openai.APITimeoutError):
        return NeverSent("the server cannot be reached in time") if never_sent else Lost("no answer in time")
    if isinstance(error, openai.APIConnectionError):
        return NeverSent("the server cannot be reached") if never_sent else Lost("the connection was dropped")
    return Lost("the answer cannot be read")


def _rejected(status: int, body: str, headers: Mapping[str, str]) -> Transient | Unanswered:
    found = meaning(status, body)
    wait = retry_after(headers)
    if (status == 429 and found is Meaning.BUSY) or (status == 503 and wait is not None):
        return Busy(f"{found} (HTTP {status})", retry_after=wait)
    if found in (Meaning.BUSY, Meaning.BROKEN):
        return Transient(f"{found} (HTTP {status})", retry_after=wait)
    return Unanswered(found, status)


def _completion(text: str) -> Completion:
    try:
        body = json.loads(text)
        if "choices" not in body and isinstance(status := body["error"]["code"], int) and status >= 400:
            # Some gateways answer 200 before they ask the server behind them, and tell its error in the body.
            raise _rejected(status, text, {})
        choice = body["choices"][0]
        message = choice["message"]
        content, refusal, finish = message.get("content"), message.get("refusal"), choice.get("finish_reason")
        return Completion(_text(content), _text(refusal), _text(finish), _usage(body.get("usage")))
    except (ValueError, LookupError, TypeError, AttributeError):
        # A gateway's page or error under status 200, or a server that broke off.
        raise Lost("the answer is not a chat completion") from None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _usage(value: Any) -> Usage | None:
    if not isinstance(value, dict):
        return None
    prompt, completion = value.get("prompt_tokens"), value.get("completion_tokens")
    return Usage(prompt, completion) if isinstance(prompt, int) and isinstance(completion, int) else None
