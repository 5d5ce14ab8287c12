//! Encodings undone, wherever in a text they may stand. Generous: what is no encoding gives nonsense, in
//! which no secret will be found by accident.

mod escapes;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Fewer characters in a row are no base64.
const SHORTEST_BASE64: usize = 12;
/// A line of base64 that goes on in the next is no shorter.
const WRAPPED_LINE: usize = 60;
/// Fewer bytes in a row are no hex.
const SHORTEST_HEX: usize = 5;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text with each encoding undone that is in it, one at a time.
pub(super) fn each(text: &str) -> Vec<String> {
    let mut views = escapes::each(text);
    // Something else may stand directly before it, so it begins at each of the first places.
    views.extend((0..4).map(|skip| base64(text, skip)));
    views.extend((0..2).map(|skip| hex(text, skip)));
    views.retain(|view| !view.is_empty() && view != text);
    views
}

/// What all runs of base64 decode to, in either alphabet, without the first `skip` characters of each.
fn base64(text: &str, skip: usize) -> String {
    let mut decoded = Vec::new();
    for run in base64_runs(text) {
        let run = run.get(skip..).unwrap_or_default();
        // One character alone in the end is no byte.
        let whole = if run.len() % 4 == 1 { &run[..run.len() - 1] } else { run };
        if let Ok(bytes) = LENIENT.decode(whole) {
            decoded.extend(bytes);
            decoded.push(b'\n');
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn base64_runs(text: &str) -> Vec<Vec<u8>> {
    let (mut runs, mut run, mut line) = (Vec::new(), Vec::new(), 0);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let standard = match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(byte),
            _ => byte.is_ascii_alphanumeric().then_some(byte),
        };
        match (standard, byte) {
            (Some(standard), _) => {
                run.push(standard);
                line += 1;
            }
            (None, b'\r') if line >= WRAPPED_LINE && bytes.peek() == Some(&b'\n') => {}
            (None, b'\n') if line >= WRAPPED_LINE => line = 0,
            _ => {
                runs.push(std::mem::take(&mut run));
                line = 0;
            }
        }
    }
    runs.push(run);
    runs.retain(|run| run.len() >= SHORTEST_BASE64);
    runs
}

/// What all runs of hex decode to: pairs of digits with nothing, a separator or a prefix between.
fn hex(text: &str, skip: usize) -> String {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let begins = pair(bytes, at).is_some();
        let (run, end) = hex_run(bytes, if begins { at + skip } else { at });
        if run.len() >= SHORTEST_HEX {
            decoded.extend(run);
            decoded.push(b'\n');
            at = end;
        } else {
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The bytes of a run that begins here, and where it ends.
fn hex_run(bytes: &[u8], start: usize) -> (Vec<u8>, usize) {
    let (mut run, mut at) = (Vec::new(), start);
    loop {
        let mut next = at;
        while bytes.get(next).is_some_and(|byte| b"\\ :,-".contains(byte)) && next < at + 3 {
            next += 1;
        }
        let prefix = bytes.get(next..next + 2).is_some_and(|two| two == b"0x" || two == b"0X");
        if prefix {
            next += 2;
        } else if bytes.get(next) == Some(&b'x') {
            next += 1;
        }
        let Some(byte) = pair(bytes, next) else { return (run, at) };
        run.push(byte);
        at = next + 2;
    }
}

fn pair(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*bytes.get(at)?).to_digit(16);
    u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok()
}
