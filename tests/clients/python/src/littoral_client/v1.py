"""The messages of the wire contract, in one place: `from littoral_client import v1`.

Their fields, units and meaning are documented in `proto/littoral/v1/*.proto`.
"""

from littoral.v1.chat_pb2 import (
    ChatEvent,
    ChatRequest,
    Delta,
    Done,
    Failover,
    Message,
    Part,
    Progress,
    Receipt,
    ResumeRequest,
    Role,
    Routed,
    RoutingHints,
    Served,
    ToolCall,
    ToolCallDelta,
)
from littoral.v1.chat_pb2_grpc import ChatServiceStub
from littoral.v1.decision_pb2 import Decision
from littoral.v1.fleet_pb2 import ListWorkersRequest, WorkerSummary
from littoral.v1.fleet_pb2_grpc import FleetServiceStub
from littoral.v1.routing_pb2 import DecideRequest, ExplainRequest, ExplainResponse
from littoral.v1.routing_pb2_grpc import RoutingServiceStub
from littoral.v1.types_pb2 import (
    Channel,
    DataClass,
    FinishReason,
    Mode,
    Sampling,
    Tier,
    Usage,
)

__all__ = [
    "Channel",
    "ChatEvent",
    "ChatRequest",
    "ChatServiceStub",
    "DataClass",
    "DecideRequest",
    "Decision",
    "Delta",
    "Done",
    "ExplainRequest",
    "ExplainResponse",
    "Failover",
    "FinishReason",
    "FleetServiceStub",
    "ListWorkersRequest",
    "Message",
    "Mode",
    "Part",
    "Progress",
    "Receipt",
    "ResumeRequest",
    "Role",
    "Routed",
    "RoutingHints",
    "RoutingServiceStub",
    "Sampling",
    "Served",
    "Tier",
    "ToolCall",
    "ToolCallDelta",
    "Usage",
    "WorkerSummary",
]
