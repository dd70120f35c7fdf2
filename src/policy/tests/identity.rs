//! Administrator-equivalent, escalation and chains.

use super::*;

pub(super) fn identity(statements: &str) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Policy::parse(&text, Kind::Identity).unwrap()
}

const NOW: i64 = 1_767_225_600;

fn admin_of(statements: &str) -> &'static str {
    let policy = identity(statements);
    let answer = admin(&Holder::of_policy(&policy, None, Some(NOW)));
    assert_eq!(answer.witness.is_some(), matches!(answer.admin, Admin::Yes | Admin::Conditional));
    if let Some(witness) = &answer.witness {
        assert_eq!(simulate(&policy, &witness.request).decision, Decision::Allowed);
    }
    assert!(!answer.reasons.is_empty());
    answer.admin.as_str()
}

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

#[test]
fn administrators() {
    let yes = [
        ALL,
        r#"{"Effect":"Allow","Action":"*:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":["*"],"Resource":["arn:*"]}"#,
        r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"IAM:*","Resource":"arn:aws:iam::111122223333:*"}"#,
        r#"{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::secret/*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::111122223333:user/break-glass"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:UserAgent":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}"#,
        // Conditions that anybody meets: any address, a session without a second factor.
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}"#,
    ];
    for statements in yes {
        assert_eq!(admin_of(statements), "yes", "{statements}");
    }
    let conditional = [
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#,
        r#"{"Effect":"Allow","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/admin":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"::/0"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"},"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
    ];
    for statements in conditional {
        assert_eq!(admin_of(statements), "conditional", "{statements}");
    }
    let no = [
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::*"}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"iam:Get*","Resource":"*"}"#,
        r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","NotAction":["s3:*"],"Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"*"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}}"#,
        r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#,
    ];
    for statements in no {
        assert_eq!(admin_of(statements), "no", "{statements}");
    }
}

#[test]
fn a_boundary_is_an_intersection() {
    let all = identity(ALL);
    let read = identity(r#"{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}"#);
    let deny = identity(r#"{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#);
    let mut holder = Holder::of_policy(&all, None, None);
    holder.arn = Some("arn:aws:iam::111122223333:user/alice".to_owned());
    holder.service_control = Part::Known(Vec::new());
    holder.resource_control = Part::Known(Vec::new());
    assert_eq!(admin(&holder).admin, Admin::Yes);
    assert!(!admin(&holder).reasons.iter().any(|r| r.contains("not seen")));
    holder.boundary = Part::Known(Some(&read));
    assert_eq!(admin(&holder).admin, Admin::No);
    holder.boundary = Part::Unknown;
    assert_eq!(admin(&holder).admin, Admin::Unknown);
    holder.boundary = Part::Known(Some(&all));
    assert_eq!(admin(&holder).admin, Admin::Yes);
    holder.service_control = Part::Known(vec![vec![&all, &deny]]);
    assert_eq!(admin(&holder).admin, Admin::No);
    holder.service_control = Part::Known(vec![vec![&all], vec![&read]]);
    assert_eq!(admin(&holder).admin, Admin::No);
    for (service, resource, said) in [
        (Part::Unknown, Part::Unknown, "organization policies not seen"),
        (Part::Unknown, Part::Known(Vec::new()), "service control policies not seen"),
        (Part::Known(Vec::new()), Part::Unknown, "resource control policies not seen"),
    ] {
        holder.service_control = service;
        holder.resource_control = resource;
        let answer = admin(&holder);
        assert_eq!(answer.admin, Admin::Yes);
        assert!(answer.reasons.contains(&said.to_owned()), "{said}");
    }
    holder.unread = vec!["secret".to_owned()];
    assert_eq!(admin(&holder).admin, Admin::Unknown);
}

fn methods_of(statements: &str) -> Vec<(&'static str, bool)> {
    let policy = identity(statements);
    let answer = escalations(&Holder::of_policy(&policy, None, Some(NOW)));
    assert_eq!(answer.undecided, []);
    for found in &answer.found {
        for witness in &found.witnesses {
            assert_eq!(simulate(&policy, &witness.request).decision, Decision::Allowed);
        }
    }
    answer.found.into_iter().map(|f| (f.method, f.conditional)).collect()
}

/// The authors of iam-vulnerable marked which of these can be exploited.
/// <https://github.com/BishopFox/iam-vulnerable/tree/main/modules/free-resources/tool-testing>
#[test]
fn exploitable_or_not_by_iam_vulnerable() {
    let version = |resource: &str, condition: &str| {
        methods_of(&format!(
            r#"{{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"{resource}"{condition}}}"#
        ))
    };
    assert_eq!(version("*", ""), [("CreatePolicyVersion", false)]);
    // fn2: the pattern covers the policy that carries it.
    assert_eq!(version("arn:aws:iam::*:policy/fn2-*", ""), [("CreatePolicyVersion", false)]);
    // fp4: nobody can change the policies that AWS manages.
    assert_eq!(version("arn:aws:iam::aws:policy/fp4-*", ""), []);
    // fn3 and fp5: every session of today was issued after 2020, none before.
    let issued = |operator: &str| {
        format!(r#","Condition":{{"{operator}":{{"aws:TokenIssueTime":"2020-01-01T00:00:01Z"}}}}"#)
    };
    assert_eq!(version("*", &issued("DateGreaterThan")), [("CreatePolicyVersion", false)]);
    assert_eq!(version("*", &issued("DateLessThan")), []);
    // fp1: a Deny beside it. fn4: NotAction leaves ways that are not IAM's.
    let denied = r#"{"Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"*"},{"Effect":"Deny","Action":"iam:CreatePolicyVersion","Resource":"*"}"#;
    assert_eq!(methods_of(denied), []);
    let rest = methods_of(
        r#"{"Effect":"Allow","NotAction":["iam:Update*","iam:Create*","iam:Attach*"],"Resource":"*"}"#,
    );
    assert!(rest.contains(&("SendCommand", false)));
    assert!(rest.contains(&("PutUserPolicy", false)));
    assert!(!rest.iter().any(|(m, _)| *m == "CreateAccessKey"));
}

/// Each privilege-escalation path of iam-vulnerable, by the actions of its policy.
/// <https://github.com/BishopFox/iam-vulnerable/tree/main/modules/free-resources/privesc-paths>
#[test]
fn every_path_of_iam_vulnerable() {
    let paths: [(&str, &str, &[&str]); 30] = [
        ("privesc1", "CreatePolicyVersion", &["iam:CreatePolicyVersion"]),
        ("privesc2", "SetDefaultPolicyVersion", &["iam:SetDefaultPolicyVersion"]),
        ("privesc3", "PassRole+RunInstances", &["iam:PassRole", "ec2:RunInstances"]),
        ("privesc4", "CreateAccessKey", &["iam:CreateAccessKey"]),
        ("privesc5", "CreateLoginProfile", &["iam:CreateLoginProfile"]),
        ("privesc6", "UpdateLoginProfile", &["iam:UpdateLoginProfile"]),
        ("privesc7", "AttachUserPolicy", &["iam:AttachUserPolicy"]),
        ("privesc8", "AttachGroupPolicy", &["iam:AttachGroupPolicy"]),
        ("privesc9", "AttachRolePolicy", &["iam:AttachRolePolicy"]),
        ("privesc10", "PutUserPolicy", &["iam:PutUserPolicy"]),
        ("privesc11", "PutGroupPolicy", &["iam:PutGroupPolicy"]),
        ("privesc12", "PutRolePolicy", &["iam:PutRolePolicy"]),
        ("privesc13", "AddUserToGroup", &["iam:AddUserToGroup"]),
        ("privesc14", "UpdateAssumeRolePolicy", &["iam:UpdateAssumeRolePolicy"]),
        (
            "privesc15",
            "PassRole+CreateFunction+InvokeFunction",
            &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        ),
        (
            "privesc16",
            "PassRole+CreateFunction+CreateEventSourceMapping",
            &["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
        ),
        ("privesc17", "UpdateFunctionCode", &["lambda:UpdateFunctionCode"]),
        ("privesc18", "PassRole+CreateDevEndpoint", &["iam:PassRole", "glue:CreateDevEndpoint"]),
        ("privesc19", "UpdateDevEndpoint", &["glue:UpdateDevEndpoint"]),
        ("privesc20", "PassRole+CreateStack", &["iam:PassRole", "cloudformation:CreateStack"]),
        (
            "privesc21",
            "PassRole+CreatePipeline",
            &[
                "iam:PassRole",
                "datapipeline:CreatePipeline",
                "datapipeline:PutPipelineDefinition",
                "datapipeline:ActivatePipeline",
            ],
        ),
        ("cloudFormationUpdateStack", "UpdateStack", &["cloudformation:UpdateStack"]),
        (
            "codeBuildCreateProjectPassRole",
            "PassRole+CreateProject+StartBuild",
            &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
        ),
        ("ec2InstanceConnect", "SendSSHPublicKey", &["ec2-instance-connect:SendSSHPublicKey"]),
        (
            "sageMakerCreateNotebookPassRole",
            "PassRole+CreateNotebookInstance",
            &[
                "iam:PassRole",
                "sagemaker:CreateNotebookInstance",
                "sagemaker:CreatePresignedNotebookInstanceUrl",
            ],
        ),
        (
            "sageMakerCreatePresignedNotebookURL",
            "CreatePresignedNotebookInstanceUrl",
            &["sagemaker:CreatePresignedNotebookInstanceUrl"],
        ),
        (
            "sageMakerCreateProcessingJob",
            "PassRole+CreateProcessingJob",
            &["iam:PassRole", "sagemaker:CreateProcessingJob"],
        ),
        (
            "sageMakerCreateTrainingJob",
            "PassRole+CreateTrainingJob",
            &["iam:PassRole", "sagemaker:CreateTrainingJob"],
        ),
        ("ssmSendCommand", "SendCommand", &["ssm:SendCommand"]),
        ("ssmStartSession", "StartSession", &["ssm:StartSession"]),
    ];
    for (path, method, actions) in paths {
        let allow = |actions: &[&str]| {
            let list = serde_json::to_string(actions).unwrap();
            methods_of(&format!(r#"{{"Effect":"Allow","Action":{list},"Resource":"*"}}"#))
        };
        assert!(allow(actions).contains(&(method, false)), "{path}");
        // With one action less it is not this way.
        for gone in actions {
            let fewer: Vec<&str> = actions.iter().filter(|a| *a != gone).copied().collect();
            assert!(!allow(&fewer).iter().any(|(m, _)| *m == method), "{path} without {gone}");
        }
    }
    let admin = identity(r#"{"Effect":"Allow","Action":["iam:*","ec2:*","s3:*"],"Resource":"*"}"#);
    assert_eq!(super::super::admin(&Holder::of_policy(&admin, None, None)).admin, Admin::Yes);
    // fp2: what one policy allows another denies.
    let (all, deny) = (identity(ALL), identity(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#));
    let mut both = Holder::of_policy(&all, None, None);
    both.policies.push(&deny);
    assert_eq!(super::super::admin(&both).admin, Admin::No);
    assert_eq!(escalations(&both), Escalations::default());
}

#[test]
fn escalation_needs_every_action_and_the_right_resource() {
    let lambda = r#"{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*"}"#;
    assert_eq!(methods_of(lambda), []);
    let pass = |condition: &str| {
        methods_of(&format!(
            r#"{lambda},{{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"{condition}}}"#
        ))
    };
    let method = ("PassRole+CreateFunction+InvokeFunction", false);
    assert_eq!(pass(""), [method]);
    let to = |service: &str| {
        format!(
            r#","Condition":{{"StringEquals":{{"iam:PassedToService":"{service}.amazonaws.com"}}}}"#
        )
    };
    assert_eq!(pass(&to("lambda")), [method]);
    assert_eq!(pass(&to("ec2")), []);
    // One's own access key is no escalation, another's is.
    let own = r#"{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/${aws:username}"}"#;
    assert_eq!(methods_of(own), []);
    let other =
        r#"{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"arn:aws:iam::*:user/bob"}"#;
    assert_eq!(methods_of(other), [("CreateAccessKey", false)]);
}

#[test]
fn escalation_over_several_policies() {
    let pass = identity(r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}"#);
    let run = identity(r#"{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*"}"#);
    let mut holder = Holder::of_policy(&pass, None, None);
    holder.policies.push(&run);
    let found = escalations(&holder).found;
    assert_eq!(found.len(), 1);
    let first = found.first().unwrap();
    assert_eq!(first.method, "PassRole+RunInstances");
    assert_eq!(first.statements, [(0, 1), (1, 1)]);
    assert!(first.reference.starts_with("https://"));
}

#[test]
fn administrators_hold_every_way_of_their_kind() {
    let all = identity(ALL);
    let found = escalations(&Holder::of_policy(&all, None, None)).found;
    assert!(found.len() > 50);
    assert!(found.iter().all(|f| !f.conditional));
}

/// What can be seen at a look and what has to be worked out answer alike.
#[test]
fn own_policies_say_which_roles() {
    const MFA: &str = r#""Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let arn = |name: &str| format!("arn:aws:iam::111122223333:{name}");
    let rule = |effect: &str, element: &str, name: &str, more: &str| {
        let resource = match name {
            "*" => "*".to_owned(),
            name => arn(&format!("role/{name}")),
        };
        let comma = if more.is_empty() { "" } else { "," };
        format!(
            r#"{{"Effect":"{effect}","Action":"sts:AssumeRole","{element}":"{resource}"{comma}{more}}}"#
        )
    };
    let allow = |name: &str| rule("Allow", "Resource", name, "");
    let deny = |name: &str| rule("Deny", "Resource", name, "");
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"sts:AssumeRole"}}}}"#,
        arn("root")
    );
    let trust = Policy::parse(&text, Kind::Trust).unwrap();
    let cases = [
        (vec![allow("top")], "top", Some((1, false))),
        (vec![allow("to*")], "top", Some((1, false))),
        (vec![allow("to*")], "alice", None),
        (vec![rule("Allow", "NotResource", "top", "")], "top", None),
        (vec![rule("Allow", "NotResource", "top", "")], "alice", Some((1, false))),
        (vec![allow("${aws:username}")], "alice", Some((1, false))),
        (vec![allow("${aws:username}")], "top", None),
        (vec![allow("alice"), allow("*")], "top", Some((2, false))),
        (vec![allow("*"), deny("top")], "top", None),
        (vec![allow("*"), deny("top")], "alice", Some((1, false))),
        (vec![rule("Allow", "Resource", "*", MFA)], "top", Some((1, true))),
        (vec![rule("Allow", "Resource", "*", MFA), allow("*")], "top", Some((2, false))),
        (vec![allow("*"), rule("Deny", "Resource", "*", MFA)], "top", Some((1, false))),
        (vec![], "top", None),
    ];
    for (statements, role, expected) in cases {
        let own = identity(&statements.join(","));
        let arn_of_caller = Some(arn("user/alice"));
        let caller = Holder { arn: arn_of_caller, ..Holder::of_policy(&own, None, None) };
        let role = arn(&format!("role/{role}"));
        let role = Role {
            arn: &role,
            trust: &trust,
            resource_control: Part::Known(Vec::new()),
            now: None,
        };
        let assuming = Assuming::new(&caller).unwrap();
        let link = assuming.assume(&role).unwrap();
        let found = link.clone().map(|l| (l.identity_statement.unwrap().1, l.conditional));
        assert_eq!(found, expected, "{statements:?} on {}", role.arn);
        assert_eq!(assuming.assume(&role).unwrap(), link);
    }
}

#[test]
fn chains_of_roles() {
    let arn = |name: &str| format!("arn:aws:iam::111122223333:{name}");
    let nothing = identity("");
    let all = identity(ALL);
    let may = identity(r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#);
    let trust = |principal: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}}}"#
        );
        Policy::parse(&text, Kind::Trust).unwrap()
    };
    let names_alice = trust(&arn("user/alice"));
    let names_middle = trust(&arn("role/middle"));
    let names_account = trust(&arn("root"));
    fn holder<'a>(name: &str, policy: &'a Policy) -> Holder<'a> {
        let arn = Some(format!("arn:aws:iam::111122223333:{name}"));
        Holder { arn, ..Holder::of_policy(policy, None, None) }
    }
    let alice = holder("user/alice", &nothing);
    let middle = holder("role/middle", &nothing);
    let top = holder("role/top", &all);
    fn link(from: &Holder<'_>, to: &Holder<'_>, trust: &Policy) -> Option<Link> {
        let (resource_control, now) = (to.resource_control.clone(), None);
        let role = Role { arn: to.arn.as_deref()?, trust, resource_control, now };
        Assuming::new(from)?.assume(&role).unwrap()
    }
    // Named in both trust policies: no permission of their own is needed.
    let first = link(&alice, &middle, &names_alice).unwrap();
    assert_eq!((first.to, first.identity_statement), (arn("role/middle"), None));
    assert!(link(&middle, &top, &names_middle).is_some());
    assert_eq!(link(&alice, &top, &names_middle), None);
    // Naming the account needs the identity policy as well.
    assert_eq!(link(&alice, &top, &names_account), None);
    let allowed = holder("user/alice", &may);
    let by_account = link(&allowed, &top, &names_account).unwrap();
    assert_eq!(by_account.identity_statement, Some((0, 1)));
    // Across accounts both are needed.
    let mut foreign = holder("user/alice", &nothing);
    foreign.arn = Some("arn:aws:iam::444455556666:user/alice".to_owned());
    let names_foreign = trust("arn:aws:iam::444455556666:user/alice");
    assert_eq!(link(&foreign, &top, &names_foreign), None);
    foreign.policies = vec![&may];
    assert!(link(&foreign, &top, &names_foreign).is_some());
    // A boundary without sts:AssumeRole stops even a named principal.
    let mut bounded = holder("user/alice", &nothing);
    bounded.boundary = Part::Known(Some(&nothing));
    assert_eq!(link(&bounded, &middle, &names_alice), None);
    bounded.boundary = Part::Known(Some(&may));
    assert!(link(&bounded, &middle, &names_alice).is_some());
    // Resource control policies act on the role.
    let control = |text: &str| {
        let unnamed = Kind::Resource(Service::Other(String::new()));
        resource_control(Policy::parse(text, unnamed).unwrap())
    };
    let no_sts = control(
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"sts:*","Resource":"*"}]}"#,
    );
    let no_iam = control(
        r#"{"Statement":{"Effect":"Deny","Principal":"*","Action":"iam:*","Resource":"*"}}"#,
    );
    let mut guarded = middle.clone();
    guarded.resource_control = Part::Known(vec![&no_iam]);
    assert!(link(&alice, &guarded, &names_alice).is_some());
    guarded.resource_control = Part::Known(vec![&no_sts]);
    assert_eq!(link(&alice, &guarded, &names_alice), None);
    // They do not act on IAM's own resources.
    let mut powerful = top.clone();
    powerful.resource_control = Part::Known(vec![&no_iam]);
    assert_eq!(admin(&powerful).admin, Admin::Yes);
}

#[test]
fn whole_services() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":["s3:*","ec2:Describe*"],"Resource":"arn:aws:s3:::b"},{"Effect":"Allow","Action":"*","Resource":"arn:*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#,
    );
    let found: Vec<(String, usize, bool)> = service_wildcards(&policy)
        .into_iter()
        .map(|w| (w.service, w.statement, w.all_resources))
        .collect();
    assert_eq!(found, [("s3".to_owned(), 1, false), ("*".to_owned(), 2, true)]);
    let shown = |statement: &str| {
        let found = service_wildcards(&identity(statement));
        found.iter().map(|w| (w.to_string(), w.all_resources)).collect::<Vec<_>>()
    };
    let but = |not_action: &str, resource: &str| {
        shown(&format!(r#"{{"Effect":"Allow","NotAction":{not_action},{resource}}}"#))
    };
    let all_but = |what: &str, all: bool| vec![(format!("all but {what}"), all)];
    let everywhere = r#""Resource":"*""#;
    assert_eq!(but(r#"["iam:*","sts:*"]"#, everywhere), all_but("iam:*, sts:*", true));
    assert_eq!(but(r#""iam:*""#, r#""Resource":"arn:aws:s3:::b""#), all_but("iam:*", false));
    assert_eq!(but(r#""iam:*""#, r#""NotResource":"arn:aws:s3:::b""#), all_but("iam:*", true));
    assert_eq!(but(r#"["iam:*","*"]"#, everywhere), []);
    assert_eq!(shown(r#"{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}"#), []);
    assert_eq!(full_admin(&policy).admin, Admin::No);
    assert_eq!(full_admin(&identity(ALL)).admin, Admin::Yes);
    let iam = identity(r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#);
    assert_eq!(full_admin(&iam).admin, Admin::No);
}

#[test]
fn of_some_actions_those_that_are_allowed_are_named() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":["ecr:Put*","ecr:Get*"],"Resource":"arn:aws:ecr:eu-west-1:111122223333:repository/web"},
           {"Effect":"Deny","Action":"ecr:PutLifecyclePolicy","Resource":"*"},
           {"Effect":"Allow","Action":"ecr:DeleteRepository","Resource":"arn:aws:ecr:eu-west-1:444455556666:repository/web"}"#,
    );
    let holder = Holder::of_policy(&policy, Some("111122223333".to_owned()), None);
    let actions = ["ecr:PutImage", "ecr:PutLifecyclePolicy", "ecr:DeleteRepository"];
    let form = "arn:aws:ecr:?*:111122223333:repository/?*";
    let found = allowed_actions(&holder, &actions, form);
    let names: Vec<&str> = found.allowed.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(names, ["ecr:PutImage"]);
    assert_eq!(found.allowed.first().unwrap().1.statement, 1);
    assert_eq!(found.undecided, []);
}
