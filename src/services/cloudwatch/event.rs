//! Whether a filter matches every event of a kind.

use super::pattern::{Check, Expr, Pattern, Test, Text};
use std::collections::BTreeMap;

/// What is certain of one field of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// It is this text.
    Is(&'static str),
    /// It is some text, but this.
    Not(&'static str),
    /// It is a switch in this position.
    Bool(bool),
    /// It is not there.
    Absent,
}

/// A kind of event: what is certain of its fields. Whatever is not said of a
/// field may be so or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// What people call it.
    pub(super) name: String,
    /// What is certain.
    pub(super) fields: BTreeMap<&'static str, Field>,
}

/// Whether a filter matches all events of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// It does.
    All,
    /// It misses this one: the fields that tell it from others.
    Misses(String),
    /// It cannot be said.
    Open,
}

/// A value of a field that is not certain, to try.
#[derive(Clone, Copy, Debug)]
enum Try<'a> {
    Text(&'a str),
    Absent,
}

/// A text that no filter names.
const UNHEARD_OF: &str = "any-value-at-all";

/// The most combinations of values that are tried.
const MOST: usize = 4096;

/// Decides whether a pattern matches every event of a kind. A "misses" is
/// always shown by an event; an "all" holds whatever the open fields are.
pub(super) fn coverage(pattern: &Pattern, event: &Event) -> Coverage {
    let expr = match pattern {
        Pattern::Everything => return Coverage::All,
        Pattern::Other => return Coverage::Open,
        Pattern::Json(expr) => expr,
    };
    let nothing = BTreeMap::new();
    match holds(expr, event, &nothing) {
        Some(true) => return Coverage::All,
        Some(false) => return Coverage::Misses(event.name.clone()),
        None => {}
    }
    let mut open: BTreeMap<&str, Vec<Try<'_>>> = BTreeMap::new();
    candidates(expr, event, &mut open);
    let combinations = open.values().try_fold(1_usize, |all, of| all.checked_mul(of.len()));
    if combinations.is_none_or(|all| all > MOST) {
        return Coverage::Open;
    }
    match missed(expr, event, &open.into_iter().collect::<Vec<_>>(), &nothing) {
        Some(with) => Coverage::Misses(format!("{} with {with}", event.name)),
        None => Coverage::Open,
    }
}

/// An event that the expression does not match, as words.
fn missed<'a>(
    expr: &Expr,
    event: &Event,
    open: &[(&'a str, Vec<Try<'a>>)],
    chosen: &BTreeMap<&'a str, Try<'a>>,
) -> Option<String> {
    let Some(((field, values), rest)) = open.split_first() else {
        let is_missed = holds(expr, event, chosen) == Some(false);
        return is_missed.then(|| described(chosen));
    };
    values.iter().find_map(|value| {
        let mut chosen = chosen.clone();
        chosen.insert(field, *value);
        missed(expr, event, rest, &chosen)
    })
}

fn described(chosen: &BTreeMap<&str, Try<'_>>) -> String {
    let words = chosen.iter().map(|(field, value)| match value {
        Try::Text(text) => format!("{field} \"{text}\""),
        Try::Absent => format!("no {field}"),
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// The values to try for the fields that are not certain.
fn candidates<'a>(expr: &'a Expr, event: &Event, open: &mut BTreeMap<&'a str, Vec<Try<'a>>>) {
    match expr {
        Expr::All(of) | Expr::Any(of) => {
            of.iter().for_each(|inner| candidates(inner, event, open));
        }
        Expr::Test(Test { field: Some(field), check }) => {
            let but = match event.fields.get(field.as_str()) {
                None if is_part_of_known(field, event) => return,
                None => None,
                Some(Field::Not(but)) => Some(*but),
                Some(_) => return,
            };
            let values = open.entry(field).or_insert_with(|| {
                let mut values = vec![Try::Text(UNHEARD_OF)];
                values.extend(but.is_none().then_some(Try::Absent));
                values
            });
            if let Check::Is(text) | Check::IsNot(text) = check
                && let Some(example) = text.example()
                && Some(example) != but
            {
                values.push(Try::Text(example));
            }
        }
        Expr::Test(_) => {}
    }
}

/// Whether the field holds, or lies in, another that is certain: then it is no
/// text that could be anything.
fn is_part_of_known(field: &str, event: &Event) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
    };
    event.fields.keys().any(|known| within(known, field) || within(field, known))
}

/// Whether an expression holds for every event of the kind; with values for
/// fields that are not certain.
fn holds(expr: &Expr, event: &Event, chosen: &BTreeMap<&str, Try<'_>>) -> Option<bool> {
    let mut open = false;
    match expr {
        Expr::Test(test) => test_holds(test, event, chosen),
        Expr::All(of) => {
            for inner in of {
                match holds(inner, event, chosen) {
                    Some(false) => return Some(false),
                    Some(true) => {}
                    None => open = true,
                }
            }
            (!open).then_some(true)
        }
        Expr::Any(of) => {
            for inner in of {
                match holds(inner, event, chosen) {
                    Some(true) => return Some(true),
                    Some(false) => {}
                    None => open = true,
                }
            }
            (!open).then_some(false)
        }
    }
}

fn test_holds(test: &Test, event: &Event, chosen: &BTreeMap<&str, Try<'_>>) -> Option<bool> {
    let field = test.field.as_deref()?;
    if let Some(value) = chosen.get(field) {
        return match value {
            Try::Text(text) => on_text(&test.check, text),
            Try::Absent => on_absent(&test.check),
        };
    }
    match event.fields.get(field)? {
        Field::Is(text) => on_text(&test.check, text),
        Field::Absent => on_absent(&test.check),
        Field::Bool(value) => match &test.check {
            Check::Bool(wanted) => Some(wanted == value),
            Check::Missing => Some(false),
            Check::Is(_) | Check::IsNot(_) | Check::NotText => None,
        },
        Field::Not(but) => match &test.check {
            Check::Missing | Check::Bool(_) => Some(false),
            Check::Is(text) => on_other(text, but),
            Check::IsNot(text) => on_other(text, but).map(|is| !is),
            Check::NotText => None,
        },
    }
}

fn on_text(check: &Check, value: &str) -> Option<bool> {
    match check {
        Check::Is(text) => text.matches(value),
        Check::IsNot(text) => text.matches(value).map(|is| !is),
        Check::Missing | Check::Bool(_) => Some(false),
        Check::NotText => None,
    }
}

/// AWS does not say what `!=` is of a field that is not there.
fn on_absent(check: &Check) -> Option<bool> {
    match check {
        Check::Missing => Some(true),
        Check::Is(_) | Check::Bool(_) => Some(false),
        Check::IsNot(_) | Check::NotText => None,
    }
}

/// A text of which only is known that it is not this one.
fn on_other(text: &Text, but: &str) -> Option<bool> {
    match text {
        Text::Glob { middle, open_start: false, open_end: false } if middle == but => Some(false),
        Text::Glob { middle, open_start, open_end } if middle.is_empty() => {
            (*open_start || *open_end).then_some(true)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::parse;
    use super::*;

    fn event() -> Event {
        let fields = [
            ("eventName", Field::Is("DeleteTrail")),
            ("eventType", Field::Not("AwsServiceEvent")),
            ("readOnly", Field::Bool(false)),
            ("userIdentity.invokedBy", Field::Absent),
        ];
        Event { name: "DeleteTrail".to_owned(), fields: fields.into_iter().collect() }
    }

    fn of(pattern: &str) -> Coverage {
        coverage(&parse(pattern), &event())
    }

    #[test]
    fn what_is_certain_decides() {
        for all in [
            "",
            "{ $.eventName = DeleteTrail }",
            "{ $.eventName = \"DeleteTrail\" }",
            "{ $.eventName = Delete* }",
            "{ $.eventName = \"*Trail\" }",
            "{ $.eventName = * }",
            "{ $.eventName = %^Delete|Stop% }",
            "{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }",
            "{ $.eventName != StopLogging }",
            "{ $.eventName = DeleteTrail && $.eventType != \"AwsServiceEvent\" }",
            "{ $.eventName = DeleteTrail && $.eventType = * }",
            "{ $.eventName = DeleteTrail && $.userIdentity.invokedBy NOT EXISTS }",
            "{ $.eventName = DeleteTrail && $.readOnly IS FALSE }",
            "{ $.eventName = DeleteTrail || $.errorCode = AccessDenied }",
        ] {
            assert_eq!(of(all), Coverage::All, "{all}");
        }
        for none in [
            "{ $.eventName = StopLogging }",
            "{ $.eventName = deletetrail }",
            "{ $.eventName = DeleteTrail && $.readOnly IS TRUE }",
            "{ $.eventName = DeleteTrail && $.eventType = AwsServiceEvent }",
            "{ $.eventName = DeleteTrail && $.eventType NOT EXISTS }",
            "{ $.eventName NOT EXISTS }",
            "{ $.userIdentity.invokedBy = x || $.userIdentity.invokedBy IS TRUE }",
            "{ $.eventName = %Stop% }",
        ] {
            assert_eq!(of(none), Coverage::Misses("DeleteTrail".to_owned()), "{none}");
        }
    }

    #[test]
    fn what_is_open_is_missed_if_an_event_shows_it() {
        for (pattern, with) in [
            (
                "{ $.eventName = DeleteTrail && $.errorCode NOT EXISTS }",
                "errorCode \"any-value-at-all\"",
            ),
            ("{ $.eventName = DeleteTrail && $.errorCode = * }", "no errorCode"),
            ("{ $.eventName = DeleteTrail && $.userAgent != console }", "userAgent \"console\""),
            (
                "{ $.eventName = DeleteTrail && $.eventType = AwsApiCall }",
                "eventType \"any-value-at-all\"",
            ),
            (
                "{ $.eventName = DeleteTrail && $.eventType != AwsApiCall }",
                "eventType \"AwsApiCall\"",
            ),
            ("{ $.eventName = DeleteTrail && $.other IS TRUE }", "other \"any-value-at-all\""),
        ] {
            assert_eq!(
                of(pattern),
                Coverage::Misses(format!("DeleteTrail with {with}")),
                "{pattern}"
            );
        }
    }

    #[test]
    fn the_rest_cannot_be_said() {
        for open in [
            "DeleteTrail",
            "[a, b, c]",
            "{ $.eventName = Delete*Trail }",
            "{ $.userIdentity.invokedBy != x }",
            "{ $.eventName = DeleteTrail && $.resources[0].type = x }",
            "{ $.eventName = DeleteTrail && $.userIdentity NOT EXISTS }",
            "{ $.eventName = DeleteTrail && $.eventName.deeper NOT EXISTS }",
            "{ $.eventName = DeleteTrail && $.readOnly = false }",
            "{ $.eventName = DeleteTrail && $.eventType IS NULL }",
            "{ $.eventName > 3 }",
        ] {
            assert_eq!(of(open), Coverage::Open, "{open}");
        }
        // Thirteen fields with three values each.
        let many: Vec<String> = (0..13).map(|n| format!("$.f{n} != x")).collect();
        assert_eq!(of(&format!("{{ {} }}", many.join(" && "))), Coverage::Open);
    }
}
