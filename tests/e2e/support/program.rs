//! The real binary, in an environment where nothing of this machine shows.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
#[cfg(feature = "aws")]
use std::path::Path;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use tempfile::TempDir;

/// The access key of the fixture: nowhere in any output.
#[cfg(feature = "aws")]
pub(crate) const KEY_ID: &str = "AKIAE2ETESTSE2ETESTS";
/// Its secret.
#[cfg(feature = "aws")]
pub(crate) const SECRET: &str = "e2eSecretAccessKey/neverPrinted+0123456789";
/// A session token.
#[cfg(feature = "aws")]
pub(crate) const TOKEN: &str = "e2eSessionToken/neverPrinted/0123456789abcdef==";
/// The external id of the tenants.
pub(crate) const EXTERNAL_ID: &str = "e2e-external-id-never-printed";

/// A user's home: configuration, history, and the environment of commands.
pub(crate) struct Home {
    folder: TempDir,
    env: BTreeMap<String, String>,
}

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; -1 for a signal.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Home {
    /// An empty home without AWS.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let env = BTreeMap::from([
            ("HOME".to_owned(), folder.path().display().to_string()),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ]);
        Self { folder, env }
    }

    /// A home with credentials, whose AWS listens at `address`.
    #[cfg(feature = "aws")]
    pub(crate) fn with_aws(address: &str) -> Self {
        Self::new()
            .env("AWS_ENDPOINT_URL", &format!("http://{address}"))
            .env("AWS_ACCESS_KEY_ID", KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
    }

    /// The same with another environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The same with a tenants file.
    pub(crate) fn tenants(self, text: &str) -> Self {
        self.write("tenants.toml", text);
        self
    }

    /// A tenants file with one tenant `acme` with a role, in two regions.
    pub(crate) fn acme(self, account: &str) -> Self {
        self.tenants(&tenant("acme", account))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The folder.
    #[cfg(feature = "aws")]
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command that has not started yet.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cspm"));
        command
            .args(args)
            .env_clear()
            .envs(&self.env)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        Ended::of(self.command(args).spawn().unwrap())
    }

    /// Runs a command that has to end with `code`.
    pub(crate) fn ends(&self, code: i32, args: &[&str]) -> Ended {
        let ended = self.run(args);
        assert_eq!(ended.code, code, "cspm {args:?} said:\n{}\n{}", ended.out, ended.err);
        ended
    }
}

impl Ended {
    /// Waits for a running command.
    pub(crate) fn of(mut child: Child) -> Self {
        let mut stderr = child.stderr.take().unwrap();
        let reader = thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            text
        });
        let mut out = Vec::new();
        if let Some(mut stdout) = child.stdout.take() {
            stdout.read_to_end(&mut out).unwrap();
        }
        let code = child.wait().unwrap().code().unwrap_or(-1);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code, out: text(out), err: text(reader.join().unwrap()) }
    }

    /// Asserts that standard error has all of these.
    #[track_caller]
    pub(crate) fn says(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in:\n{}", self.err);
        }
        self
    }
}

/// One tenant with a role and an external id, in two regions.
pub(crate) fn tenant(name: &str, account: &str) -> String {
    format!(
        "[[tenant]]\nname = \"{name}\"\naccount_id = \"{account}\"\n\
         role_arn = \"arn:aws:iam::{account}:role/CspmScan\"\nexternal_id = \"{EXTERNAL_ID}\"\n\
         regions = [\"eu-west-1\", \"us-east-1\"]\n"
    )
}
