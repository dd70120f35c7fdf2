//! What the network interfaces of a region are in. Every VPC and every security group
//! asks, and a region has thousands of both groups and interfaces: they are read once.

use super::NetworkInterface;
use crate::inventory::{Document, Fact, Gaps, Shape};
use crate::services::{Asking, Decided};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The VPCs, subnets and security groups of a region that have a network interface.
pub(super) struct Occupied {
    vpcs: Seen,
    groups: Seen,
    subnets: HashMap<String, (BTreeSet<String>, Gaps)>,
    /// What may hide more subnets in any VPC.
    hidden_subnets: Gaps,
}

/// Ids that were seen, and what may hide more.
#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    hidden: Option<Gaps>,
}

impl Seen {
    fn hide(&mut self, gaps: &Gaps) {
        let hidden = self.hidden.get_or_insert_default();
        *hidden = hidden.union(gaps);
    }

    fn has(&self, id: &str) -> Decided<bool> {
        match &self.hidden {
            _ if self.ids.contains(id) => Decided::Known(true),
            None => Decided::Known(false),
            Some(gaps) => Decided::Unknown(gaps.clone()),
        }
    }
}

impl Occupied {
    pub(super) fn of(asking: &dyn Asking, region: &str) -> Arc<Self> {
        asking.memo().of(region, || Self::read(asking, region))
    }

    fn read(asking: &dyn Asking, region: &str) -> Self {
        let (interfaces, hidden) = asking.all_in(NetworkInterface::resource_type().name, region);
        let of_list = || Seen {
            ids: HashSet::new(),
            hidden: Some(hidden.clone()).filter(|hidden| !hidden.is_empty()),
        };
        let mut all = Self {
            vpcs: of_list(),
            groups: of_list(),
            subnets: HashMap::new(),
            hidden_subnets: hidden.clone(),
        };
        for resource in interfaces {
            match NetworkInterface::from_value(&resource.document) {
                Some(interface) => all.add(interface),
                None => {
                    all.vpcs.hide(&Gaps::NONE);
                    all.groups.hide(&Gaps::NONE);
                }
            }
        }
        all
    }

    fn add(&mut self, interface: NetworkInterface) {
        match &interface.vpc_id {
            Fact::Known(vpc) => {
                self.vpcs.ids.insert(vpc.clone());
            }
            Fact::Unknown(gaps) => self.vpcs.hide(gaps),
            Fact::Absent => self.vpcs.hide(&Gaps::NONE),
        }
        match interface.groups {
            Fact::Known(groups) => {
                self.groups.ids.extend(groups.into_iter().map(|group| group.group_id));
            }
            Fact::Unknown(gaps) => self.groups.hide(&gaps),
            Fact::Absent => self.groups.hide(&Gaps::NONE),
        }
        match (interface.vpc_id, interface.subnet_id) {
            (Fact::Known(vpc), Fact::Known(subnet)) => {
                self.subnets.entry(vpc).or_default().0.insert(subnet);
            }
            (Fact::Known(vpc), Fact::Unknown(gaps)) => {
                let hidden = &mut self.subnets.entry(vpc).or_default().1;
                *hidden = hidden.union(&gaps);
            }
            (Fact::Unknown(gaps), _) | (Fact::Absent, Fact::Unknown(gaps)) => {
                self.hidden_subnets = self.hidden_subnets.union(&gaps);
            }
            (_, Fact::Absent) | (Fact::Absent, Fact::Known(_)) => {}
        }
    }

    /// Whether a VPC has a network interface.
    pub(super) fn vpc(&self, id: &str) -> Decided<bool> {
        self.vpcs.has(id)
    }

    /// Whether a network interface has the security group.
    pub(super) fn group(&self, id: &str) -> Decided<bool> {
        self.groups.has(id)
    }

    /// The subnets of a VPC that have one, and what may hide more of them.
    pub(super) fn subnets_of(&self, vpc: &str) -> (BTreeSet<String>, Gaps) {
        match self.subnets.get(vpc) {
            Some((subnets, hidden)) => (subnets.clone(), self.hidden_subnets.union(hidden)),
            None => (BTreeSet::new(), self.hidden_subnets.clone()),
        }
    }
}
