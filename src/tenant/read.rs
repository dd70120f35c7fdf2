//! Reads the whole file and collects every problem on the way.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::aws_id::{AccountId, Partition, RoleArn};
use super::check::{self, Complaint};
use super::credential;
use super::keys::{self, nearest};
use super::problem::{ProblemKind, Problems};
use super::read_tenant::Seen;
use super::reader::{At, Field, Reader, Table, Value, own_key};
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
pub(super) struct Region {
    pub(super) name: String,
    pub(super) partition: Partition,
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
            parameters: self.parameters(root),
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
            None => (value.span(), "write [[tenant]] with double brackets".to_owned()),
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
            regions: self.regions(table, None).into_value().unwrap_or_default(),
            known_accounts: self.known_accounts(table),
            db: self.checked(table, "db", check::db).into_value(),
            suppressions: self
                .checked(table, "suppressions", |text, hidden| {
                    check::visible_text("suppressions", text, hidden)
                })
                .into_value(),
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
            Some("parameters") => "write [parameters.RULE]".to_owned(),
            Some(table) => format!("write [{table}]"),
            None => match (own_key(given, keys::DEFAULTS), own_key(given, keys::TENANT)) {
                (Some(key), _) => format!("put {key} below [defaults] or a [[tenant]]"),
                (None, Some(key)) => format!("put {key} below a [[tenant]]"),
                (None, None) => {
                    "the tables are [defaults], [severity], [parameters.RULE] and [[tenant]]"
                        .to_owned()
                }
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
    pub(super) fn regions(
        &mut self,
        table: &Table<'_>,
        role: Option<&At<RoleArn>>,
    ) -> Field<Vec<Region>> {
        let list = self.list(table, "regions", "\"eu-west-1\"", |text, hidden| {
            check::region(text, hidden).map(|partition| Region { name: text.to_owned(), partition })
        });
        let Field::Good(At { value: regions, span }) = list else {
            return if matches!(list, Field::Absent) { Field::Absent } else { Field::Bad };
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

    pub(super) fn known_accounts(&mut self, table: &Table<'_>) -> Vec<AccountId> {
        self.list(table, "known_accounts", "\"123456789012\"", |text, hidden| {
            check::account_id("known_accounts", text, hidden)
        })
        .into_value()
        .unwrap_or_default()
        .into_iter()
        .map(|account| account.value)
        .collect()
    }
}

/// `[defaults]` as read.
#[derive(Debug, Default)]
pub(super) struct FileDefaults {
    pub(super) profile: Option<String>,
    pub(super) regions: Vec<Region>,
    pub(super) known_accounts: Vec<AccountId>,
    pub(super) db: Option<String>,
    pub(super) suppressions: Option<String>,
}

impl FileDefaults {
    fn plain(self) -> Defaults {
        Defaults {
            profile: self.profile,
            regions: names(&self.regions),
            known_accounts: self.known_accounts,
            db: self.db,
            suppressions: self.suppressions,
        }
    }
}

pub(super) fn names(regions: &[Region]) -> Vec<String> {
    regions.iter().map(|region| region.name.clone()).collect()
}
