//! Stands before all doors: a request comes in with its principal, or is answered here.

use super::{Who, refused};
use axum::Router;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use futures_util::future::{Either, Ready, ready};
use http::Request;
use std::convert::Infallible;
use std::task::{Context, Poll};
use tower::Service;

/// The doors, and who may come to them. It is cloned for every request.
#[derive(Clone)]
pub struct LetIn {
    who: Who,
    doors: Router,
}

impl LetIn {
    /// Stands before `doors`.
    #[must_use]
    pub const fn new(who: Who, doors: Router) -> Self {
        Self { who, doors }
    }
}

impl<B> Service<Request<B>> for LetIn
where
    Router: Service<Request<B>, Future = RouteFuture<Infallible>>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<RouteFuture<Infallible>, Ready<Result<Response, Infallible>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Routes are always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        match self.who.lets_in(&request) {
            Ok(principal) => {
                if let Some(principal) = principal {
                    request.extensions_mut().insert(principal);
                }
                Either::Left(self.doors.call(request))
            }
            Err(why) => Either::Right(ready(Ok(refused::answer(&request, &why)))),
        }
    }
}
