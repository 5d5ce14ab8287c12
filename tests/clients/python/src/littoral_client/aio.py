"""The client for asyncio. Made, used and closed in one event loop."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Self, Unpack

import grpc

from . import errors, v1
from .client import DEFAULT_URL, QUICK_CALL_S
from .request import Ask, Messages, build
from .secrets import secrets
from .stream import Options, Stream, address, channel_options
from .transcript import Piece


class AsyncAnswer(Stream, AsyncIterator[Piece]):
    """One answer, as `Answer`. Cancelling the task that reads it cancels the answer."""

    def __init__(self, stub: v1.ChatServiceStub, request: v1.ChatRequest) -> None:
        super().__init__(request)
        self._stub = stub
        self._cancelled = asyncio.Event()
        self._open()

    async def __anext__(self) -> Piece:
        while not self._pending:
            if self._over:
                raise StopAsyncIteration
            try:
                await self._listen()
            except BaseException:
                self._over = True
                self._call.cancel()
                raise
        return self._pending.popleft()

    async def read(self) -> str:
        """Reads to the end and returns the text that stands."""
        async for _ in self:
            pass
        return self.text

    def cancel(self) -> None:
        """Ends the answer; whoever iterates gets a `LittoralError` with reason `CANCELLED`. See
        `Answer.cancel` for what a resume window changes."""
        self._cancelled.set()
        self._call.cancel()

    def _open(self) -> None:
        request = self._next_call()
        resumes = isinstance(request, v1.ResumeRequest)
        method = self._stub.Resume if resumes else self._stub.Complete
        self._call = method(request, timeout=self._left_s())

    async def _listen(self) -> None:
        try:
            event = await self._call.read()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._cancelled.is_set() and not (task and task.cancelling()):
                raise errors.cancelled(self.request_id) from None
            raise
        except grpc.RpcError as failure:
            error = errors.from_rpc(failure, self.request_id)
            await self._pause(self._pause_before_retry(error))
            self._open()
            return
        if event is grpc.aio.EOF:
            self._finish()
        else:
            self._heard(event)

    async def _pause(self, seconds: float) -> None:
        """Waits so long, or until the answer is cancelled."""
        try:
            await asyncio.wait_for(self._cancelled.wait(), seconds)
        except TimeoutError:
            return
        raise errors.cancelled(self.request_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._over:
            self.cancel()


class AsyncClient:
    """A connection to a router, as `Client`; make it where an event loop runs."""

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
            self._channel = grpc.aio.secure_channel(target, secrets(credentials, api_key), settings)
        elif api_key:
            raise ValueError("an API key is shown over https alone")
        else:
            self._channel = grpc.aio.insecure_channel(target, settings)
        self._chat = v1.ChatServiceStub(self._channel)
        self._routing = v1.RoutingServiceStub(self._channel)
        self._fleet = v1.FleetServiceStub(self._channel)

    def complete(self, messages: Messages, **ask: Unpack[Ask]) -> AsyncAnswer:
        """Asks. Returns at once; the answer's errors come from reading it. See `Ask`."""
        return AsyncAnswer(self._chat, build(messages, ask))

    async def decide(self, messages: Messages, **ask: Unpack[Ask]) -> v1.Decision:
        """Who would answer, and why; nothing is sent anywhere. Raises `LittoralError`."""
        request = v1.DecideRequest(chat=build(messages, ask))
        return (await self._quick(self._routing.Decide, request)).decision

    async def explain(self, request_id: str) -> v1.ExplainResponse:
        """What was decided about a request and what came of it. Raises `LittoralError`."""
        return await self._quick(self._routing.Explain, v1.ExplainRequest(request_id=request_id))

    async def workers(self) -> list[v1.WorkerSummary]:
        """Workers that have joined. Raises `LittoralError`."""
        found = await self._quick(self._fleet.ListWorkers, v1.ListWorkersRequest())
        return list(found.workers)

    async def close(self) -> None:
        """Ends the connection and every answer on it."""
        await self._channel.close()

    async def _quick(self, method: Callable[..., Any], request: Any) -> Any:
        try:
            return await method(request, timeout=QUICK_CALL_S)
        except grpc.RpcError as failure:
            raise errors.from_rpc(failure) from None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
