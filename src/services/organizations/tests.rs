//! What a policy says of an organization's accounts, beside the rules' examples.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::{ControlPolicy, Organization, OrganizationalUnit, PlacedAccount, PolicyTarget};
use crate::inventory::{Fact, GLOBAL, Resource, Value};
use crate::services::testing::{ACCOUNT, World, ask};

const DENY: &str = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;

fn organization(policies: Vec<ControlPolicy>, units: &[(&str, &str)]) -> Resource {
    let unit = |(id, parent): &(&str, &str)| OrganizationalUnit {
        id: (*id).to_owned(),
        name: None,
        parent: (*parent).to_owned(),
    };
    let account = |id: &str, parent: &str| PlacedAccount {
        id: id.to_owned(),
        parent: parent.to_owned(),
        state: None,
    };
    let document = Organization {
        management_account: Fact::Known(ACCOUNT.to_owned()),
        units: Fact::Known(units.iter().map(unit).collect()),
        accounts: Fact::Known(vec![account(ACCOUNT, "r-1"), account("222222222222", "ou-2")]),
        policies: Fact::Known(policies),
        ..Organization::not_collected()
    };
    Resource::new("o-1", "arn:aws:organizations::1:organization/o-1", GLOBAL, document)
}

fn policy(content: Option<&str>, kind: &str, target: &str) -> ControlPolicy {
    ControlPolicy {
        id: "p-1".to_owned(),
        name: None,
        kind: kind.to_owned(),
        content: content.map(str::to_owned),
        targets: vec![PolicyTarget { id: target.to_owned() }],
    }
}

#[test]
fn units_that_run_in_a_circle_end() {
    let circle = organization(
        vec![policy(Some(DENY), "SERVICE_CONTROL_POLICY", "elsewhere")],
        &[("ou-1", "ou-2"), ("ou-2", "ou-1")],
    );
    let answer = ask("organizations.guardrails", &circle, &World::default());
    assert_eq!(answer.member("all"), Value::Bool(false));
    assert_eq!(answer.texts("unlimited"), ["222222222222"]);
}

#[test]
fn a_policy_is_called_by_its_id_where_it_has_no_name() {
    let units = [("ou-1", "r-1"), ("ou-2", "ou-1")];
    let limited = organization(vec![policy(Some(DENY), "SERVICE_CONTROL_POLICY", "r-1")], &units);
    let answer = ask("organizations.guardrails", &limited, &World::default());
    assert_eq!(answer.member("all"), Value::Bool(true));
    assert_eq!(answer.texts("reasons"), ["p-1 limits r-1"]);
    let without = r#"{"Version":"2012-10-17"}"#;
    let odd = organization(vec![policy(Some(without), "SERVICE_CONTROL_POLICY", "r-1")], &units);
    let answer = ask("organizations.guardrails", &odd, &World::default());
    assert!(matches!(answer.member("all"), Value::Unknown(_)));
    let reasons = answer.texts("reasons");
    assert!(reasons.first().unwrap().contains("no statement"), "{reasons:?}");
}
