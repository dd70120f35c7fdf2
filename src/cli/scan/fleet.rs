//! Many tenants at once: as many as there are jobs, started in their order,
//! each to its own end. In which order they end never shows.

use super::live::Cloud;
use super::progress::Board;
use super::source::Source;
use super::stats::Stats;
use crate::history::{Recorder, ScanRecord};
use crate::scan::{Request, ScanError, Stop, record_failure};
use std::io::Write;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

/// One tenant to scan.
pub(super) struct Part {
    pub(super) source: Source,
    pub(super) request: Request,
    /// Where it is recorded.
    pub(super) recorder: Recorder,
    /// Where what AWS answers is written, too.
    pub(super) snapshot: Option<Box<dyn Write + Send>>,
}

/// How the tenants are scanned.
pub(super) struct Fleet {
    pub(super) jobs: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) cloud: Cloud,
    pub(super) board: Board,
}

/// How it went.
pub(super) struct Ended {
    /// What came of each tenant, in their order.
    pub(super) results: Vec<Result<ScanRecord, ScanError>>,
    /// Whether the user interrupted it.
    pub(super) interrupted: bool,
    /// What was asked of AWS.
    pub(super) stats: Stats,
}

impl Fleet {
    /// Scans all of them.
    pub(super) fn scan(self, parts: Vec<Part>) -> Ended {
        let fleet = Arc::new(self);
        fleet.cloud.runtime.block_on(Arc::clone(&fleet).run(parts))
    }

    async fn run(self: Arc<Self>, parts: Vec<Part>) -> Ended {
        let (stop, stopped) = watch::channel(None);
        // A snapshot alone is not worth an orderly interruption, and is judged
        // as fast as it is read.
        let orderly =
            parts.len() > 1 || parts.iter().any(|part| matches!(part.source, Source::Live(_)));
        let watching = tokio::spawn(watch_for_stop(stop, self.timeout, orderly));
        let jobs = Arc::new(Semaphore::new(self.jobs.max(1)));
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let judges = Arc::new(Semaphore::new(cores));
        self.cloud.share(self.jobs.min(parts.len()));
        let mut results: Vec<_> = parts.iter().map(|_| Err(ScanError::Broken)).collect();
        let mut tasks = JoinSet::new();
        for (number, part) in parts.into_iter().enumerate() {
            let mut halt = stopped.clone();
            let job = tokio::select! {
                biased;
                stop = until_stopped(&mut halt) => Err(stop),
                job = Arc::clone(&jobs).acquire_owned() => Ok(job),
            };
            let (fleet, judges) = (Arc::clone(&self), Arc::clone(&judges));
            tasks.spawn(async move {
                let result = match &job {
                    Ok(_) => fleet.one(part, halt, judges).await,
                    Err(stop) => not_begun(&part, *stop),
                };
                (number, result)
            });
        }
        while let Some(ended) = tasks.join_next().await {
            // A task that broke off keeps what stands there for it.
            if let Ok((number, result)) = ended
                && let Some(place) = results.get_mut(number)
            {
                *place = result;
            }
            self.cloud.share(self.jobs.min(tasks.len()));
        }
        watching.abort();
        self.board.close();
        let interrupted = *stopped.borrow() == Some(Stop::Interrupted);
        Ended { results, interrupted, stats: self.cloud.stats() }
    }

    /// One tenant, from its beginning to its end.
    async fn one(
        &self,
        part: Part,
        mut halt: watch::Receiver<Option<Stop>>,
        judges: Arc<Semaphore>,
    ) -> Result<ScanRecord, ScanError> {
        let Part { source, request, recorder, snapshot } = part;
        let progress = Arc::clone(&request.progress);
        let (source, request) = (Arc::new(source), Arc::new(request));
        let result = if let Source::Live(tenant) = &*source {
            let stopped = until_stopped(&mut halt);
            self.cloud.scan(tenant, &request, snapshot, &recorder, stopped).await
        } else {
            progress.phase("judging");
            let _judging = judges.acquire().await;
            let (source, request) = (Arc::clone(&source), Arc::clone(&request));
            let to = recorder.clone();
            let judging = tokio::task::spawn_blocking(move || source.judge(&request, &to));
            judging.await.unwrap_or(Err(ScanError::Broken))
        };
        progress.phase("");
        self.board.one_ended();
        result.or_else(|error| failed(&source, &request, &recorder, error))
    }
}

/// A tenant whose turn never came.
fn not_begun(part: &Part, stop: Stop) -> Result<ScanRecord, ScanError> {
    let error = match stop {
        Stop::Interrupted => ScanError::Interrupted,
        Stop::TimedOut => ScanError::TimedOut,
    };
    failed(&part.source, &part.request, &part.recorder, error)
}

/// Notes a failure that the scan itself has not noted, so that no tenant
/// is missing in the history.
fn failed(
    source: &Source,
    request: &Request,
    recorder: &Recorder,
    error: ScanError,
) -> Result<ScanRecord, ScanError> {
    let noted = match &error {
        #[cfg(feature = "aws")]
        ScanError::Session(_) => true,
        ScanError::Interrupted
        | ScanError::History(_)
        | ScanError::Unwritten(_)
        | ScanError::Ended => true,
        _ => false,
    };
    if let Some(account) = source.account_id().filter(|_| !noted) {
        // Whoever cannot write this either has said so.
        let reason = error.to_string();
        let _ = record_failure(request, &account, source.name(), &reason, recorder);
    }
    Err(error)
}

/// Waits for the user or for the end of the time.
async fn watch_for_stop(
    stop: watch::Sender<Option<Stop>>,
    timeout: Option<Duration>,
    orderly: bool,
) {
    let time_is_up = async {
        match timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    let interrupted = async {
        // Where signals cannot be heard, the scan cannot be interrupted.
        if !orderly || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    let why = tokio::select! {
        () = interrupted => Stop::Interrupted,
        () = time_is_up => Stop::TimedOut,
    };
    stop.send_replace(Some(why));
    // The channel has to live as long as somebody listens.
    std::future::pending::<()>().await;
}

async fn until_stopped(halt: &mut watch::Receiver<Option<Stop>>) -> Stop {
    let stop = halt.wait_for(Option::is_some).await.ok().and_then(|stop| *stop);
    match stop {
        Some(stop) => stop,
        // Nobody can stop it any more.
        None => std::future::pending().await,
    }
}
