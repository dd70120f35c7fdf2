//! Who may assume a role: questions on its trust policy beyond [`super::exposure`].

use super::ast::{Condition, Effect, Policy, Principal, Statement, arn_parts};
use super::exposure::{Answer, Exposure, Setting, exposure_within};
use super::keys;
use super::oidc;
use super::operators::{StringTest, Test};
use super::outside::OutsideClass;
use super::solve::Witness;

/// Services that send `aws:SourceArn` or `aws:SourceAccount` when they assume a role, by
/// their principal without `.amazonaws.com`, each with the page of
/// <https://docs.aws.amazon.com> whose trust policy asks for these keys. For a service that
/// is not listed such a condition may shut out the service itself.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
const SERVICES_THAT_SEND_SOURCE: &[(&str, &str)] = &[
    ("access-grants.s3", "AmazonS3/latest/userguide/access-grants-instance-create.html"),
    ("airflow", "mwaa/latest/userguide/mwaa-create-role.html"),
    ("airflow-env", "mwaa/latest/userguide/mwaa-create-role.html"),
    ("application-autoscaling", "emr/latest/ManagementGuide/emr-iam-role-automatic-scaling.html"),
    ("appsync", "appsync/latest/devguide/cross-service-confused-deputy-prevention.html"),
    ("bedrock", "bedrock/latest/userguide/cross-service-confused-deputy-prevention.html"),
    (
        "cloudformation",
        "AWSCloudFormation/latest/UserGuide/cross-service-confused-deputy-prevention.html",
    ),
    ("codebuild", "codebuild/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("codedeploy", "codedeploy/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("codepipeline", "codepipeline/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("config", "config/latest/developerguide/iamrole-permissions.html"),
    ("datasync", "datasync/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("dlm", "ebs/latest/userguide/service-role.html"),
    ("dms", "dms/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("ecs-tasks", "AmazonECS/latest/developerguide/task-iam-roles.html"),
    ("elasticmapreduce", "emr/latest/ManagementGuide/emr-iam-role.html"),
    ("emr-serverless", "emr/latest/EMR-Serverless-UserGuide/security-iam-runtime-role.html"),
    ("events", "eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("fis", "fis/latest/userguide/getting-started-iam-service-role.html"),
    ("frauddetector", "frauddetector/latest/ug/confused-deputy-prevention.html"),
    ("glue", "glue/latest/dg/cross-service-confused-deputy-prevention.html"),
    ("grafana", "grafana/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("iot", "iot/latest/developerguide/cross-service-confused-deputy-prevention.html"),
    (
        "kinesisanalytics",
        "managed-flink/latest/java/iam-cross-service-confused-deputy-prevention.html",
    ),
    ("logs", "AmazonCloudWatch/latest/logs/SubscriptionFilters.html"),
    ("monitoring.rds", "AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html"),
    ("personalize", "personalize/latest/dg/cross-service-confused-deputy-prevention.html"),
    ("pipes", "eventbridge/latest/userguide/eb-pipes-permissions.html"),
    ("rds", "AmazonRDS/latest/UserGuide/cross-service-confused-deputy-prevention.html"),
    ("rolesanywhere", "rolesanywhere/latest/userguide/trust-model.html"),
    ("sagemaker", "sagemaker/latest/dg/security-confused-deputy-prevention.html"),
    ("scheduler", "scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"),
    ("sms-voice", "sms-voice/latest/userguide/configuration-sets-kinesis-creating-role.html"),
    ("ssm", "systems-manager/latest/userguide/cross-service-confused-deputy-prevention.html"),
    ("states", "step-functions/latest/dg/procedure-create-iam-role.html"),
    ("transcribe", "transcribe/latest/dg/cross-service-confused-deputy-prevention.html"),
    ("transfer", "transfer/latest/userguide/confused-deputy.html"),
    ("vpc-flow-logs", "vpc/latest/userguide/flow-logs-iam-role.html"),
];

/// The page of AWS's documentation that shows how a service's use of a role is limited to
/// a source, if the service sends one when it assumes a role.
#[must_use]
pub fn sends_source(service: &str) -> Option<String> {
    let name = service.strip_suffix(".amazonaws.com")?;
    // `logs.eu-west-1.amazonaws.com` is the same service in one region.
    let regional = name.rsplit_once('.').filter(|(_, region)| region.contains('-'));
    let name = regional.map_or(name, |(name, _)| name);
    let (_, page) = SERVICES_THAT_SEND_SOURCE.iter().find(|(known, _)| *known == name)?;
    Some(format!("https://docs.aws.amazon.com/{page}"))
}

/// One opening of a trust policy that a rule may object to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustIssue {
    /// Whom it is about.
    pub principal: String,
    /// The statement's number.
    pub statement: usize,
    /// What is wrong, as a sentence without a full stop.
    pub reason: String,
    /// A request that is let through, if one was found.
    pub witness: Option<Witness>,
}

/// The answers about a trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Whether an AWS principal of any account may assume the role. An external id does
    /// not close it: whoever calls chooses what it sends.
    pub open_principal: Answer,
    /// Other accounts as a whole that may assume it without an external id.
    pub without_external_id: Vec<TrustIssue>,
    /// Services that send their source (see [`sends_source`]) without a limit of it by value.
    pub service_without_source: Vec<TrustIssue>,
    /// Identity providers whose limits a stranger can meet.
    pub federation_open: Vec<TrustIssue>,
    /// Identity providers of which it cannot be said.
    pub federation_unknown: Vec<TrustIssue>,
    /// EKS issuers without a limit to service accounts.
    pub cluster_wide: Vec<TrustIssue>,
    /// EKS issuers with a limit that more than one service account can meet.
    pub cluster_namespace: Vec<TrustIssue>,
    /// EKS issuers without a limit to the audience of STS.
    pub cluster_audience: Vec<TrustIssue>,
    /// A request of an AWS principal of any account, if one gets through.
    pub witness: Option<Witness>,
    /// What decided.
    pub reasons: Vec<String>,
}

/// Answers every question about a trust policy.
#[must_use]
pub fn trust(policy: &Policy, setting: &Setting) -> Trust {
    trust_within(policy, setting, &[])
}

/// The same within the resource control policies of the role's organization.
#[must_use]
pub fn trust_within(policy: &Policy, setting: &Setting, controls: &[&Policy]) -> Trust {
    let ask = |policy: &Policy| exposure_within(policy, setting, controls);
    let mut answer = Trust {
        open_principal: Answer::No,
        without_external_id: Vec::new(),
        service_without_source: Vec::new(),
        federation_open: Vec::new(),
        federation_unknown: Vec::new(),
        cluster_wide: Vec::new(),
        cluster_namespace: Vec::new(),
        cluster_audience: Vec::new(),
        witness: None,
        reasons: Vec::new(),
    };
    let whole = ask(policy);
    for entry in &whole.outside {
        let Some(statement) = policy.statements.iter().find(|s| s.number == entry.statement) else {
            continue;
        };
        let issue = |reason: &str| TrustIssue {
            principal: entry.principal.clone(),
            statement: entry.statement,
            reason: reason.to_owned(),
            witness: entry.witness.clone(),
        };
        match entry.class {
            OutsideClass::Account => {
                let whole_account = super::ast::is_account_id(&entry.principal)
                    || arn_parts(&entry.principal).is_some_and(|a| a.resource == "root");
                if whole_account && !asks_external_id(statement) && !names_principals(statement) {
                    let reason = "every principal of the account may assume the role, and no \
                                  external id is asked for";
                    answer.without_external_id.push(issue(reason));
                }
            }
            OutsideClass::Service => {
                if let Some(page) = sends_source(&entry.principal)
                    && !limits_source(statement)
                {
                    let reason = "neither aws:SourceAccount nor aws:SourceArn limits for whom the \
                                  service may use the role";
                    answer.service_without_source.push(issue(&format!("{reason}; see {page}")));
                }
            }
            OutsideClass::Federated => federation(policy, &ask, statement, &issue, &mut answer),
            OutsideClass::Anyone | OutsideClass::Organization | OutsideClass::Network => {}
        }
    }
    let aws_only = without_federation(policy);
    let open = ask(&aws_only);
    answer.open_principal = open.reachable;
    answer.witness = open.witness;
    answer.reasons = open.reasons;
    answer
}

/// The policy without its federated principals.
fn without_federation(policy: &Policy) -> Policy {
    let mut copy = policy.clone();
    for principals in copy.statements.iter_mut().filter_map(|s| s.principals.as_mut()) {
        principals.list.retain(|p| !matches!(p, Principal::Federated(_)));
    }
    copy
}

fn federation(
    policy: &Policy,
    ask: &dyn Fn(&Policy) -> Exposure,
    statement: &Statement,
    issue: &dyn Fn(&str) -> TrustIssue,
    answer: &mut Trust,
) {
    let about = issue("");
    let address = oidc::address(&about.principal);
    let mut alone = policy.clone();
    alone.statements.retain(|s| s.effect == Effect::Deny || s.number == statement.number);
    for s in alone.statements.iter_mut().filter(|s| s.effect == Effect::Allow) {
        if let Some(principals) = &mut s.principals {
            principals.list.retain(|p| p.to_string() == about.principal);
        }
    }
    let strangers = ask(&alone);
    match strangers.reachable {
        Answer::Yes => answer.federation_open.push(TrustIssue {
            witness: strangers.witness,
            ..issue(
                "anybody can get a token of this provider, and no claim limits it to one holder",
            )
        }),
        Answer::Unknown => answer.federation_unknown.push(issue(
            "who can get a token of this provider is not known, and no claim limits it",
        )),
        Answer::No => {}
    }
    if !oidc::is_cluster(address) {
        return;
    }
    if !limits_subject(statement, address) {
        answer.cluster_wide.push(issue("every service account of the cluster may assume the role"));
    } else if !names_service_accounts(statement, address) {
        let reason = "any service account whose namespace or name fits may assume the role";
        answer.cluster_namespace.push(issue(reason));
    }
    if !limits_audience(statement, address) {
        answer.cluster_audience.push(issue("the audience of the token is not limited"));
    }
}

fn asks_external_id(statement: &Statement) -> bool {
    statement.conditions.iter().any(|c| {
        c.key.eq_ignore_ascii_case("sts:ExternalId")
            && c.asks_for_a_value()
            && c.values.iter().all(|v| v.text().bytes().any(|b| b != b'*' && b != b'?'))
    })
}

/// Whether a condition names the principals of the account that may come.
fn names_principals(statement: &Statement) -> bool {
    statement.conditions.iter().any(|c| {
        c.key.eq_ignore_ascii_case("aws:PrincipalArn")
            && c.asks_for_a_value()
            && c.values
                .iter()
                .all(|v| v.is_fixed() && arn_parts(v.text()).is_some_and(|a| a.resource != "root"))
    })
}

/// Whether the source is limited to an account, an organisation or an ARN of an account.
fn limits_source(statement: &Statement) -> bool {
    statement.conditions.iter().any(|c| {
        let key = c.key.to_ascii_lowercase();
        let of_source =
            ["aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"];
        of_source.contains(&key.as_str())
            && c.asks_for_a_value()
            && c.values.iter().all(|v| {
                let text = v.text();
                keys::belongs_to_one(&c.key, text, false)
                    || text.eq_ignore_ascii_case("${aws:ResourceAccount}")
                    || text.eq_ignore_ascii_case("${aws:ResourceOrgID}")
            })
    })
}

/// The condition on a claim of a provider's tokens that asks for a value.
fn on_claim<'a>(
    statement: &'a Statement,
    address: &'a str,
    claim: &'a str,
) -> impl Iterator<Item = &'a Condition> {
    statement.conditions.iter().filter(move |c| {
        let of_provider = c
            .key
            .rsplit_once(':')
            .is_some_and(|(a, name)| a.eq_ignore_ascii_case(address) && name == claim);
        of_provider && c.asks_for_a_value()
    })
}

/// Whether the subject is limited to service accounts that are named in full.
fn names_service_accounts(statement: &Statement, address: &str) -> bool {
    on_claim(statement, address, "sub").any(|c| {
        let literal = compares_literally(c);
        c.values.iter().all(|v| {
            let parts = v.text().strip_prefix("system:serviceaccount:");
            let fixed = |part: &str| {
                !part.is_empty() && !part.contains('$') && (literal || !part.contains(['*', '?']))
            };
            parts
                .and_then(|rest| rest.split_once(':'))
                .is_some_and(|(namespace, name)| fixed(namespace) && fixed(name))
        })
    })
}

/// Whether the audience is limited to fixed values
/// (<https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>).
fn limits_audience(statement: &Statement, address: &str) -> bool {
    on_claim(statement, address, "aud").any(|c| {
        let literal = compares_literally(c);
        c.values.iter().all(|v| literal || v.is_fixed())
    })
}

/// Whether wildcards in the values are plain text.
fn compares_literally(condition: &Condition) -> bool {
    matches!(
        condition.operator.test,
        Test::String(StringTest::Equals | StringTest::EqualsIgnoreCase)
    )
}

fn limits_subject(statement: &Statement, address: &str) -> bool {
    statement.conditions.iter().any(|c| {
        let of_provider = c
            .key
            .rsplit_once(':')
            .is_some_and(|(a, claim)| a.eq_ignore_ascii_case(address) && claim == "sub");
        // `system:serviceaccount:*:*` is everybody again.
        of_provider
            && c.asks_for_a_value()
            && c.values.iter().all(|v| {
                v.text()
                    .strip_prefix("system:serviceaccount:")
                    .is_some_and(|rest| rest.bytes().any(|b| !matches!(b, b'*' | b'?' | b':')))
            })
    })
}
