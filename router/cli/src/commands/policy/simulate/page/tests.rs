//! Pages as people see them, without their colours.

use super::*;
use littoral_proto::v1::simulate_summary::Metric;

fn metric(name: &str, [compared, proposed]: [f64; 2], ends: Option<(f64, f64)>) -> Metric {
    let (difference_low, difference_high) = ends.unzip();
    Metric {
        name: name.into(),
        compared: Some(compared),
        proposed: Some(proposed),
        difference: Some(proposed - compared),
        difference_low,
        difference_high,
        ..Metric::default()
    }
}

fn summary() -> v1::SimulateSummary {
    v1::SimulateSummary {
        considered: 1_200,
        changed: 320,
        unreplayable: 2,
        newly_cloud: 1,
        no_longer_cloud: 319,
        hash_proposed: "aaaaaaaaaaaaaaaa".into(),
        hash_compared: "bbbbbbbbbbbbbbbb".into(),
        first_unix_ms: Some(0),
        last_unix_ms: Some(0),
        compared: Some(Basis { kept: 1_190, refused: 10, ..Basis::default() }),
        proposed: Some(Basis { kept: 870, predicted: 320, uncalibrated: 1, refused: 10 }),
        metrics: vec![
            metric("answered", [1_180.0, 1_180.0], Some((0.0, 0.0))),
            metric("refused", [10.0, 12.0], Some((-1.0, 5.0))),
            metric("refused.EGRESS_DENIED", [10.0, 12.0], Some((-1.0, 5.0))),
            metric("failed", [0.0, 0.0], Some((0.0, 0.0))),
            metric("share.cloud", [0.4, 0.125], Some((-0.3, -0.25))),
            metric("cost_usd", [12.5, 4.25], Some((-9.0, -7.5))),
            metric("p95_ttft_ms", [420.0, 1_900.0], None),
            metric("egress_bytes", [4_000_000.0, 1_250.0], Some((-4_100_000.0, -3_900_000.0))),
        ],
        calibrations: vec![Calibration {
            target: "openai/mini".into(),
            answers: 480,
            first_token_ratio: Some(1.25),
            total_ratio: Some(1.1),
            cost_ratio: Some(0.98),
            ..Calibration::default()
        }],
        seed: 1,
        ..v1::SimulateSummary::default()
    }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The page without the moments, which are told in the zone of whoever reads.
fn seen(summary: &v1::SimulateSummary) -> String {
    let text = plain(&page(summary, &[], true, usize::MAX));
    text.replace(&units::moment(0), "MOMENT")
}

#[test]
fn the_page_is_loud_about_clouds_and_shows_both_sides_the_change_and_its_interval() {
    let wanted = "\
policy aaaaaaaaaaaa against bbbbbbbbbbbb (in force)
1,200 recorded requests, MOMENT to MOMENT

1 request WOULD NEWLY REACH A CLOUD
319 would no longer reach one
320 requests would take another route

                        now  proposed        change  95 % of the change
answered              1,180     1,180          same
refused                  10        12            +2  -1 to +5
  EGRESS_DENIED          10        12            +2  -1 to +5
in clouds              40 %    12.5 %  -27.5 points  -30 points to -25 points
paid to clouds     12.5 USD  4.25 USD     -8.25 USD  -9 USD to -7.5 USD
first token, 95 %    420 ms    1.90 s       +1.48 s
left for clouds    4,000 kB   1,250 B     -3,999 kB  -4,100 kB to -3,900 kB

now rests on 1,190 real outcomes, 10 refusals
proposed rests on 870 real outcomes, 320 predictions (1 of them uncorrected: too few answers to compare with), 10 refusals
openai/mini: real over predicted in 480 answers: first token × 1.25, whole answer × 1.10, cost × 0.98
intervals: delete-a-group jackknife over requests, seed 1; what the changed load would do to queues is not in them
of 2 more nothing can be said: another version of the router recorded them
";
    assert_eq!(seen(&summary()), wanted);
}

#[test]
fn a_change_has_a_colour_only_where_chance_does_not_explain_it() {
    let text = page(&summary(), &[], true, usize::MAX);
    for (colour, cell) in [
        (screen::RED, "1 request WOULD NEWLY REACH A CLOUD"),
        (screen::GREEN, "-8.25 USD"),
        (screen::BOLD, "-27.5 points"),
        (screen::DIM, "same"),
    ] {
        assert!(text.contains(&format!("{colour}{cell}{}", screen::PLAIN)), "{cell}: {text}");
    }
    assert!(!text.contains(&format!("{}+2", screen::RED)), "the interval holds nought: {text}");
}

#[test]
fn a_time_without_records_says_so_and_shows_no_table() {
    let none = v1::SimulateSummary {
        hash_proposed: "a".into(),
        hash_compared: "b".into(),
        ..v1::SimulateSummary::default()
    };
    let wanted =
        "policy a against b\nno recorded requests of that time; --since looks further back\n\n";
    assert_eq!(plain(&page(&none, &[], false, usize::MAX)), wanted);
}

#[test]
fn what_was_cut_short_or_not_reproduced_is_told() {
    let text = seen(&v1::SimulateSummary {
        cut_short: true,
        decided_under_compared: 1_000,
        not_reproduced: 3,
        ..summary()
    });
    assert!(text.contains("before all requests were looked at"), "{text}");
    assert!(text.contains("3 of 1,000 decisions of the same policy come out otherwise"), "{text}");
}
