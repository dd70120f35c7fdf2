//! What is in the user data of an instance. The text is searched here and goes
//! no further.

use crate::aws::{Asked, Context, Reply};
use crate::inventory::{ErrorClass, Gap};
use crate::services::ec2::compute::instance::{DESCRIBE_INSTANCE_ATTRIBUTE, SearchedUserData};
use crate::services::secrets::{Salt, base64, search};
use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::InstanceAttributeName;

/// The secrets in an instance's user data; absent if it has no user data.
pub(super) async fn searched(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<SearchedUserData> {
    let asked = Asked { operation: &DESCRIBE_INSTANCE_ATTRIBUTE, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client
                .describe_instance_attribute()
                .instance_id(id)
                .attribute(InstanceAttributeName::UserData)
                .send()
        })
        .await;
    let session = context.session();
    reply.read_optional(|reply| {
        let attribute = asked.must(reply.user_data, "UserData")?;
        let Some(text) = attribute.value.filter(|text| !text.is_empty()) else { return Ok(None) };
        let bytes = base64(&text).ok_or_else(|| asked.malformed("UserData is not base64"))?;
        let salt = Salt::of_account(session.partition(), session.account());
        let secrets = search(&bytes, &salt).map_err(|error| {
            let message = format!("the user data was not searched for secrets: {error}");
            let gap = Gap::new(asked.operation, region, ErrorClass::Other, &message);
            Box::new(gap.about(arn))
        })?;
        Ok(Some(SearchedUserData { secrets }))
    })
}

/// What AWS says of an instance that went away since it was listed.
pub(super) const GONE: &[&str] = &["InvalidInstanceID.NotFound"];
