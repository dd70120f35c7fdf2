//! What could go wrong at run time is refused beforehand, wherever it stands.

use super::super::*;
use super::account::{self, QUESTION, scope};
use crate::inventory::{Document, Type};
use crate::rules::{Catalogue, RuleError, Source, Vocabulary};

/// Marks the character that the error points to.
const HERE: char = '‸';

/// Conditions that are wrong, with the place, and a part of the message.
const FAULTS: &[(&str, &str)] = &[
    // Names and members.
    ("resource.‸Typo == 1", "no field `Typo`"),
    ("resource.‸Boool", "did you mean `Bool`?"),
    ("resource.Part.‸Nam == 'a'", "did you mean `Name`?"),
    ("‸nothing == 1", "`nothing` is not known here"),
    ("resource.Text.‸length == 1", "text has no fields"),
    ("self.‸name == 'a'", "no field `name`"),
    (".‸resource.Bool", "not known here"),
    ("test.‸none(self)", "there is no function `test.none`"),
    ("‸item == 'a'", "`item` needs `each`"),
    // Types.
    ("resource.Int ‸== 'a'", "int cannot be compared with text"),
    ("resource.Int ‸< 'a'", "int cannot be compared with text"),
    ("resource.Time ‸> '2024-01-01'", "timestamp cannot be compared with text"),
    ("resource.Bool ‸< true", "bool has no order"),
    ("resource.Ints ‸<= resource.Ints", "list of int has no order"),
    ("resource.Part ‸== resource.Map", "cannot be compared"),
    ("resource.‸Int && true", "has to be bool, and is int"),
    ("‸'a'", "has to be true or false, and is text"),
    ("!‸1", "has to be bool, and is int"),
    ("true && ‸'a'", "has to be bool, and is text"),
    ("‸1 || true", "has to be bool, and is int"),
    ("true ? true : ‸1", "one side of `?:` is bool, the other int"),
    ("‸1 ? true : false", "has to be bool, and is int"),
    ("1 in resource.‸Int", "needs a list or a map, not int"),
    ("'a' ‸in resource.Ints", "text cannot be compared with int"),
    ("‸1 in resource.Map", "has to be text, and is int"),
    ("‸size(1) == 1", "int has no size"),
    ("resource.Int‸[0] == 1", "int has no items"),
    ("‸1.exists(x, true)", "has to be a list, and is int"),
    ("resource.Ints.exists(x, ‸x)", "has to be bool, and is int"),
    ("resource.Ints.all(x, x ‸== 'a')", "int cannot be compared with text"),
    ("[1, ‸'a'] == [1]", "a list of int cannot hold text"),
    ("‸[] == resource.Ints", "an empty list has no type"),
    ("days_since(‸1) > 1", "has to be timestamp, and is int"),
    ("lower(‸1) == 'a'", "has to be text, and is int"),
    ("resource.Text.startsWith(‸1)", "has to be text, and is int"),
    ("‸1.matches('a')", "has to be text, and is int"),
    ("resource.Text.matches(resource.‸Text)", "has to be written out"),
    ("resource.Text.matches(‸'(')", "regex parse error"),
    // Null, and what rules do not have.
    ("‸null < 'x'", "there is no null"),
    ("resource.Text == ‸null", "there is no null"),
    ("‸b'a' == b'a'", "only true, false, numbers and text"),
    ("‸1u == 1u", "only true, false, numbers and text"),
    ("resource.Int ‸+ 1 == 2", "no arithmetic"),
    ("‸-resource.Int == 1", "no arithmetic"),
    ("resource.Int ‸% 2 == 0", "no arithmetic"),
    ("resource.Text ‸+ 'a' == 'aa'", "no arithmetic"),
    ("‸{'a': 1} == resource.Map", "maps and structures cannot be written"),
    ("‸Part{On: true} == resource.Part", "maps and structures cannot be written"),
    ("resource‸.?Bool == true", "unsupported syntax"),
    ("resource.Ints‸[?0] == 1", "unsupported syntax"),
    // Functions and their arguments.
    ("‸type(resource) == 'a'", "there is no function `type`"),
    ("resource.Text.‸replace('a', 'b') == ''", "there is no function `replace`"),
    ("‸string(1) == '1'", "there is no function `string`"),
    ("‸size() == 1", "write size(x)"),
    ("‸size('a', 'b') == 1", "write size(x)"),
    ("‸has(resource.Bool, true)", "write has(a.b)"),
    ("‸has(resource)", "asks for a field"),
    ("‸has('a')", "asks for a field"),
    ("has(resource.‸Typo)", "no field `Typo`"),
    ("resource.Ints.‸exists(true)", "write list.exists(x, condition)"),
    ("resource.Ints.‸all(i, x, true)", "write list.all(x, condition)"),
    ("resource.Ints.‸map(x, true, x) == [1]", "write list.map(x, value)"),
    ("resource.Ints.exists(‸1, true)", "name of a new variable"),
    ("‸exists(resource.Ints, true)", "write list.exists(x, condition)"),
    ("resource.Ints.exists(x, ‸y == 1)", "`y` is not known here"),
    ("resource.Ints.exists(x, true) && ‸x == 1", "`x` is not known here"),
    ("‸days_since() == 1", "write days_since(timestamp): int"),
    ("‸days_since(now, now) == 1", "write days_since(timestamp): int"),
    ("now.‸days_since() == 1", "there is no function"),
    ("‸startsWith('a', 'b')", "there is no function `startsWith`"),
    ("size(all(‸'test.none')) == 1", "there is no type `test.none`"),
    ("size(all(resource.‸Text)) == 1", "the type has to be written out"),
    ("size(find('test.other', ‸1)) == 1", "has to be text, and is int"),
    ("‸find('test.other') == all('test.other')", "write find("),
    ("test.‸part(resource).On", "write `test.part(self)`"),
    ("test.‸part().On", "write `test.part(self)`"),
    ("test.part(self).‸Typo", "no field `Typo`"),
    // Variables that hide something.
    ("resource.Ints.exists(‸resource, true)", "means something else here"),
    ("resource.Ints.exists(‸self, true)", "means something else here"),
    ("resource.Ints.exists(‸now, true)", "means something else here"),
    ("resource.Ints.exists(‸item, true)", "means something else here"),
    ("resource.Ints.exists(‸test, true)", "means something else here"),
    ("resource.Ints.exists(x, resource.Ints.all(‸x, true))", "means something else here"),
    // What may be absent.
    ("resource.‸BoolMaybe", "guard it with has"),
    ("resource.‸IntMaybe == 1", "guard it with has"),
    ("resource.‸IntMaybe != 1", "guard it with has"),
    ("resource.‸PartMaybe.On", "guard it with has"),
    ("has(resource.‸PartMaybe.Count)", "guard it with has"),
    ("has(resource.PartMaybe) && resource.PartMaybe.‸Count == 1", "guard it with has"),
    ("size(resource.‸IntsMaybe) == 0", "guard it with has"),
    ("resource.‸IntsMaybe.all(x, x == 1)", "guard it with has"),
    ("1 in resource.‸IntsMaybe", "guard it with has"),
    ("resource.Parts.all(p, p.‸Count == 1)", "guard it with has"),
    ("resource.Parts.all(p, has(p.Count)) && resource.Parts.all(p, p.‸Count == 1)", "guard it"),
    ("resource.Parts.exists(p, has(p.Since) && p.‸Count == 1)", "guard it with has"),
    ("has(resource.IntMaybe) || resource.‸IntMaybe == 1", "guard it with has"),
    ("!has(resource.IntMaybe) && resource.‸IntMaybe == 1", "guard it with has"),
    ("(resource.Bool || has(resource.IntMaybe)) && resource.‸IntMaybe == 1", "guard it"),
    ("resource.‸IntMaybe == 1 && has(resource.IntMaybe)", "guard it with has"),
    ("has(resource.IntMaybe) ? true : resource.‸IntMaybe == 1", "guard it with has"),
    ("days_since(resource.‸TimeMaybe) > 1", "guard it with has"),
    ("[resource.‸IntMaybe] == [1]", "guard it with has"),
    ("resource.Map‸['a'] == 1", "this key may be absent"),
    ("'a' in resource.Map && resource.Map‸['b'] == 1", "this key may be absent"),
    ("'a' in self.tags && resource.Map‸['a'] == 1", "this key may be absent"),
    ("resource.Map.all(k, resource.Map‸[k] == 1)", "this key may be absent"),
    ("resource.Ints‸[0] == 1", "this item may be absent"),
    ("size(resource.Ints) > 0 && resource.Ints‸[1] == 1", "this item may be absent"),
    ("size(resource.Ints) >= 0 && resource.Ints‸[0] == 1", "this item may be absent"),
    ("size(resource.Ints) < 2 && resource.Ints‸[0] == 1", "this item may be absent"),
    ("size(resource.Ints) != 1 && resource.Ints‸[0] == 1", "this item may be absent"),
    ("size(resource.Text) > 0 && resource.Ints‸[0] == 1", "this item may be absent"),
    ("size(resource.Ints) > 0 && resource.Ints‸[-1] == 1", "this item may be absent"),
    // Not an expression at all.
    ("resource.Bool &&‸", "ends too early"),
    ("‸", "ends too early"),
    ("resource.Bool ‸resource.Bool", "is not expected here"),
    ("resource.Int ‸= 1", "is not expected here"),
    ("resource.Text == ‸'a", "is not expected here"),
    ("‸resource.Bool ? true", "needs a `:`"),
    ("resource.Int == ‸99999999999999999999", "invalid int"),
    ("(resource.Bool‸", "ends too early"),
];

/// The condition without its mark, and the marked character.
fn unmarked(marked: &str) -> (String, usize) {
    let at = marked.chars().position(|c| c == HERE).unwrap();
    (marked.replace(HERE, ""), at)
}

fn error(source: &str) -> ExpressionError {
    match Checker::new(scope()).check(source, Want::Condition) {
        Ok(_) => panic!("accepted: {source}"),
        Err(error) => error,
    }
}

#[test]
fn every_fault_is_refused_with_its_place() {
    let mut wrong = Vec::new();
    for (marked, message) in FAULTS {
        let (source, at) = unmarked(marked);
        let error = error(&source);
        if error.at != at || !error.message.contains(message) {
            wrong.push(format!("{marked}\n    {} {}", error.at, error.message));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Places where cel's own interpreter would never look, or forgive.
const AROUND: &[(&str, &str)] = &[
    ("true || (", ")"),
    ("false && (", ")"),
    ("(", ") && false"),
    ("true ? true : (", ")"),
    ("false ? (", ") : true"),
    ("resource.Ints.exists(outer, ", ")"),
    ("resource.Texts.all(outer, true || (", "))"),
    ("resource.Parts.filter(outer, resource.Ints.exists_one(inner, ", ")) == resource.Parts"),
    ("resource.Ints.map(outer, ", ") == [true]"),
    ("true in [true, ", "]"),
    ("'ä€😀' == resource.Text || (", ")"),
    ("true ||\n  // a comment\n  (", ")"),
];

#[test]
fn no_place_hides_a_fault() {
    let mut checked = 0;
    for (marked, message) in FAULTS {
        let (inner, at) = unmarked(marked);
        for (before, after) in AROUND {
            // What is no expression alone is none in brackets, at another place.
            if parse::parse(&inner).is_err() {
                continue;
            }
            let source = format!("{before}{inner}{after}");
            let error = error(&source);
            let at = before.chars().count() + at;
            // A condition of another type is a fault where it is used.
            let wanted = if message.contains("true or false") { "has to be bool" } else { message };
            let found = error.at == at && error.message.contains(wanted);
            let elsewhere = message.contains("true or false");
            assert!(found || elsewhere, "{source}\n{} {}", error.at, error.message);
            checked += 1;
        }
    }
    assert!(checked > 1_000, "{checked}");
}

/// A rule whose condition is written as a scalar of some style.
fn rule(scalar: &str) -> Source {
    let text = format!(
        "id: test-rule\ntitle: Things are right\nfinding: \"Wrong: {{self.id}}\"\n\
         resource: test.thing\nseverity: low\ncategory: IAM\npass: {scalar}\nwhy: Because.\n\
         fix:\n  text: Do it.\nreferences: []\n"
    );
    Source::new("rules/test/test-rule.yaml", &text)
}

fn load(source: Source) -> Result<Catalogue, Vec<RuleError>> {
    let kinds = [account::Thing::resource_type(), account::Other::resource_type()];
    Catalogue::load([source], Vocabulary { types: &kinds, questions: &[&QUESTION] })
}

#[test]
fn the_place_is_a_line_and_a_column_of_the_file() {
    // A condition starts on line 7; its first character would be column 7.
    let scalars: &[(&str, usize, usize)] = &[
        ("resource.Bool && resource.Typo", 7, 33),
        ("\"resource.Text == '\\u00e4' || resource.Typo\"", 7, 46),
        ("\"resource.Text == \\\"a\\\" || resource.Typo\"", 7, 43),
        ("'resource.Text == ''a'' || resource.Typo'", 7, 43),
        (">-\n  resource.Bool &&\n  resource.Typo", 9, 12),
        ("|\n  resource.Bool &&\n  resource.Typo", 9, 12),
        ("|\n  resource.Bool && // why\n\n    resource.Typo", 10, 14),
        (">-\n    resource.Bool &&\n    'ä' == resource.Text &&\n    resource.Typo", 10, 14),
        (">-\n    true || resource.Ints.exists(x,\n      x == resource.Typo)", 9, 21),
        ("resource.Bool\n  && resource.Typo", 8, 15),
        ("\"resource.Bool\n  && resource.Typo\"", 8, 15),
    ];
    for (scalar, line, column) in scalars {
        let errors = load(rule(scalar)).err().unwrap_or_default();
        let places: Vec<_> = errors.iter().map(|error| (error.line, error.column)).collect();
        assert_eq!(places, [(*line, *column)], "{scalar}\n{errors:?} {:?}", rule(scalar).rule);
    }
}

#[test]
fn what_is_right_is_accepted() {
    for source in [
        "has(resource.IntMaybe) && resource.IntMaybe == 1",
        "!has(resource.IntMaybe) || resource.IntMaybe == 1",
        "has(resource.IntMaybe) ? resource.IntMaybe == 1 : true",
        "!(has(resource.IntMaybe) && resource.Bool) || resource.IntMaybe == 1",
        "has(resource.PartMaybe) && has(resource.PartMaybe.Count) && resource.PartMaybe.Count == 1",
        "resource.Parts.all(p, !has(p.Count) || p.Count > 0)",
        "resource.Parts.filter(p, p.On).exists(p, p.Name == 'a')",
        "'a' in resource.Map && resource.Map['a'] == 1",
        "resource.Map.all(k, k.startsWith('a'))",
        "size(resource.Ints) > 1 && resource.Ints[1] == 1",
        "resource.Ints.size() == 0 || resource.Ints[0] == 1",
        "2 <= size(resource.Ints) ? resource.Ints[1] == resource.Ints[0] : true",
        "size(resource.Parts) == 1 && has(resource.Parts[0].Count) && resource.Parts[0].Count == 1",
        "size(find('test.other', resource.Text)) == 0",
        "all('test.other').all(o, !has(o.Size) || o.Size < 3)",
        "test.part(self).On && test.part(self).Name == 'a'",
        "days_since(resource.Time) > 90 && resource.Time < now",
        "lower(resource.Text).matches('^a+$')",
        "resource.Int < 1.5 && resource.Float >= 1",
        "resource.Texts.exists(x, x in self.tags && self.tags.exists(y, y == x))",
    ] {
        let checked = Checker::new(scope()).check(source, Want::Condition);
        assert!(
            checked.is_ok(),
            "{source}: {}",
            checked.err().map(|e| e.message).unwrap_or_default()
        );
    }
    let mut with_items = scope();
    with_items.item = Some(Type::Text);
    assert!(Checker::new(with_items).check("item == 'a'", Want::Condition).is_ok());
}
