//! The accounts of an AWS Organization, listed with the operator's own
//! credentials: those of the management account or of a delegated
//! administrator.

use super::classify::meaning;
use super::context::Paging;
use super::credentials::Aws;
use super::failure::Failure;
use super::session::{SessionError, caller, home_of, own_config};
use crate::inventory::{ErrorClass, GLOBAL, Meaning, Operation};
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{Account, AccountState, AccountStatus};
use std::collections::{BTreeMap, BTreeSet};

/// Lists all accounts.
static LIST_ACCOUNTS: Operation =
    Operation::new("organizations", "ListAccounts", &["organizations:ListAccounts"]);
/// Lists the accounts that are directly in a root or unit.
static LIST_ACCOUNTS_FOR_PARENT: Operation = Operation::new(
    "organizations",
    "ListAccountsForParent",
    &["organizations:ListAccountsForParent"],
);
/// Lists the units that are directly in a root or unit.
static LIST_UNITS_FOR_PARENT: Operation = Operation::new(
    "organizations",
    "ListOrganizationalUnitsForParent",
    &["organizations:ListOrganizationalUnitsForParent"],
);
/// Lists the tags of an account.
static LIST_TAGS: Operation =
    Operation::new("organizations", "ListTagsForResource", &["organizations:ListTagsForResource"]);

/// Which accounts of the organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationFilter {
    /// Those in these units or roots, at any depth; empty for all.
    pub units: Vec<String>,
    /// Those with all of these tags; without a value, any value will do.
    pub tags: Vec<(String, Option<String>)>,
}

/// An organization, as its accounts are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The account that the credentials are of: it needs no role.
    pub own_account: String,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub partition: String,
    /// The accounts, by id.
    pub accounts: Vec<Member>,
}

/// One account of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Twelve digits.
    pub id: String,
    /// What the organization calls it.
    pub name: String,
    /// Its state, if it is another than active: nobody can sign in to it.
    pub inactive: Option<String>,
}

/// The accounts could not be listed, not all of them.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OrganizationError {
    /// The credentials are of no use.
    #[error(transparent)]
    Session(Box<SessionError>),
    /// A call got no answer.
    #[error("{operation}: {message}")]
    Call {
        /// As `service:Name`.
        operation: String,
        /// The IAM action that it needs.
        iam_action: String,
        /// Why.
        class: ErrorClass,
        /// The service's code, if it sent one.
        code: Option<String>,
        /// The service's message, or ours.
        message: String,
    },
}

impl Aws {
    /// Lists the accounts of the organization that the credentials belong to.
    /// Calls: one per page of accounts; with units, one per page of accounts
    /// and one per page of units in each of them; with tags, one per account
    /// and page of its tags.
    ///
    /// # Errors
    /// Any call without an answer: an account that is missing in the list would
    /// be missing unseen.
    pub async fn organization(
        &self,
        filter: &OrganizationFilter,
    ) -> Result<Organization, OrganizationError> {
        let base = self.base(None).await;
        let home = home_of(&base, None);
        let config = own_config(base, &home);
        let own = caller(self.gate(), &config, GLOBAL, &home)
            .await
            .map_err(|error| OrganizationError::Session(Box::new(error)))?;
        let asking =
            Asking { aws: self, client: Client::new(&config), account: own.account.clone() };
        let mut listed = if filter.units.is_empty() {
            asking.all().await?
        } else {
            asking.in_units(&filter.units).await?
        };
        if !filter.tags.is_empty() {
            let mut chosen = BTreeMap::new();
            for (id, member) in listed {
                let tags = asking.tags(&id).await?;
                if filter.tags.iter().all(|wanted| has(&tags, wanted)) {
                    chosen.insert(id, member);
                }
            }
            listed = chosen;
        }
        let partition = own.arn.split(':').nth(1).unwrap_or("aws").to_owned();
        let accounts = listed.into_values().collect();
        Ok(Organization { own_account: own.account, partition, accounts })
    }
}

fn has(tags: &BTreeSet<(String, String)>, (key, value): &(String, Option<String>)) -> bool {
    tags.iter().any(|(k, v)| k == key && value.as_ref().is_none_or(|value| value == v))
}

/// Members by id.
type Members = BTreeMap<String, Member>;

struct Asking<'a> {
    aws: &'a Aws,
    client: Client,
    account: String,
}

/// A page of something, and where the next one is.
type Page<T> = (Option<Vec<T>>, Option<String>);

impl Asking<'_> {
    async fn all(&self) -> Result<Members, OrganizationError> {
        let mut members = Members::new();
        let mut paging = Paging::default();
        loop {
            let send = || self.client.list_accounts().set_next_token(paging.token()).send();
            let reply = self.aws.gate().call(&self.account, GLOBAL, &LIST_ACCOUNTS, send).await;
            let reply = reply.map_err(|failure| refused(&LIST_ACCOUNTS, &failure))?;
            let more =
                page(&LIST_ACCOUNTS, &mut paging, (reply.accounts, reply.next_token), |it| {
                    add(&mut members, it)
                })?;
            if !more {
                return Ok(members);
            }
        }
    }

    /// The accounts in some units and all that lies below them.
    async fn in_units(&self, units: &[String]) -> Result<Members, OrganizationError> {
        let mut members = Members::new();
        let mut open: Vec<String> = units.to_vec();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(unit) = open.pop() {
            if !seen.insert(unit.clone()) {
                continue;
            }
            self.directly_in(&unit, &mut members).await?;
            open.extend(self.units_in(&unit).await?);
        }
        Ok(members)
    }

    async fn directly_in(
        &self,
        unit: &str,
        members: &mut Members,
    ) -> Result<(), OrganizationError> {
        let operation = &LIST_ACCOUNTS_FOR_PARENT;
        let mut paging = Paging::default();
        loop {
            let send = || {
                let request = self.client.list_accounts_for_parent().parent_id(unit);
                request.set_next_token(paging.token()).send()
            };
            let reply = self.aws.gate().call(&self.account, GLOBAL, operation, send).await;
            let reply = reply.map_err(|failure| refused(operation, &failure))?;
            let found = (reply.accounts, reply.next_token);
            if !page(operation, &mut paging, found, |it| add(members, it))? {
                return Ok(());
            }
        }
    }

    async fn units_in(&self, unit: &str) -> Result<Vec<String>, OrganizationError> {
        let operation = &LIST_UNITS_FOR_PARENT;
        let mut units = Vec::new();
        let mut paging = Paging::default();
        loop {
            let send = || {
                let request = self.client.list_organizational_units_for_parent().parent_id(unit);
                request.set_next_token(paging.token()).send()
            };
            let reply = self.aws.gate().call(&self.account, GLOBAL, operation, send).await;
            let reply = reply.map_err(|failure| refused(operation, &failure))?;
            let found = (reply.organizational_units, reply.next_token);
            let more = page(operation, &mut paging, found, |unit| {
                units.push(unit.id.ok_or("a unit has no id")?);
                Ok(())
            })?;
            if !more {
                return Ok(units);
            }
        }
    }

    async fn tags(&self, id: &str) -> Result<BTreeSet<(String, String)>, OrganizationError> {
        let mut tags = BTreeSet::new();
        let mut paging = Paging::default();
        loop {
            let send = || {
                let request = self.client.list_tags_for_resource().resource_id(id);
                request.set_next_token(paging.token()).send()
            };
            let reply = self.aws.gate().call(&self.account, GLOBAL, &LIST_TAGS, send).await;
            let reply = reply.map_err(|failure| refused(&LIST_TAGS, &failure))?;
            let more = page(&LIST_TAGS, &mut paging, (reply.tags, reply.next_token), |tag| {
                tags.insert((tag.key, tag.value));
                Ok(())
            })?;
            if !more {
                return Ok(tags);
            }
        }
    }
}

/// Reads a page; whether there is another.
fn page<T>(
    operation: &Operation,
    paging: &mut Paging,
    (items, next): Page<T>,
    mut each: impl FnMut(T) -> Result<(), &'static str>,
) -> Result<bool, OrganizationError> {
    let broken = |what| refused(operation, &Failure::malformed(what));
    for item in items.ok_or_else(|| broken("the reply has no list"))? {
        each(item).map_err(broken)?;
    }
    paging.turn(next).map_err(broken)
}

fn add(members: &mut Members, account: Account) -> Result<(), &'static str> {
    let id = account.id.filter(|id| !id.is_empty()).ok_or("an account has no id")?;
    // AWS gives up `Status` for `State`; some still send only the old one.
    let inactive = match (account.state, account.status) {
        (Some(AccountState::Active), _) | (None, Some(AccountStatus::Active) | None) => None,
        (Some(state), _) => Some(state.as_str().to_owned()),
        (None, Some(status)) => Some(status.as_str().to_owned()),
    };
    let name = account.name.unwrap_or_else(|| id.clone());
    members.insert(id.clone(), Member { id, name, inactive });
    Ok(())
}

fn refused(operation: &Operation, failure: &Failure) -> OrganizationError {
    if let Some(session) = &failure.session {
        return OrganizationError::Session(session.clone());
    }
    let class = match meaning(operation, GLOBAL, failure) {
        Meaning::Class(class) => class,
        Meaning::Absent => ErrorClass::Other,
    };
    OrganizationError::Call {
        operation: operation.id(),
        iam_action: operation.iam_action(),
        class,
        code: failure.code.clone(),
        message: failure.message.clone(),
    }
}
