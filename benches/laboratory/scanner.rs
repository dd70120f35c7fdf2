//! Runs the binary, and measures it from outside.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::{Builder, TempDir};

/// The variable that names the binary to measure, if not the one that is built
/// along with the laboratory.
const BINARY: &str = "CSPM_BINARY";

/// How often the child's memory is looked at.
const LOOK: Duration = Duration::from_millis(4);
/// Linux counts CPU time for programs in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A user's home for one run: nothing of this machine shows.
pub(crate) struct Home {
    folder: TempDir,
    endpoint: String,
    key: String,
}

/// How a run went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ran {
    /// From start to end.
    pub(crate) wall: Duration,
    /// CPU time of the child, user and system.
    pub(crate) cpu: Duration,
    /// CPU time of the server meanwhile.
    pub(crate) server_cpu: Duration,
    /// CPU time of everything else on the machine meanwhile.
    pub(crate) others: Duration,
    /// The child's largest memory in KiB.
    pub(crate) peak: u64,
    /// The exit code; -1 for a signal.
    pub(crate) code: i32,
    /// The end of what it said on standard error.
    pub(crate) said: String,
}

impl Home {
    /// A home whose AWS listens at `endpoint`, with credentials `key`. It goes
    /// away in the end, unless it is to be kept in a folder.
    pub(crate) fn new(endpoint: &str, key: &str, keep: Option<&Path>) -> io::Result<Self> {
        let (endpoint, key) = (endpoint.to_owned(), key.to_owned());
        let mut builder = Builder::new();
        let folder = match keep {
            None => builder.tempdir()?,
            Some(folder) => {
                fs::create_dir_all(folder)?;
                builder.prefix("home-").disable_cleanup(true).tempdir_in(folder)?
            }
        };
        Ok(Self { folder, endpoint, key })
    }

    /// A file of the home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) -> io::Result<()> {
        fs::write(self.path(name), text)
    }

    /// Runs the binary to its end, or kills it when it takes too long.
    pub(crate) fn run(&self, args: &[String], longest: Duration) -> io::Result<Ran> {
        let (before, own_before) = cpu()?;
        let all_before = everyone()?;
        let said = self.path("stderr");
        let began = Instant::now();
        let built = || env!("CARGO_BIN_EXE_cspm").into();
        let mut child = Command::new(std::env::var_os(BINARY).unwrap_or_else(built))
            .args(args)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", "/usr/bin:/bin")
            .env("CSPM_DB", self.path("history.db"))
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", &self.key)
            .env("AWS_SECRET_ACCESS_KEY", "laboratory")
            .env("AWS_REGION", "us-east-1")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(File::create(self.path("stdout"))?)
            .stderr(File::create(&said)?)
            .spawn()?;
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut peak = 0;
        let ended = loop {
            peak = peak.max(memory(&status));
            if let Some(ended) = child.try_wait()? {
                break ended;
            }
            if began.elapsed() > longest {
                child.kill()?;
                break child.wait()?;
            }
            thread::sleep(LOOK);
        };
        let wall = began.elapsed();
        let (after, own_after) = cpu()?;
        let all = everyone()?.saturating_sub(all_before);
        let (cpu, server_cpu) =
            (after.saturating_sub(before), own_after.saturating_sub(own_before));
        let said = String::from_utf8_lossy(&fs::read(&said)?).into_owned();
        Ok(Ran {
            wall,
            cpu,
            server_cpu,
            others: all.saturating_sub(cpu + server_cpu),
            peak,
            code: ended.code().unwrap_or(-1),
            said: said.lines().rev().take(3).collect::<Vec<_>>().join(" / "),
        })
    }

    /// What the last run printed.
    pub(crate) fn printed(&self) -> io::Result<String> {
        fs::read_to_string(self.path("stdout"))
    }
}

/// CPU time of the children that ended, and of this process.
fn cpu() -> io::Result<(Duration, Duration)> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is a name in brackets, which may hold anything.
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<u32> = after.split_whitespace().map(|n| n.parse().unwrap_or(0)).collect();
    let sum = |from: usize| TICK * ticks.iter().skip(from).take(2).sum::<u32>();
    // From the third field on: utime and stime are the 14th and 15th, those of
    // the children follow.
    Ok((sum(13), sum(11)))
}

/// CPU time of all processes, but for what waits and idles.
fn everyone() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let first = stat.lines().next().unwrap_or_default();
    let ticks = first.split_whitespace().skip(1).map(|n| n.parse().unwrap_or(0_u32));
    // user, nice, system, idle, iowait, irq, softirq, steal.
    let busy = ticks.enumerate().filter(|(at, _)| [0, 1, 2, 5, 6, 7].contains(at));
    Ok(TICK * busy.map(|(_, ticks)| ticks).sum::<u32>())
}

/// The largest memory so far, in KiB.
fn memory(status: &Path) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
