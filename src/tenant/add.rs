//! Adds a tenant to the file and leaves every other byte as it is.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::problem::Problems;
use super::read::parse;
use super::secret::Secret;

/// A tenant to add, as the user gave it; [`add_tenant`] checks it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTenant {
    /// Its name.
    pub name: String,
    /// Its account.
    pub account_id: String,
    /// The role to assume.
    pub role_arn: Option<String>,
    /// What the role's trust policy asks for.
    pub external_id: Option<Secret>,
    /// The profile to start from.
    pub profile: Option<String>,
    /// The regions to scan; empty leaves the key out.
    pub regions: Vec<String>,
    /// A snapshot to judge in place of the account.
    pub snapshot: Option<String>,
    /// Accounts that are no strangers; empty leaves the key out.
    pub known_accounts: Vec<String>,
}

/// The text with the tenant added at its end; `text` may be empty. Comments and
/// layout stay, and the result is a right tenants file.
///
/// # Errors
/// All problems: those of `text` with their places, or else those of the new
/// tenant, without a place because it is not in the file yet.
pub fn add_tenant(text: &str, tenant: &NewTenant) -> Result<String, Problems> {
    parse(text)?;
    let result = in_list(text, tenant).unwrap_or_else(|| with_block(text, tenant));
    // The text itself is right, so what is wrong now is the new tenant.
    parse(&result).map_err(Problems::without_places)?;
    Ok(result)
}

/// The text with a `[[tenant]]` block at its end.
fn with_block(text: &str, tenant: &NewTenant) -> String {
    let mut table = Table::new();
    for (key, value) in entries(tenant) {
        table.insert(key, Item::Value(value));
    }
    let mut blocks = ArrayOfTables::new();
    blocks.push(table);
    let mut document = DocumentMut::new();
    document.insert("tenant", Item::ArrayOfTables(blocks));

    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut result = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        result.push_str(newline);
    }
    if !text.trim().is_empty() {
        result.push_str(newline);
    }
    result.push_str(&document.to_string().replace('\n', newline));
    result
}

/// The text with one more table in `tenant = [{ ... }]`; `None` if the tenants
/// are not written that way. TOML then allows no `[[tenant]]` beside it.
fn in_list(text: &str, tenant: &NewTenant) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let list = document.get_mut("tenant")?.as_array_mut()?;
    let mut table = InlineTable::new();
    for (key, value) in entries(tenant) {
        table.insert(key, value);
    }
    let mut value = Value::from(table);
    let before_last = list.iter().last().and_then(|last| last.decor().prefix()?.as_str());
    match before_last.and_then(|prefix| prefix.rsplit_once('\n')) {
        // One table per line. What follows the last comma belongs to the line above.
        Some((_, indent)) => {
            let above = list.trailing().as_str().unwrap_or("").trim_end();
            value.decor_mut().set_prefix(format!("{above}\n{indent}"));
            list.set_trailing("\n");
        }
        None if list.is_empty() => {}
        None => value.decor_mut().set_prefix(" "),
    }
    list.push_formatted(value);
    Some(document.to_string())
}

/// Keys and values in the order in which people read them.
fn entries(tenant: &NewTenant) -> Vec<(&'static str, Value)> {
    let mut entries =
        vec![("name", Value::from(&tenant.name)), ("account_id", Value::from(&tenant.account_id))];
    let external_id = tenant.external_id.as_ref().map(Secret::expose);
    for (key, text) in [
        ("role_arn", tenant.role_arn.as_deref()),
        ("external_id", external_id),
        ("profile", tenant.profile.as_deref()),
        ("snapshot", tenant.snapshot.as_deref()),
    ] {
        entries.extend(text.map(|text| (key, Value::from(text))));
    }
    for (key, texts) in [("regions", &tenant.regions), ("known_accounts", &tenant.known_accounts)] {
        if !texts.is_empty() {
            entries.push((key, Value::Array(texts.iter().collect::<Array>())));
        }
    }
    entries
}
