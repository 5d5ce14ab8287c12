//! A reader never gets a byte twice, never misses one unnoticed, and a full log waits for it.

use super::*;
use littoral_core::flight::event::Channel;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Woken {
    fn times(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Lets something wait that has not come, and counts how often it is woken.
fn waiting<F: Future>(wait: Pin<&mut F>) -> Arc<Woken> {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(wait.poll(&mut Context::from_waker(&waker)).is_pending());
    woken
}

fn said(epoch: u32, offset: u64, text: &str) -> Told {
    let (channel, text) = (Channel::Content, text.to_owned());
    Told::Said(Emission::Delta { epoch, channel, offset, text, logprobs: Vec::new() })
}

fn routed() -> Told {
    Told::Used(littoral_core::flight::event::Usage::default())
}

async fn texts(mut reader: Reader) -> Vec<(u32, u64, String)> {
    let mut all = Vec::new();
    while let Some(told) = reader.next().await {
        if let Told::Said(Emission::Delta { epoch, offset, text, .. }) = told {
            all.push((epoch, offset, text));
        }
    }
    all
}

fn at(epoch: u32, content: u64) -> Position {
    Position { epoch, offsets: [content, 0, 0] }
}

async fn log_of(events: &[(u32, u64, &str)]) -> Arc<StreamLog> {
    let log = Arc::new(StreamLog::default());
    log.push(routed()).await;
    for (epoch, offset, text) in events {
        log.push(said(*epoch, *offset, text)).await;
    }
    log.end();
    log
}

#[tokio::test]
async fn a_client_that_resumes_gets_exactly_what_it_has_not_had() {
    let log = log_of(&[(0, 0, "one "), (0, 4, "two "), (0, 8, "three")]).await;
    let rest = |position| texts(log.read_from(position).expect("still held"));
    assert_eq!(rest(at(0, 4)).await, [(0, 4, "two ".into()), (0, 8, "three".into())]);
    assert_eq!(rest(at(0, 6)).await, [(0, 6, "o ".into()), (0, 8, "three".into())]);
    assert_eq!(rest(at(0, 13)).await, []);
    assert_eq!(rest(at(0, 0)).await.len(), 3);
}

#[tokio::test]
async fn a_client_of_an_earlier_epoch_gets_the_whole_later_one() {
    let log = log_of(&[(0, 0, "void"), (1, 0, "new "), (1, 4, "text")]).await;
    let rest = texts(log.read_from(at(0, 4)).expect("still held")).await;
    assert_eq!(rest, [(1, 0, "new ".into()), (1, 4, "text".into())]);
}

#[tokio::test]
async fn an_offset_inside_a_character_is_answered_with_the_whole_piece() {
    let log = log_of(&[(0, 0, "é!")]).await;
    let rest = texts(log.read_from(at(0, 1)).expect("still held")).await;
    assert_eq!(rest, [(0, 0, "é!".into())]);
}

#[tokio::test]
async fn what_left_the_log_is_lost_and_said_to_be() {
    let log = Arc::new(StreamLog::default());
    log.push(routed()).await;
    let piece = "x".repeat(LOG_BYTES / 4);
    for index in 0..8 {
        log.push(said(0, index * piece.len() as u64, &piece)).await;
    }
    log.end();
    assert!(log.read_all().is_none(), "the start is gone");
    let near_the_end = at(0, 7 * piece.len() as u64);
    assert_eq!(texts(log.read_from(near_the_end).expect("still held")).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_log_waits_for_a_slow_reader_and_goes_on_when_it_leaves() {
    let log = Arc::new(StreamLog::default());
    log.push(routed()).await;
    let mut reader = log.read_all().expect("a reader");
    let big = "x".repeat(LOG_BYTES);
    log.push(said(0, 0, &big)).await;
    let full = log.push(said(0, big.len() as u64, "more"));
    assert!(tokio::time::timeout(Duration::from_secs(60), full).await.is_err(), "it waits");
    assert!(reader.next().await.is_some() && reader.next().await.is_some());
    let room = log.push(said(0, big.len() as u64, "more"));
    assert!(tokio::time::timeout(Duration::from_secs(1), room).await.is_ok(), "read is room");
    drop(reader);
    assert!(!log.has_reader());
}

#[tokio::test]
async fn desertion_and_attendance_are_noticed() {
    let log = Arc::new(StreamLog::default());
    let reader = log.read_all().expect("a reader");
    log.attended().await;
    drop(reader);
    log.deserted().await;
    let again = log.read_all();
    assert!(again.is_some());
    log.attended().await;
}

#[tokio::test]
async fn a_client_of_the_whole_answer_is_woken_by_its_end_alone() {
    let log = Arc::new(StreamLog::default());
    let mut reader = log.read_at_the_end().expect("a reader");
    let mut next = Box::pin(reader.next());
    let woken = waiting(next.as_mut());
    log.push(routed()).await;
    log.push(said(0, 0, "one ")).await;
    log.push(said(0, 4, "two")).await;
    assert_eq!(woken.times(), 0, "nothing that it waits for");
    log.end();
    assert_eq!(woken.times(), 1);
    drop(next);
    assert_eq!(texts(reader).await, [(0, 0, "one ".into()), (0, 4, "two".into())]);
}

#[tokio::test]
async fn who_waits_for_readers_to_leave_is_not_woken_by_their_reading() {
    let log = Arc::new(StreamLog::default());
    let mut reader = log.read_all().expect("a reader");
    let mut deserted = Box::pin(log.deserted());
    let woken = waiting(deserted.as_mut());
    log.push(routed()).await;
    log.push(said(0, 0, "one")).await;
    assert!(reader.next().await.is_some() && reader.next().await.is_some());
    assert_eq!(woken.times(), 0, "it reads on");
    drop(reader);
    assert_eq!(woken.times(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_log_and_its_waiting_reader_wake_each_other() {
    let log = Arc::new(StreamLog::default());
    let reader = log.read_at_the_end().expect("a reader");
    let piece = "x".repeat(LOG_BYTES / 2);
    let told = async {
        log.push(routed()).await;
        for index in 0..8 {
            log.push(said(0, index * piece.len() as u64, &piece)).await;
        }
        log.end();
    };
    let both = async { tokio::join!(told, texts(reader)).1 };
    let texts = tokio::time::timeout(Duration::from_secs(60), both).await.expect("no standstill");
    assert_eq!(texts.len(), 8);
}
