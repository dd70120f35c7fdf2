//! Reads one `[[tenant]]` and compares it with the ones before.

use std::collections::BTreeMap;
use std::ops::Range;

use super::aws_id::{AccountId, RoleArn};
use super::check::{self, Complaint};
use super::problem::ProblemKind;
use super::read::{FileDefaults, names};
use super::reader::{At, Field, Reader, Table, first_use};
use super::secret::Secret;
use super::{Tenant, keys};

/// What is unique over all tenants, and the line of its first use.
#[derive(Default)]
pub(super) struct Seen {
    names: BTreeMap<String, usize>,
    accounts: BTreeMap<AccountId, usize>,
    external_ids: BTreeMap<Secret, usize>,
}

impl Reader<'_> {
    /// One `[[tenant]]`; `None` if a required key is missing or bad.
    pub(super) fn tenant(
        &mut self,
        header: &Range<usize>,
        table: &Table<'_>,
        defaults: &FileDefaults,
        seen: &mut Seen,
    ) -> Option<Tenant> {
        self.unknown_keys(table, "[[tenant]]", keys::TENANT);
        let name = self.checked(table, "name", check::name);
        let account = self.checked(table, "account_id", |text, hidden| {
            check::account_id("account_id", text, hidden)
        });
        let known = account.good().map(|at| at.value.clone());
        let role = self.checked(table, "role_arn", |text, hidden| {
            check::role_arn(text, known.as_ref(), hidden)
        });
        let external_id = self.checked(table, "external_id", |text, _| {
            check::external_id(text).map(|()| Secret::new(text))
        });
        let profile = self
            .checked(table, "profile", |text, hidden| check::visible_text("profile", text, hidden));
        let snapshot = self.checked(table, "snapshot", |text, hidden| {
            check::visible_text("snapshot", text, hidden)
        });
        let regions = self.regions(table, role.good());
        let known_accounts = self.known_accounts(table);

        self.require(header, table, &name, &account, role.good());
        self.same_account(&account, &role);
        self.external_id_has_role(&external_id, table, header);
        self.unique(seen, &name, &account, &external_id);
        if let (Field::Absent, Some(role)) = (&regions, role.good()) {
            self.inherited_partition(role, defaults);
        }
        Some(Tenant {
            name: name.into_value()?,
            account_id: account.into_value()?,
            role_arn: role.into_value(),
            external_id: external_id.into_value(),
            profile: profile.into_value().or_else(|| defaults.profile.clone()),
            regions: names(&regions.into_value().unwrap_or_else(|| defaults.regions.clone())),
            snapshot: snapshot.into_value(),
            known_accounts: {
                let mut all = known_accounts;
                all.extend(defaults.known_accounts.iter().cloned());
                all.sort();
                all.dedup();
                all
            },
        })
    }

    fn require(
        &mut self,
        header: &Range<usize>,
        table: &Table<'_>,
        name: &Field<String>,
        account: &Field<AccountId>,
        role: Option<&At<RoleArn>>,
    ) {
        if matches!(name, Field::Absent) && !is_mistyped(table, "name") {
            let complaint =
                Complaint::new(ProblemKind::Missing, "`name` is missing", "add name = \"acme\"");
            self.report(header, complaint);
        }
        if matches!(account, Field::Absent) && !is_mistyped(table, "account_id") {
            let id = role.map_or("\"123456789012\"".to_owned(), |role| {
                self.hidden.show(role.value.account().as_str())
            });
            let complaint = Complaint::new(
                ProblemKind::Missing,
                "`account_id` is missing",
                format!("add account_id = {id}"),
            );
            self.report(header, complaint);
        }
    }

    fn same_account(&mut self, account: &Field<AccountId>, role: &Field<RoleArn>) {
        let (Some(account), Some(role)) = (account.good(), role.good()) else {
            return;
        };
        let of_role = role.value.account();
        if account.value != *of_role {
            let complaint = Complaint::new(
                ProblemKind::Mismatch,
                format!(
                    "`account_id` {} is not the account of `role_arn` on line {}",
                    self.hidden.show(account.value.as_str()),
                    self.line(role.span.start)
                ),
                format!(
                    "write account_id = {}, or correct role_arn",
                    self.hidden.show(of_role.as_str())
                ),
            );
            self.report(&account.span, complaint);
        }
    }

    fn external_id_has_role(
        &mut self,
        external_id: &Field<Secret>,
        table: &Table<'_>,
        header: &Range<usize>,
    ) {
        if matches!(external_id, Field::Absent)
            || table.contains_key("role_arn")
            || is_mistyped(table, "role_arn")
        {
            return;
        }
        let span = table.get_key_value("external_id").map_or(header.clone(), |(key, _)| key.span());
        let complaint = Complaint::new(
            ProblemKind::Missing,
            "`external_id` without `role_arn`: there is no role to show it to",
            "add role_arn, or take external_id out",
        );
        self.report(&span, complaint);
    }

    fn unique(
        &mut self,
        seen: &mut Seen,
        name: &Field<String>,
        account: &Field<AccountId>,
        external_id: &Field<Secret>,
    ) {
        if let Some(at) = name.good() {
            let line = self.line(at.span.start);
            if let Some(first) = first_use(&mut seen.names, &at.value, line) {
                let complaint = Complaint::new(
                    ProblemKind::Duplicate,
                    format!(
                        "`name` {} is taken by the tenant on line {first}",
                        self.hidden.show(&at.value)
                    ),
                    "give every tenant its own name",
                );
                self.report(&at.span, complaint);
            }
        }
        if let Some(at) = account.good() {
            let line = self.line(at.span.start);
            if let Some(first) = first_use(&mut seen.accounts, &at.value, line) {
                let complaint = Complaint::new(
                    ProblemKind::Duplicate,
                    format!(
                        "`account_id` {} is that of the tenant on line {first}",
                        self.hidden.show(at.value.as_str())
                    ),
                    "an account is one tenant: correct the id, or take one of the two tenants out",
                );
                self.report(&at.span, complaint);
            }
        }
        if let Some(at) = external_id.good() {
            let line = self.line(at.span.start);
            if let Some(first) = first_use(&mut seen.external_ids, &at.value, line) {
                let complaint = Complaint::new(
                    ProblemKind::Duplicate,
                    format!("`external_id` is that of the tenant on line {first}"),
                    "give every tenant its own; `cspm tenants add` makes one if none is given",
                );
                self.report(&at.span, complaint);
            }
        }
    }

    fn inherited_partition(&mut self, role: &At<RoleArn>, defaults: &FileDefaults) {
        let partition = role.value.partition();
        if let Some(other) = defaults.regions.iter().find(|region| region.partition != partition) {
            let complaint = Complaint::new(
                ProblemKind::Mismatch,
                format!(
                    "`role_arn` is in partition {partition}, but `regions` of [defaults] are in {}",
                    other.partition
                ),
                "give this tenant its own `regions`",
            );
            self.report(&role.span, complaint);
        }
    }
}

/// True if the table has an unknown key whose report already advises `wanted`.
fn is_mistyped(table: &Table<'_>, wanted: &str) -> bool {
    table.keys().any(|key| {
        let given: &str = key.get_ref();
        !keys::TENANT.contains(&given)
            && keys::nearest(given, keys::TENANT.iter().copied()) == Some(wanted)
    })
}
