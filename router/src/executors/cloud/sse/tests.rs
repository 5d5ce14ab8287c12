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

/// What the standard makes of a whole stream, written down as it reads: lines first, then fields, then
/// events. With a limit, and with the stream's end as the end of its last event.
fn by_the_standard(bytes: &[u8], limit: usize) -> Vec<Item> {
    let text = bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut items = Vec::new();
    let (mut name, mut data): (String, Option<String>) = (String::new(), None);
    for (number, line) in text.split('\n').chain([""]).enumerate() {
        if line.len_in_bytes()
            + name.len_in_bytes()
            + data.as_deref().map_or(0, Latin::len_in_bytes)
            > limit
        {
            items.push(Err(SseError::TooLong));
            return items;
        }
        let line = line.strip_prefix("\u{ef}\u{bb}\u{bf}").filter(|_| number == 0).unwrap_or(line);
        if line.is_empty() {
            let (name, data) = (std::mem::take(&mut name), data.take());
            let Some(data) = data else { continue };
            match (name.decoded(), data.decoded()) {
                (Some(name), Some(data)) => items.push(Ok(SseEvent { name, data })),
                _ => {
                    items.push(Err(SseError::NotUtf8));
                    return items;
                }
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => data = Some(data.map_or_else(|| value.into(), |data| data + "\n" + value)),
            "event" => name = value.into(),
            _ => {}
        }
    }
    items
}

/// Bytes written as characters of the same number, so that text can be cut anywhere.
trait Latin {
    fn len_in_bytes(&self) -> usize;
    fn decoded(&self) -> Option<String>;
}

impl Latin for str {
    fn len_in_bytes(&self) -> usize {
        self.chars().count()
    }

    fn decoded(&self) -> Option<String> {
        String::from_utf8(self.chars().map(|c| c as u8).collect()).ok()
    }
}

/// Reads with a limit, and checks after each chunk that no more than that is held.
fn read_within(chunks: &[&[u8]], limit: usize) -> Vec<Item> {
    let mut reader = SseReader::with_limit(limit);
    for chunk in chunks {
        reader.push(chunk);
        assert!(reader.held() <= limit, "{} of {limit} bytes are held", reader.held());
    }
    reader.finish();
    std::iter::from_fn(|| reader.next()).collect()
}

#[test]
fn a_stream_with_everything_in_it_is_read_the_same_at_every_one_and_every_two_splits() {
    let stream = "\u{feff}: hello\r\rdata: ä\r\ndata:😀\r\n\r\nevent: x\ndata\n\n\rdata:  b\r\n: c\rdata: \n\nid: 1\n\ndata: end";
    let bytes = stream.as_bytes();
    let named = Ok(SseEvent { name: "x".into(), data: String::new() });
    let expected = [data("ä\n😀"), named, data(" b\n"), data("end")];
    for first in 0..=bytes.len() {
        for second in first..=bytes.len() {
            let chunks = [&bytes[..first], &bytes[first..second], &bytes[second..]];
            assert_eq!(read_in(&chunks), expected, "cut at {first} and {second}");
        }
    }
}

#[test]
fn an_endless_stream_of_small_fields_is_not_held() {
    let mut reader = SseReader::with_limit(64);
    for _ in 0..10_000 {
        reader.push(b": keep-alive\n\nid: 7\nretry: 5\nevent: again and again\n");
        assert!(reader.held() <= 64 && reader.next().is_none());
    }
    let mut reader = SseReader::with_limit(64);
    (0..100).for_each(|_| reader.push(b"data:\n"));
    assert_eq!(reader.next(), Some(Err(SseError::TooLong)));
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

    /// The limit is small here, so that streams run into it at every place there is.
    #[test]
    fn a_stream_is_what_the_standard_makes_of_it_at_any_split_and_within_any_limit(
        bytes in stream(),
        limit in prop_oneof![Just(EVENT_LIMIT_BYTES), 0_usize..40],
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let edges = [vec![0], cuts, vec![bytes.len()]].concat();
        let chunks: Vec<&[u8]> = edges.windows(2).map(|edge| &bytes[edge[0]..edge[1]]).collect();
        prop_assert_eq!(read_within(&chunks, limit), by_the_standard(&bytes, limit));
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
