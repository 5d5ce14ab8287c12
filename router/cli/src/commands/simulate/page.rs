//! The report as one page: everything is in the file, nothing is loaded, light and dark follow the reader's
//! system. Plots are SVG inside the page; a picture names what is under the pointer.

mod charts;
mod pareto;
mod parts;
mod svg;
mod times;

use super::words;
use littoral_sim::comparison::Report;
use std::fmt::Write as _;

const STYLE: &str = include_str!("page/style.css");

/// The page.
pub fn page(report: &Report) -> String {
    let name = svg::escape(&report.world.name);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<title>{name} · simulated</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<header>\n<p class=\"kicker\">Littoral · \
         simulation</p>\n<h1>{name}</h1>\n<p class=\"about\">{}</p>\n<p class=\"sizes\">{}</p>\n</header>\n",
        svg::escape(&report.world.about),
        svg::escape(&words::sizes(report)),
    );
    page.push_str(&parts::headline(report));
    page.push_str(&parts::assertions(report));
    section(
        &mut page,
        "What it costs, and how long people wait",
        "Each mark is a policy; hollow ones are baselines. Bars are 95 % intervals over seeds. Left and low \
         is better. The share of requests that got an answer stands beside each name.",
        &pareto::picture(report),
    );
    section(
        &mut page,
        "Side by side",
        "Means over seeds with their 95 % intervals. Where an interval is apart from that of the first \
         policy, an arrow says on which side.",
        &parts::table(report),
    );
    section(&mut page, "Who answered", "Share of all requests that came.", &charts::shares(report));
    section(
        &mut page,
        "Waiting for the first token",
        "How long it took for each share of the answers. The scale of time is logarithmic; the scale of shares \
         is stretched towards the impatient end.",
        &charts::waits(report),
    );
    section(
        &mut page,
        "Over time",
        "Requests by who answered them. Dashed lines are changes in the world: outages, prices, new models.",
        &times::answers(report),
    );
    page.push_str(&times::lines(report));
    section(
        &mut page,
        "What left the building",
        "Content of requests that was sent to clouds, on any try, by class.",
        &parts::egress(report),
    );
    page.push_str(&parts::everything(report));
    let _ = write!(
        page,
        "<footer><p>Simulated on a virtual clock around the decision core of the live router, with common \
         random numbers: every policy met the same requests. Seeds {:?}.</p></footer>\n</main>\n</body>\n\
         </html>\n",
        report.world.seeds
    );
    page
}

fn section(page: &mut String, title: &str, about: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    // Writing to a string does not fail.
    let _ = write!(
        page,
        "<section>\n<h2>{}</h2>\n<p class=\"lead\">{}</p>\n{content}</section>\n",
        svg::escape(title),
        svg::escape(about)
    );
}

#[cfg(test)]
mod tests;
