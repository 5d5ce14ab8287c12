//! scratch
use littoral_engine::provision::*;
#[test]
fn scratch() {
    let home = std::env::var("SCRATCH_HOME").unwrap();
    let mut p = TerminalProgress::new();
    let t = std::time::Instant::now();
    match provision(home.as_ref(), &mut p) { Ok(x) => println!("{x:?} {:?}", t.elapsed()), Err(e) => println!("ERR {e}\n{e:?}") }
}
