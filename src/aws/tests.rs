//! Gate, sessions and regions, at the wire.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::wire::{ACCOUNT, Answer, Request, Wire, caller, ec2_error, ok, query, query_error};
use super::{
    Aws, ExternalId, Failure, FailureKind, Login, Probe, Refusal, Session, SessionErrorKind,
};
use crate::inventory::ErrorClass;
use crate::services::aws::DESCRIBE_REGIONS;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use std::sync::atomic::{AtomicUsize, Ordering};

const ROLE: &str = "arn:aws:iam::123456789012:role/audit";
const EXTERNAL_ID: &str = "fixture-external-id";

fn login(role: bool) -> Login {
    Login {
        account_id: ACCOUNT.to_owned(),
        role_arn: role.then(|| ROLE.to_owned()),
        external_id: role.then(|| ExternalId::new(EXTERNAL_ID)),
        profile: None,
    }
}

fn assumed(expiration: &str) -> Answer {
    query(
        "AssumeRole",
        &format!(
            "<Credentials><AccessKeyId>ASIAFIXTUREFIXTURE00</AccessKeyId><SecretAccessKey>\
             fixture-role-secret</SecretAccessKey><SessionToken>fixture-token</SessionToken>\
             <Expiration>{expiration}</Expiration></Credentials><AssumedRoleUser><Arn>\
             arn:aws:sts::123456789012:assumed-role/audit/cspm</Arn><AssumedRoleId>A:cspm\
             </AssumedRoleId></AssumedRoleUser>"
        ),
    )
}

/// STS with a role that knows its external id.
fn sts(request: &Request) -> Option<Answer> {
    match request.operation().as_str() {
        "AssumeRole" if request.parameter("ExternalId") == Some(EXTERNAL_ID) => {
            Some(assumed("2100-01-01T00:00:00Z"))
        }
        "AssumeRole" => Some(denied()),
        "GetCallerIdentity" if request.headers.contains_key("x-amz-security-token") => {
            Some(caller(ACCOUNT, "arn:aws:sts::123456789012:assumed-role/audit/cspm"))
        }
        "GetCallerIdentity" => Some(caller("999999999999", "arn:aws:iam::999999999999:user/op")),
        _ => None,
    }
}

fn denied() -> Answer {
    query_error(403, "AccessDenied", "User: op is not authorized to perform: sts:AssumeRole")
}

#[tokio::test]
async fn a_role_is_taken_by_name_and_its_account_checked() {
    let wire = Wire::start(sts);
    let aws = wire.aws().await;
    let session = Session::open(&aws, &login(true)).await.unwrap();
    assert_eq!(session.account(), ACCOUNT);
    assert_eq!(session.partition(), "aws");
    assert_eq!(session.caller_arn(), "arn:aws:sts::123456789012:assumed-role/audit/cspm");
    assert_eq!(session.operator_arn(), Some("arn:aws:iam::999999999999:user/op"));
    let requests = wire.requests();
    let operations: Vec<_> = requests.iter().map(Request::operation).collect();
    assert_eq!(operations, ["GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]);
    let assume = requests.get(1).unwrap();
    assert_eq!(assume.parameter("RoleSessionName"), Some("cspm"));
    assert_eq!(assume.parameter("DurationSeconds"), Some("3600"));
    let agent = assume.headers.get("user-agent").unwrap();
    assert!(agent.contains("app/cspm"), "{agent}");
    assert_eq!(session.stats().api_calls(), 3);
    let shown = format!("{session:?} {:?} {:?}", login(true), aws);
    for secret in [EXTERNAL_ID, "fixture-role-secret", "fixture-token", "fixture-secret-key"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn credentials_are_refreshed_before_they_run_out() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "AssumeRole" => Some(assumed("2001-01-01T00:00:00Z")),
        "DescribeRegions" => Some(ok(REGIONS)),
        _ => sts(request),
    });
    let session = Session::open(&wire.aws().await, &login(true)).await.unwrap();
    let regions = session.regions(&[]).await.unwrap();
    assert_eq!(regions.gap, None);
    assert!(wire.count("AssumeRole") > 1, "{}", wire.count("AssumeRole"));
}

#[tokio::test]
async fn each_failure_of_a_session_has_its_kind() {
    let expired = || query_error(403, "ExpiredToken", "The security token has expired");
    let cases: Vec<(&str, Answer, SessionErrorKind)> = vec![
        ("AssumeRole", denied(), SessionErrorKind::AssumeRoleDenied),
        (
            "GetCallerIdentity",
            query_error(403, "InvalidClientTokenId", "The security token is invalid."),
            SessionErrorKind::InvalidToken,
        ),
        ("GetCallerIdentity", expired(), SessionErrorKind::ExpiredToken),
        (
            "AssumeRole",
            query_error(403, "RegionDisabledException", "STS is not activated in this region"),
            SessionErrorKind::RegionDisabled,
        ),
        ("AssumeRole", Answer::Reset, SessionErrorKind::Network),
        (
            "AssumeRole",
            query_error(400, "Throttling", "Rate exceeded"),
            SessionErrorKind::Throttled,
        ),
        ("AssumeRole", query_error(400, "ValidationError", "no"), SessionErrorKind::Other),
        ("AssumeRole", query("AssumeRole", ""), SessionErrorKind::Other),
        ("GetCallerIdentity", query("GetCallerIdentity", ""), SessionErrorKind::Other),
    ];
    for (operation, answer, kind) in cases {
        let wire = Wire::start(move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { sts(request) }
        });
        let error = Session::open(&wire.aws().await, &login(true)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{operation}: {error:?}");
        assert_eq!(error.operation, format!("sts:{operation}"));
        if operation == "AssumeRole" {
            assert_eq!(error.role_arn.as_deref(), Some(ROLE));
            assert_eq!(error.caller_arn.as_deref(), Some("arn:aws:iam::999999999999:user/op"));
        }
    }
}

#[tokio::test]
async fn another_account_is_refused() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "GetCallerIdentity" => Some(caller("210987654321", "arn:aws:iam::210987654321:user/x")),
        _ => None,
    });
    let error = Session::open(&wire.aws().await, &login(false)).await.unwrap_err();
    let kind = SessionErrorKind::WrongAccount {
        expected: ACCOUNT.to_owned(),
        found: "210987654321".to_owned(),
    };
    assert_eq!(error.kind, kind);
}

#[tokio::test]
async fn an_error_that_quotes_the_external_id_loses_it() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "AssumeRole" => {
            let message = format!("Value '{EXTERNAL_ID}' at 'externalId' failed");
            Some(query_error(400, "ValidationError", &message))
        }
        _ => sts(request),
    });
    let error = Session::open(&wire.aws().await, &login(true)).await.unwrap_err();
    assert_eq!(error.message, "Value '***' at 'externalId' failed");
    assert!(!format!("{error:?}").contains(EXTERNAL_ID));
}

#[tokio::test]
async fn a_probe_tells_whether_the_external_id_is_checked() {
    let wrong = ExternalId::new("wrong-one");
    let strict = Wire::start(sts);
    let probe = Probe::run(&strict.aws().await, &login(true), &wrong).await;
    assert_eq!(probe, Some(Probe { without: Refusal::Refused, wrong: Refusal::Refused }));
    let sent: Vec<_> =
        strict.requests().iter().map(|r| r.parameters.get("ExternalId").cloned()).collect();
    assert_eq!(sent, [None, Some("wrong-one".to_owned())]);

    let lax = Wire::start(|request| match request.operation().as_str() {
        "AssumeRole" if request.parameter("ExternalId").is_none() => {
            Some(assumed("2100-01-01T00:00:00Z"))
        }
        "AssumeRole" => Some(query_error(400, "ValidationError", "no")),
        _ => None,
    });
    let probe = Probe::run(&lax.aws().await, &login(true), &wrong).await.unwrap();
    assert_eq!(probe.without, Refusal::LetIn);
    assert!(matches!(probe.wrong, Refusal::Unknown(_)));
    assert_eq!(Probe::run(&lax.aws().await, &login(false), &wrong).await, None);
}

const REGIONS: &str = "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
    <requestId>r</requestId><regionInfo>\
    <item><regionName>us-east-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>\
    <item><regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>\
    <item><regionName>af-south-1</regionName><optInStatus>opted-in</optInStatus></item>\
    <item><regionName>cn-north-1</regionName><optInStatus>opted-in</optInStatus></item>\
    </regionInfo></DescribeRegionsResponse>";

#[tokio::test]
async fn the_enabled_regions_are_read_and_the_others_named() {
    let wire =
        Wire::start(|request| (request.operation() == "DescribeRegions").then(|| ok(REGIONS)));
    let regions = wire.session().await.regions(&[]).await.unwrap();
    assert_eq!(regions.read, ["af-south-1", "us-east-1"]);
    assert_eq!(regions.skipped.keys().collect::<Vec<_>>(), ["me-south-1"]);
    assert!(!regions.chosen);
}

#[tokio::test]
async fn a_chosen_region_that_aws_does_not_have_is_refused() {
    let wire =
        Wire::start(|request| (request.operation() == "DescribeRegions").then(|| ok(REGIONS)));
    let session = wire.session().await;
    let choose = |name: &str| [name.to_owned(), "eu-west-1".to_owned()];
    let wrong = session.regions(&choose("us-esat-1")).await.unwrap_err();
    assert_eq!((wrong.name.as_str(), wrong.near.as_deref()), ("us-esat-1", Some("us-east-1")));
    // Not enabled is another matter: each call is told so.
    let chosen = ["me-south-1".to_owned(), "us-east-1".to_owned()];
    assert_eq!(session.regions(&chosen).await.unwrap().read, chosen);
    assert_eq!(wire.count("DescribeRegions"), 2);

    // Where AWS does not say, a region may be a new one.
    let wire = Wire::start(|request| {
        let refused = || ec2_error(403, "UnauthorizedOperation", "You are not authorized.");
        (request.operation() == "DescribeRegions").then(refused)
    });
    let new = ["xx-new-1".to_owned()];
    assert_eq!(wire.session().await.regions(&new).await.unwrap().read, new);
    assert_eq!(wire.count("DescribeRegions"), 1);
}

#[tokio::test]
async fn regions_that_every_account_has_need_no_call() {
    let wire = Wire::start(|_| None);
    let session = wire.session().await;
    let chosen = ["eu-west-1".to_owned(), "eu-central-1".to_owned(), "eu-west-1".to_owned()];
    let regions = session.regions(&chosen).await.unwrap();
    assert_eq!(regions.read, ["eu-central-1", "eu-west-1"]);
    assert!(regions.chosen);
    assert_eq!(wire.count("DescribeRegions"), 0);
}

#[tokio::test]
async fn refused_regions_are_a_gap_and_those_that_all_have() {
    let refused = ec2_error(403, "UnauthorizedOperation", "You are not authorized.");
    let cut = ok("<DescribeRegionsResponse><requestId>r</requestId></DescribeRegionsResponse>");
    for (answer, class) in [(refused, ErrorClass::AccessDenied), (cut, ErrorClass::Malformed)] {
        let wire = Wire::start(move |request| {
            (request.operation() == "DescribeRegions").then(|| answer.clone())
        });
        let regions = wire.session().await.regions(&[]).await.unwrap();
        assert_eq!(regions.read.len(), 17);
        let gap = regions.gap.unwrap();
        assert_eq!((gap.class, gap.operation.as_str()), (class, "ec2:DescribeRegions"));
    }
}

async fn describe_regions(session: &Session) -> Result<usize, Failure> {
    let client = session.ec2("eu-west-1");
    let reply =
        session.call(&DESCRIBE_REGIONS, "eu-west-1", || client.describe_regions().send()).await?;
    Ok(reply.regions.map_or(0, |regions| regions.len()))
}

/// Answers `first` as often as `times`, then well.
fn flaky(first: Answer, times: usize) -> Wire {
    let seen = AtomicUsize::new(0);
    Wire::start(move |request| {
        (request.operation() == "DescribeRegions").then(|| {
            if seen.fetch_add(1, Ordering::SeqCst) < times { first.clone() } else { ok(REGIONS) }
        })
    })
}

#[tokio::test]
async fn what_passes_is_tried_again_and_counted() {
    let slow = || ec2_error(503, "RequestLimitExceeded", "Request limit exceeded.");
    for (answer, class) in [
        (slow(), ErrorClass::Throttled),
        (Answer::Reply(500, "<html>Internal</html>".to_owned()), ErrorClass::ServerError),
        (Answer::Reset, ErrorClass::Network),
        (Answer::Half(REGIONS.to_owned()), ErrorClass::Network),
        (Answer::Stall, ErrorClass::Timeout),
    ] {
        let wire = flaky(answer.clone(), 1);
        let session = wire.session().await;
        assert_eq!(describe_regions(&session).await.unwrap(), 4, "{answer:?}");
        let stats = session.stats();
        let stats = stats.operations.get("ec2:DescribeRegions").unwrap();
        assert_eq!((stats.calls, stats.attempts, stats.retries), (1, 2, 1), "{answer:?}");
        assert_eq!(stats.failed.get(&class), Some(&1), "{answer:?} {stats:?}");
        assert_eq!(stats.throttled, u64::from(class == ErrorClass::Throttled));
    }
}

#[tokio::test]
async fn what_does_not_pass_is_tried_as_often_as_allowed() {
    for (code, status, times) in [
        ("RequestLimitExceeded", 503, 4),
        ("InternalError", 500, 3),
        ("UnauthorizedOperation", 403, 1),
    ] {
        let wire = flaky(ec2_error(status, code, "no"), 100);
        let session = wire.session().await;
        let failure = describe_regions(&session).await.unwrap_err();
        assert_eq!(failure.code.as_deref(), Some(code));
        assert_eq!(wire.count("DescribeRegions"), times, "{code}");
    }
}

#[tokio::test]
async fn replies_that_cannot_be_read_are_malformed() {
    let cut = REGIONS.split("<item><regionName>af").next().unwrap().to_owned();
    for body in ["<DescribeRegionsResponse><reg", "{}", "", &cut] {
        let wire = flaky(ok(body), 100);
        let session = wire.session().await;
        let failure = describe_regions(&session).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Malformed, "{body:?}: {failure:?}");
    }
}

#[tokio::test]
async fn no_more_requests_are_in_flight_than_allowed() {
    let now = std::sync::Arc::new(AtomicUsize::new(0));
    let most = std::sync::Arc::new(AtomicUsize::new(0));
    let (inside, peak) = (now.clone(), most.clone());
    let wire = Wire::start(move |request| {
        (request.operation() == "DescribeRegions").then(|| {
            peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(5));
            inside.fetch_sub(1, Ordering::SeqCst);
            ok(REGIONS)
        })
    });
    let base = wire.aws().await;
    let limits = super::Limits { in_flight: 3, ..*base.gate().limits() };
    let aws = Aws::new(limits);
    aws.set_base(base.base(None).await).await;
    let session = std::sync::Arc::new(Session::open(&aws, &login(false)).await.unwrap());
    let mut fan = super::FanOut::new(20);
    for _ in 0..20 {
        let session = session.clone();
        fan.add(async move {
            describe_regions(&session).await.unwrap();
        })
        .await;
    }
    fan.finish().await.unwrap();
    assert!(most.load(Ordering::SeqCst) <= 3, "{most:?}");
}

#[tokio::test]
async fn one_accounts_throttling_is_not_anothers() {
    let wire = flaky(ec2_error(503, "RequestLimitExceeded", "slow"), 2);
    let aws = wire.aws().await;
    let throttled = Session::open(&aws, &login(false)).await.unwrap();
    describe_regions(&throttled).await.unwrap();
    let (mine, other) = (aws.gate().stats_of(ACCOUNT), aws.gate().stats_of("other"));
    assert_eq!(mine.operations.get("ec2:DescribeRegions").unwrap().throttled, 2);
    assert_eq!(other.api_calls(), 0);
    assert_eq!(aws.gate().stats(), mine);
}

#[tokio::test]
async fn a_throttled_account_keeps_no_other_waiting() {
    let wire = Wire::start(|request| {
        let throttled = request.headers.get("authorization")?.contains("AKIATHROTTLED");
        (request.operation() == "DescribeRegions").then(|| match throttled {
            true => ec2_error(503, "RequestLimitExceeded", "slow"),
            false => ok(REGIONS),
        })
    });
    let base = wire.aws().await;
    let aws = Aws::new(super::Limits { in_flight: 2, ..*base.gate().limits() });
    let own = base.base(None).await;
    let keys = |id| aws_credential_types::Credentials::new(id, "secret", None, None, "fixture");
    let session = async |id: &'static str| {
        let provider = SharedCredentialsProvider::new(keys(id));
        let config = own.clone().into_builder().credentials_provider(provider).build();
        aws.set_base(config).await;
        std::sync::Arc::new(Session::open(&aws, &login(false)).await.unwrap())
    };
    let slow = session("AKIATHROTTLED").await;
    let stuck: Vec<_> = (0..50)
        .map(|_| {
            let slow = slow.clone();
            tokio::spawn(async move {
                let client = slow.ec2("eu-west-1");
                let asked = slow.gate().call("slow", "eu-west-1", &DESCRIBE_REGIONS, || {
                    client.describe_regions().send()
                });
                asked.await.is_ok()
            })
        })
        .collect();
    let free = session("AKIAFREE").await;
    for _ in 0..30 {
        let client = free.ec2("eu-west-1");
        let asked = free
            .gate()
            .call("free", "eu-west-1", &DESCRIBE_REGIONS, || client.describe_regions().send());
        asked.await.unwrap();
    }
    assert!(stuck.iter().any(|task| !task.is_finished()), "the other one still waits");
    assert_eq!(aws.gate().stats_of("free").operations["ec2:DescribeRegions"].throttled, 0);
    assert!(aws.gate().stats_of("slow").operations["ec2:DescribeRegions"].throttled > 0);
    stuck.iter().for_each(tokio::task::JoinHandle::abort);
}

/// Each call to it would wait for its timeout, again and again.
#[tokio::test]
async fn an_endpoint_that_answers_nothing_is_given_up() {
    let wire =
        Wire::start(|request| (request.operation() == "DescribeRegions").then_some(Answer::Stall));
    let base = wire.aws().await;
    let limits = super::Limits {
        in_flight: 8,
        attempt_timeout: std::time::Duration::from_millis(300),
        ..*base.gate().limits()
    };
    let aws = Aws::new(limits);
    aws.set_base(base.base(None).await).await;
    let session = std::sync::Arc::new(Session::open(&aws, &login(false)).await.unwrap());
    let failures = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut fan = super::FanOut::new(50);
    for _ in 0..400 {
        let (session, failures) = (session.clone(), failures.clone());
        fan.add(async move {
            let failure = describe_regions(&session).await.unwrap_err();
            failures.lock().unwrap().push(failure);
        })
        .await;
    }
    fan.finish().await.unwrap();
    let failures = std::mem::take(&mut *failures.lock().unwrap());
    assert!(failures.iter().all(|failure| failure.kind == FailureKind::Timeout), "{failures:?}");
    assert!(failures.iter().any(|failure| failure.message.contains("not asked: ec2 in eu-west-1")));
    let asked = wire.count("DescribeRegions");
    assert!(asked < 400, "{asked} requests for 400 calls of up to 3 attempts");
    // Other endpoints, and other accounts, are asked as ever.
    let client = session.ec2("eu-west-2");
    let other = session
        .gate()
        .call("other", "eu-west-1", &DESCRIBE_REGIONS, || client.describe_regions().send());
    other.await.unwrap_err();
    assert!(wire.count("DescribeRegions") > asked);
}

#[tokio::test]
async fn all_accounts_together_keep_the_total_rate() {
    let wire =
        Wire::start(|request| (request.operation() == "DescribeRegions").then(|| ok(REGIONS)));
    let base = wire.aws().await;
    let aws = Aws::new(super::Limits { max_rps: Some(50.0), ..*base.gate().limits() });
    aws.set_base(base.base(None).await).await;
    let began = std::time::Instant::now();
    let session = Session::open(&aws, &login(false)).await.unwrap();
    for account in ["one", "other"] {
        for _ in 0..10 {
            let client = session.ec2("eu-west-1");
            let asked = session
                .gate()
                .call(account, "eu-west-1", &DESCRIBE_REGIONS, || client.describe_regions().send());
            asked.await.unwrap();
        }
    }
    // 21 requests, of which 5 may go at once: a lower bound, whatever else runs.
    assert!(began.elapsed() >= std::time::Duration::from_millis(16 * 20 - 1));
}

/// A provider that finds nothing, as the default chain on a bare machine.
#[derive(Debug)]
struct Nothing;

impl ProvideCredentials for Nothing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("nothing found")))
    }
}

#[tokio::test]
async fn without_credentials_the_error_says_so() {
    let wire = Wire::start(|_| None);
    let aws = wire.aws().await;
    let base = aws.base(None).await.into_builder();
    let base = base.credentials_provider(SharedCredentialsProvider::new(Nothing)).build();
    aws.set_base(base).await;
    let error = Session::open(&aws, &login(false)).await.unwrap_err();
    assert_eq!(error.kind, SessionErrorKind::NoCredentials, "{error:?}");
    assert!(wire.requests().is_empty());
}
