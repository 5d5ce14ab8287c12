//! What a client speaks, from its first bytes: HTTP/2 begins with a preface of its own (RFC 9113, 3.4), and
//! nothing else that is served here begins like it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// The first bytes of HTTP/2's preface. No method of HTTP/1.1 begins so.
const HTTP2: &[u8; 4] = b"PRI ";

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    Http1,
    Http2,
}

/// Listens until it is known what is spoken. The stream that comes back says everything from the start.
///
/// # Errors
/// The connection broke, or ended before it said anything.
pub(super) async fn listen<S: AsyncRead + Unpin>(mut stream: S) -> io::Result<(Spoken, Heard<S>)> {
    let (mut first, mut count) = ([0; HTTP2.len()], 0);
    while count < first.len() && first.get(..count) == HTTP2.get(..count) {
        let rest = first.get_mut(count..).unwrap_or_default();
        match stream.read(rest).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => count += more,
        }
    }
    let spoken = if first == *HTTP2 { Spoken::Http2 } else { Spoken::Http1 };
    Ok((spoken, Heard { first, left: 0..count, stream }))
}

/// A stream of which the first bytes were read before.
pub(super) struct Heard<S> {
    first: [u8; HTTP2.len()],
    left: std::ops::Range<usize>,
    stream: S,
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let left = self.first.get(self.left.clone()).unwrap_or_default();
        let count = left.len().min(buffer.remaining());
        buffer.put_slice(left.get(..count).unwrap_or_default());
        self.left.start += count;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;

    async fn heard(pieces: &[&[u8]]) -> io::Result<(Spoken, Vec<u8>)> {
        let (mut client, server) = tokio::io::duplex(64);
        let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
        let says = async move {
            for piece in pieces {
                client.write_all(&piece).await.unwrap();
                client.flush().await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        let hears = async {
            let (spoken, mut stream) = listen(server).await?;
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await?;
            Ok((spoken, all))
        };
        tokio::join!(says, hears).1
    }

    #[tokio::test]
    async fn both_languages_are_known_however_the_bytes_are_cut_and_none_is_lost() {
        let http2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice();
        for text in [http2, b"POST / HTTP/1.1\r\n\r\n", b"PRETTY", b"PRI", b"G"] {
            let ended_early = text == b"PRI";
            let spoken = if text == http2 { Spoken::Http2 } else { Spoken::Http1 };
            for cut in 0..text.len() {
                let (one, two) = text.split_at(cut);
                let heard = heard(&[one, two]).await;
                if ended_early {
                    assert!(heard.is_err());
                } else {
                    assert_eq!(heard.unwrap(), (spoken, text.to_vec()));
                }
            }
        }
        assert!(heard(&[]).await.is_err());
    }
}
