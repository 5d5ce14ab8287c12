//! The answer to who is not let in, in the words of the door that was knocked at.

use super::NotLetIn;
use crate::ingress::http::error::{self, Shape};
use crate::wire::status;
use axum::response::Response;
use http::Request;

/// An answer without a look at the request's body.
pub(super) fn answer<B>(request: &Request<B>, why: &NotLetIn) -> Response {
    let status = status::status(why.reason, &why.message, None, "");
    match error::spoken_grpc(request.headers()) {
        Some(spoken) => error::grpc(status, spoken),
        None => error::response(Shape::of(request.uri().path()), &status),
    }
}
