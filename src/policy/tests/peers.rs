//! Policies that other analysers test themselves with, and what AWS's documentation makes
//! of them. Where it contradicts the peer, the row says so.

use super::*;

/// What is said of one statement for everybody, of a policy of this service.
fn everybody(service: &str, condition: &str) -> (&'static str, &'static str) {
    let condition = if condition.is_empty() {
        String::new()
    } else {
        format!(r#","Condition":{{{condition}}}"#)
    };
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"{service}:*","Resource":"*"{condition}}}]}}"#
    );
    let policy = Policy::parse(&text, Kind::Resource(Service::from_prefix(service))).unwrap();
    let answer = checked(&policy, &Setting::default());
    (answer.public.as_str(), answer.reachable.as_str())
}

/// <https://github.com/Netflix-Skunkworks/policyuniverse/blob/master/policyuniverse/tests/test_statement.py>
#[test]
fn policyuniverse() {
    let agree = [
        ("", "yes"),
        (
            r#""ForAnyValue:ARNEquals":{"AWS:SourceArn":["arn:aws:iam::012345678910:role/S","arn:aws:iam::012345678910:role/O"]}"#,
            "no",
        ),
        (r#""StringLike":{"AWS:SourceOwner":"012345678910"}"#, "no"),
        (r#""StringLike":{"AWS:SourceOwner":"*"}"#, "yes"),
        (
            r#""ForAnyValue:StringEquals":{"AWS:SourceOwner":["012345678910"],"AWS:SourceAccount":["123456789123"]}"#,
            "no",
        ),
        (
            r#""StringEquals":{"AWS:SourceVPC":"vpc-111111","AWS:username":"Admin"},"StringLike":{"AWS:userid":"AROAI1111111111111111:*"},"IpAddressIfExists":{"AWS:SourceIP":["123.45.67.89","10.0.7.0/24"]}"#,
            "no",
        ),
        (
            r#""StringNotLike":{"AWS:userid":"AROAI1111111111111111:*"},"ARNLike":{"AWS:SourceArn":"arn:aws:iam::012345678910:role/Admin"}"#,
            "no",
        ),
        (r#""StringNotLike":{"AWS:userid":"AROAI1111111111111111:*"}"#, "yes"),
        (r#""ARNLike":{"AWS:SourceArn":"arn:aws:iam::*:role/Admin"}"#, "yes"),
        (r#""StringLike":{"AWS:SourceArn":"arn:aws:iam::*"}"#, "yes"),
        (r#""IpAddress":{"AWS:SourceIP":["0.0.0.0/0"]}"#, "yes"),
        (r#""StringEquals":{"AWS:SourceArn":"arn:aws:s3:::mybucket"}"#, "no"),
        (r#""StringEquals":{"AWS:PrincipalOrgID":"o-xxxxxxxxxx"}"#, "no"),
        (r#""StringLike":{"AWS:PrincipalOrgID":"o-*"}"#, "yes"),
        // A single value may stand without a list: it means the same.
        (r#""ForAnyValue:StringEquals":{"AWS:SourceOwner":"012345678910"}"#, "no"),
    ];
    for (condition, expected) in agree {
        assert_eq!(everybody("sqs", condition), (expected, expected), "{condition}");
    }
    // ForAllValues and IfExists hold without the key: whoever has none gets in, though the
    // peer takes it for a limit.
    let absent = r#""ForAllValues:ARNEqualsIfExists":{"AWS:SourceArn":["arn:aws:iam::012345678910:role/S"]}"#;
    assert_eq!(everybody("sqs", absent), ("yes", "yes"));
    // A user has no ARN without an account: the value is fixed, and nobody's.
    let nobody = r#""StringEquals":{"AWS:SourceArn":"arn:aws:iam:::user/MyUser"}"#;
    assert_eq!(everybody("sqs", nobody), ("no", "no"));
    // The bucket's name is fixed, its region and account are not; names belong to one.
    let bucket = r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:bucket"}"#;
    assert_eq!(everybody("sqs", bucket), ("yes", "no"));
    let through = r#""StringEquals":{"kms:ViaService":"lightsail.us-east-1.amazonaws.com","kms:CallerAccount":"222222222222"}"#;
    assert_eq!(everybody("kms", through), ("no", "no"));
    let evading =
        r#""StringNotLike":{"aws:UserAgent":"|_(..)_|"},"NotIpAddress":{"aws:SourceIp":"8.8.8.8"}"#;
    assert_eq!(everybody("s3", evading), ("yes", "yes"));
}

/// <https://github.com/prowler-cloud/prowler/blob/master/tests/providers/aws/services/iam/lib/policy_test.py>
#[test]
fn prowler() {
    let rows = [
        ("elasticfilesystem", "", "yes"),
        (
            "elasticfilesystem",
            r#""Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"},"StringEquals":{"aws:SourceOwner":"123456789012"}"#,
            "no",
        ),
        ("s3", r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#, "no"),
        ("s3", r#""IpAddress":{"aws:SourceIp":["192.168.1.1","10.0.0.1","0.0.0.0/0"]}"#, "yes"),
        ("s3", r#""IpAddress":{"AWS:SOURCEIP":"192.168.1.1"}"#, "no"),
        ("s3", r#""IpAddress":{"aws:SourceIp":"2001:db8::1"}"#, "no"),
        ("s3", r#""StringLike":{"s3:prefix":"home/"}"#, "yes"),
        ("s3", r#""StringEquals":{"aws:sourcevpc":["vpc-123456","vpc-654321"]}"#, "no"),
        (
            "sns",
            r#""StringEquals":{"aws:PrincipalOrgID":["o-123456789012","o-111222333444"]}"#,
            "no",
        ),
        ("sns", r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::my-bucket"}"#, "no"),
        ("sns", r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}"#, "yes"),
        ("sns", r#""ArnLike":{"aws:SourceArn":"arn:aws:*:*:*:*"}"#, "yes"),
        ("sns", r#""ArnLike":{"aws:SourceArn":"*"}"#, "yes"),
    ];
    for (service, condition, expected) in rows {
        assert_eq!(everybody(service, condition), (expected, expected), "{service} {condition}");
    }
    // The peer takes one account's ARNs for open; AWS asks for no wildcard; no stranger is in.
    let one_account = r#""ArnLike":{"aws:SourceArn":"arn:aws:lambda:us-east-1:123456789012:*"}"#;
    assert_eq!(everybody("sns", one_account), ("yes", "no"));
    // The owner of the resource limits nobody who calls, though the peer thinks so.
    let own = r#""StringEquals":{"aws:ResourceAccount":"123456789012"}"#;
    assert_eq!(everybody("s3", own), ("yes", "yes"));
    // StringEquals takes the star literally: AWS counts it as no limit, nobody meets it.
    let star = r#""StringEquals":{"aws:PrincipalOrgID":"*"}"#;
    assert_eq!(everybody("s3", star), ("yes", "no"));
    let admin_of = |statement: &str| {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        let policy = Policy::parse(&text, Kind::Identity).unwrap();
        full_admin(&policy).admin.as_str()
    };
    for (statement, expected) in [
        (r#"{"Effect":"Allow","Action":["*"],"Resource":"*"}"#, "yes"),
        (r#"{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}"#, "no"),
        (r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}"#, "yes"),
        (r#"{"Effect":"Allow","NotAction":"prowler:action","Resource":"*"}"#, "yes"),
        (r#"{"Effect":"Allow","Action":"*","NotResource":"*"}"#, "no"),
        (r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::secret"}"#, "yes"),
    ] {
        assert_eq!(admin_of(statement), expected, "{statement}");
    }
}

/// Named services are no strangers, and AWS does not call them public.
/// <https://github.com/prowler-cloud/prowler/blob/master/tests/providers/aws/services/iam/lib/policy_test.py>
#[test]
fn named_services_and_accounts() {
    for (principal, outside) in [
        (r#"{"Service":"secretsmanager.amazonaws.com"}"#, "secretsmanager.amazonaws.com"),
        (r#"{"Service":"alexa-connectedhome.amazon.com"}"#, "alexa-connectedhome.amazon.com"),
        (r#"{"AWS":"arn:aws:iam::123456789012:root"}"#, "123456789012"),
    ] {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"lambda:GetFunction","Resource":"*"}}]}}"#
        );
        let policy = Policy::parse_any(&text).unwrap();
        let answer = checked(&policy, &Setting::default());
        assert_eq!((answer.public, answer.reachable), (Answer::No, Answer::No), "{principal}");
        let who: Vec<&str> = answer.outside.iter().map(|o| o.principal.as_str()).collect();
        assert_eq!(who, [outside]);
    }
}

/// Spellings that peers accept and AWS refuses: a principal with a wildcard in a part of it,
/// an ARN in the place of the map.
#[test]
fn principals_that_aws_refuses() {
    for principal in [
        r#""arn:aws:iam::012345678910:root""#,
        r#""arn:aws:iam::*:role/Hello""#,
        r#"{"AWS":"arn:aws:iam::*:root"}"#,
        r#"{"AWS":"arn:aws:iam::012345678910"}"#,
        r#"{"CanonicalUser":"*"}"#,
        r#"["codebuild.amazonaws.com"]"#,
        r#""""#,
    ] {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"s3:*","Resource":"*"}}]}}"#
        );
        let parsed = Policy::parse(&text, Kind::Resource(Service::S3));
        assert!(parsed.is_err(), "{principal}");
    }
}

/// The privilege escalations of Cloudsplaining and Prowler, beyond those of iam-vulnerable,
/// by the actions that their tables ask for.
/// <https://pathfinding.cloud/paths/>
#[test]
fn escalations_of_pathfinding() {
    let found = |actions: &[&str]| {
        let list = serde_json::to_string(actions).unwrap();
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{list},"Resource":"*"}}]}}"#
        );
        let policy = Policy::parse(&text, Kind::Identity).unwrap();
        let answer = escalations(&Holder::of_policy(&policy, None, None));
        assert_eq!(answer.undecided, []);
        answer.found.iter().map(|f| f.method).collect::<Vec<_>>()
    };
    let rows: &[(&str, &[&str])] = &[
        ("PassRole+RunTask", &["iam:PassRole", "ecs:RunTask"]),
        ("PassRole+StartTask", &["iam:PassRole", "ecs:StartTask"]),
        ("ModifyLaunchTemplate", &["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"]),
        (
            "UpdateNotebookInstance",
            &[
                "sagemaker:CreateNotebookInstanceLifecycleConfig",
                "sagemaker:StopNotebookInstance",
                "sagemaker:UpdateNotebookInstance",
                "sagemaker:StartNotebookInstance",
            ],
        ),
        ("PassRole+UpdateStackSet", &["iam:PassRole", "cloudformation:UpdateStackSet"]),
        (
            "PassRole+CreateProject+StartBuildBatch",
            &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"],
        ),
        ("StartBuildBatch", &["codebuild:StartBuildBatch"]),
        (
            "PassRole+UpdateJob+CreateTrigger",
            &["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"],
        ),
        (
            "PassRole+CreateSession+RunStatement",
            &["iam:PassRole", "glue:CreateSession", "glue:RunStatement"],
        ),
        (
            "PassRole+UpdateAutoScalingGroup",
            &[
                "iam:PassRole",
                "autoscaling:CreateLaunchConfiguration",
                "autoscaling:UpdateAutoScalingGroup",
            ],
        ),
        ("SubmitJob", &["batch:SubmitJob"]),
        ("PassRole+BraketCreateJob", &["iam:PassRole", "braket:CreateJob"]),
        (
            "CreateDeployment",
            &["codedeploy:CreateDeployment", "codedeploy:RegisterApplicationRevision"],
        ),
        (
            "PassRole+SetIdentityPoolRoles",
            &["iam:PassRole", "cognito-identity:SetIdentityPoolRoles"],
        ),
        (
            "PassRole+EMRServerless",
            &["iam:PassRole", "emr-serverless:CreateApplication", "emr-serverless:StartJobRun"],
        ),
        ("PassRole+CreateFleet", &["iam:PassRole", "gamelift:CreateBuild", "gamelift:CreateFleet"]),
        (
            "PassRole+KinesisAnalytics",
            &[
                "iam:PassRole",
                "kinesisanalytics:CreateApplication",
                "kinesisanalytics:StartApplication",
            ],
        ),
        ("PassRole+OmicsStartRun", &["iam:PassRole", "omics:CreateWorkflow", "omics:StartRun"]),
        ("UpdateStateMachine", &["states:UpdateStateMachine", "states:StartExecution"]),
        ("InvokeAgentRuntimeCommand", &["bedrock-agentcore:InvokeAgentRuntimeCommand"]),
        (
            "PassRole+CreateHarness",
            &[
                "iam:PassRole",
                "bedrock-agentcore:CreateHarness",
                "bedrock-agentcore:CreateAgentRuntime",
                "bedrock-agentcore:CreateAgentRuntimeEndpoint",
                "bedrock-agentcore:CreateWorkloadIdentity",
                "bedrock-agentcore:GetAgentRuntime",
                "bedrock-agentcore:GetHarness",
                "bedrock-agentcore:InvokeAgentRuntimeCommand",
            ],
        ),
        ("PutInlinePolicyToPermissionSet", &["sso:PutInlinePolicyToPermissionSet"]),
        ("CreatePolicyVersion+AssumeRole", &["iam:CreatePolicyVersion", "sts:AssumeRole"]),
        ("AttachRolePolicy+AssumeRole", &["iam:AttachRolePolicy", "sts:AssumeRole"]),
        ("UpdateAssumeRolePolicy", &["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"]),
    ];
    for (method, actions) in rows {
        assert!(found(actions).contains(method), "{method}: {:?}", found(actions));
        for gone in *actions {
            let fewer: Vec<&str> = actions.iter().filter(|a| *a != gone).copied().collect();
            let left = found(&fewer);
            let needed =
                *method != "UpdateAssumeRolePolicy" || *gone == "iam:UpdateAssumeRolePolicy";
            assert_eq!(left.contains(method), !needed, "{method} without {gone}");
        }
    }
}
