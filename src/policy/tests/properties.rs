//! Properties that hold for every policy.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::policy::keys::{self, Control, Presence};

const STRANGER: &str = "999999999999";

/// A condition as (operator, key, values).
type Cond = (&'static str, &'static str, Vec<&'static str>);

#[derive(Debug, Clone)]
struct Text {
    allow: bool,
    principal: &'static str,
    not_action: bool,
    actions: Vec<&'static str>,
    not_resource: bool,
    resources: Vec<&'static str>,
    conditions: Vec<Cond>,
}

impl Text {
    fn json(&self) -> String {
        let list = |items: &[&str]| serde_json::to_string(items).unwrap();
        let not = |flag: bool| if flag { "Not" } else { "" };
        let mut blocks = serde_json::Map::new();
        for (operator, key, values) in &self.conditions {
            let block = blocks.entry(*operator).or_insert_with(|| serde_json::json!({}));
            block.as_object_mut().unwrap().insert((*key).to_owned(), serde_json::json!(values));
        }
        format!(
            r#"{{"Effect":"{}",{},"{}Action":{},"{}Resource":{},"Condition":{}}}"#,
            if self.allow { "Allow" } else { "Deny" },
            self.principal,
            not(self.not_action),
            list(&self.actions),
            not(self.not_resource),
            list(&self.resources),
            serde_json::Value::Object(blocks),
        )
    }
}

fn policy_text(statements: &[Text]) -> String {
    let all: Vec<String> = statements.iter().map(Text::json).collect();
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, all.join(","))
}

fn parse(statements: &[Text]) -> Policy {
    Policy::parse(&policy_text(statements), Kind::Resource(Service::S3)).unwrap()
}

const KEYED: &[(&str, &[&str], &[&str])] = &[
    (
        "aws:SourceIp",
        &["IpAddress", "NotIpAddress", "IpAddressIfExists"],
        &[
            "203.0.113.0/24",
            "3.0.0.0/8",
            "0.0.0.0/1",
            "128.0.0.0/1",
            "10.0.0.0/8",
            "2001:db8::/31",
            "0.0.0.0/0",
        ],
    ),
    (
        "aws:SourceVpce",
        &[
            "StringEquals",
            "StringLike",
            "StringNotEquals",
            "StringNotEqualsIfExists",
            "StringNotLike",
        ],
        &["vpce-1", "vpce-*", "*", "vpce-2*"],
    ),
    (
        "aws:PrincipalOrgID",
        &[
            "StringEquals",
            "StringLike",
            "StringNotEquals",
            "StringEqualsIfExists",
            "ForAllValues:StringEquals",
        ],
        &["o-aaaa", "o-*", "o-b*"],
    ),
    (
        "aws:PrincipalArn",
        &["ArnLike", "ArnNotLike", "StringLike", "ArnEquals", "StringNotLike"],
        &[
            "arn:aws:iam::444455556666:role/*",
            "arn:aws:iam::*:role/Admin",
            "*",
            "arn:aws:iam::*:user/*",
        ],
    ),
    (
        "aws:PrincipalAccount",
        &["StringEquals", "StringNotEquals", "StringLike"],
        &["444455556666", "anonymous", "*", "9*"],
    ),
    ("aws:SecureTransport", &["Bool", "BoolIfExists"], &["true", "false"]),
    ("aws:MultiFactorAuthPresent", &["Bool", "BoolIfExists"], &["true", "false"]),
    (
        "aws:Referer",
        &["StringLike", "StringNotLike", "StringEquals"],
        &["https://a/*", "*", "https://a/b"],
    ),
    (
        "aws:PrincipalTag/team",
        &["StringEquals", "StringNotEqualsIfExists", "ForAnyValue:StringLike"],
        &["red", "r*", "${aws:username}"],
    ),
    (
        "s3:prefix",
        &["StringLike", "StringNotEquals", "StringEqualsIgnoreCase"],
        &["", "home/*", "home/${aws:username}", "HOME", "${aws:PrincipalTag/team}"],
    ),
    (
        "s3:max-keys",
        &["NumericLessThan", "NumericGreaterThanEquals", "NumericNotEquals"],
        &["10", "5", "7"],
    ),
    (
        "aws:CurrentTime",
        &["DateLessThan", "DateGreaterThan"],
        &["2020-01-01", "2030-01-01T00:00:00Z"],
    ),
    ("aws:SourceAccount", &["StringEquals", "StringNotEquals"], &["444455556666", "111122223333"]),
    (
        "aws:SourceArn",
        &["ArnLike", "ArnNotLike"],
        &["arn:aws:s3:::*", "arn:aws:sns:*:444455556666:*"],
    ),
    (
        "aws:PrincipalOrgPaths",
        &["ForAnyValue:StringLike", "ForAllValues:StringLike", "Null"],
        &["o-aaaa/*", "*", "o-*"],
    ),
    ("aws:PrincipalOrgID", &["Null"], &["true", "false"]),
    ("aws:SourceVpc", &["Null"], &["true", "false"]),
];

fn condition() -> impl Strategy<Value = Cond> {
    select(KEYED).prop_flat_map(|(key, operators, values)| {
        let most = values.len().min(2);
        (select(operators), proptest::sample::subsequence(values, 1..=most)).prop_map(
            move |(operator, mut values)| {
                if operator == "Null" {
                    values = vec!["true"];
                }
                (operator, key, values)
            },
        )
    })
}

const ACTIONS: &[&str] = &[
    "s3:GetObject",
    "s3:Get*",
    "s3:*",
    "*",
    "s3:PutObject",
    "s3:ListBucket",
    "s3:*Object",
    "S3:GETOBJECT",
    "s3:?etObject*",
];
const RESOURCES: &[&str] = &[
    "*",
    "arn:aws:s3:::example",
    "arn:aws:s3:::example/*",
    "arn:aws:s3:::example/a/*",
    "arn:aws:s3:::example/?",
    "arn:aws:s3:::exam*",
    "arn:aws:s3:::example/${aws:username}/*",
    "arn:aws:s3:::example/${aws:PrincipalTag/team}/*",
];
const PRINCIPALS: &[&str] = &[
    r#""Principal":"*""#,
    r#""Principal":{"AWS":"*"}"#,
    r#""Principal":{"AWS":"444455556666"}"#,
    r#""Principal":{"Service":"cloudtrail.amazonaws.com"}"#,
    r#""NotPrincipal":{"AWS":["444455556666","arn:aws:iam::444455556666:user/Bob"]}"#,
];

fn statement() -> impl Strategy<Value = Text> {
    let not = proptest::bool::weighted(0.15);
    (
        proptest::bool::weighted(0.6),
        prop_oneof![4 => Just(r#""Principal":"*""#), 2 => select(PRINCIPALS)],
        not,
        proptest::sample::subsequence(ACTIONS, 1..=3),
        not,
        proptest::sample::subsequence(RESOURCES, 1..=3),
        proptest::collection::vec(condition(), 0..=2),
    )
        .prop_map(
            |(allow, principal, not_action, actions, not_resource, resources, mut conditions)| {
                // One operator has a key once.
                conditions.sort();
                conditions.dedup_by_key(|(operator, key, _)| (*operator, *key));
                Text { allow, principal, not_action, actions, not_resource, resources, conditions }
            },
        )
}

fn statements() -> impl Strategy<Value = Vec<Text>> {
    proptest::collection::vec(statement(), 1..=5)
}

/// A request that a stranger can really make, by the table of keys.
#[derive(Debug, Clone)]
struct Attempt {
    who: usize,
    name: &'static str,
    through_vpc: bool,
    action: &'static str,
    object: &'static str,
    picks: Vec<usize>,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    (
        0..4usize,
        select(&["Admin", "stranger", "x", "red"][..]),
        any::<bool>(),
        select(
            &[
                "s3:GetObject",
                "s3:PutObject",
                "s3:ListBucket",
                "s3:GetObjectAcl",
                "s3:DeleteObject",
                "s3:GetBucketPolicy",
            ][..],
        ),
        select(&["a", "a/b", "stranger/x", "q", "red/a", "Admin/a"][..]),
        proptest::collection::vec(0..1000usize, KEYED.len()),
    )
        .prop_map(|(who, name, through_vpc, action, object, picks)| Attempt {
            who,
            name,
            through_vpc,
            action,
            object,
            picks,
        })
}

/// The values a stranger can have under a key, boundary values of the pool among them.
fn strangers_values(key: &str) -> &'static [&'static str] {
    match key {
        "aws:SourceIp" => &[
            "8.8.8.8",
            "3.0.0.0",
            "3.255.255.255",
            "4.0.0.0",
            "2.255.255.255",
            "127.255.255.254",
            "128.0.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "2606:50::1",
            "2001:db8::1",
        ],
        "aws:SourceVpce" => &["vpce-9", "vpce-2x", "vpce-11"],
        "aws:PrincipalOrgID" => &["o-zzzz", "o-bbbb", "o-aaaab"],
        "aws:PrincipalOrgPaths" => &["o-zzzz/r-1/ou-1/", "o-bbbb/r-1/"],
        "aws:SourceAccount" => &[STRANGER],
        "aws:SourceArn" => &["arn:aws:s3:::strangers", "arn:aws:sns:us-east-1:999999999999:t"],
        "aws:SecureTransport" | "aws:MultiFactorAuthPresent" => &["true", "false"],
        "s3:prefix" => &["", "home/", "home/x", "home/stranger", "HOME", "home", "z"],
        "s3:max-keys" => &["4", "5", "6", "7", "9", "10", "11"],
        "aws:CurrentTime" => &[
            "2019-12-31T23:59:59Z",
            "2020-01-01T00:00:00Z",
            "2025-06-01T00:00:00Z",
            "2031-01-01T00:00:00Z",
        ],
        "aws:SourceVpc" => &["vpc-9"],
        _ => &["https://a/b", "https://a/", "red", "r", "blue", "Admin", "stranger", "x"],
    }
}

impl Attempt {
    fn request(&self) -> Request {
        let root = format!("arn:aws:iam::{STRANGER}");
        let name = self.name;
        let caller = match self.who {
            0 => Caller::Anonymous,
            1 => Caller::User(format!("{root}:user/{name}")),
            2 => Caller::RoleSession { role: format!("{root}:role/{name}"), session: "s".into() },
            _ => Caller::Service("s3.amazonaws.com".into()),
        };
        let kind = keys::kind_of(&caller, Some("111122223333"));
        let mut context = Context::default();
        for ((key, ..), pick) in KEYED.iter().zip(&self.picks) {
            let (mut presence, control) = keys::lookup(key, kind);
            let of_path = ["aws:SourceVpc", "aws:SourceVpce"].contains(key);
            if presence == Presence::Never || control == Control::Identity {
                continue;
            }
            if kind != keys::CallerKind::Service {
                match (*key, self.through_vpc) {
                    ("aws:SourceIp", true) => continue,
                    (_, false) if of_path => continue,
                    ("aws:SourceIp", false) => presence = Presence::Always,
                    (_, true) if of_path => presence = Presence::Always,
                    _ => {}
                }
            }
            let values = strangers_values(key);
            let absent = presence == Presence::Sometimes && pick % 3 == 0;
            if !absent && let Some(value) = values.get((pick / 3) % values.len()) {
                context.set(key, vec![(*value).to_owned()]);
            }
        }
        let container = ["s3:ListBucket", "s3:GetBucketPolicy"].contains(&self.action);
        let resource = if container {
            "arn:aws:s3:::example".to_owned()
        } else {
            format!("arn:aws:s3:::example/{}", self.object)
        };
        Request { caller, action: self.action.to_owned(), resource, context }
    }
}

fn setting() -> Setting {
    Setting {
        account: Some("111122223333".to_owned()),
        resource: Some("arn:aws:s3:::example".to_owned()),
        now: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// A yes has a request that the evaluator allows (checked in [`checked`]); after a no
    /// no stranger's request is allowed.
    #[test]
    fn yes_has_a_witness_and_no_holds(
        texts in statements(),
        attempts in proptest::collection::vec(attempt(), 100),
    ) {
        let policy = parse(&texts);
        let answer = checked(&policy, &setting());
        prop_assert_ne!(answer.reachable, Answer::Unknown);
        if answer.reachable == Answer::No {
            for attempt in attempts {
                let request = attempt.request();
                let outcome = simulate(&policy, &request);
                prop_assert!(
                    outcome.decision != Decision::Allowed,
                    "{} allows {request:?}",
                    policy_text(&texts)
                );
            }
        }
    }

    /// The order of statements does not matter, nor how the same thing is spelled.
    #[test]
    fn order_and_spelling_do_not_matter(texts in statements()) {
        let policy = parse(&texts);
        let first = checked(&policy, &setting());
        let mut reversed = texts.clone();
        reversed.reverse();
        for text in &mut reversed {
            text.actions.reverse();
            text.resources.reverse();
            text.conditions.reverse();
        }
        let respelled = policy_text(&reversed)
            .replace("s3:Get", "S3:gEt")
            .replace("aws:PrincipalOrgID", "AWS:principalorgid")
            .replace("\"Principal\":\"*\"", "\"Principal\":{\"AWS\":[\"*\"]}");
        let policy = Policy::parse(&respelled, Kind::Resource(Service::S3)).unwrap();
        let second = checked(&policy, &setting());
        prop_assert_eq!(first.public, second.public);
        prop_assert_eq!(first.public_write, second.public_write);
        prop_assert_eq!(first.reachable, second.reachable);
        prop_assert_eq!(first.outside.len(), second.outside.len());
    }

    /// Whoever gets through still does when a Deny goes.
    #[test]
    fn removing_a_deny_never_removes_access(texts in statements(), pick in any::<usize>()) {
        let denies: Vec<usize> =
            texts.iter().enumerate().filter(|(_, t)| !t.allow).map(|(i, _)| i).collect();
        let before = checked(&parse(&texts), &setting());
        if let Some(gone) = denies.get(pick.checked_rem(denies.len()).unwrap_or(0)) {
            let mut fewer = texts.clone();
            fewer.remove(*gone);
            if !fewer.is_empty() {
                let after = checked(&parse(&fewer), &setting());
                prop_assert!(before.reachable != Answer::Yes || after.reachable == Answer::Yes);
                prop_assert!(before.outside.is_empty() || !after.outside.is_empty());
            }
        }
    }
}

proptest! {
    /// Nothing panics, whatever the text.
    #[test]
    fn no_text_panics(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for text in [text, String::from_utf8_lossy(&bytes).into_owned()] {
            for kind in [Kind::Identity, Kind::Trust, Kind::Resource(Service::S3)] {
                let _ = Policy::parse(&text, kind);
            }
        }
    }

    /// Nothing panics on a policy with parts of it cut or doubled, either; what parses is
    /// decided.
    #[test]
    fn no_damaged_policy_panics(texts in statements(), cut in any::<usize>(), length in 0..12usize) {
        let text: Vec<char> = policy_text(&texts).chars().collect();
        let start = cut % text.len();
        let damaged: String = text.iter().take(start).chain(text.iter().skip(start + length)).collect();
        if let Ok(policy) = Policy::parse(&damaged, Kind::Resource(Service::S3)) {
            let _ = exposure(&policy, &Setting::default());
        }
        let doubled: String = text.iter().take(start).chain(text.iter().skip(start.saturating_sub(length))).collect();
        if let Ok(policy) = Policy::parse(&doubled, Kind::Resource(Service::S3)) {
            let _ = exposure(&policy, &setting());
        }
    }

    /// Any JSON is either a policy or an error with a place.
    #[test]
    fn json_is_a_policy_or_an_error(depth in 0..80usize, leaf in "[a-zA-Z*{}\\[\\]\",:]{0,12}") {
        let text = format!("{}{leaf}{}", "{\"Statement\":[".repeat(depth), "]}".repeat(depth));
        if let Err(error) = Policy::parse(&text, Kind::Identity) {
            prop_assert!(error.at.line >= 1 && error.at.column >= 1);
            prop_assert!(!error.message.is_empty());
        }
    }
}
