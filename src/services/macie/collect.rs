//! Asks whether Macie is on.

use super::{
    AutomatedDiscovery, GET_AUTOMATED_DISCOVERY_CONFIGURATION, GET_MACIE_SESSION, MacieSession,
};
use crate::aws::{Asked, Context, Reply};

/// Macie in a region; absent if it is off. Calls: 1.
pub(crate) async fn session(context: &Context, region: &str) -> Reply<MacieSession> {
    let asked = Asked { operation: &GET_MACIE_SESSION, region, about: None };
    let client = context.session().macie(region);
    let reply = context.ask(asked, || client.get_macie_session().send()).await;
    reply.read(|reply| {
        let status = asked.must(reply.status, "status")?;
        Ok(MacieSession { status: status.as_str().to_owned() })
    })
}

/// Automated discovery in a region; absent if Macie is off. Calls: 1.
pub(crate) async fn discovery(context: &Context, region: &str) -> Reply<AutomatedDiscovery> {
    let asked = Asked { operation: &GET_AUTOMATED_DISCOVERY_CONFIGURATION, region, about: None };
    let client = context.session().macie(region);
    let reply = context.ask(asked, || client.get_automated_discovery_configuration().send()).await;
    reply.read(|reply| {
        let status = asked.must(reply.status, "status")?;
        Ok(AutomatedDiscovery { status: status.as_str().to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Plan;
    use crate::aws::wire::{Answer, Collected, Wire, json_error, known, ok};
    use crate::inventory::{Document, ErrorClass, Fact};
    use crate::services::aws::Region;

    async fn collect(session: Answer, discovery: Answer) -> (Collected, usize) {
        let wire = Wire::start(move |request| match request.path.as_str() {
            "/macie" => Some(session.clone()),
            "/automated-discovery/configuration" => Some(discovery.clone()),
            _ => None,
        });
        let operations = [&GET_MACIE_SESSION, &GET_AUTOMATED_DISCOVERY_CONFIGURATION];
        let plan = Plan::new([Region::resource_type()], operations);
        let collected = wire.collect(plan, &["eu-west-1"]).await;
        (collected, wire.requests().len())
    }

    #[tokio::test]
    async fn macie_is_on_or_off_or_refuses() {
        let on = || ok("{\"status\":\"ENABLED\"}");
        let (collected, requests) = collect(on(), ok("{\"status\":\"DISABLED\"}")).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        assert_eq!(known(region.macie).status, "ENABLED");
        assert_eq!(known(region.macie_discovery).status, "DISABLED");
        // GetCallerIdentity, and one call for each.
        assert_eq!(requests, 1 + 2);
        let off = || json_error(403, "AccessDeniedException", "Macie is not enabled.");
        let (collected, _) = collect(off(), off()).await;
        assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
        let region: Region = collected.document("aws.region", "eu-west-1");
        assert_eq!((region.macie, region.macie_discovery), (Fact::Absent, Fact::Absent));
        let message = "User is not authorized to perform: macie2:GetMacieSession";
        for (answer, class) in [
            (json_error(403, "AccessDeniedException", message), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
        ] {
            let (collected, _) = collect(answer.clone(), answer).await;
            let region: Region = collected.document("aws.region", "eu-west-1");
            assert_eq!(collected.why(&region.macie).class, class);
            assert_eq!(collected.why(&region.macie_discovery).class, class);
        }
    }
}
