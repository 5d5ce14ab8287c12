//! The effects of a rule as written, checked: ranges, lists without twins, words that mean something.

use super::{Effects, Preferences, Restrictions, Weights};
use crate::class::Tier;
use crate::policy::PredictedLimits;
use crate::policy::problem::Problems;
use crate::policy::range;
use crate::policy::raw::{RawRule, RawWeights};
use crate::policy::rule::source::quoted;
use std::fmt::{Debug, Display};
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Highest exchange rate, the same million dollars.
const DEAREST_RATE_USD_MICROS: f64 = 1e12;
/// Longest time of keeping, a hundred years in days.
const LONGEST_KEPT_DAYS: u32 = 36_500;
/// Most entries of a list.
const MOST_ENTRIES: usize = 64;
/// Most tags of one rule: all of them stand in every record.
const MOST_TAGS: usize = 16;
/// Longest tag, in characters.
const LONGEST_TAG_CHARS: usize = 32;

/// The effect that is settled before any target is looked at, if the rule has one.
pub(in crate::policy::rule) fn once(raw: &RawRule) -> Option<&'static str> {
    let settled = [
        ("preset", raw.preset.is_some()),
        ("weights", raw.weights.is_some()),
        ("prefer", raw.prefer.is_some()),
        ("ranking", raw.ranking.is_some()),
        ("hedge", raw.hedge.is_some()),
        ("tag", raw.tag.is_some()),
        ("lower_label", raw.lower_label.is_some()),
    ];
    settled.into_iter().find(|(_, written)| *written).map(|(key, _)| key)
}

/// Checks the effects of a rule at `path` of a policy that uses these tiers.
pub(in crate::policy::rule) fn compile(
    raw: &RawRule,
    path: &str,
    used: &[Tier],
    problems: &mut Problems,
) -> Effects {
    let mut entry = Entry { path, problems };
    let restricts = restrictions(raw, &mut entry);
    if restricts.deny && restricts != (Restrictions { deny: true, ..Restrictions::default() }) {
        entry.no(
            "deny",
            "leaves nothing for the rule's other effects to limit: remove one or the other",
        );
    }
    let alone = RawRule { name: None, r#for: None, when: None, ..raw.clone() };
    if alone == RawRule::default() {
        entry.problems.add(
            path,
            "has no effect: give it deny, max_tier, another limit, a preference or a tag",
        );
    }
    let prefers = preferences(raw, used, &mut entry);
    Effects {
        restricts,
        prefers,
        tags: entry.tags(raw.tag.as_deref()),
        lower_label: entry.flag("lower_label", raw.lower_label, ""),
    }
}

fn restrictions(raw: &RawRule, entry: &mut Entry<'_>) -> Restrictions {
    Restrictions {
        deny: entry.flag("deny", raw.deny, ", no rule can allow"),
        max_tier: raw.max_tier,
        own_device: entry.flag("own_device", raw.own_device, ", no rule can allow"),
        regions: entry.regions(raw.regions.as_deref()),
        max_retention_days: entry.within(
            "max_retention_days",
            raw.max_retention_days,
            0..=LONGEST_KEPT_DAYS,
            "days",
        ),
        accelerators: raw.accelerator.as_deref().map(|kinds| {
            let mut kinds = entry.list("accelerator", kinds, "cpu, gpu, npu");
            kinds.sort_unstable();
            kinds
        }),
        predicted: PredictedLimits {
            max_first_token_ms: raw.max_first_token_ms,
            max_total_ms: raw.max_total_ms,
            max_cost_usd_micros: raw.max_cost_usd_micros,
            max_energy_joules: raw.max_energy_joules,
            min_quality: raw.min_quality,
        }
        .checked(entry.path, entry.problems),
    }
}

fn preferences(raw: &RawRule, used: &[Tier], entry: &mut Entry<'_>) -> Preferences {
    let prefer = raw
        .prefer
        .as_deref()
        .map(|tiers| entry.list("prefer", tiers, "device, edge, cloud"))
        .unwrap_or_default();
    for tier in prefer.iter().filter(|tier| !used.contains(tier)) {
        let known: Vec<&str> = used.iter().map(|tier| tier.name()).collect();
        let known = known.join(", ");
        let reason = format!(
            "names {tier}, which this policy does not use: name one of {known}, or add {tier} to \
             tiers.order"
        );
        entry.no("prefer", reason);
    }
    Preferences {
        preset: raw.preset,
        weights: raw.weights.map(|raw| weights(&raw, entry)).unwrap_or_default(),
        prefer,
        ranking: raw.ranking,
        hedge: raw.hedge,
    }
}

fn weights(raw: &RawWeights, entry: &mut Entry<'_>) -> Weights {
    if *raw == RawWeights::default() {
        entry.no(
            "weights",
            "is empty: give it first_token_usd_micros_per_s, total_usd_micros_per_s, \
             energy_usd_micros_per_joule or bad_answer_usd_micros",
        );
    }
    let mut rate = |key: &str, rate: Option<f64>| {
        let key = format!("weights.{key}");
        entry.within(&key, rate, 0.0..=DEAREST_RATE_USD_MICROS, "micro-dollars")
    };
    Weights {
        first_token_usd_micros_per_s: rate(
            "first_token_usd_micros_per_s",
            raw.first_token_usd_micros_per_s,
        ),
        total_usd_micros_per_s: rate("total_usd_micros_per_s", raw.total_usd_micros_per_s),
        energy_usd_micros_per_joule: rate(
            "energy_usd_micros_per_joule",
            raw.energy_usd_micros_per_joule,
        ),
        bad_answer_usd_micros: rate("bad_answer_usd_micros", raw.bad_answer_usd_micros),
    }
}

/// One rule of the file, and what is wrong with it.
struct Entry<'a> {
    path: &'a str,
    problems: &'a mut Problems,
}

impl Entry<'_> {
    fn no(&mut self, key: &str, reason: impl Into<String>) {
        self.problems.add(format!("{}.{key}", self.path), reason);
    }

    /// A flag that is written to be set.
    fn flag(&mut self, key: &str, flag: Option<bool>, why: &str) -> bool {
        if flag == Some(false) {
            self.no(key, format!("is false, which changes nothing: remove it{why}"));
        }
        flag.unwrap_or_default()
    }

    fn within<T: PartialOrd + Copy + Debug>(
        &mut self,
        key: &str,
        number: Option<T>,
        range: RangeInclusive<T>,
        unit: &str,
    ) -> Option<T> {
        range::checked(number, range, unit, format!("{}.{key}", self.path), self.problems)
    }

    /// A list with at least one entry and none twice.
    fn list<T: PartialEq + Clone + Display>(&mut self, key: &str, list: &[T], of: &str) -> Vec<T> {
        if list.is_empty() {
            self.no(key, format!("is an empty list: name at least one of {of}, or remove it"));
        }
        let count = list.len();
        if count > MOST_ENTRIES {
            self.no(key, format!("has {count} entries, over the limit of {MOST_ENTRIES}"));
            return Vec::new();
        }
        for (index, item) in list.iter().enumerate() {
            if list.iter().take(index).any(|earlier| earlier == item) {
                let item = quoted(&item.to_string());
                self.no(key, format!("names {item} twice: once is enough"));
            }
        }
        list.to_vec()
    }

    fn regions(&mut self, regions: Option<&[String]>) -> Option<Vec<String>> {
        let mut regions = self.list("regions", regions?, "the regions of the configured clouds");
        for region in &regions {
            if region.trim().is_empty() {
                self.no(
                    "regions",
                    "holds an empty name: remove it, an unknown region never passes",
                );
            } else if region.chars().any(char::is_control) {
                let region = quoted(region);
                self.no("regions", format!("{region} holds a control character: remove it"));
            }
        }
        regions.sort_unstable();
        Some(regions)
    }

    fn tags(&mut self, tags: Option<&[String]>) -> Vec<Arc<str>> {
        let Some(tags) = tags else { return Vec::new() };
        let mut tags = self.list("tag", tags, "your own names, such as billing-a");
        let count = tags.len();
        if count > MOST_TAGS {
            self.no("tag", format!("has {count} entries, over the limit of {MOST_TAGS}"));
        }
        for tag in tags.iter().filter(|tag| !is_tag(tag)) {
            let reason = match mended(tag) {
                Some(mended) => format!(": did you mean {mended:?}?"),
                None => String::new(),
            };
            let tag = quoted(tag);
            self.no(
                "tag",
                format!(
                    "{tag} is no tag: use 1 to {LONGEST_TAG_CHARS} of a to z, 0 to 9, _ and -{reason}"
                ),
            );
        }
        tags.sort_unstable();
        tags.into_iter().map(Into::into).collect()
    }
}

fn is_tag(tag: &str) -> bool {
    (1..=LONGEST_TAG_CHARS).contains(&tag.len()) && tag.bytes().all(is_tag_byte)
}

const fn is_tag_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')
}

/// The nearest text that is a tag, where one is near.
fn mended(tag: &str) -> Option<String> {
    let letter = |letter: char| match letter.to_ascii_lowercase() {
        small if small.is_ascii() && is_tag_byte(small as u8) => small,
        _ => '-',
    };
    let mended: String = tag.trim().chars().map(letter).collect();
    let letters = mended.bytes().any(|byte| byte.is_ascii_alphanumeric());
    (letters && is_tag(&mended)).then_some(mended)
}
