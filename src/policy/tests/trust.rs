//! Trust policies.

use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const SENTINEL: &str = "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d/";
const TURBONOMIC: &str = "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb";

fn statement(principal: &str, condition: &str) -> Policy {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity","sts:AssumeRoleWithSAML","sts:TagSession"],"Principal":{principal},"Condition":{{{condition}}}}}]}}"#
    );
    Policy::parse(&text, Kind::Trust).unwrap()
}

fn setting() -> Setting {
    Setting { resource: Some(ROLE.to_owned()), ..Setting::default() }
}

fn oidc(provider: &str) -> String {
    format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{provider}"}}"#)
}

fn reachable(principal: &str, condition: &str) -> &'static str {
    checked(&statement(principal, condition), &setting()).reachable.as_str()
}

#[test]
fn wildcard_principals() {
    let star = r#"{"AWS":"*"}"#;
    assert_eq!(reachable(star, ""), "yes");
    assert_eq!(reachable(r#""*""#, ""), "yes");
    // An external id is the caller's to send.
    assert_eq!(reachable(star, r#""StringEquals":{"sts:ExternalId":"secret"}"#), "yes");
    assert_eq!(reachable(star, r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#), "no");
    assert_eq!(
        reachable(star, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Admin"}"#),
        "yes"
    );
    assert_eq!(
        reachable(star, r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#),
        "no"
    );
    assert_eq!(reachable(r#"{"AWS":"444455556666"}"#, ""), "no");
    assert_eq!(reachable(r#"{"Service":"ec2.amazonaws.com"}"#, ""), "no");
    let open = trust(&statement(star, ""), &setting());
    assert_eq!(open.open_principal, Answer::Yes);
}

#[test]
fn claims_that_strangers_can_meet() {
    let github = "token.actions.githubusercontent.com";
    let aud = format!(r#""StringEquals":{{"{github}:aud":"sts.amazonaws.com"}}"#);
    let sub = |value: &str| format!(r#"{aud},"StringLike":{{"{github}:sub":"{value}"}}"#);
    let claim =
        |name: &str, value: &str| format!(r#"{aud},"StringLike":{{"{github}:{name}":"{value}"}}"#);
    let cases = [
        (github, aud.clone(), "yes"),
        (github, sub("repo:acme/*"), "no"),
        (github, sub("repo:acme/app:ref:refs/heads/main"), "no"),
        (github, sub("repo:acme*"), "yes"),
        (github, sub("repo:*/app:*"), "yes"),
        // With the numbers that GitHub adds to names.
        (github, sub("repo:acme@123456/app@456789:*"), "no"),
        (github, sub("repo:acme@123456/*"), "no"),
        (github, sub("repo:acme@*/app@*:ref:refs/heads/main"), "no"),
        (github, sub("repo:acme@*"), "no"),
        (github, sub("repo:acme*@123456/*"), "yes"),
        // The number may be in the name of a stranger's branch.
        (github, sub("repo:*@123456/*"), "yes"),
        (github, sub("repo:acme"), "no"),
        (github, sub("*"), "yes"),
        (github, sub("repo:*:ref:refs/heads/main"), "yes"),
        (github, claim("repository_id", "123456"), "no"),
        (github, claim("repository_id", "*"), "yes"),
        (github, claim("job_workflow_ref", "acme/flows/.github/workflows/deploy.yml@*"), "no"),
        (github, claim("job_workflow_ref", "*/deploy.yml@*"), "yes"),
        (github, claim("repository_owner_id", "1234"), "no"),
        (github, claim("enterprise_id", "1234"), "no"),
        (github, claim("environment", "production"), "yes"),
        (github, claim("ref", "refs/heads/main"), "yes"),
        (github, claim("workflow", "deploy"), "yes"),
        (github, claim("actor", "octocat"), "no"),
        (github, claim("actor", "dependabot[bot]"), "yes"),
        // STS shows no such claim to a policy: asked for, nobody has it.
        (github, claim("repository_owner", "acme"), "no"),
        (
            github,
            format!(r#"{aud},"StringEqualsIfExists":{{"{github}:repository_owner":"acme"}}"#),
            "yes",
        ),
        // Only repositories of an enterprise have the claim.
        (
            github,
            format!(r#"{aud},"StringEqualsIfExists":{{"{github}:enterprise_id":"1234"}}"#),
            "yes",
        ),
        (github, format!(r#"{aud},"StringEqualsIfExists":{{"{github}:sub":"repo:a/b:x"}}"#), "no"),
        (github, format!(r#"{aud},"StringNotEquals":{{"{github}:sub":"repo:a/b:x"}}"#), "yes"),
        (github, format!(r#"{aud},"ForAllValues:StringLike":{{"{github}:sub":"repo:a/*"}}"#), "no"),
        (github, format!(r#"{aud},"ForAllValues:StringLike":{{"{github}:amr":"a"}}"#), "yes"),
        // StringEquals takes the star literally: no organization has such a name.
        (github, format!(r#""StringEquals":{{"{github}:sub":"repo:acme/*"}}"#), "no"),
        // A subject that any organization can have made for itself.
        (github, format!(r#""StringEquals":{{"{github}:sub":"environment:prod"}}"#), "yes"),
        (github, format!(r#""StringEquals":{{"{github}:sub":"repository_id:123"}}"#), "no"),
        (github, format!(r#""StringEquals":{{"{github}:brand_new":"x"}}"#), "unknown"),
        ("token.actions.acme.ghe.com", String::new(), "no"),
        ("token.actions.githubusercontent.com/acme", String::new(), "no"),
        ("gitlab.com", r#""StringLike":{"gitlab.com:sub":"project_path:acme/*"}"#.into(), "no"),
        ("gitlab.com", r#""StringLike":{"gitlab.com:sub":"project_path:acme*"}"#.into(), "yes"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:aud":"https://gitlab.com"}"#.into(), "yes"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:namespace_id":"72"}"#.into(), "no"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:project_id":"20"}"#.into(), "no"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:user_login":"ann"}"#.into(), "no"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:ref_protected":"true"}"#.into(), "yes"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:user_access_level":"owner"}"#.into(), "yes"),
        ("gitlab.com", r#""StringEquals":{"gitlab.com:runner_environment":"x"}"#.into(), "yes"),
        ("gitlab.com", r#""StringEqualsIfExists":{"gitlab.com:project_path":"a/b"}"#.into(), "yes"),
        (
            "app.terraform.io",
            r#""StringLike":{"app.terraform.io:sub":"organization:acme:*"}"#.into(),
            "no",
        ),
        (
            "app.terraform.io",
            r#""StringLike":{"app.terraform.io:sub":"organization:*:project:p:*"}"#.into(),
            "yes",
        ),
        (
            "app.terraform.io",
            r#""StringEquals":{"app.terraform.io:aud":"aws.workload.identity"}"#.into(),
            "yes",
        ),
        (
            "agent.buildkite.com",
            r#""StringLike":{"agent.buildkite.com:sub":"organization:acme:*"}"#.into(),
            "no",
        ),
        ("agent.buildkite.com", String::new(), "yes"),
        (
            "agent.buildkite.com",
            r#""StringEquals":{"agent.buildkite.com:organization_slug":"acme"}"#.into(),
            "no",
        ),
        (
            "agent.buildkite.com",
            r#""StringEquals":{"agent.buildkite.com:pipeline_slug":"deploy"}"#.into(),
            "yes",
        ),
        (
            "agent.buildkite.com",
            r#""StringEquals":{"agent.buildkite.com:build_branch":"main"}"#.into(),
            "yes",
        ),
        (
            "oidc.circleci.com/org/1234",
            r#""StringNotEquals":{"oidc.circleci.com/org/1234:oidc.circleci.com/project-id":"p"}"#
                .into(),
            "no",
        ),
        (
            "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc",
            String::new(),
            "no",
        ),
        ("oidc.circleci.com/org/1234", String::new(), "no"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF", String::new(), "no"),
        ("oidc.vercel.com", String::new(), "yes"),
        (
            "oidc.vercel.com",
            r#""StringEquals":{"oidc.vercel.com:aud":"https://vercel.com/acme"}"#.into(),
            "no",
        ),
        ("oidc.vercel.com/acme", String::new(), "no"),
        ("github.com/enterprises/acme", String::new(), "no"),
        ("github.com/login/oauth", String::new(), "unknown"),
        ("idcs-0123456789abcdef.identity.oraclecloud.com", String::new(), "no"),
        (
            "login.microsoftonline.com/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/v2.0",
            String::new(),
            "no",
        ),
        ("sts.windows.net/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee/", String::new(), "no"),
        // Whoever has a Microsoft account of his own.
        (
            "login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
            String::new(),
            "yes",
        ),
        // Microsoft's services act for all their customers; the session says for whom.
        (SENTINEL, format!(r#""StringEquals":{{"{SENTINEL}:aud":"api://example"}}"#), "yes"),
        (SENTINEL, r#""StringEquals":{"sts:RoleSessionName":"MicrosoftSentinel_ws"}"#.into(), "no"),
        (SENTINEL, r#""StringLike":{"sts:RoleSessionName":"MicrosoftSentinel_*"}"#.into(), "yes"),
        // Elsewhere the caller chooses the name.
        (github, r#""StringEquals":{"sts:RoleSessionName":"deploy"}"#.into(), "yes"),
        (TURBONOMIC, String::new(), "yes"),
        (
            TURBONOMIC,
            format!(r#""StringEquals":{{"{TURBONOMIC}:sub":"system:serviceaccount:acme:api"}}"#),
            "no",
        ),
        (
            TURBONOMIC,
            format!(r#""StringLike":{{"{TURBONOMIC}:sub":"system:serviceaccount:*:api"}}"#),
            "yes",
        ),
        ("api.pulumi.com/oidc", String::new(), "yes"),
        (
            "api.pulumi.com/oidc",
            r#""StringEquals":{"api.pulumi.com/oidc:aud":"aws:acme"}"#.into(),
            "no",
        ),
        ("scalr.io", r#""StringLike":{"scalr.io:sub":"account:acme:*"}"#.into(), "no"),
        ("scalr.io", r#""StringLike":{"scalr.io:sub":"account:acme*"}"#.into(), "yes"),
        (
            "proidc.upbound.io",
            r#""StringLike":{"proidc.upbound.io:sub":"mcp:acme/*:provider:aws"}"#.into(),
            "no",
        ),
        ("proidc.upbound.io", r#""StringLike":{"proidc.upbound.io:sub":"mcp:*"}"#.into(), "yes"),
        ("idp.example.com", String::new(), "unknown"),
        ("idp.example.com", r#""StringEquals":{"idp.example.com:sub":"me"}"#.into(), "no"),
    ];
    for (provider, condition, expected) in cases {
        assert_eq!(reachable(&oidc(provider), &condition), expected, "{provider} {condition}");
        let issues = trust(&statement(&oidc(provider), &condition), &setting());
        assert_eq!(!issues.federation_open.is_empty(), expected == "yes", "{condition}");
        assert_eq!(!issues.federation_unknown.is_empty(), expected == "unknown", "{condition}");
    }
    let google = r#"{"Federated":"accounts.google.com"}"#;
    assert_eq!(reachable(google, ""), "yes");
    for (condition, expected) in [
        (r#""StringEquals":{"accounts.google.com:sub":"11"}"#, "no"),
        (r#""StringEquals":{"accounts.google.com:aud":"66677788899900pro0"}"#, "no"),
        (r#""NumericEquals":{"accounts.google.com:google/organization_number":"123"}"#, "no"),
        (
            r#""NumericEqualsIfExists":{"accounts.google.com:google/organization_number":"1"}"#,
            "yes",
        ),
        // The audience that the holder of a service account asked for.
        (r#""StringEquals":{"accounts.google.com:oaud":"https://example.com"}"#, "yes"),
        (r#""StringLike":{"accounts.google.com:email":"*@example.com"}"#, "yes"),
    ] {
        assert_eq!(reachable(google, condition), expected, "{condition}");
    }
    let saml = r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#;
    let aud = r#""StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}"#;
    assert_eq!(reachable(saml, aud), "no");
}

/// The subject of the request that is shown is of the form that GitHub gives it.
#[test]
fn the_witness_is_a_token_that_github_makes() {
    let github = "token.actions.githubusercontent.com";
    for (pattern, subject) in [
        ("repo:acme*", "repo:acmestranger/app:ref:refs/heads/main"),
        ("repo:*/app:*", "repo:stranger/app:stranger"),
        ("repo:*:ref:refs/heads/main", "repo:stranger/app:ref:refs/heads/main"),
        ("repo:?cme/*", "repo:xcme/stranger:ref:refs/heads/main"),
        ("*", "repo:stranger/app:ref:refs/heads/main"),
    ] {
        let condition = format!(r#""StringLike":{{"{github}:sub":"{pattern}"}}"#);
        let answer = checked(&statement(&oidc(github), &condition), &setting());
        let request = answer.witness.unwrap().request;
        assert_eq!(request.key(&format!("{github}:sub")), [subject], "{pattern}");
    }
}

#[test]
fn identity_pools() {
    let cognito = r#"{"Federated":"cognito-identity.amazonaws.com"}"#;
    let condition = |amr: &str| {
        format!(
            r#""StringEquals":{{"cognito-identity.amazonaws.com:aud":"eu-west-1:pool"}},"ForAnyValue:StringLike":{{"cognito-identity.amazonaws.com:amr":"{amr}"}}"#
        )
    };
    assert_eq!(reachable(cognito, ""), "yes");
    assert_eq!(reachable(cognito, &condition("authenticated")), "no");
    assert_eq!(reachable(cognito, &condition("unauthenticated")), "yes");
}

#[test]
fn accounts_services_and_clusters() {
    let account = r#"{"AWS":"arn:aws:iam::444455556666:root"}"#;
    let issues =
        |principal: &str, condition: &str| trust(&statement(principal, condition), &setting());
    assert_eq!(issues(account, "").without_external_id.len(), 1);
    let id = r#""StringEquals":{"sts:ExternalId":"secret"}"#;
    assert_eq!(issues(account, id).without_external_id, []);
    let any_id = r#""StringLike":{"sts:ExternalId":"*"}"#;
    assert_eq!(issues(account, any_id).without_external_id.len(), 1);
    let own = r#"{"AWS":"111122223333"}"#;
    assert_eq!(issues(own, "").without_external_id, []);
    let named = r#"{"AWS":"arn:aws:iam::444455556666:role/ci"}"#;
    assert_eq!(issues(named, "").without_external_id, []);
    let service = r#"{"Service":"config.amazonaws.com"}"#;
    assert_eq!(issues(service, "").service_without_source.len(), 1);
    let source = r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#;
    assert_eq!(issues(service, source).service_without_source, []);
    let any_source = r#""StringLike":{"aws:SourceAccount":"*"}"#;
    assert_eq!(issues(service, any_source).service_without_source.len(), 1);
    for (principal, sends) in [
        ("ec2.amazonaws.com", false),
        ("lambda.amazonaws.com", false),
        ("logs.eu-west-1.amazonaws.com", true),
        ("monitoring.rds.amazonaws.com", true),
        ("states.amazonaws.com", true),
    ] {
        let found = issues(&format!(r#"{{"Service":"{principal}"}}"#), "").service_without_source;
        assert_eq!(!found.is_empty(), sends, "{principal}");
    }
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF";
    let sub = |value: &str| format!(r#""StringLike":{{"{issuer}:sub":"{value}"}}"#);
    let cluster = |condition: &str| issues(&oidc(issuer), condition).cluster_wide.len();
    assert_eq!(cluster(""), 1);
    assert_eq!(cluster(&sub("system:serviceaccount:*:*")), 1);
    assert_eq!(cluster(&sub("system:serviceaccount:prod:app")), 0);
    let several = |condition: &str| issues(&oidc(issuer), condition).cluster_namespace.len();
    for (subject, number) in [
        ("system:serviceaccount:prod:app", 0),
        ("system:serviceaccount:prod:*", 1),
        ("system:serviceaccount:prod:ap?", 1),
        ("system:serviceaccount:*:app", 1),
        // Everybody is more than several.
        ("system:serviceaccount:*:*", 0),
    ] {
        assert_eq!(several(&sub(subject)), number, "{subject}");
    }
    let literal = format!(r#""StringEquals":{{"{issuer}:sub":"system:serviceaccount:prod:*"}}"#);
    assert_eq!(several(&literal), 0, "no wildcard there");
    let audience = |test: &str, value: &str| {
        let condition = format!(r#""{test}":{{"{issuer}:aud":"{value}"}}"#);
        issues(&oidc(issuer), &condition).cluster_audience.len()
    };
    assert_eq!(audience("StringEquals", "sts.amazonaws.com"), 0);
    assert_eq!(audience("StringLike", "sts.amazonaws.com"), 0);
    assert_eq!(audience("StringLike", "*"), 1);
    assert_eq!(audience("StringNotEquals", "sts.amazonaws.com"), 1);
    assert_eq!(audience("StringEqualsIfExists", "sts.amazonaws.com"), 1);
}

/// The subject in a witness is one that the provider can have written.
#[test]
fn subjects_of_witnesses_read_like_real_ones() {
    for (provider, pattern, subject) in [
        (
            "token.actions.githubusercontent.com",
            "repo:*@123456/*",
            "repo:stranger@9/app@9:ref:refs/heads/x@123456/stranger",
        ),
        (
            "gitlab.com",
            "project_path:acme*",
            "project_path:acmestranger/app:ref_type:branch:ref:main",
        ),
        (
            "app.terraform.io",
            "organization:acme*:project:*",
            "organization:acmestranger:project:stranger",
        ),
        (
            "agent.buildkite.com",
            "*",
            "organization:stranger:pipeline:app:ref:refs/heads/main:commit:0:step:x",
        ),
    ] {
        let condition = format!(r#""StringLike":{{"{provider}:sub":"{pattern}"}}"#);
        let answer = checked(&statement(&oidc(provider), &condition), &setting());
        let request = answer.witness.unwrap().request;
        assert_eq!(request.key(&format!("{provider}:sub")), [subject], "{provider}");
    }
    let github = "token.actions.githubusercontent.com";
    let condition = format!(r#""StringNotLike":{{"{github}:sub":"repo:acme/*"}}"#);
    let answer = checked(&statement(&oidc(github), &condition), &setting());
    let subject = answer.witness.unwrap().request.key(&format!("{github}:sub"));
    assert_eq!(subject, ["repo:stranger/app:ref:refs/heads/main"]);
}

/// AWS's word for a trust policy follows the same claims.
#[test]
fn a_session_name_that_tells_the_holder_makes_it_not_public() {
    let public = |condition: &str| {
        checked(&statement(&oidc(SENTINEL), condition), &setting()).public.as_str()
    };
    assert_eq!(public(""), "yes");
    assert_eq!(public(r#""StringEquals":{"sts:RoleSessionName":"MicrosoftSentinel_ws"}"#), "no");
}
