//! Cost against waiting: the picture that people look at first.

use super::svg::{Picture, Scale};
use crate::commands::simulate::words;
use littoral_sim::comparison::{Contender, Interval, Report};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 770.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 396.0;

fn of<'a>(contender: &'a Contender, metric: &str) -> Option<&'a Interval> {
    contender.metrics.get(metric)
}

/// The picture.
pub fn picture(report: &Report) -> String {
    let costs = report.contenders.iter().filter_map(|it| of(it, "cost_usd_per_1000"));
    let waits: Vec<&Interval> =
        report.contenders.iter().filter_map(|it| of(it, "p95_ttft_ms")).collect();
    let most = costs.fold(0.0_f64, |most, cost| most.max(cost.high));
    let least = waits.iter().map(|wait| wait.low).filter(|low| *low > 0.0).fold(f64::MAX, f64::min);
    let longest = waits.iter().map(|wait| wait.high).fold(1.0_f64, f64::max);
    let x = Scale::straight(0.0, most.max(0.01), LEFT, RIGHT);
    let y = Scale::log(least.min(longest) / 1.4, longest * 1.4, BOTTOM, TOP);
    let mut picture = Picture::new(WIDTH, HEIGHT, "Cost against waiting for each policy");
    picture.grid_y(&y, LEFT, RIGHT);
    for tick in x.ticks() {
        picture.line("grid", (x.at(tick), TOP), (x.at(tick), BOTTOM));
        picture.words("tick", (x.at(tick), BOTTOM + 20.0), "middle", &words::number(tick));
    }
    picture.line("axis", (LEFT, BOTTOM), (RIGHT, BOTTOM));
    picture.line("axis", (LEFT, TOP), (LEFT, BOTTOM));
    let middle = f64::midpoint(LEFT, RIGHT);
    picture.words("label", (middle, BOTTOM + 46.0), "middle", "dollars for 1,000 answers");
    picture.words("label", (LEFT, TOP - 12.0), "middle", "first token, p95 ms");
    front(report, &x, &y, &mut picture);
    let mut taken: Vec<f64> = Vec::new();
    let mut order: Vec<usize> = (0..report.contenders.len()).collect();
    order.sort_by(|one, two| {
        let wait = |at: usize| of(&report.contenders[at], "p95_ttft_ms").map_or(0.0, |it| it.mean);
        wait(*two).total_cmp(&wait(*one))
    });
    for at in order {
        mark(report, at, &x, &y, &mut taken, &mut picture);
    }
    picture.done()
}

/// One policy: its dot, its intervals, and its name at the side.
fn mark(
    report: &Report,
    at: usize,
    x: &Scale,
    y: &Scale,
    taken: &mut Vec<f64>,
    picture: &mut Picture,
) {
    let contender = &report.contenders[at];
    let (Some(cost), Some(wait)) =
        (of(contender, "cost_usd_per_1000"), of(contender, "p95_ttft_ms"))
    else {
        return;
    };
    let answered = of(contender, "answered_share").map_or(0.0, |it| it.mean);
    let (px, py) = (x.at(cost.mean), y.at(wait.mean));
    let class = format!("c{at}");
    picture.line(&format!("{class} whisker"), (x.at(cost.low), py), (x.at(cost.high), py));
    picture.line(&format!("{class} whisker"), (px, y.at(wait.low)), (px, y.at(wait.high)));
    let title = format!(
        "{}: {} USD for 1,000 answers, first token p95 {} ms, {:.1} % answered",
        contender.name,
        words::interval(cost),
        words::interval(wait),
        100.0 * answered
    );
    let kind = if contender.policy_hash.is_some() { "dot" } else { "dot hollow" };
    picture.dot(&format!("{class} {kind}"), (px, py), 8.0, &title);
    // Names stand in a column at the side, in the order of the dots, and never on each other.
    let wanted = taken.last().map_or(py, |last| py.max(last + 40.0));
    taken.push(wanted);
    picture.line(&format!("{class} leader"), (px + 9.0, py), (RIGHT + 12.0, wanted - 4.0));
    picture.words(
        &format!("{class} name"),
        (RIGHT + 18.0, wanted),
        "start",
        &short(&contender.name),
    );
    let answered = format!("{:.1} % answered", 100.0 * answered);
    picture.words("tick", (RIGHT + 18.0, wanted + 16.0), "start", &answered);
}

/// The line of those that nobody beats in both, among those that answer about as much as the best.
fn front(report: &Report, x: &Scale, y: &Scale, picture: &mut Picture) {
    let answered = |it: &Contender| of(it, "answered_share").map_or(0.0, |share| share.mean);
    let best = report.contenders.iter().map(answered).fold(0.0_f64, f64::max);
    let mut points: Vec<(f64, f64)> = report
        .contenders
        .iter()
        .filter(|it| answered(it) > best - 0.02)
        .filter_map(|it| Some((of(it, "cost_usd_per_1000")?.mean, of(it, "p95_ttft_ms")?.mean)))
        .collect();
    points.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.total_cmp(&two.1)));
    let mut shortest = f64::INFINITY;
    points.retain(|(_, wait)| {
        let is_better = *wait < shortest;
        shortest = shortest.min(*wait);
        is_better
    });
    let line: Vec<(f64, f64)> =
        points.iter().map(|(cost, wait)| (x.at(*cost), y.at(*wait))).collect();
    if line.len() > 1 {
        picture.path("front", &line, "nobody is better in both");
    }
}

/// A name that fits beside the picture.
fn short(name: &str) -> String {
    let cut: String = name.chars().take(23).collect();
    if cut.len() < name.len() { format!("{cut}…") } else { cut }
}
