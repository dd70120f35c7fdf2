//! A caller with its surroundings, as the decision tries it out.

use std::collections::BTreeMap;

use super::ast::{Policy, arn_parts};
use super::keys::{self, CallerKind, Control, Presence};
use super::request::Caller;

/// How far a caller's power over the keys goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    /// A stranger: has no value that belongs to somebody else.
    Stranger,
    /// Whoever the policy names: may have any value that the policy asks for.
    Named,
    /// Of the account; its administrator may have arranged any value.
    Loose,
    /// Of the account; an Allow counts only if the caller alone can meet its conditions.
    Strict,
}

/// The way a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Path {
    Internet,
    VpcEndpoint,
}

/// The paths that the conditions of the policies can tell apart.
pub(super) fn paths(policies: &[&Policy]) -> Vec<Path> {
    let tells_apart = |key: &str| key.eq_ignore_ascii_case("aws:SourceIp") || keys::is_of_vpc(key);
    let mut all = policies.iter().flat_map(|p| &p.statements).flat_map(|s| {
        let values = s.conditions.iter().flat_map(|c| &c.values);
        let resources = s.resources.iter().flat_map(|m| &m.patterns);
        let variables = values.chain(resources).flat_map(super::pattern::Template::variables);
        s.conditions.iter().map(|c| c.key.as_str()).chain(variables)
    });
    if all.any(tells_apart) {
        vec![Path::Internet, Path::VpcEndpoint]
    } else {
        vec![Path::Internet]
    }
}

/// A caller with its surroundings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct World {
    pub(super) caller: Caller,
    pub(super) kind: CallerKind,
    pub(super) path: Path,
    pub(super) standing: Standing,
    pub(super) partition: String,
    /// The account that stands for any stranger's.
    pub(super) stranger: String,
    /// The account of the resource, if known.
    pub(super) own_account: Option<String>,
    /// Milliseconds since 1970, if known.
    pub(super) now: Option<i64>,
    /// Values chosen for policy variables that do not follow from the caller, by folded
    /// key; `None` for a key that the request does not have.
    pub(super) chosen: BTreeMap<String, Option<String>>,
}

impl World {
    /// The value of a policy variable.
    pub(super) fn variable(&self, key: &str) -> Option<String> {
        let folded = key.to_ascii_lowercase();
        if let Some(value) = self.chosen.get(&folded) {
            return value.clone();
        }
        self.caller.derived_key(key).or_else(|| self.owners_value(key))
    }

    /// The only value that a key can have whoever calls, or in the hands of a stranger.
    pub(super) fn owners_value(&self, key: &str) -> Option<String> {
        match key.to_ascii_lowercase().as_str() {
            "aws:resourceaccount" | "s3:resourceaccount" => self.own_account.clone(),
            // An unsigned call reaches no function URL but one without authentication.
            "lambda:functionurlauthtype" if self.kind == CallerKind::Anonymous => {
                Some("NONE".to_owned())
            }
            // Services pass on the credentials of whoever has any.
            "aws:viaawsservice"
                if matches!(self.kind, CallerKind::Anonymous | CallerKind::Federated) =>
            {
                Some("false".to_owned())
            }
            // A mount target is in a VPC of the file system's owner.
            "elasticfilesystem:accessedviamounttarget" if self.standing == Standing::Stranger => {
                Some("false".to_owned())
            }
            _ => None,
        }
    }

    /// A text with the variables that are the resource owner's filled in.
    pub(super) fn fill_owner(&self, text: &str) -> String {
        let account = self.own_account.as_deref().unwrap_or("the-owner");
        text.replace("${aws:ResourceAccount}", account)
            .replace("${s3:ResourceAccount}", account)
            .replace("${aws:ResourceOrgID}", "o-owner")
    }

    /// Presence and control of a key in this world.
    pub(super) fn lookup(&self, key: &str) -> (Presence, Control) {
        let (mut presence, control) = keys::lookup(key, self.kind);
        let folded = key.to_ascii_lowercase();
        if presence != Presence::Never && self.kind != CallerKind::Service {
            match (self.path, folded.as_str()) {
                (Path::Internet, "aws:sourceip")
                | (Path::VpcEndpoint, "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip") => {
                    presence = Presence::Always;
                }
                (Path::VpcEndpoint, "aws:sourceip") => presence = Presence::Never,
                (Path::Internet, _) if keys::is_of_vpc(key) => presence = Presence::Never,
                _ => {}
            }
        }
        // The claims of one provider are no other provider's.
        if let Caller::Federated(provider) = &self.caller
            && let Some((address, _)) = key.rsplit_once(':')
            && address.contains('.')
            && !super::oidc::address(provider).eq_ignore_ascii_case(address)
        {
            presence = Presence::Never;
        }
        if let Caller::Federated(provider) = &self.caller
            && super::oidc::session_names_holder(provider, key)
        {
            return (Presence::Always, Control::Assigned("Microsoft*"));
        }
        (presence, control)
    }

    /// The form of a stranger's `aws:userid`.
    pub(super) fn user_id_form(&self) -> String {
        match self.kind {
            CallerKind::Anonymous => "anonymous".to_owned(),
            CallerKind::ForeignRole => "AROASTRANGERSTRANGER:?*".to_owned(),
            _ => "AIDASTRANGERSTRANGER".to_owned(),
        }
    }
}

/// An account number that the policies do not mention, to stand for a stranger's.
pub(super) fn unmentioned_account(policies: &[&Policy], own: Option<&str>) -> String {
    let mentioned = |number: &str| own == Some(number) || mentions(policies, number);
    [super::request::STRANGER_ACCOUNT, "909090909090", "818181818181"]
        .into_iter()
        .map(str::to_owned)
        .chain((0u64..1_000_000).map(|n| format!("{:012}", 700_000_000_000 + n)))
        .find(|number| !mentioned(number))
        .unwrap_or_default()
}

/// Accounts of strangers: one that the policies do not mention, and one that matches each
/// account number with wildcards in their conditions.
pub(super) fn strangers_accounts(
    policies: &[&Policy],
    own: Option<&str>,
) -> Result<Vec<String>, String> {
    const MOST: usize = 16;
    let values = policies
        .iter()
        .flat_map(|p| &p.statements)
        .flat_map(|s| &s.conditions)
        .flat_map(|c| &c.values)
        .map(super::pattern::Template::text);
    let mut found = vec![unmentioned_account(policies, own)];
    for text in values {
        let number = arn_parts(text).map_or(text, |arn| arn.account);
        let of_digits = number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'?'));
        if !of_digits || !number.contains(['*', '?']) || number.bytes().all(|b| b == b'*') {
            continue;
        }
        let mut accounts = ('0'..='9').filter_map(|digit| like(number, digit));
        let free = accounts.find(|a| own != Some(a.as_str()) && !mentions(policies, a));
        found.extend(free.filter(|account| !found.contains(account)));
    }
    if found.len() > MOST {
        return Err(format!("conditions name more than {MOST} patterns of account numbers"));
    }
    Ok(found)
}

/// An account number of the form, its wildcards filled with one digit.
fn like(form: &str, digit: char) -> Option<String> {
    let stars = form.matches('*').count();
    let missing = 12usize.checked_sub(form.len() - stars)?;
    let mut filled = String::new();
    let mut first = true;
    for c in form.chars() {
        match c {
            '*' if first => {
                first = false;
                filled.extend(std::iter::repeat_n(digit, missing));
            }
            '*' => {}
            '?' => filled.push(digit),
            c => filled.push(c),
        }
    }
    super::ast::is_account_id(&filled).then_some(filled)
}

fn mentions(policies: &[&Policy], number: &str) -> bool {
    policies.iter().flat_map(|p| &p.statements).any(|s| {
        let matchers = std::iter::once(&s.actions).chain(&s.resources);
        matchers.flat_map(|m| &m.patterns).any(|t| t.text().contains(number))
            || s.conditions.iter().flat_map(|c| &c.values).any(|t| t.text().contains(number))
            || s.principals.iter().flat_map(|p| &p.list).any(|p| p.to_string().contains(number))
    })
}

/// The partition that the policies' ARNs are in.
pub(super) fn partition_of(policies: &[&Policy]) -> String {
    policies
        .iter()
        .flat_map(|p| &p.statements)
        .flat_map(|s| {
            let resources =
                s.resources.iter().flat_map(|m| &m.patterns).map(|t| t.text().to_owned());
            let principals = s.principals.iter().flat_map(|p| &p.list).map(ToString::to_string);
            resources.chain(principals).collect::<Vec<_>>()
        })
        .find_map(|text| {
            let partition = arn_parts(&text)?.partition;
            (!partition.contains(['*', '?', '$']) && !partition.is_empty())
                .then(|| partition.to_owned())
        })
        .unwrap_or_else(|| "aws".to_owned())
}
