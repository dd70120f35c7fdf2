//! The formats for CI systems say what the JSON says.

use super::Lab;
use std::collections::BTreeSet;

const SARIF_SCHEMA: &str = include_str!("../../../tests/schemas/sarif-schema-2.1.0.json");

/// The fingerprints of the JSON with these verdicts.
fn ids(scan: &serde_json::Value, verdicts: &[&str]) -> BTreeSet<String> {
    let findings = scan["scans"][0]["findings"].as_array().unwrap().iter();
    findings
        .filter(|it| verdicts.iter().any(|verdict| it["verdict"] == *verdict))
        .map(|it| it["fingerprint"].as_str().unwrap().to_owned())
        .collect()
}

fn check(sarif: &serde_json::Value) {
    let mut schema: serde_json::Value = serde_json::from_str(SARIF_SCHEMA).unwrap();
    // As published, this pattern has a bracket too many. We write no language.
    for part in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{part}/properties/language"));
        language.unwrap().as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(sarif)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_valid_and_has_the_same_findings() {
    let lab = Lab::new();
    for passed in ["", " --show-passed"] {
        let json = lab.run(&format!("scan --tenant demo --format json{passed}")).json();
        let sarif = lab.run(&format!("scan --tenant demo --format sarif{passed}")).json();
        check(&sarif);
        let run = &sarif["runs"][0];
        let results = run["results"].as_array().unwrap();
        for (kind, verdicts) in
            [("fail", &["fail"][..]), ("open", &["unknown", "error"]), ("pass", &["pass"])]
        {
            let of_kind: Vec<_> = results.iter().filter(|it| it["kind"] == kind).collect();
            let prints = of_kind.iter().map(|it| &it["partialFingerprints"]["cspm/v1"]);
            let prints: BTreeSet<String> =
                prints.map(|it| it.as_str().unwrap().to_owned()).collect();
            let expected = ids(&json, verdicts);
            assert_eq!(prints, expected, "{kind}");
            assert_eq!(of_kind.len(), expected.len(), "{kind}");
            assert_eq!(expected.is_empty(), passed.is_empty() && kind == "pass");
        }
        assert_eq!(run["properties"]["summary"], json["scans"][0]["summary"]);
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["text"].is_string() && rule["help"]["markdown"].is_string());
            assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 20, "GitHub's limit");
            assert_eq!(result["kind"] == "fail", result["level"] != "none");
            let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            assert!(uri.as_str().unwrap().starts_with("aws/111122223333/"), "GitHub needs a file");
        }
        let gaps = json["scans"][0]["gaps"].as_array().unwrap().len();
        let said = &run["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(said.as_array().unwrap().len(), gaps);
    }
}

#[test]
fn github_annotates_what_stands_worst_first() {
    let lab = Lab::new();
    let json = lab.run("scan --tenant demo --format json").json();
    let text = lab.run("scan --tenant demo --format github").out;
    let standing = ids(&json, &["fail", "unknown", "error"]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), standing.len() + 1, "one each, and the numbers");
    for id in &standing {
        let end = format!("(id {})", &id[..8]);
        assert_eq!(lines.iter().filter(|line| line.ends_with(&end)).count(), 1, "{id}");
    }
    for line in &lines {
        let known = ["::error title=", "::warning title=", "::notice title="];
        assert!(known.iter().any(|level| line.starts_with(level)), "{line}");
    }
    assert!(lines[0].starts_with("::error title=critical%3A "), "{}", lines[0]);
    let last = lines.last().unwrap();
    let summary = &json["scans"][0]["summary"]["by_severity"];
    assert!(last.starts_with("::notice title=cspm demo::failed: "), "{last}");
    assert!(last.contains(&format!("{} critical", summary["CRITICAL"])), "{last}");
}

#[test]
fn junit_counts_what_it_lists() {
    let lab = Lab::new();
    let json = lab.run("scan --tenant demo --show-passed --format json").json();
    let xml = lab.run("scan --tenant demo --show-passed --format junit").out;
    let number = |name: &str| -> usize {
        let (_, rest) = xml.split_once("<testsuite name=\"demo\"").unwrap();
        let (_, rest) = rest.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let of = |verdicts: &[&str]| ids(&json, verdicts).len();
    assert_eq!(number("tests"), of(&["fail", "unknown", "error", "pass"]));
    assert_eq!(number("failures"), of(&["fail"]));
    assert_eq!(number("errors"), of(&["unknown", "error"]));
    assert_eq!(number("skipped"), 0);
    for (tag, count) in [("<testcase ", "tests"), ("<failure ", "failures"), ("<error ", "errors")]
    {
        assert_eq!(xml.matches(tag).count(), number(count), "{tag}");
    }
    for id in ids(&json, &["fail", "unknown", "error"]) {
        assert_eq!(xml.matches(&format!("id: {id}<")).count(), 1, "{id}");
    }
}

#[test]
fn hostile_names_stay_names_in_the_formats_of_ci() {
    let lab = Lab::new();
    let name = "</testcase>\"'&]]>::error::x\u{1b}\u{202e}\u{ffff}%0A,:";
    let path = lab.demo_with("john.doe", name, "evil.jsonl");
    let run = |format: &str| {
        let path = path.to_str().unwrap();
        lab.run_args(&["scan", "--snapshot", path, "--format", format]).out
    };
    let xml = run("junit");
    assert!(!xml.contains(['\u{1b}', '\u{202e}', '\u{ffff}']));
    assert_eq!(xml.matches("</testcase>").count(), xml.matches("<testcase ").count());
    assert!(xml.contains("&lt;/testcase&gt;&quot;&#39;&amp;]]&gt;"));
    let github = run("github");
    assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
    assert!(github.contains("::error::x\\u{1b}\\u{202e}"), "it is text there");
    assert!(github.contains("%250A,:"), "an escape of the name's is no line end");
    check(&serde_json::from_str(&run("sarif")).unwrap());
}
