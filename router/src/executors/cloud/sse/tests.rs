//! The reader against the standard's own rules, at every split.

use super::*;
use proptest::prelude::*;

type Item = Result<SseEvent, SseError>;

fn read_in(chunks: &[&[u8]]) -> Vec<Item> {
    let mut reader = SseReader::default();
    for chunk in chunks {
        reader.push(chunk);
    }
    reader.finish();
    std::iter::from_fn(|| reader.next()).collect()
}

fn read(text: &str) -> Vec<Item> {
    read_in(&[text.as_bytes()])
}

fn data(text: &str) -> Item {
    Ok(SseEvent { name: String::new(), data: text.into() })
}

#[test]
fn lines_may_end_with_lf_cr_or_both() {
    for end in ["\n", "\r", "\r\n"] {
        let stream = format!("data: a{end}{end}data: b{end}{end}");
        assert_eq!(read(&stream), [data("a"), data("b")], "{end:?}");
    }
}

#[test]
fn several_data_lines_are_one_event() {
    assert_eq!(read("data: a\ndata:\ndata:  b\n\n"), [data("a\n\n b")]);
}

#[test]
fn comments_blank_lines_and_other_fields_are_no_events() {
    let stream = ": keep-alive\n\n\n\nid: 7\nretry: 10\n\nwhatever\ndata: a\n: inside\n\n";
    assert_eq!(read(stream), [data("a")]);
}

#[test]
fn an_event_may_have_a_name_and_it_does_not_stick() {
    let named = Ok(SseEvent { name: "error".into(), data: "a".into() });
    assert_eq!(read("event: error\ndata: a\n\ndata: b\n\n"), [named, data("b")]);
}

#[test]
fn a_byte_order_mark_at_the_start_and_only_there_is_skipped() {
    assert_eq!(read("\u{feff}data: a\n\n"), [data("a")]);
    assert_eq!(read("data: \u{feff}a\n\n"), [data("\u{feff}a")]);
    assert_eq!(read("\n\u{feff}data: a\n\n"), []);
}

#[test]
fn an_event_without_its_blank_line_is_handed_out_at_the_end() {
    assert_eq!(read("data: [DONE]\n"), [data("[DONE]")]);
    assert_eq!(read("data: [DONE]"), [data("[DONE]")]);
    assert_eq!(read("data"), [data("")]);
    assert_eq!(read("event: x\n"), []);
}

#[test]
fn an_endless_line_and_an_endless_event_are_refused_after_what_came_before() {
    let line = format!("data: a\n\ndata: {}", "x".repeat(EVENT_LIMIT_BYTES));
    assert_eq!(read(&line), [data("a"), Err(SseError::TooLong)]);
    let event = format!("data: a\n\n{}", "data: xxxxxxxxxx\n".repeat(EVENT_LIMIT_BYTES / 10));
    assert_eq!(read(&event), [data("a"), Err(SseError::TooLong)]);
    let comment = format!(":{}", "x".repeat(EVENT_LIMIT_BYTES));
    assert_eq!(read(&comment), [Err(SseError::TooLong)]);
}

#[test]
fn an_event_of_nearly_the_limit_passes() {
    let text = "x".repeat(EVENT_LIMIT_BYTES - "data: ".len());
    assert_eq!(read(&format!("data: {text}\n\n")), [data(&text)]);
}

#[test]
fn bytes_that_are_no_text_end_the_stream() {
    let stream: &[u8] = b"data: a\n\ndata: \xff\n\ndata: b\n\n";
    assert_eq!(read_in(&[stream]), [data("a"), Err(SseError::NotUtf8)]);
}

/// Pieces that make lines, halves of lines, terminators of every kind and characters of many bytes.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("data: ".as_bytes().to_vec()),
        Just("data:".as_bytes().to_vec()),
        Just("event: x".as_bytes().to_vec()),
        Just(": c".as_bytes().to_vec()),
        Just("\n".as_bytes().to_vec()),
        Just("\r".as_bytes().to_vec()),
        Just("\r\n".as_bytes().to_vec()),
        Just("\n\n".as_bytes().to_vec()),
        Just("\u{feff}".as_bytes().to_vec()),
        "[a-zäß😀{}:\"]{0,5}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..3),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_split_of_a_stream_gives_the_same_events(
        bytes in stream(),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let edges = [vec![0], cuts, vec![bytes.len()]].concat();
        let chunks: Vec<&[u8]> = edges.windows(2).map(|edge| &bytes[edge[0]..edge[1]]).collect();
        prop_assert_eq!(read_in(&chunks), read_in(&[&bytes]));
    }

    #[test]
    fn byte_by_byte_is_no_different(bytes in stream()) {
        let chunks: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(read_in(&chunks), read_in(&[&bytes]));
    }

    #[test]
    fn what_a_server_writes_is_what_is_read(
        texts in proptest::collection::vec("[^\r\n\u{feff}]{0,20}(\n[^\r\n]{0,20}){0,2}", 1..10),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let event = |text: &String| {
            let lines: String = text.split('\n').map(|line| format!("data: {line}{end}")).collect();
            lines + end
        };
        let stream: String = texts.iter().map(event).collect();
        let expected: Vec<Item> = texts.iter().map(|text| data(text)).collect();
        prop_assert_eq!(read(&stream), expected);
    }
}
