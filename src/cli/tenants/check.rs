//! `cspm tenants check`: gets into each account, step by step.

use crate::aws::{Aws, ExternalId, Limits, Login, Probe, Refusal, Session};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::session;
use crate::cli::settings::Settings;
use crate::inventory::{ErrorClass, Gap};
use crate::output::scan_table::{advice, because, explained};
use crate::output::text::{safe_line, wrapped};
use crate::scan::{Probed, probe};
use crate::tenant::{Access, Secret, Tenant};
use std::sync::Arc;

pub(super) fn check(name: Option<&str>, settings: &mut Settings) -> Result<Exit, CliError> {
    let (path, tenants) = settings.tenants()?;
    let chosen: Vec<&Tenant> = match name {
        Some(name) => vec![tenants.get(name).ok_or_else(|| {
            CliError::usage(format!("there is no tenant `{name}` in {}", path.display()))
                .hint("`cspm tenants list` shows them")
        })?],
        None => tenants.tenants.iter().collect(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let aws = Aws::new(Limits::default());
    let mut exit = Exit::Ok;
    for tenant in chosen {
        settings.environment.console.print(&format!("{}\n", tenant.name))?;
        if let Access::Snapshot(snapshot) = tenant.access() {
            line(settings, Mark::Ok, &format!("judged from {}, without AWS", snapshot.display()))?;
            continue;
        }
        exit = exit.worse(runtime.block_on(one(&aws, tenant, settings))?);
    }
    Ok(exit)
}

/// Where the words of a line begin: behind its mark.
const INDENT: &str = "      ";

/// How a step went.
#[derive(Clone, Copy)]
enum Mark {
    Ok,
    Bad,
    Unknown,
    /// What to do about the line before.
    Hint,
}

fn line(settings: &mut Settings, mark: Mark, text: &str) -> Result<(), CliError> {
    let mark = match mark {
        Mark::Ok => "ok",
        Mark::Bad => "NO",
        Mark::Unknown => "??",
        Mark::Hint => "  ",
    };
    let console = &mut settings.environment.console;
    let columns = console.layout().columns;
    let text = wrapped(&safe_line(text), columns, INDENT);
    // The mark takes the place of the first line's indent.
    let text = text.strip_prefix(INDENT).unwrap_or(&text);
    Ok(console.print(&format!("  {mark}  {text}"))?)
}

async fn one(aws: &Aws, tenant: &Tenant, settings: &mut Settings) -> Result<Exit, CliError> {
    let login = Login {
        account_id: tenant.account_id.to_string(),
        role_arn: tenant.role_arn.as_ref().map(|arn| arn.as_str().to_owned()),
        external_id: tenant.external_id.as_ref().map(|id| ExternalId::new(id.expose())),
        profile: tenant.profile.clone(),
    };
    let session = match Session::open(aws, &login).await {
        Ok(session) => Arc::new(session),
        Err(error) => {
            if let Some(caller) = &error.caller_arn {
                line(settings, Mark::Ok, &format!("credentials found: {caller}"))?;
            }
            let (what, hint) = session::words(&error);
            line(settings, Mark::Bad, &what)?;
            line(settings, Mark::Hint, &hint)?;
            return Ok(Exit::Failed);
        }
    };
    let operator = session.operator_arn().unwrap_or_else(|| session.caller_arn()).to_owned();
    line(settings, Mark::Ok, &format!("credentials found: {operator}"))?;
    if session.operator_arn().is_some() {
        line(settings, Mark::Ok, &format!("role assumed: {}", session.caller_arn()))?;
    }
    line(settings, Mark::Ok, &format!("right account: {}", session.account()))?;
    let mut exit = Exit::Ok;
    let wrong = Secret::external_id((settings.environment.random)());
    if let Some(probed) = Probe::run(aws, &login, &ExternalId::new(wrong.expose())).await {
        exit = exit.worse(refusal(settings, "without an external id", &probed.without)?);
        exit = exit.worse(refusal(settings, "with a wrong external id", &probed.wrong)?);
    }
    let catalogue = settings.catalogue()?;
    let probed = match probe(session, &catalogue, &tenant.regions).await {
        Ok(probed) => probed,
        Err(wrong) => {
            line(settings, Mark::Bad, &wrong.to_string())?;
            line(settings, Mark::Hint, &session::region_meant(&wrong))?;
            return Ok(Exit::Failed);
        }
    };
    exit = exit.worse(permissions(settings, &probed, catalogue.rules().len())?);
    Ok(exit)
}

fn refusal(settings: &mut Settings, how: &str, answer: &Refusal) -> Result<Exit, CliError> {
    match answer {
        Refusal::Refused => {
            line(settings, Mark::Ok, &format!("the role is refused {how}"))?;
            Ok(Exit::Ok)
        }
        Refusal::LetIn => {
            line(
                settings,
                Mark::Bad,
                &format!(
                    "the role can be assumed {how}: whoever may use your credentials on behalf \
                     of another customer gets in; let its trust policy demand sts:ExternalId"
                ),
            )?;
            Ok(Exit::Failed)
        }
        Refusal::Unknown(error) => {
            line(settings, Mark::Unknown, &format!("not known {how}: {error}"))?;
            Ok(Exit::Ok)
        }
    }
}

fn permissions(settings: &mut Settings, probed: &Probed, rules: usize) -> Result<Exit, CliError> {
    if probed.gaps.is_empty() {
        line(settings, Mark::Ok, &format!("all that {rules} rules need can be read"))?;
        return Ok(Exit::Ok);
    }
    let mut said: Vec<String> = probed.gaps.iter().map(in_words).collect();
    said.dedup();
    for text in said {
        line(settings, Mark::Bad, &text)?;
    }
    line(
        settings,
        Mark::Bad,
        &format!(
            "{} of {rules} rules would be unknown: {}",
            probed.unknown_rules.len(),
            probed.unknown_rules.join(", ")
        ),
    )?;
    Ok(Exit::Failed)
}

fn in_words(gap: &Gap) -> String {
    let why = match gap.class {
        ErrorClass::Malformed | ErrorClass::Other => explained(gap),
        class => format!("{}; {}", because(class), advice(class, &gap.iam_action)),
    };
    format!("{}: {why}", gap.operation)
}
