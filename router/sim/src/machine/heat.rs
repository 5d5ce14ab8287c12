//! Heat of a machine: one body that warms at a constant rate while it works and cools in proportion to
//! its heat (Newton). Between two looks the closed form is exact.

use crate::scenario::Thermal;

/// Heat after some seconds of work or of rest.
pub(super) fn after(heat: f64, thermal: &Thermal, works: bool, seconds: f64) -> f64 {
    let heating = if works { thermal.heating_per_s } else { 0.0 };
    let settles_at = heating / thermal.cooling_per_s;
    settles_at + (heat - settles_at) * (-thermal.cooling_per_s * seconds).exp()
}

/// Share of its speed that a machine has at a heat: all below the threshold, then less in a straight
/// line down to the slowest at the limit.
pub(super) fn speed(heat: f64, thermal: &Thermal) -> f64 {
    let span = (1.0 - thermal.throttles_at).max(1e-9);
    let beyond = ((heat - thermal.throttles_at) / span).clamp(0.0, 1.0);
    1.0 - beyond * (1.0 - thermal.slowest)
}
