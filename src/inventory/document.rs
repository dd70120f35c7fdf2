//! Documents: one declaration gives the struct, its schema, and the way
//! between struct and [`Value`].

use super::fact::Fact;
use super::gap::Gaps;
use super::schema::{Presence, RecordType, ResourceType, Type};
use super::value::{List, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What can stand in a document.
pub trait Shape: Sized {
    /// Whether a field of this type may be absent.
    const PRESENCE: Presence = Presence::Always;

    /// Its type in the schema.
    fn shape() -> Type;

    /// As a value.
    fn into_value(self) -> Value;

    /// From a value of this shape; `None` if it has another shape.
    fn from_value(value: &Value) -> Option<Self>;
}

/// A structure declared by [`record!`](crate::record) or
/// [`document!`](crate::document).
pub trait Record: Shape {
    /// Its type.
    fn record_type() -> &'static RecordType;
}

/// A resource's document, declared by [`document!`](crate::document).
pub trait Document: Record {
    /// Its type of resource.
    fn resource_type() -> &'static ResourceType;
}

macro_rules! scalar {
    ($rust:ty, $ty:ident, $into:expr, $pattern:pat => $from:expr) => {
        impl Shape for $rust {
            fn shape() -> Type {
                Type::$ty
            }
            fn into_value(self) -> Value {
                ($into)(self)
            }
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => Some($from),
                    _ => None,
                }
            }
        }
    };
}

scalar!(bool, Bool, Value::Bool, Value::Bool(b) => *b);
scalar!(i64, Int, Value::Int, Value::Int(n) => *n);
scalar!(f64, Float, Value::Float, Value::Float(n) => *n);
scalar!(String, Text, |s: String| Value::text(&s), Value::Text(s) => s.as_ref().to_owned());
scalar!(Timestamp, Time, Value::Time, Value::Time(t) => *t);

impl<T: Shape> Shape for Vec<T> {
    fn shape() -> Type {
        Type::List(Box::new(T::shape()))
    }

    fn into_value(self) -> Value {
        Value::list(self.into_iter().map(T::into_value).collect())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(list) if list.missing.is_empty() => {
                list.items.iter().map(T::from_value).collect()
            }
            _ => None,
        }
    }
}

/// A list that may have been read in part.
#[derive(Clone, Debug, PartialEq)]
pub struct Partial<T> {
    /// What was read.
    pub items: Vec<T>,
    /// The gaps that may hide more.
    pub missing: Gaps,
}

impl<T: Shape> Shape for Partial<T> {
    fn shape() -> Type {
        Type::List(Box::new(T::shape()))
    }

    fn into_value(self) -> Value {
        Value::List(std::sync::Arc::new(List {
            items: self.items.into_iter().map(T::into_value).collect(),
            missing: self.missing,
        }))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::List(list) => Some(Self {
                items: list.items.iter().map(T::from_value).collect::<Option<_>>()?,
                missing: list.missing.clone(),
            }),
            _ => None,
        }
    }
}

impl<T: Shape> Shape for BTreeMap<String, T> {
    fn shape() -> Type {
        Type::Map(Box::new(T::shape()))
    }

    fn into_value(self) -> Value {
        Value::Map(std::sync::Arc::new(
            self.into_iter().map(|(key, value)| (key, value.into_value())).collect(),
        ))
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Map(map) => {
                map.iter().map(|(key, value)| Some((key.clone(), T::from_value(value)?))).collect()
            }
            _ => None,
        }
    }
}

/// A member that AWS documents as optional.
impl<T: Shape> Shape for Option<T> {
    const PRESENCE: Presence = Presence::Optional;

    fn shape() -> Type {
        T::shape()
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Absent, T::into_value)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Absent => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl<T: Shape> Shape for Fact<T> {
    const PRESENCE: Presence = Presence::Optional;

    fn shape() -> Type {
        T::shape()
    }

    fn into_value(self) -> Value {
        match self {
            Self::Known(value) => value.into_value(),
            Self::Absent => Value::Absent,
            Self::Unknown(gaps) => Value::Unknown(gaps),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Absent => Some(Self::Absent),
            Value::Unknown(gaps) => Some(Self::Unknown(gaps.clone())),
            known => T::from_value(known).map(Self::Known),
        }
    }
}

/// A member that is never absent but may be undecided: a part of a question's
/// answer. Rules read it without a guard; see
/// [`Question`](crate::services::Question).
#[derive(Clone, Debug, PartialEq)]
pub enum Decided<T> {
    /// Decided.
    Known(T),
    /// Not decided: these gaps matter; none where the text of a policy cannot be
    /// read or decided.
    Unknown(Gaps),
}

impl<T: Shape> Shape for Decided<T> {
    fn shape() -> Type {
        T::shape()
    }

    fn into_value(self) -> Value {
        match self {
            Self::Known(value) => value.into_value(),
            Self::Unknown(gaps) => Value::Unknown(gaps),
        }
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Unknown(gaps) => Some(Self::Unknown(gaps.clone())),
            known => T::from_value(known).map(Self::Known),
        }
    }
}

/// Declares a structure inside documents. Each field has AWS's name, and is a
/// plain type (always there), an `Option` (may be absent), a [`Decided`] (may be
/// unknown, never absent) or a [`Fact`] (may be both).
///
/// ```
/// cspm::record! {
///     /// One grant of an access control list.
///     pub struct Grant {
///         /// What is granted.
///         "Permission" => permission: String,
///         /// The address, for grantees of that kind.
///         "EmailAddress" => email_address: Option<String>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])* $wire:literal => $field:ident : $ty:ty ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $ty, )*
        }

        impl $crate::inventory::Record for $name {
            fn record_type() -> &'static $crate::inventory::RecordType {
                static TYPE: std::sync::LazyLock<$crate::inventory::RecordType> =
                    std::sync::LazyLock::new(|| $crate::inventory::RecordType {
                        name: stringify!($name),
                        doc: concat!($($doc),*).trim_ascii(),
                        fields: vec![ $( $crate::inventory::Field {
                            name: $wire,
                            doc: concat!($($field_doc),*).trim_ascii(),
                            ty: <$ty as $crate::inventory::Shape>::shape(),
                            presence: <$ty as $crate::inventory::Shape>::PRESENCE,
                            operations: Vec::new(),
                        } ),* ],
                    });
                &TYPE
            }
        }

        $crate::shape_of_fields!($name { $($field: $ty),* });
    };
}

/// The way between a struct's fields and a positional record value.
#[doc(hidden)]
#[macro_export]
macro_rules! shape_of_fields {
    ($name:ident { $($field:ident : $ty:ty),* }) => {
        impl $crate::inventory::Shape for $name {
            fn shape() -> $crate::inventory::Type {
                $crate::inventory::Type::Record(
                    <$name as $crate::inventory::Record>::record_type(),
                )
            }

            fn into_value(self) -> $crate::inventory::Value {
                $crate::inventory::Value::record(vec![
                    $( $crate::inventory::Shape::into_value(self.$field) ),*
                ])
            }

            fn from_value(value: &$crate::inventory::Value) -> Option<Self> {
                let $crate::inventory::Value::Record(fields) = value else { return None };
                let mut fields = fields.iter();
                Some(Self {
                    $( $field: <$ty as $crate::inventory::Shape>::from_value(fields.next()?)?, )*
                })
            }
        }
    };
}

/// Declares a type of resource: every field is a [`Fact`], with AWS's name,
/// `always` or `optional` by AWS's documentation, and the operations that fill it.
///
/// ```ignore
/// document! {
///     /// A bucket.
///     pub struct Bucket: "s3.bucket" in GlobalList,
///     listed by [[LIST_BUCKETS]], tagged by [GET_BUCKET_TAGGING] {
///         /// The bucket's policy, as JSON text.
///         "Policy" => optional policy: String = [GET_BUCKET_POLICY],
///     }
/// }
/// ```
#[macro_export]
macro_rules! document {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident : $type_name:literal in $scope:ident,
        listed by [ $( [ $($listing:expr),* ] ),* ], tagged by [ $($tag:expr),* ] {
            $(
                $(#[doc = $field_doc:literal])*
                $wire:literal => $presence:ident $field:ident : $ty:ty
                    = [ $($operation:expr),+ ]
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $( $(#[doc = $field_doc])* pub $field: $crate::inventory::Fact<$ty>, )*
        }

        impl $name {
            /// A document in which nothing was asked yet.
            pub fn not_collected() -> Self {
                Self { $( $field: $crate::inventory::Fact::not_collected(), )* }
            }
        }

        impl $crate::inventory::Record for $name {
            fn record_type() -> &'static $crate::inventory::RecordType {
                static TYPE: std::sync::LazyLock<$crate::inventory::RecordType> =
                    std::sync::LazyLock::new(|| $crate::inventory::RecordType {
                        name: $type_name,
                        doc: concat!($($doc),*).trim_ascii(),
                        fields: vec![ $( $crate::inventory::Field {
                            name: $wire,
                            doc: concat!($($field_doc),*).trim_ascii(),
                            ty: <$ty as $crate::inventory::Shape>::shape(),
                            presence: $crate::presence!($presence),
                            operations: vec![ $( &$operation ),+ ],
                        } ),* ],
                    });
                &TYPE
            }
        }

        impl $crate::inventory::Document for $name {
            fn resource_type() -> &'static $crate::inventory::ResourceType {
                static TYPE: std::sync::LazyLock<$crate::inventory::ResourceType> =
                    std::sync::LazyLock::new(|| $crate::inventory::ResourceType {
                        name: $type_name,
                        scope: $crate::inventory::Scope::$scope,
                        listings: const { &[ $( &[ $( &$listing ),* ] ),* ] },
                        tags: const { &[ $( &$tag ),* ] },
                        record: <$name as $crate::inventory::Record>::record_type(),
                    });
                &TYPE
            }
        }

        $crate::shape_of_fields!($name { $($field: $crate::inventory::Fact<$ty>),* });
    };
}

/// The word in a [`document!`](crate::document) as a presence.
#[doc(hidden)]
#[macro_export]
macro_rules! presence {
    (always) => {
        $crate::inventory::Presence::Always
    };
    (optional) => {
        $crate::inventory::Presence::Optional
    };
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro declares public structures")]
mod tests {
    use super::*;
    use crate::inventory::GapId;

    record! {
        /// A record with a member of each kind.
        pub struct Members {
            "plain" => plain: bool,
            "option" => option: Option<bool>,
            "answer" => answer: Decided<bool>,
            "fact" => fact: Fact<bool>,
        }
    }

    #[test]
    fn an_answer_is_always_there_and_may_be_unknown() {
        let presence = |name| Members::record_type().field(name).map(|(_, field)| field.presence);
        assert_eq!(presence("plain"), Some(Presence::Always));
        assert_eq!(presence("option"), Some(Presence::Optional));
        assert_eq!(presence("answer"), Some(Presence::Always));
        assert_eq!(presence("fact"), Some(Presence::Optional));
    }

    #[test]
    fn members_go_into_values_and_back() {
        let gaps = Gaps::one(GapId(7));
        let members = Members {
            plain: true,
            option: None,
            answer: Decided::Unknown(gaps.clone()),
            fact: Fact::Absent,
        };
        let value = members.clone().into_value();
        let expected =
            [Value::Bool(true), Value::Absent, Value::Unknown(gaps), Value::Absent].to_vec();
        assert_eq!(value, Value::record(expected));
        assert_eq!(Members::from_value(&value), Some(members));
        assert_eq!(Decided::<bool>::from_value(&Value::Absent), None);
        assert_eq!(Decided::<bool>::from_value(&Value::Bool(true)), Some(Decided::Known(true)));
    }
}
