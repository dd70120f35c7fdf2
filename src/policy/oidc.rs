//! Identity providers as data: who can get a token from them, and which claims a
//! stranger's token can carry.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html>
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html>

use super::keys::Control;

/// Who can get a token from a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// Anybody: one issuer for all customers.
    Shared,
    /// Members of one tenant only: the issuer's address holds the tenant.
    Tenant,
    /// Not in the table.
    NotKnown,
}

/// One provider.
#[derive(Debug)]
struct Provider {
    /// The host, and for one issuer among several on the host its first path segment.
    host: &'static str,
    issuer: Issuer,
    /// Claims that belong to their holder, with the form of a stranger's value and the
    /// text that ends the holder's part (none: the whole value).
    claims: &'static [Claim],
}

#[derive(Debug)]
struct Claim {
    name: &'static str,
    form: &'static str,
    /// The value up to here, wildcard-free, names the holder: (what it must start
    /// with, what must follow the holder's name). Several forms are possible.
    holder: &'static [(&'static str, &'static str)],
}

const fn claim(
    name: &'static str,
    form: &'static str,
    holder: &'static [(&'static str, &'static str)],
) -> Claim {
    Claim { name, form, holder }
}

/// Claims that are not listed are the token holder's to choose (branch, environment,
/// audience of GitHub), unless the provider has [`Issuer::Tenant`].
const PROVIDERS: &[Provider] = &[
    Provider {
        host: "token.actions.githubusercontent.com",
        issuer: Issuer::Shared,
        claims: &[
            claim(
                "sub",
                "*",
                &[
                    ("repo:", "/"),
                    ("repository:", "/"),
                    ("repository_owner:", ":"),
                    ("job_workflow_ref:", "/"),
                    ("repository_id:", ":"),
                    ("repository_owner_id:", ":"),
                    ("enterprise:", ":"),
                ],
            ),
            claim("repository", "*/*", &[("", "/")]),
            claim("repository_id", "*", &[]),
            claim("repository_owner", "*", &[]),
            claim("repository_owner_id", "*", &[]),
            claim("job_workflow_ref", "*/*", &[("", "/")]),
            claim("workflow_ref", "*/*", &[("", "/")]),
            claim("actor", "*", &[]),
            claim("actor_id", "*", &[]),
            claim("enterprise", "*", &[]),
            claim("enterprise_id", "*", &[]),
        ],
    },
    Provider {
        host: "gitlab.com",
        issuer: Issuer::Shared,
        claims: &[
            claim("sub", "project_path:*", &[("project_path:", "/")]),
            claim("namespace_id", "*", &[]),
            claim("namespace_path", "*", &[("", "/")]),
            claim("project_id", "*", &[]),
            claim("project_path", "*/*", &[("", "/")]),
            claim("user_id", "*", &[]),
            claim("user_login", "*", &[]),
            claim("user_email", "*", &[]),
            claim("ci_config_ref_uri", "gitlab.com/*", &[("gitlab.com/", "/")]),
        ],
    },
    Provider {
        host: "accounts.google.com",
        issuer: Issuer::Shared,
        claims: &[claim("aud", "*", &[]), claim("sub", "*", &[]), claim("email", "*", &[])],
    },
    Provider {
        host: "app.terraform.io",
        issuer: Issuer::Shared,
        claims: &[
            claim("sub", "organization:*:project:*", &[("organization:", ":")]),
            claim("terraform_organization_id", "*", &[]),
            claim("terraform_organization_name", "*", &[]),
            claim("terraform_project_id", "*", &[]),
            claim("terraform_workspace_id", "*", &[]),
        ],
    },
    Provider {
        host: "agent.buildkite.com",
        issuer: Issuer::Shared,
        claims: &[
            claim("sub", "organization:*:pipeline:*", &[("organization:", ":")]),
            claim("organization_id", "*", &[]),
            claim("organization_slug", "*", &[]),
            claim("pipeline_id", "*", &[]),
        ],
    },
    Provider { host: "api.bitbucket.org", issuer: Issuer::Tenant, claims: &[] },
    Provider { host: "oidc.circleci.com", issuer: Issuer::Tenant, claims: &[] },
    Provider {
        host: "cognito-identity.amazonaws.com",
        issuer: Issuer::Shared,
        claims: &[claim("aud", "*:*", &[]), claim("sub", "*:*", &[])],
    },
    Provider {
        host: "graph.facebook.com",
        issuer: Issuer::Shared,
        claims: &[claim("app_id", "*", &[]), claim("id", "*", &[])],
    },
    Provider {
        host: "www.amazon.com",
        issuer: Issuer::Shared,
        claims: &[claim("app_id", "*", &[]), claim("user_id", "*", &[])],
    },
];

/// The provider's address out of an ARN (`...:oidc-provider/host/path`) or as it stands.
#[must_use]
pub fn address(principal: &str) -> &str {
    principal.split_once(":oidc-provider/").map_or(principal, |(_, address)| address)
}

/// Who can get a token from this provider, given its address.
#[must_use]
pub fn issuer(address: &str) -> Issuer {
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.to_ascii_lowercase();
    // EKS clusters: one issuer for each; GitHub enterprises and the like: a path.
    if host.starts_with("oidc.eks.") && host.contains(".amazonaws.com") {
        return Issuer::Tenant;
    }
    match PROVIDERS.iter().find(|p| p.host == host) {
        Some(provider) if provider.issuer == Issuer::Shared && !path.is_empty() => Issuer::Tenant,
        Some(provider) => provider.issuer,
        None => Issuer::NotKnown,
    }
}

/// A condition key as provider and claim: `token.actions.githubusercontent.com:sub`.
fn split_key(key: &str) -> Option<(String, String)> {
    let (address, claim) = key.rsplit_once(':')?;
    if !address.contains('.') {
        return None;
    }
    Some((address.to_ascii_lowercase(), claim.to_ascii_lowercase()))
}

fn find_claim(key: &str) -> Option<(&'static Provider, Option<&'static Claim>)> {
    let (address, claim) = split_key(key)?;
    let provider = PROVIDERS.iter().find(|p| p.host == address)?;
    Some((provider, provider.claims.iter().find(|c| c.name == claim)))
}

/// Who controls a claim, if the key is one: `None` for keys that are no claims.
#[must_use]
pub(super) fn claim_control(key: &str) -> Option<Control> {
    let (address, name) = split_key(key)?;
    match find_claim(key) {
        Some((_, Some(claim))) => Some(Control::Assigned(claim.form)),
        // An identity pool marks its guests so; a pool may admit any guest.
        Some((_, None)) => Some(Control::Caller),
        None if issuer(&address) == Issuer::NotKnown && name != "aud" => {
            Some(Control::Assigned("stranger-claim*"))
        }
        None => Some(Control::Caller),
    }
}

/// Whether a claim's value, wildcards and all, admits one holder only: `repo:acme/*`
/// does, `repo:acme*` admits `acme-evil`.
#[must_use]
pub(super) fn belongs_to_one(key: &str, text: &str) -> bool {
    let Some((_, Some(claim))) = find_claim(key) else { return false };
    claim.holder.iter().any(|(start, end)| {
        text.strip_prefix(start)
            .and_then(|rest| rest.split_once(end))
            .is_some_and(|(holder, _)| !holder.is_empty() && !holder.contains(['*', '?', '$']))
    })
}
