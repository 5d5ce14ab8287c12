//! Wire messages as JSON, by their own descriptors.
//!
//! The mapping is protobuf's own (enumerations by name, absent fields absent), with two changes that
//! shell tools want: fields are called as in the `.proto` files, and 64-bit integers are numbers. The
//! descriptors do the work, so a field that is added to the wire is in the output the same day.

use crate::failure::Failure;
use crate::screen;
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, SerializeOptions};
use serde_json::Value;
use std::io::Write as _;
use std::sync::OnceLock;

/// The message `littoral.v1.NAME` as JSON.
///
/// # Errors
/// The wire has no such message; a fault of this build.
pub fn of_message(name: &str, message: &impl Message) -> Result<Value, Failure> {
    let fault = |what: String| Failure::new(format!("failed to write {name} as JSON: {what}"));
    static POOL: OnceLock<Option<DescriptorPool>> = OnceLock::new();
    let pool = POOL.get_or_init(|| DescriptorPool::decode(littoral_proto::DESCRIPTOR_SET).ok());
    let descriptor =
        pool.as_ref().and_then(|pool| pool.get_message_by_name(&format!("littoral.v1.{name}")));
    let descriptor = descriptor.ok_or_else(|| fault("no such message".into()))?;
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|error| fault(error.to_string()))?;
    let options = SerializeOptions::new()
        .use_proto_field_name(true)
        .stringify_64_bit_integers(false)
        .skip_default_fields(false);
    dynamic
        .serialize_with_options(serde_json::value::Serializer, &options)
        .map_err(|error| fault(error.to_string()))
}

/// Prints a value as one line on standard output, at once.
///
/// # Errors
/// Standard output cannot be written to.
pub fn print(value: &Value) -> Result<(), Failure> {
    let mut out = screen::out();
    writeln!(out, "{value}")?;
    Ok(out.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_proto::v1;
    use serde_json::json;

    #[test]
    fn names_numbers_and_presence_are_as_documented() {
        let holding = v1::receipt::Holding { machine: "router".into(), tier: 0, bytes: 1 << 60 };
        let receipt = v1::Receipt {
            request_id: "r".into(),
            data_class: v1::DataClass::Restricted.into(),
            holdings: vec![holding],
            ..v1::Receipt::default()
        };
        assert_eq!(
            of_message("Receipt", &receipt).unwrap(),
            json!({
                "request_id": "r", "policy_hash": "", "data_class": "DATA_CLASS_RESTRICTED",
                "egress_bytes": 0,
                "holdings": [{"machine": "router", "tier": "TIER_UNSPECIFIED", "bytes": 1_u64 << 60}],
                "detectors": "", "found": {}, "assumed": false, "energy_estimated": false,
            })
        );
        let served =
            v1::Served { total_ms: 1.5, cost_usd_micros: Some(0), ..v1::Served::default() };
        let value = of_message("Served", &served).unwrap();
        assert_eq!(value["cost_usd_micros"], json!(0));
        assert!(value.get("first_token_ms").is_none(), "{value}");
    }

    #[test]
    fn a_message_that_the_wire_lacks_is_named() {
        let refused = of_message("Nonsense", &v1::Receipt::default()).unwrap_err();
        assert!(refused.message.contains("Nonsense"), "{}", refused.message);
    }
}
