//! Tenants that know nothing of each other.

use super::Lab;
use crate::cli::Exit;
use std::collections::BTreeMap;
use std::fs;

/// Two tenants with a history each: copies of the demo under other names.
/// Neither has its account, which witnesses of policies take for an example.
fn two() -> Lab {
    let lab = Lab::new();
    let copy = |file: &str, user: &str, account: &str| {
        let path = lab.demo_with("john.doe", user, file);
        let text = fs::read_to_string(&path).unwrap().replace("111122223333", account);
        fs::write(path, text).unwrap();
    };
    copy("acme.jsonl", OF_ACME[0], OF_ACME[1]);
    copy("bolt.jsonl", OF_BOLT[0], OF_BOLT[1]);
    let tenant = |name: &str, account: &str, file: &str| {
        format!(
            "[[tenant]]\nname = \"{name}\"\naccount_id = \"{account}\"\nsnapshot = \"{file}\"\n"
        )
    };
    let config = "[defaults]\ndb = \"histories/{tenant}.db\"\n".to_owned()
        + &tenant("acme", OF_ACME[1], "acme.jsonl")
        + &tenant("bolt", OF_BOLT[1], "bolt.jsonl");
    fs::write(lab.path("tenants.toml"), config).unwrap();
    lab
}

impl Lab {
    fn apart(&self, args: &str) -> super::Ran {
        let config = self.path("tenants.toml");
        let mut all = vec!["--config", config.to_str().unwrap()];
        all.extend(args.split_whitespace());
        self.run_plain(&all)
    }
}

/// What is nobody's business but that of one tenant.
const OF_ACME: [&str; 3] = ["jim.poe", "333355557777", "acme"];
const OF_BOLT: [&str; 3] = ["jane.roe", "666677778888", "bolt"];

#[track_caller]
fn knows_nothing_of(bytes: &[u8], names: &[&str]) {
    for name in names {
        let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
        assert!(!found, "{name} is in it");
    }
}

#[test]
fn each_history_knows_its_tenant_only() {
    let lab = two();
    let ran = lab.apart("scan --tenant acme --tenant bolt --fail-on none");
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    knows_nothing_of(&fs::read(lab.path("histories/acme.db")).unwrap(), &OF_BOLT);
    knows_nothing_of(&fs::read(lab.path("histories/bolt.db")).unwrap(), &OF_ACME);

    // Commands that look at all tenants look into both.
    for args in ["history", "overview", "trend", "findings list", "report --framework soc2"] {
        let both = lab.apart(args).out;
        assert!(both.contains("acme") && both.contains("bolt"), "{args}: {both}");
    }
    let list = lab.apart("findings list --format json").json();
    let ranks: Vec<String> = list["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["severity"].as_str().unwrap().to_owned())
        .collect();
    let first_high = ranks.iter().position(|it| it == "HIGH").unwrap();
    assert!(ranks[first_high..].iter().all(|it| it != "CRITICAL"), "in one order");
    for tenant in ["acme", "bolt"] {
        let one = lab.apart(&format!("findings list --tenant {tenant} --format json")).json();
        let id = one["findings"][0]["fingerprint"].as_str().unwrap();
        assert_eq!(lab.apart(&format!("findings show {id}")).exit, Exit::Ok);
        let reason = "--reason known --until 2100-01-01";
        assert_eq!(lab.apart(&format!("suppress {id} {reason}")).exit, Exit::Ok);
    }
    let list = lab.apart("suppress list --format json").json();
    assert_eq!(list["suppressions"].as_array().unwrap().len(), 2);
    let id = list["suppressions"][0]["id"].as_str().unwrap();
    assert_eq!(lab.apart(&format!("suppress remove {id}")).exit, Exit::Ok);
    assert_eq!(lab.apart("diff --tenant acme").exit, Exit::Usage, "there is one scan only");
}

#[test]
fn db_on_the_command_line_comes_first() {
    let lab = two();
    let db = lab.path("one.db");
    lab.apart(&format!("scan --tenant acme --tenant bolt --db {}", db.display()));
    assert!(db.exists() && !lab.path("histories").exists());
}

#[test]
fn a_brace_that_means_nothing_is_refused() {
    let lab = Lab::new();
    fs::write(lab.path("tenants.toml"), "[defaults]\ndb = \"{name}.db\"\n").unwrap();
    let ran = lab.apart("history");
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("tenants.toml:2:6: `db`"), "{}", ran.err);
}

#[test]
fn a_suppression_of_one_tenant_is_not_in_the_history_of_another() {
    let lab = two();
    let file = "[[suppression]]\nrule = \"s3-bucket-versioning\"\ntenant = \"bolt\"\n\
                reason = \"a secret of bolt's\"\nuntil = 2100-01-01\n";
    fs::write(lab.path("s.toml"), file).unwrap();
    let path = lab.path("s.toml");
    lab.apart(&format!("scan --tenant acme --tenant bolt --suppressions {}", path.display()));
    knows_nothing_of(&fs::read(lab.path("histories/acme.db")).unwrap(), &["a secret of"]);
    let list = lab.apart("suppress list --format json").json();
    assert_eq!(list["suppressions"].as_array().unwrap().len(), 1);
}

/// The files of a folder, by name.
fn files(folder: &std::path::Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|it| (it.file_name().into_string().unwrap(), fs::read(it.path()).unwrap()))
        .collect()
}

#[test]
fn a_file_of_one_tenant_has_not_a_byte_of_another() {
    let lab = two();
    let db = lab.path("one.db");
    let file = "[[suppression]]\nrule = \"s3-bucket-versioning\"\ntenant = \"bolt\"\n\
                reason = \"a secret of bolt's\"\nuntil = 2100-01-01\n";
    fs::write(lab.path("s.toml"), file).unwrap();
    let base = format!("--db {} ", db.display());
    let scan = format!(
        "{base} scan --tenant acme --tenant bolt --framework soc2 --suppressions {}",
        lab.path("s.toml").display()
    );
    let report = format!("{base} report --framework iso27001");
    let mut seen = 0;
    for (command, formats) in [
        (&scan, &["table", "json", "csv", "markdown", "github", "sarif", "junit"][..]),
        (&report, &["table", "json", "csv", "markdown", "html"]),
    ] {
        for format in formats {
            let folder = lab.path(&format!("out-{seen}"));
            let ran = lab
                .apart(&format!("{command} --format {format} --output-dir {}", folder.display()));
            assert_eq!(ran.out, "", "{command} {format}: {}", ran.err);
            let files = files(&folder);
            assert_eq!(files.len(), 2, "{command} {format}: {:?}", files.keys());
            for (name, bytes) in &files {
                let (own, other): (_, Vec<&str>) = if name.starts_with("acme.") {
                    (OF_ACME, [&OF_BOLT[..], &["a secret of"]].concat())
                } else {
                    (OF_BOLT, OF_ACME.to_vec())
                };
                knows_nothing_of(bytes, &other);
                let text = String::from_utf8(bytes.clone()).unwrap();
                assert!(text.contains(own[1]), "{name}: {text}");
            }
            seen += 1;
        }
    }
    let folder = lab.path("redacted");
    lab.apart(&format!("--redact {scan} --output-dir {}", folder.display()));
    assert!(files(&folder).keys().all(|name| name.starts_with('x')));
}

#[test]
fn a_file_for_a_tenant_has_a_safe_name() {
    let lab = two();
    let other = lab.path("..ü b.jsonl");
    fs::copy(lab.path("acme.jsonl"), &other).unwrap();
    let folder = lab.path("out");
    let (db, out) = (lab.path("one.db"), folder.to_str().unwrap());
    let args = ["--db", db.to_str().unwrap(), "scan", "--snapshot", other.to_str().unwrap()];
    lab.run_plain(&[&args[..], &["--output-dir", out]].concat());
    assert_eq!(files(&folder).into_keys().collect::<Vec<_>>(), ["__b.jsonl.txt"]);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &folder.join("__b.jsonl.txt").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(lab.path("tenants.toml")).unwrap();
    fs::write(lab.path("tenants.toml"), text.replace("\"bolt\"", "\"ACME\"")).unwrap();
    let ran = lab.apart(&format!("scan --tenant acme --tenant ACME --output-dir {out}"));
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("would both be written to"), "{}", ran.err);
}
