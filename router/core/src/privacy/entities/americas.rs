//! America, Oceania and Africa: numbers by which their states, banks and health services know people.
//!
//! A file for a country, or for neighbours with a few numbers each; large countries have one for each
//! concept. What they share to read a number is in [`reading`].

pub(crate) mod andes;
pub(crate) mod argentina;
pub(crate) mod australia;
pub(crate) mod australia_health;
pub(crate) mod brazil;
pub(crate) mod brazil_papers;
pub(crate) mod canada;
pub(crate) mod canada_health;
pub(crate) mod central_america;
pub(crate) mod chile;
pub(crate) mod colombia;
pub(crate) mod dominican;
pub(crate) mod east_africa;
pub(crate) mod mexico;
pub(crate) mod new_zealand;
pub(crate) mod north_africa;
pub(crate) mod plata;
mod reading;
pub(crate) mod southern_africa;
#[cfg(test)]
mod tests;
pub(crate) mod us_claims;
pub(crate) mod us_health;
pub(crate) mod us_identity;
pub(crate) mod us_licence;
pub(crate) mod us_money;
pub(crate) mod us_vehicle;
pub(crate) mod west_africa;

use crate::privacy::detect::Detector;

/// The rows of this part.
pub static TABLES: &[&[Detector]] = &[
    us_identity::TABLE,
    us_licence::TABLE,
    us_health::TABLE,
    us_claims::TABLE,
    us_money::TABLE,
    us_vehicle::TABLE,
    canada::TABLE,
    canada_health::TABLE,
    mexico::TABLE,
    central_america::TABLE,
    dominican::TABLE,
    brazil::TABLE,
    brazil_papers::TABLE,
    argentina::TABLE,
    chile::TABLE,
    colombia::TABLE,
    andes::TABLE,
    plata::TABLE,
    australia::TABLE,
    australia_health::TABLE,
    new_zealand::TABLE,
    southern_africa::TABLE,
    west_africa::TABLE,
    east_africa::TABLE,
    north_africa::TABLE,
];
