//! Reads users, groups, roles, policies, server certificates and identity providers.

mod certificates;
mod confirm;
mod details;
mod providers;
mod report;
mod root;
mod saml;
#[cfg(test)]
mod tests;
mod users;

use super::{
    Group, ManagedPolicy, OidcProvider, Role, RootUser, SamlProvider, ServerCertificate, User,
};
use crate::aws::Context;
use crate::inventory::Document;

/// Feeds `iam.user`, `iam.root-user`, `iam.group`, `iam.role`, `iam.policy`,
/// `iam.server-certificate`, `iam.saml-provider` and `iam.oidc-provider`. Calls: ceil(users, groups,
/// roles and policies / 1000), 2 for the credential report (one more each time
/// that AWS is still writing it), ceil(server certificates / 1000), 1 for all
/// SAML providers, 1 for all OIDC providers and 1 for each of these. If the report was made before the scan, one
/// more for each user that it may do wrong: without MFA, or with an access key
/// that is old or not the only one.
pub async fn collect(context: Context) {
    let plan = context.plan();
    let mut fan = context.fan_out();
    if plan.reads(ServerCertificate::resource_type()) {
        fan.add(certificates::collect(context.clone())).await;
    }
    if plan.reads(OidcProvider::resource_type()) {
        fan.add(providers::collect(context.clone())).await;
    }
    if plan.reads(SamlProvider::resource_type()) {
        fan.add(saml::collect(context.clone())).await;
    }
    let authorization = [
        RootUser::resource_type(),
        User::resource_type(),
        Group::resource_type(),
        Role::resource_type(),
        ManagedPolicy::resource_type(),
    ];
    if authorization.into_iter().any(|kind| plan.reads(kind)) {
        let context = context.clone();
        fan.add(async move {
            let report = async {
                let rows = [User::resource_type(), RootUser::resource_type()];
                if rows.into_iter().any(|kind| context.plan().reads(kind)) {
                    report::read(&context).await
                } else {
                    None
                }
            };
            let (details, report) = tokio::join!(details::read(&context), report);
            root::feed(&context, report.as_ref());
            users::feed(&context, details, report);
        })
        .await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}
