//! Services that are on or off in a region.

use super::CREATED;
use super::answers::{One, Refusal};
use serde_json::json;

const MACIE_OFF: Refusal = (403, "AccessDeniedException", "Macie is not enabled.");
const NO_HUB: Refusal =
    (401, "InvalidAccessException", "Account 123456789012 is not subscribed to AWS Security Hub");

/// Macie and Security Hub are on in the first region. Inspector is on for
/// instances and images, in the first region for functions, too.
pub(super) static ONES: &[One] = &[
    ("inspector2:BatchGetAccountStatus", |place| {
        let state = |on: bool| json!({ "status": if on { "ENABLED" } else { "DISABLED" } });
        Ok(Some(json!({
            "accounts": [{
                "accountId": place.account.id,
                "state": state(true),
                "resourceState": {
                    "ec2": state(true),
                    "ecr": state(true),
                    "lambda": state(place.at_home()),
                    "lambdaCode": state(place.at_home()),
                },
            }],
            "failedAccounts": [],
        })))
    }),
    ("macie2:GetMacieSession", |place| match place.at_home() {
        true => Ok(Some(json!({
            "status": "ENABLED",
            "createdAt": CREATED,
            "findingPublishingFrequency": "SIX_HOURS",
        }))),
        false => Err(MACIE_OFF),
    }),
    ("macie2:GetAutomatedDiscoveryConfiguration", |place| match place.at_home() {
        true => Ok(Some(json!({ "status": "DISABLED" }))),
        false => Err(MACIE_OFF),
    }),
    ("securityhub:DescribeHub", |place| match place.at_home() {
        true => Ok(Some(json!({
            "HubArn": place.arn("securityhub", "hub/default"),
            "SubscribedAt": CREATED,
            "AutoEnableControls": true,
        }))),
        false => Err(NO_HUB),
    }),
];
