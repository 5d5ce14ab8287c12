//! What views must find, what they must leave alone, and that the way back is exact.

mod collapsing;
mod decoding;
mod folding;
mod hostile;
mod origins;

use super::*;

/// The text folded, or as it is.
fn fold(text: &str) -> String {
    folded(&raw(text)).map_or_else(|| text.to_owned(), |(view, _)| view.text().to_owned())
}

/// The lines of all collapsed views of a kind.
fn lines(text: &str, segment: Segment) -> Vec<String> {
    let mut out = Out::new(text.len());
    collapsed(&raw(text), &mut out);
    let of_kind = out.views.iter().filter(|view| view.kind() == ViewKind::Collapsed(segment));
    of_kind.flat_map(|view| view.text().lines()).map(str::to_owned).collect()
}

/// The texts of the views of one step of decoding that are of a kind.
fn undone(text: &str, encoding: Encoding) -> Vec<String> {
    let mut out = Out::new(text.len());
    decoded(&raw(text), &mut out);
    let of_kind = out.views.iter().filter(|view| view.kind() == ViewKind::Decoded(encoding));
    of_kind.map(|view| view.text().to_owned()).collect()
}

/// Where all views have a secret, as parts of the original.
fn places<'t>(text: &'t str, secret: &str) -> Vec<&'t str> {
    let out = expand(text);
    let mut places = Vec::new();
    for view in &out.views {
        for (at, _) in view.text().match_indices(secret) {
            places.push(&text[view.origin(at..at + secret.len())]);
        }
    }
    places
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for index in 0..4 {
            let value = (bits >> (18 - 6 * index)) & 63;
            text.push(if index <= group.len() {
                char::from(ALPHABET[value as usize])
            } else {
                '='
            });
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
