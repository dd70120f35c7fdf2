//! Documents as JSON: unknown facts are `{"$unknown": n}`, absent ones are
//! left out.

use super::gap::{GapId, Gaps};
use super::operation::Operation;
use super::schema::{Field, Presence, RecordType, Type};
use super::value::{List, Value};
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The key that marks an unknown fact.
const UNKNOWN: &str = "$unknown";
/// The keys of a list that was read in part.
const ITEMS: &str = "$items";

/// A value with its type, to be written.
pub struct Typed<'a> {
    /// The value.
    pub value: &'a Value,
    /// Its type.
    pub ty: &'a Type,
}

/// The members of a record to be written: those that are there, and whose
/// unknowns have a number.
fn written<'a>(
    record: &'a RecordType,
    values: &'a [Value],
) -> impl Iterator<Item = (&'a Field, &'a Value)> {
    record.fields.iter().zip(values).filter(|(_, value)| match value {
        Value::Absent => false,
        Value::Unknown(gaps) => gaps.iter().all(|id| id != GapId::NOT_COLLECTED),
        _ => true,
    })
}

/// The gaps of an unknown: one number, or several.
struct Numbers<'a>(&'a Gaps);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ids: Vec<u32> = self.0.iter().map(|id| id.0).collect();
        match ids.as_slice() {
            [one] => serializer.serialize_u32(*one),
            many => many.serialize(serializer),
        }
    }
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value, self.ty) {
            (Value::Absent, _) => serializer.serialize_unit(),
            (Value::Unknown(gaps), _) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(UNKNOWN, &Numbers(gaps))?;
                map.end()
            }
            (Value::Bool(b), _) => serializer.serialize_bool(*b),
            (Value::Int(n), _) => serializer.serialize_i64(*n),
            (Value::Float(n), _) => serializer.serialize_f64(*n),
            (Value::Text(text), _) => serializer.serialize_str(text),
            (Value::Time(time), _) => serializer.collect_str(time),
            (Value::List(list), Type::List(item)) if list.missing.is_empty() => {
                let mut seq = serializer.serialize_seq(Some(list.items.len()))?;
                for value in &list.items {
                    seq.serialize_element(&Typed { value, ty: item })?;
                }
                seq.end()
            }
            (Value::List(list), ty) => {
                let complete = Value::list(list.items.clone());
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry(UNKNOWN, &Numbers(&list.missing))?;
                map.serialize_entry(ITEMS, &Typed { value: &complete, ty })?;
                map.end()
            }
            (Value::Map(entries), Type::Map(item)) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries.iter() {
                    map.serialize_entry(key, &Typed { value, ty: item })?;
                }
                map.end()
            }
            (Value::Record(values), Type::Record(record)) => {
                let mut map = serializer.serialize_map(None)?;
                for (field, value) in written(record, values) {
                    map.serialize_entry(field.name, &Typed { value, ty: &field.ty })?;
                }
                map.end()
            }
            (value, ty) => Err(serde::ser::Error::custom(format!(
                "a value of another type than {}: {value:?}",
                ty.name()
            ))),
        }
    }
}

/// What a reader of documents has to know beside the JSON.
pub trait ReadContext {
    /// The gap for a fact that the JSON does not hold and whose operation did
    /// not run, or that its writer did not know; `None` if a missing member
    /// means that AWS answered: there is none.
    fn missing(
        &self,
        record: &RecordType,
        field: &Field,
        operation: Option<&'static Operation>,
    ) -> Option<GapId>;

    /// The gap behind a number; `None` if there is no such gap.
    fn gap(&self, number: u32) -> Option<GapId>;

    /// Whether members that the schema does not know are refused.
    fn strict(&self) -> bool;
}

/// Reads one value of a type.
pub struct Reader<'a> {
    /// The type to read.
    pub ty: &'a Type,
    /// What is known beside the JSON.
    pub context: &'a dyn ReadContext,
    /// The operation that fills what is being read.
    pub operation: Option<&'static Operation>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Reader<'_> {
    fn nested<'b>(&'b self, ty: &'b Type) -> Reader<'b> {
        Reader { ty, context: self.context, operation: self.operation }
    }

    fn wrong<E: de::Error>(&self, found: &str) -> E {
        E::custom(format!("expected {}, found {found}", self.ty.name()))
    }

    fn read_record<'de, A: MapAccess<'de>>(
        &self,
        record: &RecordType,
        first: Option<String>,
        mut map: A,
    ) -> Result<Value, A::Error> {
        let mut values: Vec<Option<Value>> = vec![None; record.fields.len()];
        let mut next = first;
        loop {
            let key = match next.take() {
                Some(key) => key,
                None => match map.next_key::<String>()? {
                    Some(key) => key,
                    None => break,
                },
            };
            let Some((index, field)) = record.field(&key) else {
                if self.context.strict() {
                    let names: Vec<_> = record.fields.iter().map(|f| f.name).collect();
                    return Err(de::Error::custom(format!(
                        "`{}` has no field `{key}`; it has {}",
                        record.name,
                        names.join(", ")
                    )));
                }
                map.next_value::<de::IgnoredAny>()?;
                continue;
            };
            let value = map.next_value_seed(Reader {
                ty: &field.ty,
                context: self.context,
                operation: field.operations.first().copied().or(self.operation),
            })?;
            if let Some(slot) = values.get_mut(index) {
                *slot = Some(value);
            }
        }
        let complete = record
            .fields
            .iter()
            .zip(values)
            .map(|(field, value)| value.unwrap_or_else(|| self.missing_member(record, field)));
        Ok(Value::Record(complete.collect()))
    }

    fn missing_member(&self, record: &RecordType, field: &Field) -> Value {
        let operation = field.operations.first().copied().or(self.operation);
        match self.context.missing(record, field, operation) {
            Some(gap) => Value::Unknown(Gaps::one(gap)),
            None if field.presence == Presence::Optional => Value::Absent,
            None => Value::Unknown(Gaps::one(GapId::NOT_COLLECTED)),
        }
    }
}

/// The numbers behind `$unknown`.
struct NumbersVisitor<'a>(&'a dyn ReadContext);

impl NumbersVisitor<'_> {
    fn gap<E: de::Error>(&self, number: u64) -> Result<GapId, E> {
        u32::try_from(number)
            .ok()
            .and_then(|number| self.0.gap(number))
            .ok_or_else(|| E::custom(format!("there is no gap {number}")))
    }
}

impl<'de> Visitor<'de> for NumbersVisitor<'_> {
    type Value = Gaps;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of a gap, or a list of them")
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Gaps, E> {
        self.gap(n).map(Gaps::one)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Gaps, A::Error> {
        let mut ids = Vec::new();
        while let Some(n) = seq.next_element::<u64>()? {
            ids.push(self.gap(n)?);
        }
        Ok(ids.into_iter().collect())
    }
}

impl<'de> DeserializeSeed<'de> for NumbersVisitor<'_> {
    type Value = Gaps;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Gaps, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.ty.name())
    }

    fn visit_bool<E: de::Error>(self, b: bool) -> Result<Value, E> {
        match self.ty {
            Type::Bool => Ok(Value::Bool(b)),
            _ => Err(self.wrong("a boolean")),
        }
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Value, E> {
        match self.ty {
            Type::Int => Ok(Value::Int(n)),
            #[expect(clippy::cast_precision_loss, reason = "a number was asked for")]
            Type::Float => Ok(Value::Float(n as f64)),
            _ => Err(self.wrong("a number")),
        }
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Value, E> {
        match i64::try_from(n) {
            Ok(n) => self.visit_i64(n),
            Err(_) => Err(self.wrong("a number that is too large")),
        }
    }

    fn visit_f64<E: de::Error>(self, n: f64) -> Result<Value, E> {
        match self.ty {
            Type::Float => Ok(Value::Float(n)),
            _ => Err(self.wrong("a number")),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        match self.ty {
            Type::Text => Ok(Value::text(text)),
            Type::Time => text.parse().map(Value::Time).map_err(|_| {
                E::custom(format!("`{text}` is not a time such as 2026-01-31T12:00:00Z"))
            }),
            _ => Err(self.wrong("text")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let Type::List(item) = self.ty else { return Err(self.wrong("a list")) };
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(4096));
        while let Some(value) = seq.next_element_seed(self.nested(item))? {
            items.push(value);
        }
        Ok(Value::list(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let first = map.next_key::<String>()?;
        if first.as_deref() == Some(UNKNOWN) {
            let gaps = map.next_value_seed(NumbersVisitor(self.context))?;
            return match map.next_key::<String>()?.as_deref() {
                None => Ok(Value::Unknown(gaps)),
                Some(ITEMS) => match map.next_value_seed(self.nested(self.ty))? {
                    Value::List(list) => {
                        Ok(Value::List(Arc::new(List { items: list.items.clone(), missing: gaps })))
                    }
                    _ => Err(self.wrong("something else under $items")),
                },
                Some(other) => Err(de::Error::custom(format!("`{other}` beside {UNKNOWN}"))),
            };
        }
        match self.ty {
            Type::Record(record) => self.read_record(record, first, map),
            Type::Map(item) => {
                let mut entries = BTreeMap::new();
                let mut next = first;
                while let Some(key) = match next.take() {
                    Some(key) => Some(key),
                    None => map.next_key::<String>()?,
                } {
                    entries.insert(key, map.next_value_seed(self.nested(item))?);
                }
                Ok(Value::Map(Arc::new(entries)))
            }
            _ => Err(self.wrong("a map")),
        }
    }
}
