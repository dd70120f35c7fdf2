//! Where in the tables of the file secrets stand.

use super::credential::{self, Hidden};
use super::keys::{self, nearest};
use super::reader::{Table, Value};
use toml::de::DeValue;

/// Hides every value under a key that is or was meant to be `external_id` or a
/// credential, at any depth.
pub(super) fn hide_in_table(text: &str, table: &Table<'_>, hidden: &mut Hidden) {
    for (key, value) in table {
        let key = key.get_ref();
        let secret = credential::is_credential_key(key)
            || keys::plain(key).contains("external")
            || nearest(key, keys::TENANT.iter().copied()) == Some("external_id");
        if secret {
            hide_value(text, value, hidden);
        } else {
            each_table(value, &mut |table| hide_in_table(text, table, hidden));
        }
    }
}

fn hide_value(text: &str, value: &Value<'_>, hidden: &mut Hidden) {
    match value.get_ref() {
        DeValue::String(secret) => hidden.add(secret),
        DeValue::Array(items) => items.iter().for_each(|item| hide_value(text, item, hidden)),
        DeValue::Table(table) => table.values().for_each(|value| hide_value(text, value, hidden)),
        _ => hidden.add(text.get(value.span()).unwrap_or("")),
    }
}

/// Calls `visit` with every table that `value` is or lists.
fn each_table(value: &Value<'_>, visit: &mut impl FnMut(&Table<'_>)) {
    match value.get_ref() {
        DeValue::Table(table) => visit(table),
        DeValue::Array(items) => items.iter().for_each(|item| each_table(item, visit)),
        _ => {}
    }
}

/// Every key that names a credential, at any depth, with its place.
pub(super) fn credential_keys(table: &Table<'_>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (key, value) in table {
        if credential::is_credential_key(key.get_ref()) {
            found.push((key.span().start, key.get_ref().to_string()));
        }
        each_table(value, &mut |table| found.extend(credential_keys(table)));
    }
    found
}

/// Every text, external ids aside, that has the shape of a secret access key.
pub(super) fn secret_access_keys(table: &Table<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    for (key, value) in table {
        if key.get_ref() != "external_id" {
            secret_access_keys_in(value, &mut found);
        }
    }
    found
}

fn secret_access_keys_in(value: &Value<'_>, found: &mut Vec<usize>) {
    match value.get_ref() {
        DeValue::String(text) if credential::is_secret_access_key(text) => {
            found.push(value.span().start)
        }
        DeValue::Array(items) => items.iter().for_each(|item| secret_access_keys_in(item, found)),
        DeValue::Table(table) => found.extend(secret_access_keys(table)),
        _ => {}
    }
}
