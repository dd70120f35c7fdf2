//! `cspm policy`: what a policy allows.

mod beside;

use super::console::Environment;
use super::error::CliError;
use super::exit::Exit;
use super::format::json;
use super::settings::Settings;
use crate::output::policy::{Check, Simulation, check_page, simulate_page};
use crate::output::text::safe_line;
use crate::policy::{
    self, Caller, Context, Holder, Kind, ParseError, ParseErrorKind, Policy, Request, Service,
    Setting,
};
use crate::tenant::AccountId;
use beside::{Beside, Named, Role};
use clap::{Args, Subcommand, ValueEnum};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// No policy is larger than this: AWS's own limits are far below.
const MOST_BYTES: u64 = 4 << 20;

const EXIT_CODES: &str = "\
Exit codes:
    0  decided
    1  the file cannot be read
    2  not a policy, or wrong usage
    3  undecided";

#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Say what a policy allows: to whom it opens, or what power it gives
    #[command(after_help = EXIT_CODES)]
    Check(CheckArgs),
    /// Decide one request by a policy alone, or together with others
    #[command(after_help = EXIT_CODES)]
    Simulate(SimulateArgs),
}

/// Which policy, and of what kind.
#[derive(Debug, Args)]
struct PolicyFile {
    /// The policy, a JSON document; - reads standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// What the policy is attached to [default: told by its elements]
    #[arg(long, value_enum)]
    kind: Option<KindName>,
    /// The service of a resource policy: s3, s3-access-point, sqs, ...
    /// [default: told by its actions and resources]
    #[arg(long, value_name = "PREFIX", value_parser = service)]
    service: Option<Service>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct CheckArgs {
    #[command(flatten)]
    policy: PolicyFile,
    /// The account that the policy is in; whoever is of it is not outside
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    account: Option<String>,
    /// A policy that limits this one: boundary or scp for an identity policy, rcp for any;
    /// repeat it for more (service control policies: those of one level)
    #[arg(long, value_name = "KIND=FILE", value_parser = beside::named)]
    with: Vec<Named>,
}

#[derive(Debug, Args)]
struct SimulateArgs {
    #[command(flatten)]
    policy: PolicyFile,
    /// Who asks: *, an account, the ARN of a user, role or session, a service, a provider
    #[arg(long, value_name = "P", value_parser = principal)]
    principal: Caller,
    /// For what: s3:GetObject
    #[arg(long, value_name = "A", value_parser = action)]
    action: String,
    /// On what: an ARN, or * for an action that has no resource
    #[arg(long, value_name = "R", value_parser = resource)]
    resource: String,
    /// A condition key of the request; repeat it for more keys or more values
    #[arg(long, value_name = "KEY=VALUE", value_parser = context)]
    context: Vec<(String, String)>,
    /// A policy that decides together with this one: identity, boundary, session, scp, rcp
    /// or resource; repeat it for more (service control policies: those of one level)
    #[arg(long, value_name = "KIND=FILE", value_parser = beside::named)]
    with: Vec<Named>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// A resource: a bucket, a queue, a key
    Resource,
    /// A user, group or role
    Identity,
    /// A role, saying who may assume it
    Trust,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

pub(super) fn run(args: &PolicyArgs, settings: &mut Settings) -> Result<Exit, CliError> {
    let environment = &mut settings.environment;
    let layout = environment.console.layout();
    let (text, decided) = match &args.command {
        PolicyCommand::Check(args) => {
            let beside = Beside::read(&args.with, &args.policy, environment)?;
            let now = (environment.now)();
            let check = check(&read(&args.policy, environment)?, args, &beside, now)?;
            let text = match args.policy.format {
                Format::Text => check_page(&check, layout),
                Format::Json => json(&check)?,
            };
            (text, check.is_decided())
        }
        PolicyCommand::Simulate(args) => {
            let beside = Beside::read(&args.with, &args.policy, environment)?;
            let simulation = simulate(&read(&args.policy, environment)?, args, &beside)?;
            let text = match args.policy.format {
                Format::Text => simulate_page(&simulation, layout),
                Format::Json => json(&simulation)?,
            };
            (text, simulation.is_decided())
        }
    };
    environment.console.print(&text)?;
    Ok(if decided { Exit::Ok } else { Exit::Undecided })
}

fn check(
    text: &str,
    args: &CheckArgs,
    beside: &Beside,
    now: jiff::Timestamp,
) -> Result<Check, CliError> {
    let (policy, note) = args.policy.parse(text)?;
    let now = Some(now.as_second());
    let check = if policy.kind == Kind::Identity {
        beside.only(&[Role::Boundary, Role::ServiceControl, Role::ResourceControl])?;
        let mut holder = Holder::of_policy(&policy, args.account.clone(), now);
        beside.limit(&mut holder);
        Check::identity(&policy, policy::admin(&holder), policy::escalations(&holder))
    } else {
        beside.only(&[Role::ResourceControl])?;
        let controls = beside.of(Role::ResourceControl);
        let setting = Setting { account: args.account.clone(), resource: None, now };
        let trust = (policy.kind == Kind::Trust)
            .then(|| policy::trust_within(&policy, &setting, &controls));
        let exposure = policy::exposure_within(&policy, &setting, &controls);
        Check::opening(&policy, exposure, trust.as_ref())
    };
    Ok(check.noting(note))
}

fn simulate(text: &str, args: &SimulateArgs, beside: &Beside) -> Result<Simulation, CliError> {
    let (policy, _) = args.policy.parse(text)?;
    let mut context = Context::default();
    for (key, value) in &args.context {
        context.add(key, value);
    }
    let request = Request {
        caller: args.principal.clone(),
        action: args.action.clone(),
        resource: args.resource.clone(),
        context,
    };
    if beside.is_empty() {
        return Ok(Simulation::alone(&policy, policy::simulate(&policy, &request)));
    }
    let ruling = policy::evaluate(&beside.applicable(&policy)?, &request);
    let by =
        ruling.by.map(|(layer, place, _)| beside.name(&policy, &args.policy.name(), layer, place));
    Ok(Simulation::together(&policy, ruling, by))
}

impl PolicyFile {
    /// What people call the file.
    fn name(&self) -> String {
        if self.file == Path::new("-") {
            "standard input".to_owned()
        } else {
            self.file.display().to_string()
        }
    }

    /// The policy; with what had to be assumed to read it.
    fn parse(&self, text: &str) -> Result<(Policy, Option<String>), CliError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let kind = match (self.kind, &self.service) {
            (Some(KindName::Identity | KindName::Trust), Some(_)) => {
                return Err(CliError::usage("--service is for resource policies")
                    .hint("leave out --service, or say --kind resource"));
            }
            (None | Some(KindName::Resource), Some(service)) => Kind::Resource(service.clone()),
            (Some(KindName::Identity), None) => Kind::Identity,
            (Some(KindName::Trust), None) => Kind::Trust,
            (Some(KindName::Resource), None) => return self.of_some_service(text),
            (None, None) => {
                return match Policy::parse_any(text) {
                    Ok(policy) => Ok((policy, None)),
                    Err(error) => match self.of_some_service(text) {
                        // Nothing is wrong but that no service is named.
                        Ok((policy, Some(note))) => Ok((policy, Some(note))),
                        _ => Err(self.not_a_policy(text, &error)),
                    },
                };
            }
        };
        let policy = Policy::parse(text, kind).map_err(|error| self.not_a_policy(text, &error))?;
        Ok((policy, None))
    }

    /// A resource policy of the service that it names; a bucket's, if it names none.
    fn of_some_service(&self, text: &str) -> Result<(Policy, Option<String>), CliError> {
        let unnamed = Kind::Resource(Service::Other(String::new()));
        let mut policy =
            Policy::parse(text, unnamed).map_err(|error| self.not_a_policy(text, &error))?;
        let named = Service::of_policy(&policy);
        let note = named.is_none().then(|| {
            "neither actions nor resources name a service: read as a bucket policy (--service \
             names another)"
                .to_owned()
        });
        policy.kind = Kind::Resource(named.unwrap_or(Service::S3));
        Ok((policy, note))
    }

    fn not_a_policy(&self, text: &str, error: &ParseError) -> CliError {
        let what = format!("{}: not a policy: {error}", self.name());
        CliError::usage(safe_line(&what)).hint(self.hint(text, error))
    }

    fn hint(&self, text: &str, error: &ParseError) -> &'static str {
        if text.trim().is_empty() {
            return "the input is empty";
        }
        if is_reply_of_the_cli(text) {
            return "this is the AWS CLI's reply; take the document out of it, for one with \
                    `--query Policy --output text`";
        }
        match error.kind {
            ParseErrorKind::Json => "policies are JSON: no comments, no comma before ] or }",
            ParseErrorKind::DuplicateKey => "AWS refuses it, or reads one of the two: join them",
            ParseErrorKind::TooLarge => "AWS takes no policy of this size",
            _ if self.kind.is_some() => "leave out --kind to have the kind told by the elements",
            _ => {
                "the elements of a policy: \
                 https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"
            }
        }
    }
}

/// Whether a document is around the policy, as `aws iam get-policy-version` and its
/// like print it.
fn is_reply_of_the_cli(text: &str) -> bool {
    const AROUND: [&str; 6] =
        ["Policy", "PolicyVersion", "PolicyDocument", "Role", "Document", "Attributes"];
    match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(members)) => AROUND.iter().any(|n| members.contains_key(*n)),
        _ => false,
    }
}

/// Reads the file, or standard input.
fn read(policy: &PolicyFile, environment: &mut Environment) -> Result<String, CliError> {
    let name = policy.name();
    let cannot = |error: &io::Error| CliError::failed(format!("cannot read {name}: {error}"));
    let mut bytes = Vec::new();
    if policy.file == Path::new("-") {
        let mut input = (&mut environment.input).take(MOST_BYTES);
        input.read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    } else {
        let file = File::open(&policy.file).map_err(|error| cannot(&error))?;
        file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| cannot(&error))?;
    }
    String::from_utf8(bytes).map_err(|_| {
        CliError::usage(format!("{name}: not a policy: the text is not UTF-8"))
            .hint("save it as UTF-8")
    })
}

fn service(prefix: &str) -> Result<Service, String> {
    match prefix {
        "s3-access-point" => Ok(Service::S3AccessPoint),
        _ if is_prefix(prefix) => Ok(Service::from_prefix(prefix)),
        _ => Err("the prefix of the service's actions, such as s3, sqs or kms".to_owned()),
    }
}

fn is_prefix(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn account(text: &str) -> Result<String, String> {
    AccountId::parse(text)
        .map(|id| id.to_string())
        .ok_or_else(|| "an account is 12 digits, such as 111122223333".to_owned())
}

fn principal(text: &str) -> Result<Caller, String> {
    Caller::parse(text).ok_or_else(|| {
        "one of *, 111122223333, arn:aws:iam::111122223333:user/ann, \
         arn:aws:iam::111122223333:role/app, arn:aws:sts::111122223333:assumed-role/app/session, \
         sns.amazonaws.com, or an identity provider"
            .to_owned()
    })
}

fn action(text: &str) -> Result<String, String> {
    let is_one = text.split_once(':').is_some_and(|(prefix, name)| {
        is_prefix(prefix) && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if is_one { Ok(text.to_owned()) } else { Err("one action, such as s3:GetObject".to_owned()) }
}

fn resource(text: &str) -> Result<String, String> {
    if text == "*" || (text.starts_with("arn:") && text.splitn(6, ':').count() == 6) {
        return Ok(text.to_owned());
    }
    Err("an ARN, such as arn:aws:s3:::bucket/key, or *".to_owned())
}

/// `key=value`; what follows the first `=` is the value, which may be empty.
fn context(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value))
            if key.split_once(':').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty()) =>
        {
            Ok((key.to_owned(), value.to_owned()))
        }
        _ => Err("key=value, such as aws:SourceIp=192.0.2.1".to_owned()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
mod tests;
