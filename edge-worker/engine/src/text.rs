//! From token bytes to text that may be shown.
//!
//! Two things can make a piece of output wrong after the fact: half a UTF-8 character, and half a
//! stop string. A stream cannot take text back, so both are held until they are decided. The rule
//! is the same for every way the bytes may be cut into tokens: what is emitted depends on the bytes
//! alone, never on where one token ends and the next begins.
//!
//! [`Utf8`] turns bytes into whole characters, [`StopStrings`] holds back what may become a stop
//! string, and [`TextStream`] joins the two.

mod stop;
mod utf8;

pub use stop::{Scan, StopStrings};
pub use utf8::Utf8;

/// The text of one generation: bytes in, safe text out.
#[derive(Debug)]
pub struct TextStream {
    utf8: Utf8,
    stop: StopStrings,
}

impl TextStream {
    /// A stream that ends at the first of `stop`; an empty list never ends.
    pub fn new(stop: Vec<String>) -> Self {
        Self { utf8: Utf8::default(), stop: StopStrings::new(stop) }
    }

    /// Takes the bytes of one token and returns the text that is now certain.
    pub fn push(&mut self, bytes: &[u8]) -> Scan {
        let characters = self.utf8.push(bytes);
        self.stop.push(&characters)
    }

    /// The generation ended by itself: everything held back is text after all. An unfinished
    /// character becomes U+FFFD, as in [`String::from_utf8_lossy`].
    pub fn finish(&mut self) -> Scan {
        let rest = self.utf8.finish();
        let mut scan = self.stop.push(&rest);
        if !scan.stopped {
            scan.text.push_str(&self.stop.finish());
        }
        scan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a caller with the whole text at hand would cut: at the stop string that completes
    /// first, and of those that complete together the longest.
    fn cut(text: &str, stops: &[String]) -> (String, bool) {
        for (end, character) in text.char_indices() {
            let seen = &text[..end + character.len_utf8()];
            let longest =
                stops.iter().filter(|s| seen.ends_with(s.as_str())).map(String::len).max();
            if let Some(length) = longest {
                return (seen[..seen.len() - length].to_owned(), true);
            }
        }
        (text.to_owned(), false)
    }

    fn stream(bytes: &[u8], cuts: &[usize], stops: &[String]) -> (String, bool, Vec<String>) {
        let mut stream = TextStream::new(stops.to_vec());
        let mut pieces = Vec::new();
        let mut rest = bytes;
        for &cut in cuts {
            let (head, tail) = rest.split_at(cut.min(rest.len()));
            rest = tail;
            let scan = stream.push(head);
            pieces.push(scan.text);
            if scan.stopped {
                return (pieces.concat(), true, pieces);
            }
        }
        for last in [stream.push(rest), stream.finish()] {
            pieces.push(last.text);
            if last.stopped {
                return (pieces.concat(), true, pieces);
            }
        }
        (pieces.concat(), false, pieces)
    }

    proptest! {
        #[test]
        fn the_text_is_the_same_however_the_bytes_are_cut(
            text in "[abé語🌊 ]{0,40}",
            stops in prop::collection::vec("[abé語🌊]{1,4}", 0..4),
            cuts in prop::collection::vec(0_usize..6, 0..60),
        ) {
            let (emitted, stopped, _) = stream(text.as_bytes(), &cuts, &stops);
            prop_assert_eq!((emitted, stopped), cut(&text, &stops));
        }

        #[test]
        fn any_bytes_come_out_as_lossy_decoding_gives_them(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            cuts in prop::collection::vec(0_usize..5, 0..60),
        ) {
            let (emitted, _, _) = stream(&bytes, &cuts, &[]);
            prop_assert_eq!(emitted, String::from_utf8_lossy(&bytes).into_owned());
        }

        #[test]
        fn no_emitted_prefix_ends_in_part_of_a_stop_string(
            text in "[ab]{0,30}",
            stop in "[ab]{2,5}",
            cuts in prop::collection::vec(1_usize..4, 0..30),
        ) {
            let (whole, stopped, pieces) = stream(text.as_bytes(), &cuts, std::slice::from_ref(&stop));
            prop_assert!(!whole.contains(&stop));
            if stopped {
                // What was shown before the end came is a prefix of the final text: nothing was
                // shown that the stop string then claimed.
                let mut shown = String::new();
                for piece in pieces {
                    shown.push_str(&piece);
                    prop_assert!(text.starts_with(&shown));
                }
                prop_assert_eq!(&text[whole.len()..whole.len() + stop.len()], stop.as_str());
            }
        }
    }

    #[test]
    fn a_character_of_four_bytes_comes_out_whole_at_its_last_byte() {
        let mut stream = TextStream::new(Vec::new());
        let wave = "🌊".as_bytes();
        for byte in &wave[..3] {
            assert_eq!(stream.push(&[*byte]).text, "");
        }
        assert_eq!(stream.push(&wave[3..]).text, "🌊");
    }

    #[test]
    fn a_stop_string_spread_over_tokens_is_never_half_shown() {
        let mut stream = TextStream::new(vec!["\n\nUser:".into()]);
        let mut shown = String::new();
        let mut stopped = false;
        for token in ["Yes.", "\n", "\n", "Use", "r", ": more"] {
            let scan = stream.push(token.as_bytes());
            shown.push_str(&scan.text);
            stopped |= scan.stopped;
            assert!(shown.len() <= "Yes.".len(), "shown too early: {shown:?}");
        }
        assert!(stopped);
        assert_eq!(shown, "Yes.");
    }

    #[test]
    fn of_stop_strings_that_complete_together_the_longest_is_cut() {
        let mut stream = TextStream::new(vec!["b".into(), "ab".into()]);
        assert_eq!(stream.push(b"xa").text, "x");
        assert_eq!(stream.push(b"b"), Scan { text: String::new(), stopped: true });
    }

    #[test]
    fn a_near_miss_of_a_stop_string_is_given_back() {
        let mut stream = TextStream::new(vec!["END".into()]);
        assert_eq!(stream.push(b"the EN").text, "the ");
        assert_eq!(stream.push(b"VOY").text, "ENVOY");
        assert_eq!(stream.push(b" E").text, " ");
        assert_eq!(stream.finish().text, "E");
    }
}
