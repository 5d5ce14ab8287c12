//! A world for property tests: it stands for shell, targets and client, and judges every action
//! against its own, independent account of what may happen.

use super::*;
use crate::reason::Reason;

/// One step of a random history. Dispatches are named by how many lie between them and the newest,
/// so that most events concern the live one and some come late.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Wait { ms: u64 },
    WaitForWake,
    Timer,
    Accepted { back: u32 },
    Progress { back: u32, done: u32, of: u32 },
    Text { back: u32, channel: Channel, offset: Offset, text: &'static str },
    Fragment { back: u32, arguments: &'static str },
    Finished { back: u32 },
    Failed { back: u32, blame: Blame, kind: &'static str, retry_after_ms: Option<u64> },
    ClientGone,
    Shutdown,
    EgressCut,
}

/// What a target says of where its text belongs.
#[derive(Clone, Copy, Debug)]
pub(super) enum Offset {
    Unstated,
    Right,
    OffBy(u64),
}

pub(super) struct World {
    flight: Flight,
    plan: Plan,
    options: FlightOptions,
    deadline: Duration,
    now: Duration,
    wake: Option<Duration>,
    /// Attempt of each dispatch made, and whether it still runs.
    dispatches: Vec<(usize, bool)>,
    /// The attempt that the client hears, as it was told.
    author: Option<usize>,
    /// The attempt that was started beside it.
    rival: Option<usize>,
    /// It was refused by a limit before anything was sent, and may still go on for another.
    rival_refused: bool,
    /// Bytes that each dispatch generated, by channel.
    generated: Vec<[u64; 3]>,
    /// What the client shows, by channel, in the present epoch.
    shown: [String; 3],
    /// What targets generated and the client ought to show.
    due: [String; 3],
    fragments: usize,
    /// Prefix of a dispatch that the client has not been told of.
    untold: Option<String>,
    epoch: u32,
    failovers: u32,
    egress_cut: bool,
    /// The client is gone or the router shuts down.
    over: bool,
    pub(super) end: Option<Ending>,
}

impl World {
    pub(super) fn start(plan: Plan, options: FlightOptions, arrival: Duration) -> Self {
        let (flight, actions) = Flight::start(plan.clone(), options, arrival);
        let mut world = Self {
            flight,
            deadline: arrival + ms(plan.deadline_ms),
            plan,
            options,
            now: arrival,
            wake: None,
            dispatches: Vec::new(),
            author: None,
            rival: None,
            rival_refused: false,
            generated: Vec::new(),
            shown: Default::default(),
            due: Default::default(),
            fragments: 0,
            untold: None,
            epoch: 0,
            failovers: 0,
            egress_cut: false,
            over: false,
            end: None,
        };
        world.judge(actions);
        world
    }

    /// Fires wake-ups until the flight ends; returns how many it took, or `None` if it never ends.
    pub(super) fn run_out(&mut self) -> Option<u32> {
        (0..1_000).find(|_| {
            if self.end.is_none() {
                self.step(&Step::WaitForWake);
                self.step(&Step::Timer);
            }
            self.end.is_some()
        })
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn step(&mut self, step: &Step) {
        let event = match *step {
            Step::Wait { ms } => {
                self.now += Duration::from_millis(ms);
                return;
            }
            Step::WaitForWake => {
                self.now = self.now.max(self.wake.unwrap_or_default());
                return;
            }
            Step::Timer => Event::Timer,
            Step::Accepted { back } => Event::Accepted(self.nth(back)),
            Step::Progress { back, done, of } => {
                Event::Progress { dispatch: self.nth(back), done, of }
            }
            Step::Text { back, channel, offset, text } => {
                self.generate(self.nth(back), channel, offset, text)
            }
            Step::Fragment { back, arguments } => fragment(self.nth(back).0, arguments),
            Step::Finished { back } => {
                let dispatch = self.nth(back);
                self.close(dispatch);
                Event::Finished { dispatch, finish: Finish::Stop, usage: None }
            }
            Step::Failed { back, blame, kind, retry_after_ms } => {
                let dispatch = self.nth(back);
                let attempt = self.dispatches.get(dispatch.0 as usize).map(|&(made, _)| made);
                let beside = self.running() == 2 && attempt == self.rival;
                self.rival_refused |= beside && blame == Blame::Limit;
                self.close(dispatch);
                Event::Failed { dispatch, fault: Fault { kind, retry_after_ms, ..fault(blame) } }
            }
            Step::ClientGone => {
                self.over = true;
                Event::ClientGone
            }
            Step::Shutdown => {
                self.over = true;
                Event::Shutdown
            }
            Step::EgressCut => {
                self.egress_cut = true;
                Event::EgressCut
            }
        };
        let actions = self.flight.on(event, self.now);
        self.judge(actions);
        assert_eq!(self.shown, self.due, "the client shows what was generated, no more, no less");
    }

    fn nth(&self, back: u32) -> DispatchId {
        DispatchId((self.dispatches.len() as u32).saturating_sub(1 + back))
    }

    fn close(&mut self, DispatchId(id): DispatchId) {
        if let Some((_, running)) = self.dispatches.get_mut(id as usize) {
            *running = false;
        }
    }

    /// Makes a target's delta, and notes what the client must show of it.
    fn generate(
        &mut self,
        dispatch: DispatchId,
        channel: Channel,
        offset: Offset,
        text: &str,
    ) -> Event {
        let index = dispatch.0 as usize;
        let mut nowhere = 0;
        let at = self.generated.get_mut(index).map_or(&mut nowhere, |g| &mut g[channel as usize]);
        let (stated, right) = match offset {
            Offset::Unstated => (None, true),
            Offset::Right => (Some(*at), true),
            Offset::OffBy(by) => (Some(at.wrapping_add(by)), by == 0),
        };
        if right && self.dispatches.get(index).is_some_and(|&(_, running)| running) {
            *at += text.len() as u64;
            self.due[channel as usize].push_str(text);
        }
        delta(dispatch.0, channel, stated, text)
    }

    fn judge(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(self.end.is_none(), "{action:?} came after the end");
            match action {
                Action::Dispatch { dispatch, attempt, remainder, purpose } => {
                    self.judge_dispatch(dispatch, attempt, &remainder, purpose);
                }
                Action::Cancel(DispatchId(id)) => {
                    assert!(self.dispatches[id as usize].1, "{id} had already ended");
                    self.close(DispatchId(id));
                }
                Action::Emit(emission) => self.show(emission),
                Action::WakeAt(at) => {
                    assert!(at >= self.now, "a wake-up in the past");
                    self.wake = Some(at);
                }
                Action::End(ending) => self.judge_end(ending),
            }
        }
        if self.end.is_none() {
            assert!(
                self.wake.is_some_and(|at| at <= self.deadline),
                "nothing will wake the flight"
            );
            let silent = self.shown.iter().all(String::is_empty) && self.fragments == 0;
            assert!(self.running() <= if silent { 2 } else { 1 }, "two at once, and one was heard");
        }
        assert_eq!(self.flight.ended(), self.end.is_some());
        assert_eq!(self.flight.epoch(), self.epoch);
    }

    fn running(&self) -> usize {
        self.dispatches.iter().filter(|&&(_, running)| running).count()
    }

    fn judge_dispatch(
        &mut self,
        id: DispatchId,
        attempt: usize,
        remainder: &Remainder,
        purpose: Purpose,
    ) {
        assert!(!self.over, "a dispatch after the client had gone or the router had stopped");
        let made = self.dispatches.iter().filter(|&&(made, _)| made == attempt).count();
        match purpose {
            Purpose::First => assert!(self.dispatches.is_empty()),
            Purpose::Failover => {
                let refused = self.rival == Some(attempt) && self.rival_refused;
                assert!((made == 0 || refused) && self.running() == 0);
                self.rival_refused &= !refused;
            }
            Purpose::Repeat => assert!(made > 0 && self.running() == 0),
            Purpose::Hedge => {
                assert!(made == 0 && self.running() == 1, "a rival is a new one beside one");
                assert_eq!(self.rival.replace(attempt), None, "a second rival");
                assert!(self.plan.hedge_after_ms.is_some_and(|after| {
                    self.now + ms(self.plan.deadline_ms) >= self.deadline + ms(after)
                }));
            }
        }
        assert_eq!(id.0 as usize, self.dispatches.len(), "dispatch numbers count up");
        let planned = &self.plan.attempts[attempt];
        let local = planned.tier != Tier::Cloud;
        assert!(local || !self.egress_cut, "a cloud after egress was cut");
        assert!(self.options.failover || self.dispatches.is_empty(), "failover was forbidden");
        let (prefix, bound) = (remainder.assistant_prefix.as_deref(), planned.limits.output_tokens);
        assert!(remainder.max_output_tokens >= 1 && remainder.max_output_tokens <= bound.max(1));
        if let Some(prefix) = prefix {
            assert!(planned.target.accepts_prefix);
            assert!(prefix.len() <= self.options.prefix_bytes_limit);
        }
        if purpose == Purpose::First {
            self.author = Some(attempt);
        } else {
            self.untold = Some(prefix.unwrap_or_default().to_owned());
        }
        self.dispatches.push((attempt, true));
        self.generated.push([0; 3]);
        let times = self.dispatches.iter().filter(|&&(made, _)| made == attempt).count();
        assert!(times <= crate::flight::MAX_DISPATCHES_PER_ATTEMPT as usize);
    }

    fn show(&mut self, emission: Emission) {
        match emission {
            Emission::Delta { epoch, channel, offset, text, .. } => {
                assert_eq!(epoch, self.epoch);
                let shown = &mut self.shown[channel as usize];
                assert_eq!(offset, shown.len() as u64, "a gap or a duplicate");
                shown.push_str(&text);
            }
            Emission::ToolCallDelta { epoch, .. } => {
                assert_eq!(epoch, self.epoch);
                self.fragments += 1;
            }
            Emission::Progress { done, of } => assert!(done <= of),
            Emission::Failover { from, to, kind, epoch, at_offset, .. } => {
                self.failovers += 1;
                assert_eq!(self.author.replace(to), Some(from));
                let newest = self.dispatches.last().map(|&(attempt, _)| attempt);
                assert!(newest == Some(to) || self.rival == Some(to));
                assert_eq!(self.fragments, 0, "a tool call may already be acted upon");
                if kind == FailoverKind::Reset {
                    assert!(self.options.can_reset, "the door cannot unsay text");
                    self.epoch += 1;
                    self.shown = Default::default();
                    self.due = Default::default();
                }
                assert_eq!(epoch, self.epoch, "only a reset changes the epoch");
                assert_eq!(at_offset, self.shown[0].len() as u64);
                let [content, reasoning, refusal] = &self.shown;
                let prefix = self.untold.take();
                assert_eq!(&prefix.unwrap_or_default(), content, "what is shown is continued");
                assert!(
                    reasoning.is_empty() && refusal.is_empty(),
                    "only content can be continued"
                );
            }
        }
    }

    fn judge_end(&mut self, ending: Ending) {
        assert_eq!(self.running(), 0, "every dispatch finished, failed or was cancelled");
        assert_eq!(ending.failovers, self.failovers);
        let rows: Vec<_> = ending.dispatches.iter().map(|row| row.attempt).collect();
        let made: Vec<_> = self.dispatches.iter().map(|&(attempt, _)| attempt).collect();
        assert_eq!(rows, made, "one row for each dispatch, in order");
        for row in &ending.dispatches {
            assert!(row.at <= row.ended_at && row.ended_at <= self.now);
            assert!(row.first_token_at.is_none_or(|t| row.at <= t && t <= row.ended_at));
        }
        match &ending.result {
            Ok(answered) => {
                assert_eq!(answered.epoch, self.epoch);
                assert_eq!(self.author, Some(answered.attempt));
            }
            Err(failure) => {
                assert!(!failure.message.is_empty());
                let by_hand = matches!(failure.reason, Reason::Cancelled | Reason::ShuttingDown);
                assert_eq!(by_hand, self.over);
            }
        }
        self.end = Some(ending);
    }
}
