//! Facts of buckets and access points on their way to [`policy`], and the gaps
//! behind what it could not decide.

use super::{AccessPoint, Bucket, PublicAccessBlock};
use crate::inventory::{Fact, Gaps, Resource, Shape};
use crate::policy::{self, Answer, Attached, Part, PartName, Service};
use crate::services::attached::attached;
use crate::services::aws::Account;
use crate::services::{Asking, Decided};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Facts on their way to [`policy`], and what hides them.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) gaps: BTreeMap<PartName, Gaps>,
    /// The gaps that may hide more access points than were listed.
    pub(super) hidden_points: Gaps,
    /// Policies whose text could not be read, and why.
    pub(super) unreadable: Vec<String>,
    /// What matters beside the finding: something else that is not decided.
    beside: Option<Gaps>,
}

/// An access point with its id and its ARN.
type Named = (Arc<str>, Arc<str>, AccessPoint);

/// The access points of a region.
#[derive(Default)]
struct AccessPoints {
    /// By the name of the bucket behind them.
    by_bucket: HashMap<String, Vec<Named>>,
    /// What may hide more of any bucket.
    hidden: Gaps,
}

/// The account's own block, read from its document once: it has lists that are
/// as long as the account has users.
struct AccountBlock {
    fact: Option<Fact<PublicAccessBlock>>,
    /// What hides the account itself.
    hidden: Gaps,
}

impl AccountBlock {
    fn read(asking: &dyn Asking) -> Self {
        let (accounts, hidden) = asking.all("aws.account");
        let account = accounts.first().and_then(|account| Account::from_value(&account.document));
        Self { fact: account.map(|account| account.public_access_block), hidden }
    }
}

impl AccessPoints {
    fn read(asking: &dyn Asking, region: &str) -> Self {
        let (listed, hidden) = asking.all_in("s3.access-point", region);
        let mut all = Self { hidden, ..Self::default() };
        for resource in listed {
            let Some(point) = AccessPoint::from_value(&resource.document) else { continue };
            match &point.bucket {
                Fact::Known(name) => {
                    let of_bucket = all.by_bucket.entry(name.clone()).or_default();
                    of_bucket.push((Arc::clone(&resource.id), Arc::clone(&resource.arn), point));
                }
                // It may be any bucket's.
                Fact::Unknown(gaps) => all.hidden = all.hidden.union(gaps),
                Fact::Absent => {}
            }
        }
        all
    }
}

impl Parts {
    /// The bucket, as yet without its access points.
    pub(super) fn bucket(
        &mut self,
        subject: &Resource,
        asking: &dyn Asking,
    ) -> Option<policy::Bucket> {
        let bucket = Bucket::from_value(&subject.document)?;
        let policy = self.bucket_policy(&bucket, subject, asking);
        let acl = match &bucket.acl {
            Fact::Known(acl) => Part::Known(acl.grants.iter().map(grant).collect()),
            Fact::Absent => Part::Known(Vec::new()),
            Fact::Unknown(gaps) => self.unknown(PartName::BucketAcl, gaps),
        };
        Some(policy::Bucket {
            policy,
            policy_status: self.optional(&bucket.policy_status, PartName::PolicyStatus, |status| {
                Some(status.is_public)
            }),
            acl,
            ownership: self.optional(
                &bucket.ownership_controls,
                PartName::OwnershipControls,
                |controls| controls.rules.first().map(|rule| rule.object_ownership.clone()),
            ),
            bucket_block: self.optional(&bucket.public_access_block, PartName::BucketBlock, block),
            account_block: self.account_block(asking),
            access_points: Part::Known(Vec::new()),
        })
    }

    pub(super) fn account_block(
        &mut self,
        asking: &dyn Asking,
    ) -> Part<Option<policy::PublicAccessBlock>> {
        let own = asking.memo().of("", || AccountBlock::read(asking));
        match &own.fact {
            Some(fact) => self.optional(fact, PartName::AccountBlock, block),
            None => self.unknown(PartName::AccountBlock, &own.hidden),
        }
    }

    /// The bucket's access points, as far as they were listed: they are in the
    /// bucket's own region.
    pub(super) fn access_points(
        &mut self,
        subject: &Resource,
        asking: &dyn Asking,
    ) -> Part<Vec<policy::AccessPoint>> {
        let region = &subject.region;
        let listed = asking.memo().of(region, || AccessPoints::read(asking, region));
        self.hidden_points = listed.hidden.clone();
        let own = listed.by_bucket.get(subject.id.as_ref()).into_iter().flatten();
        let points = own.map(|(id, arn, point)| self.access_point(id, arn, point, asking));
        Part::Known(points.collect())
    }

    /// One access point.
    pub(super) fn access_point(
        &mut self,
        id: &str,
        arn: &str,
        point: &AccessPoint,
        asking: &dyn Asking,
    ) -> policy::AccessPoint {
        // Names are unique in a region only.
        let name = arn.to_owned();
        let label = format!("policy of access point {id}");
        policy::AccessPoint {
            policy: match &point.policy {
                Fact::Absent => Part::Known(None),
                Fact::Unknown(gaps) => {
                    self.unknown(PartName::AccessPointPolicy(name.clone()), gaps)
                }
                Fact::Known(text) => self.policy(text, Service::S3AccessPoint, arn, &label, asking),
            },
            policy_status: match &point.policy_status {
                Fact::Known(status) => Part::Known(Some(status.is_public)),
                Fact::Absent => Part::Known(None),
                // Whatever the policy's text says needs no second opinion.
                Fact::Unknown(_) => Part::Unknown,
            },
            block: self.optional(
                &point.public_access_block,
                PartName::AccessPointBlock(name.clone()),
                block,
            ),
            vpc_only: match &point.network_origin {
                Fact::Known(origin) => Part::Known(origin == "VPC"),
                Fact::Absent => Part::Known(false),
                Fact::Unknown(gaps) => {
                    self.unknown(PartName::AccessPointOrigin(name.clone()), gaps)
                }
            },
            arn: name.clone(),
            name,
        }
    }

    /// The switches of the bucket behind an access point, and of its account; not
    /// known for a bucket of another account.
    pub(super) fn blocks_behind(
        &mut self,
        point: &AccessPoint,
        asking: &dyn Asking,
    ) -> (Part<Option<policy::PublicAccessBlock>>, Part<Option<policy::PublicAccessBlock>>) {
        if matches!(&point.bucket_account, Fact::Known(account) if account != asking.account()) {
            return (Part::Unknown, Part::Unknown);
        }
        let of_account = self.account_block(asking);
        let (found, hidden) = match &point.bucket {
            Fact::Known(name) => asking.find("s3.bucket", name),
            Fact::Absent => (None, Gaps::NONE),
            Fact::Unknown(gaps) => (None, gaps.clone()),
        };
        let of_bucket = match found.and_then(|bucket| Bucket::from_value(&bucket.document)) {
            Some(bucket) => {
                self.optional(&bucket.public_access_block, PartName::BucketBlock, block)
            }
            None => self.unknown(PartName::BucketBlock, &hidden),
        };
        (of_bucket, of_account)
    }

    /// The bucket's policy.
    pub(super) fn bucket_policy(
        &mut self,
        bucket: &Bucket,
        subject: &Resource,
        asking: &dyn Asking,
    ) -> Part<Option<Arc<Attached>>> {
        match &bucket.policy {
            Fact::Absent => Part::Known(None),
            Fact::Unknown(gaps) => self.unknown(PartName::BucketPolicy, gaps),
            Fact::Known(text) => {
                self.policy(text, Service::S3, &subject.arn, "bucket policy", asking)
            }
        }
    }

    /// A policy on the resource with this ARN.
    fn policy(
        &mut self,
        text: &str,
        service: Service,
        arn: &str,
        label: &str,
        asking: &dyn Asking,
    ) -> Part<Option<Arc<Attached>>> {
        match attached(text, service, arn, asking) {
            Ok(policy) => Part::Known(Some(policy)),
            Err(error) => {
                self.unreadable.push(format!("the {label} cannot be read: {error}"));
                Part::Unknown
            }
        }
    }

    fn optional<T, U>(
        &mut self,
        fact: &Fact<T>,
        name: PartName,
        read: impl FnOnce(&T) -> Option<U>,
    ) -> Part<Option<U>> {
        match fact {
            Fact::Known(value) => Part::Known(read(value)),
            Fact::Absent => Part::Known(None),
            Fact::Unknown(gaps) => self.unknown(name, gaps),
        }
    }

    fn unknown<T>(&mut self, name: PartName, gaps: &Gaps) -> Part<T> {
        self.gaps.insert(name, gaps.clone());
        Part::Unknown
    }

    pub(super) fn gaps_of(&self, name: &PartName) -> Gaps {
        self.gaps.get(name).cloned().unwrap_or_default()
    }

    fn gaps_behind(&self, finding: &policy::Finding) -> Gaps {
        finding.unknown.iter().fold(Gaps::NONE, |all, name| all.union(&self.gaps_of(name)))
    }

    /// What a finding lacks matters as well, whatever else decides.
    pub(super) fn also(&mut self, finding: &policy::Finding) {
        self.beside = Some(self.gaps_behind(finding));
    }

    pub(super) fn decided(&self, finding: &policy::Finding) -> Decided<bool> {
        self.decided_any(&[finding])
    }

    /// Whether one of the findings holds.
    pub(super) fn decided_any(&self, findings: &[&policy::Finding]) -> Decided<bool> {
        let mut behind = self.beside.clone();
        for finding in findings {
            match finding.answer {
                Answer::Yes => return Decided::Known(true),
                Answer::No => {}
                Answer::Unknown => {
                    let gaps = self.gaps_behind(finding);
                    behind = Some(behind.map_or(gaps.clone(), |all| all.union(&gaps)));
                }
            }
        }
        behind.map_or(Decided::Known(false), Decided::Unknown)
    }
}

fn grant(grant: &super::Grant) -> policy::AclGrant {
    let grantee = grant.grantee.uri.as_ref().or(grant.grantee.id.as_ref());
    policy::AclGrant {
        grantee: grantee.cloned().unwrap_or_default(),
        permission: grant.permission.clone(),
    }
}

fn block(block: &PublicAccessBlock) -> Option<policy::PublicAccessBlock> {
    Some(policy::PublicAccessBlock {
        block_public_acls: block.block_public_acls,
        ignore_public_acls: block.ignore_public_acls,
        block_public_policy: block.block_public_policy,
        restrict_public_buckets: block.restrict_public_buckets,
    })
}
