//! Scans of live accounts: what they share, and how one is signed in to.

use super::stats::Stats;
use crate::history::{Recorder, ScanRecord};
use crate::scan::{Request, ScanError, Stop};
use crate::tenant::Tenant;
use std::future::Future;
use std::io::{self, Write};
use tokio::runtime::{Builder, Runtime};

/// Where everything of a run happens.
fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}

/// This build has no AWS.
#[cfg(not(feature = "aws"))]
pub(super) struct Cloud {
    pub(super) runtime: Runtime,
}

#[cfg(not(feature = "aws"))]
impl Cloud {
    pub(super) fn new(_: &super::ScanArgs) -> io::Result<Self> {
        Ok(Self { runtime: runtime()? })
    }

    pub(super) fn stats(&self) -> Stats {
        Stats::new()
    }

    pub(super) fn share(&self, _accounts: usize) {}

    pub(super) async fn scan(
        &self,
        _tenant: &Tenant,
        _request: &Request,
        _snapshot: Option<Box<dyn Write + Send>>,
        _recorder: &Recorder,
        _stopped: impl Future<Output = Stop> + Send,
    ) -> Result<ScanRecord, ScanError> {
        Err(ScanError::NoAws)
    }
}

/// What all accounts of a run share: one HTTP client, one gate.
#[cfg(feature = "aws")]
pub(super) struct Cloud {
    pub(super) aws: crate::aws::Aws,
    pub(super) runtime: Runtime,
}

#[cfg(feature = "aws")]
impl Cloud {
    pub(super) fn new(args: &super::ScanArgs) -> io::Result<Self> {
        let limits =
            crate::aws::Limits { max_rps: args.fleet.max_rps, ..crate::aws::Limits::default() };
        Ok(Self { aws: crate::aws::Aws::new(limits), runtime: runtime()? })
    }

    /// So many accounts are scanned side by side from now on.
    pub(super) fn share(&self, accounts: usize) {
        self.aws.gate().share(accounts);
    }

    /// What was asked so far.
    pub(super) fn stats(&self) -> Stats {
        let operations = self.aws.gate().stats().operations.into_iter();
        operations
            .map(|(operation, of)| {
                let counts = super::stats::Counts {
                    calls: of.calls,
                    requests: of.attempts,
                    retries: of.retries,
                    throttled: of.throttled,
                    failed: of.failed.values().sum(),
                    time: of.time,
                    waited: of.waited,
                };
                (operation, counts)
            })
            .collect()
    }

    pub(super) async fn scan(
        &self,
        tenant: &Tenant,
        request: &Request,
        snapshot: Option<Box<dyn Write + Send>>,
        recorder: &Recorder,
        stopped: impl Future<Output = Stop> + Send,
    ) -> Result<ScanRecord, ScanError> {
        use crate::aws::{ExternalId, Login};
        let login = Login {
            account_id: tenant.account_id.to_string(),
            role_arn: tenant.role_arn.as_ref().map(|arn| arn.as_str().to_owned()),
            external_id: tenant.external_id.as_ref().map(|id| ExternalId::new(id.expose())),
            profile: tenant.profile.clone(),
        };
        crate::scan::scan_live(request, &login, &self.aws, snapshot, recorder, stopped).await
    }
}
