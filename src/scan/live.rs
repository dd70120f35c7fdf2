//! A scan of a live account.

use super::record::{Origin, Recording, Request};
use super::{ScanError, Stop, resource_types};
use crate::aws::{Aws, Context, Login, NoSuchRegion, Plan, Regions, Session};
use crate::history::{Recorder, ScanRecord, ScanStatus};
use crate::inventory::snapshot::{FORMAT, Header, SnapshotWriter, Tee};
use crate::inventory::{GLOBAL, ResourceType, Scope, Sink};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::collect::{collect_all, give_up};
use std::collections::BTreeMap;
use std::future::Future;
use std::io::Write;
use std::sync::Arc;

/// Reads and judges an account. `stopped` ends the reading early: what was
/// judged is kept; if the time was up, what was not answered by then is
/// unknown. With `snapshot`, what AWS answered is written there, too.
///
/// # Errors
/// No session (the scan is recorded as failed), a chosen region that is none, or
/// the history or snapshot cannot be written.
pub async fn scan_live(
    request: &Request,
    login: &Login,
    aws: &Aws,
    snapshot: Option<Box<dyn Write + Send>>,
    recorder: &Recorder,
    stopped: impl Future<Output = Stop>,
) -> Result<ScanRecord, ScanError> {
    let started_at = (request.now)();
    tokio::pin!(stopped);
    request.progress.phase("signing in");
    let session = tokio::select! {
        session = Session::open(aws, login) => session,
        stop = &mut stopped => return Err(stop.before_reading()),
    };
    let session = match session {
        Ok(session) => Arc::new(session),
        Err(error) => {
            let origin = Origin {
                account: login.account_id.clone(),
                partition: partition_of(login),
                caller: error.caller_arn.clone(),
                source: "aws".to_owned(),
                observed_at: started_at,
                started_at,
                regions: request.regions.clone(),
                skipped: BTreeMap::new(),
            };
            let recording = Recording::begin(request, origin, recorder)?;
            let calls = aws.gate().stats_of(&login.account_id).api_calls();
            recording.end(ScanStatus::Failed, Some(error.to_string()), calls)?;
            return Err(ScanError::Session(Box::new(error)));
        }
    };
    let types = resource_types(&request.types());
    let operations = request.operations();
    request.progress.phase("listing regions");
    let regions = tokio::select! {
        regions = regions(&session, request, &types) => regions?,
        stop = &mut stopped => return Err(stop.before_reading()),
    };
    let origin = Origin {
        account: session.account().to_owned(),
        partition: session.partition().to_owned(),
        caller: Some(session.caller_arn().to_owned()),
        source: "aws".to_owned(),
        observed_at: started_at,
        started_at,
        regions: regions.read.clone(),
        skipped: regions.skipped.clone(),
    };
    let header = Header {
        format: FORMAT.to_owned(),
        cspm: request.version.clone(),
        account: origin.account.clone(),
        partition: origin.partition.clone(),
        caller: session.caller_arn().to_owned(),
        regions: regions.read.clone(),
        regions_skipped: regions.skipped.clone(),
        taken_at: started_at,
        operations: operations.iter().map(|operation| operation.id()).collect(),
        members: Header::members_of(&types),
    };
    let recording = Recording::begin(request, origin, recorder)?;
    let writer = match snapshot {
        Some(out) => match SnapshotWriter::begin(out, &header) {
            Ok(writer) => Some(Arc::new(writer)),
            Err(error) => {
                let error = ScanError::Unwritten(error);
                let calls = session.stats().api_calls();
                recording.end(ScanStatus::Failed, Some(error.to_string()), calls)?;
                return Err(error);
            }
        },
        None => None,
    };
    let judge = Arc::clone(&recording.judge) as Arc<dyn Sink>;
    let sink: Arc<dyn Sink> = match &writer {
        Some(writer) => Arc::new(Tee::new(judge, Arc::clone(writer))),
        None => judge,
    };
    // What lies in regions that nobody could name is hidden for the account.
    if let Some(gap) = regions.gap.clone() {
        let gap = sink.gap(gap);
        for kind in types.iter().filter(|kind| kind.scope == Scope::Regional) {
            sink.done(kind, GLOBAL, gap.into());
        }
    }
    request.progress.phase("reading");
    let plan = Plan::new(types, operations);
    let context = Context::new(Arc::clone(&session), sink, regions, plan);
    let stop = tokio::select! {
        () = collect_all(&context) => None,
        stop = &mut stopped => Some(stop),
    };
    if stop == Some(Stop::TimedOut) {
        give_up(&context);
    }
    let calls = session.stats().api_calls();
    if let Some(stop) = stop {
        let reason = match stop {
            Stop::Interrupted => "interrupted; what was judged until then is kept",
            Stop::TimedOut => "the time was up; what was not answered until then is unknown",
        };
        return recording.end(ScanStatus::Partial, Some(reason.to_owned()), calls);
    }
    // What was judged is kept also if the snapshot is not.
    let written = writer.map_or(Ok(()), |writer| writer.finish());
    let record = recording.end(ScanStatus::Completed, None, calls)?;
    written.map_err(ScanError::Unwritten)?;
    Ok(record)
}

impl Stop {
    fn before_reading(self) -> ScanError {
        match self {
            Self::Interrupted => ScanError::Interrupted,
            Self::TimedOut => ScanError::TimedOut,
        }
    }
}

/// The regions to read. Nobody is asked for them if nothing is listed by region.
async fn regions(
    session: &Session,
    request: &Request,
    types: &[&'static ResourceType],
) -> Result<Regions, NoSuchRegion> {
    let by_region = |kind: &&'static ResourceType| {
        kind.listings.iter().any(|listing| listing.contains(&&DESCRIBE_REGIONS))
    };
    if types.iter().any(by_region) || !request.regions.is_empty() {
        session.regions(&request.regions).await
    } else {
        Ok(Regions::default())
    }
}

fn partition_of(login: &Login) -> String {
    let partition = login.role_arn.as_deref().and_then(|arn| arn.split(':').nth(1));
    partition.unwrap_or("aws").to_owned()
}
