//! Reads users, groups, roles, policies, server certificates and OIDC providers.

mod certificates;
mod confirm;
mod details;
mod providers;
mod report;
#[cfg(test)]
mod tests;
mod users;

use super::{Group, ManagedPolicy, OidcProvider, Role, ServerCertificate, User};
use crate::aws::Context;
use crate::inventory::Document;

/// Feeds `iam.user`, `iam.group`, `iam.role`, `iam.policy`,
/// `iam.server-certificate` and `iam.oidc-provider`. Calls: ceil(users, groups,
/// roles and policies / 1000), 2 for the credential report (one more each time
/// that AWS is still writing it), ceil(server certificates / 1000), 1 for all
/// OIDC providers and 1 for each. If the report was made before the scan, one
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
    let authorization = [
        User::resource_type(),
        Group::resource_type(),
        Role::resource_type(),
        ManagedPolicy::resource_type(),
    ];
    if authorization.into_iter().any(|kind| plan.reads(kind)) {
        let context = context.clone();
        fan.add(async move {
            let report = async {
                if context.plan().reads(User::resource_type()) {
                    report::read(&context).await
                } else {
                    None
                }
            };
            let (details, report) = tokio::join!(details::read(&context), report);
            users::feed(&context, details, report);
        })
        .await;
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}
