//! Nothing that anyone writes takes the program down.

use super::account::scope;
use super::generate::{Generator, Random};
use super::states::state;
use super::write::write;
use super::*;
use crate::inventory::Document;
use proptest::prelude::*;

fn check(source: &str) -> Result<Program, String> {
    Checker::new(scope()).check(source, Want::Shown).map_err(|error| {
        assert!(error.at <= source.chars().count(), "{source}: {error:?}");
        error.message
    })
}

#[test]
fn deep_nesting_is_refused() {
    type Nest = fn(usize) -> String;
    let nests: &[(&str, Nest)] = &[
        ("brackets", |n| format!("{}resource.Bool{}", "(".repeat(n), ")".repeat(n))),
        ("lists", |n| format!("{}1{}", "[".repeat(n), "]".repeat(n))),
        ("maps", |n| format!("{}1{}", "{1: ".repeat(n), "}".repeat(n))),
        ("calls", |n| format!("{}resource.Text{}", "lower(".repeat(n), ")".repeat(n))),
        ("choices", |n| format!("{}true", "resource.Bool ? true : ".repeat(n))),
        ("bodies", |n| {
            let open: String = (0..n).map(|i| format!("resource.Ints.all(x{i}, ")).collect();
            format!("{open}true{}", ")".repeat(n))
        }),
        ("members", |n| format!("resource{}", ".Part".repeat(n))),
        ("indices", |n| format!("resource{}", "[0]".repeat(n))),
        ("chains", |n| format!("resource.Ints{}", ".filter(x, true)".repeat(n))),
        ("signs", |n| format!("{}resource.Int == 1", "!-".repeat(n))),
        ("sums", |n| vec!["1"; n].join(" + ")),
        ("equals", |n| vec!["true"; n].join(" == ")),
        ("open", |n| "(".repeat(n)),
        ("closed", |n| ")".repeat(n)),
        ("quotes", |n| "'".repeat(n)),
    ];
    for (name, nest) in nests {
        for count in [70, 200, 1_000, 10_000, 100_000] {
            assert!(check(&nest(count)).is_err(), "{count} {name}");
        }
    }
}

#[test]
fn what_is_allowed_to_nest_can_be_evaluated() {
    let account = Account::new(&state(&mut Random::new(1)));
    let bodies = 20;
    let open: String = (0..bodies).map(|i| format!("resource.Ints.exists(x{i}, ")).collect();
    for source in [
        format!("{}true{}", "(".repeat(20), ")".repeat(20)),
        format!("{open}true{}", ")".repeat(bodies)),
        format!("resource.Ints{} == [1]", ".filter(x, true)".repeat(50)),
        vec!["true"; 60].join(" == "),
        vec!["resource.Bool"; 200].join(" && "),
        vec!["resource.Bool"; 200].join(" || "),
        format!("{}resource.Bool", "!".repeat(1_001)),
    ] {
        let program = check(&source).unwrap();
        answer(&program, &account).unwrap();
    }
}

#[test]
fn long_expressions_are_refused() {
    let source = format!("resource.Text == '{}'", "a".repeat(10_000));
    assert!(check(&source).unwrap_err().contains("longer than"));
}

#[test]
fn steps_are_bounded() {
    let many: Vec<Value> = (0..1_000).map(Value::Int).collect();
    let base = state(&mut Random::new(1));
    let Value::Record(parts) = &base else { panic!("a state is a record") };
    let Value::Record(fields) = &parts[0] else { panic!("a document is a record") };
    let mut fields = fields.to_vec();
    let ints = account::Thing::resource_type().record.field("Ints").unwrap().0;
    fields[ints] = Value::list(many);
    let account = Account::new(&Value::record(vec![
        Value::record(fields),
        parts[1].clone(),
        parts[2].clone(),
    ]));
    for source in [
        "resource.Ints.all(a, resource.Ints.all(b, resource.Ints.all(c, a >= 0)))",
        "resource.Ints.all(a, resource.Ints.all(b, resource.Ints.exists(c, c == -1) || true))",
        "resource.Ints.all(a, resource.Ints.all(b, !(-1 in resource.Ints)))",
        "resource.Ints.map(a, resource.Ints.map(b, resource.Ints.filter(c, false))) != [[[1]]]",
        "resource.Ints.all(a, resource.Ints.all(b, resource.Ints == resource.Ints))",
    ] {
        let program = check(source).unwrap();
        let fault = answer(&program, &account).unwrap_err();
        assert!(fault.message.contains("steps"), "{source}: {fault}");
    }
}

#[test]
fn what_the_checker_accepts_does_not_fail() {
    let mut accepted = 0;
    let mut refused = 0;
    let mut guarded = 0;
    for seed in 0..12_000 {
        let mut generator = Generator::new(2_000_000 + seed);
        generator.careless = true;
        let tree = generator.expression();
        let Ok((program, checker)) = checked(&tree, Want::Condition) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        guarded += usize::from(write(&tree).contains("has("));
        for _ in 0..3 {
            let state = super::unknowns::with_holes(&mut generator.random, &checker);
            let found = answer(&program, &Account::new(&state));
            assert!(found.is_ok(), "{}\nfound {found:?}\nin {state:?}", write(&tree));
        }
    }
    assert!(accepted > 4_000 && refused > 1_500, "{accepted} accepted, {refused} refused");
    assert!(guarded > 500, "{guarded} with guards");
}

/// Words of the language and what comes near them.
fn scraps() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "resource",
        "self",
        "item",
        "now",
        "x",
        "has",
        "size",
        "all",
        "exists",
        "map",
        "filter",
        "find",
        "in",
        "true",
        "null",
        "Bool",
        "IntMaybe",
        "Ints",
        "Part",
        "Parts",
        "tags",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".",
        ",",
        ":",
        "?",
        "!",
        "-",
        "+",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        "'a'",
        "\"",
        "'",
        "'''",
        "r'",
        "b'",
        "1",
        "1.5",
        "1u",
        "1e400",
        "0x",
        "\\",
        "\\u",
        "//",
        "\n",
        "`",
        "@",
        "$",
        "ä",
        "\u{0}",
        "\u{feff}",
        "😀",
        "test.part(self)",
        "'test.other'",
    ]);
    (prop::collection::vec(word, 0..25), any::<bool>())
        .prop_map(|(words, spaced)| words.join(if spaced { " " } else { "" }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scraps_of_the_language_never_panic(source in scraps()) {
        let _ = check(&source);
    }

    #[test]
    fn arbitrary_text_never_panics(source in "\\PC{0,40}") {
        let _ = check(&source);
    }
}
