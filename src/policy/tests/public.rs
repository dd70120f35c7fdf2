//! "The meaning of public" and what is reachable, on bucket policies.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>

use super::*;

fn both(elements: &str) -> (&'static str, &'static str) {
    let answer = bucket(&bucket_statement(elements));
    (answer.public.as_str(), answer.reachable.as_str())
}

#[test]
fn limits_on_a_star_principal() {
    let cases = [
        ("", "yes", "yes"),
        (r#""StringLike":{"aws:SourceVpc":"vpc-*"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:SourceVpc":"vpc-91237329"}"#, "no", "no"),
        (r#""StringEquals":{"aws:SourceVpc":"vpc-*"}"#, "yes", "no"),
        (r#""StringEqualsIfExists":{"aws:SourceVpc":"vpc-91237329"}"#, "yes", "yes"),
        (r#""StringNotEquals":{"aws:SourceVpc":"vpc-91237329"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"3.0.0.0/8"}"#, "no", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"0.0.0.0/1"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, "no", "no"),
        (r#""IpAddress":{"aws:SourceIp":"172.16.0.0/12"}"#, "no", "no"),
        (r#""IpAddress":{"aws:SourceIp":"2001:db8::/32"}"#, "no", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"2001:db8::/31"}"#, "yes", "yes"),
        (r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"8.0.0.0/7"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"10.0.0.0/7"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:SourceIp":"10.0.0.0/8"}"#, "no", "no"),
        (r#""ForAnyValue:IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, "no", "no"),
        (r#""ForAllValues:IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#, "yes", "yes"),
        (r#""IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}"#, "yes", "yes"),
        (r#""IpAddress":{"aws:VpcSourceIp":"10.1.0.0/16"}"#, "yes", "yes"),
        // As text, one address is a fixed value all the same.
        (r#""StringEquals":{"aws:SourceIp":"203.0.113.7"}"#, "no", "no"),
        (r#""StringLike":{"aws:SourceIp":"203.0.113.*"}"#, "yes", "no"),
        (r#""StringNotEquals":{"aws:SourceIp":"203.0.113.7"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, "no", "no"),
        (r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, "yes", "yes"),
        (r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#, "yes", "yes"),
        (r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}"#, "yes", "no"),
        (
            r#""ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-1/ou-1/"}"#,
            "yes",
            "yes",
        ),
        (r#""StringEquals":{"aws:PrincipalAccount":"444455556666"}"#, "no", "no"),
        (r#""StringEquals":{"aws:PrincipalAccount":"anonymous"}"#, "yes", "yes"),
        (r#""StringNotEquals":{"aws:PrincipalAccount":"444455556666"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Admin"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:Referer":"https://example.com/"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:UserAgent":"secret*"}"#, "yes", "yes"),
        (r#""Bool":{"aws:SecureTransport":"true"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:PrincipalTag/team":"red"}"#, "yes", "yes"),
        (r#""StringEquals":{"aws:SourceAccount":"444455556666"}"#, "no", "no"),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}"#, "yes", "yes"),
        (r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:444455556666:*"}"#, "yes", "no"),
        (r#""ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:444455556666:t"}"#, "no", "no"),
        (r#""StringLike":{"aws:userid":"AROAEXAMPLEEXAMPLE:*"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:userid":"AIDAEXAMPLEEXAMPLE"}"#, "no", "no"),
        (
            r#""StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}"#,
            "no",
            "no",
        ),
        (
            r#""StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/ap"}"#,
            "yes",
            "yes",
        ),
        (r#""StringEquals":{"s3:DataAccessPointAccount":"123456789012"}"#, "no", "no"),
        (
            r#""StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:us-east-1:111122223333:key/k"}"#,
            "no",
            "no",
        ),
        (
            r#""StringEquals":{"aws:SourceVpce":"vpce-1"},"IpAddress":{"aws:SourceIp":"3.0.0.0/8"}"#,
            "no",
            "no",
        ),
        (r#""StringEquals":{"aws:SourceAccount":"${aws:ResourceAccount}"}"#, "yes", "no"),
        (r#""Null":{"aws:PrincipalOrgID":"false"}"#, "yes", "yes"),
        (r#""Null":{"aws:PrincipalArn":"true"}"#, "yes", "yes"),
        (r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#, "yes", "yes"),
        (r#""StringEquals":{"example:Unheard":"of"}"#, "yes", "unknown"),
    ];
    for (condition, public, reachable) in cases {
        let elements = format!(r#""Principal":"*","Condition":{{{condition}}}"#);
        assert_eq!(both(&elements), (public, reachable), "{condition}");
    }
}

/// A statement that names nothing allows nothing, whoever it is for.
#[test]
fn statements_that_name_nothing() {
    let statement = |action: &str, resource: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":{action},"Resource":{resource}}}]}}"#
        );
        let answer = bucket(&text);
        (answer.public.as_str(), answer.reachable.as_str())
    };
    let object = r#""arn:aws:s3:::example/*""#;
    assert_eq!(statement(r#""s3:GetObject""#, object), ("yes", "yes"));
    assert_eq!(statement("[]", object), ("no", "no"));
    assert_eq!(statement(r#""s3:GetObject""#, "[]"), ("no", "no"));
}

/// What a wildcard stands for in a witness is something that a request can have.
#[test]
fn values_of_witnesses_read_like_real_ones() {
    for (condition, key, value) in [
        (
            r#""StringLike":{"s3:DataAccessPointArn":"*"}"#,
            "s3:DataAccessPointArn",
            "arn:aws:s3:us-east-1:999999999999:accesspoint/x",
        ),
        (r#""StringLike":{"aws:SourceVpce":"vpce-*"}"#, "aws:SourceVpce", "vpce-stranger"),
        (r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#, "aws:PrincipalOrgID", "o-stranger"),
    ] {
        let answer =
            bucket(&bucket_statement(&format!(r#""Principal":"*","Condition":{{{condition}}}"#)));
        assert_eq!(answer.witness.unwrap().request.key(key), [value], "{condition}");
    }
}

/// Whom a pattern of principals leaves is outside, however it is cut off.
#[test]
fn patterns_of_one_accounts_principals() {
    for pattern in [
        "arn:aws:iam::444455556666:*",
        "arn:aws:iam::444455556666:role/*",
        "arn:aws:iam::444455556666*",
    ] {
        let answer = bucket(&bucket_statement(&format!(
            r#""Principal":"*","Condition":{{"StringLike":{{"aws:PrincipalArn":"{pattern}"}}}}"#
        )));
        assert_eq!((answer.public, answer.reachable), (Answer::Yes, Answer::No), "{pattern}");
        let outside: Vec<&str> = answer.outside.iter().map(|o| o.principal.as_str()).collect();
        assert_eq!(outside, [pattern]);
    }
}

/// The operators for text compare an address as it is written, wildcards and all.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String>
#[test]
fn addresses_compared_as_text() {
    for (condition, public, reachable) in [
        (r#""StringLike":{"aws:SourceIp":"*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"1.*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"1*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"*.7"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"20?.*.7"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"10.*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"192.168.*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"192.*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"300.*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"x*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"203.0.113.*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"2001:db8:7:*"}"#, "yes", "no"),
        (r#""StringLike":{"aws:SourceIp":"2001:*"}"#, "yes", "yes"),
        (r#""StringLike":{"aws:SourceIp":"203.0.113.7"}"#, "no", "no"),
        (r#""StringEquals":{"aws:SourceIp":"*"}"#, "yes", "no"),
        (r#""StringEquals":{"aws:SourceIp":"0.0.0.0/0"}"#, "yes", "no"),
        (r#""StringNotLike":{"aws:SourceIp":"10.*"}"#, "yes", "yes"),
        (r#""StringNotLike":{"aws:SourceIp":"*"}"#, "yes", "yes"),
        (r#""StringNotLikeIfExists":{"aws:SourceIp":"*.*"}"#, "yes", "yes"),
        (r#""StringLikeIfExists":{"aws:SourceIp":"203.0.113.*"}"#, "yes", "yes"),
        (r#""StringEqualsIfExists":{"aws:SourceIp":"203.0.113.7"}"#, "yes", "yes"),
        (r#""ForAnyValue:StringLike":{"aws:SourceIp":"9.*"}"#, "yes", "yes"),
        (
            r#""StringLike":{"aws:SourceIp":"1.*"},"StringNotLike":{"aws:SourceIp":"1.1*"}"#,
            "yes",
            "yes",
        ),
        (
            r#""StringLike":{"aws:SourceIp":"1.*"},"StringNotLike":{"aws:SourceIp":"1.?*"}"#,
            "yes",
            "no",
        ),
        (
            r#""StringLike":{"aws:SourceIp":"1.*"},"StringNotEquals":{"aws:SourceIp":"1.2.2.2"}"#,
            "yes",
            "yes",
        ),
    ] {
        let elements = format!(r#""Principal":"*","Condition":{{{condition}}}"#);
        assert_eq!(both(&elements), (public, reachable), "{condition}");
    }
    // Where a Deny asks for text.
    let with = |deny: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::example/*"}},{{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{{{deny}}}}}]}}"#
        );
        bucket(&text).reachable.as_str()
    };
    assert_eq!(with(r#""StringNotLike":{"aws:SourceIp":"203.0.113.*"}"#), "no");
    assert_eq!(with(r#""StringNotLike":{"aws:SourceIp":"203.*"}"#), "yes");
    // Through an endpoint there is no address, whatever its text.
    assert_eq!(with(r#""StringLike":{"aws:SourceIp":"*"}"#), "yes");
}

/// Each kind of caller by its type.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principaltype>
#[test]
fn types_of_strangers() {
    for (kind, reachable) in [
        ("Anonymous", "yes"),
        ("Account", "yes"),
        ("User", "yes"),
        ("AssumedRole", "yes"),
        ("FederatedUser", "yes"),
        ("Service", "no"),
    ] {
        let answer = bucket(&bucket_statement(&format!(
            r#""Principal":"*","Condition":{{"StringEquals":{{"aws:PrincipalType":"{kind}"}}}}"#
        )));
        assert_eq!(answer.reachable.as_str(), reachable, "{kind}");
    }
}

/// Several values of one key together, as many as the conditions ask for.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>
#[test]
fn several_values_of_one_key() {
    let with = |key: &str, condition: &str| {
        let condition = condition.replace("KEY", key);
        let answer =
            bucket(&bucket_statement(&format!(r#""Principal":"*","Condition":{{{condition}}}"#)));
        (answer.reachable.as_str(), answer.witness.map_or(0, |w| w.request.key(key).len()))
    };
    // Three that are needed, beside a fourth that is not allowed.
    let three = r#""ForAnyValue:StringEquals":{"KEY":"a"},"ForAnyValue:StringLike":{"KEY":"b*"},"ForAnyValue:StringEqualsIgnoreCase":{"KEY":"c"},"ForAllValues:StringNotLike":{"KEY":"d*"}"#;
    assert_eq!(with("aws:TagKeys", three), ("yes", 3));
    // A request has one tag of a key, and comes by one endpoint.
    assert_eq!(with("aws:RequestTag/a", three), ("no", 0));
    // Many that overlap.
    let list = |form: &str| {
        let patterns = ["a*", "*b", "*c*", "d*e", "f*", "*g", "*h*"];
        let texts: Vec<String> =
            patterns.iter().map(|p| format!("\"{}\"", form.replace('X', p))).collect();
        texts.join(",")
    };
    let overlapping = format!(
        r#""ForAllValues:StringLike":{{"KEY":[{0}]}},"ForAnyValue:StringLike":{{"KEY":[{1}]}},"ForAnyValue:StringNotLike":{{"KEY":[{1}]}}"#,
        list("X"),
        list("xX"),
    );
    assert_eq!(with("aws:TagKeys", &overlapping), ("yes", 2));
    let never = format!(
        r#""ForAllValues:StringLike":{{"KEY":[{0}]}},"ForAnyValue:StringNotLike":{{"KEY":[{0}]}}"#,
        list("X"),
    );
    assert_eq!(with("aws:TagKeys", &never), ("no", 0));
}
