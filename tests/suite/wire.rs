//! The wire stays readable by those who already speak it.
//!
//! `tests/data/wire/littoral.v1.bin` is the descriptor set of the package as it was last recorded.
//! What was recorded must still be there, under the same number, name, type and presence; adding is
//! free. A break on purpose needs a decision record in `docs/adr`; then
//! `LITTORAL_RECORD=1 cargo test -p littoral-tests wire` records the new contract.
//!
//! Names count as well as numbers: JSON, the OpenAI-style door and generated clients see them.

mod breaks;
mod surface;

use breaks::breaks;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use std::path::{Path, PathBuf};
use std::{env, fs};
use surface::Surface;

/// A method of each service, so that a hollow recording cannot pass for one that agrees.
const METHODS: [&str; 6] = [
    "littoral.v1.ChatService.Complete",
    "littoral.v1.RoutingService.Explain",
    "littoral.v1.FleetService.Drain",
    "littoral.v1.WorkerService.Session",
    "littoral.v1.PolicyService.Apply",
    "littoral.v1.PrivacyService.SetEgress",
];

fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/wire/littoral.v1.bin")
}

fn decoded(bytes: &[u8]) -> FileDescriptorSet {
    FileDescriptorSet::decode(bytes).expect("a serialised FileDescriptorSet")
}

fn surface(bytes: &[u8]) -> Surface {
    Surface::of(&decoded(bytes))
}

/// Records the contract as it is now, without the comments: they may change freely.
fn record(path: &Path) {
    let mut set = decoded(littoral_proto::DESCRIPTOR_SET);
    set.file.iter_mut().for_each(|file| file.source_code_info = None);
    fs::write(path, set.encode_to_vec()).expect("the recording is writable");
}

#[test]
fn the_wire_breaks_nothing_that_was_recorded() {
    let now = surface(littoral_proto::DESCRIPTOR_SET);
    let path = recording();
    if env::var_os("LITTORAL_RECORD").is_some_and(|value| value == "1") {
        return record(&path);
    }
    let recorded = fs::read(&path).unwrap_or_else(|error| {
        let way_out = "`LITTORAL_RECORD=1 cargo test -p littoral-tests wire` makes it";
        panic!("no recorded wire at {}: {error}; {way_out}", path.display())
    });
    let recorded = surface(&recorded);
    for method in METHODS {
        assert!(recorded.methods.contains_key(method), "{method} was not recorded");
    }
    let broken = breaks(&recorded, &now);
    assert!(
        broken.is_empty(),
        "the wire contract breaks for those who already speak it:\n  {}\n\
         Put it back, or write a decision record and record the contract anew with\n  \
         LITTORAL_RECORD=1 cargo test -p littoral-tests wire",
        broken.join("\n  ")
    );
}

/// Compiles a made-up `t.proto`; `body` is what follows the package line.
fn made_up(body: &str) -> Surface {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.proto");
    fs::write(&file, format!("syntax = \"proto3\";\npackage t;\n{body}")).expect("a file");
    let compiled = protox::compile(["t.proto"], [folder.path()]);
    Surface::of(&compiled.unwrap_or_else(|error| panic!("{body}: {error}")))
}

/// The breaks from one made-up contract to another.
fn from_to(before: &str, after: &str) -> Vec<String> {
    breaks(&made_up(before), &made_up(after))
}

#[test]
fn adding_is_free() {
    let before = "
        message A { string a = 1; oneof o { string b = 2; } }
        enum E { E_UNSPECIFIED = 0; }
        service S { rpc Do(A) returns (A); }";
    let after = "
        message A { string a = 1; oneof o { string b = 2; A c = 3; } optional E d = 4; message I {} }
        message B { map<string, A> m = 1; }
        enum E { E_UNSPECIFIED = 0; E_ONE = 1; }
        service S { rpc Do(A) returns (A); rpc More(stream B) returns (stream A); }
        service T {}";
    assert_eq!(from_to(before, after), Vec::<String>::new());
}

#[test]
fn what_is_gone_is_named() {
    let before = "
        message A { string a = 1; }
        message B { message Inner { bool x = 1; } }
        enum E { E_UNSPECIFIED = 0; E_ONE = 1; }
        enum F { F_UNSPECIFIED = 0; }
        service S { rpc Do(A) returns (A); rpc Keep(A) returns (A); }
        service T {}";
    let after = "
        message A {}
        message B {}
        enum E { E_UNSPECIFIED = 0; }
        service S { rpc Keep(A) returns (A); }";
    assert_eq!(
        from_to(before, after),
        [
            "message t.B.Inner is gone",
            "field t.A.a (1) is gone",
            "enum t.F is gone",
            "value t.E.E_ONE (1) is gone",
            "service t.T is gone",
            "method t.S.Do is gone",
        ]
    );
}

#[test]
fn a_moved_or_renamed_field_or_value_is_named_as_such() {
    let before = "message A { string a = 1; string b = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 1; E_TWO = 2; }";
    let after = "message A { string a = 3; string c = 2; } enum E { E_UNSPECIFIED = 0; E_ONE = 4; E_DUO = 2; }";
    assert_eq!(
        from_to(before, after),
        [
            "field t.A.a changed its number from 1 to 3",
            "field t.A.b (2) changed its name to c",
            "value t.E.E_ONE changed its number from 1 to 4",
            "value t.E.E_TWO (2) changed its name to E_DUO",
        ]
    );
}

#[test]
fn a_number_given_to_something_else_is_a_break_even_if_the_old_name_lives_on() {
    let broken =
        from_to("message A { string a = 1; }", "message A { string b = 1; string a = 2; }");
    assert_eq!(broken, ["field t.A.a changed its number from 1 to 2"]);
}

#[test]
fn a_renamed_message_is_gone_and_whoever_used_it_has_another_type() {
    let broken = from_to(
        "message A {} message U { A a = 1; } service S { rpc Do(A) returns (U); }",
        "message B {} message U { B a = 1; } service S { rpc Do(B) returns (U); }",
    );
    assert_eq!(
        broken,
        [
            "message t.A is gone",
            "field t.U.a (1) changed its type from t.A to t.B",
            "method t.S.Do changed its input from t.A to t.B",
        ]
    );
}

#[test]
fn a_changed_type_label_or_presence_is_named() {
    let changed = |before: &str, after: &str| {
        let message = |field: &str| format!("message A {{ {field} }}");
        let broken = from_to(&message(before), &message(after));
        assert_eq!(broken.len(), 1, "{before} -> {after}: {broken:?}");
        broken.into_iter().next().unwrap_or_default()
    };
    let field = "field t.A.a (1) changed its";
    assert_eq!(
        changed("int32 a = 1;", "int64 a = 1;"),
        format!("{field} type from int32 to int64")
    );
    assert_eq!(
        changed("string a = 1;", "bytes a = 1;"),
        format!("{field} type from string to bytes")
    );
    assert_eq!(
        changed("string a = 1;", "repeated string a = 1;"),
        format!("{field} presence from implicit to repeated")
    );
    assert_eq!(
        changed("uint32 a = 1;", "optional uint32 a = 1;"),
        format!("{field} presence from implicit to optional")
    );
    assert_eq!(
        changed("optional uint32 a = 1;", "oneof o { uint32 a = 1; }"),
        format!("{field} presence from optional to oneof o")
    );
    assert_eq!(
        changed("oneof o { uint32 a = 1; }", "oneof p { uint32 a = 1; }"),
        format!("{field} presence from oneof o to oneof p")
    );
    assert_eq!(
        changed("map<string, int32> a = 1;", "map<string, bool> a = 1;"),
        "field t.A.AEntry.value (2) changed its type from int32 to bool"
    );
}

#[test]
fn a_changed_stream_or_answer_is_named() {
    let service = |method: &str| format!("message A {{}} message B {{}} service S {{ {method} }}");
    let before = service("rpc Do(A) returns (stream A);");
    let changed = |after: &str| from_to(&before, &service(after));
    let method = "method t.S.Do changed its";
    assert_eq!(
        changed("rpc Do(A) returns (A);"),
        [format!("{method} output from stream t.A to t.A")]
    );
    assert_eq!(
        changed("rpc Do(stream A) returns (stream A);"),
        [format!("{method} input from t.A to stream t.A")]
    );
    assert_eq!(
        changed("rpc Do(A) returns (stream B);"),
        [format!("{method} output from stream t.A to stream t.B")]
    );
}
