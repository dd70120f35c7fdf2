//! The services that speak JSON.

use super::CREATED;
use crate::account::Account;
use crate::call::Call;
use crate::errors::bad_token;
use crate::http::Reply;
use crate::paging::{BadToken, Page};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// [`CREATED`] as JSON protocols send it.
const SECONDS: f64 = 1_772_600_767.0;

pub(super) fn answer(
    account: &Account,
    all: &BTreeMap<String, Account>,
    call: &Call,
) -> Option<Reply> {
    let value = match call.service {
        "cloudtrail" => trails(account, call),
        "config" => config(account, call),
        "guardduty" => guardduty(account, call),
        "accessanalyzer" => analyzers(account, call),
        "account" => contact(call),
        "organizations" => organization(account, all, call),
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
    json!({
        "Name": format!("p0-trail{number}"),
        "S3BucketName": super::s3::name_of(account, 0),
        "IncludeGlobalServiceEvents": true,
        "IsMultiRegionTrail": number == 0,
        "HomeRegion": region,
        "TrailARN": format!("arn:aws:cloudtrail:{region}:{}:trail/p0-trail{number}", account.id),
        "LogFileValidationEnabled": number % 2 == 1,
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
            json!({ "TrailARN": arn, "EventSelectors": [{
                "ReadWriteType": "WriteOnly",
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
    (call.operation == "GetAlternateContact").then(|| {
        Ok(json!({ "AlternateContact": {
            "AlternateContactType": "SECURITY",
            "EmailAddress": "s@example.com",
            "Name": "s",
            "PhoneNumber": "1",
            "Title": "t",
        } }))
    })
}

fn with_next(name: &str, next: Option<String>, mut value: Value) -> Value {
    if let (Some(token), Some(members)) = (next, value.as_object_mut()) {
        members.insert(name.to_owned(), Value::String(token));
    }
    value
}

/// An organization of all accounts, half of them in one unit.
fn organization(account: &Account, all: &BTreeMap<String, Account>, call: &Call) -> Answer {
    let ids: Vec<&String> = all.keys().collect();
    let half = ids.len() / 2;
    let listed = |name: &str, of: &[&String], shape: fn(&str) -> Value| {
        account.page(call, of.len(), "MaxResults", 20).map(|page: Page| {
            let page_of = of.get(page.range.clone()).unwrap_or_default();
            let found: Vec<Value> = page_of.iter().map(|id| shape(id)).collect();
            let mut value = Map::new();
            value.insert(name.to_owned(), Value::Array(found));
            with_next("NextToken", page.next, Value::Object(value))
        })
    };
    let parent = call.parameter("ParentId").unwrap_or_default();
    let (root, unit) = (ids.get(..half).unwrap_or_default(), ids.get(half..).unwrap_or_default());
    Some(match call.operation.as_str() {
        "DescribeOrganization" => Ok(json!({ "Organization": {
            "Id": "o-laboratory",
            "Arn": format!("arn:aws:organizations::{}:organization/o-laboratory", account.id),
            "FeatureSet": "ALL",
            "MasterAccountId": account.id,
            "MasterAccountArn": format!("arn:aws:organizations::{0}:account/o-laboratory/{0}", account.id),
            "MasterAccountEmail": "m@example.com",
        } })),
        "ListRoots" => Ok(json!({ "Roots": [{
            "Id": "r-labs",
            "Arn": format!("arn:aws:organizations::{}:root/o-laboratory/r-labs", account.id),
            "Name": "Root",
            "PolicyTypes": [],
        }] })),
        "ListOrganizationalUnitsForParent" if parent == "r-labs" => {
            Ok(json!({ "OrganizationalUnits": [{
                "Id": "ou-labs-00000001",
                "Arn": format!("arn:aws:organizations::{}:ou/o-laboratory/ou-labs-00000001", account.id),
                "Name": "half",
            }] }))
        }
        "ListOrganizationalUnitsForParent" => Ok(json!({ "OrganizationalUnits": [] })),
        "ListAccounts" => listed("Accounts", &ids, member),
        "ListAccountsForParent" if parent == "r-labs" => listed("Accounts", root, member),
        "ListAccountsForParent" => listed("Accounts", unit, member),
        "ListParents" => {
            let child = call.parameter("ChildId").unwrap_or_default();
            let (id, kind) = match unit.iter().any(|id| *id == child) {
                true => ("ou-labs-00000001", "ORGANIZATIONAL_UNIT"),
                false => ("r-labs", "ROOT"),
            };
            Ok(json!({ "Parents": [{ "Id": id, "Type": kind }] }))
        }
        "ListTagsForResource" => Ok(json!({ "Tags": [{ "Key": "team", "Value": "lab" }] })),
        _ => return None,
    })
}

fn member(id: &str) -> Value {
    json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::111111111111:account/o-laboratory/{id}"),
        "Email": format!("{id}@example.com"),
        "Name": format!("t{id}"),
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": SECONDS,
    })
}
