"""A dry run knows how much it would send, on any machine, without a network and without waiting."""

import importlib
import inspect
import json
import socket
from base64 import b64encode
from hashlib import sha1, sha256
from pathlib import Path

import pytest
import tiktoken.load

from reviewer.llm import tokens
from reviewer.llm.tokens import counter, estimate

PROSE = (
    "2023年部门整体支出年初预算986.31万元，其中：基本支出842.02万元，项目支出144.29万元。全年实际支出1,012.76万元，预算执行率为102.68%。"
    "“三公”经费支出12.4万元，同比下降8.5个百分点；公务接待343批次、2,415人次。部分绩效指标设置不够细化、量化，满意度指标缺少抽样依据。"
)
TABLE = """\
| 一级指标 | 二级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
|---|---|---|---|---|---|
| 产出指标 | 数量指标 | ≥120场次 | 126场次 | 10 | 10 |
| 效益指标 | 社会效益 | 98.5% | 97.20% | 20 | 18.5 |
"""
ANSWER = json.dumps(
    {
        "figures": [
            {"quantity": "q12", "role": "budget_initial", "measure": None, "subject": None},
            {"quantity": "q13", "role": "actual", "measure": "项目支出", "subject": None},
        ],
        "claims": [{"kind": "ratio", "operands": ["q12", "q13"], "result": "q14", "cue": "s7"}],
    },
    ensure_ascii=False,
)
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"figures": {"type": "array", "items": {"$ref": "#/$defs/Figure"}}},
        "required": ["figures"],
        "additionalProperties": False,
    },
    indent=2,
)


@pytest.fixture(autouse=True)
def no_network_and_no_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a table was looked for on the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(tiktoken.load, "read_file", refuse)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))


@pytest.mark.parametrize(
    # The most that the tokenizers of o200k, Qwen and DeepSeek make of each, counted with them.
    ("text", "measured"),
    [(PROSE, 111), (TABLE, 107), (ANSWER, 95), (SCHEMA, 68)],
    ids=["prose", "table", "answer", "schema"],
)
def test_an_estimate_errs_on_the_high_side_but_not_wildly(text: str, measured: int) -> None:
    assert measured <= estimate(text) <= 1.5 * measured


@pytest.mark.parametrize(("text", "measured"), [(PROSE, 136), (TABLE, 109)], ids=["prose", "table"])
def test_an_encoding_with_few_chinese_words_counts_for_more(text: str, measured: int) -> None:
    assert measured <= counter("gpt-3.5-turbo")(text) <= 1.5 * measured


def test_longer_text_is_never_fewer_tokens() -> None:
    counts = [estimate(PROSE[:end]) for end in range(len(PROSE) + 1)]
    assert counts[0] == 0 and counts == sorted(counts)


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-3.5-turbo", "qwen-plus", "SmolLM2-135M-Instruct.Q4_1", ""])
def test_without_tables_every_model_is_estimated(model: str) -> None:
    count = counter(model)
    assert not count.is_exact and count(PROSE) >= 111


def test_a_damaged_table_is_left_alone(tmp_path: Path) -> None:
    url, _ = tokens._TABLES["o200k_base"]
    table = tmp_path / sha1(url.encode()).hexdigest()
    table.write_bytes(b"half a tab")
    assert not counter("gpt-4o").is_exact
    assert table.read_bytes() == b"half a tab"


def test_a_cache_switched_off_is_not_looked_for_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert not counter("gpt-4o").is_exact


def test_a_whole_table_makes_the_count_exact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a table of single bytes every byte is a token, a control token spelt out in a report included."""
    content = b"".join(b64encode(bytes([byte])) + b" %d\n" % byte for byte in range(256))
    digest = sha256(content).hexdigest()
    url = "https://example.org/bytes.tiktoken"
    (tmp_path / sha1(url.encode()).hexdigest()).write_bytes(content)
    monkeypatch.setattr(tokens, "_TABLES", {"o200k_base": (url, digest)})
    monkeypatch.setattr(
        tiktoken,
        "get_encoding",
        lambda name: tiktoken.Encoding(
            name,
            pat_str=r"[\s\S]+",
            mergeable_ranks=tiktoken.load.load_tiktoken_bpe(url, digest),
            special_tokens={"<|endoftext|>": 256},
        ),
    )
    count = counter("gpt-4o")
    assert count.is_exact
    text = "预算<|endoftext|>"
    assert count(text) == len(text.encode())


def test_the_tables_are_those_tiktoken_would_load() -> None:
    encodings = importlib.import_module("tiktoken_ext.openai_public")
    for name, (url, digest) in tokens._TABLES.items():
        source = inspect.getsource(getattr(encodings, name))
        assert url in source and digest in source
