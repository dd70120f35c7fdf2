//! Where a scan's facts come from: the demo, a snapshot, or AWS.

use super::live::Cloud;
use super::{ScanArgs, organization};
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use crate::cli::snapshot_place::SnapshotPlace;
use crate::history::{Recorder, ScanRecord};
use crate::inventory::snapshot::SnapshotReader;
use crate::scan::{DEMO_SNAPSHOT, Request, ScanError, scan_snapshot};
use crate::tenant::{Access, DEMO, Tenant};
use std::path::Path;

pub(super) enum Source {
    Demo,
    Snapshot { tenant: Option<Box<Tenant>>, place: SnapshotPlace, name: String },
    Live(Box<Tenant>),
}

impl Source {
    /// The sources that the arguments name, in their order.
    pub(super) fn of(
        args: &ScanArgs,
        cloud: &Cloud,
        settings: &mut Settings,
    ) -> Result<Vec<Self>, CliError> {
        if let Some(path) = &args.snapshot {
            return Self::of_snapshot(args, path, settings).map(|source| vec![source]);
        }
        if args.organization.tenants_from.is_some() {
            return organization::sources(args, cloud, settings);
        }
        if args.fleet.all {
            let (config, tenants) = settings.tenants()?;
            if tenants.tenants.is_empty() {
                return Err(CliError::usage(format!("there is no tenant in {}", config.display()))
                    .hint("`cspm tenants add` adds one"));
            }
            let tenants = tenants.tenants.iter();
            return tenants.map(|it| Self::of_tenant(it, &config, settings)).collect();
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
            sources.push(Self::of_tenant(tenant, config, settings)?);
        }
        Ok(sources)
    }

    /// Where the tenants file says that the tenant's resources come from.
    pub(super) fn of_tenant(
        tenant: &Tenant,
        config: &Path,
        settings: &mut Settings,
    ) -> Result<Self, CliError> {
        Ok(match tenant.access() {
            Access::Snapshot(snapshot) => {
                let place = SnapshotPlace::of_tenant(snapshot, config, settings)?;
                let name = place.to_string();
                Self::Snapshot { tenant: Some(Box::new(tenant.clone())), place, name }
            }
            Access::Role { .. } | Access::Direct => Self::Live(Box::new(tenant.clone())),
        })
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
                Some(Box::new(tenant.clone()))
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

    /// The accounts that are no strangers: the tenant's, else those of
    /// `[defaults]`.
    pub(super) fn known_accounts(&self, defaults: &[String]) -> Vec<String> {
        match self {
            Self::Snapshot { tenant: Some(tenant), .. } | Self::Live(tenant) => {
                tenant.known_accounts.iter().map(ToString::to_string).collect()
            }
            Self::Demo | Self::Snapshot { tenant: None, .. } => defaults.to_vec(),
        }
    }

    /// The regions of the command line, else those of the tenants file.
    pub(super) fn regions(&self, args: &ScanArgs) -> Vec<String> {
        match self {
            Self::Live(tenant) if args.regions.is_empty() => tenant.regions.clone(),
            _ => args.regions.clone(),
        }
    }

    /// The account, if it is known before the scan.
    pub(super) fn account_id(&self) -> Option<String> {
        match self {
            Self::Snapshot { tenant: Some(tenant), .. } | Self::Live(tenant) => {
                Some(tenant.account_id.to_string())
            }
            Self::Demo => {
                let reader = SnapshotReader::open(DEMO_SNAPSHOT.as_bytes()).ok()?;
                Some(reader.header().account.clone())
            }
            Self::Snapshot { tenant: None, .. } => None,
        }
    }

    /// What the history says the facts came from.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Demo => THE_DEMO,
            Self::Snapshot { name, .. } => name,
            Self::Live(_) => "aws",
        }
    }

    /// Where the facts are to come from, as people would say it.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Snapshot { tenant: Some(tenant), name, .. } => {
                format!("{name} of {}", tenant.name)
            }
            Self::Demo | Self::Snapshot { tenant: None, .. } | Self::Live(_) => {
                self.name().to_owned()
            }
        }
    }

    /// Judges a snapshot; not for what has to be read from AWS.
    pub(super) fn judge(
        &self,
        request: &Request,
        recorder: &Recorder,
    ) -> Result<ScanRecord, ScanError> {
        match self {
            Self::Demo => {
                let reader = SnapshotReader::open(DEMO_SNAPSHOT.as_bytes())?;
                scan_snapshot(request, THE_DEMO, None, reader, recorder)
            }
            Self::Snapshot { tenant, place, name } => {
                let reader = SnapshotReader::open(place.open()?)?;
                let expected = tenant.as_ref().map(|tenant| tenant.account_id.as_str());
                scan_snapshot(request, name, expected, reader, recorder)
            }
            Self::Live(_) => Err(ScanError::NoAws),
        }
    }
}

/// What the built-in account is called.
const THE_DEMO: &str = "the built-in demo";

fn no_tenant(name: &str, config: &Path, tenants: &crate::tenant::Tenants) -> CliError {
    let known: Vec<&str> = tenants.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let error = CliError::usage(format!("there is no tenant `{name}` in {}", config.display()));
    if known.is_empty() {
        error.hint("`cspm tenants add` adds one")
    } else {
        error.hint(format!("there are {}", known.join(", ")))
    }
}
