//! JSON Schema (draft 2020-12) of the files that people write, for editors, and
//! of resources as snapshots hold them.

mod resource;
mod rule;
mod tenants;

pub use resource::resource;
pub use rule::rule;
pub use tenants::tenants;

use serde_json::{Value, json};

/// <https://json-schema.org/draft/2020-12>
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Text that is not empty.
fn text(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": description })
}

/// A list.
fn list_of(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// An object with these members only.
fn object(description: &str, required: &[&str], members: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "properties": members,
        "required": required,
        "additionalProperties": false,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
