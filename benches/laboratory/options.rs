//! What the command line of the benchmark says.

use std::path::PathBuf;
use std::time::Duration;

/// Counts and filters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Scenarios whose names hold one of these; all if there is none.
    pub(crate) filters: Vec<String>,
    /// A tenth of everything.
    pub(crate) small: bool,
    /// One line for each operation.
    pub(crate) trace: bool,
    /// Only the names of the scenarios.
    pub(crate) list: bool,
    /// In place of the scenarios' own numbers.
    pub(crate) users: Option<usize>,
    /// Buckets.
    pub(crate) buckets: Option<usize>,
    /// Security groups.
    pub(crate) groups: Option<usize>,
    /// Instances.
    pub(crate) instances: Option<usize>,
    /// Regions.
    pub(crate) regions: Option<usize>,
    /// Tenants.
    pub(crate) tenants: Option<usize>,
    /// Resources of the large account.
    pub(crate) resources: Option<usize>,
    /// Of every call.
    pub(crate) latency: Option<Duration>,
    /// The one fault to try: kind, and operation if it is to hit one only.
    pub(crate) fault: Option<(String, Option<String>)>,
    /// Where the homes of the runs are kept, with their histories.
    pub(crate) keep: Option<PathBuf>,
    /// More arguments for `cspm scan`.
    pub(crate) scan: Vec<String>,
}

/// What the options are.
pub(crate) const HELP: &str = "cargo bench --bench laboratory [-- [FILTER...] [OPTION...]]

FILTER is a part of a scenario's name; `small` divides all counts by ten.
  --list               the scenarios
  --users N --buckets N --groups N --instances N --regions N
  --tenants N          of the scenario `tenants`
  --resources N        of the scenarios `memory`, `log-groups` and `judge`
  --latency MS         of every call
  --trace              one line for each operation
  --fault KIND[@SERVICE:OPERATION]
                       only this one in the scenario `faults`
  --keep DIR           keep the home of every run there: its history, and what it printed
  --scan-arg ARG       one more argument for `cspm scan`; may be repeated

CSPM_BINARY names the binary to measure, if not the one that Cargo has just
built; the laboratory itself needs no AWS: --no-default-features builds it soon.";

impl Options {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            let number = |text: String| {
                text.parse().map(Some).map_err(|_| format!("{text} is not a number"))
            };
            match argument.as_str() {
                // Cargo says that to every benchmark.
                "--bench" => {}
                "--help" => return Err(HELP.to_owned()),
                "--list" => options.list = true,
                "--trace" => options.trace = true,
                "small" => options.small = true,
                "--users" => options.users = number(value()?)?,
                "--buckets" => options.buckets = number(value()?)?,
                "--groups" => options.groups = number(value()?)?,
                "--instances" => options.instances = number(value()?)?,
                "--regions" => options.regions = number(value()?)?,
                "--tenants" => options.tenants = number(value()?)?,
                "--resources" => options.resources = number(value()?)?,
                "--latency" => {
                    let text = value()?;
                    let ms = text.parse().map_err(|_| format!("{text} is not a number"))?;
                    options.latency = Some(Duration::from_millis(ms));
                }
                "--fault" => {
                    let text = value()?;
                    options.fault = Some(match text.split_once('@') {
                        Some((kind, operation)) => (kind.to_owned(), Some(operation.to_owned())),
                        None => (text, None),
                    });
                }
                "--keep" => {
                    // The scanner runs in its home: a relative folder would lie there.
                    let folder = std::path::absolute(value()?);
                    options.keep = Some(folder.map_err(|error| error.to_string())?);
                }
                "--scan-arg" => options.scan.push(value()?),
                option if option.starts_with('-') => {
                    return Err(format!("there is no option {option}\n\n{HELP}"));
                }
                _ => options.filters.push(argument),
            }
        }
        Ok(options)
    }

    /// Whether a scenario is asked for.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|part| name.contains(part.as_str()))
    }
}
