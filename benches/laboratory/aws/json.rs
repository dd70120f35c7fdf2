//! The services that speak JSON.

use super::CREATED;
use crate::account::Account;
use crate::call::Call;
use crate::errors::bad_token;
use crate::http::Reply;
use crate::paging::BadToken;
use serde_json::{Value, json};

/// [`CREATED`] as JSON protocols send it.
pub(super) const SECONDS: u64 = 1_772_600_767;

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    let value = match call.service {
        "cloudtrail" => trails(account, call),
        "config" => config(account, call),
        "guardduty" => guardduty(account, call),
        "accessanalyzer" => analyzers(account, call),
        "account" => contact(call),
        _ => None,
    }?;
    Some(match value {
        Ok(value) => Reply::ok(value.to_string()),
        Err(BadToken) => bad_token(call),
    })
}

type Answer = Option<Result<Value, BadToken>>;

fn trail(account: &Account, number: usize) -> Value {
    let region = account.region_of(number);
    let group = super::answers::name("group", account.place(region).unwrap_or(0));
    json!({
        "Name": format!("p0-trail{number}"),
        "S3BucketName": super::s3::name_of(account, 0),
        "IncludeGlobalServiceEvents": true,
        "IsMultiRegionTrail": number == 0,
        "HomeRegion": region,
        "TrailARN": format!("arn:aws:cloudtrail:{region}:{}:trail/p0-trail{number}", account.id),
        "LogFileValidationEnabled": number % 2 == 1,
        "CloudWatchLogsLogGroupArn":
            format!("arn:aws:logs:{region}:{}:log-group:{group}:*", account.id),
        "CloudWatchLogsRoleArn": format!("arn:aws:iam::{}:role/p0-role00000", account.id),
        "HasCustomEventSelectors": number == 0,
        "HasInsightSelectors": false,
        "IsOrganizationTrail": false,
    })
}

fn trails(account: &Account, call: &Call) -> Answer {
    Some(Ok(match call.operation.as_str() {
        "DescribeTrails" => {
            let here = |number: &usize| *number == 0 || account.region_of(*number) == call.region;
            let found: Vec<Value> = (0..account.shape.trails)
                .filter(here)
                .map(|number| trail(account, number))
                .collect();
            json!({ "trailList": found })
        }
        "GetTrailStatus" => {
            let first = call.parameter("Name").is_some_and(|name| name.ends_with("trail0"));
            json!({ "IsLogging": first, "LatestDeliveryTime": SECONDS, "StartLoggingTime": SECONDS })
        }
        "GetEventSelectors" => {
            let arn = call.parameter("TrailName").unwrap_or_default();
            // Who has log groups watches all of it.
            let records = if account.shape.log_groups > 0 { "All" } else { "WriteOnly" };
            json!({ "TrailARN": arn, "EventSelectors": [{
                "ReadWriteType": records,
                "IncludeManagementEvents": true,
                "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }],
                "ExcludeManagementEventSources": [],
            }] })
        }
        _ => return None,
    }))
}

/// A recorder in the first region only.
fn config(account: &Account, call: &Call) -> Answer {
    let here = account.place(&call.region) == Some(0);
    let some = |value: Value| if here { vec![value] } else { Vec::new() };
    Some(Ok(match call.operation.as_str() {
        "DescribeConfigurationRecorders" => json!({ "ConfigurationRecorders": some(json!({
            "name": "default",
            "roleARN": format!("arn:aws:iam::{}:role/p0-role00000", account.id),
            "recordingGroup": {
                "allSupported": true,
                "includeGlobalResourceTypes": false,
                "resourceTypes": [],
                "exclusionByResourceTypes": { "resourceTypes": [] },
                "recordingStrategy": { "useOnly": "ALL_SUPPORTED_RESOURCE_TYPES" },
            },
        })) }),
        "DescribeConfigurationRecorderStatus" => json!({ "ConfigurationRecordersStatus": some(
            json!({ "name": "default", "recording": false, "lastStatus": "PENDING" })
        ) }),
        "DescribeDeliveryChannelStatus" => json!({ "DeliveryChannelsStatus": some(json!({
            "name": "default",
            "configHistoryDeliveryInfo": { "lastStatus": "SUCCESS" },
            "configSnapshotDeliveryInfo": { "lastStatus": "SUCCESS" },
            "configStreamDeliveryInfo": { "lastStatus": "SUCCESS" },
        })) }),
        "DescribeDeliveryChannels" => json!({ "DeliveryChannels": some(json!({
            "name": "default", "s3BucketName": super::s3::name_of(account, 0),
        })) }),
        _ => return None,
    }))
}

fn detector(account: &Account, place: usize) -> String {
    account.id_of("d", place).replace("d-", "000000000000000")
}

/// A detector in all regions but the last, and off in the first.
fn guardduty(account: &Account, call: &Call) -> Answer {
    let place = account.place(&call.region)?;
    Some(match call.operation.as_str() {
        "ListDetectors" => {
            let count = usize::from(place + 1 < account.regions());
            account.page(call, count, "maxResults", 50).map(|page| {
                let ids: Vec<String> = page.range.map(|_| detector(account, place)).collect();
                with_next("nextToken", page.next, json!({ "detectorIds": ids }))
            })
        }
        "GetDetector" => {
            let feature =
                |name: &str| json!({ "name": name, "status": "ENABLED", "updatedAt": SECONDS });
            let names = ["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS", "S3_DATA_EVENTS"];
            Ok(json!({
                "createdAt": CREATED,
                "findingPublishingFrequency": "SIX_HOURS",
                "serviceRole": format!("arn:aws:iam::{}:role/aws-service-role/guardduty", account.id),
                "status": if place == 0 { "DISABLED" } else { "ENABLED" },
                "updatedAt": CREATED,
                "tags": {},
                "features": names.map(feature),
            }))
        }
        _ => return None,
    })
}

fn analyzers(account: &Account, call: &Call) -> Answer {
    if call.operation != "ListAnalyzers" {
        return None;
    }
    let count = usize::from(account.place(&call.region)? % 2 == 0);
    Some(account.page(call, count, "maxResults", 100).map(|page| {
        let found: Vec<Value> = page
            .range
            .map(|_| {
                json!({
                    "arn": format!("arn:aws:access-analyzer:{}:{}:analyzer/x", call.region, account.id),
                    "name": "x",
                    "type": "ACCOUNT",
                    "createdAt": CREATED,
                    "status": "ACTIVE",
                    "tags": {},
                })
            })
            .collect();
        with_next("nextToken", page.next, json!({ "analyzers": found }))
    }))
}

fn contact(call: &Call) -> Answer {
    Some(Ok(match call.operation.as_str() {
        "GetAlternateContact" => json!({ "AlternateContact": {
            "AlternateContactType": "SECURITY",
            "EmailAddress": "s@example.com",
            "Name": "s",
            "PhoneNumber": "1",
            "Title": "t",
        } }),
        "GetContactInformation" => json!({ "ContactInformation": {
            "AddressLine1": "1 Street",
            "City": "Town",
            "CountryCode": "CH",
            "FullName": "s",
            "PhoneNumber": "1",
            "PostalCode": "1",
        } }),
        _ => return None,
    }))
}

/// With the token of the next page, if there is one.
pub(super) fn with_next(name: &str, next: Option<String>, mut value: Value) -> Value {
    if let (Some(token), Some(members)) = (next, value.as_object_mut()) {
        members.insert(name.to_owned(), Value::String(token));
    }
    value
}
