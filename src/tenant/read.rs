//! Reads the whole file and collects every problem on the way.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::aws_id::{AccountId, Partition, RoleArn};
use super::check::{self, Complaint};
use super::credential;
use super::keys::{self, nearest};
use super::problem::{ProblemKind, Problems};
use super::reader::{At, Field, Reader, Table, Value, first_use, own_key};
use super::secret::Secret;
use super::syntax;
use super::{Defaults, SeverityOverride, Tenant, Tenants};

/// Reads a tenants file.
///
/// # Errors
/// All problems of the file at once, in its order. No problem holds an
/// external id or a credential.
pub fn parse(text: &str) -> Result<Tenants, Problems> {
    let syntax = syntax::check(text);
    let readable = syntax.text.clone();
    let (root, _) = DeTable::parse_recoverable(&readable);
    let mut reader = Reader::new(text, &syntax, root.get_ref());
    reader.report_syntax();
    reader.report_credentials(root.get_ref());
    let tenants = reader.tenants(root.get_ref());
    Problems::or_else_ok(reader.problems).map(|()| tenants)
}

/// One region with its partition.
#[derive(Debug, Clone)]
struct Region {
    name: String,
    partition: Partition,
}

/// What is unique over all tenants, and the line of its first use.
#[derive(Default)]
struct Seen {
    names: BTreeMap<String, usize>,
    accounts: BTreeMap<AccountId, usize>,
    external_ids: BTreeMap<Secret, usize>,
}

impl Reader<'_> {
    fn tenants(&mut self, root: &Table<'_>) -> Tenants {
        let defaults = self.defaults(root);
        for (key, _) in root {
            if !keys::TOP.contains(&key.get_ref().as_ref()) {
                self.unknown_top(key);
            }
        }
        let mut tenants = Vec::new();
        let mut seen = Seen::default();
        if let Some(value) = root.get("tenant") {
            match value.get_ref() {
                DeValue::Array(items) => {
                    for item in items {
                        tenants.extend(self.tenant_item(item, &defaults, &mut seen));
                    }
                }
                DeValue::Table(table) => {
                    self.single_brackets(value, table);
                    if table.values().any(|value| !value.get_ref().is_table()) {
                        tenants.extend(self.tenant(&value.span(), table, &defaults, &mut seen));
                    }
                }
                _ => self.wrong_type(
                    "tenant",
                    value,
                    "a list of tables",
                    "write [[tenant]], and the keys below it",
                ),
            }
        }
        Tenants {
            tenants,
            severities: self.severities(root),
            defaults: defaults.plain(),
        }
    }

    fn single_brackets(&mut self, value: &Value<'_>, table: &Table<'_>) {
        let named = table.iter().find(|(_, value)| value.get_ref().is_table());
        let (span, instead) = match named {
            Some((key, _)) => (
                key.span(),
                format!(
                    "write [[tenant]], and below it name = {}",
                    self.hidden.show(key.get_ref())
                ),
            ),
            None => (
                value.span(),
                "write [[tenant]] with double brackets".to_owned(),
            ),
        };
        self.report(
            &span,
            Complaint::new(
                ProblemKind::WrongType,
                "`tenant` is one table, not a list of tables",
                instead,
            ),
        );
    }

    fn tenant_item(
        &mut self,
        item: &Value<'_>,
        defaults: &FileDefaults,
        seen: &mut Seen,
    ) -> Option<Tenant> {
        if let Some(table) = item.get_ref().as_table() {
            return self.tenant(&item.span(), table, defaults, seen);
        }
        self.wrong_type(
            "tenant",
            item,
            "a list of tables",
            "write [[tenant]], and the keys below it",
        );
        None
    }

    /// One `[[tenant]]`; `None` if a required key is missing or bad.
    fn tenant(
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
        let profile = self.checked(table, "profile", |text, hidden| {
            check::visible_text("profile", text, hidden)
        });
        let snapshot = self.checked(table, "snapshot", |text, hidden| {
            check::visible_text("snapshot", text, hidden)
        });
        let regions = self.regions(table, role.good());
        let known_accounts = self.known_accounts(table);

        self.require(header, &name, &account, role.good());
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
            regions: names(
                &regions
                    .into_value()
                    .unwrap_or_else(|| defaults.regions.clone()),
            ),
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
        name: &Field<String>,
        account: &Field<AccountId>,
        role: Option<&At<RoleArn>>,
    ) {
        if matches!(name, Field::Absent) {
            let complaint = Complaint::new(
                ProblemKind::Missing,
                "`name` is missing",
                "add name = \"acme\"",
            );
            self.report(header, complaint);
        }
        if matches!(account, Field::Absent) {
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
        if matches!(external_id, Field::Absent) || table.contains_key("role_arn") {
            return;
        }
        let span = table
            .get_key_value("external_id")
            .map_or(header.clone(), |(key, _)| key.span());
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
        if let Some(other) = defaults
            .regions
            .iter()
            .find(|region| region.partition != partition)
        {
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

    fn defaults(&mut self, root: &Table<'_>) -> FileDefaults {
        let Some(table) = self.section(root, "defaults") else {
            return FileDefaults::default();
        };
        self.unknown_keys(table, "[defaults]", keys::DEFAULTS);
        FileDefaults {
            profile: self
                .checked(table, "profile", |text, hidden| {
                    check::visible_text("profile", text, hidden)
                })
                .into_value(),
            regions: self
                .regions(table, None)
                .into_value()
                .unwrap_or_else(Vec::new),
            known_accounts: self.known_accounts(table),
        }
    }

    fn severities(&mut self, root: &Table<'_>) -> Vec<SeverityOverride> {
        let Some(table) = self.section(root, "severity") else {
            return Vec::new();
        };
        let mut severities = Vec::new();
        for (key, value) in table {
            let rule: &str = key.get_ref();
            let Some(word) = value.get_ref().as_str() else {
                let what = self.hidden.show(rule);
                self.wrong_type(
                    &format!("[severity] {what}"),
                    value,
                    "text",
                    "write a severity in quotes, for example \"low\"",
                );
                continue;
            };
            match check::severity(rule, word, &self.hidden) {
                Ok(severity) => severities.push(SeverityOverride {
                    rule: rule.to_owned(),
                    severity,
                    at: self.lines.position(key.span().start),
                }),
                Err(complaint) => self.report(&value.span(), complaint),
            }
        }
        severities.sort_by_key(|severity| severity.at);
        severities
    }

    fn unknown_top(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>) {
        let given = key.get_ref();
        if credential::is_credential_key(given) {
            return;
        }
        let shown = self.hidden.show(given);
        let instead = match nearest(given, keys::TOP.iter().copied()) {
            Some("tenant") => "write [[tenant]]".to_owned(),
            Some(table) => format!("write [{table}]"),
            None => match (own_key(given, keys::DEFAULTS), own_key(given, keys::TENANT)) {
                (Some(key), _) => format!("put {key} below [defaults] or a [[tenant]]"),
                (None, Some(key)) => format!("put {key} below a [[tenant]]"),
                (None, None) => "the tables are [defaults], [severity] and [[tenant]]".to_owned(),
            },
        };
        let complaint = Complaint::new(
            ProblemKind::UnknownKey,
            format!("there is no key {shown} at the top of the file"),
            instead,
        );
        self.report(&key.span(), complaint);
    }

    /// The regions under `regions`, all in one partition: that of the role or
    /// else that of the first region.
    fn regions(&mut self, table: &Table<'_>, role: Option<&At<RoleArn>>) -> Field<Vec<Region>> {
        let list = self.list(table, "regions", "\"eu-west-1\"", |text, hidden| {
            check::region(text, hidden).map(|partition| Region {
                name: text.to_owned(),
                partition,
            })
        });
        let Field::Good(At {
            value: regions,
            span,
        }) = list
        else {
            return if matches!(list, Field::Absent) {
                Field::Absent
            } else {
                Field::Bad
            };
        };
        if table
            .get("regions")
            .and_then(|list| list.get_ref().as_array())
            .is_some_and(|list| list.is_empty())
        {
            let complaint = Complaint::new(
                ProblemKind::Malformed,
                "`regions` is empty: nothing would be scanned",
                "list the regions, or leave the key out to scan every enabled region",
            );
            self.report(&span, complaint);
            return Field::Bad;
        }
        let first = regions.first().map(|region| region.value.partition);
        let (partition, owner) = match role {
            Some(role) => (Some(role.value.partition()), "`role_arn`"),
            None => (first, "the first region"),
        };
        for region in &regions {
            if let Some(partition) =
                partition.filter(|partition| *partition != region.value.partition)
            {
                let complaint = Complaint::new(
                    ProblemKind::Mismatch,
                    format!(
                        "`regions`: {} is in partition {}, {owner} in {partition}",
                        self.hidden.show(&region.value.name),
                        region.value.partition
                    ),
                    format!("list regions of {partition} only: an account is in one partition"),
                );
                self.report(&region.span, complaint);
            }
        }
        let value = regions.into_iter().map(|region| region.value).collect();
        Field::Good(At { value, span })
    }

    fn known_accounts(&mut self, table: &Table<'_>) -> Vec<AccountId> {
        self.list(
            table,
            "known_accounts",
            "\"123456789012\"",
            |text, hidden| check::account_id("known_accounts", text, hidden),
        )
        .into_value()
        .unwrap_or_default()
        .into_iter()
        .map(|account| account.value)
        .collect()
    }
}

/// `[defaults]` as read.
#[derive(Debug, Default)]
struct FileDefaults {
    profile: Option<String>,
    regions: Vec<Region>,
    known_accounts: Vec<AccountId>,
}

impl FileDefaults {
    fn plain(self) -> Defaults {
        Defaults {
            profile: self.profile,
            regions: names(&self.regions),
            known_accounts: self.known_accounts,
        }
    }
}

fn names(regions: &[Region]) -> Vec<String> {
    regions.iter().map(|region| region.name.clone()).collect()
}
