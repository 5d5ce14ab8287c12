"""The client for ordinary code. It may be used by several threads; an answer is read by one."""

import os
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, Unpack

import grpc

from . import errors, v1
from .request import Ask, Messages, build
from .secrets import secrets
from .stream import Options, Stream, address, channel_options
from .transcript import Piece

DEFAULT_URL = "http://127.0.0.1:7433"
# Longest wait for an answer that needs no model.
QUICK_CALL_S = 10.0


class Answer(Stream, Iterator[Piece]):
    """One answer. Iterating gives pieces of text as they come, and a `Reset` where what was given
    so far became void; `text` is always the text that stands. Leaving a `with` block cancels what
    is not over."""

    def __init__(self, stub: v1.ChatServiceStub, request: v1.ChatRequest) -> None:
        super().__init__(request)
        self._stub = stub
        self._cancelled = threading.Event()
        self._open()

    def __next__(self) -> Piece:
        while not self._pending:
            if self._over:
                raise StopIteration
            try:
                self._listen()
            except BaseException:
                self._over = True
                self._call.cancel()
                raise
        return self._pending.popleft()

    def read(self) -> str:
        """Reads to the end and returns the text that stands."""
        for _ in self:
            pass
        return self.text

    def cancel(self) -> None:
        """Ends the answer, from any thread; whoever iterates gets a `LittoralError` with reason
        `CANCELLED`. With a resume window the router takes it for a broken connection and lets the
        request fly on to the end of the window."""
        self._cancelled.set()
        self._call.cancel()

    def _open(self) -> None:
        request = self._next_call()
        resumes = isinstance(request, v1.ResumeRequest)
        method = self._stub.Resume if resumes else self._stub.Complete
        self._call = method(request, timeout=self._left_s())
        if self._cancelled.is_set():  # In another thread, while there was no call to cancel.
            self._call.cancel()

    def _listen(self) -> None:
        try:
            event = next(self._call, None)
        except grpc.RpcError as failure:
            if self._cancelled.is_set():
                raise errors.cancelled(self.request_id) from None
            error = errors.from_rpc(failure, self.request_id)
            if self._cancelled.wait(self._pause_before_retry(error)):
                raise errors.cancelled(self.request_id) from None
            self._open()
            return
        if event is None:
            self._finish()
        else:
            self._heard(event)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._over:
            self.cancel()


class Client:
    """A connection to a router, made when it is first needed.

    Args:
        url: `http://host:port` or `https://host:port`; `LITTORAL_ROUTER` or this machine if absent.
        credentials: for `https`; the system's certificates if absent.
        api_key: for `https`; `LITTORAL_API_KEY` if absent. A router on this machine needs none.
        options: gRPC channel options that win over this package's own.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        api_key: str | None = None,
        options: Options = (),
    ) -> None:
        target, tls = address(url or os.environ.get("LITTORAL_ROUTER") or DEFAULT_URL)
        settings = channel_options(options)
        if tls:
            self._channel = grpc.secure_channel(target, secrets(credentials, api_key), settings)
        elif api_key:
            raise ValueError("an API key is shown over https alone")
        else:
            self._channel = grpc.insecure_channel(target, settings)
        self._chat = v1.ChatServiceStub(self._channel)
        self._routing = v1.RoutingServiceStub(self._channel)
        self._fleet = v1.FleetServiceStub(self._channel)

    def complete(self, messages: Messages, **ask: Unpack[Ask]) -> Answer:
        """Asks. Returns at once; the answer's errors come from reading it. See `Ask`."""
        return Answer(self._chat, build(messages, ask))

    def decide(self, messages: Messages, **ask: Unpack[Ask]) -> v1.Decision:
        """Who would answer, and why; nothing is sent anywhere. Raises `LittoralError`."""
        request = v1.DecideRequest(chat=build(messages, ask))
        return self._quick(self._routing.Decide, request).decision

    def explain(self, request_id: str) -> v1.ExplainResponse:
        """What was decided about a request and what came of it. Raises `LittoralError`."""
        return self._quick(self._routing.Explain, v1.ExplainRequest(request_id=request_id))

    def workers(self) -> list[v1.WorkerSummary]:
        """Workers that have joined. Raises `LittoralError`."""
        return list(self._quick(self._fleet.ListWorkers, v1.ListWorkersRequest()).workers)

    def close(self) -> None:
        """Ends the connection and every answer on it."""
        self._channel.close()

    def _quick(self, method: Callable[..., Any], request: Any) -> Any:
        try:
            return method(request, timeout=QUICK_CALL_S)
        except grpc.RpcError as failure:
            raise errors.from_rpc(failure) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
