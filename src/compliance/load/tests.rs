use super::{LoadErrorKind, natural_order};
use crate::compliance::{AssessedBy, Framework, Kind};

const GOOD: &str = r#"id: good
aliases: [fine]
name: "A framework"
label: "F"
version: "1.0"
kind: management-system
complete: false
parts: true
source: "us"
date: "2026-01-31"
sections:
  - id: "2"
    title: "Second"
    controls:
      - { id: "2.9", title: "Nine", assessment: manual, disputed: "they say automated" }
      - { id: "2.10", title: "Ten", any: [[a, b], [c, d]], same_as: { other: "1" } }
"#;

fn parse(text: &str) -> Result<Framework, String> {
    Framework::parse("rules/frameworks/good.yaml", text).map_err(|error| error.to_string())
}

#[test]
fn a_file_is_read_whole() {
    let framework = parse(GOOD).unwrap();
    assert_eq!(
        (framework.id.as_str(), framework.aliases.as_slice()),
        ("good", &["fine".into()][..])
    );
    assert_eq!(framework.kind, Kind::ManagementSystem);
    assert!(!framework.complete && framework.parts);
    assert_eq!((framework.version.as_str(), framework.date.as_str()), ("1.0", "2026-01-31"));
    let [nine, ten] = framework.controls.as_slice() else { panic!("{framework:?}") };
    assert_eq!(nine.assessment, Some(AssessedBy::Manual));
    assert_eq!(nine.disputed.as_deref(), Some("they say automated"));
    assert_eq!((ten.id.as_str(), ten.section.as_str()), ("2.10", "2"));
    assert_eq!(ten.any, [["a", "b"], ["c", "d"]]);
    assert_eq!(ten.same_as.get("other").map(String::as_str), Some("1"));
}

#[test]
fn what_is_not_meant_is_refused_with_its_place() {
    for (from, to, place, says) in [
        (r#"id: "2.10""#, "id: 2.10", "16:15", "quot"),
        (
            r#"id: "2"
"#,
            "id: 2\n",
            "12:9",
            "quot",
        ),
        (r#"same_as: { other: "1" }"#, "same_as: { other: 1.10 }", "16:78", "quot"),
        (r#"version: "1.0""#, "version: 1.0", "5:10", "quot"),
        ("label: \"F\"", "label: \"F\"\nlabel: \"G\"", "5:1", "there twice"),
        ("label: \"F\"", "label: \"F\"\ncolour: red", "5:1", "unknown field"),
        ("complete: false", "complete: no", "7:11", "bool"),
        ("kind: management-system", "kind: opinion", "6:7", "unknown value"),
        ("aliases: [fine]", "aliases: &a [fine]", "2:", "anchor"),
        (r#"id: "2.9""#, r#"id: "2.11""#, "16:15", "2.10 stands after 2.11"),
        (r#"id: "2.9""#, r#"id: "2.10""#, "16:15", "2.10 stands here for the second time"),
        ("title: \"Ten\"", "title: \" \"", "16:15", "title is empty"),
        ("source: \"us\"", "source: \"\"", "1:5", "source is empty"),
        ("[c, d]", "[c]", "16:15", "two rules or more"),
        ("2026-01-31", "2026-02-31", "10:7", "not a day"),
        ("id: good", "id: better", "1:5", "has to be named better.yaml"),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let error = parse(&GOOD.replacen(from, to, 1)).unwrap_err();
        let start = format!("rules/frameworks/good.yaml:{place}");
        assert!(error.starts_with(&start), "{to}: {error}");
        assert!(error.to_lowercase().contains(&says.to_lowercase()), "{to}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn a_second_section_of_one_id_is_refused() {
    let section = "  - { id: \"2\", title: \"Again\", controls: [] }\n";
    let error = parse(&format!("{GOOD}{section}")).unwrap_err();
    assert!(error.contains("2 stands here for the second time"), "{error}");
}

#[test]
fn a_second_document_is_refused() {
    assert!(parse(&format!("{GOOD}---\nid: more\n")).is_err());
}

#[test]
fn an_error_keeps_its_kind() {
    let error = Framework::parse("bad.yaml", GOOD).unwrap_err();
    assert_eq!(error.kind, LoadErrorKind::FileName { id: "good".into() });
    assert!(natural_order("2.9", "2.10").is_lt());
}
