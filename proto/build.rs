//! Generates the Rust side of the wire with a pure-Rust protobuf compiler, so that a fresh machine
//! needs no `protoc`. The descriptor set is kept for reflection and for the compatibility check.

use prost::Message as _;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let names = [
        "types",
        "decision",
        "chat",
        "routing",
        "fleet",
        "policy",
        "privacy",
        "ledger",
        "worker",
        "embedding",
    ];
    let files = names.map(|name| format!("littoral/v1/{name}.proto"));
    println!("cargo:rerun-if-changed=littoral");
    let descriptors = protox::compile(&files, ["."])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("littoral.v1.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().btree_map(".").compile_fds(descriptors)?;
    Ok(())
}
