//! The wire contract: generated types and services of package `littoral.v1`, and nothing else.
//!
//! The comments of the `.proto` files are the documentation. `DESCRIPTOR_SET` serves reflection;
//! a recorded copy beside the sources is compared in the test suite, so a breaking change cannot
//! land unseen.

/// Package `littoral.v1`.
#[allow(missing_docs, clippy::all, clippy::pedantic, rust_2018_idioms)]
pub mod v1 {
    tonic::include_proto!("littoral.v1");
}

/// The compiled `FileDescriptorSet` of the package, serialised.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/littoral.v1.bin"));
