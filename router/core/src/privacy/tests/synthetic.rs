//! Labelled texts of presidio-research: exact spans of the kinds that have a form.

use super::Searcher;
use crate::privacy::LIKELY;
use serde::Deserialize;

const TEXTS: &str = include_str!("../testdata/synthetic.jsonl");
const KINDS: [&str; 6] =
    ["CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN", "DOMAIN_NAME"];

#[derive(Deserialize)]
struct Text {
    text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    #[serde(rename = "type")]
    kind: String,
    byte_start: usize,
    byte_end: usize,
}

#[test]
fn kinds_with_a_form_are_found_in_labelled_texts_with_their_exact_spans() {
    let mut searcher = Searcher::shipped().unwrap();
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), Vec::new());
    for line in TEXTS.lines() {
        let text: Text = serde_json::from_str(line).unwrap();
        let spots = searcher.text(&text.text).spots;
        let mut found: Vec<(&str, usize, usize)> = spots
            .iter()
            .filter(|spot| spot.score >= LIKELY && KINDS.contains(&spot.detector.kind))
            .map(|spot| (spot.detector.kind, spot.span.start, spot.span.end))
            .collect();
        for span in text.spans.iter().filter(|span| KINDS.contains(&&*span.kind)) {
            let wanted = (&*span.kind, span.byte_start, span.byte_end);
            match found.iter().position(|one| *one == wanted) {
                Some(at) => {
                    found.remove(at);
                    right += 1;
                }
                None => missed.push(format!("{wanted:?} in {:?}", text.text)),
            }
        }
        wrong.extend(found.into_iter().map(|one| format!("{one:?} in {:?}", text.text)));
    }
    let f1 = 2.0 * f64::from(right) / f64::from(2 * right + (wrong.len() + missed.len()) as i32);
    println!("F1 {f1:.4}: {right} right, {} extra, {} missed", wrong.len(), missed.len());
    assert!(right > 150, "{right}");
    assert!(f1 >= 0.97, "F1 {f1:.3}, extra {wrong:#?}, missed {missed:#?}");
}
