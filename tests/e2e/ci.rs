//! What CI systems read.

use crate::support::program::Home;
use crate::support::venv::python;
use std::path::Path;
use std::process::Command;

const VALIDATE: &str =
    "import sys, xmlschema; xmlschema.XMLSchema(sys.argv[1]).validate(sys.argv[2])";

fn validate(document: &Path) -> Result<(), String> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd");
    let mut command = Command::new(python());
    let output = command.args(["-c", VALIDATE]).arg(schema).arg(document).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said) }
}

#[test]
fn junit_keeps_to_its_schema() {
    let home = Home::new();
    let args = ["scan", "--tenant", "demo", "--format", "junit", "--output", "x.xml"];
    home.ends(15, &args);
    validate(&home.path("x.xml")).unwrap();
    home.ends(15, &[&args[..], &["--show-passed"]].concat());
    validate(&home.path("x.xml")).unwrap();
    let bad = home.read("x.xml").replacen("failures=", "failuers=", 2);
    home.write("bad.xml", bad);
    assert!(validate(&home.path("bad.xml")).is_err(), "the validator validates");
}
