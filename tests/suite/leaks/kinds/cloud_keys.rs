//! Keys of clouds, models and payment: what costs money within the hour when it leaks. Every prefix is put
//! together from parts, so that no scanner of this repository has anything to find.

use super::{Carrier, Form, Kind, Made, Random};

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const BASE64_URL: &str =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Keys of clouds.
pub(super) static KINDS: &[Kind] = &[
    key("AWS_ACCESS_KEY_ID", "access key", |random| {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        Made::whole(format!("{}{}", concat!("AK", "IA"), random.key(alphabet, 16)))
    }),
    Kind {
        name: "AWS_SECRET_ACCESS_KEY",
        carrier: "credentials:",
        need: Carrier::Optional,
        form: Form::Phrase,
        make: |random| {
            let alphabet = format!("{BASE62}/+");
            // Begins and ends with a letter, as a quotation of it would be cut.
            let core = format!("{}{}", random.key(&alphabet, 39), random.text(LETTERS, 1));
            Made { value: format!("{}{core}", concat!("aws_", "secret_access", "_key=")), core }
        },
    },
    key("GOOGLE_API_KEY", "API key", |random| {
        Made::whole(format!("{}{}", concat!("AI", "za", "Sy"), random.key(BASE64_URL, 33)))
    }),
    key("OPENAI_API_KEY", "API key", |random| {
        let (front, back) = (random.key(BASE62, 74), random.key(BASE62, 74));
        let middle = concat!("T3Blb", "kFJ");
        Made::whole(format!("{}{front}{middle}{back}", concat!("sk", "-proj-")))
    }),
    key("ANTHROPIC_API_KEY", "API key", |random| {
        let body = random.key(BASE64_URL, 93);
        Made::whole(format!("{}{body}AA", concat!("sk", "-ant-", "api03-")))
    }),
    key("STRIPE_SECRET_KEY", "Stripe key", |random| {
        Made::whole(format!("{}{}", concat!("sk", "_live", "_51"), random.key(BASE62, 97)))
    }),
    key("SENDGRID_API_KEY", "SendGrid key", |random| {
        let (id, secret) = (random.key(BASE64_URL, 22), random.key(BASE64_URL, 43));
        Made::whole(format!("{}.{id}.{secret}", concat!("S", "G")))
    }),
];

/// A key, which is unmistakable by itself.
pub(super) const fn key(
    name: &'static str,
    carrier: &'static str,
    make: fn(&mut Random) -> Made,
) -> Kind {
    Kind { name, carrier, need: Carrier::Optional, form: Form::Token, make }
}
