//! The examples of AWS's own documentation, each under the address of its page.

use super::*;

const USER: &str = "arn:aws:iam::444455556666:user/Bob";

/// A statement as a policy of this kind.
fn one(kind: Kind, statement: &str) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    Policy::parse(&text, kind).unwrap()
}

fn identity(statement: &str) -> Policy {
    one(Kind::Identity, statement)
}

fn bucket_policy(statement: &str) -> Policy {
    one(Kind::Resource(Service::S3), statement)
}

/// What becomes of a request with these keys.
fn decide(
    policy: &Policy,
    caller: &str,
    action: &str,
    resource: &str,
    keys: &[(&str, &str)],
) -> Decision {
    let mut context = Context::default();
    for (key, value) in keys {
        context.add(key, value);
    }
    let caller = Caller::parse(caller).unwrap();
    let request =
        Request { caller, action: action.to_owned(), resource: resource.to_owned(), context };
    simulate(policy, &request).decision
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
#[test]
fn s3_meaning_of_public() {
    let public = |principal: &str, condition: &str| {
        let text = format!(
            r#"{{"Principal":{principal},"Resource":"*","Action":"s3:PutObject","Effect":"Allow"{condition}}}"#
        );
        let answer = checked(&bucket_policy(&text), &Setting::default());
        (answer.public.as_str(), answer.public_write.as_str())
    };
    assert_eq!(public(r#"{"Federated":"graph.facebook.com"}"#, ""), ("yes", "yes"));
    assert_eq!(public(r#""*""#, ""), ("yes", "yes"));
    let vpc = |operator: &str, value: &str| {
        format!(r#","Condition":{{"{operator}":{{"aws:SourceVpc":"{value}"}}}}"#)
    };
    assert_eq!(public(r#""*""#, &vpc("StringLike", "vpc-*")), ("yes", "yes"));
    assert_eq!(public(r#""*""#, &vpc("StringEquals", "vpc-91237329")), ("no", "no"));
}

/// The same page: CloudTrail, Account-2 and the public in one policy.
#[test]
fn s3_one_public_statement_makes_the_policy_public() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::example/*"},
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"},
        {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}]}"#;
    let with = bucket(text);
    assert_eq!(with.public, Answer::Yes);
    let who: Vec<&str> = with.outside.iter().map(|o| o.principal.as_str()).collect();
    assert_eq!(who, ["cloudtrail.amazonaws.com", "222222222222", "*"]);
    let mut policy = Policy::parse(text, Kind::Resource(Service::S3)).unwrap();
    policy.statements.pop();
    assert_eq!(checked(&policy, &Setting::default()).public, Answer::No);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
#[test]
fn string_condition_operators() {
    let tag = identity(
        r#"{"Effect":"Allow","Action":"iam:*AccessKey*","Resource":"arn:aws:iam::444455556666:user/*","Condition":{"StringEquals":{"aws:PrincipalTag/job-category":"iamuser-admin"}}}"#,
    );
    let key = "aws:PrincipalTag/job-category";
    let create = |keys: &[(&str, &str)]| decide(&tag, USER, "iam:CreateAccessKey", USER, keys);
    assert_eq!(create(&[(key, "iamuser-admin")]), Decision::Allowed);
    assert_eq!(create(&[(key, "IAMUser-Admin")]), Decision::ImplicitDeny);
    assert_eq!(create(&[]), Decision::ImplicitDeny);
    let home = identity(
        r#"{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET-NAME","Condition":{"StringLike":{"s3:prefix":["","home/","home/${aws:username}/"]}}},
        {"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::BUCKET-NAME/home/${aws:username}","arn:aws:s3:::BUCKET-NAME/home/${aws:username}/*"]}"#,
    );
    let list = |prefix: &str| {
        decide(&home, USER, "s3:ListBucket", "arn:aws:s3:::BUCKET-NAME", &[("s3:prefix", prefix)])
    };
    assert_eq!(list(""), Decision::Allowed);
    assert_eq!(list("home/Bob/"), Decision::Allowed);
    assert_eq!(list("home/Alice/"), Decision::ImplicitDeny);
    let get = |name: &str| {
        let arn = format!("arn:aws:s3:::BUCKET-NAME/home/{name}/diary");
        decide(&home, USER, "s3:GetObject", &arn, &[])
    };
    assert_eq!(get("Bob"), Decision::Allowed);
    assert_eq!(get("Alice"), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric>
#[test]
fn numeric_condition_operators() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::example_bucket","Condition":{"NumericLessThanEquals":{"s3:max-keys":"10"}}}"#,
    );
    let list = |keys: &[(&str, &str)]| {
        decide(&policy, USER, "s3:ListBucket", "arn:aws:s3:::example_bucket", keys)
    };
    assert_eq!(list(&[("s3:max-keys", "10")]), Decision::Allowed);
    assert_eq!(list(&[("s3:max-keys", "9.5")]), Decision::Allowed);
    assert_eq!(list(&[("s3:max-keys", "11")]), Decision::ImplicitDeny);
    assert_eq!(list(&[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date>
#[test]
fn date_condition_operators() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"iam:*AccessKey*","Resource":"*","Condition":{"DateGreaterThan":{"aws:TokenIssueTime":"2020-01-01T00:00:01Z"}}}"#,
    );
    let create = |keys: &[(&str, &str)]| decide(&policy, USER, "iam:CreateAccessKey", USER, keys);
    assert_eq!(create(&[("aws:TokenIssueTime", "2020-06-01T00:00:00Z")]), Decision::Allowed);
    assert_eq!(create(&[("aws:TokenIssueTime", "1590969600")]), Decision::Allowed);
    assert_eq!(create(&[("aws:TokenIssueTime", "2020-01-01T00:00:01Z")]), Decision::ImplicitDeny);
    assert_eq!(create(&[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean>
#[test]
fn boolean_condition_operators() {
    let policy = identity(
        r#"{"Sid":"BooleanExample","Action":"s3:*","Effect":"Deny","Resource":["arn:aws:s3:::amzn-s3-demo-bucket","arn:aws:s3:::amzn-s3-demo-bucket/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
    );
    let get = |keys: &[(&str, &str)]| {
        decide(&policy, USER, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/a", keys)
    };
    assert_eq!(get(&[("aws:SecureTransport", "false")]), Decision::ExplicitDeny);
    assert_eq!(get(&[("aws:SecureTransport", "true")]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals>
#[test]
fn binary_condition_operators() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*","Condition":{"BinaryEquals":{"key":"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}}}"#,
    );
    let ask = |value: &str| {
        decide(&policy, USER, "kms:Decrypt", "arn:aws:kms:::key/k", &[("key", value)])
    };
    assert_eq!(ask("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), Decision::Allowed);
    assert_eq!(ask("QmluYXJ5VmFsdWVJbkJhc2U2NQ=="), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress>
#[test]
fn ip_address_condition_operators() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"someservice:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:DB8:1234:5678::/64"]}}}"#,
    );
    let from = |ip: &str| decide(&policy, USER, "someservice:Do", "*", &[("aws:SourceIp", ip)]);
    assert_eq!(from("203.0.113.0"), Decision::Allowed);
    assert_eq!(from("203.0.113.255"), Decision::Allowed);
    assert_eq!(from("203.0.114.0"), Decision::ImplicitDeny);
    assert_eq!(from("2001:db8:1234:5678:ffff::1"), Decision::Allowed);
    assert_eq!(from("2001:db8:1234:5679::1"), Decision::ImplicitDeny);
    // Through a VPC endpoint there is no aws:SourceIp.
    assert_eq!(decide(&policy, USER, "someservice:Do", "*", &[]), Decision::ImplicitDeny);
    let single = identity(
        r#"{"Effect":"Allow","Action":"a:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.7"}}}"#,
    );
    assert_eq!(
        decide(&single, USER, "a:b", "*", &[("aws:SourceIp", "203.0.113.7")]),
        Decision::Allowed
    );
    assert_eq!(
        decide(&single, USER, "a:b", "*", &[("aws:SourceIp", "203.0.113.8")]),
        Decision::ImplicitDeny
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN>
#[test]
fn arn_condition_operators() {
    let pattern = "arn:aws:someservice:*:111122223333:finance/*";
    let value =
        "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
    let with = |operator: &str| {
        let text = format!(
            r#"{{"Effect":"Allow","Action":"a:*","Resource":"*","Condition":{{"{operator}":{{"aws:SourceArn":"{pattern}"}}}}}}"#
        );
        decide(&identity(&text), USER, "a:b", "*", &[("aws:SourceArn", value)])
    };
    assert_eq!(with("StringLike"), Decision::Allowed);
    assert_eq!(with("ArnLike"), Decision::ImplicitDeny);
    assert_eq!(with("ArnEquals"), Decision::ImplicitDeny);
    assert_eq!(with("ArnNotLike"), Decision::Allowed);
    let queue = one(
        Kind::Resource(Service::from_prefix("sqs")),
        r#"{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"SQS:SendMessage","Resource":"arn:aws:sqs:REGION:123456789012:QUEUE-ID","Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:REGION:123456789012:TOPIC-ID"}}}"#,
    );
    let send = |keys: &[(&str, &str)]| {
        decide(
            &queue,
            "123456789012",
            "sqs:SendMessage",
            "arn:aws:sqs:REGION:123456789012:QUEUE-ID",
            keys,
        )
    };
    assert_eq!(
        send(&[("aws:SourceArn", "arn:aws:sns:REGION:123456789012:TOPIC-ID")]),
        Decision::Allowed
    );
    assert_eq!(send(&[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists>
#[test]
fn if_exists_condition_operators() {
    let with = |operator: &str, keys: &[(&str, &str)]| {
        let text = format!(
            r#"{{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{{"{operator}":{{"ec2:InstanceType":["t1.*","t2.*","m3.*"]}}}}}}"#
        );
        decide(&identity(&text), USER, "ec2:RunInstances", "arn:aws:ec2:::image/i", keys)
    };
    assert_eq!(with("StringLike", &[]), Decision::ImplicitDeny);
    assert_eq!(with("StringLikeIfExists", &[]), Decision::Allowed);
    assert_eq!(with("StringLikeIfExists", &[("ec2:InstanceType", "t2.nano")]), Decision::Allowed);
    assert_eq!(
        with("StringLikeIfExists", &[("ec2:InstanceType", "c5.large")]),
        Decision::ImplicitDeny
    );
    // A negated operator with IfExists denies also where the tag is missing.
    let deny = identity(
        r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalTag/t":"x"}}}"#,
    );
    assert_eq!(decide(&deny, USER, "a:b", "*", &[]), Decision::ExplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null>
#[test]
fn null_condition_operator() {
    let policy = identity(
        r#"{"Action":"ec2:*","Effect":"Allow","Resource":"*","Condition":{"Null":{"aws:TokenIssueTime":"true"}}}"#,
    );
    assert_eq!(decide(&policy, USER, "ec2:RunInstances", "*", &[]), Decision::Allowed);
    let temporary = [("aws:TokenIssueTime", "2024-01-01T00:00:00Z")];
    assert_eq!(decide(&policy, USER, "ec2:RunInstances", "*", &temporary), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn set_operators() {
    const KEY: &str = "dynamodb:requestedAttributes";
    let table = "arn:aws:dynamodb:us-east-1:444455556666:table/Thread";
    let only = identity(
        r#"{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*","Condition":{"ForAllValues:StringLike":{"dynamodb:requestedAttributes":["PostDateTime","Message","Tags"]}}}"#,
    );
    let get = |keys: &[(&str, &str)]| decide(&only, USER, "dynamodb:GetItem", table, keys);
    assert_eq!(get(&[(KEY, "PostDateTime"), (KEY, "Message")]), Decision::Allowed);
    assert_eq!(get(&[(KEY, "PostDateTime"), (KEY, "UserName")]), Decision::ImplicitDeny);
    assert_eq!(get(&[]), Decision::Allowed);
    assert_eq!(get(&[(KEY, "")]), Decision::Allowed);
    let never = identity(
        r#"{"Effect":"Deny","Action":"dynamodb:PutItem","Resource":"*","Condition":{"ForAnyValue:StringLike":{"dynamodb:requestedAttributes":["ID","PostDateTime"]}}}"#,
    );
    let put = |keys: &[(&str, &str)]| decide(&never, USER, "dynamodb:PutItem", table, keys);
    let three = [(KEY, "UserName"), (KEY, "Message"), (KEY, "PostDateTime")];
    assert_eq!(put(&three), Decision::ExplicitDeny);
    assert_eq!(put(&[(KEY, "UserName")]), Decision::ImplicitDeny);
    assert_eq!(put(&[]), Decision::ImplicitDeny);
    assert_eq!(put(&[(KEY, "")]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[test]
fn several_operators_keys_and_values() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/department":["finance","hr","legal"],"aws:PrincipalTag/role":["audit","security"]},"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::444455556666:user/Bob","arn:aws:iam::444455556666:user/Ana"]}}}"#,
    );
    let ask = |who: &str, department: &str, role: &str| {
        let keys = [("aws:PrincipalTag/department", department), ("aws:PrincipalTag/role", role)];
        decide(&policy, who, "ec2:StartInstances", "*", &keys)
    };
    assert_eq!(ask(USER, "hr", "audit"), Decision::Allowed);
    assert_eq!(ask(USER, "it", "audit"), Decision::ImplicitDeny);
    assert_eq!(ask(USER, "hr", "intern"), Decision::ImplicitDeny);
    assert_eq!(ask("arn:aws:iam::444455556666:user/Eve", "hr", "audit"), Decision::ImplicitDeny);
    // Several values of a negated operator are a NOR.
    let neither = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/t":["a","b"]}}}"#,
    );
    let with = |value: &str| decide(&neither, USER, "a:b", "*", &[("aws:PrincipalTag/t", value)]);
    assert_eq!(with("a"), Decision::ImplicitDeny);
    assert_eq!(with("b"), Decision::ImplicitDeny);
    assert_eq!(with("c"), Decision::Allowed);
    assert_eq!(decide(&neither, USER, "a:b", "*", &[]), Decision::Allowed);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
#[test]
fn not_principal_with_deny() {
    let deny = |list: &str| {
        bucket_policy(&format!(
            r#"{{"Effect":"Deny","NotPrincipal":{{"AWS":[{list}]}},"Action":"s3:*","Resource":["arn:aws:s3:::BUCKETNAME","arn:aws:s3:::BUCKETNAME/*"]}}"#
        ))
    };
    let get = |policy: &Policy, who: &str| {
        decide(policy, who, "s3:GetObject", "arn:aws:s3:::BUCKETNAME/a", &[])
    };
    let both = deny(r#""arn:aws:iam::444455556666:user/Bob","arn:aws:iam::444455556666:root""#);
    assert_eq!(get(&both, USER), Decision::ImplicitDeny);
    assert_eq!(get(&both, "arn:aws:iam::444455556666:user/Eve"), Decision::ExplicitDeny);
    assert_eq!(get(&both, "*"), Decision::ExplicitDeny);
    // Without the account's ARN the account is denied, and the user with it.
    let only_bob = deny(r#""arn:aws:iam::444455556666:user/Bob""#);
    assert_eq!(get(&only_bob, USER), Decision::ExplicitDeny);
    let session = "arn:aws:sts::444455556666:assumed-role/cross-account-read-only-role/cross-account-audit-app";
    let role = r#""arn:aws:iam::444455556666:role/cross-account-read-only-role""#;
    let account = r#""arn:aws:iam::444455556666:root""#;
    let all = deny(&format!(r#""{session}",{role},{account}"#));
    assert_eq!(get(&all, session), Decision::ImplicitDeny);
    let no_role = deny(&format!(r#""{session}",{account}"#));
    assert_eq!(get(&no_role, session), Decision::ExplicitDeny);
}

/// The same page: with Allow it opens to everyone else, anonymous callers too.
#[test]
fn not_principal_with_allow() {
    let policy = bucket_policy(
        r#"{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}"#,
    );
    let answer = checked(&policy, &Setting::default());
    assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Yes));
    assert_eq!(
        decide(&policy, "*", "s3:GetObject", "arn:aws:s3:::example/a", &[]),
        Decision::Allowed
    );
    assert_eq!(
        decide(&policy, USER, "s3:GetObject", "arn:aws:s3:::example/a", &[]),
        Decision::ImplicitDeny
    );
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html>
#[test]
fn not_action() {
    let allow =
        identity(r#"{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"arn:aws:s3:::*"}"#);
    let on_bucket = |action: &str| decide(&allow, USER, action, "arn:aws:s3:::b", &[]);
    assert_eq!(on_bucket("s3:PutBucketPolicy"), Decision::Allowed);
    assert_eq!(on_bucket("s3:DeleteBucket"), Decision::ImplicitDeny);
    assert_eq!(on_bucket("S3:deletebucket"), Decision::ImplicitDeny);
    assert_eq!(decide(&allow, USER, "s3:ListAllMyBuckets", "*", &[]), Decision::ImplicitDeny);
    let power = identity(r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#);
    assert_eq!(decide(&power, USER, "ec2:RunInstances", "*", &[]), Decision::Allowed);
    assert_eq!(decide(&power, USER, "iam:CreateUser", "*", &[]), Decision::ImplicitDeny);
    let mfa = identity(
        r#"{"Sid":"DenyAllUsersNotUsingMFA","Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#,
    );
    let ask = |action: &str, keys: &[(&str, &str)]| decide(&mfa, USER, action, "*", keys);
    assert_eq!(ask("ec2:RunInstances", &[]), Decision::ExplicitDeny);
    assert_eq!(
        ask("ec2:RunInstances", &[("aws:MultiFactorAuthPresent", "false")]),
        Decision::ExplicitDeny
    );
    assert_eq!(
        ask("ec2:RunInstances", &[("aws:MultiFactorAuthPresent", "true")]),
        Decision::ImplicitDeny
    );
    assert_eq!(ask("iam:CreateUser", &[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>
#[test]
fn mfa_combinations() {
    let with = |effect: &str, operator: &str, value: &str, keys: &[(&str, &str)]| {
        let text = format!(
            r#"{{"Effect":"{effect}","Action":"*","Resource":"*","Condition":{{"{operator}":{{"aws:MultiFactorAuthPresent":"{value}"}}}}}}"#
        );
        decide(&identity(&text), USER, "a:b", "*", keys)
    };
    // Not recommended: long-term keys have no such key, so nothing is denied.
    assert_eq!(with("Deny", "Bool", "false", &[]), Decision::ImplicitDeny);
    assert_eq!(with("Deny", "BoolIfExists", "false", &[]), Decision::ExplicitDeny);
    assert_eq!(with("Allow", "BoolIfExists", "true", &[]), Decision::Allowed);
    assert_eq!(with("Allow", "Bool", "true", &[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html>
#[test]
fn an_explicit_deny_wins() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::CarlosSalazar","arn:aws:s3:::CarlosSalazar/*"]}"#,
    );
    let get = |resource: &str| decide(&policy, USER, "s3:GetObject", resource, &[]);
    assert_eq!(get("arn:aws:s3:::CarlosSalazar/a"), Decision::Allowed);
    assert_eq!(get("arn:aws:s3:::other/a"), Decision::ExplicitDeny);
    assert_eq!(decide(&policy, USER, "ec2:RunInstances", "*", &[]), Decision::ImplicitDeny);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn variables_need_the_newer_version() {
    let text = |version: &str| {
        format!(
            r#"{{{version}"Statement":[{{"Action":["iam:*AccessKey*"],"Effect":"Allow","Resource":["arn:aws:iam::444455556666:user/${{aws:username}}"]}}]}}"#
        )
    };
    let ask = |version: &str, resource: &str| {
        let policy = Policy::parse(&text(version), Kind::Identity).unwrap();
        decide(&policy, USER, "iam:CreateAccessKey", resource, &[])
    };
    let literal = "arn:aws:iam::444455556666:user/${aws:username}";
    assert_eq!(ask(r#""Version":"2012-10-17","#, USER), Decision::Allowed);
    assert_eq!(ask(r#""Version":"2012-10-17","#, literal), Decision::ImplicitDeny);
    assert_eq!(ask(r#""Version":"2008-10-17","#, USER), Decision::ImplicitDeny);
    assert_eq!(ask(r#""Version":"2008-10-17","#, literal), Decision::Allowed);
    assert_eq!(ask("", literal), Decision::Allowed);
    let fallback = identity(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::amzn-s3-demo-bucket/${aws:PrincipalTag/team, 'company-wide'}/*"}"#,
    );
    let get = |team: &str, keys: &[(&str, &str)]| {
        let arn = format!("arn:aws:s3:::amzn-s3-demo-bucket/{team}/a");
        decide(&fallback, USER, "s3:GetObject", &arn, keys)
    };
    assert_eq!(get("red", &[("aws:PrincipalTag/team", "red")]), Decision::Allowed);
    assert_eq!(get("company-wide", &[]), Decision::Allowed);
    assert_eq!(get("company-wide", &[("aws:PrincipalTag/team", "red")]), Decision::ImplicitDeny);
    let special =
        identity(r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${*}"}"#);
    assert_eq!(decide(&special, USER, "s3:GetObject", "arn:aws:s3:::b/*", &[]), Decision::Allowed);
    assert_eq!(
        decide(&special, USER, "s3:GetObject", "arn:aws:s3:::b/a", &[]),
        Decision::ImplicitDeny
    );
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html>
#[test]
fn s3_example_bucket_policies() {
    let cases = [
        // Limiting access to specific IP addresses: a Deny alone opens nothing.
        (
            r#"{"Sid":"IPAllow","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::example","arn:aws:s3:::example/*"],"Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#,
            "no",
            "no",
        ),
        // The same beside an Allow: AWS looks at the Allow, strangers stay outside.
        (
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::example/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::example","arn:aws:s3:::example/*"],"Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#,
            "yes",
            "no",
        ),
        // Restricting access to a VPC endpoint.
        (
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::example/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::example","arn:aws:s3:::example/*"],"Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}}"#,
            "yes",
            "no",
        ),
        // An HTTP referrer limits nobody.
        (
            r#"{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:GetObjectVersion"],"Resource":"arn:aws:s3:::example/*","Condition":{"StringLike":{"aws:Referer":["http://www.example.com/*","http://example.com/*"]}}}"#,
            "yes",
            "yes",
        ),
        // An organisation.
        (
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":["o-aa111bb222"]}}}"#,
            "no",
            "no",
        ),
        // Requiring MFA: a Deny on one prefix leaves the rest open.
        (
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::example/taxdocuments/*","Condition":{"Null":{"aws:MultiFactorAuthAge":true}}}"#,
            "yes",
            "yes",
        ),
        // CloudFront by origin access control.
        (
            r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E"}}}"#,
            "no",
            "no",
        ),
        // CloudFront by origin access identity.
        (
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity EH1HDMB1FH2TC"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}"#,
            "no",
            "no",
        ),
    ];
    for (statements, public, reachable) in cases {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        let answer = bucket(&text);
        assert_eq!(
            (answer.public.as_str(), answer.reachable.as_str()),
            (public, reachable),
            "{statements}"
        );
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html>
#[test]
fn not_resource() {
    let deny = identity(
        r#"{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::HRBucket/Payroll","arn:aws:s3:::HRBucket/Payroll/*"]}"#,
    );
    let get = |resource: &str| decide(&deny, USER, "s3:GetObject", resource, &[]);
    assert_eq!(get("arn:aws:s3:::HRBucket/Payroll/2024"), Decision::ImplicitDeny);
    assert_eq!(get("arn:aws:s3:::HRBucket/Holidays"), Decision::ExplicitDeny);
    assert_eq!(get("arn:aws:s3:::other/a"), Decision::ExplicitDeny);
    // With Allow it opens everything else, other services' resources too.
    let allow =
        identity(r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::HRBucket/*"}"#);
    assert_eq!(decide(&allow, USER, "ec2:RunInstances", "*", &[]), Decision::Allowed);
    assert_eq!(admin(&Holder::of_policy(&allow, None, None)).admin, Admin::Yes);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>:
/// the tables of keys with several values, row by row.
#[test]
fn keys_with_several_values_table_by_table() {
    let with = |operator: &str, policy: &str, request: &[&str]| {
        let text = format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"aws:TagKeys":{policy}}}}}}}"#
        );
        let keys: Vec<(&str, &str)> = request.iter().map(|v| ("aws:TagKeys", *v)).collect();
        decide(&identity(&text), USER, "ec2:CreateTags", "*", &keys) == Decision::Allowed
    };
    let both = r#"["environment","cost-center"]"#;
    for (operator, request, expected) in [
        ("ForAllValues:StringEquals", &["environment", "cost-center"][..], true),
        ("ForAllValues:StringEquals", &["environment"], true),
        ("ForAllValues:StringEquals", &["environment", "owner"], false),
        ("ForAllValues:StringEquals", &[], true),
        ("ForAnyValue:StringEquals", &["environment", "owner"], true),
        ("ForAnyValue:StringEquals", &["owner"], false),
        ("ForAnyValue:StringEquals", &[], false),
        ("ForAllValues:StringNotEquals", &["owner"], true),
        ("ForAllValues:StringNotEquals", &["owner", "environment"], false),
        ("ForAnyValue:StringNotEquals", &["owner", "environment"], true),
        ("ForAnyValue:StringNotEquals", &["environment"], false),
        ("ForAnyValue:StringNotEquals", &[], false),
        ("StringNotEquals", &["owner", "environment"], false),
        ("ForAnyValue:StringEqualsIfExists", &[], true),
    ] {
        assert_eq!(with(operator, both, request), expected, "{operator} {request:?}");
    }
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-options>
#[test]
fn restrict_public_buckets_cuts_off_the_accounts_beside_the_public() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"},
        {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}]}"#;
    let answer = bucket(text);
    // The whole policy is public, so the switch acts on all of it.
    assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Yes));
    let only_named = text.replace(r#""Principal":"*""#, r#""Principal":{"AWS":"333333333333"}"#);
    assert_eq!(bucket(&only_named).public, Answer::No);
}

/// Policies made to look harmless to checkers that know good-looking keys.
#[test]
fn conditions_that_only_look_like_limits() {
    for condition in [
        r#""StringNotLike":{"aws:UserAgent":"|_(..)_|"},"NotIpAddress":{"aws:SourceIp":"8.8.8.8"}"#,
        r#""StringLike":{"aws:UserAgent":"aws-cli*"},"IpAddress":{"AWS:SourceIP":["0.0.0.0/0"]}"#,
        r#""StringNotEquals":{"aws:SourceVpc":"vpc-0"}"#,
        r#""StringLike":{"AWS:SourceOwner":"*"}"#,
    ] {
        let elements = format!(r#""Principal":{{"AWS":"*"}},"Condition":{{{condition}}}"#);
        let answer = bucket(&bucket_statement(&elements));
        assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Yes), "{condition}");
    }
}
