//! Sessions: temporary credentials for one account, checked before use.

use super::classify::meaning;
use super::clients::Clients;
use super::credentials::{Aws, Login, RoleCredentials, RoleRequest};
use super::emulator::NamedRoots;
use super::endpoint::needs_path_style;
use super::failure::{Failure, FailureKind};
use super::gate::Gate;
use super::regions::home_region;
use super::reply::Whole;
use super::stats::Stats;
use crate::inventory::arn::partition_of_region;
use crate::inventory::{ErrorClass, Meaning, Operation};
use crate::services::aws::GET_CALLER_IDENTITY;
use aws_config::Region;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::config::IdentityCache;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

/// The name of every session, by which defenders tell us from an attacker. The
/// user agent carries it, too.
pub const SESSION_NAME: &str = "cspm";

/// How long before a session ends it is refreshed.
const REFRESH_BEFORE: Duration = Duration::from_secs(300);

/// Why a session could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionErrorKind {
    /// The SDK's chain found no credentials.
    NoCredentials,
    /// AWS refused the role: its trust policy, its external id, or the
    /// caller's permission.
    AssumeRoleDenied,
    /// AWS does not know the credentials.
    InvalidToken,
    /// The credentials have expired.
    ExpiredToken,
    /// The session is of another account.
    WrongAccount {
        /// The account of the tenants file.
        expected: String,
        /// The account that AWS says it is.
        found: String,
    },
    /// The region that was asked is not enabled for the account.
    RegionDisabled,
    /// No connection, or no answer in time.
    Network,
    /// AWS asked to slow down, more often than we retry.
    Throttled,
    /// Anything else.
    Other,
}

/// A session could not be opened. Holds what there is to say about it, and
/// never a credential or an external id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SessionError {
    /// Why.
    pub kind: SessionErrorKind,
    /// The operation that failed, as `service:Name`.
    pub operation: String,
    /// The region that was asked.
    pub region: String,
    /// The role that was asked for, if any.
    pub role_arn: Option<String>,
    /// Who asked, if AWS had said so before.
    pub caller_arn: Option<String>,
    /// The service's error code, if it sent one.
    pub code: Option<String>,
    /// The service's message, or ours.
    pub message: String,
}

impl SessionError {
    /// What a failed call of STS means for the session.
    pub(crate) fn from_failure(failure: &Failure, operation: &Operation, region: &str) -> Self {
        if let Some(session) = &failure.session {
            return (**session).clone();
        }
        let kind = match failure.kind {
            FailureKind::NoCredentials => SessionErrorKind::NoCredentials,
            FailureKind::Credentials => SessionErrorKind::Other,
            _ => match meaning(operation, region, failure) {
                Meaning::Class(
                    ErrorClass::AccessDenied
                    | ErrorClass::OrganizationDenied
                    | ErrorClass::ResourcePolicyDenied,
                ) if operation.name == "AssumeRole" => SessionErrorKind::AssumeRoleDenied,
                Meaning::Class(ErrorClass::InvalidToken) => SessionErrorKind::InvalidToken,
                Meaning::Class(ErrorClass::ExpiredToken) => SessionErrorKind::ExpiredToken,
                Meaning::Class(ErrorClass::RegionDisabled) => SessionErrorKind::RegionDisabled,
                Meaning::Class(ErrorClass::Network | ErrorClass::Timeout) => {
                    SessionErrorKind::Network
                }
                Meaning::Class(ErrorClass::Throttled) => SessionErrorKind::Throttled,
                _ => SessionErrorKind::Other,
            },
        };
        // The SDK tells of each place where it looked, in its own words.
        let message = match kind {
            SessionErrorKind::NoCredentials => "Unable to locate credentials".to_owned(),
            _ => failure.message.clone(),
        };
        Self {
            kind,
            operation: operation.id(),
            region: region.to_owned(),
            role_arn: None,
            caller_arn: None,
            code: failure.code.clone(),
            message,
        }
    }

    pub(crate) fn of_role(mut self, role_arn: &str) -> Self {
        self.role_arn = Some(role_arn.to_owned());
        self
    }

    pub(crate) fn by(mut self, caller_arn: Option<&str>) -> Self {
        self.caller_arn = caller_arn.map(str::to_owned);
        self
    }
}

/// Temporary credentials for one account, and the way to use them.
pub struct Session {
    account: String,
    partition: String,
    caller_arn: String,
    operator_arn: Option<String>,
    home: String,
    config: SdkConfig,
    path_style: bool,
    clients: Clients,
    gate: Gate,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("account", &self.account)
            .field("caller_arn", &self.caller_arn)
            .finish_non_exhaustive()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.gate.close(&self.account);
    }
}

/// Who AWS says we are.
pub(crate) struct Caller {
    pub(crate) account: String,
    pub(crate) arn: String,
}

impl Session {
    /// Opens a session: finds the operator's credentials, asks AWS whose they
    /// are, takes the role if there is one, and asks again. Calls: 1, or 3 with
    /// a role.
    ///
    /// # Errors
    /// No credentials, the role was refused, or the account is another than
    /// `login` says.
    pub async fn open(aws: &Aws, login: &Login) -> Result<Self, SessionError> {
        let base = aws.base(login.profile.as_deref()).await;
        let home = home_of(&base, login.role_arn.as_deref());
        let gate = aws.gate().clone();
        let own = own_config(base, &home);
        let operator = caller(&gate, &own, &login.account_id, &home).await?;
        let (config, session, operator_arn) = match &login.role_arn {
            None => (own, operator, None),
            Some(role_arn) => {
                let request =
                    role_request(&gate, &own, login, role_arn, &home, Some(&operator.arn));
                let first = request.credentials().await?;
                let config = own
                    .into_builder()
                    .credentials_provider(SharedCredentialsProvider::new(RoleCredentials::new(
                        request, first,
                    )))
                    .identity_cache(
                        IdentityCache::lazy()
                            .buffer_time(REFRESH_BEFORE)
                            .load_timeout(gate.limits().attempt_timeout)
                            .build(),
                    )
                    .build();
                let session = caller(&gate, &config, &login.account_id, &home)
                    .await
                    .map_err(|error| error.of_role(role_arn).by(Some(&operator.arn)))?;
                (config, session, Some(operator.arn))
            }
        };
        if session.account != login.account_id {
            return Err(wrong_account(login, &session, &home));
        }
        let partition = session.arn.split(':').nth(1).unwrap_or("aws").to_owned();
        let path_style = needs_path_style(&config);
        let config = if path_style { with_named_roots(config) } else { config };
        Ok(Self {
            account: session.account,
            partition,
            caller_arn: session.arn,
            operator_arn,
            home,
            config,
            path_style,
            clients: Clients::default(),
            gate,
        })
    }

    /// The account: twelve digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Its partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub fn partition(&self) -> &str {
        &self.partition
    }

    /// Who reads the account, as AWS says.
    pub fn caller_arn(&self) -> &str {
        &self.caller_arn
    }

    /// Who took the role, if a role was taken.
    pub fn operator_arn(&self) -> Option<&str> {
        self.operator_arn.as_deref()
    }

    /// The region that is asked for what is not regional.
    pub fn home_region(&self) -> &str {
        &self.home
    }

    /// What was asked of this account so far.
    pub fn stats(&self) -> Stats {
        self.gate.stats_of(&self.account)
    }

    /// The clients in use.
    pub(super) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// What every client is made of.
    pub(super) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// Whether S3 is asked by paths instead of host names.
    pub(super) fn path_style(&self) -> bool {
        self.path_style
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Makes a call through the gate. `region` is where it is counted and
    /// paced: `global` for services without regions.
    ///
    /// # Errors
    /// The last attempt's failure.
    pub async fn call<T, E, F, Fut>(
        &self,
        operation: &'static Operation,
        region: &str,
        send: F,
    ) -> Result<T, Failure>
    where
        T: Send,
        F: Fn() -> Fut + Sync,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.gate.call(&self.account, region, operation, send).await
    }
}

fn with_named_roots(config: SdkConfig) -> SdkConfig {
    match config.http_client() {
        Some(http) => config.into_builder().http_client(NamedRoots(http)).build(),
        None => config,
    }
}

pub(crate) fn role_request(
    gate: &Gate,
    own: &SdkConfig,
    login: &Login,
    role_arn: &str,
    home: &str,
    caller_arn: Option<&str>,
) -> RoleRequest {
    RoleRequest {
        gate: gate.clone(),
        sts: sts(own),
        account: login.account_id.clone(),
        region: home.to_owned(),
        role_arn: role_arn.to_owned(),
        external_id: login.external_id.clone(),
        caller_arn: caller_arn.map(str::to_owned),
    }
}

fn sts(config: &SdkConfig) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::config::Builder::from(config).interceptor(Whole);
    aws_sdk_sts::Client::from_conf(config.build())
}

/// The operator's credentials as we use them: under our name, in the region to
/// begin in, and without the SDK's own retries, because the gate does those.
pub(crate) fn own_config(base: SdkConfig, home: &str) -> SdkConfig {
    let mut config = base
        .into_builder()
        .region(Region::new(home.to_owned()))
        .retry_config(RetryConfig::disabled());
    config.set_app_name(AppName::new(SESSION_NAME).ok());
    config.build()
}

/// The region to begin in: the one that environment or profile name, if it is
/// in the role's partition, else the partition's own.
pub(crate) fn home_of(config: &SdkConfig, role_arn: Option<&str>) -> String {
    let named = config.region().map(|region| region.as_ref().to_owned());
    let partition = role_arn.and_then(|arn| arn.split(':').nth(1));
    match (named, partition) {
        (Some(named), None) => named,
        (Some(named), Some(partition)) if partition_of_region(&named) == partition => named,
        (_, partition) => home_region(partition.unwrap_or("aws")).to_owned(),
    }
}

/// Asks AWS whose credentials these are.
pub(crate) async fn caller(
    gate: &Gate,
    config: &SdkConfig,
    account: &str,
    region: &str,
) -> Result<Caller, SessionError> {
    let client = sts(config);
    let reply = gate
        .call(account, region, &GET_CALLER_IDENTITY, || client.get_caller_identity().send())
        .await
        .map_err(|failure| SessionError::from_failure(&failure, &GET_CALLER_IDENTITY, region))?;
    match (reply.account, reply.arn) {
        (Some(account), Some(arn)) if arn.starts_with("arn:") => Ok(Caller { account, arn }),
        _ => Err(SessionError::from_failure(
            &Failure::malformed("STS did not say whose credentials these are"),
            &GET_CALLER_IDENTITY,
            region,
        )),
    }
}

fn wrong_account(login: &Login, session: &Caller, region: &str) -> SessionError {
    let (expected, found) = (login.account_id.clone(), session.account.clone());
    SessionError {
        message: format!("the credentials are of account {found}, not of {expected}"),
        kind: SessionErrorKind::WrongAccount { expected, found },
        operation: GET_CALLER_IDENTITY.id(),
        region: region.to_owned(),
        role_arn: login.role_arn.clone(),
        caller_arn: Some(session.arn.clone()),
        code: None,
    }
}
