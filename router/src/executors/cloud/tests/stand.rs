//! A provider's stand-in: plain TCP, scripted byte by byte, that keeps what it was sent.
//!
//! It is this raw on purpose. The suite's scripted cloud answers as a server would; here the
//! question is what the client does when the other end is no proper server.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// One thing to do in answer to a request.
pub(super) enum Step {
    /// Write this text.
    Write(String),
    /// Write these bytes, which need not be text.
    WriteBytes(Vec<u8>),
    /// Go on when told to.
    Await(Arc<Notify>),
    /// Reset the connection.
    Reset,
    /// Close the connection in good order.
    Close,
    /// Say nothing until the client closes the connection, then tell.
    UntilClosed(Arc<Notify>),
}

/// What the stand-in saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) connections: usize,
    /// Head and body of each request.
    pub(super) requests: Vec<(String, Vec<u8>)>,
}

/// A running stand-in; dropped, it is gone.
pub(super) struct Stand {
    pub(super) address: SocketAddr,
    pub(super) seen: Arc<Mutex<Seen>>,
    _tasks: JoinSet<()>,
}

impl Stand {
    /// Answers the first request with the first script, and so on; then closes connections.
    pub(super) async fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::clone(&seen), scripts));
        Self { address, seen, _tasks: tasks }
    }

    pub(super) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

type Scripts = Arc<Mutex<std::vec::IntoIter<Vec<Step>>>>;

async fn serve(listener: TcpListener, seen: Arc<Mutex<Seen>>, scripts: Vec<Vec<Step>>) {
    let scripts = Arc::new(Mutex::new(scripts.into_iter()));
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        seen.lock().unwrap().connections += 1;
        connections.spawn(serve_one(stream, Arc::clone(&seen), Arc::clone(&scripts)));
    }
}

async fn serve_one(mut stream: TcpStream, seen: Arc<Mutex<Seen>>, scripts: Scripts) {
    while let Some(request) = read_request(&mut stream).await {
        seen.lock().unwrap().requests.push(request);
        let script = scripts.lock().unwrap().next();
        let Some(script) = script else { return };
        if !play(&mut stream, script).await {
            return;
        }
    }
}

/// Plays a script; false if the connection is over.
async fn play(stream: &mut TcpStream, script: Vec<Step>) -> bool {
    for step in script {
        match step {
            Step::Write(text) => stream.write_all(text.as_bytes()).await.unwrap(),
            Step::WriteBytes(bytes) => stream.write_all(&bytes).await.unwrap(),
            Step::Await(told) => told.notified().await,
            Step::Reset => {
                stream.set_zero_linger().unwrap();
                return false;
            }
            Step::Close => return false,
            Step::UntilClosed(told) => {
                let mut rest = Vec::new();
                // A reset is as good an end as an orderly close.
                let _ = stream.read_to_end(&mut rest).await;
                told.notify_one();
                return false;
            }
        }
    }
    true
}

async fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end_of_head = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let mut body = bytes.split_off(end_of_head);
    let head = String::from_utf8(bytes).unwrap().to_ascii_lowercase();
    let (_, length) = head.split_once("content-length: ").expect("a length, not chunks");
    let length: usize = length.split_once("\r\n").unwrap().0.parse().unwrap();
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, body))
}

/// The head of a stream of events, and some of them, as HTTP chunks.
pub(super) fn events(texts: &[&str]) -> Step {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
    Step::Write(texts.iter().fold(head.to_owned(), |all, text| all + &chunk(text)))
}

/// One event in an HTTP chunk of its own.
pub(super) fn chunk(data: &str) -> String {
    let event = format!("data: {data}\n\n");
    format!("{:x}\r\n{event}\r\n", event.len())
}

/// The end of a chunked body.
pub(super) fn end() -> Step {
    Step::Write("0\r\n\r\n".into())
}

/// A whole answer with a length.
pub(super) fn whole(status: &str, headers: &str, body: &str) -> Step {
    let length = body.len();
    Step::Write(format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"))
}
