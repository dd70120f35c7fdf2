//! The condition operators.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::fmt;

use super::ast::Condition;
use super::pattern::{Style, Template};
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
    (
        "numericlessthanequals",
        "NumericLessThanEquals",
        Test::Numeric(Compare::LessOrEqual),
        false,
    ),
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
    (
        "dategreaterthanequals",
        "DateGreaterThanEquals",
        Test::Date(Compare::GreaterOrEqual),
        false,
    ),
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

    /// Whether one value of the request matches one value of the policy.
    fn matches(
        self,
        policy: &Template,
        request: &str,
        value_of: &dyn Fn(&str) -> Option<String>,
    ) -> bool {
        let text = |style| policy.compile(style, value_of).is_some_and(|p| p.matches(request));
        match self {
            Self::String(StringTest::Equals) => text(Style::Equal),
            Self::String(StringTest::EqualsIgnoreCase) => text(Style::EqualIgnoreCase),
            Self::String(StringTest::Like) => text(Style::Like),
            Self::Arn => text(Style::Arn),
            Self::Numeric(compare) => {
                both(values::Decimal::parse, request, policy.text())
                    .is_some_and(|(l, r)| compare.holds(&l, &r))
            }
            Self::Date(compare) => both(values::parse_date, request, policy.text())
                .is_some_and(|(l, r)| compare.holds(&l, &r)),
            Self::Bool => policy
                .fill(value_of)
                .and_then(|p| both(values::parse_bool, request, &p))
                .is_some_and(|(l, r)| l == r),
            Self::Binary => both(values::decode_base64, request, policy.text())
                .is_some_and(|(l, r)| l == r),
            Self::IpAddress => both(values::parse_net, request, policy.text())
                .is_some_and(|(address, net)| net.contains(&address)),
            Self::Null => false,
        }
    }
}

fn both<T>(parse: impl Fn(&str) -> Option<T>, left: &str, right: &str) -> Option<(T, T)> {
    Some((parse(left)?, parse(right)?))
}

impl Condition {
    /// Whether the condition holds for the values that the request has under the key;
    /// an empty slice is a request without the key.
    #[must_use]
    pub fn holds(&self, request: &[String], value_of: &dyn Fn(&str) -> Option<String>) -> bool {
        let operator = self.operator;
        if operator.test == Test::Null {
            return self.values.iter().any(|v| {
                v.fill(value_of).and_then(|t| values::parse_bool(&t)) == Some(request.is_empty())
            });
        }
        // The set operators take a value without characters for no value.
        let null = operator.set.is_some() && request.iter().all(String::is_empty);
        if request.is_empty() || null {
            return operator.without_key();
        }
        let one = |value: &String| {
            let any = self.values.iter().any(|p| operator.test.matches(p, value, value_of));
            any != operator.negated
        };
        match operator.set {
            Some(Set::All) => request.iter().all(one),
            Some(Set::Any) => request.iter().any(one),
            None if operator.negated => request.iter().all(one),
            None => request.iter().any(one),
        }
    }
}
