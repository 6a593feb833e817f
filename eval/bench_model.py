"""What a review with a model adds: words sent that are not the report's, and time beyond the model's own.

``python -m eval.bench_model`` (part of ``make bench``).

The time is that of one warm process against a server that answers everything after the same delay, so many questions
at a time; the ideal is what the waves of questions take there. Nothing is failed by it.
"""

import asyncio
import json
import math
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from pydantic import SecretStr

from eval.labels import load_all
from reviewer.llm.client import Client
from reviewer.llm.connection import Connection, Profile, Rung
from reviewer.llm.tokens import estimate
from reviewer.review import planned, read_source, review_with
from reviewer.settings import Settings

DELAY, AT_ONCE, SECTIONS = 0.3, 8, 40
_EMPTY: dict[str, dict[str, list[str]]] = {
    "LabelAnswer": {"figures": [], "relations": [], "unmarked": []},
    "CritiqueAnswer": {"indicators": []},
    "ConcernsAnswer": {"concerns": []},
    "LinkAnswer": {"same": [], "relations": []},
}
_WORDS = "本章说明有关工作的组织和推进情况，各项安排按计划落实，有关材料已经归档备查，责任分工明确，"


def overhead() -> Iterator[str]:
    """Tokens sent over all fixtures, and how many of them are not the report's text (estimated)."""
    calls: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    reports = 0
    for fixture in load_all():
        reports += estimate(read_source([fixture.path]).documents[0].text)
        for ask in planned([fixture.path]):
            calls[ask.task] += 1
            sent[ask.task] += sum(estimate(message.content) for message in ask.messages)
    total = sum(sent.values())
    yield f"prompts: {total / reports:.1f} x the tokens of the reports themselves (estimated), of which by prompt:"
    yield from (f"  {task:<20} {calls[task]:>4} calls  {count / reports:.2f} x" for task, count in sent.items())


def long_report(sections: int = SECTIONS) -> str:
    """A made-up report of so many chapters, each as long as one request takes."""
    parts = ["# 某单位2023年度部门整体支出绩效自评报告\n"]
    for number in range(1, sections + 1):
        parts.append(
            f"## {number}. 工作情况之{number}\n\n" + _WORDS * 31 + f"全年支出{number}.50万元，完成{number}项。\n"
        )
    return "\n".join(parts)


def serve(pipe: Pipe) -> None:
    """A server that answers every question with nothing, after the delay; sends its port through the pipe."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break  # the client went away between two questions
            length = next(int(h.split(b":")[1]) for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
            asked = json.loads(await reader.readexactly(length))
            await asyncio.sleep(DELAY)
            name = asked["response_format"]["json_schema"]["name"]
            message = {"role": "assistant", "content": json.dumps(_EMPTY[name])}
            body = json.dumps(
                {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 0,
                    "model": "slow",
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                }
            ).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
            )
            await writer.drain()

    async def main() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def timed(base_url: str, path: Path) -> tuple[int, float]:
    """(calls, seconds) of one review."""
    profile = Profile("slow", (Rung.JSON_SCHEMA,), concurrency=AT_ONCE)
    async with Client(Connection("slow", base_url, SecretStr("none"), profile)) as client:
        begun = time.perf_counter()
        review = await review_with(client, [path], Settings(model="slow", endpoint=base_url))
        return review.usage.calls, time.perf_counter() - begun


def latency() -> Iterator[str]:
    """A long report against the slow server: warm, the second of two reviews."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        base_url = f"http://127.0.0.1:{ours.recv()}/v1"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "long.md"
            path.write_text(long_report(), encoding="utf-8")
            asyncio.run(timed(base_url, path))
            calls, seconds = asyncio.run(timed(base_url, path))
    finally:
        server.terminate()
        server.join()
    ideal = math.ceil(calls / AT_ONCE) * DELAY
    yield (
        f"{SECTIONS} sections, {calls} questions of {DELAY * 1000:.0f} ms, {AT_ONCE} at a time: "
        f"{seconds:.2f} s = {seconds / ideal:.2f} x the ideal {ideal:.2f} s"
    )


if __name__ == "__main__":
    for line in (*overhead(), *latency()):
        print(line)
    sys.exit(0)
