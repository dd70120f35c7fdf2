//! The recipes of the README are read by what they are for.

use crate::support::program::Home;
use serde_json::Value;
use std::path::Path;

/// The block of a language that has these words.
fn block(language: &str, words: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let mut blocks = text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.find(|block| block.contains(words)).unwrap().to_owned()
}

/// The options are ones that `scan` knows: it stops at what is missing on this
/// machine, not at the command line.
fn is_a_scan(args: &[&str], index: (&str, &str)) {
    let ended = Home::new().env(index.0, index.1).run(args);
    assert_ne!(ended.code, 0, "there are no tenants");
    for word in ["unexpected argument", "invalid value", "Usage:"] {
        assert!(!ended.err.contains(word), "{args:?}: {}", ended.err);
    }
}

#[test]
fn the_array_job_is_json_and_its_command_a_scan() {
    let job: Value = serde_json::from_str(&block("json", "arrayProperties")).unwrap();
    let size = job["arrayProperties"]["size"].as_u64().unwrap();
    let command = job["containerOverrides"]["command"].as_array().unwrap();
    let mut args: Vec<&str> = command.iter().map(|word| word.as_str().unwrap()).collect();
    let shards = args.iter().position(|word| *word == "--shards").unwrap();
    assert_eq!(args[shards + 1], size.to_string());
    let db = args.iter().position(|word| *word == "--db").unwrap();
    args[db + 1] = "part.db";
    is_a_scan(&args, ("AWS_BATCH_JOB_ARRAY_INDEX", "9"));
}

#[test]
fn the_indexed_job_is_yaml_and_its_command_a_scan() {
    let job: Value = serde_saphyr::from_str(&block("yaml", "kind: Job")).unwrap();
    assert_eq!(job["spec"]["completionMode"], "Indexed");
    let command = job["spec"]["template"]["spec"]["containers"][0]["args"][0].as_str().unwrap();
    let line = command.split(" > ").next().unwrap().replace("/history/", "").replace('"', "");
    let args: Vec<&str> = line.split_whitespace().skip(1).collect();
    let shards = args.iter().position(|word| *word == "--shards").unwrap();
    assert_eq!(args[shards + 1], job["spec"]["completions"].to_string());
    is_a_scan(&args, ("JOB_COMPLETION_INDEX", "0"));
}

/// Each line that begins with `cspm` and has a scan in it is a command line.
fn has_scans(text: &str) -> usize {
    let lines = text.lines().filter_map(|line| line.split("cspm ").nth(1).map(|it| (line, it)));
    let scans = lines.filter(|(line, args)| {
        let command = line.trim_start().trim_start_matches("- ").trim_start_matches("run: ");
        command.starts_with("cspm ") && args.contains("scan ")
    });
    scans
        .map(|(_, args)| {
            let args = args.replace("/etc/cspm/", "").replace("/var/lib/cspm/", "");
            let args: Vec<&str> = args.split_whitespace().collect();
            is_a_scan(&args, ("HOME", "."));
        })
        .count()
}

#[test]
fn the_workflow_and_the_pipeline_are_yaml_and_their_commands_scans() {
    let workflow = block("yaml", "actions/checkout");
    let read: Value = serde_saphyr::from_str(&workflow).unwrap();
    assert!(read["jobs"]["scan"]["steps"].is_array());
    assert_eq!(has_scans(&workflow), 2);
    let pipeline = block("yaml", "junit: cspm.xml");
    let read: Value = serde_saphyr::from_str(&pipeline).unwrap();
    assert_eq!(read["cspm"]["artifacts"]["reports"]["junit"], "cspm.xml");
    assert_eq!(has_scans(&pipeline), 1);
}

#[test]
fn the_job_of_cron_is_a_script_of_a_posix_shell() {
    let home = Home::new();
    let script = block("sh", "cron.daily");
    home.write("job.sh", &script);
    let checked = std::process::Command::new("sh").args(["-n"]).arg(home.path("job.sh")).status();
    assert!(checked.unwrap().success());
    assert_eq!(has_scans(&script.replace("\"$report\"", "report.txt")), 1);
}

#[test]
fn the_suppressions_of_the_readme_are_read() {
    let home = Home::new();
    home.write("s.toml", block("toml", "[[suppression]]"));
    let args = ["scan", "--tenant", "demo", "--suppressions", "s.toml", "--fail-on", "none"];
    home.ends(0, &args);
    let list = home.ends(0, &["suppress", "list", "--format", "json"]).out;
    assert!(list.contains("Logs are kept for a day"), "{list}");
}
