//! The deadline a client set on its call. The shorter of it and the hint holds.

use littoral_core::facts::Hints;
use tonic::metadata::MetadataMap;

/// The shorter of the hint's deadline and the call's own `grpc-timeout`.
pub fn apply(hints: &mut Hints, metadata: &MetadataMap) {
    let of_call = metadata.get("grpc-timeout").and_then(|value| value.to_str().ok());
    if let Some(call_ms) = of_call.and_then(timeout_ms) {
        let shorter = hints.deadline_ms.map_or(call_ms, |hint_ms| hint_ms.min(call_ms));
        hints.deadline_ms = Some(shorter.max(1));
    }
}

/// Milliseconds of a `grpc-timeout` value: at most eight digits and a unit, as the gRPC protocol
/// over HTTP/2 defines it. A malformed value is no deadline.
fn timeout_ms(value: &str) -> Option<u64> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(amount * 3_600_000),
        "M" => Some(amount * 60_000),
        "S" => Some(amount * 1_000),
        "m" => Some(amount),
        "u" => Some(amount / 1_000),
        "n" => Some(amount / 1_000_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_grpc_timeout_is_read() {
        let read = ["2H", "3M", "4S", "5m", "6000u", "7000000n"].map(timeout_ms);
        assert_eq!(read, [7_200_000, 180_000, 4_000, 5, 6, 7].map(Some));
    }

    #[test]
    fn a_malformed_timeout_is_no_deadline() {
        for bad in ["", "S", "5", "123456789S", "-1S", "5s", "5 S", "٣S"] {
            assert_eq!(timeout_ms(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_shorter_of_hint_and_call_holds() {
        let mut metadata = MetadataMap::new();
        metadata.insert("grpc-timeout", tonic::metadata::MetadataValue::from_static("2S"));
        for (hint, expected) in [(None, 2_000), (Some(500), 500), (Some(9_000), 2_000)] {
            let mut hints = Hints { deadline_ms: hint, ..Hints::default() };
            apply(&mut hints, &metadata);
            assert_eq!(hints.deadline_ms, Some(expected));
        }
    }
}
