//! Reads trails.
//!
//! A trail of one region that works in others, or in other accounts of the
//! organization, is listed there, too, as its shadow
//! (<https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>).
//! So every region is asked for shadows, and a trail that many regions list is
//! read once, by its ARN: a name would only be found where the trail was made.

#[cfg(test)]
mod tests;

use super::{
    AdvancedEventSelector, AdvancedFieldSelector, DESCRIBE_TRAILS, DataResource, EventSelector,
    GET_EVENT_SELECTORS, GET_TRAIL_STATUS, Trail,
};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps, Resource};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the regions listed: trails by ARN, then by region.
#[derive(Default)]
struct Listed {
    trails: BTreeMap<String, BTreeMap<String, aws_sdk_cloudtrail::types::Trail>>,
    missing: Gaps,
}

/// Feeds `cloudtrail.trail`. Calls: 1 in each region (DescribeTrails has no
/// pages), and 2 for each trail.
pub async fn collect(context: Context) {
    let listed = Arc::new(Mutex::new(Listed::default()));
    let mut fan = context.fan_out();
    for region in &context.regions().read {
        fan.add(list(context.clone(), region.clone(), Arc::clone(&listed))).await;
    }
    if fan.finish().await.is_err() {
        return;
    }
    let Listed { trails, mut missing } =
        std::mem::take(&mut *listed.lock().unwrap_or_else(PoisonError::into_inner));
    // Trails of regions that nobody could name are hidden.
    if let Some(gap) = &context.regions().gap {
        missing = missing.union(&context.gap(gap.clone()));
    }
    let mut fan = context.fan_out();
    for (arn, by_region) in context.sample(trails.into_iter().collect()) {
        match home_of(&arn, by_region) {
            Some(found) => fan.add(one(context.clone(), arn, found)).await,
            None => {
                let asked = Asked { operation: &DESCRIBE_TRAILS, region: GLOBAL, about: None };
                let gap = asked.malformed(&format!("{arn} is not the ARN of a trail"));
                missing = missing.union(&context.gap(gap));
            }
        }
    }
    if fan.finish().await.is_ok() {
        context.done(Trail::resource_type(), GLOBAL, missing);
    }
}

async fn list(context: Context, region: String, listed: Arc<Mutex<Listed>>) {
    let asked = Asked { operation: &DESCRIBE_TRAILS, region: &region, about: None };
    let client = context.session().cloudtrail(&region);
    let reply = context
        .ask(asked, || client.describe_trails().include_shadow_trails(true).send())
        .await
        .read(|reply| asked.must(reply.trail_list, "trailList"));
    let mut missing = Gaps::NONE;
    let mut found = Vec::new();
    match reply {
        Reply::Known(trails) => {
            for trail in trails {
                match asked.must(trail.trail_arn.clone(), "TrailARN") {
                    Ok(arn) => found.push((arn, trail)),
                    Err(gap) => missing = missing.union(&context.gap(gap)),
                }
            }
        }
        Reply::Absent | Reply::NotWanted => {}
        Reply::Gap(gap) => missing = context.gap(gap),
    }
    let mut listed = listed.lock().unwrap_or_else(PoisonError::into_inner);
    listed.missing = listed.missing.union(&missing);
    for (arn, trail) in found {
        listed.trails.entry(arn).or_default().insert(region.clone(), trail);
    }
}

/// A trail, and where to ask about it.
struct Found {
    /// Where it was made.
    home: String,
    /// Where it is asked about: at home if it was seen there.
    region: String,
    trail: aws_sdk_cloudtrail::types::Trail,
}

/// `None` if the ARN names no region.
fn home_of(
    arn: &str,
    mut by_region: BTreeMap<String, aws_sdk_cloudtrail::types::Trail>,
) -> Option<Found> {
    let home = arn.split(':').nth(3).filter(|region| !region.is_empty())?.to_owned();
    let (region, trail) = by_region.remove_entry(&home).or_else(|| by_region.pop_first())?;
    Some(Found { home, region, trail })
}

/// What GetTrailStatus says, as far as it is kept.
struct Status {
    logging: Result<bool, Box<Gap>>,
    log_group_error: Option<String>,
}

/// Both kinds of selectors; a trail has one of them.
struct Selectors {
    basic: Option<Vec<EventSelector>>,
    advanced: Option<Vec<AdvancedEventSelector>>,
}

async fn one(context: Context, arn: String, found: Found) {
    let Found { home, region, trail } = found;
    let (status, selectors) =
        tokio::join!(status(&context, &region, &arn), selectors(&context, &region, &arn));
    let own = arn.split(':').nth(4) == Some(context.session().account());
    if own && (status.failed_with(GONE) || selectors.failed_with(GONE)) {
        return;
    }
    let status = context.fact(status);
    let selectors = context.fact(selectors);
    let listed = Asked { operation: &DESCRIBE_TRAILS, region: &region, about: Some(&arn) };
    let (basic, advanced) = match selectors {
        Fact::Known(Selectors { basic, advanced }) => {
            (Fact::from_option(basic), Fact::from_option(advanced))
        }
        Fact::Absent => (Fact::Absent, Fact::Absent),
        Fact::Unknown(gaps) => (Fact::Unknown(gaps.clone()), Fact::Unknown(gaps)),
    };
    let (logging, log_group_error) = match status {
        Fact::Known(Status { logging, log_group_error }) => {
            (context.member(logging), Fact::from_option(log_group_error))
        }
        Fact::Absent => (Fact::Absent, Fact::Absent),
        Fact::Unknown(gaps) => (Fact::Unknown(gaps.clone()), Fact::Unknown(gaps)),
    };
    let document = Trail {
        bucket: context.member(listed.must(trail.s3_bucket_name, "S3BucketName")),
        multi_region: context
            .member(listed.must(trail.is_multi_region_trail, "IsMultiRegionTrail")),
        organization: Fact::from_option(trail.is_organization_trail),
        log_file_validation: context
            .member(listed.must(trail.log_file_validation_enabled, "LogFileValidationEnabled")),
        log_group: said(trail.cloud_watch_logs_log_group_arn),
        kms_key: said(trail.kms_key_id),
        logging,
        log_group_error,
        selectors: basic,
        advanced_selectors: advanced,
    };
    let name = arn.rsplit('/').next().unwrap_or(&arn);
    context.resource(Resource::new(name, &arn, &home, document));
}

async fn status(context: &Context, region: &str, arn: &str) -> Reply<Status> {
    let asked = Asked { operation: &GET_TRAIL_STATUS, region, about: Some(arn) };
    let client = context.session().cloudtrail(region);
    let reply = context.ask(asked, || client.get_trail_status().name(arn).send()).await;
    reply.read(|reply| {
        Ok(Status {
            logging: asked.must(reply.is_logging, "IsLogging"),
            log_group_error: reply
                .latest_cloud_watch_logs_delivery_error
                .filter(|error| !error.is_empty()),
        })
    })
}

async fn selectors(context: &Context, region: &str, arn: &str) -> Reply<Selectors> {
    let asked = Asked { operation: &GET_EVENT_SELECTORS, region, about: Some(arn) };
    let client = context.session().cloudtrail(region);
    let reply = context.ask(asked, || client.get_event_selectors().trail_name(arn).send()).await;
    reply.read(|reply| {
        let (basic, advanced) = (reply.event_selectors, reply.advanced_event_selectors);
        if basic.is_none() && advanced.is_none() {
            asked.must(None::<()>, "EventSelectors or AdvancedEventSelectors")?;
        }
        let advanced =
            advanced.map(|all| all.iter().map(|one| read_advanced(asked, one)).collect());
        Ok(Selectors {
            basic: basic.map(|all| all.into_iter().map(read_basic).collect()),
            advanced: advanced.transpose()?,
        })
    })
}

fn read_basic(selector: aws_sdk_cloudtrail::types::EventSelector) -> EventSelector {
    let read = |data: aws_sdk_cloudtrail::types::DataResource| DataResource {
        kind: data.r#type,
        values: data.values,
    };
    EventSelector {
        read_write_type: selector.read_write_type.map(|half| half.as_str().to_owned()),
        include_management_events: selector.include_management_events,
        data_resources: selector.data_resources.map(|all| all.into_iter().map(read).collect()),
        exclude_management_event_sources: selector.exclude_management_event_sources,
    }
}

fn read_advanced(
    asked: Asked<'_>,
    selector: &aws_sdk_cloudtrail::types::AdvancedEventSelector,
) -> Result<AdvancedEventSelector, Box<Gap>> {
    // Without conditions it would match every event.
    let conditions = Some(&selector.field_selectors).filter(|all| !all.is_empty());
    let conditions = asked.must(conditions, "FieldSelectors")?;
    let read = |condition: &aws_sdk_cloudtrail::types::AdvancedFieldSelector| {
        Ok(AdvancedFieldSelector {
            field: asked.must_text(&condition.field, "Field")?,
            equals: condition.equals.clone(),
            starts_with: condition.starts_with.clone(),
            ends_with: condition.ends_with.clone(),
            not_equals: condition.not_equals.clone(),
            not_starts_with: condition.not_starts_with.clone(),
            not_ends_with: condition.not_ends_with.clone(),
        })
    };
    Ok(AdvancedEventSelector {
        name: selector.name.clone(),
        field_selectors: conditions.iter().map(read).collect::<Result<_, Box<Gap>>>()?,
    })
}

/// An optional text; CloudTrail sends some of them empty.
fn said(text: Option<String>) -> Fact<String> {
    Fact::from_option(text.filter(|text| !text.is_empty()))
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["TrailNotFoundException"];
