//! What single values must look like. Each function answers what is wrong and
//! what to write instead; the text of the user goes through [`Hidden::show`].

use super::aws_id::{AccountId, Partition, RoleArn, RoleArnFault, is_region_shaped};
use super::credential::Hidden;
use super::problem::ProblemKind;
use super::severity::Severity;
use super::{DEMO, TENANT_PLACE, keys};

/// What is wrong with a value, and what to write instead.
#[derive(Debug)]
pub(super) struct Complaint {
    pub(super) kind: ProblemKind,
    pub(super) what: String,
    pub(super) instead: String,
}

impl Complaint {
    pub(super) fn new(
        kind: ProblemKind,
        what: impl Into<String>,
        instead: impl Into<String>,
    ) -> Self {
        Self { kind, what: what.into(), instead: instead.into() }
    }

    fn malformed(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self::new(ProblemKind::Malformed, what, instead)
    }
}

/// Longer names break tables and file names.
const NAME_MAX: usize = 64;

pub(super) fn name(text: &str, hidden: &Hidden) -> Result<String, Complaint> {
    if text == DEMO {
        return Err(Complaint::new(
            ProblemKind::Reserved,
            format!("`name`: \"{DEMO}\" is the built-in tenant"),
            "give the tenant another name, for example \"acme\"",
        ));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(allowed)
        && text.len() <= NAME_MAX
    {
        return Ok(text.to_owned());
    }
    let words: Vec<&str> = text.split(|c| !allowed(c)).filter(|word| !word.is_empty()).collect();
    let mut proposal = words.join("-");
    proposal.truncate(NAME_MAX);
    let proposal = proposal.trim_matches(['.', '_', '-']);
    let unfit = proposal.is_empty() || proposal == DEMO || hidden.hides(text);
    let proposal = if unfit { "acme" } else { proposal };
    Err(Complaint::malformed(
        format!("`name`: {} is not a name for a tenant", hidden.show(text)),
        format!(
            "use 1 to {NAME_MAX} letters a-z A-Z, digits, `.`, `_` and `-`, a letter or digit first: name = {}",
            hidden.show(proposal)
        ),
    ))
}

pub(super) fn account_id(key: &str, text: &str, hidden: &Hidden) -> Result<AccountId, Complaint> {
    AccountId::parse(text).ok_or_else(|| {
        let instead = match proposed_account(text).filter(|_| !hidden.hides(text)) {
            Some(digits) if digits.len() == text.len() || text.len() > 11 => {
                format!("write {}", hidden.show(&digits))
            }
            Some(digits) => format!(
                "write all 12 digits; if zeros at the front were lost, write {}",
                hidden.show(&digits)
            ),
            None => "write the 12 digits in quotes, for example \"123456789012\"".to_owned(),
        };
        Complaint::malformed(
            format!("`{key}`: {} is not an account id", hidden.show(text)),
            instead,
        )
    })
}

/// The account id that was most likely meant: the account of an ARN, the
/// digits between spaces and dashes, or the number with its lost zeros.
fn proposed_account(text: &str) -> Option<String> {
    if text.starts_with("arn:") {
        return text.split(':').nth(4).and_then(AccountId::parse).map(|id| id.to_string());
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let only_separators = text.chars().all(|c| c.is_ascii_digit() || " -_.".contains(c));
    match digits.len() {
        12 if only_separators => Some(digits),
        9..=11 if digits.len() == text.len() => Some(format!("{digits:0>12}")),
        _ => None,
    }
}

pub(super) fn role_arn(
    text: &str,
    account: Option<&AccountId>,
    hidden: &Hidden,
) -> Result<RoleArn, Complaint> {
    RoleArn::parse(text).map_err(|fault| {
        let parts: Vec<&str> = text.trim().splitn(6, ':').collect();
        let part = |index: usize| parts.get(index).copied().unwrap_or("");
        let partition = Partition::parse(part(1)).unwrap_or(Partition::Aws);
        let account = AccountId::parse(part(4))
            .or_else(|| account.cloned())
            .map_or_else(|| "123456789012".to_owned(), |id| id.to_string());
        let role = match fault {
            RoleArnFault::Session => part(5).split('/').nth(1),
            RoleArnFault::NotAnArn => Some(part(0)).filter(|_| parts.len() == 1),
            _ => part(5).strip_prefix("role/"),
        };
        let proposal = |role: &str| format!("arn:{partition}:iam::{account}:role/{role}");
        let proposal = role
            .map(proposal)
            .filter(|arn| RoleArn::parse(arn).is_ok())
            .unwrap_or_else(|| proposal("CspmScan"));
        let mut instead = format!("write an ARN such as {}", hidden.show(&proposal));
        if fault == RoleArnFault::Session {
            instead.push_str(", with the role's path if it has one");
        }
        Complaint::malformed(format!("`role_arn`: {} {fault}", hidden.show(text)), instead)
    })
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>:
/// 2 to 1224 of `[\w+=,.@:\/-]`.
pub(super) fn external_id(text: &str) -> Result<(), Complaint> {
    let length = text.chars().count();
    if !(2..=1224).contains(&length) {
        return Err(Complaint::malformed(
            format!("`external_id` has {length} characters; AWS takes 2 to 1224"),
            "leave the key out and let `cspm tenants add` make one, or use 2 to 1224 characters",
        ));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c);
    match text.chars().position(|c| !allowed(c)) {
        None => Ok(()),
        Some(index) => Err(Complaint::malformed(
            format!("`external_id`: AWS does not allow its character number {}", index + 1),
            "use only letters a-z A-Z, digits and _ + = , . @ : / -",
        )),
    }
}

pub(super) fn region(text: &str, hidden: &Hidden) -> Result<Partition, Complaint> {
    if is_region_shaped(text) {
        return Partition::of_region(text).ok_or_else(|| {
            Complaint::malformed(
                format!(
                    "`regions`: {} is in a partition that cspm does not know",
                    hidden.show(text)
                ),
                "list regions of the partitions aws, aws-us-gov or aws-cn only",
            )
        });
    }
    let tidy: String = text.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    let zone = tidy
        .strip_suffix(|c: char| c.is_ascii_lowercase())
        .filter(|region| is_region_shaped(region));
    Err(match zone {
        Some(region) => Complaint::malformed(
            format!("`regions`: {} is an availability zone, not a region", hidden.show(text)),
            format!("write {}", hidden.show(region)),
        ),
        None => Complaint::malformed(
            format!("`regions`: {} is not the name of a region", hidden.show(text)),
            if is_region_shaped(&tidy) {
                format!("write {}", hidden.show(&tidy))
            } else if ["all", "*", ""].contains(&tidy.as_str()) {
                "leave `regions` out to scan every enabled region".to_owned()
            } else {
                "write a name such as \"eu-west-1\"".to_owned()
            },
        ),
    })
}

/// The path of a history file, or of one for each tenant.
pub(super) fn db(text: &str, hidden: &Hidden) -> Result<String, Complaint> {
    let text = visible_text("db", text, hidden)?;
    if text.replace(TENANT_PLACE, "").contains(['{', '}']) {
        return Err(Complaint::malformed(
            format!("`db`: {} has a brace that is not {TENANT_PLACE}", hidden.show(&text)),
            format!("write {TENANT_PLACE} where the tenant's name goes"),
        ));
    }
    Ok(text)
}

/// `key` is `profile` or a path: free text that must be visible.
pub(super) fn visible_text(key: &str, text: &str, hidden: &Hidden) -> Result<String, Complaint> {
    let example = match key {
        "snapshot" => "write the path of a file, for example snapshot = \"acme.jsonl.zst\"",
        "db" => "write the path of a file, for example db = \"history.db\"",
        "suppressions" => {
            "write the path of a file, for example suppressions = \"suppressions.toml\""
        }
        _ => "write a name from ~/.aws/config, or leave the key out",
    };
    if text.is_empty() {
        return Err(Complaint::malformed(format!("`{key}` is empty"), example));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(Complaint::malformed(
            format!(
                "`{key}`: {} has a control character, or a space at its end",
                hidden.show(text)
            ),
            example,
        ));
    }
    Ok(text.to_owned())
}

/// Text of a suppression, on one line.
pub(super) fn words(key: &str, text: &str, hidden: &Hidden) -> Result<String, Complaint> {
    let example = format!("write {key} = \"...\" on one line, or leave the key out");
    if text.trim().is_empty() {
        return Err(Complaint::malformed(format!("`{key}` is empty"), example));
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        let shown = hidden.show(text);
        let what = format!("`{key}`: {shown} has a control character, or a space at its end");
        return Err(Complaint::malformed(what, example));
    }
    Ok(text.to_owned())
}

pub(super) fn severity(rule: &str, text: &str, hidden: &Hidden) -> Result<Severity, Complaint> {
    Severity::parse(text).ok_or_else(|| {
        let words = Severity::WORST_FIRST.map(Severity::as_str);
        let what =
            format!("`[severity]` {}: {} is not a severity", hidden.show(rule), hidden.show(text));
        let instead = match keys::nearest(text, words) {
            Some(word) => format!("write \"{word}\"; allowed are {}", words.join(", ")),
            None => format!("write one of {}", words.join(", ")),
        };
        Complaint::malformed(what, instead)
    })
}
