//! Tenants that no file names: the accounts of an AWS Organization.

use super::ScanArgs;
use super::live::Cloud;
use super::source::Source;
use crate::cli::error::CliError;
use crate::cli::settings::Settings;
use clap::{Args, ValueEnum};

/// Where tenants are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum From {
    /// The AWS Organization of the credentials
    Organization,
}

#[derive(Clone, Debug, Args)]
pub(super) struct OrganizationArgs {
    /// Every account of the AWS Organization, as the credentials may list them;
    /// the account of the credentials is read with them, the others through a
    /// role
    #[arg(
        long,
        value_name = "FROM",
        value_enum,
        requires = "org_role",
        conflicts_with_all = ["tenants", "all", "snapshot"],
        help_heading = "What to scan"
    )]
    pub(super) tenants_from: Option<From>,
    /// The name of the role to take in each account
    #[arg(long, value_name = "NAME", requires = "tenants_from", help_heading = "What to scan")]
    org_role: Option<String>,
    /// The external id that the roles ask for; better in $CSPM_ORG_EXTERNAL_ID,
    /// which other users of the machine cannot see
    #[arg(long, value_name = "ID", help_heading = "What to scan")]
    org_external_id: Option<String>,
    /// Only accounts in this unit or root, at any depth; may be repeated
    #[arg(
        long = "org-ou",
        value_name = "ID",
        requires = "tenants_from",
        help_heading = "What to scan"
    )]
    org_units: Vec<String>,
    /// Only accounts with this tag: KEY=VALUE, or KEY for any value; if
    /// repeated, with all of them
    #[arg(
        long = "org-tag",
        value_name = "TAG",
        requires = "tenants_from",
        help_heading = "What to scan"
    )]
    org_tags: Vec<String>,
}

impl OrganizationArgs {
    /// The same with the external id that another command line gives.
    pub(super) fn with_id_of(self, given: &ScanArgs) -> Self {
        Self { org_external_id: given.organization.org_external_id.clone(), ..self }
    }
}

/// The option whose value is never written down.
pub(super) const EXTERNAL_ID: &str = "--org-external-id";

/// Lists the accounts.
#[cfg(not(feature = "aws"))]
pub(super) fn sources(
    _args: &ScanArgs,
    _cloud: &Cloud,
    _settings: &mut Settings,
) -> Result<Vec<Source>, CliError> {
    Err(CliError::no_aws("cannot list the accounts of the organization"))
}

/// Lists the accounts. One that the tenants file names is scanned as it says
/// there; the defaults of that file hold for the others.
#[cfg(feature = "aws")]
pub(super) fn sources(
    args: &ScanArgs,
    cloud: &Cloud,
    settings: &mut Settings,
) -> Result<Vec<Source>, CliError> {
    use crate::aws::OrganizationFilter;
    let tags = args.organization.org_tags.iter().map(|tag| match tag.split_once('=') {
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
        None => (tag.clone(), None),
    });
    let filter =
        OrganizationFilter { units: args.organization.org_units.clone(), tags: tags.collect() };
    let file = settings.tenants_if_any()?;
    let listing = cloud.aws.organization(&filter);
    let organization = cloud.runtime.block_on(listing).map_err(|error| wording(&error))?;
    let mut sources = Vec::new();
    for member in &organization.accounts {
        if let Some(state) = &member.inactive {
            settings
                .environment
                .console
                .say(&format!("{} ({}) is left out: it is {state}", member.id, member.name));
            continue;
        }
        let known = file.as_ref().and_then(|(path, tenants)| {
            let named = tenants.tenants.iter().find(|it| it.account_id.as_str() == member.id)?;
            Some((named, path))
        });
        sources.push(match known {
            Some((named, path)) => Source::of_tenant(named, path, settings)?,
            None => {
                let defaults = file.as_ref().map(|(_, tenants)| &tenants.defaults);
                let tenant = tenant(args, settings, &organization, &member.id, defaults)?;
                Source::Live(Box::new(tenant))
            }
        });
    }
    if sources.is_empty() {
        return Err(CliError::usage("no account of the organization is left by these options"));
    }
    Ok(sources)
}

#[cfg(feature = "aws")]
fn tenant(
    args: &ScanArgs,
    settings: &Settings,
    organization: &crate::aws::Organization,
    id: &str,
    defaults: Option<&crate::tenant::Defaults>,
) -> Result<crate::tenant::Tenant, CliError> {
    use crate::tenant::{AccountId, RoleArn, Secret, Tenant};
    let account_id = AccountId::parse(id)
        .ok_or_else(|| CliError::failed(format!("AWS Organizations names an account `{id}`")))?;
    let name = args.organization.org_role.as_deref().unwrap_or_default();
    let arn = format!("arn:{}:iam::{id}:role/{name}", organization.partition);
    let own = organization.own_account == id;
    let role_arn = match RoleArn::parse(&arn) {
        _ if own => None,
        Ok(role) => Some(role),
        Err(_) => {
            return Err(CliError::usage(format!("--org-role: `{name}` is not the name of a role")));
        }
    };
    let external_id = args.organization.org_external_id.clone();
    let external_id = external_id.or_else(|| settings.environment.text("CSPM_ORG_EXTERNAL_ID"));
    Ok(Tenant {
        name: id.to_owned(),
        account_id,
        external_id: external_id.filter(|_| role_arn.is_some()).map(Secret::new),
        role_arn,
        profile: None,
        regions: defaults.map(|defaults| defaults.regions.clone()).unwrap_or_default(),
        snapshot: None,
        known_accounts: defaults.map(|it| it.known_accounts.clone()).unwrap_or_default(),
    })
}

/// What to do when the accounts cannot be listed.
#[cfg(feature = "aws")]
fn wording(error: &crate::aws::OrganizationError) -> CliError {
    use crate::aws::OrganizationError;
    use crate::inventory::ErrorClass;
    const WHAT: &str = "the accounts of the organization";
    match error {
        OrganizationError::Session(error) => crate::cli::session::wording(WHAT, error),
        OrganizationError::Call { iam_action, class, code, .. } => {
            let said = CliError::failed(format!("cannot list {WHAT}: {error}"));
            match (class, code.as_deref()) {
                (_, Some("AWSOrganizationsNotInUseException")) => {
                    said.hint("the account of these credentials is in no organization")
                }
                (ErrorClass::AccessDenied | ErrorClass::OrganizationDenied, _) => {
                    said.hint(format!(
                        "{iam_action} is for the management account and for delegated \
                             administrators; use their credentials, and allow it"
                    ))
                }
                _ => said,
            }
        }
    }
}
