//! The condition operators.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::fmt;

use ipnet::IpNet;

use super::ast::Condition;
use super::pattern::{Pattern, Style, Template};
use super::values;

/// A condition operator with its qualifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// What is compared, and how.
    pub test: Test,
    /// True for the `Not` form: none of the values may match.
    pub negated: bool,
    /// `...IfExists`: true without the key.
    pub if_exists: bool,
    /// `ForAnyValue:` or `ForAllValues:`.
    pub set: Option<Set>,
}

/// The comparison under an operator's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`
    String(StringTest),
    /// `Numeric...`
    Numeric(Compare),
    /// `Date...`
    Date(Compare),
    /// `Bool`
    Bool,
    /// `BinaryEquals`
    Binary,
    /// `IpAddress`
    IpAddress,
    /// `ArnEquals` and `ArnLike`, which are the same
    Arn,
    /// `Null`
    Null,
}

/// The three ways to compare text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringTest {
    /// Same text.
    Equals,
    /// Same text without regard to case.
    EqualsIgnoreCase,
    /// With wildcards.
    Like,
}

/// The orderings of numbers and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `Equals`
    Equal,
    /// `LessThan`
    Less,
    /// `LessThanEquals`
    LessOrEqual,
    /// `GreaterThan`
    Greater,
    /// `GreaterThanEquals`
    GreaterOrEqual,
}

impl Compare {
    fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// The set operators for keys with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// At least one value of the request matches; false without the key.
    Any,
    /// Every value of the request matches; true without the key.
    All,
}

/// Base names, lower case, with test and negation.
const NAMES: &[(&str, &str, Test, bool)] = &[
    ("stringequals", "StringEquals", Test::String(StringTest::Equals), false),
    ("stringnotequals", "StringNotEquals", Test::String(StringTest::Equals), true),
    (
        "stringequalsignorecase",
        "StringEqualsIgnoreCase",
        Test::String(StringTest::EqualsIgnoreCase),
        false,
    ),
    (
        "stringnotequalsignorecase",
        "StringNotEqualsIgnoreCase",
        Test::String(StringTest::EqualsIgnoreCase),
        true,
    ),
    ("stringlike", "StringLike", Test::String(StringTest::Like), false),
    ("stringnotlike", "StringNotLike", Test::String(StringTest::Like), true),
    ("numericequals", "NumericEquals", Test::Numeric(Compare::Equal), false),
    ("numericnotequals", "NumericNotEquals", Test::Numeric(Compare::Equal), true),
    ("numericlessthan", "NumericLessThan", Test::Numeric(Compare::Less), false),
    ("numericlessthanequals", "NumericLessThanEquals", Test::Numeric(Compare::LessOrEqual), false),
    ("numericgreaterthan", "NumericGreaterThan", Test::Numeric(Compare::Greater), false),
    (
        "numericgreaterthanequals",
        "NumericGreaterThanEquals",
        Test::Numeric(Compare::GreaterOrEqual),
        false,
    ),
    ("dateequals", "DateEquals", Test::Date(Compare::Equal), false),
    ("datenotequals", "DateNotEquals", Test::Date(Compare::Equal), true),
    ("datelessthan", "DateLessThan", Test::Date(Compare::Less), false),
    ("datelessthanequals", "DateLessThanEquals", Test::Date(Compare::LessOrEqual), false),
    ("dategreaterthan", "DateGreaterThan", Test::Date(Compare::Greater), false),
    ("dategreaterthanequals", "DateGreaterThanEquals", Test::Date(Compare::GreaterOrEqual), false),
    ("bool", "Bool", Test::Bool, false),
    ("binaryequals", "BinaryEquals", Test::Binary, false),
    ("ipaddress", "IpAddress", Test::IpAddress, false),
    ("notipaddress", "NotIpAddress", Test::IpAddress, true),
    ("arnlike", "ArnLike", Test::Arn, false),
    ("arnequals", "ArnEquals", Test::Arn, false),
    ("arnnotlike", "ArnNotLike", Test::Arn, true),
    ("arnnotequals", "ArnNotEquals", Test::Arn, true),
    ("null", "Null", Test::Null, false),
];

impl Operator {
    /// Reads an operator's name with its qualifiers.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("foranyvalue", rest)) => (Some(Set::Any), rest),
            Some(("forallvalues", rest)) => (Some(Set::All), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (base, if_exists) = match rest.strip_suffix("ifexists") {
            Some(base) => (base, true),
            None => (rest, false),
        };
        let (_, _, test, negated) = NAMES.iter().find(|(n, ..)| *n == base)?;
        if *test == Test::Null && (if_exists || set.is_some()) {
            return None;
        }
        Some(Self { test: *test, negated: *negated, if_exists, set })
    }

    /// What the condition says when the request does not have the key.
    #[must_use]
    pub fn without_key(self) -> bool {
        match self.set {
            _ if self.if_exists => true,
            Some(Set::All) => true,
            Some(Set::Any) => false,
            None => self.negated,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(Set::Any) => f.write_str("ForAnyValue:")?,
            Some(Set::All) => f.write_str("ForAllValues:")?,
            None => {}
        }
        let name = NAMES
            .iter()
            .find(|(_, _, test, negated)| *test == self.test && *negated == self.negated)
            .map_or("", |(_, name, ..)| name);
        f.write_str(name)?;
        f.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

impl Test {
    /// Whether AWS fills policy variables into the values of this operator.
    #[must_use]
    pub fn takes_variables(self) -> bool {
        matches!(self, Self::String(_) | Self::Arn | Self::Bool)
    }

    /// How the text of a value is to be read, for the tests that compare text.
    pub(super) fn style(self) -> Option<Style> {
        match self {
            Self::String(StringTest::Equals) => Some(Style::Equal),
            Self::String(StringTest::EqualsIgnoreCase) => Some(Style::EqualIgnoreCase),
            Self::String(StringTest::Like) => Some(Style::Like),
            Self::Arn => Some(Style::Arn),
            _ => None,
        }
    }

    /// A value of the policy made ready for comparison.
    pub(super) fn make_ready(self, value: &Template) -> ReadyValue {
        if self.takes_variables() && value.variables().next().is_some() {
            return ReadyValue::Open;
        }
        let ready = match self {
            Self::String(_) | Self::Arn => {
                self.style().and_then(|style| value.compile(style, &|_| None)).map(ReadyValue::Text)
            }
            _ => value.fill(&|_| None).and_then(|text| self.read(&text)).map(ReadyValue::Typed),
        };
        ready.unwrap_or(ReadyValue::Nothing)
    }

    /// A text as the type that the test compares.
    fn read(self, text: &str) -> Option<Typed> {
        match self {
            Self::Numeric(_) => values::Decimal::parse(text).map(Typed::Number),
            Self::Date(_) => values::parse_date(text).map(Typed::Date),
            Self::Bool | Self::Null => values::parse_bool(text).map(Typed::Flag),
            Self::IpAddress => values::parse_net(text).map(Typed::Net),
            Self::Binary => values::decode_base64(text).map(Typed::Bytes),
            Self::String(_) | Self::Arn => None,
        }
    }

    fn compare(self, request: &Typed, policy: &Typed) -> bool {
        match (request, policy) {
            (Typed::Net(address), Typed::Net(net)) => net.contains(address),
            (Typed::Number(left), Typed::Number(right)) => match self {
                Self::Numeric(compare) => compare.holds(left, right),
                _ => false,
            },
            (Typed::Date(left), Typed::Date(right)) => match self {
                Self::Date(compare) => compare.holds(left, right),
                _ => false,
            },
            (left, right) => left == right,
        }
    }
}

/// A value of the policy, ready for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReadyValue {
    /// Compared as text.
    Text(Pattern),
    /// Compared as its type.
    Typed(Typed),
    /// Has variables: made ready for each request.
    Open,
    /// Cannot be compared: matches nothing.
    Nothing,
}

/// A value of a type other than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    Number(values::Decimal),
    Date(i64),
    Flag(bool),
    Net(IpNet),
    Bytes(Vec<u8>),
}

impl Condition {
    /// Whether a value has a policy variable.
    pub(super) fn has_variables(&self) -> bool {
        self.ready.contains(&ReadyValue::Open)
    }

    /// Whether the condition only holds for a request that has one of its values.
    #[must_use]
    pub fn asks_for_a_value(&self) -> bool {
        let operator = self.operator;
        !operator.negated
            && !operator.if_exists
            && operator.set != Some(Set::All)
            && operator.test != Test::Null
            && !self.values.is_empty()
    }

    /// Whether the condition holds for the values that the request has under the key;
    /// an empty slice is a request without the key.
    #[must_use]
    pub fn holds(&self, request: &[String], value_of: &dyn Fn(&str) -> Option<String>) -> bool {
        let operator = self.operator;
        if operator.test == Test::Null {
            let absent = ReadyValue::Typed(Typed::Flag(request.is_empty()));
            return self.ready.contains(&absent);
        }
        // The set operators take a value without characters for no value.
        let null = operator.set.is_some() && request.iter().all(String::is_empty);
        if request.is_empty() || null {
            return operator.without_key();
        }
        let one = |value: &String| {
            let typed = operator.test.read(value);
            let fits = |ready: &ReadyValue| match (ready, &typed) {
                (ReadyValue::Text(pattern), _) => pattern.matches(value),
                (ReadyValue::Typed(policy), Some(request)) => {
                    operator.test.compare(request, policy)
                }
                _ => false,
            };
            let any = self.values.iter().zip(&self.ready).any(|(template, ready)| match ready {
                ReadyValue::Open => self.fill(template, value_of).is_some_and(|r| fits(&r)),
                ready => fits(ready),
            });
            any != operator.negated
        };
        match operator.set {
            Some(Set::All) => request.iter().all(one),
            Some(Set::Any) => request.iter().any(one),
            None if operator.negated => request.iter().all(one),
            None => request.iter().any(one),
        }
    }

    /// A value with its variables filled in; none if one has no value.
    fn fill(
        &self,
        template: &Template,
        value_of: &dyn Fn(&str) -> Option<String>,
    ) -> Option<ReadyValue> {
        let test = self.operator.test;
        match test.style() {
            Some(style) => template.compile(style, value_of).map(ReadyValue::Text),
            None => test.read(&template.fill(value_of)?).map(ReadyValue::Typed),
        }
    }
}
