//! The switch over a call: none runs with a pass that is cut, and one that runs hangs up at once.

use super::*;

#[tokio::test]
async fn a_call_whose_pass_is_cut_before_it_starts_opens_no_connection() {
    let stand = Stand::start(vec![vec![events(&[HELLO, STOP]), end()]]).await;
    let (events, mut told) = mpsc::channel(64);
    let (pass, cut) = Pass::of_nobody();
    cut.cancel();
    let call = call(&provider(&stand.base_url()));
    let report = call.run(&pass, DispatchId(7), events, CancellationToken::new()).await;
    assert_eq!((report.sent_bytes, told.recv().await), (0, None));
    assert!(stand.seen.lock().unwrap().requests.is_empty());
}

#[tokio::test]
async fn a_call_whose_pass_is_cut_in_mid_answer_hangs_up_and_says_no_more() {
    let hung_up = Arc::new(Notify::new());
    let hang = Step::UntilClosed(Arc::clone(&hung_up));
    let stand = Stand::start(vec![vec![events(&[HELLO]), hang]]).await;
    let provider = provider(&stand.base_url());
    let (events, mut told) = mpsc::channel(64);
    let (pass, cut) = Pass::of_nobody();
    let running = call(&provider).run(&pass, DispatchId(7), events, CancellationToken::new());
    let watching = async {
        assert_eq!(told.recv().await, Some(accepted()));
        assert_eq!(told.recv().await, Some(delta("Hello")));
        cut.cancel();
        hung_up.notified().await;
        assert_eq!(told.recv().await, None);
    };
    let (report, ()) = tokio::join!(running, watching);
    assert_eq!(report, all_sent(), "what was taken counts");
}
