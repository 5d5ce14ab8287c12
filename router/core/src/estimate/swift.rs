//! Logarithm and exponential for forecasts: polynomials, inlined, right to eight digits.
//!
//! A forecast needs fifteen of them for each target of each decision. The platform's take longer,
//! cannot be inlined, and differ in the last digit from one C library to the next, which a replayed
//! decision must not. Estimates are never known to eight digits.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

const MANTISSA: u64 = (1 << 52) - 1;
const ONE: u64 = 1023 << 52;

/// Natural logarithm of a normal number over 0: `e ln 2 + 2 artanh((m - 1) / (m + 1))`, the series cut
/// after the ninth power; absolute error below 1e-9.
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as f64 - 1023.0;
    let mut m = f64::from_bits((bits & MANTISSA) | ONE);
    if m > SQRT_2 {
        m *= 0.5;
        exponent += 1.0;
    }
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    let series = 1.0 + s * (1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s * (1.0 / 9.0))));
    exponent * LN_2 + 2.0 * t * series
}

/// Exponential: `2^n exp(z)` with `z` at most half of `ln 2`, Taylor's series cut after the seventh power;
/// relative error below 1e-8. Beyond 700 either side it stays at what it is there.
pub(super) fn exp(x: f64) -> f64 {
    let scaled = x.clamp(-700.0, 700.0) * LOG2_E;
    // Truncation rounds down what is positive; the offset makes it so. No number becomes 0.
    let whole = (scaled + 1100.5) as i64 - 1100;
    let z = (scaled - whole as f64) * LN_2;
    let low = 1.0 + z * (1.0 + z * (0.5 + z * (1.0 / 6.0)));
    let high = 1.0 / 24.0 + z * (1.0 / 120.0 + z * (1.0 / 720.0 + z * (1.0 / 5040.0)));
    let power = u64::try_from(whole + 1023).unwrap_or(0) << 52;
    (low + z * z * z * z * high) * f64::from_bits(power)
}

#[cfg(test)]
mod tests {
    use super::{exp, ln};

    #[test]
    fn the_polynomials_agree_with_the_platform_to_eight_digits() {
        for step in -6990..6990 {
            let x = f64::from(step) / 10.0 + 0.0123;
            assert!((exp(x) / x.exp() - 1.0).abs() < 2e-8, "exp {x}: {} {}", exp(x), x.exp());
            assert!((ln(x.exp()) - x).abs() < 2e-9, "ln {x}: {}", ln(x.exp()));
        }
        assert!(exp(0.0) == 1.0 && ln(1.0) == 0.0);
        assert!(exp(f64::NEG_INFINITY) < 1e-300 && exp(f64::INFINITY) > 1e300);
    }
}
