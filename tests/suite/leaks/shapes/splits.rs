//! A secret in pieces: none of them is one by itself, and whoever reads the conversation has all of it.
//! A piece ends its text and the next begins one, as when somebody sends before he is done.

use super::super::kinds::Form;
use super::requests::{message, request, text};
use super::{Secret, Shape};
use littoral_proto::v1;

/// A third of a secret shorter than this could be anything.
const SHORTEST_OF_THREE: usize = 12;

/// Splits.
pub(super) static SHAPES: &[Shape] = &[
    Shape::request("two_parts", |secret| {
        let [first, second] = halves(secret);
        let mut asking = message(v1::Role::User, &format!("It is {first}"));
        asking.parts.push(text(&format!("{second} as agreed.")));
        Some(request(vec![asking]))
    }),
    Shape::request("two_messages", |secret| {
        let [first, second] = halves(secret);
        let user = |words: &str| message(v1::Role::User, words);
        Some(request(vec![user(&format!("It is {first}")), user(&format!("{second} as agreed."))]))
    }),
    Shape::request("around_the_assistant", |secret| {
        let [first, second] = halves(secret);
        let user = |words: &str| message(v1::Role::User, words);
        Some(request(vec![
            user(&format!("It is {first}")),
            message(v1::Role::Assistant, "Please go on."),
            user(&format!("{second} as agreed.")),
        ]))
    }),
    Shape::request("three_parts", |secret| {
        let [first, second, third] = thirds(secret)?;
        let mut asking = message(v1::Role::User, &format!("It is {first}"));
        asking.parts.extend([text(&second), text(&format!("{third} as agreed."))]);
        Some(request(vec![asking]))
    }),
    Shape::request("system_and_user", |secret| {
        let [first, second] = halves(secret);
        let system = message(v1::Role::System, &format!("The customer says: {first}"));
        Some(request(vec![system, message(v1::Role::User, &format!("{second} as agreed."))]))
    }),
];

/// Where the core is, in the value. The word before it belongs to the first piece.
fn core_of(secret: &Secret) -> (usize, usize) {
    let whole = (0, secret.value.len());
    if secret.form != Form::Phrase {
        return whole;
    }
    secret.value.find(&secret.core).map_or(whole, |at| (at, at + secret.core.len()))
}

/// The place before which `part` of `of` of the core's letters and digits stand.
fn cut(secret: &Secret, part: usize, of: usize) -> usize {
    let (start, end) = core_of(secret);
    let core = &secret.value[start..end];
    let places: Vec<usize> = core
        .char_indices()
        .filter(|(_, character)| character.is_ascii_alphanumeric())
        .map(|(at, _)| start + at)
        .collect();
    places[places.len() * part / of]
}

fn halves(secret: &Secret) -> [String; 2] {
    let (first, second) = secret.value.split_at(cut(secret, 1, 2));
    [format!("{}{first}", secret.lead()), second.into()]
}

fn thirds(secret: &Secret) -> Option<[String; 3]> {
    let letters = secret.core.bytes().filter(u8::is_ascii_alphanumeric).count();
    let long = letters >= SHORTEST_OF_THREE;
    let (a, b) = (cut(secret, 1, 3), cut(secret, 2, 3));
    let value = &secret.value;
    let first = format!("{}{}", secret.lead(), &value[..a]);
    long.then(|| [first, value[a..b].into(), value[b..].into()])
}
