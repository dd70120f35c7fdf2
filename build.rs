//! Lists the rule and framework files, so that they are compiled in and each
//! has a test. A new, changed or deleted file is noticed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut files = Vec::new();
    list(&root.join("rules"), &mut files)?;
    files.sort();

    let (mut rules, mut frameworks, mut tests) = (String::new(), String::new(), String::new());
    for file in &files {
        let path = relative(&root, file);
        // No absolute path: clones may share a build folder, and one of them goes away.
        let place = format!("concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?})", format!("/{path}"));
        let entry = format!("    ({path:?}, include_str!({place})),\n");
        if path.starts_with("rules/frameworks/") {
            frameworks += &entry;
            continue;
        }
        rules += &entry;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().replace(['-', '.'], "_");
        let _ = writeln!(tests, "#[test]\nfn {name}() {{\n    check({path:?});\n}}");
    }
    let table =
        |name: &str, entries: &str| format!("static {name}: &[(&str, &str)] = &[\n{entries}];\n");
    let tables = table("RULE_FILES", &rules) + &table("FRAMEWORK_FILES", &frameworks);
    fs::write(out.join("rule_files.rs"), tables)?;
    fs::write(out.join("rule_tests.rs"), tests)?;
    pack_relocations();
    Ok(())
}

/// The SDK brings hundreds of thousands of relocations. Packed, they take a
/// hundredth of the room, and every run is spared some ten megabytes of memory.
/// glibc reads them from 2.36 on; older linkers ignore the wish.
fn pack_relocations() {
    let target = |part: &str| env::var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}

fn relative(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
