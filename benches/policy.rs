//! How long the policy engine takes for the largest policies that AWS accepts, and for
//! some that are made to be hard: `cargo bench --no-default-features --bench policy`. A
//! word after `--` leaves only the rows with it in their names.
//!
//! Sizes: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
//! and <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>.

#![expect(clippy::print_stdout, reason = "the table is the result")]

use cspm::policy::{
    AclGrant, Admin, Answer, Attached, Bucket, BucketExposure, Holder, Kind, Part, Policy, Service,
    Setting, admin, escalations, exposure, trust,
};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The largest policies, in characters.
const BUCKET: usize = 20_480;
const MANAGED: usize = 6_144;
const INLINE: usize = 10_240;
const TRUST: usize = 4_096;

fn main() {
    println!("{:<44} {:>9} {:>12} {:>9}", "policy", "bytes", "milliseconds", "answer");
    buckets();
    identities();
    trusts();
}

/// Runs until a tenth of a second has gone, at least thrice, and prints the fastest.
fn row(name: &str, bytes: usize, run: impl Fn() -> &'static str) {
    let mut wanted = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    if wanted.next().is_some_and(|word| !name.contains(&word)) {
        return;
    }
    let started = Instant::now();
    let mut fastest = Duration::MAX;
    let mut answer = "";
    let mut rounds = 0;
    while rounds < 3 || (started.elapsed() < Duration::from_millis(100) && rounds < 100) {
        let begin = Instant::now();
        answer = black_box(run());
        fastest = fastest.min(begin.elapsed());
        rounds += 1;
    }
    println!("{name:<44} {bytes:>9} {:>12.2} {answer:>9}", fastest.as_secs_f64() * 1000.0);
}

/// A policy of as many statements as fit.
fn filled(limit: usize, statement: impl Fn(usize) -> String) -> String {
    let mut text = r#"{"Version":"2012-10-17","Statement":["#.to_owned();
    for number in 0.. {
        let next = statement(number);
        if text.len() + next.len() + 3 > limit {
            break;
        }
        if number > 0 {
            text.push(',');
        }
        text.push_str(&next);
    }
    text + "]}"
}

fn setting() -> Setting {
    Setting {
        account: Some("111122223333".to_owned()),
        resource: Some("arn:aws:s3:::example".to_owned()),
        now: Some(1_767_225_600),
    }
}

fn bucket_row(name: &str, text: &str) {
    let Ok(policy) = Policy::parse(text, Kind::Resource(Service::S3)) else {
        println!("{name:<44} is not a policy");
        return;
    };
    row(name, text.len(), || exposure(&policy, &setting()).reachable.as_str());
}

fn buckets() {
    let small = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}]}"#;
    bucket_row("bucket: one statement", small);
    let everyone = |effect: &str, rest: &str| {
        format!(r#"{{"Effect":"{effect}","Principal":"*","Action":"s3:*",{rest}}}"#)
    };
    let one = |n: usize| format!(r#""Resource":"arn:aws:s3:::example/team-{n}/*""#);
    bucket_row("bucket: prefixes", &filled(BUCKET, |n| everyone("Allow", &one(n))));
    let alternating = |n: usize| if n.is_multiple_of(2) { "Deny" } else { "Allow" };
    bucket_row(
        "bucket: prefixes, half denied under conditions",
        &filled(BUCKET, |n| {
            everyone(
                alternating(n),
                &format!(
                    r#"{},"Condition":{{"StringNotLike":{{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/t{n}-*"}},"IpAddress":{{"aws:SourceIp":"203.0.{}.0/24"}}}}"#,
                    one(n),
                    n % 256
                ),
            )
        }),
    );
    bucket_row(
        "bucket: principals of other accounts",
        &filled(BUCKET, |n| {
            format!(
                r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::4444{n:08}:root"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}}"#
            )
        }),
    );
    bucket_row(
        "bucket: wildcards inside prefixes",
        &filled(BUCKET, |n| {
            everyone(alternating(n), &format!(r#""Resource":"arn:aws:s3:::example/*a{n}*b{n}*""#))
        }),
    );
    bucket_row(
        "bucket: NotAction and NotResource",
        &filled(BUCKET, |n| {
            format!(
                r#"{{"Effect":"{}","Principal":"*","NotAction":["s3:Get*{n}","s3:Put?{n}*"],"NotResource":"arn:aws:s3:::example/{n}/*"}}"#,
                alternating(n)
            )
        }),
    );
    bucket_row(
        "bucket: one Deny for each tag",
        &filled(BUCKET, |n| {
            let key = format!("aws:PrincipalTag/t{n}");
            match n {
                0 => everyone("Allow", r#""Resource":"arn:aws:s3:::example/*""#),
                _ => everyone(
                    "Deny",
                    &format!(r#""Resource":"*","Condition":{{"StringNotEquals":{{"{key}":"v"}}}}"#),
                ),
            }
        }),
    );
    bucket_row(
        "bucket: address ranges",
        &filled(BUCKET, |n| {
            everyone(
                alternating(n),
                &format!(
                    r#""Resource":"*","Condition":{{"IpAddress":{{"aws:SourceIp":"{}.{}.0.0/16"}}}}"#,
                    1 + n / 250,
                    n % 250
                ),
            )
        }),
    );
    bucket_row(
        "bucket: organizations, any and all values",
        &filled(BUCKET, |n| {
            let set = if n % 3 == 0 { "ForAllValues" } else { "ForAnyValue" };
            everyone(
                alternating(n),
                &format!(
                    r#""Resource":"*","Condition":{{"{set}:StringLike":{{"aws:PrincipalOrgPaths":"o-{n}/*"}}}}"#
                ),
            )
        }),
    );
    bucket_row(
        "bucket: variables",
        &filled(BUCKET, |n| {
            everyone(
                alternating(n),
                &format!(r#""Resource":"arn:aws:s3:::example/{n}/${{aws:PrincipalTag/t{n}}}/*""#),
            )
        }),
    );
    let Ok(policy) = Policy::parse(small, Kind::Resource(Service::S3)) else { return };
    let setting = Setting {
        account: Some("111122223333".to_owned()),
        resource: Some("arn:aws:s3:::example".to_owned()),
        now: None,
    };
    let closed = Bucket {
        policy: Part::Known(None),
        policy_status: Part::Known(Some(true)),
        acl: Part::Known(Vec::<AclGrant>::new()),
        ownership: Part::Known(Some("BucketOwnerEnforced".to_owned())),
        bucket_block: Part::Known(None),
        account_block: Part::Known(None),
        access_points: Part::Known(Vec::new()),
    };
    row("a whole bucket", small.len(), || {
        let attached = Attached::new(policy.clone(), setting.clone());
        let policy = Part::Known(Some(Arc::new(attached)));
        BucketExposure::of(&Bucket { policy, ..closed.clone() }).public_read().answer.as_str()
    });
    row("a whole bucket without a policy", 0, || {
        BucketExposure::of(&closed).public_read().answer.as_str()
    });
}

fn identity_row(name: &str, texts: &[String]) {
    let policies: Result<Vec<Policy>, _> =
        texts.iter().map(|text| Policy::parse(text, Kind::Identity)).collect();
    let Ok(policies) = policies else {
        println!("{name:<44} is not a policy");
        return;
    };
    let Some(first) = policies.first() else { return };
    let mut holder = Holder::of_policy(first, Some("111122223333".to_owned()), Some(1_767_225_600));
    holder.arn = Some("arn:aws:iam::111122223333:user/ann".to_owned());
    holder.policies = policies.iter().collect();
    let bytes = texts.iter().map(String::len).sum();
    row(&format!("{name}: admin"), bytes, || match admin(&holder).admin {
        Admin::Yes => "yes",
        Admin::No => "no",
        Admin::Conditional => "condition",
        Admin::Unknown => "unknown",
    });
    row(&format!("{name}: escalation"), bytes, || {
        let answer = escalations(&holder);
        match (answer.found.is_empty(), answer.undecided.is_empty()) {
            (false, _) => "yes",
            (true, true) => "no",
            (true, false) => "unknown",
        }
    });
}

/// Ten managed policies and a group's inline policy.
fn all_attached(statement: impl Fn(usize) -> String) -> Vec<String> {
    let mut texts: Vec<String> =
        (0..10).map(|p| filled(MANAGED, |n| statement(p * 1000 + n))).collect();
    texts.push(filled(INLINE, |n| statement(20_000 + n)));
    texts
}

fn identities() {
    let everything =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    identity_row("administrator", &[everything.to_owned()]);
    identity_row(
        "identity: named actions",
        &all_attached(|n| {
            format!(
                r#"{{"Effect":"Allow","Action":["svc{n}:GetThing","svc{n}:Put*"],"Resource":"arn:aws:svc{n}:*:*:thing/{n}"}}"#
            )
        }),
    );
    identity_row(
        "identity: IAM with wildcards",
        &all_attached(|n| {
            let effect = if n % 2 == 0 { "Deny" } else { "Allow" };
            format!(
                r#"{{"Effect":"{effect}","Action":"iam:*{}*","Resource":"arn:aws:iam::*:*/t{n}-*"}}"#,
                ["User", "Role", "Group", "Policy"].get(n % 4).copied().unwrap_or("User")
            )
        }),
    );
    identity_row(
        "identity: NotAction under conditions",
        &all_attached(|n| {
            let effect = if n % 2 == 0 { "Deny" } else { "Allow" };
            format!(
                r#"{{"Effect":"{effect}","NotAction":["a{n}:*","b{n}:*"],"Resource":"*","Condition":{{"StringEquals":{{"aws:PrincipalTag/t{n}":"v"}}}}}}"#
            )
        }),
    );
}

fn trusts() {
    let each = [
        ("trust: accounts", r#"{"AWS":"4444NNNNNNNN"}"#, ""),
        (
            "trust: repositories",
            r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#,
            r#""StringLike":{"token.actions.githubusercontent.com:sub":"repo:org-NNNNNNNN/*:ref:*"}"#,
        ),
        (
            "trust: everyone under conditions",
            r#"{"AWS":"*"}"#,
            r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*NNNNNNNN*"}"#,
        ),
    ];
    for (name, principal, condition) in each {
        let text = filled(TRUST, |n| {
            let statement = format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole","Condition":{{{condition}}}}}"#
            );
            statement.replace("NNNNNNNN", &format!("{n:08}"))
        });
        let Ok(policy) = Policy::parse(&text, Kind::Trust) else {
            println!("{name:<44} is not a policy");
            continue;
        };
        row(name, text.len(), || match trust(&policy, &setting()).open_principal {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        });
    }
}
