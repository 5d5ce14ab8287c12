"""Who is believed, and who asks: what a connection over TLS is made with."""

import os

import grpc


def secrets(
    credentials: grpc.ChannelCredentials | None, api_key: str | None
) -> grpc.ChannelCredentials:
    """What a connection over TLS is made with: who is believed, and the key that every call shows.

    The key is `api_key`, or `LITTORAL_API_KEY` if that is set.
    """
    channel = credentials or grpc.ssl_channel_credentials()
    key = api_key or os.environ.get("LITTORAL_API_KEY")
    if not key:
        return channel
    return grpc.composite_channel_credentials(channel, grpc.access_token_call_credentials(key))
