//! Where a scan's facts come from: the demo, a snapshot, or AWS.

use super::ScanArgs;
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::cli::snapshot_place::SnapshotPlace;
use crate::history::{History, ScanRecord};
#[cfg(feature = "aws")]
use crate::inventory::snapshot::SnapshotError;
use crate::inventory::snapshot::SnapshotReader;
use crate::scan::{DEMO_SNAPSHOT, Request, ScanError, scan_snapshot};
use crate::tenant::{Access, DEMO, Tenant};
use std::io::Write;
use std::path::Path;

pub(super) enum Source {
    Demo,
    Snapshot { tenant: Option<Tenant>, place: SnapshotPlace, name: String },
    Live(Tenant),
}

impl Source {
    /// The sources that the arguments name, in their order.
    pub(super) fn of(args: &ScanArgs, settings: &mut Settings) -> Result<Vec<Self>, CliError> {
        if let Some(path) = &args.snapshot {
            return Self::of_snapshot(args, path, settings).map(|source| vec![source]);
        }
        let mut sources = Vec::new();
        let mut file = None;
        for (number, name) in args.tenants.iter().enumerate() {
            if args.tenants.iter().take(number).any(|earlier| earlier == name) {
                return Err(CliError::usage(format!("--tenant {name} is there twice")));
            }
            if name == DEMO {
                sources.push(Self::Demo);
                continue;
            }
            if file.is_none() {
                file = Some(settings.tenants()?);
            }
            let Some((config, tenants)) = &file else { continue };
            let tenant = tenants.get(name).ok_or_else(|| no_tenant(name, config, tenants))?;
            sources.push(match tenant.access() {
                Access::Snapshot(snapshot) => {
                    let place = SnapshotPlace::of_tenant(snapshot, config, settings)?;
                    let name = place.to_string();
                    Self::Snapshot { tenant: Some(tenant.clone()), place, name }
                }
                Access::Role { .. } | Access::Direct => Self::Live(tenant.clone()),
            });
        }
        Ok(sources)
    }

    fn of_snapshot(
        args: &ScanArgs,
        path: &Path,
        settings: &mut Settings,
    ) -> Result<Self, CliError> {
        let tenant = match args.tenants.as_slice() {
            [] => None,
            [name] if name == DEMO => None,
            [name] => {
                let (config, tenants) = settings.tenants()?;
                let tenant = tenants.get(name).ok_or_else(|| no_tenant(name, &config, &tenants))?;
                Some(tenant.clone())
            }
            _ => return Err(CliError::usage("--snapshot takes one tenant")),
        };
        let place = SnapshotPlace::new(path, settings)?;
        Ok(Self::Snapshot { tenant, name: place.to_string(), place })
    }

    /// What the scan is called in the history.
    pub(super) fn tenant(&self) -> &str {
        match self {
            Self::Demo => DEMO,
            Self::Snapshot { tenant: Some(tenant), .. } | Self::Live(tenant) => &tenant.name,
            Self::Snapshot { tenant: None, name, .. } => {
                Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name)
            }
        }
    }

    pub(super) fn known_accounts(&self) -> Vec<String> {
        match self {
            Self::Snapshot { tenant: Some(tenant), .. } | Self::Live(tenant) => {
                tenant.known_accounts.iter().map(ToString::to_string).collect()
            }
            Self::Demo | Self::Snapshot { tenant: None, .. } => Vec::new(),
        }
    }

    /// The regions of the command line, else those of the tenants file.
    pub(super) fn regions(&self, args: &ScanArgs) -> Vec<String> {
        match self {
            Self::Live(tenant) if args.regions.is_empty() => tenant.regions.clone(),
            _ => args.regions.clone(),
        }
    }

    pub(super) fn scan(
        self,
        request: &Request,
        snapshot: Option<Box<dyn Write + Send>>,
        history: &History,
    ) -> Result<ScanRecord, ScanError> {
        match self {
            Self::Demo => {
                let reader = SnapshotReader::open(DEMO_SNAPSHOT.as_bytes())?;
                scan_snapshot(request, "the built-in demo", None, reader, history)
            }
            Self::Snapshot { tenant, place, name } => {
                let reader = SnapshotReader::open(place.open()?)?;
                let expected = tenant.as_ref().map(|tenant| tenant.account_id.as_str());
                scan_snapshot(request, &name, expected, reader, history)
            }
            Self::Live(tenant) => live(&tenant, request, snapshot, history),
        }
    }
}

fn no_tenant(name: &str, config: &Path, tenants: &crate::tenant::Tenants) -> CliError {
    let known: Vec<&str> = tenants.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let error = CliError::usage(format!("there is no tenant `{name}` in {}", config.display()));
    if known.is_empty() {
        error.hint("`cspm tenants add` adds one")
    } else {
        error.hint(format!("there are {}", known.join(", ")))
    }
}

#[cfg(not(feature = "aws"))]
fn live(
    _tenant: &Tenant,
    _request: &Request,
    _snapshot: Option<Box<dyn Write + Send>>,
    _history: &History,
) -> Result<ScanRecord, ScanError> {
    Err(ScanError::NoAws)
}

#[cfg(feature = "aws")]
fn live(
    tenant: &Tenant,
    request: &Request,
    snapshot: Option<Box<dyn Write + Send>>,
    history: &History,
) -> Result<ScanRecord, ScanError> {
    use crate::aws::{Aws, ExternalId, Limits, Login};
    let login = Login {
        account_id: tenant.account_id.to_string(),
        role_arn: tenant.role_arn.as_ref().map(|arn| arn.as_str().to_owned()),
        external_id: tenant.external_id.as_ref().map(|id| ExternalId::new(id.expose())),
        profile: tenant.profile.clone(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(SnapshotError::from)?;
    runtime.block_on(async {
        let aws = Aws::new(Limits::default());
        let interrupted = async {
            // Where signals cannot be heard, the scan cannot be interrupted.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        crate::scan::scan_live(request, &login, &aws, snapshot, history, interrupted).await
    })
}
