//! Asks what Inspector scans.

use super::{BATCH_GET_ACCOUNT_STATUS, InspectorState, ScanState};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::Gap;
use aws_sdk_inspector2::types::State;

/// What Inspector scans of the account in a region. Calls: 1.
pub(crate) async fn state(context: &Context, region: &str) -> Reply<InspectorState> {
    let asked = Asked { operation: &BATCH_GET_ACCOUNT_STATUS, region, about: None };
    let client = context.session().inspector(region);
    let account = context.session().account();
    let reply =
        context.ask(asked, || client.batch_get_account_status().account_ids(account).send()).await;
    reply.read(|reply| {
        let own = reply.accounts.into_iter().find(|state| state.account_id == account);
        let Some(own) = own else {
            // An account about which the service could not say anything stands here.
            let why = reply.failed_accounts.into_iter().flatten().next();
            let why = why.map_or_else(String::new, |failed| failed.error_message);
            return Err(asked.malformed(&format!("the reply lacks the account: {why}")));
        };
        let scans = asked.must(own.resource_state, "resourceState")?;
        Ok(InspectorState {
            ec2: scan(asked, &asked.must(scans.ec2, "ec2")?)?,
            ecr: scan(asked, &asked.must(scans.ecr, "ecr")?)?,
            lambda: scans.lambda.map(|state| scan(asked, &state)).transpose()?,
            lambda_code: scans.lambda_code.map(|state| scan(asked, &state)).transpose()?,
        })
    })
}

fn scan(asked: Asked<'_>, state: &State) -> Result<ScanState, Box<Gap>> {
    Ok(ScanState { status: asked.must_text(state.status.as_str(), "status")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Plan;
    use crate::aws::wire::{Answer, Collected, Wire, json_error, known, ok};
    use crate::inventory::{Document, ErrorClass};
    use crate::services::aws::Region;
    use serde_json::{Value, json};

    async fn collect(answer: Answer) -> Collected {
        let wire = Wire::start(move |request| {
            let asked = request.path == "/status/batch/get";
            (asked && request.body.contains("123456789012")).then(|| answer.clone())
        });
        let plan = Plan::new([Region::resource_type()], [&BATCH_GET_ACCOUNT_STATUS]);
        wire.collect(plan, &["eu-west-1"]).await
    }

    fn account(id: &str, state: &Value) -> Answer {
        ok(&json!({ "accounts": [{
            "accountId": id,
            "state": { "status": "ENABLED" },
            "resourceState": state,
        }]})
        .to_string())
    }

    #[tokio::test]
    async fn each_kind_of_scan_is_told() {
        let on = json!({ "status": "ENABLED", "errorCode": "ALREADY_ENABLED", "errorMessage": "" });
        let off = json!({ "status": "DISABLED" });
        let all = json!({ "ec2": on, "ecr": off, "lambda": on, "lambdaCode": off });
        let collected = collect(account("123456789012", &all)).await;
        assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
        let region: Region = collected.document("aws.region", "eu-west-1");
        let state = known(region.inspector);
        assert_eq!((state.ec2.status.as_str(), state.ecr.status.as_str()), ("ENABLED", "DISABLED"));
        assert_eq!(state.lambda.map(|scan| scan.status).as_deref(), Some("ENABLED"));
        assert_eq!(state.lambda_code.map(|scan| scan.status).as_deref(), Some("DISABLED"));
        let few = json!({ "ec2": on, "ecr": on });
        let collected = collect(account("123456789012", &few)).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        let state = known(region.inspector);
        assert_eq!((state.lambda, state.lambda_code), (None, None));
    }

    #[tokio::test]
    async fn what_is_refused_or_missing_is_a_gap() {
        let failed = json!({ "accounts": [], "failedAccounts": [
            { "accountId": "123456789012", "errorCode": "ACCESS_DENIED", "errorMessage": "no" },
        ]});
        let on = json!({ "status": "ENABLED" });
        for (answer, class) in [
            (json_error(403, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
            (ok(&failed.to_string()), ErrorClass::Malformed),
            (account("999988887777", &json!({ "ec2": on, "ecr": on })), ErrorClass::Malformed),
            (account("123456789012", &Value::Null), ErrorClass::Malformed),
            (account("123456789012", &json!({ "ec2": on })), ErrorClass::Malformed),
            (account("123456789012", &json!({ "ec2": {}, "ecr": on })), ErrorClass::Malformed),
        ] {
            let collected = collect(answer).await;
            let region: Region = collected.document("aws.region", "eu-west-1");
            assert_eq!(collected.why(&region.inspector).class, class);
        }
    }
}
