//! Stop strings that are never half emitted.
//!
//! The text is read character by character, so the result does not depend on how it arrives. The
//! stop string that *completes* first ends the text; of those that complete at the same character
//! the longest wins. Text before it is emitted, the stop string itself never.
//!
//! What is held back is the longest suffix that is a proper prefix of some stop string: anything
//! shorter could still be overtaken by a match, anything longer is already decided.

/// What became certain with one push.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Text that can be shown now; may be empty.
    pub text: String,
    /// A stop string is complete: nothing after it counts.
    pub stopped: bool,
}

/// The stop strings of one generation and the text they hold back.
pub struct StopStrings {
    stops: Vec<String>,
    held: String,
}

impl StopStrings {
    /// Watches for `stops`. Empty strings are ignored: they would end every text at once.
    pub fn new(stops: Vec<String>) -> Self {
        let stops = stops.into_iter().filter(|stop| !stop.is_empty()).collect();
        Self { stops, held: String::new() }
    }

    /// Takes more text. After `stopped` nothing more should be pushed.
    pub fn push(&mut self, text: &str) -> Scan {
        if self.stops.is_empty() {
            return Scan { text: text.to_owned(), stopped: false };
        }
        let mut certain = String::new();
        for character in text.chars() {
            self.held.push(character);
            if let Some(length) = self.complete() {
                self.held.truncate(self.held.len() - length);
                certain.push_str(&std::mem::take(&mut self.held));
                return Scan { text: certain, stopped: true };
            }
            let safe = self.held.len() - self.undecided();
            certain.extend(self.held.drain(..safe));
        }
        Scan { text: certain, stopped: false }
    }

    /// No more text comes: what was held is text.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// Bytes of the longest stop string the held text ends with.
    fn complete(&self) -> Option<usize> {
        let ending = self.stops.iter().filter(|stop| self.held.ends_with(stop.as_str()));
        ending.map(String::len).max()
    }

    /// Bytes of the longest suffix of the held text that begins some stop string.
    fn undecided(&self) -> usize {
        let begins_a_stop = |suffix: &str| self.stops.iter().any(|stop| stop.starts_with(suffix));
        let starts = self.held.char_indices().map(|(start, _)| start);
        let mut suffixes = starts.map(|start| &self.held[start..]);
        suffixes.find(|suffix| begins_a_stop(suffix)).map_or(0, str::len)
    }
}

/// The strings are a caller's content: only their number is shown.
impl std::fmt::Debug for StopStrings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StopStrings").field("stops", &self.stops.len()).finish_non_exhaustive()
    }
}
