//! Synthetic accounts: of any size, and held nowhere. What resource number i
//! looks like follows from i.

use super::call::Call;
use super::hash::Hash;
use super::paging::{self, BadToken, Page};

/// How much there is of everything. What is regional is dealt out to the
/// regions in turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// IAM users.
    pub(crate) users: usize,
    /// IAM groups.
    pub(crate) user_groups: usize,
    /// IAM roles.
    pub(crate) roles: usize,
    /// Managed policies of the account.
    pub(crate) policies: usize,
    /// Buckets.
    pub(crate) buckets: usize,
    /// Access points.
    pub(crate) access_points: usize,
    /// Instances, each with a network interface.
    pub(crate) instances: usize,
    /// Security groups beside the VPCs' default ones.
    pub(crate) security_groups: usize,
    /// Volumes.
    pub(crate) volumes: usize,
    /// Snapshots; every fourth is public.
    pub(crate) snapshots: usize,
    /// Images of the account.
    pub(crate) images: usize,
    /// Launch templates.
    pub(crate) templates: usize,
    /// VPCs in each region.
    pub(crate) vpcs: usize,
    /// Of what few accounts have: own prefix lists, VPC endpoints, VPNs, transit
    /// gateways, Spot Fleets, server certificates.
    pub(crate) rare: usize,
    /// Of what many accounts have much of: functions, keys, topics, queues.
    pub(crate) common: usize,
    /// Of each other kind: databases, tables, clusters, load balancers.
    pub(crate) others: usize,
    /// Log groups; those of the trail and of flow logs among them.
    pub(crate) log_groups: usize,
    /// Trails; the first logs in all regions.
    pub(crate) trails: usize,
    /// The enabled regions.
    pub(crate) regions: Vec<&'static str>,
    /// No page holds more than this, whatever was asked for.
    pub(crate) page: usize,
    /// Pages are so many times as large as those that were asked for: 1, but
    /// where a list in AWS's own pages would take too long.
    pub(crate) stretch: usize,
}

/// The regions that every account has, the home region first.
pub(crate) const REGIONS: [&str; 17] = [
    "us-east-1",
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
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Regions that are there and not enabled.
pub(crate) const NOT_ENABLED: [&str; 2] = ["af-south-1", "ap-east-1"];

impl Shape {
    /// The shape of the seeded account with this many users, buckets, security
    /// groups and instances.
    pub(crate) fn seeded(each: usize, regions: usize) -> Self {
        Self {
            users: each,
            user_groups: 2,
            roles: 20,
            policies: 2,
            buckets: each,
            access_points: 0,
            instances: each,
            security_groups: each,
            volumes: 20,
            snapshots: 10,
            images: 1,
            templates: 1,
            vpcs: 3,
            rare: 0,
            common: 0,
            others: 0,
            log_groups: 0,
            trails: 2,
            regions: REGIONS.iter().take(regions.max(1)).copied().collect(),
            page: usize::MAX,
            stretch: 1,
        }
    }

    /// Each count divided.
    pub(crate) fn divided(mut self, by: usize) -> Self {
        let by = by.max(1);
        for count in [
            &mut self.users,
            &mut self.user_groups,
            &mut self.roles,
            &mut self.policies,
            &mut self.buckets,
            &mut self.access_points,
            &mut self.instances,
            &mut self.security_groups,
            &mut self.volumes,
            &mut self.snapshots,
            &mut self.images,
            &mut self.templates,
            &mut self.common,
            &mut self.others,
            &mut self.log_groups,
        ] {
            *count = count.div_ceil(by);
        }
        self
    }
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// What is in it.
    pub(crate) shape: Shape,
}

impl Account {
    /// How many regions it has.
    pub(crate) fn regions(&self) -> usize {
        self.shape.regions.len().max(1)
    }

    /// A region's place among the account's.
    pub(crate) fn place(&self, region: &str) -> Option<usize> {
        self.shape.regions.iter().position(|name| *name == region)
    }

    /// How many of `total` lie in a region.
    pub(crate) fn share(&self, total: usize, region: &str) -> usize {
        self.place(region).map_or(0, |place| (total + self.regions() - 1 - place) / self.regions())
    }

    /// The numbers, over the whole account, of those on a page in a region.
    pub(crate) fn numbers(&self, page: &Page, region: &str) -> impl Iterator<Item = usize> {
        let (regions, place) = (self.regions(), self.place(region).unwrap_or(0));
        page.range.clone().map(move |at| place + at * regions)
    }

    /// Where a resource lies.
    pub(crate) fn region_of(&self, number: usize) -> &'static str {
        self.shape.regions.get(number % self.regions()).copied().unwrap_or("us-east-1")
    }

    /// The page that a call asks for, of a list with `total` entries, `size`
    /// or `largest` of them at once.
    pub(crate) fn page(
        &self,
        call: &Call,
        total: usize,
        size: &str,
        largest: usize,
    ) -> Result<Page, BadToken> {
        let size = call.number(size).unwrap_or(largest).min(largest);
        let size = size.saturating_mul(self.shape.stretch).min(self.shape.page);
        paging::page(&call.id(), total, size, call.token())
    }

    /// An id as EC2 gives them: `vol-` and seventeen hex digits, the last
    /// eight of which are the number.
    pub(crate) fn id_of(&self, prefix: &str, number: usize) -> String {
        let salt = Hash::default().text(prefix).text(&self.id).value() & 0xf_ffff_ffff;
        format!("{prefix}-{salt:09x}{number:08x}")
    }

    /// The number in such an id.
    pub(crate) fn number_of(id: &str) -> Option<usize> {
        let at = id.len().checked_sub(8)?;
        usize::from_str_radix(id.get(at..)?, 16).ok()
    }
}
