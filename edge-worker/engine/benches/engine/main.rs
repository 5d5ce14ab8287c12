//! Prefill and decode rates and memory at 64 and at 1,024 tokens of context, and what carrying the
//! caches without copies is worth: `cargo bench -p littoral-engine --bench engine`.
//!
//! The machine is shared, so rates are medians and the comparisons are ratios within a round: the
//! three kinds of decode take turns, a few steps each, and the median of the rounds' ratios counts.
//! Memory is read before the comparison loop runs, so that its copies are not charged to the engine.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

mod copying;

use std::time::{Duration, Instant};

use littoral_engine::decoder::Decoder;
use littoral_engine::kv::KvCache;
use littoral_engine::memory::{peak_resident_bytes, resident_bytes};
use littoral_engine::provision::{TerminalProgress, provision};
use littoral_engine::{ChatFormat, EngineError, Runtime};

use copying::CopyingLoop;

type Failure = Box<dyn std::error::Error>;

const SHORT: usize = 64;
const LONG: usize = 1024;
const CHUNK: usize = 128;
const ROUNDS: usize = 9;
const STEPS: usize = 12;

fn main() -> Result<(), Failure> {
    let home = littoral_kit::home::home();
    let provisioned = provision(&home, &mut TerminalProgress::default())?;
    let runtime = Runtime::load(&provisioned.runtime_library)?;
    let format = ChatFormat::open(&provisioned.model_folder)?;
    let model = provisioned.model_folder.join("model.onnx");
    let mut decoder = Decoder::load(&runtime, &model, 2 * LONG, None)?;
    println!("vocabulary {}, caches {:?}", format.vocabulary().len(), decoder.mode());
    println!("loaded: {} MB resident", megabytes(resident_bytes()));

    let mut short = Run::prefill(&mut decoder, SHORT)?;
    let short_rate = short.decode_rate(&mut decoder)?;
    println!("\n| context | prefill tokens/s | decode tokens/s | resident MB | peak MB |");
    println!("|---|---|---|---|---|");
    short.print(SHORT, short_rate);
    let mut long = Run::prefill(&mut decoder, LONG)?;
    let long_rate = long.decode_rate(&mut decoder)?;
    long.print(LONG, long_rate);

    let mut copying =
        CopyingLoop::prefill(&provisioned.runtime_library, &model, &tokens(LONG), CHUNK)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let short = short.decode_rate(&mut decoder)?;
        let long = long.decode_rate(&mut decoder)?;
        let copied = rate(&median(STEPS, || copying.step(TOKEN))?);
        rounds.push((long / copied, long / short, copied));
    }
    let pick = |part: fn(&(f64, f64, f64)) -> f64| middle(rounds.iter().map(part).collect());
    println!("\na loop that copies the caches at {LONG}: {:.1} tokens/s", pick(|round| round.2));
    println!("decode at {LONG} / copying loop at {LONG}: {:.2}", pick(|round| round.0));
    println!("decode at {LONG} / decode at {SHORT}: {:.2}", pick(|round| round.1));
    println!("whole process with the loop's copies: peak {} MB", megabytes(peak_resident_bytes()));
    Ok(())
}

/// An ordinary word's token.
const TOKEN: u32 = 504;

/// A context that has been read, ready to decode.
struct Run {
    cache: KvCache,
    logits: Vec<f32>,
    prefill_rate: f64,
}

impl Run {
    fn prefill(decoder: &mut Decoder, context: usize) -> Result<Self, EngineError> {
        let tokens = tokens(context);
        let mut run =
            Self { cache: decoder.cache(context)?, logits: Vec::new(), prefill_rate: 0.0 };
        let mut rates = Vec::new();
        for _ in 0..3 {
            // The old cache goes first: two at once are not what a generation holds.
            run.cache = decoder.cache(context)?;
            let start = Instant::now();
            for chunk in tokens.chunks(CHUNK) {
                decoder.step(&mut run.cache, chunk, &mut run.logits)?;
            }
            rates.push(tokens.len() as f64 / start.elapsed().as_secs_f64());
        }
        run.prefill_rate = middle(rates);
        Ok(run)
    }

    /// The median rate of a few steps; the context grows by as many.
    fn decode_rate(&mut self, decoder: &mut Decoder) -> Result<f64, EngineError> {
        median(STEPS, || decoder.step(&mut self.cache, &[TOKEN], &mut self.logits))
            .map(|time| rate(&time))
    }

    fn print(&self, context: usize, decode_rate: f64) {
        let (now, peak) = (megabytes(resident_bytes()), megabytes(peak_resident_bytes()));
        let prefill = self.prefill_rate;
        println!("| {context} | {prefill:.0} | {decode_rate:.1} | {now} | {peak} |");
    }
}

/// Different tokens, all of them in every vocabulary of that size.
fn tokens(count: usize) -> Vec<u32> {
    (0..count).filter_map(|index| u32::try_from(100 + index * 97 % 40_000).ok()).collect()
}

fn median<E>(steps: usize, mut step: impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    let mut times = Vec::with_capacity(steps);
    for _ in 0..steps {
        let start = Instant::now();
        step()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn rate(time: &Duration) -> f64 {
    1.0 / time.as_secs_f64()
}

fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or("unknown".into(), |bytes| (bytes / 1_000_000).to_string())
}
