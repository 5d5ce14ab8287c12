//! Credentials: what opens something. Keys of clouds and of model providers, tokens of forges, messengers and
//! payment services, passwords in addresses and assignments, private keys, hashes of passwords.
//!
//! Four ways to know one, from certain to likely: a check sum ([`crc`]), a beginning with a length and an
//! alphabet of its own, the name of the service beside it ([`shape::assigned!`]), and a word such as
//! `password` before a value that is no code ([`assignment`], [`value`]). A row lives where its issuer does.

mod ai;
mod assignment;
mod base64;
mod chat;
mod china;
mod ci;
mod cloud;
mod crc;
mod database;
mod forge;
mod hashes;
mod hosting;
mod http;
mod mail;
mod observability;
mod payments;
mod placeholder;
mod private_key;
mod saas;
mod secret_words;
mod shape;
#[cfg(test)]
mod tests;
mod value;
mod web_token;
mod words;

use crate::privacy::detect::Detector;

/// All rows of credentials.
pub static TABLES: &[&[Detector]] = &[
    cloud::TABLE,
    hosting::TABLE,
    ai::TABLE,
    forge::TABLE,
    ci::TABLE,
    chat::TABLE,
    mail::TABLE,
    payments::TABLE,
    observability::TABLE,
    saas::TABLE,
    china::TABLE,
    database::TABLE,
    private_key::TABLE,
    web_token::TABLE,
    http::TABLE,
    hashes::TABLE,
    secret_words::TABLE,
];
