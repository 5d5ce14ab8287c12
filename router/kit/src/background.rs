//! Threads that do what nobody waits for.

/// Lets the calling thread give way to threads that somebody waits for, where both want a processor: what it does
/// takes longer then, and requests do not. On systems other than Linux, where this would be said of the whole
/// process, it does nothing.
pub fn give_way() {
    #[cfg(target_os = "linux")]
    {
        /// A tenth of what others get (`setpriority(2)`; the kernel's weights are 1024 at 0 and 110 at 10).
        const NICE: i32 = 10;
        if let Err(error) = rustix::process::setpriority_process(None, NICE) {
            tracing::debug!(%error, "a background thread keeps its priority");
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_gives_way_leaves_the_others_as_they_are() {
        let nice = || rustix::process::getpriority_process(None).unwrap();
        let before = nice();
        let there = std::thread::spawn(move || {
            give_way();
            nice()
        });
        assert_eq!(there.join().unwrap(), 10.max(before));
        assert_eq!(nice(), before);
    }
}
