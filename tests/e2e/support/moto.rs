//! A moto server: on a free port of the loopback, gone when the tests are.

use super::venv;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The account that moto gives to credentials that it does not know.
pub(crate) const OWN: &str = "123456789012";
/// The account of story `truth`.
pub(crate) const TRUTH: &str = "222233334444";
/// The account of story `orderly`.
pub(crate) const ORDERLY: &str = "333344445555";
/// The account of story `compute`.
pub(crate) const COMPUTE: &str = "444455557777";
/// The account of story `watched`.
pub(crate) const WATCHED: &str = "666677778888";
/// The account of story `databases`.
pub(crate) const DATABASES: &str = "777788889999";

/// A server with accounts.
pub(crate) struct Moto {
    /// Where it listens.
    pub(crate) address: String,
    process: Child,
    pipe: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Moto {
    /// Starts a server with empty accounts.
    pub(crate) fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/support/moto_server.py");
        let mut process = Command::new(venv::python())
            .arg("-B")
            .arg(&script)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = process.stdin.take().unwrap();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("port ").expect("moto says its port; see above");
        let address = format!("127.0.0.1:{port}");
        Self { address, process, pipe: Mutex::new((stdin, stdout)) }
    }

    /// The one server of all stories that only read, with the accounts
    /// [`TRUTH`], [`ORDERLY`], [`COMPUTE`], [`WATCHED`] and [`DATABASES`]. It ends with the pipe
    /// that this process holds.
    pub(crate) fn shared() -> &'static Arc<Self> {
        static SHARED: OnceLock<Arc<Moto>> = OnceLock::new();
        SHARED.get_or_init(|| {
            let moto = Self::start();
            moto.seed("truth", TRUTH, json!({}));
            moto.seed("orderly", ORDERLY, json!({}));
            moto.seed("compute", COMPUTE, json!({}));
            moto.seed("watched", WATCHED, json!({}));
            moto.seed("databases", DATABASES, json!({}));
            Arc::new(moto)
        })
    }

    /// Fills an account.
    pub(crate) fn seed(&self, story: &str, account: &str, with: Value) -> Value {
        self.tell(&json!({ "seed": story, "account": account, "with": with }))
    }

    /// Whether IAM decides from now on who may do what.
    pub(crate) fn enforce(&self, whether: bool) {
        self.tell(&json!({ "enforce": whether }));
    }

    fn tell(&self, command: &Value) -> Value {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        let (stdin, stdout) = &mut *pipe;
        writeln!(stdin, "{command}").unwrap();
        let mut answer = String::new();
        stdout.read_line(&mut answer).unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        if let Some(error) = answer["error"].as_str() {
            panic!("moto could not {command}: {error}");
        }
        answer
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
