"""Everything goes wrong at once: broken files, a model server that fails and restarts; nothing good is lost by it."""

import hashlib
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eval.synthetic import synthetic
from eval.synthetic.broken import KINDS, break_
from tests.batch.batch_kit import batch, lines, run_record
from tests.llm_kit import KEY
from tests.model_kit import answering, mute
from tests.scripted_server import ScriptedServer, Seen, Step, busy, fail

_GOOD = 57
_BROKEN = ("empty", "random_bytes", "pdf_garbage", "picture_as_text", "cut_utf16")
_AWAY = 0.5


def _written(folder: Path) -> tuple[set[str], set[str]]:
    """Names of the good reports, and of the broken ones that cannot be reviewed."""
    folder.mkdir()
    reports = [synthetic(5, index) for index in range(_GOOD + len(_BROKEN))]
    for report in reports[:_GOOD]:
        (folder / report.name).write_bytes(report.data)
    broken = [break_(report, kind, random.Random(kind)) for report, kind in zip(reports[_GOOD:], _BROKEN, strict=True)]
    for damage in broken:
        assert damage.must_fail
        (folder / damage.name).write_bytes(damage.data)
    return {report.name for report in reports[:_GOOD]}, {damage.name for damage in broken}


class _Moody:
    """Answers nine calls of ten; which ones it fails depends on the question and on how often it was put."""

    def __init__(self) -> None:
        self.answered: Counter[str] = Counter()
        self.failed = 0
        self._put: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, seen: Seen) -> Step:
        with self._lock:
            question = hashlib.sha256(seen.raw.encode()).hexdigest()
            self._put[question] += 1
            mood = int(hashlib.sha256(f"{question}{self._put[question]}".encode()).hexdigest(), 16) % 40
            if mood < 4:
                self.failed += 1
                half = Step(body="{}", fault="half")
                return (fail(500), busy(retry_after="0"), Step(fault="reset"), half)[mood]
            self.answered[question] += 1
        return answering(mute)(seen)


@contextmanager
def _restarting(script: _Moody, after: int) -> Iterator[str]:
    """A server that goes away once, after so many answers, and comes back in its place."""
    servers = [ScriptedServer(script)]
    ended = threading.Event()

    def restart() -> None:
        while not ended.is_set():
            if script.answered.total() >= after:
                servers[0].__exit__(None, None, None)
                time.sleep(_AWAY)
                servers.append(ScriptedServer(script, port=servers[0].port).__enter__())
                return
            time.sleep(0.01)

    servers[0].__enter__()
    watching = threading.Thread(target=restart)
    watching.start()
    try:
        yield servers[0].base_url
    finally:
        ended.set()
        watching.join()
        assert len(servers) == 2, "the server never went away"
        servers[-1].__exit__(None, None, None)


def test_every_report_has_an_outcome_no_good_one_is_lost_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    good, broken = _written(tmp_path / "in")
    assert len(broken) >= 0.05 * (len(good) + len(broken)) and set(_BROKEN) <= set(KINDS)
    env = {"REVIEWER_API_KEY": KEY, "REVIEWER_CACHE": str(tmp_path / "answers.sqlite3"), "HOME": str(tmp_path)}
    moody = _Moody()
    with _restarting(moody, after=60) as address:
        command = ("in", "-o", "out", "--model", "scripted-model", "--base-url", address)
        done = batch(tmp_path, *command, env=env)
        assert done.returncode == 3, done.stderr
        # What the restart left unread is asked once more; what was answered is not.
        again = batch(tmp_path, *command, "--retry-failed", env=env)
    assert again.returncode == 3, again.stderr
    found = {Path(line["paths"][0]).name: line for line in lines(tmp_path / "out")}
    assert found.keys() == good | broken
    assert len(lines(tmp_path / "out")) == len(found)
    assert {name for name, line in found.items() if line["status"] == "failed"} == broken
    for name in good:
        review = json.loads((tmp_path / "out" / found[name]["review"]).read_text(encoding="utf-8"))
        assert review["coverage"]["sections"].keys() <= {"ok", "skipped"} and found[name]["unread"] == 0
    assert moody.failed > 0 and set(moody.answered.values()) == {1}
    assert run_record(tmp_path / "out")["totals"]["left"] == 0
