//! What is expected of a target, how sure that is, and how both follow from what was measured.
//!
//! A decision compares predictions, and a prediction from three requests is not one from three
//! thousand. So everything here answers with an [`Estimate`]: a middle and the bounds that hold nine
//! of ten next observations. The bounds are a promise that tests check on made and on recorded runs.
//!
//! Nothing reads a clock: time is a [`std::time::Duration`] since the owner's start. Nothing allocates
//! in an update; only a key met for the first time costs memory, and [`Estimates`] bounds how many
//! keys there are. Every number is checked where it enters: what is not finite, not positive or
//! beyond belief is counted and otherwise ignored, so no reading can turn an estimate into nonsense.
//!
//! Reading order: [`interval`] (the promise), [`prior`] and [`forgetting`] (what is believed before
//! and after), [`belief`] and [`first_token`] (how it is learned), [`stated`] (what it begins with), [`target`]
//! and [`store`] (for whom), [`forecast`] (what a request would take). [`ewma`] and [`quantiles`] stand alone.

pub mod baseline;
pub mod belief;
pub mod device;
pub mod ewma;
pub mod first_token;
pub mod forecast;
pub mod forgetting;
pub mod interval;
mod normal;
pub mod observation;
pub mod prior;
pub mod quantiles;
pub mod rate;
mod recent;
mod spread;
pub mod stated;
pub mod store;
mod swift;
pub mod target;
#[cfg(test)]
mod tests;

pub use baseline::Baseline;
pub use belief::Belief;
pub use device::{battery_after, heat_after};
pub use ewma::Ewma;
pub use first_token::FirstToken;
pub use forecast::{Forecast, Parts};
pub use forgetting::HalfLife;
pub use interval::Estimate;
pub use observation::Observation;
pub use prior::{Prior, TargetPriors};
pub use quantiles::Quantiles;
pub use rate::Rate;
pub use stated::Reported;
pub use store::Estimates;
pub use target::{AnswerLengths, TargetEstimates};
