//! The bound on the work: policies of the largest size are decided, and what would take
//! too long is "undecided" with a reason.

use super::*;

/// 20 KiB, the most that S3 accepts.
fn large_bucket_policy(last: &str) -> String {
    let mut statements = Vec::new();
    let mut size = 0;
    while size < 19_800 {
        let n = statements.len();
        let text = format!(
            r#"{{"Effect":"{}","Principal":{},"Action":["s3:Get*","s3:PutObject"],"Resource":"arn:aws:s3:::example/team-{n}/*","Condition":{{"StringNotLike":{{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/team-{n}-*"}},"IpAddress":{{"aws:SourceIp":"203.0.{n}.0/24"}}}}}}"#,
            if n % 2 == 0 { "Deny" } else { "Allow" },
            r#""*""#,
        );
        size += text.len();
        statements.push(text);
    }
    statements.push(last.to_owned());
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

#[test]
fn the_largest_bucket_policy_is_decided() {
    let answer = bucket(&large_bucket_policy(
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#,
    ));
    assert_eq!((answer.public, answer.reachable), (Answer::No, Answer::No));
    let answer = bucket(&large_bucket_policy(
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#,
    ));
    assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Yes));
}

#[test]
fn the_largest_identity_policies_are_decided() {
    let actions: Vec<String> = (0..300).map(|n| format!("\"svc{n}:Get*Thing{n}*\"")).collect();
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}}"#,
        actions.join(",")
    );
    let policy = Policy::parse(&text, Kind::Identity).unwrap();
    let mut holder = Holder::of_policy(&policy, None, None);
    holder.policies = vec![&policy; 20];
    assert_eq!(admin(&holder).admin, Admin::No);
    assert_eq!(escalations(&holder).found, []);
}

#[test]
fn overlaps_without_end_are_undecided() {
    let overlapping: Vec<String> =
        ('a'..='z').map(|c| format!("\"arn:aws:s3:::example/*{c}*{c}{c}*\"")).collect();
    let text = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":[{0}]}},{{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":[{0}]}}]}}"#,
        overlapping.join(",")
    );
    let answer = bucket(&text);
    assert_eq!(answer.reachable, Answer::Unknown);
    assert!(answer.reasons.iter().any(|r| r.starts_with("not decided: ")));
}

/// Statements that together tell too many resources or actions apart are asked one by one.
#[test]
fn many_statements_are_decided_one_by_one() {
    let statements = |last: &str| {
        let mut all: Vec<String> = (0..100)
            .map(|n| {
                format!(
                    r#"{{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::example/*{n}*","Condition":{{"StringEquals":{{"aws:SourceVpce":"vpce-{n}"}}}}}}"#
                )
            })
            .collect();
        all.push(last.to_owned());
        format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, all.join(","))
    };
    let closed = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
    let answer = bucket(&statements(closed));
    assert_eq!((answer.public, answer.reachable), (Answer::No, Answer::No));
    assert_eq!(answer.outside.len(), 100);
    let open = r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::example"}"#;
    let answer = bucket(&statements(open));
    assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Yes));
    assert_eq!(answer.witness.unwrap().statement, 101);
    let mut denies: Vec<String> = ('a'..='z')
        .map(|c| {
            format!(
                r#"{{"Effect":"Deny","Principal":"*","Action":"s3:*{c}*","Resource":"*","Condition":{{"StringNotLike":{{"aws:PrincipalTag/{c}":"*{c}*"}}}}}}"#
            )
        })
        .collect();
    denies.push(r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#.to_owned());
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, denies.join(","));
    assert_eq!(bucket(&text).reachable, Answer::Yes);
}

/// No resource has a policy of so many statements.
#[test]
fn too_many_statements_are_undecided() {
    let with = |count: usize| {
        let statement = |n: usize| {
            format!(
                r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*{n}*","Condition":{{"ArnLike":{{"aws:PrincipalArn":"arn:aws:iam::*:role/*{n}*"}}}}}}"#
            )
        };
        let all: Vec<String> = (0..count).map(statement).collect();
        bucket(&format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, all.join(",")))
    };
    let answer = with(1001);
    assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::Unknown));
    let why = "not decided: the policy has more than 1000 statements";
    assert!(answer.reasons.iter().any(|r| r == why));
    assert_eq!(with(10).reachable, Answer::Yes);
}
