//! Subjects of tokens as identity providers write them, for requests that can be made.

use super::oidc::split_key;

/// Subjects as providers write them: what the holder's name stands between, and what
/// follows.
/// <https://docs.gitlab.com/ci/secrets/id_token_authentication/>,
/// <https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens>,
/// <https://buildkite.com/docs/agent/cli/reference/oidc>
const SUBJECTS: &[(&str, &str, &str, &str)] = &[
    ("gitlab.com", "project_path:", "/", "app:ref_type:branch:ref:main"),
    ("app.terraform.io", "organization:", ":", "project:app:workspace:app:run_phase:apply"),
    (
        "agent.buildkite.com",
        "organization:",
        ":",
        "pipeline:app:ref:refs/heads/main:commit:0:step:x",
    ),
];

/// A subject of a stranger as the provider writes it, in the likeness of a pattern: it
/// makes the request that is shown one that can be made.
pub(super) fn usual(key: &str, pattern: &str) -> Option<String> {
    let (address, _) = split_key(key).filter(|(_, claim)| claim == "sub")?;
    let text = pattern.replace('*', "stranger").replace('?', "x");
    if address == "token.actions.githubusercontent.com" {
        return Some(of_github(pattern, &text));
    }
    let (_, start, end, tail) = SUBJECTS.iter().find(|(host, ..)| *host == address)?;
    let rest = text.strip_prefix(start).unwrap_or("stranger");
    let (holder, after) = rest.split_once(end).unwrap_or((rest, tail));
    let after = if after == "stranger" || after.is_empty() { tail } else { after };
    Some(format!("{start}{holder}{end}{after}"))
}

/// The same for GitHub.
/// <https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims>
fn of_github(pattern: &str, text: &str) -> String {
    // The numbers in a name are GitHub's to give, but a branch may be called anything.
    if let Some(wild) = pattern.strip_prefix("repo:*")
        && wild.split('/').next().is_some_and(|name| name.contains('@') && !name.contains(':'))
    {
        let branch = wild.replace('*', "stranger").replace('?', "x");
        return format!("repo:stranger@9/app@9:ref:refs/heads/x{branch}");
    }
    let rest = text.strip_prefix("repo:").unwrap_or("stranger/app");
    let (repository, context) = rest.split_once(':').unwrap_or((rest, "ref:refs/heads/main"));
    let name = if repository.contains('/') { "" } else { "/app" };
    format!("repo:{repository}{name}:{context}")
}
