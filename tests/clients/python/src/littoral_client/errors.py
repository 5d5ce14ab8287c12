"""Failures with a name to branch on: `google.rpc.Status`, read once, for both clients."""

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

DOMAIN = "littoral"


class LittoralError(Exception):
    """A call that failed.

    Attributes:
        code: gRPC status code.
        reason: the router's name for it (`EGRESS_DENIED`, `REQUEST_LOST`, ... see `chat.proto`).
            Where the router had no say (no connection, the call's own time limit), the code's name.
        message: for people; never holds content.
        retry_after_s: seconds after which a retry makes sense; `None` where the router names none.
        request_id: the request, where it is known.
        named: whether the router itself named the reason.
    """

    def __init__(
        self,
        code: grpc.StatusCode,
        reason: str,
        message: str,
        *,
        retry_after_s: float | None = None,
        request_id: str | None = None,
        named: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {message}")
        self.code = code
        self.reason = reason
        self.message = message
        self.retry_after_s = retry_after_s
        self.request_id = request_id
        self.named = named

    @property
    def is_broken_connection(self) -> bool:
        """Whether the connection failed, and not the request."""
        return self.code is grpc.StatusCode.UNAVAILABLE and not self.named


def cancelled(request_id: str) -> LittoralError:
    """The error of an answer that its own asker cancelled."""
    return LittoralError(
        grpc.StatusCode.CANCELLED, "CANCELLED", "cancelled here", request_id=request_id
    )


def from_rpc(error: grpc.RpcError, request_id: str | None = None) -> LittoralError:
    """Reads a failed call of either gRPC API. `request_id` stands in where the status has none."""
    code, message = error.code(), error.details() or ""
    info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
    retry_after_s = None
    try:
        status = rpc_status.from_call(error)
    except ValueError:  # Details that contradict the code: the code holds.
        status = None
    for detail in status.details if status else ():
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
        elif detail.Unpack(retry):
            retry_after_s = retry.retry_delay.ToTimedelta().total_seconds()
    named = info.domain == DOMAIN
    return LittoralError(
        code,
        info.reason if named else code.name,
        message,
        retry_after_s=retry_after_s,
        request_id=info.metadata.get("request_id") or request_id,
        named=named,
    )
