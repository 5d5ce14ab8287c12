//! Budgets and rates, as people write them.

use super::problem;
use crate::rates::Rate;
use littoral_core::budget::{Budget, Over, Period, Scope, Unit};
use littoral_kit::config::Problem;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::time::Duration;

/// Most of either.
const MOST: usize = 256;

/// Whose spending or requests are counted. A name counts that one alone; `each` gives everyone a count of
/// their own; absent: everybody together.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawScope {
    /// Organisation.
    pub tenant: Option<String>,
    /// Person or service account.
    pub user: Option<String>,
    /// Application.
    pub application: Option<String>,
    /// Model, as its target is named.
    pub model: Option<String>,
}

impl RawScope {
    fn compile(&self) -> Scope {
        let over = |name: &Option<String>| match name.as_deref() {
            None => Over::All,
            Some("each") => Over::Each,
            Some(name) => Over::Only(name.into()),
        };
        Scope {
            tenant: over(&self.tenant),
            user: over(&self.user),
            application: over(&self.application),
            model: over(&self.model),
        }
    }
}

/// A limit on what is spent at clouds in a period.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawBudget {
    /// Its name; its accounts keep it over restarts.
    pub name: String,
    /// When it refills, in UTC: `minute`, `hour`, `day`, `week` (on Monday) or `month`.
    pub every: Period,
    /// Never exceeded, in US dollars.
    #[serde(default)]
    pub usd: Option<f64>,
    /// Past it what is cheaper is preferred, in US dollars.
    #[serde(default)]
    pub soft_usd: Option<f64>,
    /// Never exceeded, in tokens read and generated.
    #[serde(default)]
    pub tokens: Option<u64>,
    /// Past it what is cheaper is preferred, in tokens.
    #[serde(default)]
    pub soft_tokens: Option<u64>,
    /// Percent at which it is said in the log.
    #[serde(default)]
    pub alert_percent: Vec<u8>,
    /// Whose spending it counts.
    #[serde(default)]
    pub of: RawScope,
}

/// A limit on requests in a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRate {
    /// Its name, for messages.
    pub name: String,
    /// Requests in the time, on average.
    pub requests: u32,
    /// The time: `second`, `minute`, `hour` or `day`.
    pub every: RawSpan,
    /// Requests at once; as many as in the time if absent.
    #[serde(default)]
    pub burst: Option<u32>,
    /// Whose requests it counts. One that names a model, or each, is asked when a cloud is.
    #[serde(default)]
    pub of: RawScope,
}

/// A time for a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawSpan {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// Twenty-four hours.
    Day,
}

impl RawSpan {
    const fn length(self) -> Duration {
        Duration::from_secs(match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        })
    }
}

/// Compiles budgets, and notes everything that is wrong with them.
pub(super) fn budgets(raw: &[RawBudget], file: &str, problems: &mut Vec<Problem>) -> Vec<Budget> {
    let mut bad = |index: usize, field: &str, why: &str| {
        problems.push(problem(file, &format!("budget[{index}].{field}"), why.into()));
    };
    named(raw.iter().map(|one| one.name.as_str()), &mut bad);
    let mut budgets = Vec::with_capacity(raw.len());
    for (index, one) in raw.iter().enumerate() {
        let money = one.usd.is_some() || one.soft_usd.is_some();
        let tokens = one.tokens.is_some() || one.soft_tokens.is_some();
        if money == tokens {
            bad(
                index,
                "usd",
                "a budget counts one thing: give usd or soft_usd, or tokens or soft_tokens",
            );
        }
        if one.alert_percent.iter().any(|percent| !(1..=100).contains(percent)) {
            bad(index, "alert_percent", "1 to 100");
        }
        let mut micros = |field: &str, usd: Option<f64>| {
            let micros = usd.map(usd_micros);
            if micros == Some(None) {
                bad(index, field, "an amount from 0 to 1 000 000 000 dollars");
            }
            micros.flatten()
        };
        let (usd, soft_usd) = (micros("usd", one.usd), micros("soft_usd", one.soft_usd));
        let (unit, hard, soft) = if tokens {
            (Unit::Tokens, one.tokens, one.soft_tokens)
        } else {
            (Unit::UsdMicros, usd, soft_usd)
        };
        if hard.zip(soft).is_some_and(|(hard, soft)| soft > hard) {
            bad(index, "soft_usd", "a soft limit above the hard one is never reached");
        }
        budgets.push(Budget {
            name: one.name.as_str().into(),
            scope: one.of.compile(),
            unit,
            period: one.every,
            hard,
            soft,
            alert_percent: one.alert_percent.clone(),
        });
    }
    budgets
}

/// Compiles rates, and notes everything that is wrong with them.
pub(super) fn rates(raw: &[RawRate], file: &str, problems: &mut Vec<Problem>) -> Vec<Rate> {
    let mut bad = |index: usize, field: &str, why: &str| {
        problems.push(problem(file, &format!("rate[{index}].{field}"), why.into()));
    };
    named(raw.iter().map(|one| one.name.as_str()), &mut bad);
    let mut rates = Vec::with_capacity(raw.len());
    for (index, one) in raw.iter().enumerate() {
        let whole =
            (NonZeroU32::new(one.requests), NonZeroU32::new(one.burst.unwrap_or(one.requests)));
        let (Some(requests), Some(burst)) = whole else {
            bad(index, "requests", "at least 1, and so is burst");
            continue;
        };
        let (scope, every) = (one.of.compile(), one.every.length());
        rates.push(Rate { name: one.name.clone(), scope, requests, every, burst });
    }
    rates
}

fn named<'a>(names: impl Iterator<Item = &'a str>, bad: &mut impl FnMut(usize, &str, &str)) {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
            bad(index, "name", "1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        if !seen.insert(name) {
            bad(index, "name", "is named twice");
        }
        if index == MOST {
            bad(index, "name", "there are more than 256");
        }
    }
}

/// Dollars in whole micro-dollars, rounded down: a limit is never higher than was written.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked before"
)]
fn usd_micros(usd: f64) -> Option<u64> {
    // The nearest millionth of what was written, where binary fractions fall a little short of it.
    (0.0..=1e9).contains(&usd).then(|| (usd * 1e6 + 1e-6).floor() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(budgets_toml: &str) -> (Vec<Budget>, Vec<String>) {
        #[derive(Deserialize)]
        struct File {
            budget: Vec<RawBudget>,
        }
        let file: File = toml::from_str(budgets_toml).unwrap();
        let mut problems = Vec::new();
        let budgets = budgets(&file.budget, "f", &mut problems);
        (budgets, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_budget_is_read_in_dollars_or_tokens_for_whom_it_says() {
        let (budgets, problems) = problems(
            "[[budget]]\nname = 'team'\nevery = 'month'\nusd = 12.34\nsoft_usd = 10\n\
             alert_percent = [80]\nof = { tenant = 'acme', user = 'each' }\n\
             [[budget]]\nname = 'words'\nevery = 'minute'\ntokens = 5000\n",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!((budgets[0].hard, budgets[0].soft), (Some(12_340_000), Some(10_000_000)));
        assert_eq!(budgets[0].scope.tenant, Over::Only("acme".into()));
        assert_eq!(budgets[0].scope.user, Over::Each);
        assert_eq!((budgets[1].unit, budgets[1].hard), (Unit::Tokens, Some(5_000)));
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let (_, problems) = problems(
            "[[budget]]\nname = 'a'\nevery = 'day'\n\
             [[budget]]\nname = 'a'\nevery = 'day'\nusd = 1\ntokens = 1\n\
             [[budget]]\nname = 'b c'\nevery = 'day'\nusd = -1\nalert_percent = [0]\n\
             [[budget]]\nname = 'd'\nevery = 'day'\nusd = 1\nsoft_usd = 2\n",
        );
        for (at, why) in [
            ("budget[0].usd", "counts one thing"),
            ("budget[1].name", "named twice"),
            ("budget[1].usd", "counts one thing"),
            ("budget[2].name", "1 to 64 characters"),
            ("budget[2].usd", "an amount from 0"),
            ("budget[2].alert_percent", "1 to 100"),
            ("budget[3].soft_usd", "never reached"),
        ] {
            let told = problems.iter().any(|one| one.contains(at) && one.contains(why));
            assert!(told, "{at} {why} in {problems:#?}");
        }
    }

    #[test]
    fn dollars_become_the_micro_dollars_that_were_meant() {
        let micros = [0.1, 0.29, 1.005, 12.34, 0.000_001].map(usd_micros);
        assert_eq!(micros, [100_000, 290_000, 1_005_000, 12_340_000, 1].map(Some));
        assert_eq!([usd_micros(-0.1), usd_micros(f64::NAN), usd_micros(2e9)], [None; 3]);
    }
}
