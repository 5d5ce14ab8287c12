//! Asia: identity, tax, health, payment and contact numbers, from Japan to Israel.
//!
//! Where a standard publishes check digits, its validator follows the standard; where it does not, a match
//! counts by its form and by the words near it. What reads as a time counts by words alone
//! (see `asia/digits.rs`).

pub(crate) mod central_asia;
pub(crate) mod china_contact;
pub(crate) mod china_identity;
mod digits;
pub(crate) mod hong_kong;
pub(crate) mod india_identity;
pub(crate) mod india_payment;
pub(crate) mod india_tax;
pub(crate) mod india_vehicle;
pub(crate) mod japan_identity;
pub(crate) mod japan_other;
pub(crate) mod korea_identity;
pub(crate) mod korea_other;
pub(crate) mod malaysia_indonesia;
pub(crate) mod philippines;
pub(crate) mod singapore;
pub(crate) mod south_asia;
pub(crate) mod taiwan;
#[cfg(test)]
mod tests;
pub(crate) mod thailand;
pub(crate) mod vietnam;
pub(crate) mod west_asia;

use crate::privacy::detect::Detector;

/// The rows of all countries here.
pub static TABLES: &[&[Detector]] = &[
    china_identity::TABLE,
    china_contact::TABLE,
    hong_kong::TABLE,
    taiwan::TABLE,
    japan_identity::TABLE,
    japan_other::TABLE,
    korea_identity::TABLE,
    korea_other::TABLE,
    singapore::TABLE,
    india_identity::TABLE,
    india_tax::TABLE,
    india_vehicle::TABLE,
    india_payment::TABLE,
    thailand::TABLE,
    philippines::TABLE,
    malaysia_indonesia::TABLE,
    vietnam::TABLE,
    south_asia::TABLE,
    west_asia::TABLE,
    central_asia::TABLE,
];
