//! Server-sent events, read incrementally.
//!
//! The form is that of the HTML standard (section 9.2.6): lines end with CR, LF or CRLF, a line
//! that starts with a colon is a comment, `data` lines of one event are joined by LF, a blank line
//! ends the event. Chunks of a connection split anywhere, inside a character and between CR and LF
//! too, so bytes are gathered to whole lines before anything is decoded.
//!
//! Three things differ on purpose. An event is limited in size, since the other end is not ours.
//! Bytes that are no UTF-8 are an error, not replaced: the text is a person's answer. And an event
//! that the end of the stream cuts off is handed out instead of dropped, because some servers end
//! with `data: [DONE]` and no blank line; whether it is whole is for the dialect to see.

use std::collections::VecDeque;

/// Longest event, in bytes. A chunk of an answer is a few hundred bytes; with 20 log-probabilities
/// a token, a few thousand.
pub(super) const EVENT_LIMIT_BYTES: usize = 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SseEvent {
    /// The event's name; empty if it has none.
    pub(super) name: String,
    /// Its data.
    pub(super) data: String,
}

/// Why a stream cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SseError {
    /// An event without end.
    #[error("an event exceeds 1 MiB")]
    TooLong,
    /// Not text.
    #[error("an event is not UTF-8")]
    NotUtf8,
}

/// Bytes in, events out. After an error, nothing more comes out.
#[derive(Debug)]
pub(super) struct SseReader {
    limit: usize,
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    name: Vec<u8>,
    saw_a_line: bool,
    after_cr: bool,
    ready: VecDeque<Result<SseEvent, SseError>>,
    failed: bool,
}

impl Default for SseReader {
    fn default() -> Self {
        Self::with_limit(EVENT_LIMIT_BYTES)
    }
}

impl SseReader {
    /// A reader that gives up at an event of more than so many bytes.
    fn with_limit(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            data: Vec::new(),
            has_data: false,
            name: Vec::new(),
            saw_a_line: false,
            after_cr: false,
            ready: VecDeque::new(),
            failed: false,
        }
    }

    /// Bytes of the event that is being read.
    fn held(&self) -> usize {
        self.line.len() + self.data.len() + self.name.len()
    }

    /// Takes the next bytes of the stream.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while let (false, Some((&first, rest))) = (self.failed, bytes.split_first()) {
            let is_second_half_of_crlf = std::mem::take(&mut self.after_cr) && first == b'\n';
            if is_second_half_of_crlf {
                bytes = rest;
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let (part, tail) = bytes.split_at(end.unwrap_or(bytes.len()));
            if self.held() + part.len() > self.limit {
                return self.fail(SseError::TooLong);
            }
            self.line.extend_from_slice(part);
            bytes = tail;
            if let Some((&terminator, rest)) = tail.split_first() {
                self.after_cr = terminator == b'\r';
                bytes = rest;
                self.end_line();
            }
        }
    }

    /// Takes the end of the stream.
    pub(super) fn finish(&mut self) {
        if !self.failed {
            if !self.line.is_empty() {
                self.end_line();
            }
            self.end_event();
            self.failed = true;
        }
    }

    /// The next whole event, or the error that ended the stream (once).
    pub(super) fn next(&mut self) -> Option<Result<SseEvent, SseError>> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let is_first = !std::mem::replace(&mut self.saw_a_line, true);
        let line = match line.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) if is_first => rest,
            _ => &line,
        };
        if line.is_empty() {
            return self.end_event();
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (field, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"event" => self.name = value.to_vec(),
            // Comments have an empty field name; `id` and `retry` are for reconnecting, which a
            // chat answer cannot do.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
        if !std::mem::take(&mut self.has_data) {
            return;
        }
        match (String::from_utf8(name), String::from_utf8(data)) {
            (Ok(name), Ok(data)) => self.ready.push_back(Ok(SseEvent { name, data })),
            _ => self.fail(SseError::NotUtf8),
        }
    }

    fn fail(&mut self, error: SseError) {
        self.failed = true;
        self.ready.push_back(Err(error));
    }
}

#[cfg(test)]
mod tests;
