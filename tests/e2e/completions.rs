//! The completion scripts that are checked in are current.

use crate::support::program::Home;
use std::fs;
use std::path::Path;

#[test]
fn the_files_are_what_the_program_prints() {
    let home = Home::new();
    for (shell, file) in [
        ("bash", "cspm.bash"),
        ("zsh", "_cspm"),
        ("fish", "cspm.fish"),
        ("powershell", "_cspm.ps1"),
        ("elvish", "cspm.elv"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(file);
        let printed = home.ends(0, &["completions", shell]).out;
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == printed,
            "completions/{file} is not current: `cspm completions {shell} > completions/{file}`"
        );
    }
    home.ends(2, &["completions", "cobol"]).says(&["bash"]);
}
