//! The virtual environment with moto and what checks documents: made once,
//! under the target folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What is installed. moto's extra `server` would bring all of its services;
/// IAM, STS, EC2, S3 and S3 Control need no more than this.
const PACKAGES: &[&str] =
    &["moto[s3]==5.2.5", "flask>=3,<4", "flask-cors>=5,<7", "xmlschema>=4,<5"];

/// The environment's Python.
pub(crate) fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        install(folder).unwrap_or_else(|why| {
            panic!(
                "the end-to-end tests need moto, and it cannot be set up: {why}\n\
                 They need python3 with its venv module, and a Python package registry."
            )
        })
    })
}

fn install(folder: &Path) -> Result<PathBuf, String> {
    let place = folder.join("moto");
    let python = place.join("bin").join("python");
    let marker = place.join("complete");
    let wanted = PACKAGES.join("\n");
    // Several test processes may begin at the same time.
    let lock = File::create(folder.join("moto.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(python);
    }
    if place.exists() {
        fs::remove_dir_all(&place).map_err(|error| error.to_string())?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PACKAGES))?;
    fs::write(&marker, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&said)))
}
