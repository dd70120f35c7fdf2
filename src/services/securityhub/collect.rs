//! Asks whether Security Hub is on.

use super::{DESCRIBE_HUB, Hub};
use crate::aws::{Asked, Context, Reply};

/// The hub of a region; absent if Security Hub is off. Calls: 1.
pub(crate) async fn hub(context: &Context, region: &str) -> Reply<Hub> {
    let asked = Asked { operation: &DESCRIBE_HUB, region, about: None };
    let client = context.session().securityhub(region);
    let reply = context.ask(asked, || client.describe_hub().send()).await;
    reply.read(|reply| {
        Ok(Hub { arn: asked.must(reply.hub_arn, "HubArn")?, subscribed_at: reply.subscribed_at })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Plan;
    use crate::aws::wire::{Answer, Wire, json_error, known, ok};
    use crate::inventory::{Document, ErrorClass, Fact, Gap};
    use crate::services::aws::Region;

    /// The hub, and what hides it.
    async fn collect(answer: Answer) -> (Fact<Hub>, Option<Gap>) {
        let wire =
            Wire::start(move |request| (request.path == "/accounts").then(|| answer.clone()));
        let plan = Plan::new([Region::resource_type()], [&DESCRIBE_HUB]);
        let collected = wire.collect(plan, &["eu-west-1"]).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        let gap = collected.gaps.iter().next().map(|(_, gap)| gap.clone());
        (region.hub, gap)
    }

    #[tokio::test]
    async fn security_hub_is_on_or_off_or_refuses() {
        let arn = "arn:aws:securityhub:eu-west-1:123456789012:hub/default";
        let (hub, _) = collect(ok(&format!("{{\"HubArn\":\"{arn}\"}}"))).await;
        assert_eq!(known(hub), Hub { arn: arn.to_owned(), subscribed_at: None });
        for (code, message) in [
            (
                "InvalidAccessException",
                "Account 123456789012 is not subscribed to AWS Security Hub",
            ),
            ("ResourceNotFoundException", "no hub"),
        ] {
            let (hub, gap) = collect(json_error(401, code, message)).await;
            assert_eq!((hub, gap), (Fact::Absent, None), "{code}");
        }
        for (answer, class) in [
            (json_error(403, "AccessDeniedException", "no"), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
        ] {
            let (hub, gap) = collect(answer).await;
            assert!(matches!(hub, Fact::Unknown(_)));
            assert_eq!(gap.map(|gap| gap.class), Some(class));
        }
    }
}
