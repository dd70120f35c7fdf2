//! Reads the account's own settings.

mod compute;
mod regions;
#[cfg(test)]
mod tests;

use super::{Account, Region};
use crate::aws::{Asked, Context, Reply, Requires};
use crate::inventory::arn::account_arn;
use crate::inventory::{Document, GLOBAL, Gap, Gaps, Resource};
use crate::services::account::collect::{contact_information, security_contact};
use crate::services::iam::{
    AccountSummary, DeviceUser, GET_ACCOUNT_PASSWORD_POLICY, GET_ACCOUNT_SUMMARY,
    LIST_VIRTUAL_MFA_DEVICES, PasswordPolicy, VirtualMfaDevice,
};
use crate::services::organizations::collect::membership;
use crate::services::pages::whole;
use crate::services::s3::collect::public_access_block;
use crate::services::s3::{GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, PublicAccessBlock};
use aws_sdk_iam::Client;
use aws_sdk_iam::types::{AssignmentStatusType, SummaryKeyType};

/// Feeds `aws.account` and `aws.region`. Calls: 6 + ceil(assigned virtual MFA
/// devices / 1000), and those of [`regions`]. The regions were listed before.
pub async fn collect(context: Context) {
    tokio::join!(
        async {
            if context.plan().reads(Region::resource_type()) {
                regions::collect(&context).await;
            }
        },
        async {
            if context.plan().reads(Account::resource_type()) {
                account(&context).await;
            }
        },
    );
}

async fn account(context: &Context) {
    let iam = context.session().iam();
    let (
        summary,
        password_policy,
        virtual_mfa_devices,
        public_access_block,
        contact,
        contact_information,
        organization,
    ) = tokio::join!(
        Box::pin(summary(context, &iam)),
        Box::pin(password_policy(context, &iam)),
        Box::pin(virtual_mfa_devices(context, &iam)),
        Box::pin(account_block(context)),
        Box::pin(security_contact(context)),
        Box::pin(contact_information(context)),
        Box::pin(membership(context)),
    );
    let document = Account {
        summary: context.fact(summary),
        password_policy: context.fact(password_policy),
        virtual_mfa_devices: context.fact(virtual_mfa_devices),
        public_access_block: context.fact(public_access_block),
        security_contact: context.fact(contact),
        contact_information: context.fact(contact_information),
        organization: context.fact(organization),
    };
    let session = context.session();
    let arn = account_arn(session.partition(), session.account());
    context.resource(Resource::new(session.account(), &arn, GLOBAL, document));
    // The account is there: GetCallerIdentity answered when the session opened.
    context.done(Account::resource_type(), GLOBAL, Gaps::NONE);
}

async fn summary(context: &Context, iam: &Client) -> Reply<AccountSummary> {
    let asked = Asked { operation: &GET_ACCOUNT_SUMMARY, region: GLOBAL, about: None };
    let reply = context.ask(asked, || iam.get_account_summary().send()).await;
    reply.read(|reply| {
        let map = asked.must(reply.summary_map, "SummaryMap")?;
        let count = |key: &str| map.get(&SummaryKeyType::from(key)).map(|n| i64::from(*n));
        Ok(AccountSummary {
            access_keys_present: count("AccountAccessKeysPresent"),
            mfa_enabled: count("AccountMFAEnabled"),
            password_present: count("AccountPasswordPresent"),
        })
    })
}

async fn password_policy(context: &Context, iam: &Client) -> Reply<PasswordPolicy> {
    let asked = Asked { operation: &GET_ACCOUNT_PASSWORD_POLICY, region: GLOBAL, about: None };
    let reply = context
        .ask(asked, || {
            iam.get_account_password_policy()
                .customize()
                .interceptor(Requires(&[
                    "RequireSymbols",
                    "RequireNumbers",
                    "RequireUppercaseCharacters",
                    "RequireLowercaseCharacters",
                    "ExpirePasswords",
                ]))
                .send()
        })
        .await;
    reply.read(|reply| {
        let policy = asked.must(reply.password_policy, "PasswordPolicy")?;
        Ok(PasswordPolicy {
            minimum_length: policy.minimum_password_length.map(i64::from),
            require_symbols: policy.require_symbols,
            require_numbers: policy.require_numbers,
            require_uppercase: policy.require_uppercase_characters,
            require_lowercase: policy.require_lowercase_characters,
            expire_passwords: policy.expire_passwords,
            max_age: policy.max_password_age.map(i64::from),
            reuse_prevention: policy.password_reuse_prevention.map(i64::from),
        })
    })
}

/// All pages, or a gap: half a list of devices answers nothing.
async fn virtual_mfa_devices(context: &Context, iam: &Client) -> Reply<Vec<VirtualMfaDevice>> {
    let asked = Asked { operation: &LIST_VIRTUAL_MFA_DEVICES, region: GLOBAL, about: None };
    whole(asked, |marker| async move {
        let reply = context
            .ask(asked, || {
                iam.list_virtual_mfa_devices()
                    .assignment_status(AssignmentStatusType::Assigned)
                    .max_items(1000)
                    .set_marker(marker.clone())
                    .customize()
                    .interceptor(Requires(&["VirtualMFADevices"]))
                    .send()
            })
            .await;
        reply.read(|reply| {
            let devices = reply.virtual_mfa_devices.iter();
            let read = devices.map(|device| virtual_mfa_device(asked, device));
            let devices = read.collect::<Result<_, _>>()?;
            Ok((devices, asked.next(reply.is_truncated, reply.marker)?))
        })
    })
    .await
}

fn virtual_mfa_device(
    asked: Asked<'_>,
    device: &aws_sdk_iam::types::VirtualMfaDevice,
) -> Result<VirtualMfaDevice, Box<Gap>> {
    let user = match &device.user {
        None => None,
        Some(user) => Some(DeviceUser { arn: asked.must_text(&user.arn, "User.Arn")? }),
    };
    Ok(VirtualMfaDevice {
        serial_number: asked.must_text(&device.serial_number, "SerialNumber")?,
        user,
    })
}

async fn account_block(context: &Context) -> Reply<PublicAccessBlock> {
    let session = context.session();
    let home = session.home_region();
    let client = session.s3control(home);
    let asked = Asked { operation: &GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, region: home, about: None };
    let reply = context
        .ask(asked, || client.get_public_access_block().account_id(session.account()).send())
        .await;
    reply.read(|reply| {
        let found = reply.public_access_block_configuration;
        let block = asked.must(found, "PublicAccessBlockConfiguration")?;
        public_access_block(
            asked,
            block.block_public_acls,
            block.ignore_public_acls,
            block.block_public_policy,
            block.restrict_public_buckets,
        )
    })
}
