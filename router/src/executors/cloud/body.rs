//! A request body that can be handed over once, and that knows whether it was.
//!
//! A receipt says how many bytes left, so the count must be exact at both ends: a connection that
//! was refused counts nothing, and once a call has reported its count, no byte may follow, even if
//! a connection task still holds the body. One atomic state gives both. The body is a single
//! chunk, so it has left whole or not at all; the moment that counts is when the connection takes
//! it, although the kernel may yet fail to deliver it. That errs on the honest side.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

const HELD: u8 = 0;
const SENT: u8 = 1;
const WITHDRAWN: u8 = 2;

/// The body was withdrawn before the connection took it.
#[derive(Debug, thiserror::Error)]
#[error("the call ended before its body was sent")]
pub(super) struct Withdrawn;

/// Decides, once and for ever, whether a body was sent.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    state: Arc<AtomicU8>,
    bytes: u64,
}

impl Gate {
    fn pass(&self) -> bool {
        self.state.compare_exchange(HELD, SENT, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Withdraws the body if the connection has not taken it, and returns the bytes that were sent.
    pub(super) fn close(&self) -> u64 {
        let state =
            self.state.compare_exchange(HELD, WITHDRAWN, Ordering::AcqRel, Ordering::Acquire);
        if state == Err(SENT) { self.bytes } else { 0 }
    }
}

/// A body of one chunk.
pub(super) struct OnceBody {
    bytes: Option<Bytes>,
    gate: Gate,
}

impl OnceBody {
    pub(super) fn new(bytes: Bytes) -> (Self, Gate) {
        let gate = Gate { state: Arc::new(AtomicU8::new(HELD)), bytes: length(&bytes) };
        (Self { bytes: Some(bytes), gate: gate.clone() }, gate)
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Body for OnceBody {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        let passed = self.gate.pass();
        Poll::Ready(Some(if passed { Ok(Frame::data(bytes)) } else { Err(Withdrawn) }))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_body_that_the_connection_took_counts_whole() {
        let (body, gate) = OnceBody::new(Bytes::from_static(b"hello"));
        assert_eq!(body.size_hint().exact(), Some(5));
        assert_eq!(body.collect().await.unwrap().to_bytes(), "hello");
        assert_eq!((gate.close(), gate.close()), (5, 5));
    }

    #[tokio::test]
    async fn a_body_withdrawn_in_time_can_never_leave() {
        let (body, gate) = OnceBody::new(Bytes::from_static(b"hello"));
        assert_eq!(gate.close(), 0);
        assert!(body.collect().await.is_err());
        assert_eq!(gate.close(), 0);
    }
}
