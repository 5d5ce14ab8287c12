//! A stream to a client that holds its request's span: the answer is over when its stream is, not when the
//! last token was made, and not when the handler returned.

use super::names::attribute;
use super::request::RequestTrace;
use futures_util::Stream;
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::Span;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream that holds a span to its end.
pub struct Carried<S> {
    stream: S,
    /// Held for as long as the stream is.
    _request: RequestTrace,
    span: Span,
    is_over: bool,
}

impl<S> Carried<S> {
    pub(super) const fn new(stream: S, request: RequestTrace, span: Span) -> Self {
        Self { stream, _request: request, span, is_over: false }
    }
}

impl<S: Stream + Unpin> Stream for Carried<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let next = Pin::new(&mut self.stream).poll_next(context);
        if matches!(next, Poll::Ready(None)) {
            self.is_over = true;
        }
        next
    }
}

impl<S> Drop for Carried<S> {
    fn drop(&mut self) {
        if !self.is_over {
            self.span.set(|| [KeyValue::new(attribute::ABANDONED, true)]);
        }
        // Before the request's, which may be let go with this.
        self.span.end(None);
    }
}
