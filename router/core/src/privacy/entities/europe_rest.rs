//! Detectors of Southern, Northern, Central and Eastern Europe.
//!
//! Every validator is a function of its own, by the published standard. What is right in form and may be a
//! point in time as well stays undecided in the table (see `timestamps`), so that logs stay quiet.

mod calendar;
mod numbers;
#[cfg(test)]
mod tests;
mod timestamps;

pub(crate) mod baltics;
pub(crate) mod belarus_moldova;
pub(crate) mod bulgaria;
pub(crate) mod croatia;
pub(crate) mod czechia;
pub(crate) mod denmark;
pub(crate) mod finland;
pub(crate) mod greece;
pub(crate) mod hungary;
pub(crate) mod iceland;
pub(crate) mod italy;
pub(crate) mod italy_fiscal;
pub(crate) mod norway;
pub(crate) mod poland;
pub(crate) mod portugal;
pub(crate) mod romania;
pub(crate) mod russia;
pub(crate) mod serbia;
pub(crate) mod slovenia;
pub(crate) mod spain;
pub(crate) mod spain_papers;
pub(crate) mod sweden;
pub(crate) mod turkey;
pub(crate) mod turkey_contact;
pub(crate) mod ukraine;

use crate::privacy::detect::Detector;

/// Rows of all these countries.
pub static TABLES: &[&[Detector]] = &[
    baltics::TABLE,
    belarus_moldova::TABLE,
    bulgaria::TABLE,
    croatia::TABLE,
    czechia::TABLE,
    denmark::TABLE,
    finland::TABLE,
    greece::TABLE,
    hungary::TABLE,
    iceland::TABLE,
    italy::TABLE,
    italy_fiscal::TABLE,
    norway::TABLE,
    poland::TABLE,
    portugal::TABLE,
    romania::TABLE,
    russia::TABLE,
    serbia::TABLE,
    slovenia::TABLE,
    spain::TABLE,
    spain_papers::TABLE,
    sweden::TABLE,
    turkey::TABLE,
    turkey_contact::TABLE,
    ukraine::TABLE,
];
