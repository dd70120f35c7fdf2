//! Reads the organization.

mod policies;
#[cfg(test)]
mod tests;
mod tree;

use super::{
    DESCRIBE_ORGANIZATION, DESCRIBE_RESOURCE_POLICY, DelegatedAdministrator,
    EnabledServicePrincipal, LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION,
    LIST_DELEGATED_ADMINISTRATORS, LIST_DELEGATED_SERVICES_FOR_ACCOUNT,
    LIST_ORGANIZATIONS_FEATURES, Membership, Organization,
};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps, Operation, Resource};
use crate::services::pages::whole;
use aws_sdk_organizations::Client;

/// The most that one page holds
/// (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html>).
const PAGE: i32 = 20;

/// Feeds `organizations.organization`. Calls: 1, and in an organization, each
/// list in pages of 20: 1 for the root, 2 for the root and each unit (its units,
/// its accounts), 2 for the two types of policies, 2 for each policy that is not
/// AWS's and 1 more if one of them allows without denying, 1 for the resource
/// policy, 1 for the services, 1 for the administrators and 1 for each, and 1 for
/// the features. A member account is refused each of them once.
pub async fn collect(context: Context) {
    let kind = Organization::resource_type();
    let (organization, missing) = match membership(&context).await {
        Reply::Known(organization) => (Some(organization), Gaps::NONE),
        Reply::Absent => (None, Gaps::NONE),
        Reply::NotWanted => return,
        Reply::Gap(gap) => (None, context.gap(gap)),
    };
    if let Some(organization) = organization {
        one(&context, organization).await;
    }
    context.done(kind, GLOBAL, missing);
}

/// The organization that the account belongs to. Calls: 1.
pub(crate) async fn membership(context: &Context) -> Reply<Membership> {
    let asked = about(&DESCRIBE_ORGANIZATION);
    let client = context.session().organizations();
    let reply = context.ask(asked, || client.describe_organization().send()).await;
    reply.read(|reply| {
        let organization = asked.must(reply.organization, "Organization")?;
        Ok(Membership {
            id: asked.must(organization.id, "Id")?,
            arn: asked.must(organization.arn, "Arn")?,
            feature_set: organization.feature_set.map(|set| set.as_str().to_owned()),
            management_account: asked.must(organization.master_account_id, "MasterAccountId")?,
        })
    })
}

fn about(operation: &'static Operation) -> Asked<'static> {
    Asked { operation, region: GLOBAL, about: None }
}

async fn one(context: &Context, organization: Membership) {
    let client = context.session().organizations();
    let client = &*client;
    let (tree, policies, resource_policy, service_access, administrators, features) = tokio::join!(
        tree::read(context, client),
        policies::read(context, client),
        resource_policy(context, client),
        service_access(context, client),
        administrators(context, client),
        features(context),
    );
    let document = Organization {
        management_account: Fact::Known(organization.management_account),
        feature_set: Fact::from_option(organization.feature_set),
        roots: context.fact(tree.roots),
        units: context.fact(tree.units),
        accounts: context.fact(tree.accounts),
        policies: context.fact(policies),
        resource_policy: context.fact(resource_policy),
        service_access: context.fact(service_access),
        administrators: context.fact(administrators),
        features: context.fact(features),
    };
    context.resource(Resource::new(&organization.id, &organization.arn, GLOBAL, document));
}

async fn resource_policy(context: &Context, client: &Client) -> Reply<String> {
    let asked = about(&DESCRIBE_RESOURCE_POLICY);
    let reply = context.ask(asked, || client.describe_resource_policy().send()).await;
    reply.read(|reply| {
        let policy = asked.must(reply.resource_policy, "ResourcePolicy")?;
        asked.must(policy.content, "Content")
    })
}

async fn service_access(context: &Context, client: &Client) -> Reply<Vec<EnabledServicePrincipal>> {
    let asked = about(&LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_aws_service_access_for_organization();
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.enabled_service_principals, "EnabledServicePrincipals")?;
            let read = list.into_iter().map(|service| {
                let principal = asked.must(service.service_principal, "ServicePrincipal")?;
                Ok(EnabledServicePrincipal { principal })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

async fn administrators(context: &Context, client: &Client) -> Reply<Vec<DelegatedAdministrator>> {
    let asked = about(&LIST_DELEGATED_ADMINISTRATORS);
    let ids = whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_delegated_administrators();
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.delegated_administrators, "DelegatedAdministrators")?;
            let read = list.into_iter().map(|account| asked.must(account.id, "Id"));
            Ok((read.collect::<Result<Vec<_>, _>>()?, reply.next_token))
        })
    });
    let ids = match ids.await.known() {
        Ok(ids) => ids,
        Err(other) => return other,
    };
    let mut administrators = Vec::new();
    for id in context.sample(ids) {
        let services = services_of(context, client, &id).await;
        // Deregistered since it was listed.
        if services.failed_with(&["AccountNotRegisteredException"]) {
            continue;
        }
        match services.known() {
            Ok(services) => administrators.push(DelegatedAdministrator { id, services }),
            Err(other) => return other,
        }
    }
    Reply::Known(administrators)
}

async fn services_of(
    context: &Context,
    client: &Client,
    id: &str,
) -> Reply<Vec<EnabledServicePrincipal>> {
    let asked = about(&LIST_DELEGATED_SERVICES_FOR_ACCOUNT);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_delegated_services_for_account().account_id(id);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.delegated_services, "DelegatedServices")?;
            let read = list.into_iter().map(|service| {
                let principal = asked.must(service.service_principal, "ServicePrincipal")?;
                Ok(EnabledServicePrincipal { principal })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

/// What says that an organization has none of the features.
const NO_FEATURES: [&str; 2] =
    ["ServiceAccessNotEnabledException", "OrganizationNotInAllFeaturesModeException"];

async fn features(context: &Context) -> Reply<Vec<String>> {
    let asked = about(&LIST_ORGANIZATIONS_FEATURES);
    let client = context.session().iam();
    let reply = context.ask(asked, || client.list_organizations_features().send()).await;
    match reply {
        Reply::Gap(gap) if gap.has_code(&NO_FEATURES) => Reply::Known(Vec::new()),
        reply => reply.read(|reply| {
            let features = asked.must(reply.enabled_features, "EnabledFeatures")?;
            Ok(features.iter().map(|feature| feature.as_str().to_owned()).collect())
        }),
    }
}
