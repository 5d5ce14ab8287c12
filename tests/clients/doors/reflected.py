"""A gRPC client that knows a router's address alone: it asks by reflection what can be asked.

No code is generated and no contract is at hand. Messages go in and come out as JSON has them.
"""

import time
from collections.abc import Iterator
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from samples import PATIENCE_S

# What a deadline has over the prediction, so that a moment later it is still worth a try.
SLACK = 2


class Router:
    """A connection to the router at this address."""

    def __init__(self, url: str) -> None:
        self.channel = grpc.insecure_channel(url.removeprefix("http://"))
        self._database = ProtoReflectionDescriptorDatabase(self.channel)
        self._pool = DescriptorPool(self._database)

    def __enter__(self) -> "Router":
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()

    def services(self) -> list[str]:
        """Names of all services."""
        return sorted(self._database.get_services())

    def methods(self, service: str) -> list[str]:
        """Names of a service's methods."""
        return sorted(self._pool.FindServiceByName(service).methods_by_name)

    def method(self, service: str, name: str) -> MethodDescriptor:
        """What is to be known of a method."""
        return self._pool.FindServiceByName(service).methods_by_name[name]

    def ask(self, service: str, name: str, request: Any) -> Any:
        """The one answer to a request."""
        method = self.method(service, name)
        call = self.channel.unary_unary(**self._call(method))
        return plain(call(self._message(method, request), timeout=PATIENCE_S))

    def stream(self, service: str, name: str, request: Any) -> Iterator[Any]:
        """Every event of the answer to a request."""
        method = self.method(service, name)
        call = self.channel.unary_stream(**self._call(method))
        yield from map(plain, call(self._message(method, request), timeout=PATIENCE_S))

    def outcome(self, request_id: str) -> Any:
        """What came of a request, once it is written down; nothing if that takes too long."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            told = self.ask("littoral.v1.RoutingService", "Explain", {"request_id": request_id})
            if "outcome" in told:
                return told["outcome"]
        return {}

    def soon(self, request: Any) -> int:
        """A deadline in ms that a request is admitted with, and a long answer does not keep."""
        decided = self.ask("littoral.v1.RoutingService", "Decide", {"chat": request})
        expected = decided["decision"]["plan"]["attempts"][0]["predicted"]["total_ms"]
        return int(expected * SLACK)

    def _call(self, method: MethodDescriptor) -> dict[str, Any]:
        answer = GetMessageClass(method.output_type)
        return {
            "method": f"/{method.containing_service.full_name}/{method.name}",
            "request_serializer": lambda message: message.SerializeToString(),
            "response_deserializer": answer.FromString,
        }

    def _message(self, method: MethodDescriptor, request: Any) -> Any:
        return json_format.ParseDict(
            request, GetMessageClass(method.input_type)(), descriptor_pool=self._pool
        )


def plain(message: Any) -> Any:
    """A message as JSON has it, with the contract's own names."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True)
