//! What a request would leave of a device: charge and heat.
//!
//! Both are straight lines, which is right for the seconds that a request takes. Readings that are no
//! number give nothing, so that a gate can treat them as unknown.

/// Charge, 0 to 1, after `joules` more were drawn from a battery of `capacity_joules`.
#[must_use]
pub fn battery_after(charge: f64, capacity_joules: f64, joules: f64) -> Option<f64> {
    let sound = (0.0..=1.0).contains(&charge)
        && capacity_joules > 0.0
        && capacity_joules.is_finite()
        && joules >= 0.0;
    sound.then(|| (charge - joules / capacity_joules).max(0.0))
}

/// Heat, as a share of the thermal limit, after `seconds` of work that add `rise_per_s`. A device that
/// cools while it works counts as one that does not warm up.
#[must_use]
pub fn heat_after(heat: f64, rise_per_s: f64, seconds: f64) -> Option<f64> {
    let sound = heat >= 0.0 && heat.is_finite() && rise_per_s.is_finite() && seconds >= 0.0;
    let after = heat + rise_per_s.max(0.0) * seconds;
    (sound && after.is_finite()).then_some(after)
}
