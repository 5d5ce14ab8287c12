//! Whole characters out of a stream of bytes.
//!
//! A byte-level tokenizer cuts characters of two to four bytes anywhere. At most three bytes are
//! held: the start of a character that can still become valid. Bytes that can no longer become one
//! turn into U+FFFD exactly as `String::from_utf8_lossy` turns them, so that the streamed text
//! equals the text decoded at the end.

/// An incremental UTF-8 decoder that never fails and never splits a character.
#[derive(Default)]
pub struct Utf8 {
    pending: Vec<u8>,
}

impl Utf8 {
    /// Takes `bytes` and returns every character that is complete or surely broken.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut used = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            used += chunk.valid().len();
            let invalid = chunk.invalid();
            if invalid.is_empty() {
                continue;
            }
            let at_the_end = used + invalid.len() == self.pending.len();
            if at_the_end && may_become_a_character(invalid) {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            used += invalid.len();
        }
        self.pending.drain(..used);
        text
    }

    /// Ends the stream: bytes still held become one U+FFFD.
    pub fn finish(&mut self) -> String {
        let rest = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        rest
    }
}

/// The bytes are content: only their number is shown.
impl std::fmt::Debug for Utf8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf8").field("pending_bytes", &self.pending.len()).finish()
    }
}

/// Whether `bytes` are the beginning of a character. `error_len` is `None` exactly when the input
/// ended too early rather than wrongly.
fn may_become_a_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}
