//! Who answered, and how long the waits are.

use super::svg::{Picture, Scale};
use crate::commands::simulate::words;
use littoral_sim::comparison::{Contender, Report};

const WIDTH: f64 = 960.0;

/// Tiers in order, with what they are called.
pub const TIERS: [(&str, &str); 3] =
    [("device", "own device"), ("edge", "shared machine"), ("cloud", "cloud")];

fn mean(contender: &Contender, metric: &str) -> f64 {
    contender.metrics.get(metric).map_or(0.0, |value| value.mean)
}

/// Bars of who answered.
pub fn shares(report: &Report) -> String {
    let (left, right, row) = (200.0, WIDTH - 20.0, 40.0);
    let height = report.contenders.len() as f64 * row + 34.0;
    let mut picture = Picture::new(WIDTH, height, "Share of requests by who answered");
    legend(&mut picture, left);
    for (at, contender) in report.contenders.iter().enumerate() {
        let y = 34.0 + at as f64 * row;
        picture.words(
            &format!("c{at} name"),
            (left - 14.0, y + 19.0),
            "end",
            &cut(&contender.name),
        );
        let answered = mean(contender, "answered_share");
        let mut from = left;
        for (tier, called) in TIERS {
            let share = answered * mean(contender, &format!("share.{tier}"));
            let width = share * (right - left);
            let title = format!("{}: {:.1} % by {called}", contender.name, 100.0 * share);
            picture.bar(&format!("tier {tier}"), (from, y), (width, 26.0), &title);
            percent(&mut picture, share, from, width, y);
            from += width;
        }
        let none = (1.0 - answered).max(0.0);
        let title = format!("{}: {:.1} % not answered", contender.name, 100.0 * none);
        picture.bar("tier nobody", (from, y), (right - from, 26.0), &title);
        percent(&mut picture, none, from, right - from, y);
    }
    picture.done()
}

fn percent(picture: &mut Picture, share: f64, from: f64, width: f64, y: f64) {
    if width > 44.0 {
        let text = format!("{:.0} %", 100.0 * share);
        picture.words("inside", (from + width / 2.0, y + 18.0), "middle", &text);
    }
}

/// Names of the colours of tiers.
pub fn legend(picture: &mut Picture, left: f64) {
    let names = TIERS.into_iter().chain([("nobody", "not answered")]);
    let mut x = left;
    for (class, called) in names {
        picture.bar(&format!("tier {class}"), (x, 6.0), (12.0, 12.0), called);
        picture.words("tick", (x + 18.0, 16.0), "start", called);
        x += 40.0 + called.len() as f64 * 7.2;
    }
}

/// Curves of waits.
pub fn waits(report: &Report) -> String {
    let (left, right, top, bottom) = (76.0, 770.0, 16.0, 350.0);
    let all = report.contenders.iter().flat_map(|it| it.first_token_curve.iter());
    let waits: Vec<f64> = all.map(|(_, wait)| *wait).filter(|wait| *wait > 0.0).collect();
    let low = waits.iter().copied().fold(f64::MAX, f64::min).max(1.0);
    let high = waits.iter().copied().fold(10.0_f64, f64::max);
    let y = Scale::log(low, high, bottom, top);
    // A share of one half and one of 99 % are as far apart as people find them.
    let x = |share: f64| {
        let stretched = -(1.0 - share).ln() / -(1.0_f64 - 0.999).ln();
        left + stretched * (right - left)
    };
    let mut picture = Picture::new(WIDTH, 410.0, "Waits for the first token");
    picture.grid_y(&y, left, right);
    for share in [0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999] {
        picture.line("grid", (x(share), top), (x(share), bottom));
        let text = format!("{} %", words::number(100.0 * share));
        picture.words("tick", (x(share), bottom + 20.0), "middle", &text);
    }
    let middle = f64::midpoint(left, right);
    picture.words(
        "label",
        (middle, bottom + 46.0),
        "middle",
        "share of answers that began within so many ms",
    );
    for (at, contender) in report.contenders.iter().enumerate().rev() {
        let curve = &contender.first_token_curve;
        let points: Vec<(f64, f64)> = curve
            .iter()
            .filter(|it| it.1 > 0.0)
            .map(|(share, wait)| (x(*share), y.at(*wait)))
            .collect();
        let kind = if contender.policy_hash.is_some() { "curve" } else { "curve dashed" };
        picture.path(&format!("c{at} {kind}"), &points, &contender.name);
        let name_y = top + 16.0 + at as f64 * 24.0;
        let sample = [(right + 18.0, name_y - 4.0), (right + 40.0, name_y - 4.0)];
        picture.path(&format!("c{at} {kind}"), &sample, &contender.name);
        picture.words("tick", (right + 48.0, name_y), "start", &cut(&contender.name));
    }
    picture.done()
}

/// A name that fits beside a plot.
pub fn cut(name: &str) -> String {
    let short: String = name.chars().take(22).collect();
    if short.len() < name.len() { format!("{short}…") } else { short }
}
