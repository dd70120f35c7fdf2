//! Identity providers as data: who can get a token from them, which claims STS shows to
//! a trust policy, and which of those a stranger's token can carry.
//!
//! Claims that STS evaluates:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
//! and, provider by provider,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html>.
//! Shared issuers, each with the claim that IAM makes new trust policies ask for:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html>

use super::keys::{Control, Presence};

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
    /// The host, or the whole address.
    host: &'static str,
    issuer: Issuer,
    /// Its claims, beside those of every provider.
    claims: &'static [Claim],
}

#[derive(Debug)]
struct Claim {
    name: &'static str,
    /// Whether the context that STS builds from a token has it.
    presence: Presence,
    /// The form of a stranger's value; none if the token's holder can choose it.
    form: Option<&'static str>,
    /// How a value names its holder: (what it must start with, what must follow the
    /// holder's name). None: the whole value does.
    holder: &'static [(&'static str, &'static str)],
}

/// A claim that belongs to its holder.
const fn held(name: &'static str, form: &'static str) -> Claim {
    Claim { name, presence: Presence::Always, form: Some(form), holder: &[] }
}

/// A claim of which a part names its holder.
const fn named(
    name: &'static str,
    form: &'static str,
    holder: &'static [(&'static str, &'static str)],
) -> Claim {
    Claim { name, presence: Presence::Always, form: Some(form), holder }
}

/// A claim that whoever asks for a token can choose.
const fn free(name: &'static str) -> Claim {
    Claim { name, presence: Presence::Always, form: None, holder: &[] }
}

/// The same, but not every token has it.
const fn optional(claim: Claim) -> Claim {
    Claim { presence: Presence::Sometimes, ..claim }
}

/// A claim of the token that STS shows to no policy.
const fn unseen(name: &'static str) -> Claim {
    Claim { name, presence: Presence::Never, form: None, holder: &[] }
}

/// What STS takes from the token of any provider, where the provider has no row of its
/// own for it.
const STANDARD: &[Claim] = &[
    free("aud"),
    optional(free("oaud")),
    optional(free("amr")),
    held("sub", "stranger-claim*"),
    optional(held("email", "stranger-claim*")),
];

const GITHUB: &[Claim] = &[
    named(
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
            ("enterprise_id:", ":"),
        ],
    ),
    held("actor", "*"),
    held("actor_id", "*"),
    optional(held("enterprise_id", "*")),
    optional(free("environment")),
    named("job_workflow_ref", "*/*", &[("", "/")]),
    free("ref"),
    named("repository", "*/*", &[("", "/")]),
    held("repository_id", "*"),
    held("repository_owner_id", "*"),
    free("workflow"),
    unseen("enterprise"),
    unseen("event_name"),
    unseen("repository_owner"),
    unseen("repository_visibility"),
    unseen("runner_environment"),
    unseen("workflow_ref"),
];

/// Where Microsoft's own services get their tokens, in the name of any of its customers.
const SENTINEL: &str = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d";
/// The same for governments.
/// <https://learn.microsoft.com/azure/sentinel/connect-aws-configure-environment>
const SENTINEL_GOV: &str = "sts.windows.net/cab8a31a-1906-4287-a0d8-4eef66b95f6e";

/// An address of IBM Turbonomic: the namespace of the subject is the customer's.
const fn turbonomic(host: &'static str) -> Provider {
    const CLAIMS: &[Claim] =
        &[named("sub", "system:serviceaccount:*:*", &[("system:serviceaccount:", ":")])];
    Provider { host, issuer: Issuer::Shared, claims: CLAIMS }
}

/// Whether the name of the session, and no claim, tells for whom a provider's token is
/// used: the service that has the token sets it.
#[must_use]
pub(super) fn session_names_holder(provider: &str, key: &str) -> bool {
    let address = address(provider).trim_end_matches('/').to_ascii_lowercase();
    [SENTINEL, SENTINEL_GOV].contains(&address.as_str())
        && key.eq_ignore_ascii_case("sts:RoleSessionName")
}

const PROVIDERS: &[Provider] = &[
    Provider {
        host: "token.actions.githubusercontent.com",
        issuer: Issuer::Shared,
        claims: GITHUB,
    },
    Provider {
        host: "gitlab.com",
        issuer: Issuer::Shared,
        claims: &[
            named("sub", "project_path:*", &[("project_path:", "/")]),
            held("namespace_id", "*"),
            held("project_id", "*"),
            held("user_id", "*"),
            held("user_login", "*"),
            held("user_email", "*"),
            free("pipeline_source"),
            free("ref_protected"),
            free("runner_environment"),
            free("user_access_level"),
            unseen("ci_config_ref_uri"),
            unseen("namespace_path"),
            unseen("project_path"),
        ],
    },
    Provider {
        host: "accounts.google.com",
        issuer: Issuer::Shared,
        // `aud` is the token's `azp` if it has one: the client or service account that it
        // was made for. `oaud` is then the audience that its holder asked for.
        claims: &[
            held("aud", "*"),
            held("sub", "*"),
            optional(held("email", "*")),
            optional(held("google/organization_number", "*")),
        ],
    },
    Provider {
        host: "app.terraform.io",
        issuer: Issuer::Shared,
        claims: &[
            named("sub", "organization:*:project:*", &[("organization:", ":")]),
            unseen("terraform_organization_id"),
            unseen("terraform_organization_name"),
            unseen("terraform_project_id"),
            unseen("terraform_workspace_id"),
        ],
    },
    Provider {
        host: "agent.buildkite.com",
        issuer: Issuer::Shared,
        claims: &[
            named("sub", "organization:*:pipeline:*", &[("organization:", ":")]),
            held("organization_id", "*"),
            held("organization_slug", "*"),
            held("pipeline_id", "*"),
            held("cluster_id", "*"),
            free("pipeline_slug"),
            free("cluster_name"),
            free("build_branch"),
        ],
    },
    Provider {
        host: "oidc.codefresh.io",
        issuer: Issuer::Shared,
        claims: &[named("sub", "account:*:pipeline:*", &[("account:", ":")])],
    },
    Provider {
        host: "scalr.io",
        issuer: Issuer::Shared,
        claims: &[named("sub", "account:*:*", &[("account:", ":")])],
    },
    Provider {
        host: "proidc.upbound.io",
        issuer: Issuer::Shared,
        claims: &[named("sub", "mcp:*/*", &[("mcp:", "/")])],
    },
    Provider {
        host: "vstoken.actions.githubusercontent.com",
        issuer: Issuer::Shared,
        claims: &[held("sub", "*")],
    },
    Provider {
        host: "oidc-configuration.audit-log.githubusercontent.com",
        issuer: Issuer::Shared,
        claims: &[held("sub", "*")],
    },
    Provider {
        host: "studio.datachain.ai/api",
        issuer: Issuer::Shared,
        claims: &[held("sub", "*")],
    },
    Provider {
        host: "tokens.cloud.shisho.dev",
        issuer: Issuer::Shared,
        claims: &[held("sub", "*")],
    },
    Provider {
        host: "api.pulumi.com/oidc",
        issuer: Issuer::Shared,
        claims: &[held("aud", "*"), held("sub", "*")],
    },
    Provider {
        host: "sandboxes.cloud",
        issuer: Issuer::Shared,
        claims: &[held("aud", "*"), held("sub", "*")],
    },
    Provider {
        host: "oidc.vercel.com",
        issuer: Issuer::Shared,
        claims: &[held("aud", "*"), held("sub", "*")],
    },
    // Of Turbonomic the page names no address; these are in AWS's examples for it:
    // <https://github.com/aws-samples/data-perimeter-policy-examples>.
    turbonomic("rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7"),
    turbonomic("rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr"),
    turbonomic("rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg"),
    turbonomic("rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26"),
    turbonomic("oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb"),
    turbonomic("oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu"),
    Provider { host: SENTINEL, issuer: Issuer::Shared, claims: &[] },
    Provider { host: SENTINEL_GOV, issuer: Issuer::Shared, claims: &[] },
    // Everybody with a Microsoft account of their own:
    // <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference>.
    Provider {
        host: "login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        issuer: Issuer::Shared,
        claims: &[],
    },
    Provider { host: "login.microsoftonline.com", issuer: Issuer::Tenant, claims: &[] },
    Provider { host: "sts.windows.net", issuer: Issuer::Tenant, claims: &[] },
    Provider { host: "api.bitbucket.org", issuer: Issuer::Tenant, claims: &[] },
    Provider {
        host: "oidc.circleci.com",
        issuer: Issuer::Tenant,
        claims: &[held("oidc.circleci.com/project-id", "*")],
    },
    Provider {
        host: "cognito-identity.amazonaws.com",
        issuer: Issuer::Shared,
        claims: &[held("aud", "*:*"), held("sub", "*:*")],
    },
    Provider {
        host: "graph.facebook.com",
        issuer: Issuer::Shared,
        claims: &[held("app_id", "*"), held("id", "*")],
    },
    Provider {
        host: "www.amazon.com",
        issuer: Issuer::Shared,
        claims: &[held("app_id", "*"), held("user_id", "*")],
    },
];

/// The provider's address out of an ARN (`...:oidc-provider/host/path`) or as it stands.
#[must_use]
pub fn address(principal: &str) -> &str {
    principal.split_once(":oidc-provider/").map_or(principal, |(_, address)| address)
}

/// Whether the address is an EKS cluster's.
#[must_use]
pub fn is_cluster(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let host = lower.split('/').next().unwrap_or_default();
    host.starts_with("oidc.eks.") && host.contains(".amazonaws.com")
}

/// Who can get a token from this provider, given its address.
#[must_use]
pub fn issuer(address: &str) -> Issuer {
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host.to_ascii_lowercase();
    // One issuer for each EKS cluster, for each GitHub enterprise with data residency or
    // an issuer of its own, and for each identity domain of Oracle's cloud.
    let of_enterprise = (host.starts_with("token.actions.") && host.ends_with(".ghe.com"))
        || (host == "github.com" && path.starts_with("enterprises/"));
    let of_oracle = host.starts_with("idcs-") && host.ends_with(".identity.oraclecloud.com");
    if is_cluster(address) || of_enterprise || of_oracle {
        return Issuer::Tenant;
    }
    match provider_of(address) {
        // A GitHub enterprise may have its own issuer under a path of the shared one.
        Some(provider)
            if provider.issuer == Issuer::Shared && provider.host == host && !path.is_empty() =>
        {
            Issuer::Tenant
        }
        Some(provider) => provider.issuer,
        None => Issuer::NotKnown,
    }
}

/// The row of an address, or of its host.
fn provider_of(address: &str) -> Option<&'static Provider> {
    let address = address.trim_end_matches('/').to_ascii_lowercase();
    let host = address.split('/').next().unwrap_or_default();
    let row = |name: &str| PROVIDERS.iter().find(|p| p.host == name);
    row(&address).or_else(|| row(host))
}

/// A condition key as provider and claim: `token.actions.githubusercontent.com:sub`. A
/// claim may itself have the form of an address, as CircleCI's have.
pub(super) fn split_key(key: &str) -> Option<(String, String)> {
    let (address, claim) = key.rsplit_once(':')?;
    if !address.contains('.') {
        return None;
    }
    Some((address.to_ascii_lowercase(), claim.to_ascii_lowercase()))
}

/// The row of a claim, if the key is one.
fn find_claim(key: &str) -> Option<&'static Claim> {
    let (address, name) = split_key(key)?;
    let own = provider_of(&address).and_then(|p| p.claims.iter().find(|c| c.name == name));
    own.or_else(|| STANDARD.iter().find(|c| c.name == name))
}

/// Whether a token's context has a claim and who controls it, if the key is one: `None`
/// for keys that are no claims. Of a claim in no row nothing is known: STS learns to
/// evaluate more of them from time to time.
#[must_use]
pub(super) fn claim(key: &str) -> Option<(Presence, Control)> {
    let (address, _) = split_key(key)?;
    Some(match find_claim(key) {
        Some(Claim { presence, form: Some(form), .. }) => (*presence, Control::Assigned(form)),
        Some(Claim { presence, form: None, .. }) => (*presence, Control::Caller),
        // Whatever the claim says, only the tenant's own tokens carry it.
        None if issuer(&address) == Issuer::Tenant => (Presence::Sometimes, Control::Caller),
        None => (Presence::Sometimes, Control::NotKnown),
    })
}

/// Whether a claim's value, wildcards and all, admits one holder only: `repo:acme/*`
/// does, `repo:acme*` admits `acme-evil`, and anybody's organization can issue
/// `environment:production` or act as a bot. No name has an `@`: `repo:acme@*/*` is one
/// owner's, whatever its number. With `literal` set, wildcards are plain text. `None` for
/// keys that are no such claims.
/// <https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/>
#[must_use]
pub(super) fn belongs_to_one(key: &str, text: &str, literal: bool) -> Option<bool> {
    let claim = find_claim(key).filter(|c| c.form.is_some())?;
    let fixed = |part: &str| literal || !part.contains(['*', '?', '$']);
    if claim.holder.is_empty() {
        let of_a_bot = claim.name == "actor" && text.ends_with("[bot]");
        return Some(fixed(text) && !of_a_bot);
    }
    let numbered =
        |part: &str| part.split_once('@').is_some_and(|(name, _)| !name.is_empty() && fixed(name));
    Some(claim.holder.iter().any(|(start, end)| {
        let Some(rest) = text.strip_prefix(start) else { return false };
        match rest.split_once(end) {
            Some((holder, _)) => !holder.is_empty() && (fixed(holder) || numbered(holder)),
            // Cut off before the end, a pattern would admit longer names.
            None => !rest.is_empty() && (fixed(rest) || (*end == "/" && numbered(rest))),
        }
    }))
}
