//! One concrete request: who, what, on which resource, in which context.

use std::collections::BTreeMap;

use super::ast::{arn_parts, is_account_id};

/// The account that stands for any account of a stranger in a witness.
pub const STRANGER_ACCOUNT: &str = "999999999999";

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caller {
    /// Nobody in particular: an unsigned request.
    Anonymous,
    /// The root user of an account.
    Root(String),
    /// An IAM user, by ARN.
    User(String),
    /// A session of a role.
    RoleSession {
        /// The role's ARN.
        role: String,
        /// The session's name.
        session: String,
    },
    /// A user federated by `sts:GetFederationToken`, by ARN.
    FederatedUser(String),
    /// An AWS service, such as `sns.amazonaws.com`.
    Service(String),
    /// A web or SAML identity before STS, by provider (ARN or host name).
    Federated(String),
    /// An S3 canonical user.
    Canonical(String),
}

impl Caller {
    /// Reads `*`, an account number, the ARN of a user, role, session or root, the
    /// name of a service, or an identity provider.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Anonymous);
        }
        if is_account_id(text) {
            return Some(Self::Root(text.to_owned()));
        }
        if let Some(arn) = arn_parts(text) {
            let (class, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
            return match (arn.service, class) {
                ("iam", "root") => Some(Self::Root(arn.account.to_owned())),
                ("iam", "user") => Some(Self::User(text.to_owned())),
                ("iam", "role") => {
                    Some(Self::RoleSession { role: text.to_owned(), session: "session".into() })
                }
                ("iam", "oidc-provider" | "saml-provider") => {
                    Some(Self::Federated(text.to_owned()))
                }
                ("sts", "assumed-role") => {
                    let (role, session) = name.split_once('/')?;
                    Some(Self::RoleSession {
                        role: format!("arn:{}:iam::{}:role/{role}", arn.partition, arn.account),
                        session: session.to_owned(),
                    })
                }
                ("sts", "federated-user") => Some(Self::FederatedUser(text.to_owned())),
                _ => None,
            };
        }
        if is_service(text) {
            return Some(Self::Service(text.to_ascii_lowercase()));
        }
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Some(Self::Canonical(text.to_owned()));
        }
        (text.contains('.') && !text.contains(char::is_whitespace))
            .then(|| Self::Federated(text.to_owned()))
    }

    /// The account it belongs to.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Root(account) => Some(account),
            Self::User(arn) | Self::FederatedUser(arn) | Self::RoleSession { role: arn, .. } => {
                arn_parts(arn).map(|a| a.account)
            }
            _ => None,
        }
    }

    /// What AWS calls it in `aws:PrincipalArn`; the role's ARN for a session.
    #[must_use]
    pub fn principal_arn(&self) -> Option<String> {
        match self {
            Self::Root(account) => Some(format!("arn:aws:iam::{account}:root")),
            Self::User(arn) | Self::FederatedUser(arn) | Self::RoleSession { role: arn, .. } => {
                Some(arn.clone())
            }
            _ => None,
        }
    }

    /// The session's own ARN, for a role session.
    #[must_use]
    pub fn session_arn(&self) -> Option<String> {
        let Self::RoleSession { role, session } = self else { return None };
        let arn = arn_parts(role)?;
        let name = arn.resource.rsplit('/').next()?;
        Some(format!("arn:{}:sts::{}:assumed-role/{name}/{session}", arn.partition, arn.account))
    }

    /// The keys that AWS fills in from the caller's identity alone.
    #[must_use]
    pub fn derived_key(&self, key: &str) -> Option<String> {
        let key = key.to_ascii_lowercase();
        match key.as_str() {
            "kms:calleraccount" => self.account().map(str::to_owned),
            "aws:principalaccount" => match self {
                // Calls for a token are not signed, either. A service has an account of AWS's.
                Self::Anonymous | Self::Federated(_) => Some("anonymous".to_owned()),
                Self::Service(_) => Some("aws".to_owned()),
                _ => self.account().map(str::to_owned),
            },
            "aws:principalarn" => self.principal_arn(),
            "aws:principaltype" => Some(
                match self {
                    Self::Anonymous => "Anonymous",
                    Self::Root(_) => "Account",
                    Self::User(_) => "User",
                    Self::RoleSession { .. } => "AssumedRole",
                    Self::FederatedUser(_) => "FederatedUser",
                    _ => return None,
                }
                .to_owned(),
            ),
            "aws:username" => match self {
                Self::User(arn) => arn.rsplit('/').next().map(str::to_owned),
                _ => None,
            },
            "aws:userid" => match self {
                Self::Anonymous => Some("anonymous".to_owned()),
                Self::Root(account) => Some(account.clone()),
                _ => None,
            },
            "aws:principalisawsservice" => match self {
                // Only signed requests have it.
                Self::Anonymous | Self::Federated(_) => None,
                _ => Some(matches!(self, Self::Service(_)).to_string()),
            },
            "aws:principalservicename" => match self {
                Self::Service(name) => Some(name.clone()),
                _ => None,
            },
            "aws:federatedprovider" => match self {
                Self::Federated(provider) => Some(provider.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

impl std::fmt::Display for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anonymous => f.write_str("*"),
            Self::Root(account) => write!(f, "arn:aws:iam::{account}:root"),
            Self::User(s)
            | Self::FederatedUser(s)
            | Self::Service(s)
            | Self::Federated(s)
            | Self::Canonical(s) => f.write_str(s),
            Self::RoleSession { role, .. } => {
                f.write_str(&self.session_arn().unwrap_or_else(|| role.clone()))
            }
        }
    }
}

/// The context of a request: keys with their values. Keys have no case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    entries: BTreeMap<String, (String, Vec<String>)>,
}

impl Context {
    /// Adds one more value under a key.
    pub fn add(&mut self, key: &str, value: &str) {
        self.entries
            .entry(key.to_ascii_lowercase())
            .or_insert_with(|| (key.to_owned(), Vec::new()))
            .1
            .push(value.to_owned());
    }

    /// Sets all values under a key; none removes the key.
    pub fn set(&mut self, key: &str, values: Vec<String>) {
        let folded = key.to_ascii_lowercase();
        if values.is_empty() {
            self.entries.remove(&folded);
        } else {
            self.entries.insert(folded, (key.to_owned(), values));
        }
    }

    /// The values under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.entries.get(&key.to_ascii_lowercase()).map(|(_, values)| values.as_slice())
    }

    /// All keys with their values, in order of the folded key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.entries.values().map(|(key, values)| (key.as_str(), values.as_slice()))
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who.
    pub caller: Caller,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, or `*` where the action has none.
    pub resource: String,
    /// The keys that the request has beyond those that follow from the caller.
    pub context: Context,
}

impl Request {
    /// The values under a key: as given, else as they follow from the caller.
    #[must_use]
    pub fn key(&self, key: &str) -> Vec<String> {
        match self.context.get(key) {
            Some(values) => values.to_vec(),
            None => self.caller.derived_key(key).into_iter().collect(),
        }
    }

    /// The value of a policy variable. A key with several values cannot be one.
    #[must_use]
    pub fn variable(&self, key: &str) -> Option<String> {
        let mut values = self.key(key);
        if values.len() == 1 { values.pop() } else { None }
    }
}

/// Whether a name is a service's. Alexa's services are under `amazon.com`; Login with Amazon
/// there, and Cognito under `amazonaws.com`, are identity providers.
fn is_service(name: &str) -> bool {
    let at_aws = name.contains(".amazonaws.com") && !name.starts_with("cognito-identity.");
    at_aws || (name.ends_with(".amazon.com") && name != "www.amazon.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_identity_providers_are_told_apart() {
        for name in ["s3.amazonaws.com", "ec2.amazonaws.com.cn", "alexa-appkit.amazon.com"] {
            assert_eq!(Caller::parse(name), Some(Caller::Service(name.to_owned())));
        }
        for name in ["cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com"] {
            assert_eq!(Caller::parse(name), Some(Caller::Federated(name.to_owned())));
        }
    }
}
