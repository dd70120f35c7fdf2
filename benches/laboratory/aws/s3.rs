//! S3: REST with XML.

use super::{CREATED, list};
use crate::account::Account;
use crate::call::Call;
use crate::errors::{bad_token, error};
use crate::http::Reply;

const XMLNS: &str = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
const SWITCHES: [&str; 4] =
    ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    if call.operation == "ListBuckets" {
        return Some(buckets(account, call));
    }
    let Some(number) = number_of(account, &call.subject) else {
        let message = "The specified bucket does not exist";
        return Some(error(call, 404, "NoSuchBucket", message));
    };
    details(account, call, number)
}

pub(super) fn name_of(account: &Account, number: usize) -> String {
    format!("p0-bucket-{number:05}-{}", account.id)
}

fn number_of(account: &Account, name: &str) -> Option<usize> {
    let number = name.strip_prefix("p0-bucket-")?.strip_suffix(&account.id)?;
    number.strip_suffix('-')?.parse().ok().filter(|number| *number < account.shape.buckets)
}

fn buckets(account: &Account, call: &Call) -> Reply {
    let in_region = call.parameter("bucket-region");
    let total = match in_region {
        Some(region) => account.share(account.shape.buckets, region),
        None => account.shape.buckets,
    };
    let Ok(page) = account.page(call, total, "max-buckets", 10_000) else {
        return bad_token(call);
    };
    let numbers: Vec<usize> = match in_region {
        Some(region) => account.numbers(&page, region).collect(),
        None => page.range.clone().collect(),
    };
    // Without any parameter S3 leaves the regions out.
    let asked = call.parameters.keys().any(|name| name != "x-id");
    let found = list("Buckets", numbers, |number| {
        let region = match asked {
            true => format!("<BucketRegion>{}</BucketRegion>", account.region_of(number)),
            false => String::new(),
        };
        format!(
            "<Bucket><Name>{}</Name><CreationDate>{CREATED}</CreationDate>{region}</Bucket>",
            name_of(account, number)
        )
    });
    let next = page
        .next
        .map(|token| format!("<ContinuationToken>{token}</ContinuationToken>"))
        .unwrap_or_default();
    Reply::ok(format!(
        "<ListAllMyBucketsResult {XMLNS}><Owner><ID>owner</ID></Owner>{found}{next}\
         </ListAllMyBucketsResult>"
    ))
}

/// One question about a bucket: `Err` is the code that says: there is none.
fn details(account: &Account, call: &Call, number: usize) -> Option<Reply> {
    let name = &call.subject;
    let found = match call.operation.as_str() {
        "GetBucketPolicy" => match policy(number, name) {
            Some(text) => return Some(Reply::ok(text)),
            None => Err("NoSuchBucketPolicy"),
        },
        "GetBucketPolicyStatus" => match policy(number, name) {
            Some(_) => {
                let public = number.is_multiple_of(7);
                Ok(("PolicyStatus", format!("<IsPublic>{public}</IsPublic>")))
            }
            None => Err("NoSuchBucketPolicy"),
        },
        "GetBucketAcl" => Ok(("AccessControlPolicy", acl(number))),
        "GetBucketOwnershipControls" => Ok(("OwnershipControls", {
            let owner = if number % 6 == 1 { "BucketOwnerEnforced" } else { "ObjectWriter" };
            format!("<Rule><ObjectOwnership>{owner}</ObjectOwnership></Rule>")
        })),
        "GetPublicAccessBlock" if number.is_multiple_of(3) => {
            let switches = SWITCHES.iter().enumerate();
            let text = switches.map(|(at, name)| {
                let on = at < 3 || number.is_multiple_of(6);
                format!("<{name}>{on}</{name}>")
            });
            Ok(("PublicAccessBlockConfiguration", text.collect()))
        }
        "GetPublicAccessBlock" => Err("NoSuchPublicAccessBlockConfiguration"),
        "GetBucketEncryption" => Ok(("ServerSideEncryptionConfiguration", encryption(number))),
        "GetBucketVersioning" => Ok((
            "VersioningConfiguration",
            match number % 4 {
                0 => "<Status>Suspended</Status>".to_owned(),
                2 => "<Status>Enabled</Status>".to_owned(),
                _ => String::new(),
            },
        )),
        "GetBucketLogging" => Ok((
            "BucketLoggingStatus",
            match number % 10 {
                0 => format!(
                    "<LoggingEnabled><TargetBucket>{}</TargetBucket><TargetPrefix>{name}/\
                 </TargetPrefix></LoggingEnabled>",
                    name_of(account, 0)
                ),
                _ => String::new(),
            },
        )),
        "GetBucketLifecycleConfiguration" if number % 8 == 1 => Ok((
            "LifecycleConfiguration",
            "<Rule><ID>exp</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
             <Expiration><Days>30</Days></Expiration></Rule>"
                .to_owned(),
        )),
        "GetBucketLifecycleConfiguration" => Err("NoSuchLifecycleConfiguration"),
        "GetObjectLockConfiguration" if number % 8 == 2 => Ok((
            "ObjectLockConfiguration",
            "<ObjectLockEnabled>Enabled</ObjectLockEnabled>".to_owned(),
        )),
        "GetObjectLockConfiguration" => Err("ObjectLockConfigurationNotFoundError"),
        "GetBucketTagging" if number % 9 == 1 => Ok((
            "Tagging",
            "<TagSet><Tag><Key>env</Key><Value>prod</Value></Tag></TagSet>".to_owned(),
        )),
        "GetBucketTagging" => Err("NoSuchTagSet"),
        _ => return None,
    };
    Some(match found {
        Ok((root, text)) => Reply::ok(format!("<{root} {XMLNS}>{text}</{root}>")),
        Err(code) => error(call, 404, code, "There is none."),
    })
}

fn policy(number: usize, name: &str) -> Option<String> {
    let of = |effect: &str, principal: &str, action: &str, resource: &str, condition: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Principal":{principal},"Action":"{action}","Resource":{resource}{condition}}}]}}"#
        )
    };
    let both = format!(r#"["arn:aws:s3:::{name}","arn:aws:s3:::{name}/*"]"#);
    match number % 7 {
        0 => {
            Some(of("Allow", r#""*""#, "s3:GetObject", &format!(r#""arn:aws:s3:::{name}/*""#), ""))
        }
        3 => Some(of(
            "Deny",
            r#""*""#,
            "s3:*",
            &both,
            r#","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
        )),
        5 => Some(of("Allow", r#"{"AWS":"arn:aws:iam::999988887777:root"}"#, "s3:*", &both, "")),
        _ => None,
    }
}

fn acl(number: usize) -> String {
    let mut grants = "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"CanonicalUser\"><ID>owner</ID></Grantee><Permission>FULL_CONTROL</Permission>\
         </Grant>"
        .to_owned();
    let mut everyone = |permission: &str| {
        grants.push_str(&format!(
            "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:type=\"Group\"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>\
             </Grantee><Permission>{permission}</Permission></Grant>"
        ));
    };
    // What a block of the bucket ignores, AWS does not show.
    if number.is_multiple_of(5) && !number.is_multiple_of(3) {
        everyone("READ");
        if number % 15 == 5 {
            everyone("WRITE");
        }
    }
    format!("<Owner><ID>owner</ID></Owner><AccessControlList>{grants}</AccessControlList>")
}

fn encryption(number: usize) -> String {
    let (default, key) = match number % 4 {
        1 => (
            "<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>arn:aws:kms:us-east-1:\
             111122223333:key/11111111-2222-3333-4444-555555555555</KMSMasterKeyID>",
            true,
        ),
        _ => ("<SSEAlgorithm>AES256</SSEAlgorithm>", false),
    };
    format!(
        "<Rule><ApplyServerSideEncryptionByDefault>{default}</ApplyServerSideEncryptionByDefault>\
         <BucketKeyEnabled>{key}</BucketKeyEnabled></Rule>"
    )
}
