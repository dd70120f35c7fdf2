//! What the condition keys mean: whether a request has the key, by kind of caller, and
//! who controls its value. The table is in `keys_data`.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
//! and the pages of the services' own keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::keys_data::KEYS;
use super::oidc;
use super::request::Caller;

/// The kinds of caller that differ in the keys their requests have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// Unsigned.
    Anonymous,
    /// A user or root of another account.
    ForeignUser,
    /// A role session of another account.
    ForeignRole,
    /// A user or root of the account itself.
    OwnUser,
    /// A role session of the account itself.
    OwnRole,
    /// A web or SAML identity, before STS.
    Federated,
    /// An AWS service on behalf of somebody.
    Service,
}

/// Whether a request of some kind of caller has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Every request has it.
    Always,
    /// Some requests have it.
    Sometimes,
    /// No request has it.
    Never,
}

/// Who controls the value under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// The caller: it can send any value, so the key limits nothing.
    Caller,
    /// It follows from the caller's identity.
    Identity,
    /// AWS or an identity provider assigns it: a stranger has a value of this form, but
    /// never one that belongs to somebody else.
    Assigned(&'static str),
    /// The caller's address on the internet.
    Network,
    /// The owner of the resource or the caller's own administrator.
    Owner,
    /// The time of the request.
    Clock,
    /// The key is not in the table.
    NotKnown,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key's name; a trailing `/` or `-` or `:` stands for all keys that begin so.
    pub name: &'static str,
    /// `A`lways, `s`ometimes, `-` never; anonymous, foreign user, foreign role, own
    /// user, own role, federated, service.
    presence: &'static str,
    /// Who controls it when the caller is a stranger.
    stranger: Control,
    /// Who controls it when the caller belongs to the account.
    own: Control,
}

/// A row: the name, presence, and who controls it in a stranger's and in own hands.
pub(super) const fn key(
    name: &'static str,
    presence: &'static str,
    stranger: Control,
    own: Control,
) -> Key {
    Key { name, presence, stranger, own }
}

/// A key as AWS spells it, if it is in the table.
#[must_use]
pub(super) fn spelled(key: &str) -> String {
    let Some(row) = find(key) else { return key.to_owned() };
    let rest = key.get(row.name.len()..).unwrap_or_default();
    format!("{}{rest}", row.name)
}

/// The rows by folded name, and those that stand for a family.
type Index = (BTreeMap<String, &'static Key>, Vec<(String, &'static Key)>);

/// The row of a key, if the table has one. Keys have no case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        let rows = || KEYS.iter().map(|row| (row.name.to_ascii_lowercase(), row));
        let families = rows().filter(|(name, _)| name.ends_with(['/', '-', ':']));
        (rows().collect(), families.collect())
    });
    let (exact, families) = &*INDEX;
    let name = name.to_ascii_lowercase();
    let family = || families.iter().find(|(start, _)| name.starts_with(start.as_str()));
    exact.get(&name).copied().or_else(|| family().map(|(_, row)| *row))
}

impl Key {
    /// Whether requests of this kind of caller have the key.
    #[must_use]
    pub fn presence(&self, caller: CallerKind) -> Presence {
        let column = match caller {
            CallerKind::Anonymous => 0,
            CallerKind::ForeignUser => 1,
            CallerKind::ForeignRole => 2,
            CallerKind::OwnUser => 3,
            CallerKind::OwnRole => 4,
            CallerKind::Federated => 5,
            CallerKind::Service => 6,
        };
        match self.presence.as_bytes().get(column) {
            Some(b'A') => Presence::Always,
            Some(b's') => Presence::Sometimes,
            _ => Presence::Never,
        }
    }

    /// Who controls the value in the hands of this kind of caller.
    #[must_use]
    pub fn control(&self, caller: CallerKind) -> Control {
        if matches!(caller, CallerKind::OwnUser | CallerKind::OwnRole) {
            self.own
        } else {
            self.stranger
        }
    }
}

/// Presence and control of any key, claims of identity providers included. A key that
/// is not in the table may be there and may not.
#[must_use]
pub fn lookup(name: &str, caller: CallerKind) -> (Presence, Control) {
    // Many services repeat the tags of the resource under their own prefix.
    let of_resource = name.to_ascii_lowercase().contains(":resourcetag/");
    let row = find(name).or_else(|| of_resource.then(|| find("aws:ResourceTag/x")).flatten());
    if let Some(key) = row {
        return (key.presence(caller), key.control(caller));
    }
    if let Some((presence, control)) = oidc::claim(name) {
        let of_token = caller == CallerKind::Federated;
        return (if of_token { presence } else { Presence::Never }, control);
    }
    (Presence::Sometimes, Control::NotKnown)
}

/// The region that requests for an action name, where there is no choice: the services of
/// a whole partition have one endpoint each. iam:PassRole is no request of its own: it is
/// checked where the role is used.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion>
pub(super) fn only_region(action: &str, partition: &str) -> Option<&'static str> {
    const GLOBAL: [&str; 7] =
        ["account", "cloudfront", "iam", "organizations", "route53", "support", "waf"];
    let (service, name) = action.split_once(':')?;
    let is_global = GLOBAL.iter().any(|global| global.eq_ignore_ascii_case(service));
    if !is_global || name.eq_ignore_ascii_case("PassRole") {
        return None;
    }
    Some(match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    })
}

/// Whether a caller can leave the key out by itself, whoever controls its value: a user
/// that signs with long-term keys has no session, and sends nothing of multi-factor
/// authentication.
pub(super) fn can_be_left_out(name: &str, caller: CallerKind) -> bool {
    let of_session = ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"];
    caller == CallerKind::OwnUser && of_session.iter().any(|k| k.eq_ignore_ascii_case(name))
}

/// Whether a request has at most one value under the key: the global keys say so, but for
/// some. Of other keys it is not taken for granted.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
pub(super) fn is_single_valued(name: &str) -> bool {
    const SEVERAL: [&str; 8] = [
        "aws:calledvia",
        "aws:calledviaawsmcp",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    ];
    let name = name.to_ascii_lowercase();
    let known = find(&name).is_some();
    known && name.starts_with("aws:") && !SEVERAL.contains(&name.as_str())
}

/// Whether every request of every caller has the key.
#[must_use]
pub fn is_always_present(name: &str) -> bool {
    find(name).is_some_and(|k| k.presence == "AAAAAAA")
}

/// Keys that only a request through a VPC endpoint has; such a request has no
/// `aws:SourceIp`.
#[must_use]
pub(super) fn is_of_vpc(name: &str) -> bool {
    const OF_VPC: [&str; 7] = [
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    ];
    OF_VPC.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a value of the policy belongs to one holder, so that a stranger's value never
/// matches it, although it may have wildcards: the organisation of a path, the account
/// of an ARN, the owner of a repository. With `literal` set, wildcards are plain text.
#[must_use]
pub(super) fn belongs_to_one(key: &str, text: &str, literal: bool) -> bool {
    let fixed = |part: &str| literal || !part.contains(['*', '?', '$']);
    if let Some(of_claim) = oidc::belongs_to_one(key, text, literal) {
        return of_claim;
    }
    let lower = key.to_ascii_lowercase();
    if fixed(text) {
        return true;
    }
    if lower.ends_with("orgpaths") {
        return text.split_once('/').is_some_and(|(org, _)| fixed(org));
    }
    if lower == "aws:userid" {
        return text.split_once(':').is_some_and(|(id, _)| fixed(id));
    }
    if let Some(arn) = super::ast::arn_parts(text) {
        let of_no_account = |part: &str| part.is_empty() || part == "*";
        if arn.service == "s3" && of_no_account(arn.account) && of_no_account(arn.region) {
            // A bucket's name is its own in all accounts; access points have other ARNs.
            let bucket = arn.resource.split('/').next().unwrap_or_default();
            return fixed(bucket) && bucket != "accesspoint";
        }
        return !arn.account.is_empty() && fixed(arn.account);
    }
    false
}

/// The kind of a caller, given the account that the policy's resource is in.
#[must_use]
pub fn kind_of(caller: &Caller, own_account: Option<&str>) -> CallerKind {
    let own = own_account.is_some() && caller.account() == own_account;
    match caller {
        Caller::Anonymous => CallerKind::Anonymous,
        Caller::Service(_) => CallerKind::Service,
        Caller::Federated(_) => CallerKind::Federated,
        Caller::RoleSession { .. } if own => CallerKind::OwnRole,
        Caller::RoleSession { .. } => CallerKind::ForeignRole,
        _ if own => CallerKind::OwnUser,
        _ => CallerKind::ForeignUser,
    }
}
