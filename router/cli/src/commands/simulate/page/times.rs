//! What happened when.

use super::charts::{TIERS, cut, legend};
use super::svg::{Picture, Scale};
use crate::commands::simulate::words;
use littoral_sim::comparison::{Contender, Moment, Report};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 940.0;

/// Areas of answers over time, one row for each policy and baseline.
pub fn answers(report: &Report) -> String {
    let row = 118.0;
    let height = 34.0 + report.contenders.len() as f64 * row + 26.0;
    let mut picture = Picture::new(WIDTH, height, "Answers over time");
    legend(&mut picture, LEFT);
    let moments = report.contenders.iter().flat_map(|it| it.timeline.iter());
    let most = moments.map(|it| it.requests).fold(1.0_f64, f64::max);
    let x = span(report);
    for (at, contender) in report.contenders.iter().enumerate() {
        let (top, bottom) = (48.0 + at as f64 * row, 48.0 + at as f64 * row + 84.0);
        let y = Scale::straight(0.0, most, bottom, top);
        changes(report, &x, (top, bottom), &mut picture);
        picture.line("axis", (LEFT, bottom), (RIGHT, bottom));
        picture.words(
            "tick",
            (LEFT - 8.0, top + 10.0),
            "end",
            &words::number(y.ticks().last().copied().unwrap_or(most)),
        );
        picture.words("tick", (LEFT - 8.0, bottom + 4.0), "end", "0");
        let mut below: Vec<f64> = vec![0.0; contender.timeline.len()];
        let layers = TIERS.into_iter().chain([("nobody", "not answered")]);
        for (place, (class, called)) in layers.enumerate() {
            let value = |it: &Moment| it.answered.get(place).copied().unwrap_or(it.unanswered);
            let lower: Vec<(f64, f64)> = edge(contender, &below, &x, &y);
            for (sum, moment) in below.iter_mut().zip(&contender.timeline) {
                *sum += value(moment);
            }
            let upper = edge(contender, &below, &x, &y);
            picture.area(&format!("tier {class}"), &upper, &lower, called);
        }
        picture.words(
            &format!("c{at} name"),
            (LEFT + 6.0, top + 2.0),
            "start",
            &cut(&contender.name),
        );
    }
    hours(report, &x, height - 10.0, &mut picture);
    picture.done()
}

fn edge(contender: &Contender, values: &[f64], x: &Scale, y: &Scale) -> Vec<(f64, f64)> {
    let pairs = contender.timeline.iter().zip(values);
    pairs.map(|(moment, value)| (x.at(moment.at_s), y.at(*value))).collect()
}

/// Waits, money and charge over time: one plot each, all policies in it.
pub fn lines(report: &Report) -> String {
    let mut text = String::from("<section>\n<div class=\"plots\">\n");
    let wait = |moment: &Moment, _: f64| (moment.p95_ttft_ms > 0.0).then_some(moment.p95_ttft_ms);
    text.push_str(&plot(report, "First token, p95 ms", true, &wait));
    let money = |moment: &Moment, before: f64| Some(before + moment.usd);
    text.push_str(&plot(report, "Dollars spent so far", false, &money));
    let has_charge =
        report.contenders.iter().any(|it| it.timeline.iter().any(|it| it.charge.is_some()));
    if has_charge {
        let charge = |moment: &Moment, _: f64| moment.charge.map(|charge| 100.0 * charge);
        text.push_str(&plot(report, "Mean charge of batteries, %", false, &charge));
    }
    text.push_str("</div>\n</section>\n");
    text
}

fn plot(
    report: &Report,
    title: &str,
    is_log: bool,
    value: &dyn Fn(&Moment, f64) -> Option<f64>,
) -> String {
    let (top, bottom) = (30.0, 236.0);
    let lines: Vec<Vec<(f64, f64)>> = report
        .contenders
        .iter()
        .map(|contender| {
            let mut before = 0.0;
            let each = contender.timeline.iter().filter_map(|moment| {
                before = value(moment, before)?;
                Some((moment.at_s, before))
            });
            each.collect()
        })
        .collect();
    let values = || lines.iter().flatten().map(|(_, value)| *value);
    let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(0.0_f64, f64::max));
    let y = if is_log {
        Scale::log(low.clamp(1.0, high.max(1.0)), high, bottom, top)
    } else {
        Scale::straight(0.0, high, bottom, top)
    };
    let x = span(report);
    let mut picture = Picture::new(WIDTH, 270.0, title);
    picture.words("label", (LEFT, 16.0), "start", title);
    picture.grid_y(&y, LEFT, RIGHT);
    changes(report, &x, (top, bottom), &mut picture);
    for (at, (contender, line)) in report.contenders.iter().zip(&lines).enumerate().rev() {
        let points: Vec<(f64, f64)> =
            line.iter().map(|(s, value)| (x.at(*s), y.at(*value))).collect();
        let kind = if contender.policy_hash.is_some() { "curve" } else { "curve dashed" };
        picture.path(&format!("c{at} {kind}"), &points, &contender.name);
    }
    hours(report, &x, bottom + 22.0, &mut picture);
    picture.done()
}

fn span(report: &Report) -> Scale {
    let last = report.contenders.first().and_then(|it| it.timeline.last());
    let end = last.map_or(report.world.lasts_s, |moment| moment.at_s);
    // Not rounded up: the plot ends where the world does.
    Scale::log(1.0, 2.0, LEFT, RIGHT).straightened(0.0, end)
}

fn changes(report: &Report, x: &Scale, height: (f64, f64), picture: &mut Picture) {
    for at_s in &report.world.changes_s {
        let at = x.at(*at_s);
        picture.line("change", (at, height.0), (at, height.1));
    }
}

/// Times of day, or days where the world is longer than two.
fn hours(report: &Report, x: &Scale, y: f64, picture: &mut Picture) {
    let lasts_s = report.world.lasts_s;
    let steps = [60.0, 300.0, 900.0, 3_600.0, 7_200.0, 14_400.0, 86_400.0, 604_800.0, 2_592_000.0];
    let step = steps.into_iter().find(|step| lasts_s / step <= 12.0).unwrap_or(7_776_000.0);
    let start_s = f64::from(report.world.start_minute) * 60.0;
    let mut at = (start_s / step).ceil() * step;
    while at <= start_s + lasts_s {
        let since = at - start_s;
        let text = if step >= 86_400.0 {
            format!("day {}", (since / 86_400.0).round())
        } else {
            let minute = (at / 60.0).round() as u64 % 1_440;
            format!("{:02}:{:02}", minute / 60, minute % 60)
        };
        picture.words("tick", (x.at(since), y), "middle", &text);
        at += step;
    }
}
