//! What linters and other scanners test themselves with, and what AWS's documentation makes
//! of it. Where it contradicts the peer, or the peer asks another question, the row says so.

use super::super::actions;
use super::identity::identity;
use super::*;

/// Whether an identity policy allows a user this request.
fn allows(policy: &Policy, action: &str, resource: &str, keys: &[(&str, &str)]) -> Decision {
    let mut context = Context::default();
    for (key, value) in keys {
        context.add(key, value);
    }
    let request = Request {
        caller: Caller::User("arn:aws:iam::111122223333:user/ann".to_owned()),
        action: action.to_owned(),
        resource: resource.to_owned(),
        context,
    };
    simulate(policy, &request).decision
}

fn statement(action: &str, resource: &str) -> Policy {
    identity(&format!(r#"{{"Effect":"Allow","Action":{action},"Resource":{resource}}}"#))
}

/// <https://github.com/duo-labs/parliament/blob/main/tests/unit/test_formatting.py>,
/// test_resource_formatting.py and test_resources.py beside it.
#[test]
fn parliament_formatting() {
    let read = |elements: &str| {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{{{elements}}}}}"#);
        Policy::parse_any(&text)
    };
    assert!(Policy::parse_any("not json").is_err());
    assert!(Policy::parse_any(r#"{"Version":"2012-10-17"}"#).is_err());
    let list = r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#;
    for refused in [
        r#""Effect":"Allow","Action":"s3:ListAllMyBuckets","NotAction":"s3:ListAllMyBuckets","Resource":"*""#,
        r#""Effect":"Allow","Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"s3""#,
        r#""Effect":"Allow","Principal":"*","Action":"ssm:PutParameter","Resource":[{"Fn::Sub":"arn:aws:ssm:*:${AWS::AccountId}:*"}]"#,
        r#""Effect":"Allow","Action":"malformed","Resource":"*""#,
        &format!(r#"{list},"Condition":{{"bad":{{"s3:prefix":"home/"}}}}"#),
        &format!(r#"{list},"Condition":{{"NumericEquals":{{"s3:prefix":"home/"}}}}"#),
        &format!(r#"{list},"Condition":{{"DateGreaterThan":{{"aws:CurrentTime":"bad"}}}}"#),
    ] {
        assert!(read(refused).is_err(), "{refused}");
    }
    for taken in [
        r#""Effect":"Allow","Action":"s3:listallmybuckets","Resource":"*""#,
        r#""Effect":"Allow","Action":"kms:CreateGrant","Resource":"*","Condition":{"Bool":{"kms:GrantIsForAWSResource":true}}"#,
        r#""Sid":"","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Null":{"aws:MultiFactorAuthAge":true}}"#,
        r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"28800"}}"#,
        &format!(
            r#"{list},"Condition":{{"StringEqualsIfExists":{{"s3:prefix":"home/${{aws:username}}/*"}}}}"#
        ),
        // The peer objects to the next ones. What a Sid is called, or a key or action that
        // AWS does not have, changes nothing about what a policy allows.
        r#""Sid":"With Spaces!?","Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*""#,
        r#""Effect":"Allow","Action":["iam:ListUsers","iam:list"],"Resource":"*""#,
        &format!(r#"{list},"Condition":{{"DateGreaterThan":{{"bad":"2019-07-16T12:00:00Z"}}}}"#),
        &format!(r#"{list},"Condition":{{"StringEquals":{{"s3:signatureage":"bad"}}}}"#),
    ] {
        assert!(read(taken).is_ok(), "{taken}");
    }
}

/// <https://github.com/duo-labs/parliament/blob/main/tests/unit/test_action_expansion.py>,
/// test_get_resources_for_privilege.py and test_resource_formatting.py beside it.
#[test]
fn parliament_matching() {
    for (action, name) in [
        ("s3:listallmybuckets", "s3:ListAllMyBuckets"),
        ("s3:listallmybucke*", "s3:ListAllMyBuckets"),
        ("iAm:li*sTuS*rs", "iam:ListUsers"),
        ("ses:Describe*", "ses:DescribeReceiptRuleSet"),
        ("logs:GetLogDelivery", "logs:GetLogDelivery"),
    ] {
        let policy = statement(&format!(r#""{action}""#), r#""*""#);
        assert_eq!(allows(&policy, name, "*", &[]), Decision::Allowed, "{action}");
    }
    let object = "arn:aws:s3:::examplebucket/key";
    let one = statement(r#""s3:GetObject""#, r#""arn:aws:s3:::examplebucket/*""#);
    assert_eq!(allows(&one, "s3:GetObject", object, &[]), Decision::Allowed);
    assert_eq!(allows(&one, "s3:PutObject", object, &[]), Decision::ImplicitDeny);
    let both = r#"["arn:aws:s3:::examplebucket","arn:aws:s3:::examplebucket/*"]"#;
    let all = statement(r#""s3:*""#, both);
    assert_eq!(allows(&all, "s3:GetObject", object, &[]), Decision::Allowed);
    assert_eq!(allows(&all, "s3:ListAllMyBuckets", "*", &[]), Decision::ImplicitDeny);
    for (pattern, resource, matches) in [
        ("arn:*:s3:::*/*", "arn:aws:s3:::mybucket/key", true),
        ("*", "arn:aws:s3:::mybucket/key", true),
        ("arn:*:s3:::mybucket", "arn:aws:s3:::mybucket", true),
        ("arn:*:s3:::mybucket", "arn:aws:s3:::mybucket/key", false),
        ("arn:*:s3:::*/*", "arn:aws:s3:::examplebucket", false),
        ("arn:*:s3:::mybucket*", "arn:aws:s3:::mybucket2", true),
        ("arn:*:s3:::*/*", "arn:aws:logs:us-east-1:111122223333:/aws/cloudfront/x", false),
        (
            "arn:aws:logs:*:*:/aws/cloudfront/*",
            "arn:aws:logs:us-east-1:000000000000:/aws/cloudfront/test",
            true,
        ),
    ] {
        let policy = statement(r#""s3:GetObject""#, &format!(r#""{pattern}""#));
        let allowed = allows(&policy, "s3:GetObject", resource, &[]) == Decision::Allowed;
        assert_eq!(allowed, matches, "{pattern} {resource}");
    }
}

/// <https://github.com/duo-labs/parliament/blob/main/tests/unit/test_principals.py>
#[test]
fn parliament_principals() {
    for (principal, public) in [
        (r#""*""#, "yes"),
        (r#"{"AWS":["arn:aws:iam::000000000000:root","arn:aws:iam::111111111111:root"]}"#, "no"),
        (r#"{"AWS":"000000000000"}"#, "no"),
        (r#"{"AWS":"arn:aws:iam::000000000000:user/alice"}"#, "no"),
        // The peer has nothing to say of it; to S3 a federated principal is public.
        (r#"{"Federated":"cognito-identity.amazonaws.com"}"#, "yes"),
    ] {
        let answer = bucket(&bucket_statement(&format!(r#""Principal":{principal}"#)));
        assert_eq!(answer.public.as_str(), public, "{principal}");
    }
}

/// <https://github.com/duo-labs/parliament/blob/main/tests/unit/test_patterns.py>
#[test]
fn parliament_patterns() {
    // "Without multi-factor authentication" is no limit.
    let without = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}"#,
    );
    assert_eq!(admin(&Holder::of_policy(&without, None, None)).admin, Admin::Yes);
    let nothing = identity(
        r#"{"Effect":"Allow","Action":"s3:PutBucketPolicy","Resource":"arn:aws:s3:::b"},{"Effect":"Deny","Action":"*","Resource":"*"}"#,
    );
    let bucket = "arn:aws:s3:::b";
    assert_eq!(allows(&nothing, "s3:PutBucketPolicy", bucket, &[]), Decision::ExplicitDeny);
    // The peer reports it for what is left of it: the bucket's ACL.
    let some = identity(
        r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:Put*","s3:Get*","s3:*MultipartUpload*"],"Resource":"*"},{"Effect":"Deny","Action":["s3:*Policy*","sns:*Permission*","sns:*Delete*","s3:*Delete*","sns:*Remove*"],"Resource":"*"}"#,
    );
    assert_eq!(allows(&some, "s3:PutBucketPolicy", bucket, &[]), Decision::ExplicitDeny);
    assert_eq!(allows(&some, "s3:PutBucketAcl", bucket, &[]), Decision::Allowed);
    let two = identity(
        r#"{"Effect":"Allow","Action":["s3:*Bucket*","s3:*Object*"],"Resource":["arn:aws:s3:::b1","arn:aws:s3:::b1/*"]},{"Effect":"Allow","Action":"s3:*Object","Resource":"arn:aws:s3:::b2/*"}"#,
    );
    assert_eq!(allows(&two, "s3:PutBucketPolicy", "arn:aws:s3:::b1", &[]), Decision::Allowed);
    assert_eq!(allows(&two, "s3:PutBucketPolicy", "arn:aws:s3:::b2", &[]), Decision::ImplicitDeny);
    assert_eq!(allows(&two, "s3:GetObject", "arn:aws:s3:::b2/k", &[]), Decision::Allowed);
}

/// <https://github.com/salesforce/policy_sentry/blob/master/test/analysis/test_analyze.py>
/// and test/util/test_arns.py.
#[test]
fn policy_sentry() {
    let puts = statement(r#""ecr:pUt*""#, r#""*""#);
    for name in ["PutImage", "PutImageScanningConfiguration", "PutImageTagMutability"] {
        assert_eq!(allows(&puts, &format!("ecr:{name}"), "*", &[]), Decision::Allowed, "{name}");
    }
    assert_eq!(allows(&puts, "ecr:BatchGetImage", "*", &[]), Decision::ImplicitDeny);
    for (action, writes) in [
        ("ecr:SetRepositoryPolicy", true),
        ("secretsmanager:DeleteResourcePolicy", true),
        ("ecr:PutImage", true),
        ("ecr:UploadLayerPart", true),
        ("ecr:getrepositorypolicy", false),
        ("ecr:describerepositories", false),
        ("ecr:listimages", false),
        ("ecr:DescribeImages", false),
        ("ecr:BatchGetImage", false),
        ("ecr:GetDownloadUrlForLayer", false),
        ("iam:DeleteAccessKey", true),
        ("iam:ListAccessKeys", false),
    ] {
        assert_eq!(actions::writes(action), writes, "{action}");
    }
    // The peer calls keys of one's own risky, too; they give nobody more than he has.
    let own = statement(r#""iam:*AccessKey*""#, r#""arn:aws:iam::*:user/${aws:username}""#);
    assert_eq!(escalations(&Holder::of_policy(&own, None, None)).found, []);
    let of = |kind: &str| format!("arn:aws:rds:us-east-1:111122223333:{kind}:x");
    let db = statement(r#""rds:*""#, r#""arn:*:rds:*:*:db:*""#);
    assert_eq!(allows(&db, "rds:CopyDBSnapshot", &of("db"), &[]), Decision::Allowed);
    for other in ["cluster", "cluster-snapshot", "og", "pg", "snapshot", "target-group"] {
        let decision = allows(&db, "rds:CopyDBSnapshot", &of(other), &[]);
        assert_eq!(decision, Decision::ImplicitDeny, "{other}");
    }
    for (pattern, arn) in [
        ("arn:*:codecommit:*:*:*", "arn:aws:codecommit:us-east-1:123456789012:MyDemoRepo"),
        ("arn:*:ssm:*:*:parameter/*", "arn:aws:ssm:us-east-1:123456789012:parameter/test"),
        ("arn:*:states:*:*:execution:*:*", "arn:aws:states:us-east-1:123456789012:execution:m:e"),
        (
            "arn:*:batch:*:*:job-definition/*:*",
            "arn:aws:batch:us-east-1:123456789012:job-definition/j:1",
        ),
    ] {
        let policy = statement(r#""x:Any""#, &format!(r#""{pattern}""#));
        assert_eq!(allows(&policy, "x:Any", arn, &[]), Decision::Allowed, "{pattern}");
    }
}

/// <https://github.com/nccgroup/ScoutSuite/blob/master/tests/test_utils_conditions.py>, with
/// tests/data/policy1.json.
#[test]
fn scout_suite_conditions() {
    let read = r#"["cloudwatch:Describe*","iam:GetUser","iam:List*","s3:GetBucket*","s3:GetObjectAcl","s3:ListAllMyBuckets","sqs:ListQueues"]"#;
    for (action, get_user, create_user) in [
        (read, Decision::Allowed, Decision::ImplicitDeny),
        (r#"["iam:*"]"#, Decision::Allowed, Decision::Allowed),
        (r#""*""#, Decision::Allowed, Decision::Allowed),
    ] {
        let policy = statement(action, r#"["*"]"#);
        assert_eq!(allows(&policy, "iam:GetUser", "*", &[]), get_user, "{action}");
        assert_eq!(allows(&policy, "iam:CreateUser", "*", &[]), create_user, "{action}");
    }
    let subnet = identity(
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["192.168.0.0/24"]}}}"#,
    );
    for (address, decision) in
        [("192.168.0.1", Decision::Allowed), ("192.168.1.1", Decision::ImplicitDeny)]
    {
        let keys = [("aws:SourceIp", address)];
        assert_eq!(allows(&subnet, "s3:GetObject", "*", &keys), decision, "{address}");
    }
    let own = Setting { account: Some("123456789012".to_owned()), ..Setting::default() };
    for (principal, outside) in [
        (r#""123456789012""#, &[][..]),
        (r#"["123456789013","123456789012"]"#, &["123456789013"]),
        (r#""arn:aws:iam::123456789012:root""#, &[]),
        (r#""arn:aws:iam::123456789012:user/name""#, &[]),
        (r#""arn:aws:iam::123456789012:role/name""#, &[]),
        (r#""123456789013""#, &["123456789013"]),
        (
            r#"["arn:aws:iam::123456789013:root","arn:aws:iam::123456789012:root"]"#,
            &["123456789013"],
        ),
    ] {
        let text = bucket_statement(&format!(r#""Principal":{{"AWS":{principal}}}"#));
        let policy = Policy::parse(&text, Kind::Resource(Service::S3)).unwrap();
        let answer = checked(&policy, &own);
        let found: Vec<&str> = answer.outside.iter().map(|o| o.principal.as_str()).collect();
        assert_eq!(found, outside, "{principal}");
    }
}

/// <https://github.com/nccgroup/ScoutSuite/blob/master/tests/data/rule-configs/iam-admin-policy-attached.json>
#[test]
fn scout_suite_administrators() {
    let full = |statements: &str| full_admin(&identity(statements)).admin;
    let everything = r#"{"Effect":"Allow","Action":["*"],"Resource":["*"]}"#;
    assert_eq!(full(everything), Admin::Yes);
    // A star among other names, on a star among other ARNs.
    let hidden = r#"{"Sid":"Statement1","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::foo/bar"]},{"Sid":"Statement2","Effect":"Allow","Action":["s3:PutObject","*","s3:GetObjectVersion"],"Resource":["arn:aws:s3:::foo/*","*","arn:aws:s3:::foo/bar"]}"#;
    assert_eq!(full(hidden), Admin::Yes);
    assert_eq!(
        full(r#"{"Effect":"Allow","Action":["*"],"Resource":["arn:aws:s3:::foo"]}"#),
        Admin::No
    );
    assert_eq!(full(r#"{"Effect":"Deny","Action":["*"],"Resource":["*"]}"#), Admin::No);
    // Other documents of the peer's are no policies.
    let no_service = r#"{"Statement":[{"Effect":"Allow","Action":["Get*"],"Resource":["*"]}]}"#;
    assert!(Policy::parse(no_service, Kind::Identity).is_err());
    assert!(Policy::parse("{}", Kind::Identity).is_err());
}
