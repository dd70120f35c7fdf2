//! AWS's own examples of what is public and what is not, through `policy check`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status>

use super::{check, on_bucket, one};

/// What a policy is, what AWS says of it, and whether a stranger gets through.
struct Case {
    name: &'static str,
    policy: String,
    public: &'static str,
    reachable: &'static str,
}

fn case(name: &'static str, policy: String, public: &'static str, reachable: &'static str) -> Case {
    Case { name, policy, public, reachable }
}

fn everyone_if(condition: &str) -> String {
    on_bucket(&format!(r#""Principal":"*","Condition":{{{condition}}}"#))
}

fn cases() -> Vec<Case> {
    let put = |condition: &str| {
        one(&format!(
            r#""Principal":"*","Resource":"arn:aws:s3:::amzn-s3-demo-bucket/*","Action":"s3:PutObject","Effect":"Allow","Condition":{{{condition}}}"#
        ))
    };
    vec![
        case("everyone", on_bucket(r#""Principal":"*""#), "yes", "yes"),
        case("every AWS principal", on_bucket(r#""Principal":{"AWS":"*"}"#), "yes", "yes"),
        case(
            "one account",
            on_bucket(r#""Principal":{"AWS":"arn:aws:iam::123456789012:root"}"#),
            "no",
            "no",
        ),
        case(
            "a VPC by a pattern",
            put(r#""StringLike":{"aws:SourceVpc":"vpc-*"}"#),
            "yes",
            "yes",
        ),
        case(
            "a fixed VPC",
            put(r#""StringEquals":{"aws:SourceVpc":"vpc-91237329"}"#),
            "no",
            "no",
        ),
        case(
            "a fixed VPC under StringLike",
            put(r#""StringLike":{"aws:SourceVpc":"vpc-91237329"}"#),
            "no",
            "no",
        ),
        case(
            "a fixed endpoint",
            put(r#""StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}"#),
            "no",
            "no",
        ),
        case(
            "a service for one account",
            on_bucket(
                r#""Principal":{"Service":"cloudtrail.amazonaws.com"},"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
            ),
            "no",
            "no",
        ),
        case(
            "a federated principal",
            on_bucket(r#""Principal":{"Federated":"graph.facebook.com"}"#),
            "yes",
            "yes",
        ),
        case(
            "an organization",
            everyone_if(r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#),
            "no",
            "no",
        ),
        case(
            "an organization by a pattern",
            everyone_if(r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#),
            "yes",
            "yes",
        ),
        case(
            "a policy variable",
            everyone_if(r#""StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}"#),
            "yes",
            "no",
        ),
        case(
            "an /8 is not public to AWS, and open to strangers",
            everyone_if(r#""IpAddress":{"aws:SourceIp":"3.0.0.0/8"}"#),
            "no",
            "yes",
        ),
        case(
            "broader than /8",
            everyone_if(r#""IpAddress":{"aws:SourceIp":"54.0.0.0/7"}"#),
            "yes",
            "yes",
        ),
        case(
            "one office",
            everyone_if(r#""IpAddress":{"aws:SourceIp":"192.0.2.0/24"}"#),
            "no",
            "no",
        ),
        case(
            "a /31 of IPv6",
            everyone_if(r#""IpAddress":{"aws:SourceIp":"2001:db8::/31"}"#),
            "yes",
            "yes",
        ),
        case(
            "a user id",
            everyone_if(r#""StringLike":{"aws:userid":"AROADBQP57FF2AEXAMPLE:*"}"#),
            "yes",
            "no",
        ),
        case(
            "a referer that anybody can send",
            everyone_if(r#""StringLike":{"aws:Referer":"https://example.com/*"}"#),
            "yes",
            "yes",
        ),
        case(
            "an access point by name pattern",
            everyone_if(
                r#""StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}"#,
            ),
            "no",
            "no",
        ),
        case(
            "an access point in any account",
            everyone_if(
                r#""StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/point"}"#,
            ),
            "yes",
            "yes",
        ),
        case(
            "a fixed KMS key",
            put(
                r#""StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-west-2:111122223333:key/1234abcd"}"#,
            ),
            "no",
            "no",
        ),
        case(
            "everyone, and a Deny for everyone",
            r#"{"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::amzn-s3-demo-bucket/*"},
                {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::amzn-s3-demo-bucket/*"}]}"#
                .to_owned(),
            "yes",
            "no",
        ),
        case("everyone but one", on_bucket(r#""NotPrincipal":{"AWS":"123456789012"}"#), "yes", "yes"),
    ]
}

#[test]
fn public_and_reachable_as_documented() {
    let mut wrong = Vec::new();
    for case in cases() {
        let ran = check(&case.policy, &["--kind", "resource", "--account", "111122223333"]);
        let answer = ran.json();
        let found = (answer["public"].as_str().unwrap(), answer["reachable"].as_str().unwrap());
        if found != (case.public, case.reachable) {
            wrong.push(format!("{}: {found:?} {}", case.name, answer["reasons"]));
        }
        assert_eq!(answer["witness"].is_null(), found.1 != "yes", "{}", case.name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
