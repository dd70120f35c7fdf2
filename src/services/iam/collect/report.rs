//! The credential report: made on demand, at most every four hours.
//!
//! Columns and words:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>.

use super::confirm::{self, Since};
use crate::aws::{Asked, Context, Reply, timestamp};
use crate::inventory::{Fact, GLOBAL, Gap, Gaps};
use crate::services::iam::{
    CredentialReportRow, GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT, RootReportRow,
};
use aws_sdk_iam::types::ReportStateType;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What GetCredentialReport answers while there is none to get.
const NOT_YET: &[&str] = &["ReportNotPresent", "ReportInProgress", "ReportExpired"];
/// The root user's row.
const ROOT: &str = "<root_account>";
/// Pauses between questions, at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A user's row.
pub(super) struct Row {
    pub(super) arn: String,
    pub(super) created: Option<Timestamp>,
    pub(super) facts: CredentialReportRow,
    /// What was asked since.
    pub(super) since: Since,
}

/// The root user's row.
pub(super) struct RootRow {
    pub(super) arn: String,
    pub(super) facts: RootReportRow,
}

/// The root user's row, the others by user name, and what may hide more.
pub(super) struct Report {
    pub(super) root: Option<RootRow>,
    pub(super) rows: BTreeMap<String, Row>,
    pub(super) missing: Gaps,
}

fn asked() -> Asked<'static> {
    Asked { operation: &GET_CREDENTIAL_REPORT, region: GLOBAL, about: None }
}

/// Reads the report; `None` if it is not part of the plan.
pub(super) async fn read(context: &Context) -> Option<Report> {
    let hidden = |gap: Box<Gap>| {
        Some(Report { root: None, rows: BTreeMap::new(), missing: context.gap(gap) })
    };
    match fetch(context).await {
        Reply::Known(fetched) => match parse(context, &fetched.content, fetched.generated) {
            Ok(mut report) => {
                if fetched.earlier {
                    confirm::rows(context, &mut report.rows).await;
                }
                Some(report)
            }
            Err(gap) => hidden(gap),
        },
        Reply::Gap(gap) => hidden(gap),
        Reply::Absent | Reply::NotWanted => None,
    }
}

/// A report as AWS sent it.
struct Fetched {
    content: Vec<u8>,
    generated: Timestamp,
    /// It had been made before this scan asked for one.
    earlier: bool,
}

/// Has the report made, waits for it, and fetches it.
async fn fetch(context: &Context) -> Reply<Fetched> {
    if !context.wants(&GET_CREDENTIAL_REPORT) {
        return Reply::NotWanted;
    }
    let client = context.session().iam();
    let generate = Asked { operation: &GENERATE_CREDENTIAL_REPORT, region: GLOBAL, about: None };
    let began = Instant::now();
    let mut pause = Duration::from_millis(500).min(context.patience() / 200);
    let mut earlier = true;
    loop {
        let state = context.ask(generate, || client.generate_credential_report().send()).await;
        let state = state.read(|reply| generate.must(reply.state, "State"));
        match state {
            Reply::Known(ReportStateType::Complete) => {
                let reply = context.ask(asked(), || client.get_credential_report().send()).await;
                match reply {
                    Reply::Gap(gap) if gap.has_code(NOT_YET) => {}
                    reply => {
                        return reply.read(|reply| {
                            let content = asked().must(reply.content, "Content")?;
                            let generated = reply.generated_time.as_ref().and_then(timestamp);
                            let generated = asked().must(generated, "GeneratedTime")?;
                            Ok(Fetched { content: content.into_inner(), generated, earlier })
                        });
                    }
                }
            }
            // STARTED, INPROGRESS, or a state that we do not know yet.
            Reply::Known(_) => {}
            Reply::Absent => return Reply::Absent,
            Reply::NotWanted => return Reply::NotWanted,
            Reply::Gap(gap) => return Reply::Gap(gap),
        }
        earlier = false;
        if began.elapsed() + pause > context.patience() {
            let mut gap = asked().malformed("AWS did not finish the credential report in time");
            gap.class = crate::inventory::ErrorClass::Timeout;
            return Reply::Gap(gap);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn parse(context: &Context, content: &[u8], generated: Timestamp) -> Result<Report, Box<Gap>> {
    let mut reader = csv::Reader::from_reader(content);
    let no_csv = || asked().malformed("the credential report is not a table");
    let header = reader.headers().map_err(|_| no_csv())?.clone();
    let columns: BTreeMap<&str, usize> =
        header.iter().enumerate().map(|(at, name)| (name, at)).collect();
    for needed in ["user", "arn"] {
        if !columns.contains_key(needed) {
            return Err(asked().malformed(&format!("the credential report lacks column {needed}")));
        }
    }
    let mut report = Report { root: None, rows: BTreeMap::new(), missing: Gaps::NONE };
    for record in reader.records() {
        let Ok(record) = record else {
            let gap = asked().malformed("a row of the credential report cannot be read");
            report.missing = report.missing.union(&context.gap(gap));
            continue;
        };
        let line = Line { columns: &columns, record: &record };
        let (user, arn) = (line.cell("user").unwrap_or(""), line.cell("arn").unwrap_or(""));
        if user == ROOT && !arn.is_empty() {
            let facts = root_facts(context, arn, &line, generated);
            report.root = Some(RootRow { arn: arn.to_owned(), facts });
            continue;
        }
        if user.is_empty() || arn.is_empty() {
            let gap = asked().malformed("a row of the credential report names no user");
            report.missing = report.missing.union(&context.gap(gap));
            continue;
        }
        let row = Row {
            arn: arn.to_owned(),
            created: line.cell("user_creation_time").and_then(|text| text.parse().ok()),
            facts: facts(context, arn, &line, generated),
            since: Since::default(),
        };
        report.rows.insert(user.to_owned(), row);
    }
    Ok(report)
}

/// One row, by the names of the columns.
struct Line<'a> {
    columns: &'a BTreeMap<&'a str, usize>,
    record: &'a csv::StringRecord,
}

impl<'a> Line<'a> {
    fn cell(&self, column: &str) -> Option<&'a str> {
        self.record.get(*self.columns.get(column)?)
    }
}

/// The gap of a cell that cannot be read.
fn unreadable<T>(context: &Context, arn: &str, line: &Line<'_>, column: &str) -> Fact<T> {
    let about = Asked { about: Some(arn), ..asked() };
    let message = match line.cell(column) {
        Some(text) => format!("the credential report says {text:?} for {column}"),
        None => format!("the credential report lacks column {column}"),
    };
    Fact::Unknown(context.gap(about.malformed(&message)))
}

fn date(context: &Context, arn: &str, line: &Line<'_>, column: &str) -> Fact<Timestamp> {
    match line.cell(column) {
        Some("N/A" | "no_information") => Fact::Absent,
        Some(text) => match text.parse::<Timestamp>() {
            Ok(date) => Fact::Known(date),
            Err(_) => unreadable(context, arn, line, column),
        },
        None => unreadable(context, arn, line, column),
    }
}

fn root_facts(
    context: &Context,
    arn: &str,
    line: &Line<'_>,
    generated_time: Timestamp,
) -> RootReportRow {
    let date = |column: &str| date(context, arn, line, column);
    RootReportRow {
        password_last_used: date("password_last_used"),
        access_key_1_last_used_date: date("access_key_1_last_used_date"),
        access_key_2_last_used_date: date("access_key_2_last_used_date"),
        generated_time,
    }
}

fn facts(
    context: &Context,
    arn: &str,
    line: &Line<'_>,
    generated_time: Timestamp,
) -> CredentialReportRow {
    let flag = |column: &str| match line.cell(column) {
        Some(text) if text.eq_ignore_ascii_case("true") => Fact::Known(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Fact::Known(false),
        _ => unreadable(context, arn, line, column),
    };
    let date = |column: &str| date(context, arn, line, column);
    let password_enabled = flag("password_enabled");
    // There is no date of a password that does not exist, whatever the word.
    let of_password = |column: &str| match (&password_enabled, line.cell(column)) {
        (Fact::Known(false), Some("not_supported")) => Fact::Absent,
        _ => date(column),
    };
    CredentialReportRow {
        user_creation_time: date("user_creation_time"),
        password_last_used: of_password("password_last_used"),
        password_last_changed: of_password("password_last_changed"),
        mfa_active: flag("mfa_active"),
        access_key_1_active: flag("access_key_1_active"),
        access_key_1_last_rotated: date("access_key_1_last_rotated"),
        access_key_1_last_used_date: date("access_key_1_last_used_date"),
        access_key_2_active: flag("access_key_2_active"),
        access_key_2_last_rotated: date("access_key_2_last_rotated"),
        access_key_2_last_used_date: date("access_key_2_last_used_date"),
        generated_time,
        password_enabled,
    }
}
