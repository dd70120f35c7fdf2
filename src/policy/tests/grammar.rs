//! What is a policy, what is not, and where the mistake is.

use super::*;

fn identity(text: &str) -> Result<Policy, ParseError> {
    Policy::parse(text, Kind::Identity)
}

#[test]
fn mistakes_have_a_place() {
    use ParseErrorKind::{DuplicateKey, Grammar, Json, Value};
    let statement = |elements: &str| format!("{{\"Statement\": [\n  {{{elements}}}]}}");
    let allow = r#""Effect":"Allow","Action":"s3:*","Resource":"*""#;
    let cases = [
        ("".to_owned(), Json, 1, 1),
        ("[]".to_owned(), Grammar, 1, 1),
        ("{}".to_owned(), Grammar, 1, 1),
        ("{\"Statement\":[]} x".to_owned(), Json, 1, 18),
        ("{\"Version\":\"2015\",\"Statement\":[]}".to_owned(), Value, 1, 12),
        ("{\"Statement\":[],\"Extra\":1}".to_owned(), Grammar, 1, 17),
        ("{\"Statement\":[],\n\"Statement\":[]}".to_owned(), DuplicateKey, 2, 1),
        (statement(r#""Effect":"Allow""#), Grammar, 2, 3),
        (statement(r#""Effect":"allow","Action":"s3:*","Resource":"*""#), Value, 2, 13),
        (statement(r#""Effect":"Allow","Action":"s3","Resource":"*""#), Value, 2, 30),
        (statement(r#""Effect":"Allow","Action":"s3:*","Resource":"bucket""#), Value, 2, 48),
        (statement(r#""Effect":"Allow","Action":["s3:*",7],"Resource":"*""#), Grammar, 2, 38),
        (
            statement(r#""Effect":"Allow","Action":"s3:*","NotAction":"a:b","Resource":"*""#),
            Grammar,
            2,
            37,
        ),
        (statement(&format!(r#"{allow},"Principal":"*""#)), Grammar, 2, 52),
        (statement(&format!(r#"{allow},"Condition":{{"StringEqual":{{"a":"b"}}}}"#)), Value, 2, 65),
        (
            statement(&format!(
                r#"{allow},"Condition":{{"IpAddress":{{"aws:SourceIp":"1.2.3"}}}}"#
            )),
            Value,
            2,
            93,
        ),
        (
            statement(&format!(r#"{allow},"Condition":{{"NullIfExists":{{"a":"true"}}}}"#)),
            Value,
            2,
            65,
        ),
        (statement(&format!(r#"{allow},"Condition":{{"Bool":{{"a":null}}}}"#)), Grammar, 2, 77),
        (
            statement(&format!(r#"{allow},"Condition":{{"Bool":{{"a":"true","a":"false"}}}}"#)),
            DuplicateKey,
            2,
            84,
        ),
    ];
    for (text, kind, line, column) in cases {
        let error = identity(&text).unwrap_err();
        assert_eq!(
            (error.kind, error.at.line, error.at.column),
            (kind, line, column),
            "{text}: {error}"
        );
        assert!(error.to_string().starts_with(&format!("line {line}, column {column}: ")));
    }
}

#[test]
fn principals() {
    let with = |kind: Kind, element: &str| {
        let resource = if kind == Kind::Trust { "" } else { r#","Resource":"*""# };
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Action":"sts:AssumeRole"{resource},{element}}}}}"#
        );
        Policy::parse(&text, kind).map(|p| {
            p.statements.into_iter().flat_map(|s| s.principals.unwrap().list).collect::<Vec<_>>()
        })
    };
    let bucket = || Kind::Resource(Service::S3);
    let list = with(
        bucket(),
        r#""Principal":{"AWS":["*","111122223333","arn:aws:iam::111122223333:root","arn:aws-cn:iam::111122223333:role/a/b","AIDAJQABLZS4A3QDU576Q","79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"],"Service":"S3.amazonaws.com","Federated":"graph.facebook.com","CanonicalUser":"abc"}"#,
    );
    let account = || Principal::Account("111122223333".to_owned());
    assert_eq!(
        list.unwrap(),
        [
            Principal::Anyone,
            account(),
            account(),
            Principal::Arn("arn:aws-cn:iam::111122223333:role/a/b".to_owned()),
            Principal::DeletedId("AIDAJQABLZS4A3QDU576Q".to_owned()),
            Principal::Canonical(
                "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be".to_owned()
            ),
            Principal::Service("s3.amazonaws.com".to_owned()),
            Principal::Federated("graph.facebook.com".to_owned()),
            Principal::Canonical("abc".to_owned()),
        ]
    );
    for wrong in [
        r#""Principal":"111122223333""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/*"}"#,
        r#""Principal":{"AWS":"arn:aws:iam::*:root"}"#,
        r#""Principal":{"AWS":"alice"}"#,
        r#""Principal":{"User":"*"}"#,
        r#""Principal":{"Service":"ec2"}"#,
        r#""Principal":7"#,
        r#""Principal":"*","NotPrincipal":{"AWS":"111122223333"}"#,
    ] {
        assert!(with(bucket(), wrong).is_err(), "{wrong}");
    }
    assert!(with(bucket(), r#""NotPrincipal":{"AWS":"111122223333"}"#).is_ok());
    assert!(with(Kind::Trust, r#""NotPrincipal":{"AWS":"111122223333"}"#).is_err());
    assert!(with(Kind::Trust, r#""Principal":{"AWS":"111122223333"},"Resource":"*""#).is_err());
    assert!(identity(r#"{"Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*","NotPrincipal":{"AWS":"*"}}]}"#).is_err());
}

#[test]
fn one_or_many() {
    let one =
        identity(r#"{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*"}}"#).unwrap();
    let many = identity(r#"{"Statement":[{"Effect":"Allow","Action":["a:b"],"Resource":["*"]}]}"#)
        .unwrap();
    let strip = |p: &Policy| {
        p.statements
            .iter()
            .map(|s| (s.number, s.actions.clone(), s.resources.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(strip(&one), strip(&many));
    assert_eq!(one.version, Version::V2008);
}

#[test]
fn operators_round() {
    for name in [
        "StringEquals",
        "StringNotLikeIfExists",
        "ForAllValues:StringLike",
        "ForAnyValue:ArnEquals",
        "NumericGreaterThanEquals",
        "DateNotEquals",
        "Bool",
        "BinaryEquals",
        "NotIpAddress",
        "Null",
        "ForAnyValue:StringNotEqualsIgnoreCaseIfExists",
    ] {
        let operator = Operator::parse(name).unwrap();
        let shown = operator.to_string().replace("ArnLike", "ArnEquals");
        assert_eq!(shown, name);
        assert_eq!(Operator::parse(&name.to_uppercase()), Some(operator));
    }
    for wrong in [
        "",
        "StringEqual",
        "ForSomeValues:StringLike",
        "NullIfExists",
        "IfExists",
        "ForAnyValue:Null",
    ] {
        assert_eq!(Operator::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn wildcards() {
    let matches =
        |style, pattern: &str, text: &str| Pattern::from_text(pattern, style).matches(text);
    assert!(matches(Style::Like, "a*c", "abbbc"));
    assert!(matches(Style::Like, "a?c", "a:c"));
    assert!(!matches(Style::Like, "a?c", "ac"));
    assert!(!matches(Style::Like, "a*", "ba"));
    assert!(matches(Style::Equal, "a*", "a*"));
    assert!(!matches(Style::Equal, "a*", "ab"));
    assert!(matches(Style::Action, "S3:get*", "s3:GetObject"));
    assert!(matches(Style::EqualIgnoreCase, "Straße", "sTRAßE"));
    // An incomplete ARN is completed; a star at the end of a segment may run on.
    assert!(matches(Style::Resource, "arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q"));
    assert!(matches(Style::Resource, "arn:*", "arn:aws:s3:::b/k:x"));
    assert!(matches(Style::Resource, "*", "anything"));
    assert!(!matches(Style::Resource, "arn:aws:s3:::b", "arn:aws:s3:::b/k"));
    assert!(!matches(Style::Resource, "arn:aws:s3:::B", "arn:aws:s3:::b"));
    assert!(!matches(Style::Resource, "arn:aws:sqs:us-*-1:1:q", "arn:aws:sqs:us-a:b-1:1:q"));
    assert!(matches(Style::Arn, "arn:aws:*:*:1:a/*", "arn:aws:sns:eu:1:a/b:c"));
    assert!(!matches(Style::Arn, "arn:aws:sns:*:1:a", "arn:aws:sns:eu:x:1:a"));
    assert!(matches(Style::Arn, "*", "arn:aws:s3:::b"));
}
