//! What a scan of a whole prompt sees: neighbours together, images, places, and everything that it must
//! not fall over.

use super::{message, plain, scanned, sound, text};
use crate::class::DataClass;
use crate::facts::Extent;
use crate::privacy::detect::{Family, MOST_HITS};
use crate::privacy::{Searcher, kinds};
use crate::prompt::{Part, PartContent, Prompt, Role};
use proptest::prelude::*;

fn of(prompt: Prompt) -> Vec<(String, String, bool)> {
    let scan = scanned(prompt);
    let one = |finding: &crate::privacy::Finding| {
        (finding.spot.detector.kind.to_owned(), finding.at.to_string(), finding.joined)
    };
    scan.findings().iter().filter(|finding| finding.spot.score >= 40).map(one).collect()
}

#[test]
fn there_are_more_kinds_than_were_promised_and_each_names_its_source() {
    let all = kinds();
    let credentials = all.iter().filter(|row| row.family == Family::Credential).count();
    assert!(credentials >= 150 && all.len() - credentials >= 100, "{credentials} of {}", all.len());
    for row in all {
        assert!(!row.about.is_empty() && !row.source.is_empty(), "{}", row.kind);
        let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        assert!(row.kind.bytes().all(capital), "{}", row.kind);
    }
}

#[test]
fn a_number_split_over_parts_messages_or_turns_is_one_number() {
    let card = || ("CREDIT_CARD".to_owned(), "messages[0].parts[0].text".to_owned(), true);
    let halves = ["pay with 4111 1111", "1111 1111 please"];
    let parts = message(halves.map(|half| text(half, None)).into());
    assert_eq!(of(Prompt { messages: vec![parts], ..plain() }), [card()]);
    let said = |words: &str| message(vec![text(words, None)]);
    let two = halves.map(said).to_vec();
    assert_eq!(of(Prompt { messages: two, ..plain() }), [card()]);
    let mut between = said("Go on.");
    between.role = Role::Assistant;
    let turns = vec![said(halves[0]), between, said(halves[1])];
    assert_eq!(of(Prompt { messages: turns, ..plain() }), [card()]);
}

#[test]
fn what_a_number_is_may_stand_in_the_question_before_it_or_in_the_name_of_its_field() {
    let said = |words: &str| message(vec![text(words, None)]);
    let mut asked = said("What is your social security number?");
    asked.role = Role::Assistant;
    let found = |prompt: Prompt| {
        let scan = scanned(prompt);
        let likely = |finding: &&crate::privacy::Finding| finding.spot.score >= 40;
        scan.findings()
            .iter()
            .filter(likely)
            .map(|one| (one.spot.detector.kind, one.at.to_string(), one.joined))
            .collect::<Vec<_>>()
    };
    let number = "078051121";
    assert_eq!(found(Prompt { messages: vec![said(number)], ..plain() }), []);
    let answered = Prompt { messages: vec![asked, said(number)], ..plain() };
    assert_eq!(found(answered), [("US_SSN", "messages[1].parts[0].text".to_owned(), false)]);
    let metadata = std::collections::BTreeMap::from([("ssn".to_owned(), number.to_owned())]);
    let found = found(Prompt { metadata, ..plain() });
    assert_eq!(found.iter().map(|found| found.0).collect::<Vec<_>>(), ["US_SSN"], "{found:?}");
}

#[test]
fn a_word_for_a_number_counts_in_capitals_of_every_script_and_in_the_humps_of_a_name() {
    let found = |words: &str| {
        let said = message(vec![text(words, None)]);
        of(Prompt { messages: vec![said], ..plain() })
            .into_iter()
            .map(|found| found.0)
            .collect::<Vec<_>>()
    };
    for words in ["userSsn 078051121", "{\"userSSN\":\"078051121\"}", "SSNField = 078051121"] {
        assert_eq!(found(words), ["US_SSN"], "{words}");
    }
    assert_eq!(found("lessn 078051121"), Vec::<String>::new());
    for words in ["rodné číslo 7103192745", "RODNÉ ČÍSLO 7103192745"] {
        assert_eq!(found(words), ["CZ_RODNE_CISLO"], "{words}");
    }
}

#[test]
fn nobody_hides_a_card_behind_characters_that_nobody_reads() {
    for hidden in ["\0", "\u{8}", "\u{C}", "\u{7F}", "\u{1}", "\u{FFFD}", "\u{E000}"] {
        let card: Vec<String> = "4111111111111111".chars().map(String::from).collect();
        let prompt = message(vec![text(&format!("card {}", card.join(hidden)), None)]);
        let found = of(Prompt { messages: vec![prompt], ..plain() });
        assert!(found.iter().any(|(kind, ..)| kind == "CREDIT_CARD"), "{hidden:?}: {found:?}");
    }
}

#[test]
fn an_image_is_personal_and_its_address_is_read() {
    let image = |url: &str| {
        let content = PartContent::Image { url: url.into(), detail: None };
        Prompt { messages: vec![message(vec![Part { content, label: None }])], ..plain() }
    };
    let place = "messages[0].parts[0].image.url".to_owned();
    assert_eq!(
        of(image("data:image/png;base64,AAAA")),
        [("IMAGE".to_owned(), place.clone(), false)]
    );
    let found = of(image("https://example.org/?card=4111111111111111"));
    assert!(found.contains(&("CREDIT_CARD".into(), place, false)), "{found:?}");
}

#[test]
fn a_sound_is_personal_at_its_place_and_what_stands_around_it_is_still_one_line() {
    let mut asked = message(vec![text("pay 4111 1111", None), sound(None)]);
    asked.parts.push(text("1111 1111 please", None));
    let sound = ("AUDIO".to_owned(), "messages[0].parts[1].audio.data".to_owned(), false);
    let card = ("CREDIT_CARD".to_owned(), "messages[0].parts[0].text".to_owned(), true);
    let prompt = Prompt { messages: vec![asked], ..plain() };
    assert_eq!(of(prompt.clone()), [card, sound]);
    let scan = scanned(prompt);
    assert_eq!(scan.fact().extent, Extent::Whole);
    assert!(scan.fact().found.iter().any(|one| one.kind == "AUDIO" && one.family == Family::Media));
}

#[test]
fn a_text_between_letters_of_another_script_is_found_with_its_exact_span() {
    let mut searcher = Searcher::shipped().unwrap();
    for (text, wanted) in [
        ("邮箱zhangsan@example.com谢谢", "zhangsan@example.com"),
        ("卡号4111111111111111已付", "4111111111111111"),
        ("카드4111111111111111입니다", "4111111111111111"),
        ("карта4111111111111111да", "4111111111111111"),
    ] {
        let spots = searcher.text(text).spots;
        assert!(spots.iter().any(|spot| &text[spot.span.clone()] == wanted), "{text}");
    }
}

#[test]
fn content_that_is_too_long_or_too_deeply_encoded_is_not_called_clean() {
    let mut searcher = Searcher::shipped().unwrap();
    let long = "word ".repeat(4 << 20);
    assert_eq!(searcher.text(&long).extent, Extent::Truncated);
    let deep = (0..4).fold("the harbour is wide".to_owned(), |text, _| {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    });
    assert_eq!(searcher.text(&deep).extent, Extent::Unsure);
    assert_eq!(searcher.text("the harbour is wide").extent, Extent::Whole);
}

#[test]
fn a_text_that_holds_more_than_is_looked_at_is_not_called_wholly_seen() {
    let mut searcher = Searcher::shipped().unwrap();
    let many = "4111 1111 1111 1111, ".repeat(MOST_HITS);
    let scan = searcher.text(&many);
    assert_eq!(scan.extent, Extent::Unsure);
    assert!(scan.spots.len() >= 1_000, "what was found stands: {}", scan.spots.len());
    assert_eq!(searcher.text("4111 1111 1111 1111").extent, Extent::Whole);
}

#[test]
fn neighbours_that_hold_more_together_than_is_looked_at_are_not_called_wholly_seen() {
    let of = |parts: usize| {
        let words = "4111 1111 1111 1111, ".repeat(18);
        let parts = (0..parts).map(|_| text(&words, None)).collect();
        scanned(Prompt { messages: vec![message(parts)], ..plain() }).fact().extent
    };
    assert_eq!(of(10), Extent::Whole);
    assert_eq!(of(MOST_HITS / 16), Extent::Unsure);
}

#[test]
fn labels_of_findings_are_those_of_their_parts_and_none_where_one_has_none() {
    let parts = [("4111 1111", Some(DataClass::Public)), ("1111 1111", Some(DataClass::Internal))];
    for (second, wanted) in [(parts[1].1, Some(DataClass::Internal)), (None, None)] {
        let both = vec![text(parts[0].0, parts[0].1), text(parts[1].0, second)];
        let scan = scanned(Prompt { messages: vec![message(both)], ..plain() });
        let finding = scan.findings().iter().find(|finding| finding.joined).expect("a card");
        assert_eq!(finding.label, wanted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_text_makes_a_scan_panic_and_findings_lie_inside_on_boundaries(
        text in prop_oneof![
            ".{0,300}",
            "[0-9 ./:-]{0,200}",
            "[A-Za-z0-9+/=%&;\\\\ux-]{0,300}",
            "(?:[0-9]{1,5}[ -]?|[a-z]{1,4}@|\\u{200b}|[一二三四]|\u{ff11}){0,60}",
        ],
    ) {
        let mut searcher = Searcher::shipped().unwrap();
        for spot in searcher.text(&text).spots {
            prop_assert!(text.get(spot.span.clone()).is_some_and(|found| !found.is_empty()));
            prop_assert!(spot.score <= 100);
        }
    }
}
