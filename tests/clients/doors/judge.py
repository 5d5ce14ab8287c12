"""Judges a running router through the clients that applications bring.

    judge.py openai|anthropic|langchain|grpc|nobody http://127.0.0.1:7433

Prints a line of JSON for each complaint and a last one with counts. All but `nobody` are for a
router with a chat model and one for vectors on this device; `nobody` is for one without a worker.
"""

import sys
from collections.abc import Sequence

import anthropic_messages
import grpc_doors
import langchain_models
import nobody_there
import openai_chat
import openai_failures
import openai_output
import openai_vectors
from verdict import Check, Verdict

CLIENTS: dict[str, Sequence[Check]] = {
    "openai": [
        *openai_chat.CHECKS,
        *openai_output.CHECKS,
        *openai_vectors.CHECKS,
        *openai_failures.CHECKS,
    ],
    "anthropic": anthropic_messages.CHECKS,
    "langchain": langchain_models.CHECKS,
    "grpc": grpc_doors.CHECKS,
    "nobody": nobody_there.CHECKS,
}


def main() -> None:
    client, url = sys.argv[1], sys.argv[2].rstrip("/")
    verdict = Verdict(client)
    verdict.run(CLIENTS[client], url)
    verdict.count()


main()
