//! What it costs to look into content: all detectors, all views.
//!
//! Prose in pieces of one and four kilobytes, code, logs, and a megabyte of the worst. For a count of
//! instructions: `valgrind --tool=callgrind BENCH --bench --profile-time 1 'scan/en/1024'`.

#![expect(clippy::unwrap_used, reason = "without its set-up a benchmark has nothing to measure")]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use littoral_core::privacy::Searcher;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

#[expect(clippy::disallowed_methods, reason = "a benchmark reads what it measures on")]
fn corpus(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/benign");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The corpus in pieces of about `size` bytes.
fn pieces(text: &str, size: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() >= size {
        let end = (size..).find(|end| rest.is_char_boundary(*end)).unwrap();
        let (piece, behind) = rest.split_at(end);
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

fn texts(criterion: &mut Criterion) {
    let mut searcher = Searcher::shipped().unwrap();
    let mut group = criterion.benchmark_group("scan");
    for (name, file) in [
        ("en", "prose/en.txt"),
        ("zh", "prose/zh.txt"),
        ("code", "code/rust.txt"),
        ("logs", "logs/app.log"),
    ] {
        let text = corpus(file);
        for size in [1_024, 4_096] {
            let pieces = pieces(&text, size);
            let mut next = pieces.iter().cycle();
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter_batched(
                    || *next.next().unwrap(),
                    |piece| black_box(searcher.text(piece)),
                    BatchSize::SmallInput,
                );
            });
        }
    }
    group.finish();
}

/// How long one search in a hundred takes at least, which criterion does not tell.
///
/// Each search is timed by itself, and whatever else the machine does meanwhile is in it.
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::print_stdout,
    reason = "a benchmark reads the clock and says what it found, which the core does not"
)]
fn tail(_: &mut Criterion) {
    use std::time::Instant;
    const SIZE: usize = 4_096;
    const ROUNDS: usize = 2_000;
    let mut searcher = Searcher::shipped().unwrap();
    let text = corpus("prose/en.txt");
    let pieces = pieces(&text, SIZE);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        for piece in &pieces {
            let begin = Instant::now();
            black_box(searcher.text(piece));
            times.push(begin.elapsed());
        }
    }
    times.sort_unstable();
    let part = |percent: usize| times.get(times.len() * percent / 100).unwrap();
    let (count, median, p99) = (times.len(), part(50), part(99));
    println!("scan/en/{SIZE}: {count} searches, median {median:.1?}, p99 {p99:.1?}");
}

/// A megabyte each of what makes most work.
fn hostile(criterion: &mut Criterion) {
    const MEGABYTE: usize = 1 << 20;
    let mut searcher = Searcher::shipped().unwrap();
    let mut group = criterion.benchmark_group("hostile");
    group.sample_size(10);
    for (name, pattern) in [
        ("digits and gaps", "4111 1111-2222 "),
        ("single digits", "1 2 3 "),
        ("at signs", "a@b.c@"),
        ("percent", "%2525"),
        ("points", "a.b.c.1."),
        ("one token", "a1b2c3"),
        ("names of secrets", "password="),
        ("words with digits", "ab12 "),
        ("base64", "QUJDREVGR0hJSktM "),
        ("addresses", "http://a.b/c1?d="),
    ] {
        let text: String = pattern.chars().cycle().take(MEGABYTE).collect();
        group.bench_function(name, |bencher| bencher.iter(|| black_box(searcher.text(&text))));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = texts, tail, hostile
}
criterion_main!(benches);
