//! `cspm tenants`: the accounts to scan.

#[cfg(feature = "aws")]
mod check;

use super::error::CliError;
use super::exit::Exit;
use super::settings::Settings;
use crate::output::table::{Tone, table};
use crate::tenant::{
    self, Access, NewTenant, Partition, RoleArn, Secret, TrustedPrincipal, trust_policy,
};
use clap::{Args, Subcommand};
use std::fs;
use std::io::Write;
use std::path::Path;

#[derive(Debug, Args)]
pub(super) struct TenantsArgs {
    #[command(subcommand)]
    command: TenantsCommand,
}

#[derive(Debug, Subcommand)]
enum TenantsCommand {
    /// Add a tenant to the tenants file, and print the trust policy for its role
    Add(AddArgs),
    /// List the tenants
    List,
    /// Try to get into the accounts: credentials, role, external id, permissions
    Check {
        /// Only this tenant
        name: Option<String>,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// What you call it
    name: String,
    /// The account: twelve digits
    #[arg(long, value_name = "ID")]
    account_id: String,
    /// The role to assume in that account; without it your credentials are used as they are
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// What the role's trust policy demands [default: a new, unique one]
    #[arg(long, value_name = "TEXT", requires = "role_arn")]
    external_id: Option<String>,
    /// Who will assume the role: your account id, or the ARN of your role or user
    #[arg(long, value_name = "ID|ARN", requires = "role_arn")]
    scanner: Option<String>,
    /// The AWS profile to start from
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// A region to scan; may be repeated [default: all enabled regions]
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
}

pub(super) fn run(args: &TenantsArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    match &args.command {
        TenantsCommand::Add(args) => add(args, settings),
        TenantsCommand::List => list(settings),
        #[cfg(feature = "aws")]
        TenantsCommand::Check { name } => check::check(name.as_deref(), settings),
        #[cfg(not(feature = "aws"))]
        TenantsCommand::Check { .. } => Err(CliError::no_aws("cannot check tenants")),
    }
}

fn list(settings: &mut Settings) -> Result<Exit, CliError> {
    let (path, tenants) = settings.tenants()?;
    let rows = tenants
        .tenants
        .iter()
        .map(|tenant| {
            let access = match tenant.access() {
                Access::Snapshot(snapshot) => format!("snapshot {}", snapshot.display()),
                Access::Role { arn, external_id } => {
                    let external = if external_id.is_some() { "with" } else { "without" };
                    format!("{arn} ({external} external id)")
                }
                Access::Direct => "credentials as they are".to_owned(),
            };
            let regions = if tenant.regions.is_empty() {
                "all enabled".to_owned()
            } else {
                tenant.regions.join(", ")
            };
            vec![
                (tenant.name.clone(), Tone::Plain),
                (tenant.account_id.to_string(), Tone::Plain),
                (access, Tone::Plain),
                (regions, Tone::Plain),
            ]
        })
        .collect();
    let console = &mut settings.environment.console;
    let text = table(&["TENANT", "ACCOUNT", "ACCESS", "REGIONS"], rows, console.layout());
    console.print(&text)?;
    if text.is_empty() {
        console.say(&format!("{} has no tenants; `cspm tenants add` adds one", path.display()));
    }
    Ok(Exit::Ok)
}

fn add(args: &AddArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let candidates = settings.candidates();
    // The file that would be read; if there is none yet, the first place it is looked for.
    let path = match candidates.find(|path| path.exists()) {
        Ok(file) => file.path,
        Err(_) => candidates
            .places()
            .into_iter()
            .next()
            .map(|file| file.path)
            .ok_or_else(|| CliError::usage("there is no place for a tenants file"))?,
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(CliError::file("read", &path, &error)),
    };
    let made_new = args.external_id.is_none();
    let external_id = args.role_arn.as_ref().map(|_| match &args.external_id {
        Some(id) => Secret::new(id),
        None => Secret::external_id((settings.environment.random)()),
    });
    let new = NewTenant {
        name: args.name.clone(),
        account_id: args.account_id.clone(),
        role_arn: args.role_arn.clone(),
        external_id: external_id.clone(),
        profile: args.profile.clone(),
        regions: args.regions.clone(),
        ..NewTenant::default()
    };
    let changed = tenant::add_tenant(&text, &new)
        .map_err(|problems| CliError::usage(problems.in_file(&path)))?;
    let scanner = args.scanner.as_deref().map(|text| principal(text, args)).transpose()?;
    replace_private(&path, &changed).map_err(|error| CliError::file("write", &path, &error))?;
    let console = &mut settings.environment.console;
    console.say(&format!("added `{}` to {}", args.name, path.display()));
    let Some(external_id) = external_id else { return Ok(Exit::Ok) };
    if made_new {
        console.say("made a new external id for it; it is in the file and in this trust policy");
    }
    // Whose account it will be assumed from cannot be known here.
    let (scanner, is_known) = match scanner {
        Some(scanner) => (scanner, true),
        None => (principal("000000000000", args)?, false),
    };
    console.say("trust policy for the role (give it to whoever owns the account):");
    if !is_known {
        console.say("put your own account id in place of 000000000000, or name it with --scanner");
    }
    console.print(&(trust_policy(&scanner, &external_id) + "\n"))?;
    console.say("next: `cspm permissions` prints what the role has to allow, then");
    console.say(&format!("`cspm tenants check {}`", args.name));
    Ok(Exit::Ok)
}

fn principal(text: &str, args: &AddArgs) -> Result<TrustedPrincipal, CliError> {
    let partition = args
        .role_arn
        .as_deref()
        .and_then(|arn| RoleArn::parse(arn).ok())
        .map_or(Partition::Aws, |arn| arn.partition());
    TrustedPrincipal::parse(text, partition).map_err(|fault| CliError::usage(fault.to_string()))
}

/// Writes a file that only its owner may read, and never half: it holds
/// external ids.
fn replace_private(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, path)
}
