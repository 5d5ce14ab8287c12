//! Held caches: a later turn reads less and answers the same.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use littoral_engine::{
    ChatModel, Conversation, Finish, GenerationEvent, Held, Job, LoadOptions, Turn,
};

use crate::fixtures::{
    Answer, answer, greedy, load, provisioned, quick, read, runtime, smollm2, tiny,
};

const TIDE: &str = "Why is there a tide?";
const MORE: &str = "And why are there two of them a day?";
const SYSTEM: &str = "You answer questions about the sea in one sentence.";

/// SmolLM2 and the three tiny decoders: shared and moved caches, float32 and float16. They hold more
/// than these tests leave; each takes sessions of its own.
fn models() -> &'static [ChatModel] {
    static MODELS: OnceLock<Vec<ChatModel>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let folders = ["float32", "float16", "grouped"].map(|name| tiny().join(name));
        let folders = folders.into_iter().chain([provisioned().model_folder.clone()]);
        let options = LoadOptions { queue: 64, held: 64, held_bytes: 4 << 30, ..quick() };
        folders
            .map(|folder| ChatModel::load(&runtime(), &folder, options).expect("loads"))
            .collect()
    })
}

/// A session that no other test uses.
fn session() -> u64 {
    static SESSIONS: AtomicU64 = AtomicU64::new(1);
    SESSIONS.fetch_add(1, Ordering::Relaxed)
}

fn held(model: &ChatModel, session: u64) -> Held {
    *model.held().iter().find(|held| held.session == session).expect("held")
}

fn talk(system: &str, turns: &[(&str, &str)]) -> Conversation {
    let system = Turn::new("system", system);
    let turns = turns.iter().map(|(role, content)| Turn::new(*role, *content));
    Conversation::new(std::iter::once(system).chain(turns).collect())
}

fn turn(session: Option<u64>, conversation: &Conversation, max_tokens: u32) -> Job {
    let (conversation, max_tokens) = (conversation.clone(), Some(max_tokens));
    Job { conversation, sampling: greedy(), max_tokens, session, ..Job::default() }
}

/// Tokens at the beginning that two conversations share.
fn shared(model: &ChatModel, one: &Conversation, two: &Conversation) -> usize {
    let [one, two] = [one, two].map(|talk| model.format().encode(talk).expect("encodes"));
    one.iter().zip(&two).take_while(|(one, two)| one == two).count()
}

/// Asks with the session and without any; what the model says and believes must be the same to the
/// last bit. Returns the former.
async fn same(model: &ChatModel, session: u64, conversation: &Conversation) -> Answer {
    let believed = |session| Job { top_logprobs: Some(3), ..turn(session, conversation, 12) };
    let fresh = answer(model, believed(None)).await;
    let held = answer(model, believed(Some(session))).await;
    assert_eq!(held.logprobs, fresh.logprobs, "{}", model.card().name);
    assert_eq!(fresh.usage.cached_prompt_tokens, 0);
    assert_eq!(held.text, fresh.text, "{}", model.card().name);
    assert_eq!(held.usage.prompt_tokens, fresh.usage.prompt_tokens);
    held
}

#[tokio::test]
async fn the_next_turn_reads_only_what_is_new_and_answers_the_same() {
    for model in models() {
        let session = session();
        let first = talk(SYSTEM, &[("user", TIDE)]);
        let said = same(model, session, &first).await;
        assert_eq!(said.usage.cached_prompt_tokens, 0);
        assert_eq!(held(model, session).tokens, said.usage.prompt_tokens);
        let second = talk(SYSTEM, &[("user", TIDE), ("assistant", &said.text), ("user", MORE)]);
        let next = same(model, session, &second).await;
        let (cached, of) = (next.usage.cached_prompt_tokens, next.usage.prompt_tokens);
        assert_eq!(cached as usize, shared(model, &first, &second), "{}", model.card().name);
        assert!(cached < of && of - cached < 128);
        assert_eq!(next.prefill, [(of, of)], "cached tokens count as read");
    }
}

/// One of these prompts is two chunks and one token long.
#[tokio::test]
async fn where_the_chunks_of_a_prompt_end_does_not_show_in_its_answer() {
    let (model, session) = (&models()[3], session());
    let mut lone = 0;
    for words in 210..214 {
        let tide = "tide ".repeat(words);
        let told = talk(SYSTEM, &[("user", &tide), ("assistant", "Yes."), ("user", TIDE)]);
        let of = same(model, session, &told).await.usage.prompt_tokens;
        lone += u32::from(of % 128 == 1);
    }
    assert_eq!(lone, 1);
}

#[tokio::test]
async fn a_history_that_diverged_answers_the_same() {
    for model in models() {
        let session = session();
        let edited = talk(SYSTEM, &[("user", "Why is there a storm?")]);
        let before = talk(SYSTEM, &[("user", TIDE)]);
        answer(model, turn(Some(session), &before, 12)).await;
        let next = same(model, session, &edited).await;
        assert_eq!(next.usage.cached_prompt_tokens as usize, shared(model, &before, &edited));
        // And on from the edited branch, with an answer the model did not give.
        let put = talk(
            SYSTEM,
            &[("user", "Why is there a storm?"), ("assistant", "Wind."), ("user", MORE)],
        );
        let next = same(model, session, &put).await;
        assert!(next.usage.cached_prompt_tokens as usize >= shared(model, &edited, &put));
    }
}

#[tokio::test]
async fn a_changed_system_prompt_answers_the_same() {
    for model in models() {
        let session = session();
        let one = talk(SYSTEM, &[("user", TIDE)]);
        answer(model, turn(Some(session), &one, 12)).await;
        let two = talk("Answer like a pirate.", &[("user", TIDE)]);
        let next = same(model, session, &two).await;
        assert_eq!(next.usage.cached_prompt_tokens as usize, shared(model, &one, &two));
    }
}

#[tokio::test]
async fn the_same_prompt_again_reads_its_last_two_tokens() {
    for model in models() {
        let session = session();
        let asked = talk(SYSTEM, &[("user", TIDE)]);
        answer(model, turn(Some(session), &asked, 12)).await;
        let again = same(model, session, &asked).await;
        assert_eq!(again.usage.cached_prompt_tokens, again.usage.prompt_tokens - 2);
    }
}

#[tokio::test]
async fn two_sessions_in_turns_and_at_once_answer_as_each_does_alone() {
    for model in models() {
        let sessions = [session(), session()];
        let asked = [TIDE, "Name the parts of a ship."];
        let (mut seconds, mut least, mut alone) = (Vec::new(), Vec::new(), Vec::new());
        for (session, asked) in sessions.into_iter().zip(asked) {
            let first = talk(SYSTEM, &[("user", asked)]);
            let said = same(model, session, &first).await.text;
            let turns = [("user", asked), ("assistant", said.as_str()), ("user", MORE)];
            let second = talk(SYSTEM, &turns);
            alone.push(answer(model, turn(None, &second, 12)).await.text);
            least.push(shared(model, &first, &second));
            seconds.push(second);
        }
        let start = |index: usize| model.start(turn(Some(sessions[index]), &seconds[index], 12));
        let (one, two) = (start(0).expect("started"), start(1).expect("started"));
        let (one, two) = tokio::join!(read(one), read(two));
        for ((answer, alone), least) in [one, two].iter().zip(&alone).zip(least) {
            assert_eq!(&answer.text, alone, "{}", model.card().name);
            assert!(answer.usage.cached_prompt_tokens as usize >= least);
        }
    }
}

#[tokio::test]
async fn nothing_is_shared_between_sessions_or_with_a_job_of_none() {
    let model = load(quick());
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    answer(&model, turn(Some(1), &asked, 4)).await;
    for session in [Some(2), None] {
        let other = answer(&model, turn(session, &asked, 4)).await;
        assert_eq!(other.usage.cached_prompt_tokens, 0);
    }
    let sessions: Vec<u64> = model.held().iter().map(|held| held.session).collect();
    assert_eq!(sessions, [2, 1], "a job of no session leaves nothing");
    model.shutdown();
}

#[tokio::test]
async fn a_cancelled_turn_leaves_what_it_read() {
    let model = load(quick());
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    let mut running = model.start(turn(Some(1), &asked, 400)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Text { .. })) {}
    running.cancel();
    let rest = read(running).await;
    assert_eq!(rest.finish, Some(Finish::Cancelled));
    assert_eq!(held(&model, 1).tokens, rest.usage.prompt_tokens);
    let again = same(&model, 1, &asked).await;
    assert_eq!(again.usage.cached_prompt_tokens, again.usage.prompt_tokens - 2);
    model.shutdown();
}

#[tokio::test]
async fn a_turn_whose_caller_went_away_is_held_like_a_cancelled_one() {
    let model = load(LoadOptions { slots: 1, ..quick() });
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    let mut running = model.start(turn(Some(1), &asked, 400)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Text { .. })) {}
    drop(running);
    // The one slot is free only when the first turn has let go.
    let again = answer(&model, turn(Some(1), &asked, 4)).await;
    assert_eq!(again.usage.cached_prompt_tokens, again.usage.prompt_tokens - 2);
    model.shutdown();
}

#[tokio::test]
async fn a_forgotten_session_reads_everything_again() {
    let model = load(quick());
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    for session in [1, 2, 3] {
        answer(&model, turn(Some(session), &asked, 4)).await;
    }
    model.forget(2);
    let sessions: Vec<u64> = model.held().iter().map(|held| held.session).collect();
    assert_eq!(sessions, [3, 1]);
    assert_eq!(answer(&model, turn(Some(2), &asked, 4)).await.usage.cached_prompt_tokens, 0);
    model.forget_all();
    assert_eq!(model.held(), []);
    model.shutdown();
}

#[tokio::test]
async fn a_session_forgotten_while_it_runs_leaves_nothing() {
    let model = load(quick());
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    let mut running = model.start(turn(Some(1), &asked, 12)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Prefill { .. })) {}
    model.forget(1);
    assert_eq!(read(running).await.finish, Some(Finish::Length));
    assert_eq!(model.held(), []);
    model.shutdown();
}

#[tokio::test]
async fn the_least_recently_used_session_goes_and_none_is_held_where_none_may_be() {
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    let model = load(LoadOptions { held: 2, ..quick() });
    for session in [1, 2, 1, 3] {
        answer(&model, turn(Some(session), &asked, 2)).await;
    }
    let sessions: Vec<u64> = model.held().iter().map(|held| held.session).collect();
    assert_eq!(sessions, [3, 1]);
    model.shutdown();
    let model = load(LoadOptions { held: 0, ..quick() });
    answer(&model, turn(Some(1), &asked, 2)).await;
    assert_eq!(model.held(), []);
    model.shutdown();
}

/// A cache of a short text has room for 256 tokens, and the budget has room for one such cache.
#[tokio::test]
async fn held_caches_make_room_for_a_running_one_within_the_budget() {
    let asked = talk(SYSTEM, &[("user", TIDE)]);
    let room = 256 * smollm2().card().cache_bytes_per_token;
    let model = load(LoadOptions { held_bytes: room, ..quick() });
    answer(&model, turn(Some(1), &asked, 2)).await;
    let tokens = model.held()[0].tokens;
    assert_eq!(model.held(), [Held { session: 1, tokens, bytes: room }]);
    let mut running = model.start(turn(Some(2), &asked, 2)).expect("started");
    while !matches!(running.next().await, Some(GenerationEvent::Prefill { .. })) {}
    assert!(
        model.held().iter().all(|held| held.session != 1),
        "it made room before the first step"
    );
    assert_eq!(read(running).await.finish, Some(Finish::Length));
    assert_eq!(model.held(), [Held { session: 2, tokens, bytes: room }]);
    model.shutdown();
    let model = load(LoadOptions { held_bytes: room - 1, ..quick() });
    answer(&model, turn(Some(1), &asked, 2)).await;
    assert_eq!(model.held(), [], "larger than the budget");
    model.shutdown();
}
