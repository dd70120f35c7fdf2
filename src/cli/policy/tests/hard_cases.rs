//! Policies on which list-of-keys analysers go wrong, through `policy check`. What is
//! right was decided by AWS's documentation, page by page:
//! - public: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>
//! - operators: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
//! - keys: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
//! - principals: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
//! - several keys and values: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>

use super::{Value, check};

const ACCOUNT: &[&str] = &["--account", "111122223333"];

fn document(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

fn asked(policy: &str) -> Value {
    let ran = check(policy, ACCOUNT);
    assert!(ran.err.is_empty(), "{}: {policy}", ran.err);
    ran.json()
}

/// A bucket policy's answer: public, reachable, and who is outside.
fn opening(policy: &str) -> (String, String, Vec<String>) {
    let answer = asked(policy);
    let text = |key: &str| answer[key].as_str().unwrap().to_owned();
    assert_eq!(answer["witness"].is_null(), text("reachable") != "yes", "{policy}");
    let outside = answer["outside"].as_array().unwrap().iter();
    let outside = outside.map(|o| o["principal"].as_str().unwrap().to_owned()).collect();
    (text("public"), text("reachable"), outside)
}

fn wrong_of<T: PartialEq + std::fmt::Debug>(name: &str, found: T, right: T) -> Option<String> {
    (found != right).then(|| format!("{name}: {found:?}, not {right:?}"))
}

/// An Allow for everyone under a condition.
fn everyone(condition: &str) -> String {
    document(&format!(
        r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{{condition}}}}}"#
    ))
}

#[test]
fn one_condition_on_everyone() {
    let cases: &[(&str, &str, &str)] = &[
        // The operator decides, not the key.
        (r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a"}"#, "yes", "yes"),
        (r#""StringNotLike":{"aws:SourceVpce":"vpce-1*"}"#, "yes", "yes"),
        (r#""ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/r"}"#, "yes", "yes"),
        (r#""StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}"#, "yes", "yes"),
        (r#""IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}"#, "yes", "yes"),
        // Of anonymous callers the account is `anonymous`; IfExists leaves no way around.
        (r#""StringEqualsIfExists":{"aws:PrincipalAccount":"111122223333"}"#, "yes", "no"),
        (r#""ForAllValues:StringEquals":{"aws:PrincipalOrgID":["o-a"]}"#, "yes", "yes"),
        (r#""ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":["o-a/r-1/ou-1/"]}"#, "no", "no"),
        (
            r#""ForAllValues:StringLike":{"aws:PrincipalOrgPaths":["o-a/*"]},"Null":{"aws:PrincipalOrgPaths":"false"}"#,
            "yes",
            "no",
        ),
        (r#""Null":{"aws:SourceVpce":"true"}"#, "yes", "yes"),
        (r#""Null":{"aws:TokenIssueTime":"false"}"#, "yes", "yes"),
        (r#""Null":{"aws:username":"false"}"#, "yes", "yes"),
        // Wildcards and variables are no fixed values; a stranger may still not have them.
        (r#""StringLike":{"aws:PrincipalOrgID":"*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:PrincipalAccount":"11112222333?"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}"#, "yes", "yes"),
        (r#""ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:*"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:PrincipalOrgID":"${aws:ResourceOrgID}"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:ResourceAccount":"${aws:PrincipalAccount}"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalAccount}"}"#, "yes", "yes"),
        // What the caller sends, or chooses for itself, limits nothing.
        (r#""StringEquals":{"aws:UserAgent":"secret"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:Referer":"https://example.com/"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:PrincipalTag/department":"finance"}"#, "yes", "yes"),
        (r#""StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}"#, "yes", "yes"),
        (r#""StringEquals":{"s3:prefix":"home/"}"#, "yes", "yes"),
        (r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#, "yes", "yes"),
        (r#""NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}"#, "yes", "yes"),
        (r#""Bool":{"aws:SecureTransport":"false"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:RequestedRegion":"eu-west-1"}"#, "yes", "yes"),
        (r#""Bool":{"aws:ViaAWSService":"true"}"#, "yes", "yes"),
        // Addresses.
        (r#""IpAddress":{"aws:SourceIp":"8.8.8.8"}"#, "no", "no"),
        (r#""IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}"#, "no", "no"),
        (r#""IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"2001:db8::/32"}"#, "no", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"::/0"}"#, "yes", "yes"),
        (r#""NotIpAddress":{"aws:SourceIp":"198.51.100.0/24"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:VpcSourceIp":"10.1.2.0/24"}"#, "yes", "yes"),
        (
            r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"},"NotIpAddress":{"aws:SourceIp":"0.0.0.0/1"}"#,
            "yes",
            "yes",
        ),
        // Services on behalf of somebody.
        (r#""StringEquals":{"aws:SourceAccount":"111122223333"}"#, "no", "no"),
        (r#""StringEquals":{"aws:SourceOrgID":"o-a"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}"#, "no", "no"),
        (r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:mine"}"#, "yes", "no"),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:cloudtrail:*:*:trail/*"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:SourceArn":"*"}"#, "yes", "yes"),
        // Time.
        (r#""DateLessThan":{"aws:CurrentTime":"1969-01-01T00:00:00Z"}"#, "yes", "no"),
        (r#""DateGreaterThan":{"aws:CurrentTime":"1969-01-01T00:00:00Z"}"#, "yes", "yes"),
        // One limit of two is enough; two values are as weak as the weaker.
        (
            r#""StringEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"true"}"#,
            "no",
            "no",
        ),
        (r#""StringLike":{"aws:SourceVpce":["vpce-1","vpce-*"]}"#, "yes", "yes"),
        // Keys of IAM that a request to S3 never has.
        (r#""StringEquals":{"iam:PassedToService":"x"}"#, "yes", "no"),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(condition, public, reachable)| {
            let (p, r, _) = opening(&everyone(condition));
            wrong_of(condition, (p.as_str(), r.as_str()), (public, reachable))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const OPEN: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;

#[test]
fn statements_together() {
    let deny = |elements: &str| document(&format!(r#"{OPEN},{{"Effect":"Deny",{elements}}}"#));
    let all = r#""Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#;
    let cases: Vec<(&str, String, &str, &str, &[&str])> = vec![
        ("nothing but Deny", document(&format!(r#"{{"Effect":"Deny",{all}}}"#)), "no", "no", &[]),
        ("a Deny for all", deny(all), "yes", "no", &[]),
        ("a Deny on other objects", deny(&all.replace("b/*", "b/x/*")), "yes", "yes", &["*"]),
        ("a Deny of other actions", deny(&all.replace("s3:*", "s3:Put*")), "yes", "yes", &["*"]),
        (
            "a Deny of everything but what is allowed",
            deny(&all.replace(r#""Action":"s3:*""#, r#""NotAction":"s3:GetObject""#)),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny outside the organization",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotEquals":{{"aws:PrincipalOrgID":"o-a"}}}}"#
            )),
            "yes",
            "no",
            &["organization o-a"],
        ),
        (
            "a Deny outside the organization, unless there is none",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotEquals":{{"aws:PrincipalOrgID":"o-a"}},"Null":{{"aws:PrincipalOrgID":"false"}}}}"#
            )),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny over plain HTTP",
            deny(&format!(r#"{all},"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}"#)),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny without the right referer",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotLike":{{"aws:Referer":"https://a/*"}}}}"#
            )),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny outside one endpoint",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotEquals":{{"aws:SourceVpce":"vpce-1"}}}}"#
            )),
            "yes",
            "no",
            &["anyone through vpce-1"],
        ),
        (
            "a Deny outside one endpoint, as far as there is one",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotEqualsIfExists":{{"aws:SourceVpce":"vpce-1"}}}}"#
            )),
            "yes",
            "no",
            &["anyone who meets the conditions"],
        ),
        (
            "a Deny of other people's accounts only",
            deny(&format!(
                r#"{all},"Condition":{{"StringNotEquals":{{"aws:PrincipalAccount":["111122223333","anonymous"]}}}}"#
            )),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny of anonymous callers only",
            deny(&format!(
                r#"{all},"Condition":{{"StringEquals":{{"aws:PrincipalType":"Anonymous"}}}}"#
            )),
            "yes",
            "yes",
            &["*"],
        ),
        (
            "a Deny for everyone but one user",
            deny(
                r#""NotPrincipal":{"AWS":["arn:aws:iam::444455556666:root","arn:aws:iam::444455556666:user/Bob"]},"Action":"s3:*","Resource":"arn:aws:s3:::b/*""#,
            ),
            "yes",
            "no",
            &["arn:aws:iam::444455556666:user/Bob"],
        ),
        (
            "two halves of the addresses",
            document(
                &["0.0.0.0/1", "128.0.0.0/1"]
                    .map(|net| {
                        OPEN.replace(
                            r#""Action""#,
                            &format!(
                                r#""Condition":{{"IpAddress":{{"aws:SourceIp":"{net}"}}}},"Action""#
                            ),
                        )
                    })
                    .join(","),
            ),
            "yes",
            "yes",
            &["*", "*"],
        ),
        (
            "signed and unsigned",
            document(
                &["true", "false"]
                    .map(|flag| {
                        OPEN.replace(
                            r#""Action""#,
                            &format!(
                                r#""Condition":{{"Null":{{"aws:PrincipalArn":"{flag}"}}}},"Action""#
                            ),
                        )
                    })
                    .join(","),
            ),
            "yes",
            "yes",
            &["*", "*"],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, policy, public, reachable, outside) in cases {
        let (p, r, o) = opening(&policy);
        let found = (p.as_str(), r.as_str(), o.iter().map(String::as_str).collect::<Vec<_>>());
        wrong.extend(wrong_of(name, found, (public, reachable, outside.to_vec())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn principals_of_a_bucket_policy() {
    let to = |principal: &str| {
        document(&format!(
            r#"{{"Effect":"Allow",{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#
        ))
    };
    let canonical = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
    let by_id = format!(r#""Principal":{{"CanonicalUser":"{canonical}"}}"#);
    let cases: &[(&str, &str, &str, &[&str])] = &[
        (r#""Principal":{"AWS":["111122223333","*"]}"#, "yes", "yes", &["*"]),
        (r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#, "no", "no", &[]),
        (r#""Principal":{"AWS":"444455556666"}"#, "no", "no", &["444455556666"]),
        (
            r#""Principal":{"AWS":"arn:aws:sts::444455556666:assumed-role/r/s"}"#,
            "no",
            "no",
            &["arn:aws:sts::444455556666:assumed-role/r/s"],
        ),
        (r#""Principal":{"AWS":"AIDAJQABLZS4A3QDU576Q"}"#, "no", "no", &[]),
        (&by_id, "no", "no", &[canonical]),
        (r#""Principal":{"Service":"s3.amazonaws.com"}"#, "no", "no", &["s3.amazonaws.com"]),
        (
            r#""Principal":{"Service":"logging.s3.amazonaws.com"}"#,
            "no",
            "no",
            &["logging.s3.amazonaws.com"],
        ),
        (
            r#""Principal":{"Federated":"cognito-identity.amazonaws.com"}"#,
            "yes",
            "yes",
            &["cognito-identity.amazonaws.com"],
        ),
        (r#""NotPrincipal":{"AWS":"111122223333"}"#, "yes", "yes", &["*"]),
    ];
    let mut wrong = Vec::new();
    for (principal, public, reachable, outside) in cases {
        let (p, r, o) = opening(&to(principal));
        let found = (p.as_str(), r.as_str(), o.iter().map(String::as_str).collect::<Vec<_>>());
        wrong.extend(wrong_of(principal, found, (public, reachable, outside.to_vec())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A wildcard stands for a whole principal or for nothing.
    for refused in [
        r#""Principal":{"AWS":"arn:aws:iam::*:root"}"#,
        r#""Principal":{"AWS":"arn:aws:iam::444455556666:role/*"}"#,
        r#""Principal":{"AWS":"4444*"}"#,
        r#""Principal":{"Service":"*.amazonaws.com"}"#,
    ] {
        let ran = check(&to(refused), ACCOUNT);
        assert_eq!(ran.exit, super::Exit::Usage, "{refused}");
        assert!(ran.err.contains("wildcard"), "{}", ran.err);
    }
}

#[test]
fn administrators_and_others() {
    let all = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let with = |statement: &str| document(&format!("{all},{statement}"));
    let only = |condition: &str| {
        document(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{{condition}}}}}"#
        ))
    };
    let cases: Vec<(&str, String, &str)> = vec![
        ("everything", document(all), "yes"),
        ("a list of all services", document(r#"{"Effect":"Allow","Action":["a*:*","b*:*","i*:*","*:*"],"Resource":"*"}"#), "yes"),
        ("every action by two halves", document(r#"{"Effect":"Allow","NotAction":["iam:*"],"Resource":"*"},{"Effect":"Allow","Action":["iam:A*","iam:P*","iam:C*"],"Resource":"*"}"#), "yes"),
        ("everything but one service", document(r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}"#), "yes"),
        ("power user", document(r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},{"Effect":"Allow","Action":["iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles","organizations:DescribeOrganization","account:ListRegions"],"Resource":"*"}"#), "no"),
        ("all IAM", document(r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#), "yes"),
        ("every grant, one by one", document(r#"{"Effect":"Allow","Action":["iam:AttachUserPolicy","iam:AttachRolePolicy","iam:AttachGroupPolicy","iam:PutUserPolicy","iam:PutRolePolicy","iam:PutGroupPolicy","iam:CreatePolicyVersion"],"Resource":"arn:aws:iam::*:*"}"#), "yes"),
        ("all actions on all resources but one", document(r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::audit/*"}"#), "yes"),
        ("all actions, but not on IAM", document(r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:iam::*"}"#), "no"),
        ("all but IAM denied", with(r#"{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}"#), "yes"),
        ("IAM denied", with(r#"{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#), "no"),
        ("IAM denied by pattern", with(r#"{"Effect":"Deny","Action":"i?m:*","Resource":"*"}"#), "no"),
        ("only reading IAM denied", with(r#"{"Effect":"Deny","Action":["iam:Get*","iam:List*"],"Resource":"*"}"#), "yes"),
        ("IAM denied on one user", with(r#"{"Effect":"Deny","Action":"iam:*","Resource":"arn:aws:iam::*:user/root-like"}"#), "yes"),
        ("IAM denied but to one user", with(r#"{"Effect":"Deny","Action":"iam:*","NotResource":"arn:aws:iam::*:user/${aws:username}"}"#), "yes"),
        ("denied without MFA", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}"#), "yes"),
        ("denied from outside the office", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#), "yes"),
        ("denied outside Ireland, IAM with it", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}"#), "no"),
        ("denied outside Ireland, global services aside", with(r#"{"Effect":"Deny","NotAction":["iam:*","route53:*","support:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}"#), "yes"),
        ("only in Ireland", only(r#""StringEquals":{"aws:RequestedRegion":"eu-west-1"}"#), "no"),
        ("only in Virginia", only(r#""StringEquals":{"aws:RequestedRegion":"us-east-1"}"#), "yes"),
        ("with MFA", only(r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#), "conditional"),
        ("with MFA, if there is such a key", only(r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}"#), "yes"),
        ("from the office", only(r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#), "conditional"),
        ("from anywhere", only(r#""IpAddress":{"aws:SourceIp":["0.0.0.0/0","::/0"]}"#), "yes"),
        ("tagged so", only(r#""StringEquals":{"aws:PrincipalTag/role":"admin"}"#), "conditional"),
        ("not tagged otherwise", only(r#""StringNotEquals":{"aws:PrincipalTag/role":"guest"}"#), "conditional"),
        ("over TLS", only(r#""Bool":{"aws:SecureTransport":"true"}"#), "yes"),
        ("with any agent", only(r#""StringLike":{"aws:UserAgent":"*"}"#), "yes"),
        ("in an organization", only(r#""StringEquals":{"aws:PrincipalOrgID":"o-a"}"#), "conditional"),
        ("after the fact", only(r#""DateLessThan":{"aws:CurrentTime":"1969-01-01T00:00:00Z"}"#), "no"),
        ("own user only", document(r#"{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/${aws:username}"}"#), "no"),
        ("own user only, as text in the older version", document(r#"{"Effect":"Allow","Action":"iam:*","Resource":"arn:aws:iam::*:user/${aws:username}"}"#).replace("2012", "2008"), "no"),
        ("reading", document(r#"{"Effect":"Allow","Action":["*:Get*","*:List*","*:Describe*"],"Resource":"*"}"#), "no"),
        ("denied altogether", with(r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#), "no"),
        ("denied in a way that always holds", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:UserAgent":"no-such-agent"},"Null":{"aws:PrincipalArn":"false"}}}"#), "yes"),
        ("denied to all principals of the account", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:*"}}}"#), "no"),
        ("denied to all but one role", with(r#"{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deployer"}}}"#), "yes"),
    ];
    let mut wrong = Vec::new();
    for (name, policy, admin) in &cases {
        wrong.extend(wrong_of(name, asked(policy)["admin"].as_str().unwrap(), admin));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Its name, the policy, and the ways with whether each hangs on a condition.
type Case<'a> = (&'a str, String, Vec<(&'a str, bool)>);

#[test]
fn ways_to_raise_privileges() {
    let allow =
        |actions: &str, rest: &str| format!(r#"{{"Effect":"Allow","Action":{actions},{rest}}}"#);
    let anywhere = r#""Resource":"*""#;
    let pass = |rest: &str| allow(r#""iam:PassRole""#, rest);
    let run = allow(r#"["lambda:CreateFunction","lambda:InvokeFunction"]"#, anywhere);
    let attach = |condition: &str| {
        allow(r#""iam:AttachUserPolicy""#, &format!(r#"{anywhere},"Condition":{{{condition}}}"#))
    };
    let cases: Vec<Case> = vec![
        ("passing a role alone", pass(anywhere), vec![]),
        ("a function without a role", run.clone(), vec![]),
        (
            "a function with a role",
            format!("{run},{}", pass(anywhere)),
            vec![("PassRole+CreateFunction+InvokeFunction", false)],
        ),
        (
            "a role that only EC2 gets",
            format!(
                "{run},{}",
                pass(&format!(
                    r#"{anywhere},"Condition":{{"StringEquals":{{"iam:PassedToService":"ec2.amazonaws.com"}}}}"#
                ))
            ),
            vec![],
        ),
        (
            "a role that any service gets, if it is named",
            format!(
                "{run},{}",
                pass(&format!(
                    r#"{anywhere},"Condition":{{"StringLike":{{"iam:PassedToService":"*.amazonaws.com"}}}}"#
                ))
            ),
            vec![("PassRole+CreateFunction+InvokeFunction", false)],
        ),
        (
            "passing what is no role",
            format!("{run},{}", pass(r#""Resource":"arn:aws:s3:::b""#)),
            vec![],
        ),
        (
            "passing one role",
            format!("{run},{}", pass(r#""Resource":"arn:aws:iam::111122223333:role/app""#)),
            vec![("PassRole+CreateFunction+InvokeFunction", false)],
        ),
        (
            "passing roles, denied",
            format!(
                r#"{run},{},{{"Effect":"Deny","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/*"}}"#,
                pass(anywhere)
            ),
            vec![],
        ),
        (
            "passing roles, denied but one",
            format!(
                r#"{run},{},{{"Effect":"Deny","Action":"iam:PassRole","NotResource":"arn:aws:iam::*:role/app"}}"#,
                pass(anywhere)
            ),
            vec![("PassRole+CreateFunction+InvokeFunction", false)],
        ),
        (
            "one's own keys",
            allow(r#""iam:*AccessKey*""#, r#""Resource":"arn:aws:iam::*:user/${aws:username}""#),
            vec![],
        ),
        (
            "everybody's keys",
            allow(r#""iam:*AccessKey*""#, r#""Resource":"arn:aws:iam::*:user/*""#),
            vec![("CreateAccessKey", false)],
        ),
        (
            "everybody's keys with MFA",
            allow(
                r#""iam:CreateAccessKey""#,
                &format!(
                    r#"{anywhere},"Condition":{{"Bool":{{"aws:MultiFactorAuthPresent":"true"}}}}"#
                ),
            ),
            vec![("CreateAccessKey", true)],
        ),
        (
            "a policy version",
            allow(r#""iam:CreatePolicyVersion""#, anywhere),
            vec![("CreatePolicyVersion", false)],
        ),
        (
            "a version of what AWS manages",
            allow(r#""iam:CreatePolicyVersion""#, r#""Resource":"arn:aws:iam::aws:policy/*""#),
            vec![],
        ),
        (
            "attaching anything",
            allow(r#""iam:AttachUserPolicy""#, anywhere),
            vec![("AttachUserPolicy", false)],
        ),
        (
            "attaching the read-only policy",
            attach(r#""ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/ReadOnlyAccess"}"#),
            vec![],
        ),
        (
            "attaching the administrator's policy",
            attach(
                r#""ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
            ),
            vec![("AttachUserPolicy", false)],
        ),
        (
            "attaching what is the account's own",
            attach(r#""ArnLike":{"iam:PolicyARN":"arn:aws:iam::111122223333:policy/dev-*"}"#),
            vec![("AttachUserPolicy", true)],
        ),
        (
            "attaching anything but the administrator's policy",
            attach(
                r#""ArnNotEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}"#,
            ),
            vec![("AttachUserPolicy", true)],
        ),
        (
            "attaching within a boundary",
            attach(
                r#""StringEquals":{"iam:PermissionsBoundary":"arn:aws:iam::111122223333:policy/b"}"#,
            ),
            vec![("AttachUserPolicy", true)],
        ),
        (
            "changing trust",
            allow(r#""iam:UpdateAssumeRolePolicy""#, anywhere),
            vec![("UpdateAssumeRolePolicy", false)],
        ),
        (
            "changing trust, assuming denied",
            format!(
                r#"{},{{"Effect":"Deny","Action":"sts:*","Resource":"*"}}"#,
                allow(r#""iam:UpdateAssumeRolePolicy""#, anywhere)
            ),
            vec![],
        ),
        (
            "a group",
            allow(r#""iam:AddUserToGroup""#, r#""Resource":"arn:aws:iam::*:group/*""#),
            vec![("AddUserToGroup", false)],
        ),
        (
            "a group on a user's ARN",
            allow(r#""iam:AddUserToGroup""#, r#""Resource":"arn:aws:iam::*:user/*""#),
            vec![],
        ),
        (
            "a shell on tagged instances",
            allow(
                r#""ssm:SendCommand""#,
                &format!(
                    r#"{anywhere},"Condition":{{"StringEquals":{{"aws:ResourceTag/team":"a"}}}}"#
                ),
            ),
            vec![("SendCommand", true)],
        ),
        (
            "a function in Ireland",
            allow(
                r#""lambda:UpdateFunctionCode""#,
                &format!(
                    r#"{anywhere},"Condition":{{"StringEquals":{{"aws:RequestedRegion":"eu-west-1"}}}}"#
                ),
            ),
            vec![("UpdateFunctionCode", false)],
        ),
        (
            "a login for others",
            allow(r#"["iam:CreateLoginProfile","iam:UpdateLoginProfile"]"#, anywhere),
            vec![("CreateLoginProfile", false), ("UpdateLoginProfile", false)],
        ),
    ];
    let mut wrong = Vec::new();
    for (name, statements, right) in &cases {
        let answer = asked(&document(statements));
        let found: Vec<(&str, bool)> = answer["escalation"]
            .as_array()
            .unwrap()
            .iter()
            .map(|way| (way["method"].as_str().unwrap(), way["conditional"].as_bool().unwrap()))
            .collect();
        wrong.extend(wrong_of(name, &found, right));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn trust_in_whom() {
    let trust = |principal: &str, condition: &str| {
        document(&format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity","sts:AssumeRoleWithSAML"],"Condition":{{{condition}}}}}"#
        ))
    };
    let oidc =
        |host: &str| format!(r#"{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{host}"}}"#);
    let github = oidc("token.actions.githubusercontent.com");
    let claim = |operator: &str, name: &str, value: &str| {
        format!(r#""{operator}":{{"token.actions.githubusercontent.com:{name}":"{value}"}}"#)
    };
    let star = r#"{"AWS":"*"}"#.to_owned();
    let cases: Vec<(String, String, &str)> = vec![
        (star.clone(), String::new(), "yes"),
        (star.clone(), r#""StringEquals":{"sts:ExternalId":"e"}"#.into(), "yes"),
        (
            star.clone(),
            r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Deploy"}"#.into(),
            "yes",
        ),
        (star.clone(), r#""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#.into(), "no"),
        (star.clone(), r#""StringEquals":{"aws:PrincipalTag/team":"ops"}"#.into(), "yes"),
        (star, r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#.into(), "yes"),
        (r#"{"AWS":"444455556666"}"#.into(), String::new(), "no"),
        (r#"{"Service":"ec2.amazonaws.com"}"#.into(), String::new(), "no"),
        (r#"{"Service":"s3.amazonaws.com"}"#.into(), String::new(), "no"),
        (github.clone(), claim("StringEquals", "aud", "sts.amazonaws.com"), "yes"),
        (github.clone(), claim("StringLike", "sub", "repo:acme/*"), "no"),
        (github.clone(), claim("StringLike", "sub", "repo:acme*"), "yes"),
        (github.clone(), claim("StringLike", "sub", "repo:*acme/app:*"), "yes"),
        (github.clone(), claim("StringEquals", "repository_owner_id", "1"), "no"),
        (github.clone(), claim("StringEquals", "environment", "prod"), "yes"),
        (github.clone(), claim("StringNotEquals", "sub", "repo:acme/app:pull_request"), "yes"),
        (github, claim("StringEqualsIfExists", "sub", "repo:acme/app:x"), "no"),
        (
            oidc("gitlab.com"),
            r#""StringLike":{"gitlab.com:sub":"project_path:acme/*:ref:main"}"#.into(),
            "no",
        ),
        (
            oidc("gitlab.com"),
            r#""StringEquals":{"gitlab.com:sub":"project_path:acme/a:ref_type:branch:ref:main"}"#
                .into(),
            "no",
        ),
        (
            oidc("app.terraform.io"),
            r#""StringLike":{"app.terraform.io:sub":"organization:acme:project:*"}"#.into(),
            "no",
        ),
        (
            oidc("app.terraform.io"),
            r#""StringLike":{"app.terraform.io:sub":"organization:acme*"}"#.into(),
            "yes",
        ),
        (oidc("oidc.eks.eu-west-1.amazonaws.com/id/E"), String::new(), "no"),
        (r#"{"Federated":"accounts.google.com"}"#.into(), String::new(), "yes"),
        (
            r#"{"Federated":"www.amazon.com"}"#.into(),
            r#""StringEquals":{"www.amazon.com:app_id":"a"}"#.into(),
            "no",
        ),
        (r#"{"Federated":"graph.facebook.com"}"#.into(), String::new(), "yes"),
        (
            r#"{"Federated":"cognito-identity.amazonaws.com"}"#.into(),
            r#""ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}"#
                .into(),
            "yes",
        ),
        (
            r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/idp"}"#.into(),
            String::new(),
            "no",
        ),
    ];
    let mut wrong = Vec::new();
    for (principal, condition, reachable) in &cases {
        let (_, found, _) = opening(&trust(principal, condition));
        wrong.extend(wrong_of(&format!("{principal} {condition}"), found.as_str(), reachable));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
