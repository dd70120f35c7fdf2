//! Policies of services other than S3, and telling the kind of a policy.

use super::*;

const OWN: &str = "111122223333";

fn answers(action: &str, resource: &str, condition: &str) -> (&'static str, &'static str) {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"*"}},"Action":"{action}","Resource":"{resource}","Condition":{{{condition}}}}}]}}"#
    );
    let policy = Policy::parse_any(&text).unwrap();
    let setting = Setting { account: Some(OWN.to_owned()), ..Setting::default() };
    let answer = checked(&policy, &setting);
    (answer.public.as_str(), answer.reachable.as_str())
}

#[test]
fn each_service_has_its_own_keys() {
    let topic = "arn:aws:sns:us-east-1:111122223333:t";
    let owner = r#""StringEquals":{"AWS:SourceOwner":"111122223333"}"#;
    assert_eq!(answers("SNS:Publish", topic, owner), ("no", "no"));
    assert_eq!(answers("SNS:Publish", topic, ""), ("yes", "yes"));
    let endpoint = |value: &str| {
        answers("SNS:Subscribe", topic, &format!(r#""StringLike":{{"sns:Endpoint":"{value}"}}"#))
    };
    assert_eq!(endpoint("ann@example.com"), ("yes", "no"));
    // A peer takes one domain for a limit; AWS asks for values without a wildcard.
    for open in ["*@example.com", "*@*", "https://events.example.com/*/enqueue"] {
        assert_eq!(endpoint(open), ("yes", "yes"), "{open}");
    }
    let queue = "arn:aws:sqs:us-east-1:111122223333:q";
    assert_eq!(answers("SQS:*", queue, ""), ("yes", "yes"));
    let from_topic = r#""ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:444455556666:t"}"#;
    assert_eq!(answers("sqs:SendMessage", queue, from_topic), ("no", "no"));
    let any_topic = r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}"#;
    assert_eq!(answers("sqs:SendMessage", queue, any_topic), ("yes", "yes"));
    let key = "*";
    let via = r#""StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.us-east-1.amazonaws.com"}"#;
    assert_eq!(answers("kms:Decrypt", key, via), ("no", "no"));
    let via_only = r#""StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}"#;
    assert_eq!(answers("kms:Decrypt", key, via_only), ("yes", "yes"));
    let files = "arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-1";
    let mounted = r#""Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}"#;
    assert_eq!(answers("elasticfilesystem:ClientMount", files, mounted), ("no", "no"));
    assert_eq!(answers("elasticfilesystem:ClientMount", files, ""), ("yes", "yes"));
    let function = "arn:aws:lambda:us-east-1:111122223333:function:f";
    let auth =
        |value: &str| format!(r#""StringEquals":{{"lambda:FunctionUrlAuthType":"{value}"}}"#);
    assert_eq!(answers("lambda:InvokeFunctionUrl", function, &auth("NONE")), ("yes", "yes"));
    // Whoever has an AWS account can sign.
    assert_eq!(answers("lambda:InvokeFunctionUrl", function, &auth("AWS_IAM")), ("no", "yes"));
    // AWS has no word for this service; strangers get in all the same.
    let domain = "arn:aws:es:us-east-1:111122223333:domain/d/*";
    assert_eq!(answers("es:ESHttpGet", domain, ""), ("unknown", "yes"));
    let office = r#""IpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#;
    assert_eq!(answers("es:ESHttpGet", domain, office), ("unknown", "no"));
}

#[test]
fn an_unsigned_caller_needs_an_open_function_url() {
    let text = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"arn:aws:lambda:us-east-1:111122223333:function:f","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}}]}"#;
    let answer = checked(&Policy::parse_any(text).unwrap(), &Setting::default());
    assert_ne!(answer.witness.unwrap().request.caller, Caller::Anonymous);
}

#[test]
fn the_kind_follows_from_the_elements() {
    let kind = |text: &str| Policy::parse_any(text).map(|p| p.kind);
    let identity = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
    assert_eq!(kind(identity), Ok(Kind::Identity));
    let trust = r#"{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}}"#;
    assert_eq!(kind(trust), Ok(Kind::Trust));
    let bucket = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b","Principal":"*"}}"#;
    assert_eq!(kind(bucket), Ok(Kind::Resource(Service::S3)));
    let point = r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:us-east-1:111122223333:accesspoint/ap/object/*","Principal":"*"}}"#;
    assert_eq!(kind(point), Ok(Kind::Resource(Service::S3AccessPoint)));
    let repository =
        r#"{"Statement":{"Effect":"Allow","Action":"ecr:BatchGetImage","Principal":"*"}}"#;
    assert_eq!(kind(repository), Ok(Kind::Resource(Service::Other("ecr".to_owned()))));
    assert!(
        kind(r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}"#)
            .is_err()
    );
}
