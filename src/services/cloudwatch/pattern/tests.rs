//! Patterns as they are written.

use super::*;

/// The expression with all brackets, so that its structure shows.
fn shown(expr: &Expr) -> String {
    let joined = |of: &[Expr], between: &str| {
        let parts: Vec<String> = of.iter().map(shown).collect();
        if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(between)) }
    };
    match expr {
        Expr::All(of) => joined(of, " and "),
        Expr::Any(of) => joined(of, " or "),
        Expr::Test(Test { field, check }) => {
            let field = field.as_deref().unwrap_or("?");
            let text = |text: &Text| match text {
                Text::Glob { middle, open_start, open_end } => {
                    let star = |open: &bool| if *open { "*" } else { "" };
                    format!("{}{middle}{}", star(open_start), star(open_end))
                }
                Text::Regex(regex) => format!("/{regex}/"),
                Text::Unclear => "?".to_owned(),
            };
            match check {
                Check::Is(value) => format!("{field} is {}", text(value)),
                Check::IsNot(value) => format!("{field} is not {}", text(value)),
                Check::Missing => format!("no {field}"),
                Check::Bool(value) => format!("{field} is {value}"),
                Check::NotText => format!("{field} some way"),
            }
        }
    }
}

fn read(text: &str) -> String {
    match parse(text) {
        Pattern::Everything => "everything".to_owned(),
        Pattern::Json(expr) => shown(&expr),
        Pattern::Other => "other".to_owned(),
    }
}

#[test]
fn patterns_are_read_as_aws_reads_them() {
    for (written, meant) in [
        ("", "everything"),
        ("  ", "everything"),
        ("{$.a=b}", "a is b"),
        ("{ $.a = \"b c\" }", "a is b c"),
        (r#"{ $.a = "b \"c\" d" }"#, r#"a is b "c" d"#),
        ("{ $.a.b != c.d-e/f:g }", "a.b is not c.d-e/f:g"),
        ("{ $.a = b* }", "a is b*"),
        ("{ $.a = *b }", "a is *b"),
        ("{ $.a = \"*b*\" }", "a is *b*"),
        ("{ $.a = * }", "a is **"),
        ("{ $.a = b*c }", "a is ?"),
        ("{ $.a = %b|c% }", "a is /b|c/"),
        ("{ $.a = %[% }", "a is ?"),
        ("{ $.a NOT EXISTS }", "no a"),
        ("{ $.a not exists }", "no a"),
        (
            "{ $.a IS TRUE && $.b IS FALSE && $.c IS NULL }",
            "(a is true and b is false and c some way)",
        ),
        ("{ $.a > 3 || $.b <= 1 }", "(a some way or b some way)"),
        ("{ $.a = 1 || $.b = 2 && $.c = 3 }", "(a is 1 or (b is 2 and c is 3))"),
        ("{ ($.a = 1 || $.b = 2) && $.c = 3 }", "((a is 1 or b is 2) and c is 3)"),
        ("{($.a=1)||(($.b=2)&&($.c=3))}", "(a is 1 or (b is 2 and c is 3))"),
        ("{ $.a[0].b = c }", "? is c"),
        ("{ $.a[*].b = c }", "? is c"),
        ("{ $['a'] = c }", "? is c"),
    ] {
        assert_eq!(read(written), meant, "{written}");
    }
}

#[test]
fn what_is_no_condition_on_json_is_something_else() {
    for other in [
        "ERROR",
        "?ERROR ?WARN",
        "\"DeleteTrail\"",
        "[ip, user, request]",
        "%Delete%",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = \"b }",
        "{ $.a = %b }",
        "{ $.a == b }",
        "{ ($.a = b }",
        "{ $.a = b) }",
        "{ $.a = b $.c = d }",
        "{ $.a = b & $.c = d }",
        "{ $a = b }",
        "{ $. = b }",
        "{ a = b }",
        "{ $.a IS b }",
        "{ $.a NOT b }",
        "{ $.a NOTEXISTS }",
        "{}",
        "{",
    ] {
        assert_eq!(read(other), "other", "{other}");
    }
    let deep = format!("{{ {}$.a = b{} }}", "(".repeat(65), ")".repeat(65));
    assert_eq!(read(&deep), "other");
}

#[test]
fn stars_stand_for_anything() {
    for (text, value, is) in [
        ("b", "b", Some(true)),
        ("b", "B", Some(false)),
        ("b*", "bc", Some(true)),
        ("b*", "ab", Some(false)),
        ("*b", "ab", Some(true)),
        ("*b", "ba", Some(false)),
        ("*b*", "abc", Some(true)),
        ("*", "", Some(true)),
        ("a*b", "axb", None),
    ] {
        assert_eq!(Text::glob(text).matches(value), is, "{text} {value}");
    }
    assert_eq!(Text::regex("^a.c$").matches("abc"), Some(true));
    assert_eq!(Text::regex("b").matches("abc"), Some(true));
    assert_eq!(Text::regex("(").matches("abc"), None);
}
