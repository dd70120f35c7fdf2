//! Which regions are read.

use super::context::plain_gap;
use super::session::Session;
use crate::inventory::arn::partition_of_region;
use crate::inventory::{ErrorClass, Gap};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::tenant::nearest;
use aws_sdk_ec2::types::Region;
use std::collections::BTreeMap;

/// The regions of a scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Regions {
    /// Those that are read, in alphabetical order.
    pub read: Vec<String>,
    /// Those that are not, and why.
    pub skipped: BTreeMap<String, String>,
    /// What AWS says of those that are read: `opt-in-not-required` or
    /// `opted-in`. Empty if AWS was not asked.
    pub opt_in: BTreeMap<String, String>,
    /// Whether somebody chose them: then what lies elsewhere is left out.
    pub chosen: bool,
    /// Why the account's regions could not be listed, if so; then those that
    /// every account has are read.
    pub gap: Option<Gap>,
}

/// The regions that every account of a partition has, without enabling them
/// (<https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>).
pub fn default_regions(partition: &str) -> &'static [&'static str] {
    match partition {
        "aws-us-gov" => &["us-gov-east-1", "us-gov-west-1"],
        "aws-cn" => &["cn-north-1", "cn-northwest-1"],
        _ => &[
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
    }
}

/// The region of a partition that answers for its global services.
pub fn home_region(partition: &str) -> &'static str {
    match partition {
        "aws-us-gov" => "us-gov-west-1",
        "aws-cn" => "cn-north-1",
        _ => "us-east-1",
    }
}

/// A chosen region that AWS does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("AWS knows no region {name} for this account")]
pub struct NoSuchRegion {
    /// As it was chosen.
    pub name: String,
    /// What was probably meant.
    pub near: Option<String>,
}

impl Session {
    /// The regions to read: those that were chosen, or all that are enabled for
    /// the account. One call: DescribeRegions answers in one page. None if all
    /// that were chosen are among those that every account has.
    ///
    /// # Errors
    /// AWS says that a chosen region is none. If it does not say, it is read.
    pub async fn regions(&self, chosen: &[String]) -> Result<Regions, NoSuchRegion> {
        if chosen.is_empty() {
            return Ok(self.enabled_regions().await);
        }
        let mut read = chosen.to_vec();
        read.sort();
        read.dedup();
        let sure = default_regions(self.partition());
        let mut others = read.clone();
        others.retain(|region| !sure.contains(&region.as_str()));
        if !others.is_empty()
            && let Ok(listed) = self.listed_regions().await
        {
            let names: Vec<&str> = listed.iter().filter_map(|it| it.region_name()).collect();
            others.retain(|region| !names.contains(&region.as_str()));
            if let Some(wrong) = others.first() {
                let near = nearest(wrong, names).map(str::to_owned);
                return Err(NoSuchRegion { name: wrong.clone(), near });
            }
        }
        Ok(Regions { read, chosen: true, ..Regions::default() })
    }

    /// What DescribeRegions says, also of regions that are not enabled.
    async fn listed_regions(&self) -> Result<Vec<Region>, Gap> {
        let home = self.home_region();
        let client = self.ec2(home);
        let reply = self
            .call(&DESCRIBE_REGIONS, home, || client.describe_regions().all_regions(true).send())
            .await
            .map_err(|failure| plain_gap(&DESCRIBE_REGIONS, home, &failure))?;
        reply.regions.filter(|regions| !regions.is_empty()).ok_or_else(|| {
            let message = "the reply lacks Regions, which is always there";
            Gap::new(&DESCRIBE_REGIONS, home, ErrorClass::Malformed, message)
        })
    }

    async fn enabled_regions(&self) -> Regions {
        let listed = match self.listed_regions().await {
            Ok(listed) => listed,
            Err(gap) => {
                let read = default_regions(self.partition());
                return Regions {
                    read: read.iter().map(|region| (*region).to_owned()).collect(),
                    gap: Some(gap),
                    ..Regions::default()
                };
            }
        };
        let mut regions = Regions::default();
        for region in listed {
            let Some(name) = region.region_name else { continue };
            if partition_of_region(&name) != self.partition() {
                continue;
            }
            // A status that we do not know is read: an error there is a gap,
            // a region left out is not.
            if region.opt_in_status.as_deref() == Some("not-opted-in") {
                regions.skipped.insert(name, "not enabled for the account".to_owned());
            } else {
                if let Some(status) = region.opt_in_status {
                    regions.opt_in.insert(name.clone(), status);
                }
                regions.read.push(name);
            }
        }
        regions.read.sort();
        regions
    }
}
