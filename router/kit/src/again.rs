//! A future that is polled again at once where it has woken itself.
//!
//! A runtime takes a task that wakes itself for one that gives way: it queues the task and wakes another thread
//! for it. For a connection whose handler asks that same connection for the rest of a body, or for parts of one
//! task that talk to each other, that is a trip to another core for what the next poll would have found.

use futures_util::task::{ArcWake, AtomicWaker, waker};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Waker};

/// A future that wakes itself more often than this in one turn gives way to others.
const ROUNDS: usize = 8;

/// It is being polled.
const POLLED: u8 = 1;
/// Somebody woke it since.
const WOKEN: u8 = 2;

pin_project_lite::pin_project! {
    /// The future, with a waker of its own.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Again<F> {
        #[pin]
        future: F,
        wakes: Arc<Wakes>,
        waker: Waker,
    }
}

/// What is known of its wakes. Every change is one read and write at once, so whoever wakes it and whoever polls
/// it are in an order: a wake is either seen by the poll that follows, or goes out.
#[derive(Debug, Default)]
struct Wakes {
    state: AtomicU8,
    task: AtomicWaker,
}

impl ArcWake for Wakes {
    fn wake_by_ref(this: &Arc<Self>) {
        if this.state.fetch_or(WOKEN, Ordering::AcqRel) & POLLED == 0 {
            this.task.wake();
        }
    }
}

impl<F> Again<F> {
    /// Lets a future be polled again where it has woken itself.
    pub fn new(future: F) -> Self {
        let wakes = Arc::<Wakes>::default();
        let waker = waker(Arc::clone(&wakes));
        Self { future, wakes, waker }
    }
}

impl<F: Future> Future for Again<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        this.wakes.task.register(context.waker());
        let state = &this.wakes.state;
        for _ in 0..ROUNDS {
            state.swap(POLLED, Ordering::AcqRel);
            let done = this.future.as_mut().poll(&mut Context::from_waker(this.waker));
            if done.is_ready() {
                return done;
            }
            let sleeps =
                state.compare_exchange(POLLED, 0, Ordering::AcqRel, Ordering::Acquire).is_ok();
            if sleeps {
                return Poll::Pending;
            }
        }
        state.swap(0, Ordering::AcqRel);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::task::{ArcWake, waker};
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    /// Counts how often a task is woken.
    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl ArcWake for Counted {
        fn wake_by_ref(this: &Arc<Self>) {
            this.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Counted {
        fn wakes(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    /// Wakes itself so many times, and is then done.
    async fn wakes_itself(mut times: usize) {
        poll_fn(|context| {
            if times == 0 {
                return Poll::Ready(());
            }
            times -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    #[test]
    fn what_wakes_itself_is_polled_again_and_its_task_hears_nothing_of_it() {
        let task = Arc::<Counted>::default();
        let mut future = pin!(Again::new(wakes_itself(ROUNDS - 1)));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker(Arc::clone(&task))));
        assert!(polled.is_ready());
        assert_eq!(task.wakes(), 0);
    }

    #[test]
    fn what_wakes_itself_without_end_gives_way() {
        let task = Arc::<Counted>::default();
        let mut future = pin!(Again::new(wakes_itself(ROUNDS)));
        let waker = waker(Arc::clone(&task));
        let mut context = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut context).is_pending());
        assert_eq!(task.wakes(), 1);
        assert!(future.as_mut().poll(&mut context).is_ready());
    }

    #[test]
    fn a_wake_from_elsewhere_wakes_the_task_that_polled_last() {
        let (first, last) = (Arc::<Counted>::default(), Arc::<Counted>::default());
        let (mut polls, mut theirs) = (0, None);
        let mut future = Box::pin(Again::new(poll_fn(|context| {
            theirs = Some(context.waker().clone());
            polls += 1;
            Poll::<()>::Pending
        })));
        for task in [&first, &last] {
            let waker = waker(Arc::clone(task));
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(future);
        theirs.unwrap().wake();
        assert_eq!((polls, first.wakes(), last.wakes()), (2, 0, 1));
    }

    #[test]
    fn no_wake_of_another_thread_is_lost() {
        let said = Arc::new((AtomicUsize::new(0), AtomicWaker::new()));
        let most = 20_000;
        let other = {
            let said = Arc::clone(&said);
            thread::spawn(move || {
                for _ in 0..most {
                    said.0.fetch_add(1, Ordering::SeqCst);
                    said.1.wake();
                }
            })
        };
        let heard = poll_fn(|context| {
            said.1.register(context.waker());
            if said.0.load(Ordering::SeqCst) == most { Poll::Ready(()) } else { Poll::Pending }
        });
        // It hangs where the last wake is lost.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Again::new(heard));
        other.join().unwrap();
    }
}
