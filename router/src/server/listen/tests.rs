//! The end of a connection: what was begun is said, and nobody is waited for for long.

use super::*;
use axum::Router;
use axum::body::BodyDataStream;
use axum::routing::get;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hyper::client::conn;
use std::sync::Mutex;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

/// A port whose only answer begins at once and ends when it is told to.
struct Stand {
    address: SocketAddr,
    shutdown: Shutdown,
    last: oneshot::Sender<()>,
}

async fn stand() -> Stand {
    let (last, told) = oneshot::channel();
    let told = Arc::new(Mutex::new(Some(told)));
    let answer = move || {
        let told = told.lock().unwrap().take().unwrap();
        let first = stream::once(async { Ok::<_, Infallible>("first") });
        let words = first.chain(stream::once(async {
            // Whoever does not tell it ends the answer too.
            let _ = told.await;
            Ok(" and last")
        }));
        async { Response::new(Body::from_stream(words)) }
    };
    let app = Router::new().route("/", get(answer));
    let shutdown = Shutdown::new();
    let (listener, address) = bind("127.0.0.1:0".parse().unwrap(), None).await.unwrap();
    serve(listener, app, None, 8, &shutdown);
    Stand { address, shutdown, last }
}

/// What is answered, as it comes.
async fn ask(address: SocketAddr, spoken: Spoken) -> BodyDataStream {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let request = hyper::Request::get(format!("http://{address}/")).body(Body::empty()).unwrap();
    let client = TaskTracker::new();
    let answer = match spoken {
        Spoken::Http1 => {
            let (mut asking, connection) = conn::http1::handshake(stream).await.unwrap();
            client.spawn(connection);
            asking.send_request(request).await
        }
        Spoken::Http2 => {
            let shaken = conn::http2::handshake(TokioExecutor::new(), stream).await;
            let (mut asking, connection) = shaken.unwrap();
            client.spawn(connection);
            asking.send_request(request).await
        }
    };
    Body::new(answer.unwrap().into_body()).into_data_stream()
}

#[tokio::test]
async fn an_answer_that_was_begun_is_said_to_its_end_after_the_hard_stop() {
    for spoken in [Spoken::Http1, Spoken::Http2] {
        let Stand { address, shutdown, last } = stand().await;
        let mut words = ask(address, spoken).await;
        assert_eq!(words.next().await.unwrap().unwrap(), "first");
        shutdown.hard.cancel();
        // One thread runs all of it: who ends at the stop has ended now.
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
        last.send(()).expect("somebody who answers");
        let rest: Vec<_> = words.try_collect().await.expect("all of it");
        assert_eq!(rest.concat(), b" and last");
        assert!(shutdown.end(Duration::ZERO).await, "every connection ended");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_cut_off_soon_after_the_hard_stop() {
    for spoken in [Spoken::Http1, Spoken::Http2] {
        let Stand { address, shutdown, last } = stand().await;
        let mut words = ask(address, spoken).await;
        assert_eq!(words.next().await.unwrap().unwrap(), "first");
        assert!(shutdown.end(Duration::ZERO).await, "every connection ended");
        assert!(words.next().await.unwrap().is_err(), "it was cut off");
        drop(last);
    }
}
