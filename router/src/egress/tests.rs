//! The switch by itself: who gets a pass, what order memory and store are in, what is told.

use super::*;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

/// A log in memory, whose writes wait for the test's permission and may fail.
#[derive(Default)]
struct Log {
    switches: Mutex<Vec<EgressSwitched>>,
    may_write: Option<Semaphore>,
    broken: bool,
}

impl EgressLog for Log {
    fn note_switch(&self, switch: EgressSwitched) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            if let Some(gate) = &self.may_write {
                gate.acquire().await.unwrap().forget();
            }
            if self.broken {
                return Err(StoreError::Closed);
            }
            self.switches.lock().push(switch);
            Ok(())
        })
    }

    fn last_switch(&self) -> BoxFuture<'_, Result<Option<EgressSwitched>, StoreError>> {
        let last = self.switches.lock().last().cloned();
        Box::pin(async move { if self.broken { Err(StoreError::Closed) } else { Ok(last) } })
    }
}

async fn switch(log: &Arc<Log>) -> EgressSwitch {
    EgressSwitch::open(Arc::clone(log) as Arc<dyn EgressLog>).await.unwrap()
}

fn by() -> (String, String) {
    ("local/local/alice".into(), "drill".into())
}

async fn throw_off(switch: &EgressSwitch) -> Result<Standing, SwitchError> {
    let (by, note) = by();
    switch.off(by, note).await
}

async fn throw_on(switch: &EgressSwitch) -> Result<Standing, SwitchError> {
    let (by, note) = by();
    switch.on(by, note).await
}

#[tokio::test]
async fn off_gives_no_pass_and_cuts_those_that_are_out_and_on_gives_them_again() {
    let log = Arc::new(Log::default());
    let switch = switch(&log).await;
    assert!(switch.standing().allowed(), "nobody ever threw it");
    let pass = switch.pass().unwrap();
    assert_eq!(pass.cut().now_or_never(), None);

    let mut off = Box::pin(throw_off(&switch));
    assert!(off.as_mut().now_or_never().is_none(), "a call is still running");
    assert!(pass.is_cut());
    assert_eq!(switch.pass().unwrap_err().kind, "egress_off");
    assert!(!switch.allowed());
    drop(pass);
    let standing = off.await.unwrap();
    assert_eq!((standing.allowed(), standing.cut), (false, Some(1)));
    assert_eq!(standing.last.unwrap().note, "drill");

    assert!(throw_on(&switch).await.unwrap().allowed());
    assert!(!switch.pass().unwrap().is_cut());
}

#[tokio::test]
async fn the_last_throw_rules_after_a_restart() {
    let log = Arc::new(Log::default());
    throw_off(&switch(&log).await).await.unwrap();
    let after = switch(&log).await;
    assert!(after.pass().is_err());
    assert_eq!((after.standing().allowed(), after.standing().cut), (false, None));
    throw_on(&after).await.unwrap();
    assert!(switch(&log).await.pass().is_ok());
}

#[tokio::test]
async fn off_holds_before_the_store_has_it_and_on_only_after() {
    let log = Arc::new(Log { may_write: Some(Semaphore::new(0)), ..Log::default() });
    let switch = switch(&log).await;
    let mut off = Box::pin(throw_off(&switch));
    assert!(off.as_mut().now_or_never().is_none(), "not acknowledged before it is committed");
    assert!(switch.pass().is_err(), "and yet it holds");
    log.may_write.as_ref().unwrap().add_permits(1);
    off.await.unwrap();

    let mut on = Box::pin(throw_on(&switch));
    assert!(on.as_mut().now_or_never().is_none());
    assert!(switch.pass().is_err() && !switch.standing().allowed(), "not before it is committed");
    log.may_write.as_ref().unwrap().add_permits(1);
    on.await.unwrap();
    assert!(switch.pass().is_ok());
}

#[tokio::test]
async fn off_holds_at_once_even_while_somebody_elses_on_waits_for_the_store() {
    let log = Arc::new(Log { may_write: Some(Semaphore::new(0)), ..Log::default() });
    let switch = switch(&log).await;
    let mut on = Box::pin(throw_on(&switch));
    assert!(on.as_mut().now_or_never().is_none());
    assert!(switch.pass().is_ok(), "it was on before");
    let mut off = Box::pin(throw_off(&switch));
    assert!(off.as_mut().now_or_never().is_none());
    assert!(switch.pass().is_err());
    log.may_write.as_ref().unwrap().add_permits(2);
    let (on, off) = tokio::join!(on, off);
    assert!(on.is_ok() && off.is_ok());
    assert!(switch.pass().is_err(), "the later one rules");
    assert_eq!(log.switches.lock().last().map(|last| last.allowed), Some(false));
}

#[tokio::test]
async fn a_switch_that_cannot_be_read_is_none() {
    let log = Arc::new(Log { broken: true, ..Log::default() });
    let opened = EgressSwitch::open(log).await;
    assert_eq!(opened.err(), Some(StoreError::Closed));
}

/// Opens whole and fails from then on.
struct FailsLater;

impl EgressLog for FailsLater {
    fn note_switch(&self, _: EgressSwitched) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Err(StoreError::Closed) })
    }

    fn last_switch(&self) -> BoxFuture<'_, Result<Option<EgressSwitched>, StoreError>> {
        Box::pin(async { Ok(None) })
    }
}

#[tokio::test]
async fn what_cannot_be_written_down_is_off() {
    let switch = EgressSwitch::open(Arc::new(FailsLater)).await.unwrap();
    let error = throw_off(&switch).await.unwrap_err();
    assert_eq!(error, SwitchError::OffUnwritten(StoreError::Closed));
    assert!(error.to_string().contains("a restart would let content leave again"), "{error}");
    assert!(switch.pass().is_err());
    assert_eq!(throw_on(&switch).await, Err(SwitchError::OnUnwritten(StoreError::Closed)));
    assert!(switch.pass().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_end_is_told_and_waited_for_by_the_next_throw() {
    let log = Arc::new(Log::default());
    let switch = switch(&log).await;
    let pass = switch.pass().unwrap();
    assert_eq!(throw_off(&switch).await, Err(SwitchError::Running(1)));
    assert_eq!(log.switches.lock().len(), 1, "it is written down all the same");
    assert_eq!(throw_off(&switch).await, Err(SwitchError::Running(1)));
    drop(pass);
    throw_off(&switch).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_pass_that_is_not_cut_is_out_once_off_is_acknowledged() {
    let log = Arc::new(Log::default());
    let switch = Arc::new(switch(&log).await);
    let tasks = TaskTracker::new();
    let sending = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let stop = CancellationToken::new();
    for _ in 0..16 {
        let (switch, sending, stop) = (Arc::clone(&switch), Arc::clone(&sending), stop.clone());
        tasks.spawn(async move {
            while !stop.is_cancelled() {
                if let Ok(pass) = switch.pass() {
                    sending.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    sending.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    drop(pass);
                }
                tokio::task::yield_now().await;
            }
        });
    }
    for _ in 0..200 {
        throw_off(&switch).await.unwrap();
        assert_eq!(sending.load(std::sync::atomic::Ordering::SeqCst), 0);
        throw_on(&switch).await.unwrap();
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}
