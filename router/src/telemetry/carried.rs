//! A stream to a client that holds its request's trace: the answer is over when its stream is, not when the
//! last token was made, and not when the handler returned.

use super::request::RequestTrace;
use super::steps::{Begun, What};
use futures_util::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream that holds a trace to its end.
pub struct Carried<S> {
    stream: S,
    request: RequestTrace,
    begun: Begun,
    is_over: bool,
}

impl<S> Carried<S> {
    pub(super) fn new(stream: S, request: RequestTrace) -> Self {
        Self { stream, request, begun: Begun::now(), is_over: false }
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
        self.request.took(self.begun.over(What::Stream { abandoned: !self.is_over }));
    }
}
