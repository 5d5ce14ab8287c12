//! Numbers of Germany, the United Kingdom, Ireland, France, Austria, Switzerland, the Netherlands, Belgium
//! and Luxembourg: by which a state, a health service or a register knows a person, a car or a company.
//!
//! Most of them are bare digits with one check digit, and logs are full of such numbers: bare, they stay
//! below what keeps content at home until a word of context stands near. The form that an authority prints
//! (with its groups, its prefix or its letters) counts without one.

use crate::privacy::detect::Detector;

pub(crate) mod austria;
pub(crate) mod belgium;
pub(crate) mod britain_business;
pub(crate) mod britain_person;
pub(crate) mod britain_place;
pub(crate) mod france_business;
pub(crate) mod france_person;
pub(crate) mod germany_business;
pub(crate) mod germany_health;
pub(crate) mod germany_person;
pub(crate) mod germany_road;
pub(crate) mod ireland;
pub(crate) mod luxembourg;
pub(crate) mod netherlands;
mod plain;
pub(crate) mod switzerland;
#[cfg(test)]
mod tests;

/// All rows of these countries.
pub static TABLES: &[&[Detector]] = &[
    austria::TABLE,
    belgium::TABLE,
    britain_business::TABLE,
    britain_person::TABLE,
    britain_place::TABLE,
    france_business::TABLE,
    france_person::TABLE,
    germany_business::TABLE,
    germany_health::TABLE,
    germany_person::TABLE,
    germany_road::TABLE,
    ireland::TABLE,
    luxembourg::TABLE,
    netherlands::TABLE,
    switzerland::TABLE,
];
