//! Examples of the services' own documentation, and of delegating with boundaries, each
//! under the address of its page.

use super::identity::identity;
use super::*;

const OWN: &str = "111122223333";

/// The answers for a resource policy of these statements, of this service.
fn of(service: &str, statements: &str) -> Exposure {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let policy = Policy::parse(&text, Kind::Resource(Service::from_prefix(service))).unwrap();
    checked(&policy, &Setting { account: Some(OWN.to_owned()), ..Setting::default() })
}

fn answers(service: &str, statements: &str) -> [&'static str; 3] {
    let answer = of(service, statements);
    [answer.public.as_str(), answer.reachable.as_str(), answer.public_write.as_str()]
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-bpa-rbp.html>
#[test]
fn dynamodb_block_public_access() {
    let with = |condition: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"dynamodb:*","Resource":"*"{condition}}}"#
        );
        let [public, reachable, _] = answers("dynamodb", &statement);
        (public, reachable)
    };
    let limited = |condition: &str| with(&format!(r#","Condition":{{{condition}}}"#));
    assert_eq!(with(""), ("yes", "yes"));
    for fixed in [
        r#""StringEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/John"}"#,
        r#""StringEquals":{"aws:SourceVpc":"vpc-91237329"}"#,
        r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
        r#""StringEquals":{"aws:SourceOrgID":"o-a1b2c3d4e5"}"#,
        r#""ForAnyValue:StringEquals":{"aws:SourceOrgPaths":"o-a1b2c3d4e5/r-1/ou-1/"}"#,
        r#""StringEquals":{"aws:Ec2InstanceSourceVpc":"vpc-91237329"}"#,
        r#""StringEquals":{"aws:PrincipalServiceName":"redshift.amazonaws.com"}"#,
    ] {
        assert_eq!(limited(fixed), ("no", "no"), "{fixed}");
    }
    // True only is a limit to AWS; any customer's services meet it.
    assert_eq!(limited(r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#), ("no", "yes"));
    assert_eq!(limited(r#""Bool":{"aws:PrincipalIsAWSService":"false"}"#), ("yes", "yes"));
    assert_eq!(limited(r#""StringLike":{"aws:SourceVpc":"vpc-*"}"#), ("yes", "yes"));
    // Addresses are not among the keys that DynamoDB trusts.
    assert_eq!(limited(r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#), ("yes", "no"));
    let two = r#"{"Effect":"Allow","Principal":{"AWS":["123456789012","111122223333"]},"Action":"dynamodb:*","Resource":"*"}"#;
    assert_eq!(answers("dynamodb", two), ["no", "no", "no"]);
}

/// <https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html#what-is-a-public-policy>
#[test]
fn efs_meaning_of_public() {
    let actions = r#"["elasticfilesystem:ClientMount","elasticfilesystem:ClientWrite","elasticfilesystem:ClientRootAccess"]"#;
    let open = format!(r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":{actions}}}"#);
    assert_eq!(answers("elasticfilesystem", &open), ["yes", "yes", "yes"]);
    let mounted = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":{actions},"Condition":{{"Bool":{{"elasticfilesystem:AccessedViaMountTarget":"true"}}}}}}"#
    );
    assert_eq!(answers("elasticfilesystem", &mounted), ["no", "no", "no"]);
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html>
#[test]
fn api_gateway_resource_policies() {
    let allow = r#"{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}"#;
    let deny = |condition: &str| {
        let deny = format!(
            r#"{{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*","Condition":{{{condition}}}}}"#
        );
        let [public, reachable, _] = answers("execute-api", &format!("{deny},{allow}"));
        (public, reachable)
    };
    // AWS does not say what public means for an API.
    assert_eq!(deny(r#""IpAddress":{"aws:SourceIp":["192.0.2.0/24"]}"#), ("unknown", "yes"));
    assert_eq!(deny(r#""NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#), ("unknown", "no"));
    assert_eq!(deny(r#""StringNotEquals":{"aws:SourceVpc":"vpc-1a2b3c4d"}"#), ("unknown", "no"));
    let roles = r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:role/developer","arn:aws:iam::444455556666:role/Admin"]},"Action":"execute-api:Invoke","Resource":["execute-api:/stage/GET/pets"]}"#;
    let named = of("execute-api", roles);
    assert_eq!(named.reachable, Answer::No);
    let witness = named.outside.first().and_then(|o| o.witness.clone()).unwrap();
    assert!(witness.request.resource.ends_with("/stage/GET/pets"), "{witness:?}");
    // The short form is an API's: no other kind of policy has it.
    let text = format!(r#"{{"Statement":[{allow}]}}"#);
    let as_identity = text.replace(r#""Principal":"*","#, "");
    assert!(Policy::parse(&as_identity, Kind::Identity).is_err());
}

/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html>
#[test]
fn sqs_basic_examples() {
    let queue = r#""Resource":"arn:aws:sqs:us-east-2:111122223333:queue1""#;
    let one = |principal: &str, action: &str, condition: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}",{queue},"Condition":{{{condition}}}}}"#
        );
        answers("sqs", &statement)
    };
    let accounts = r#"{"AWS":["444455556666","777788889999"]}"#;
    assert_eq!(one(accounts, "sqs:SendMessage", ""), ["no", "no", "no"]);
    assert_eq!(one(r#""*""#, "sqs:ReceiveMessage", ""), ["yes", "yes", "no"]);
    assert_eq!(one(r#""*""#, "sqs:*", ""), ["yes", "yes", "yes"]);
    let hours = r#""DateGreaterThan":{"aws:CurrentTime":"2009-01-31T12:00Z"},"DateLessThan":{"aws:CurrentTime":"2009-01-31T15:00Z"}"#;
    assert_eq!(one(r#""*""#, "sqs:ReceiveMessage", hours), ["yes", "yes", "no"]);
    let range = r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#;
    assert_eq!(one(r#""*""#, "sqs:*", range), ["no", "no", "no"]);
    // What is blocked of the range changes nothing for strangers.
    let blocked = format!(
        r#"{{"Effect":"Allow","Principal":"*","Action":"sqs:*",{queue},"Condition":{{{range}}}}},{{"Effect":"Deny","Principal":"*","Action":"sqs:*",{queue},"Condition":{{"IpAddress":{{"aws:SourceIp":"192.0.2.188/32"}}}}}}"#
    );
    assert_eq!(answers("sqs", &blocked), ["no", "no", "no"]);
}

/// <https://docs.aws.amazon.com/config/latest/developerguide/lambda-function-public-access-prohibited.html>
#[test]
fn lambda_called_by_s3() {
    let with = |service: &str, condition: &str| {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f","Condition":{{{condition}}}}}"#
        );
        let [public, reachable, _] = answers("lambda", &statement);
        (public, reachable)
    };
    let s3 = |condition: &str| with("s3.amazonaws.com", condition);
    assert_eq!(s3(""), ("yes", "no"));
    assert_eq!(s3(r#""StringEquals":{"AWS:SourceAccount":"111122223333"}"#), ("no", "no"));
    assert_eq!(s3(r#""ArnLike":{"AWS:SourceArn":"arn:aws:s3:::uploads"}"#), ("no", "no"));
    assert_eq!(s3(r#""ArnLike":{"AWS:SourceArn":"arn:aws:s3:::*"}"#), ("yes", "no"));
    // Of other services the rule says nothing.
    assert_eq!(with("events.amazonaws.com", ""), ("no", "no"));
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html>: a
/// service that uses a key says for what, and is outside like any other.
#[test]
fn a_key_for_cloudwatch_logs() {
    let statement = r#"{"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},"Action":["kms:Encrypt*","kms:Decrypt*","kms:ReEncrypt*","kms:GenerateDataKey*","kms:Describe*"],"Resource":"*","Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:us-east-1:111122223333:*"}}}"#;
    let answer = of("kms", statement);
    assert_eq!((answer.public, answer.reachable), (Answer::No, Answer::No));
    let who: Vec<&str> = answer.outside.iter().map(|o| o.principal.as_str()).collect();
    assert_eq!(who, ["logs.us-east-1.amazonaws.com"]);
}

/// Keys that say what is asked for, and not by whom, limit no stranger.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
#[test]
fn keys_of_the_request_limit_nobody() {
    for (service, condition) in [
        ("kms", r#""Bool":{"kms:ReEncryptOnSameKey":"true"}"#),
        ("kms", r#""StringEquals":{"kms:EncryptionContext:app":"x"}"#),
        ("kms", r#""NumericLessThan":{"kms:ScheduleKeyDeletionPendingWindowInDays":"8"}"#),
        ("lambda", r#""StringEquals":{"lambda:Principal":"*"}"#),
        ("secretsmanager", r#""StringEquals":{"secretsmanager:Name":"db"}"#),
        ("dynamodb", r#""ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["a"]}"#),
        ("dynamodb", r#""StringEquals":{"dynamodb:ReturnValues":"NONE"}"#),
        ("events", r#""StringEquals":{"events:creatorAccount":"${aws:PrincipalAccount}"}"#),
        ("s3express", r#""StringEquals":{"s3express:SessionMode":"ReadOnly"}"#),
    ] {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"{service}:*","Resource":"*","Condition":{{{condition}}}}}"#
        );
        assert_eq!(of(service, &statement).reachable, Answer::Yes, "{service} {condition}");
    }
    // These are somebody's.
    for (service, condition) in [
        ("events", r#""StringEquals":{"events:creatorAccount":"444455556666"}"#),
        ("s3express", r#""StringEquals":{"s3express:DataAccessPointAccount":"444455556666"}"#),
    ] {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"{service}:*","Resource":"*","Condition":{{{condition}}}}}"#
        );
        assert_eq!(of(service, &statement).reachable, Answer::No, "{service} {condition}");
    }
}

/// Where AWS has a word for it, and where it has none.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html>
#[test]
fn the_services_with_a_definition() {
    for (service, public) in [
        ("s3", "yes"),
        ("s3express", "yes"),
        ("sns", "yes"),
        ("sqs", "yes"),
        ("kms", "yes"),
        ("lambda", "yes"),
        ("elasticfilesystem", "yes"),
        ("ecr", "yes"),
        ("secretsmanager", "yes"),
        ("dynamodb", "yes"),
        ("glacier", "unknown"),
        ("backup", "unknown"),
        ("events", "unknown"),
        ("execute-api", "unknown"),
        ("es", "unknown"),
        ("logs", "unknown"),
    ] {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"{service}:*","Resource":"*"}}"#
        );
        let [answer, reachable, writes] = answers(service, &statement);
        assert_eq!((answer, reachable, writes), (public, "yes", public), "{service}");
    }
}

/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html>
/// and its neighbours: what AWS counts as writing.
#[test]
fn access_levels() {
    for (service, action, writes) in [
        ("s3", "s3:GetObject", "no"),
        ("s3", "s3:PutObject", "yes"),
        ("s3", "s3:ListBucket", "no"),
        ("s3", "s3:DeleteBucketPolicy", "yes"),
        ("kms", "kms:Decrypt", "yes"),
        ("kms", "kms:DescribeKey", "no"),
        ("kms", "kms:GetPublicKey", "no"),
        ("lambda", "lambda:InvokeFunction", "yes"),
        ("lambda", "lambda:GetFunction", "no"),
        ("sns", "sns:Publish", "yes"),
        ("sns", "sns:Subscribe", "yes"),
        ("sqs", "sqs:ReceiveMessage", "no"),
        ("secretsmanager", "secretsmanager:GetSecretValue", "no"),
        ("ecr", "ecr:BatchCheckLayerAvailability", "no"),
        ("ecr", "ecr:InitiateLayerUpload", "yes"),
        ("elasticfilesystem", "elasticfilesystem:ClientMount", "no"),
        ("elasticfilesystem", "elasticfilesystem:ClientRootAccess", "yes"),
        ("dynamodb", "dynamodb:PartiQLSelect", "no"),
        ("dynamodb", "dynamodb:ConditionCheckItem", "no"),
        // Patterns, also of actions that are in no table.
        ("kms", "kms:De*", "yes"),
        ("kms", "kms:Des*", "no"),
        ("sns", "sns:Tag*", "yes"),
        ("sns", "sns:ListTags*", "no"),
        ("s3", "s3:G*", "no"),
    ] {
        let statement =
            format!(r#"{{"Effect":"Allow","Principal":"*","Action":"{action}","Resource":"*"}}"#);
        assert_eq!(of(service, &statement).public_write.as_str(), writes, "{action}");
    }
}

/// Who sends `aws:SourceArn` in the name of a stranger, in the forms that ARNs have.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[test]
fn sources_without_a_region_or_an_account() {
    for (pattern, reachable) in [
        ("arn:aws:cloudfront::*:distribution/*", "yes"),
        ("arn:aws:cloudfront::111122223333:distribution/*", "no"),
        ("arn:aws:budgets::*:*", "yes"),
        ("arn:aws:sns:us-east-1:*:topic", "yes"),
        ("arn:aws:s3:::logs-*", "yes"),
        ("arn:aws:s3:::logs", "no"),
    ] {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{{"ArnLike":{{"aws:SourceArn":"{pattern}"}}}}}}"#
        );
        let answer = of("s3", &statement);
        assert_eq!(answer.reachable.as_str(), reachable, "{pattern}");
        if let Some(witness) = answer.witness {
            let source = witness.request.key("aws:SourceArn").concat();
            // Five colons, an account of the stranger or a bucket's name.
            let parts: Vec<&str> = source.splitn(6, ':').collect();
            let account = parts.get(4).copied().unwrap();
            assert!(account == STRANGER_ACCOUNT || account.is_empty(), "{source}");
        }
    }
}

/// Who calls without a signature: the services of the page's table, and function URLs.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
#[test]
fn who_answers_unsigned_requests() {
    for (service, action, unsigned) in [
        ("s3", "s3:GetObject", true),
        ("sqs", "sqs:SendMessage", true),
        ("sns", "sns:Publish", true),
        ("execute-api", "execute-api:Invoke", true),
        ("lambda", "lambda:InvokeFunctionUrl", true),
        ("lambda", "lambda:InvokeFunction", false),
        ("lambda", "lambda:GetLayerVersion", false),
        ("kms", "kms:Decrypt", false),
        ("ecr", "ecr:BatchGetImage", false),
        ("codeartifact", "codeartifact:ReadFromRepository", false),
        ("acm-pca", "acm-pca:IssueCertificate", false),
    ] {
        let statement =
            format!(r#"{{"Effect":"Allow","Principal":"*","Action":"{action}","Resource":"*"}}"#);
        let witness = of(service, &statement).witness.unwrap();
        assert_eq!(witness.request.caller == Caller::Anonymous, unsigned, "{action}");
    }
}

/// Whose resource it is, a stranger's it is not.
#[test]
fn the_account_of_the_resource_is_no_strangers() {
    let same = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*","Condition":{"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}}}"#;
    assert_eq!(answers("s3", same), ["yes", "no", "no"]);
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{same}]}}"#);
    let policy = Policy::parse(&text, Kind::Resource(Service::S3)).unwrap();
    let unknown_account = checked(&policy, &Setting::default());
    assert_eq!(unknown_account.reachable, Answer::No);
    assert_eq!(unknown_account.outside, []);
}

/// A pattern of account numbers admits whoever has a number of that form, by every key.
#[test]
fn patterns_of_account_numbers() {
    for (condition, reachable) in [
        (r#""StringLike":{"s3:DataAccessPointAccount":"1234*"}"#, "yes"),
        (r#""StringLike":{"aws:PrincipalAccount":"1234*"}"#, "yes"),
        (r#""StringLike":{"aws:SourceAccount":"1234*"}"#, "yes"),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:us-east-1:1234????????:t"}"#, "yes"),
        (r#""StringEquals":{"aws:SourceAccount":"1234*"}"#, "no"),
    ] {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*","Condition":{{{condition}}}}}"#
        );
        assert_eq!(of("s3", &statement).reachable.as_str(), reachable, "{condition}");
    }
}

/// The page's example of delegating to others with permissions boundaries: Maria, Zhang and
/// the users that Zhang creates.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate>
mod delegation {
    use super::*;

    const ZHANG: &str = "arn:aws:iam::123456789012:user/Zhang";
    const MARIA: &str = "arn:aws:iam::123456789012:user/Maria";
    const NIKHIL: &str = "arn:aws:iam::123456789012:user/Nikhil";
    const X_COMPANY: &str = "arn:aws:iam::123456789012:policy/XCompanyBoundaries";
    const DELEGATED: &str = "arn:aws:iam::123456789012:policy/DelegatedUserBoundary";

    /// The boundary of the users that Zhang creates.
    fn x_company() -> Policy {
        identity(
            r#"{"Sid":"ServiceBoundaries","Effect":"Allow","Action":["s3:*","cloudwatch:*","ec2:*","dynamodb:*"],"Resource":"*"},
            {"Sid":"AllowIAMConsoleForCredentials","Effect":"Allow","Action":["iam:ListUsers","iam:GetAccountPasswordPolicy"],"Resource":"*"},
            {"Sid":"AllowManageOwnPasswordAndAccessKeys","Effect":"Allow","Action":["iam:*AccessKey*","iam:ChangePassword","iam:GetUser","iam:*ServiceSpecificCredential*","iam:*SigningCertificate*"],"Resource":["arn:aws:iam::*:user/${aws:username}"]}"#,
        )
    }

    /// Zhang's boundary.
    fn delegated_boundary() -> Policy {
        identity(
            r#"{"Sid":"CreateOrChangeOnlyWithBoundary","Effect":"Allow","Action":["iam:AttachUserPolicy","iam:CreateUser","iam:DeleteUserPolicy","iam:DetachUserPolicy","iam:PutUserPermissionsBoundary","iam:PutUserPolicy"],"Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::123456789012:policy/XCompanyBoundaries"}}},
            {"Sid":"CloudWatchAndOtherIAMTasks","Effect":"Allow","Action":["cloudwatch:*","iam:CreateAccessKey","iam:CreateGroup","iam:CreateLoginProfile","iam:CreatePolicy","iam:DeletePolicy","iam:DeletePolicyVersion","iam:DeleteUser","iam:Get*","iam:List*","iam:SetDefaultPolicyVersion","iam:SimulatePrincipalPolicy","iam:UpdateLoginProfile","iam:UpdateUser"],"NotResource":"arn:aws:iam::123456789012:user/Maria"},
            {"Sid":"NoBoundaryPolicyEdit","Effect":"Deny","Action":["iam:CreatePolicyVersion","iam:DeletePolicy","iam:DeletePolicyVersion","iam:SetDefaultPolicyVersion"],"Resource":["arn:aws:iam::123456789012:policy/XCompanyBoundaries","arn:aws:iam::123456789012:policy/DelegatedUserBoundary"]},
            {"Sid":"NoBoundaryUserDelete","Effect":"Deny","Action":"iam:DeleteUserPermissionsBoundary","Resource":"*"}"#,
        )
    }

    /// Zhang's permissions.
    fn delegated_permissions() -> Policy {
        identity(
            r#"{"Sid":"IAM","Effect":"Allow","Action":"iam:*","Resource":"*"},
            {"Sid":"CloudWatchLimited","Effect":"Allow","Action":["cloudwatch:GetDashboard","cloudwatch:GetMetricData","cloudwatch:ListDashboards","cloudwatch:GetMetricStatistics","cloudwatch:ListMetrics"],"Resource":"*"},
            {"Sid":"S3BucketContents","Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::ZhangBucket"}"#,
        )
    }

    fn ask(
        own: &Policy,
        boundary: &Policy,
        caller: &str,
        action: &str,
        resource: &str,
        keys: &[(&str, &str)],
    ) -> Decision {
        let mut context = Context::default();
        for (key, value) in keys {
            context.add(key, value);
        }
        let request = Request {
            caller: Caller::parse(caller).unwrap(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            context,
        };
        let applicable = Applicable {
            identity: vec![own],
            boundary: Some(boundary),
            resource_account: Some("123456789012".to_owned()),
            ..Applicable::default()
        };
        evaluate(&applicable, &request).decision
    }

    #[test]
    fn zhang_creates_users_within_the_boundary_only() {
        let (own, boundary) = (delegated_permissions(), delegated_boundary());
        let zhang = |action: &str, resource: &str, keys: &[(&str, &str)]| {
            ask(&own, &boundary, ZHANG, action, resource, keys)
        };
        let with = [("iam:PermissionsBoundary", X_COMPANY)];
        let other = [("iam:PermissionsBoundary", DELEGATED)];
        assert_eq!(zhang("iam:CreateUser", NIKHIL, &with), Decision::Allowed);
        assert_eq!(zhang("iam:CreateUser", NIKHIL, &other), Decision::ImplicitDeny);
        assert_eq!(zhang("iam:CreateUser", NIKHIL, &[]), Decision::ImplicitDeny);
        assert_eq!(zhang("iam:CreateLoginProfile", NIKHIL, &[]), Decision::Allowed);
        assert_eq!(zhang("iam:CreateLoginProfile", MARIA, &[]), Decision::ImplicitDeny);
        assert_eq!(zhang("iam:CreatePolicyVersion", X_COMPANY, &[]), Decision::ExplicitDeny);
        assert_eq!(zhang("iam:SetDefaultPolicyVersion", DELEGATED, &[]), Decision::ExplicitDeny);
        let remove = "iam:DeleteUserPermissionsBoundary";
        assert_eq!(zhang(remove, NIKHIL, &with), Decision::ExplicitDeny);
        // The boundary allows all of CloudWatch, the permissions less; and S3 the other way.
        assert_eq!(zhang("cloudwatch:GetDashboard", "*", &[]), Decision::Allowed);
        assert_eq!(zhang("cloudwatch:PutDashboard", "*", &[]), Decision::ImplicitDeny);
        let bucket = "arn:aws:s3:::ZhangBucket";
        assert_eq!(zhang("s3:ListBucket", bucket, &[]), Decision::ImplicitDeny);
    }

    #[test]
    fn nikhil_has_what_both_allow() {
        let own = identity(
            r#"{"Effect":"Allow","Action":["iam:*","sqs:*","dynamodb:*"],"Resource":"*"}"#,
        );
        let boundary = x_company();
        let nikhil =
            |action: &str, resource: &str| ask(&own, &boundary, NIKHIL, action, resource, &[]);
        let table = "arn:aws:dynamodb:us-east-1:123456789012:table/t";
        assert_eq!(nikhil("dynamodb:GetItem", table), Decision::Allowed);
        assert_eq!(nikhil("sqs:ListQueues", "*"), Decision::ImplicitDeny);
        assert_eq!(nikhil("iam:CreateAccessKey", NIKHIL), Decision::Allowed);
        assert_eq!(nikhil("iam:CreateAccessKey", MARIA), Decision::ImplicitDeny);
        assert_eq!(nikhil("s3:ListAllMyBuckets", "*"), Decision::ImplicitDeny);
    }

    #[test]
    fn neither_is_an_administrator() {
        let (permissions, zhangs, all, nikhils) = (
            delegated_permissions(),
            delegated_boundary(),
            identity(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#),
            x_company(),
        );
        let mut zhang = Holder::of_policy(&permissions, None, None);
        zhang.arn = Some(ZHANG.to_owned());
        assert_eq!(admin(&zhang).admin, Admin::Yes);
        zhang.boundary = Part::Known(Some(&zhangs));
        assert_eq!(admin(&zhang).admin, Admin::No);
        let steps = escalations(&zhang);
        let found = |method: &str| steps.found.iter().find(|f| f.method == method);
        // Keys for anyone but Maria are a step; a policy only where the boundary is set.
        assert!(found("CreateAccessKey").is_some_and(|f| !f.conditional));
        assert!(found("PutUserPolicy").is_some_and(|f| f.conditional));
        assert!(found("CreatePolicyVersion").is_none());
        assert!(found("DeleteUserPermissionsBoundary").is_none());
        assert!(found("PutUserPermissionsBoundary").is_none(), "to that boundary only");
        // Whatever Zhang attaches: the boundary of his users leaves them no step.
        let mut nikhil = Holder::of_policy(&all, None, None);
        nikhil.arn = Some(NIKHIL.to_owned());
        nikhil.boundary = Part::Known(Some(&nikhils));
        assert_eq!(admin(&nikhil).admin, Admin::No);
        let steps = escalations(&nikhil);
        assert!(!steps.found.iter().any(|f| f.actions.iter().any(|a| a.starts_with("iam:"))));
    }

    #[test]
    fn a_boundary_that_may_be_exchanged_is_none() {
        let all = identity(r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
        let boundary = identity(
            r#"{"Effect":"Allow","Action":["s3:*","iam:PutUserPermissionsBoundary"],"Resource":"*"}"#,
        );
        let mut holder = Holder::of_policy(&all, None, None);
        holder.arn = Some(NIKHIL.to_owned());
        holder.boundary = Part::Known(Some(&boundary));
        let steps = escalations(&holder).found;
        assert!(steps.iter().any(|f| f.method == "PutUserPermissionsBoundary" && !f.conditional));
        assert!(!steps.iter().any(|f| f.method == "PutRolePermissionsBoundary"));
    }
}
