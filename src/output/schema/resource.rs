//! Resources as snapshots hold them.

use super::DIALECT;
use crate::inventory::{Presence, RecordType, ResourceType, Type};
use serde_json::{Map, Value, json};

/// The schema of the facts of a resource: a fact that AWS did not answer is
/// `{"$unknown": n}`, with the numbers of the gaps; one that AWS has not is left
/// out.
pub fn resource(kind: &ResourceType) -> Value {
    let mut records = Map::new();
    let record = record(kind.record, &mut records);
    records.insert("unknown".to_owned(), unknown());
    json!({
        "$schema": DIALECT,
        "title": format!("The facts of {}", kind.name),
        "$ref": record,
        "$defs": records,
    })
}

fn numbers() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    json!({ "oneOf": [number, { "type": "array", "items": number, "minItems": 1 }] })
}

fn unknown() -> Value {
    json!({
        "description": "Not known: the numbers of the gaps that hide it.",
        "type": "object",
        "properties": { "$unknown": numbers() },
        "required": ["$unknown"],
        "additionalProperties": false,
    })
}

/// The reference to a record, which is put down once.
fn record(ty: &'static RecordType, records: &mut Map<String, Value>) -> String {
    let name = free_name(ty, records);
    let reference = format!("#/$defs/{name}");
    if records.contains_key(&name) {
        return reference;
    }
    // Its place first: a record may lead back to itself.
    records.insert(name.clone(), json!({ "title": ty.name, "$comment": identity(ty) }));
    let members: Map<String, Value> = ty
        .fields
        .iter()
        .map(|field| {
            let mut schema = value(&field.ty, records);
            schema.insert("description".to_owned(), json!(field.doc));
            (field.name.to_owned(), Value::Object(schema))
        })
        .collect();
    let always = ty.fields.iter().filter(|field| field.presence == Presence::Always);
    let required: Vec<&str> = always.map(|field| field.name).collect();
    records.insert(
        name,
        json!({
            "title": ty.name,
            "$comment": identity(ty),
            "description": ty.doc,
            "type": "object",
            "properties": members,
            "required": required,
            "additionalProperties": false,
        }),
    );
    reference
}

/// Tells records of one name apart.
fn identity(ty: &'static RecordType) -> String {
    let fields: Vec<&str> = ty.fields.iter().map(|field| field.name).collect();
    fields.join(" ")
}

fn free_name(ty: &'static RecordType, records: &Map<String, Value>) -> String {
    let own = identity(ty);
    let names = std::iter::once(ty.name.to_owned());
    let mut names = names.chain((2..).map(|number| format!("{}-{number}", ty.name)));
    let fits = |name: &String| {
        records.get(name).is_none_or(|known| known.get("$comment") == Some(&json!(own)))
    };
    names.find(fits).unwrap_or_else(|| ty.name.to_owned())
}

fn value(ty: &Type, records: &mut Map<String, Value>) -> Map<String, Value> {
    let known = match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Float => json!({ "type": "number" }),
        Type::Text => json!({ "type": "string" }),
        Type::Time => json!({ "type": "string", "format": "date-time" }),
        Type::Map(item) => {
            json!({ "type": "object", "additionalProperties": value(item, records) })
        }
        Type::Record(ty) => json!({ "$ref": record(ty, records) }),
        Type::List(item) => {
            let all = json!({ "type": "array", "items": value(item, records) });
            let half_read = json!({
                "description": "A list of which a part was read.",
                "type": "object",
                "properties": { "$unknown": numbers(), "$items": all },
                "required": ["$unknown", "$items"],
                "additionalProperties": false,
            });
            return any_of(vec![all, half_read]);
        }
    };
    any_of(vec![known])
}

fn any_of(mut forms: Vec<Value>) -> Map<String, Value> {
    forms.push(json!({ "$ref": "#/$defs/unknown" }));
    Map::from_iter([("anyOf".to_owned(), Value::Array(forms))])
}
