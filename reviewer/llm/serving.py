"""The process in which llama.cpp serves a model file: started by `local`, never imported.

A process of its own, because llama.cpp may end the process it lives in when something goes wrong, and writes to its
streams. It is told what to do by one line of JSON on stdin {"file", "alias", "context_tokens", "threads", "key"},
answers with one line of JSON on stdout {"port"} once the model is loaded, and ends when stdin does: so it does not
outlive its parent, however that one ends. What llama.cpp has to say goes to stderr.
"""

import json
import os
import sys
import threading
from importlib import import_module


def main() -> None:
    # Only the answer goes to stdout; what anything else prints there goes to stderr.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()

    xllamacpp = import_module("xllamacpp")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = asked["file"]
    parameters.model_alias = {asked["alias"]}
    parameters.n_ctx = asked["context_tokens"]
    parameters.cpuparams.n_threads = asked["threads"]
    parameters.api_keys = [asked["key"]]
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    # One question at a time has the whole context to itself.
    parameters.n_parallel = 1
    # Prompts that begin alike are reused within the slot; keeping gigabytes of others would only cost memory.
    parameters.cache_ram_mib = 0
    parameters.ui = False
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print(json.dumps({"port": int(server.listening_address.rpartition(":")[2])}), file=answer, flush=True)
    threading.Event().wait()


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
