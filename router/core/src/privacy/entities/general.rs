//! What has no country: addresses of people and machines, payment, places, dates, devices.
//!
//! Most begin in the middle (`@`, `://`) or have a shape that only a function can tell (IPv6), and are found
//! by functions of their own; each looks a bounded way to both sides.

pub(crate) mod bic;
pub(crate) mod birth;
pub(crate) mod card;
pub(crate) mod crypto;
pub(crate) mod date;
pub(crate) mod device;
mod domain;
mod email;
pub(crate) mod iban;
mod ip;
pub(crate) mod lone;
pub(crate) mod mac;
pub(crate) mod phone;
mod place;
mod tld;
mod url;
mod url_credentials;

#[cfg(test)]
mod tests;

use crate::privacy::detect::Detector;

/// All tables of this part.
pub static TABLES: &[&[Detector]] = &[
    bic::TABLE,
    birth::TABLE,
    card::TABLE,
    crypto::TABLE,
    date::TABLE,
    device::TABLE,
    email::TABLE,
    iban::TABLE,
    ip::TABLE,
    mac::TABLE,
    phone::TABLE,
    place::TABLE,
    url::TABLE,
    url_credentials::TABLE,
];
