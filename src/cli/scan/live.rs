//! Scans of live accounts: what they share, and how one is signed in to.

use crate::history::{Recorder, ScanRecord};
use crate::scan::{Request, ScanError, Stop};
use crate::tenant::Tenant;
use std::future::Future;
use std::io::Write;

/// This build has no AWS.
#[cfg(not(feature = "aws"))]
pub(super) struct Cloud;

#[cfg(not(feature = "aws"))]
impl Cloud {
    pub(super) fn new(_: &super::ScanArgs) -> Self {
        Self
    }

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
}

#[cfg(feature = "aws")]
impl Cloud {
    pub(super) fn new(_args: &super::ScanArgs) -> Self {
        Self { aws: crate::aws::Aws::new(crate::aws::Limits::default()) }
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
