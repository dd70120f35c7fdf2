//! What is measured.

use super::account::{Account, REGIONS, Shape};
use super::faults;
use super::lab::{Failed, Measured, scan};
use super::options::Options;
use super::rates::Throttling;
use super::scanner::Home;
use super::server::Conditions;
use super::table::{Row, megabytes};
use std::fs;
use std::time::Duration;

/// A scenario: its name, what it shows, and how.
pub(crate) struct Scenario {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    /// Runs it.
    pub(crate) run: fn(&str, &Options) -> Result<Row, Failed>,
}

/// All of them.
pub(crate) const SCENARIOS: [Scenario; 10] = [
    Scenario {
        name: "account",
        about: "1,000 users, buckets and instances, 2,000 security groups, 17 regions",
        run: |name, options| account(name, options, Throttling::Off),
    },
    Scenario {
        name: "throttled",
        about: "the same, throttled at AWS's documented rates",
        run: |name, options| account(name, options, Throttling::Documented),
    },
    Scenario {
        name: "hidden-limits",
        about: "the same, with assumed limits where AWS documents none: S3 200/s, IAM 20/s, others 10/s",
        run: |name, options| account(name, options, Throttling::Hidden),
    },
    Scenario {
        name: "seeded",
        about: "300 users, buckets, security groups and instances in us-east-1, eleven services",
        run: seeded,
    },
    Scenario { name: "memory", about: "100,000 resources, without latency", run: memory },
    Scenario {
        name: "log-groups",
        about: "285,000 log groups in one region, in pages of 5,000, without latency",
        run: log_groups,
    },
    Scenario { name: "judge", about: "the same from a snapshot", run: judge },
    Scenario { name: "tenants", about: "200 small tenants in one run", run: tenants },
    Scenario { name: "rules-list", about: "cspm rules list, the best of ten", run: rules_list },
    Scenario {
        name: "faults",
        about: "calls that fail in every way: no verdict may change but to unknown",
        run: faults::all,
    },
];

/// The account that is scanned.
pub(crate) const TENANT: &str = "123456789012";

/// One account with options taken in.
pub(crate) fn one(mut shape: Shape, options: &Options) -> Account {
    if options.small {
        shape = shape.divided(10);
    }
    shape.users = options.users.unwrap_or(shape.users);
    shape.buckets = options.buckets.unwrap_or(shape.buckets);
    shape.security_groups = options.groups.unwrap_or(shape.security_groups);
    shape.instances = options.instances.unwrap_or(shape.instances);
    if let Some(count) = options.regions {
        shape.regions = REGIONS.iter().take(count.max(1)).copied().collect();
    }
    Account { id: TENANT.to_owned(), shape }
}

fn conditions(options: &Options, ms: u64, throttling: Throttling) -> Conditions {
    let latency = options.latency.unwrap_or(Duration::from_millis(ms));
    Conditions { latency, throttling, fault: None }
}

/// The tenant's name in the tenants file.
pub(crate) fn tenant() -> String {
    format!("t{TENANT}")
}

fn share(part: u64, whole: u64) -> f64 {
    let number = |n: u64| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    number(part) / number(whole).max(1.0)
}

fn account(name: &str, options: &Options, throttling: Throttling) -> Result<Row, Failed> {
    let shape = Shape {
        user_groups: 300,
        roles: 200,
        policies: 100,
        access_points: 34,
        security_groups: 2000,
        volumes: 1000,
        snapshots: 400,
        images: 34,
        templates: 34,
        rare: 17,
        common: 340,
        others: 34,
        log_groups: 1000,
        trails: 2,
        ..Shape::seeded(1000, 17)
    };
    let account = one(shape, options);
    let conditions = conditions(options, 40, throttling);
    let (measured, _home) = scan(&[account], conditions, &["--tenant", &tenant()], options)?;
    let row = Row::of(name, &measured).goal("wall over bound", measured.ratio(), 1.3);
    Ok(match throttling {
        Throttling::Off => row,
        _ => {
            let part = share(measured.record.throttled(), measured.record.requests());
            row.goal("throttled, in percent", part * 100.0, 2.0)
        }
    })
}

/// The services that are compared; those of VPCs and volumes are EC2.
const SEEDED: [&str; 11] =
    ["cloudtrail", "config", "ebs", "ec2", "eks", "guardduty", "iam", "kms", "rds", "s3", "vpc"];

fn seeded(name: &str, options: &Options) -> Result<Row, Failed> {
    // Three clusters and databases, eight keys, as the script makes them.
    let shape = Shape { common: 8, others: 3, ..Shape::seeded(300, 1) };
    let account = one(shape, options);
    let conditions = conditions(options, 40, Throttling::Off);
    let name_of_tenant = tenant();
    let mut args = vec!["--tenant", &name_of_tenant, "--region", "us-east-1"];
    SEEDED.iter().for_each(|service| args.extend(["--service", service]));
    let (measured, _home) = scan(&[account], conditions, &args, options)?;
    Ok(Row::of(name, &measured)
        .goal("requests", share(measured.record.requests(), 1), 3350.0)
        .goal("CPU seconds", measured.ran.cpu.as_secs_f64(), 3.0)
        .goal("MB", megabytes(measured.ran.peak), 60.0))
}

/// What a large account is made of, for each 100 resources.
fn large(options: &Options) -> Account {
    let resources = options.resources.unwrap_or(100_000);
    let part = |percent: usize| resources * percent / 100;
    let shape = Shape {
        user_groups: 300,
        roles: part(10),
        policies: part(5),
        buckets: part(1),
        instances: part(2),
        security_groups: part(20),
        volumes: part(26),
        snapshots: part(10),
        images: part(5),
        templates: part(5),
        rare: 17,
        common: part(1),
        others: part(1) / 10,
        log_groups: part(2),
        ..Shape::seeded(part(10), 17)
    };
    one(shape, options)
}

fn memory(name: &str, options: &Options) -> Result<Row, Failed> {
    let conditions = conditions(options, 0, Throttling::Off);
    let args = ["--tenant", &tenant()];
    let (measured, _home) = scan(&[large(options)], conditions, &args, options)?;
    Ok(Row::of(name, &measured).goal("MB", megabytes(measured.ran.peak), 400.0))
}

/// Pages are larger than AWS's: at the polite half of the documented rate,
/// pages of 50 take nineteen minutes. What a page holds is held in memory.
fn log_groups(name: &str, options: &Options) -> Result<Row, Failed> {
    let log_groups = options.resources.unwrap_or(285_000);
    let shape = Shape { log_groups, stretch: 100, ..Shape::seeded(1, 1) };
    let conditions = conditions(options, 0, Throttling::Off);
    let args = ["--tenant", &tenant(), "--region", "us-east-1"];
    let (measured, _home) = scan(&[one(shape, options)], conditions, &args, options)?;
    Ok(Row::of(name, &measured).goal("MB", megabytes(measured.ran.peak), 400.0))
}

fn judge(name: &str, options: &Options) -> Result<Row, Failed> {
    let conditions = conditions(options, 0, Throttling::Off);
    let args = ["--tenant", &tenant(), "--save-snapshot", "large.jsonl"];
    let (live, home) = scan(&[large(options)], conditions, &args, options)?;
    let snapshot = fs::read_to_string(home.path("large.jsonl"))?;
    let resources = snapshot.lines().filter(|line| line.contains("\"resource\"")).count();
    fs::remove_file(home.path("history.db"))?;
    let args = ["scan", "--fail-on", "none", "--snapshot", "large.jsonl"].map(str::to_owned);
    let ran = home.run(&args, Duration::from_secs(600))?;
    if ran.code != 0 {
        return Err(format!("judging ended with {}: {}", ran.code, ran.said).into());
    }
    let (verdicts, _) = super::lab::verdicts(&home)?;
    let judged: u64 = verdicts.values().sum();
    let each = ran.cpu.as_secs_f64() * 1e6 / share(judged, 1).max(1.0);
    let note = format!(
        "{resources} resources, {} MB of snapshot, {judged} verdicts: {:.2} s wall, {:.2} s CPU, \
         {:.0} MB peak",
        snapshot.len() >> 20,
        ran.wall.as_secs_f64(),
        ran.cpu.as_secs_f64(),
        megabytes(ran.peak)
    );
    let mut row = Row::plain(name, note);
    if verdicts != live.verdicts {
        row.wrong
            .push(format!("judged live: {:?}, from the snapshot: {verdicts:?}", live.verdicts));
    }
    let row = row.goal("microseconds of CPU a verdict", each, 5.0);
    Ok(row.goal("MB", megabytes(ran.peak), 400.0))
}

fn tenants(name: &str, options: &Options) -> Result<Row, Failed> {
    let count = options.tenants.unwrap_or(if options.small { 20 } else { 200 });
    let few = 10.min(count);
    let many = of_tenants(count, options)?;
    let first = of_tenants(few, options)?;
    let row = Row::of(name, &many).goal("wall over bound", many.ratio(), 1.3);
    let more = megabytes(many.ran.peak.saturating_sub(first.ran.peak));
    let each = more / share(u64::try_from(count - few)?, 1).max(1.0);
    Ok(row.goal("MB a tenant beyond the first ten", each, 1.0))
}

fn of_tenants(count: usize, options: &Options) -> Result<Measured, Failed> {
    let shape = Shape {
        roles: 5,
        vpcs: 1,
        trails: 1,
        volumes: 4,
        snapshots: 4,
        common: 4,
        ..Shape::seeded(4, 4)
    };
    let accounts: Vec<Account> = (0..count)
        .map(|number| Account { id: format!("2{number:011}"), shape: shape.clone() })
        .collect();
    let names: Vec<String> = accounts.iter().map(|account| format!("t{}", account.id)).collect();
    let mut args = Vec::new();
    if scan_has("--all")? {
        args.push("--all");
    } else {
        names.iter().for_each(|name| args.extend(["--tenant", name.as_str()]));
    }
    let conditions = conditions(options, 40, Throttling::Off);
    Ok(scan(&accounts, conditions, &args, options)?.0)
}

/// Whether `cspm scan` knows an option.
pub(crate) fn scan_has(option: &str) -> Result<bool, Failed> {
    let home = Home::new("", "", None)?;
    home.run(&["scan", "--help"].map(str::to_owned), Duration::from_secs(60))?;
    Ok(home.printed()?.contains(option))
}

fn rules_list(name: &str, _options: &Options) -> Result<Row, Failed> {
    let home = Home::new("", "", None)?;
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let ran = home.run(&["rules", "list"].map(str::to_owned), Duration::from_secs(60))?;
        if ran.code != 0 {
            return Err(format!("cspm rules list ended with {}: {}", ran.code, ran.said).into());
        }
        best = best.min(ran.wall);
    }
    let ms = best.as_secs_f64() * 1000.0;
    Ok(Row::plain(name, format!("{ms:.0} ms, the best of ten")).goal("ms", ms, 60.0))
}
