//! What must hold of a run: a metric, a comparison, a number.

use std::collections::BTreeMap;
use std::fmt;

/// `p95_ttft_ms < 800`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assertion {
    /// Name of the metric, as in the report.
    pub metric: String,
    /// How it is compared.
    pub comparison: Comparison,
    /// With what.
    pub number: f64,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
}

impl Comparison {
    /// Longer signs stand before those that they begin with.
    const SIGNS: [(&'static str, Self); 5] = [
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("==", Self::Equal),
        ("<", Self::Below),
        (">", Self::Above),
    ];

    fn sign(self) -> &'static str {
        Self::SIGNS.into_iter().find(|(_, known)| *known == self).map_or("", |(sign, _)| sign)
    }
}

impl Assertion {
    /// Reads an assertion.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Comparison::SIGNS.into_iter().find_map(|(sign, comparison)| {
            text.split_once(sign).map(|(metric, number)| (metric.trim(), comparison, number.trim()))
        });
        let wrong = || format!("{text:?} is no assertion: write it like \"p95_ttft_ms < 800\"");
        let (metric, comparison, number) = found.ok_or_else(wrong)?;
        let number: f64 = number.replace('_', "").parse().map_err(|_| wrong())?;
        if metric.is_empty() || !number.is_finite() {
            return Err(wrong());
        }
        Ok(Self { metric: metric.to_owned(), comparison, number })
    }

    /// Whether it holds; `None` where there is no such metric.
    #[must_use]
    pub fn holds(&self, metrics: &BTreeMap<String, f64>) -> Option<bool> {
        let value = *metrics.get(&self.metric)?;
        Some(match self.comparison {
            Comparison::Below => value < self.number,
            Comparison::AtMost => value <= self.number,
            Comparison::Above => value > self.number,
            Comparison::AtLeast => value >= self.number,
            Comparison::Equal => value == self.number,
        })
    }
}

impl fmt::Display for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.metric, self.comparison.sign(), self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assertion_is_read_compared_and_shown_as_it_was_written() {
        let metrics = BTreeMap::from([("shed".to_owned(), 3.0)]);
        for (text, holds) in [
            ("shed < 3", false),
            ("shed <= 3", true),
            ("shed == 3", true),
            ("shed >= 4", false),
            ("shed > 2.5", true),
        ] {
            let assertion = Assertion::parse(text).unwrap();
            assert_eq!(assertion.holds(&metrics), Some(holds), "{text}");
            assert_eq!(assertion.to_string(), text);
        }
        assert_eq!(Assertion::parse("shet < 1").unwrap().holds(&metrics), None);
        assert_eq!(Assertion::parse("shed<1_000").unwrap().number, 1_000.0);
    }

    #[test]
    fn what_is_no_assertion_is_told() {
        for text in ["", "shed", "< 3", "shed < many", "shed = 3", "shed < nan"] {
            assert!(Assertion::parse(text).unwrap_err().contains("no assertion"), "{text}");
        }
    }
}
