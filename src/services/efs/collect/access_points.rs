//! Access points.

use super::{PAGE, tags};
use crate::aws::{Asked, Context};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::efs::{AccessPoint, DESCRIBE_ACCESS_POINTS, PosixUser, RootDirectory};
use crate::services::pages::feed;
use aws_sdk_efs::types;

/// Access points of one region. Calls: ceil(access points / 100).
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_ACCESS_POINTS, region: &region, about: None };
    let client = context.session().efs(&region);
    let (context, client) = (&context, &client);
    let page = |token: Option<String>| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.describe_access_points().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| Ok((asked.must(reply.access_points, "AccessPoints")?, reply.next_token)))
    };
    let one = |point: &types::AccessPointDescription| one(context, asked, point);
    feed(context, asked, AccessPoint::resource_type(), page, one).await;
}

fn one(
    context: &Context,
    asked: Asked<'_>,
    sent: &types::AccessPointDescription,
) -> Result<Resource, Box<Gap>> {
    let id = asked.must(sent.access_point_id(), "AccessPointId")?;
    let arn = asked.must(sent.access_point_arn(), "AccessPointArn")?;
    let asked = Asked { about: Some(arn), ..asked };
    let document = AccessPoint {
        file_system: context.member(asked.must(sent.file_system_id.clone(), "FileSystemId")),
        root_directory: Fact::from_option(sent.root_directory.as_ref())
            .map(|root| RootDirectory { path: root.path.clone() }),
        posix_user: Fact::from_option(sent.posix_user.as_ref())
            .map(|user| PosixUser { uid: user.uid, gid: user.gid }),
    };
    let tags = Fact::from_option(sent.tags.as_deref().map(tags));
    Ok(Resource::new(id, arn, asked.region, document).with_tags(tags))
}
