//! The answer to who is not let in, in the words of the door that was knocked at.

use super::NotLetIn;
use crate::ingress::http::error::{self, Shape};
use crate::wire::status;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::CONTENT_TYPE;

/// An answer without a look at the request's body.
pub(super) fn answer(request: &Request, why: &NotLetIn) -> Response {
    let status = status::status(why.reason, &why.message, None, "");
    let spoken = request.headers().get(CONTENT_TYPE).map_or(b"".as_slice(), |it| it.as_bytes());
    if spoken.starts_with(b"application/grpc") {
        let (parts, ()) = status.into_http::<()>().into_parts();
        return Response::from_parts(parts, Body::empty());
    }
    error::response(Shape::of(request.uri().path()), &status)
}
