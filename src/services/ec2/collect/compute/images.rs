//! The account's own images, and the images that its instances use.

use super::super::pages::{Pages, arn, tags};
use super::moments::{moment, optional};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, Gap, Resource};
use crate::services::ec2::compute::image::{
    DESCRIBE_IMAGE_ATTRIBUTE, DESCRIBE_IMAGES, Image, LaunchPermission,
};
use crate::services::ec2::compute::instance::InstanceImage;
use aws_sdk_ec2::{Client, types};
use std::collections::{BTreeMap, BTreeSet};

/// Own images of one region. Calls: ceil(images / 1000); if sharing is asked for,
/// also 1 for each image that is available.
pub(super) async fn collect(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_IMAGES, region: &region, about: None };
    let client = context.session().ec2(&region);
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    while pages.more() {
        let reply = context
            .ask(asked, || {
                let request = client.describe_images().owners("self").include_disabled(true);
                request.max_results(1000).set_next_token(pages.token()).send()
            })
            .await;
        let page = reply.read(|reply| Ok((asked.must(reply.images, "Images")?, reply.next_token)));
        for image in context.sample(pages.turn(page)) {
            let Listed { id, arn, mut document, tags } = match own(&context, asked, &image) {
                Ok(listed) => listed,
                Err(gap) => {
                    pages.hide(gap);
                    continue;
                }
            };
            let can_start = image.state == Some(types::ImageState::Available);
            if !can_start || !context.wants(&DESCRIBE_IMAGE_ATTRIBUTE) {
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
                continue;
            }
            let (context, client, region) = (context.clone(), client.clone(), region.clone());
            fan.add(async move {
                let permissions = permissions(&context, &client, &region, &id, &arn).await;
                if permissions.failed_with(GONE) {
                    return;
                }
                document.launch_permissions = context.fact(permissions);
                context.resource(Resource::new(&id, &arn, &region, document).with_tags(tags));
            })
            .await;
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Image::resource_type());
    }
}

/// With whom an image is shared. Calls: 1.
async fn permissions(
    context: &Context,
    client: &Client,
    region: &str,
    id: &str,
    arn: &str,
) -> Reply<Vec<LaunchPermission>> {
    let asked = Asked { operation: &DESCRIBE_IMAGE_ATTRIBUTE, region, about: Some(arn) };
    let reply = context
        .ask(asked, || {
            client
                .describe_image_attribute()
                .image_id(id)
                .attribute(types::ImageAttributeName::LaunchPermission)
                .send()
        })
        .await;
    reply.read(|reply| {
        let permissions = asked.must(reply.launch_permissions, "LaunchPermissions")?;
        Ok(permissions
            .into_iter()
            .map(|permission| LaunchPermission {
                group: permission.group.map(|group| group.as_str().to_owned()),
                user: permission.user_id,
                organization: permission.organization_arn,
                unit: permission.organizational_unit_arn,
            })
            .collect())
    })
}

/// What AWS says of one that was deregistered since it was listed.
const GONE: &[&str] = &["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"];

/// An image as it is listed.
struct Listed {
    id: String,
    arn: String,
    document: Image,
    tags: Fact<BTreeMap<String, String>>,
}

fn own(context: &Context, asked: Asked<'_>, image: &types::Image) -> Result<Listed, Box<Gap>> {
    let id = asked.must(image.image_id.clone(), "ImageId")?;
    // The ARN of an image has no account.
    let arn = arn(context, asked.region, "", "image", &id);
    let about = Asked { about: Some(&arn), ..asked };
    let state = about.must(image.state(), "State").map(|state| state.as_str().to_owned());
    let created = moment(about, image.creation_date(), "CreationDate");
    let deprecated = moment(about, image.deprecation_time(), "DeprecationTime");
    let document = Image {
        name: Fact::from_option(image.name.clone()),
        state: context.member(state),
        public: context.member(about.must(image.public, "Public")),
        creation_date: optional(context, created),
        deprecation_time: optional(context, deprecated),
        launch_permissions: match context.wants(&DESCRIBE_IMAGE_ATTRIBUTE) {
            true => Fact::Absent,
            false => Fact::not_collected(),
        },
    };
    Ok(Listed { id, tags: tags(image.tags.as_ref()), document, arn })
}

/// How many images are asked for by id at once.
const BATCH: usize = 100;

/// The images that instances of a region use, each asked for once.
pub(super) struct ImagesInUse<'a> {
    context: &'a Context,
    client: &'a Client,
    region: &'a str,
    known: BTreeMap<String, Fact<InstanceImage>>,
}

impl<'a> ImagesInUse<'a> {
    pub(super) fn new(context: &'a Context, client: &'a Client, region: &'a str) -> Self {
        Self { context, client, region, known: BTreeMap::new() }
    }

    /// What EC2 says of an image that was learned.
    pub(super) fn of(&self, id: &str) -> Fact<InstanceImage> {
        self.known.get(id).cloned().unwrap_or_else(Fact::not_collected)
    }

    /// Asks for those that were not asked for yet.
    pub(super) async fn learn(&mut self, ids: BTreeSet<String>) {
        if !self.context.wants(&DESCRIBE_IMAGES) {
            return;
        }
        let new: Vec<String> = ids.into_iter().filter(|id| !self.known.contains_key(id)).collect();
        for batch in new.chunks(BATCH) {
            self.ask(batch.to_vec()).await;
        }
    }

    /// Asks for a batch. EC2 refuses all of it if one of the images is gone, and
    /// names it; then it is asked for again without that one.
    async fn ask(&mut self, mut batch: Vec<String>) {
        let asked = Asked { operation: &DESCRIBE_IMAGES, region: self.region, about: None };
        while !batch.is_empty() {
            let reply = self
                .context
                .ask(asked, || {
                    self.client
                        .describe_images()
                        .set_image_ids(Some(batch.clone()))
                        .include_deprecated(true)
                        .include_disabled(true)
                        .send()
                })
                .await;
            let gap = match reply.read(|reply| asked.must(reply.images, "Images")) {
                Reply::Known(images) => {
                    self.keep(asked, batch, images);
                    return;
                }
                Reply::Absent | Reply::NotWanted => return,
                Reply::Gap(gap) => gap,
            };
            let gone = |id: &String| is_missing(&gap, &batch, id);
            let (missing, rest): (Vec<_>, Vec<_>) = batch.iter().cloned().partition(|id| gone(id));
            if missing.is_empty() {
                let gaps = self.context.gap(gap);
                self.know(batch, |_| Fact::Unknown(gaps.clone()));
                return;
            }
            self.know(missing, |_| Fact::Absent);
            batch = rest;
        }
    }

    fn keep(&mut self, asked: Asked<'_>, batch: Vec<String>, images: Vec<types::Image>) {
        let mut found: BTreeMap<String, Fact<InstanceImage>> = BTreeMap::new();
        for image in images {
            let read = in_use(asked, &image);
            if let Some(id) = image.image_id {
                found.insert(id, self.context.member(read));
            }
        }
        self.know(batch, |id| found.remove(id).unwrap_or(Fact::Absent));
    }

    fn know(&mut self, ids: Vec<String>, mut what: impl FnMut(&str) -> Fact<InstanceImage>) {
        for id in ids {
            let fact = what(&id);
            self.known.insert(id, fact);
        }
    }
}

/// Whether a refusal says that this image is not there. A refusal that names
/// none is about the only one that was asked for.
fn is_missing(gap: &Gap, batch: &[String], id: &str) -> bool {
    gap.has_code(GONE) && (gap.message.contains(id) || batch.len() == 1)
}

fn in_use(asked: Asked<'_>, image: &types::Image) -> Result<InstanceImage, Box<Gap>> {
    Ok(InstanceImage {
        name: image.name.clone(),
        owner: image.owner_id.clone(),
        creation_date: moment(asked, image.creation_date.as_deref(), "CreationDate")?,
        deprecation_time: moment(asked, image.deprecation_time.as_deref(), "DeprecationTime")?,
    })
}
