//! Reads managed nodes, documents and settings, region by region.

mod documents;
mod nodes;
#[cfg(test)]
mod tests;

use super::{GET_SERVICE_SETTING, ManagedInstance, ServiceSetting, SsmDocument};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::Document;

/// The most that one page of most lists holds.
const PAGE: i32 = 50;

/// Feeds `ssm.managed-instance` and `ssm.document`. Calls in each region:
/// ceil(nodes / 50), and where there are nodes, the same again for their patches
/// and ceil(compliance summaries / 50); ceil(own documents / 50), and
/// ceil(accounts / 200), at least 1, for each document.
pub async fn collect(context: Context) {
    let plan = context.plan();
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        if plan.reads(ManagedInstance::resource_type()) {
            fan.add(nodes::collect(context.clone(), region.clone())).await;
        }
        if plan.reads(SsmDocument::resource_type()) {
            fan.add(documents::collect(context.clone(), region.clone())).await;
        }
    }
    // A task that broke off has not said `done`, which the caller sees.
    let _broken = fan.finish().await;
}

/// Where Automation writes the output of scripts, and whether documents may be public
/// (<https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetServiceSetting.html>).
const SETTINGS: [&str; 2] = [
    "/ssm/automation/customer-script-log-destination",
    "/ssm/documents/console/public-sharing-permission",
];

/// The settings of a region that rules read, as far as the region has them.
/// Calls: 2.
pub(crate) async fn service_settings(
    context: &Context,
    region: &str,
) -> Reply<Vec<ServiceSetting>> {
    let mut settings = Vec::new();
    for id in SETTINGS {
        match setting(context, region, id).await {
            Reply::Known(setting) => settings.push(setting),
            Reply::Absent => {}
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
    }
    Reply::Known(settings)
}

async fn setting(context: &Context, region: &str, id: &str) -> Reply<ServiceSetting> {
    let asked = Asked { operation: &GET_SERVICE_SETTING, region, about: None };
    let client = context.session().ssm(region);
    let reply = context.ask(asked, || client.get_service_setting().setting_id(id).send()).await;
    reply.read(|reply| {
        let setting = asked.must(reply.service_setting, "ServiceSetting")?;
        Ok(ServiceSetting {
            id: id.to_owned(),
            value: setting.setting_value,
            status: setting.status,
        })
    })
}
