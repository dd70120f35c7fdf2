//! Credentials: whose, and of which role. In memory only.

use super::failure::Failure;
use super::gate::Gate;
use super::limits::Limits;
use super::session::{SESSION_NAME, SessionError};
use crate::inventory::Operation;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_smithy_http_client::tls;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

/// Takes a role. Needs `sts:AssumeRole` on it.
pub(crate) static ASSUME_ROLE: Operation = Operation::new("sts", "AssumeRole", &["sts:AssumeRole"]);

/// How long a session lasts before it is refreshed: the longest that every
/// role allows, and that a role may have that was itself assumed.
const SESSION_SECONDS: i32 = 3600;

/// An external id: goes to AWS, and nowhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    /// Wraps it.
    pub fn new(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How to get into one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// The account that it has to be: twelve digits.
    pub account_id: String,
    /// The role to take; without one, the credentials found are the account's own.
    pub role_arn: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<ExternalId>,
    /// The profile of the credentials; without one, the SDK's default chain.
    pub profile: Option<String>,
}

/// What a process shares in talking to AWS: one HTTP client, one gate, and
/// the operator's credentials, by profile.
pub struct Aws {
    gate: Gate,
    http: SharedHttpClient,
    bases: tokio::sync::Mutex<BTreeMap<Option<String>, SdkConfig>>,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").field("gate", &self.gate).finish_non_exhaustive()
    }
}

impl Aws {
    /// Makes no call. Credentials are looked for when a session is opened.
    pub fn new(limits: Limits) -> Self {
        Self {
            gate: Gate::new(limits),
            http: aws_smithy_http_client::Builder::new()
                .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc))
                .pool_max_idle_per_host(limits.in_flight)
                .build_https(),
            bases: tokio::sync::Mutex::default(),
        }
    }

    /// The gate that all calls go through.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The operator's own credentials: the SDK's default chain, or a profile.
    /// The region comes from environment or profile, never from the network.
    pub(crate) async fn base(&self, profile: Option<&str>) -> SdkConfig {
        let key = profile.map(str::to_owned);
        let mut bases = self.bases.lock().await;
        if let Some(base) = bases.get(&key) {
            return base.clone();
        }
        let mut in_profile = ProfileFileRegionProvider::builder();
        if let Some(profile) = profile {
            in_profile = in_profile.profile_name(profile);
        }
        let region = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(in_profile.build())
            .or_else(Region::new("us-east-1"));
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .region(region)
            .http_client(self.http.clone())
            .retry_config(RetryConfig::standard())
            .timeout_config(self.timeouts());
        if let Ok(name) = AppName::new(SESSION_NAME) {
            loader = loader.app_name(name);
        }
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        let base = loader.load().await;
        bases.insert(key, base.clone());
        base
    }

    /// Puts credentials and endpoint where the default chain would.
    #[cfg(test)]
    pub(crate) async fn set_base(&self, config: SdkConfig) {
        let config = config
            .into_builder()
            .http_client(self.http.clone())
            .timeout_config(self.timeouts())
            .build();
        self.bases.lock().await.insert(None, config);
    }

    fn timeouts(&self) -> TimeoutConfig {
        let limits = self.gate.limits();
        TimeoutConfig::builder()
            .connect_timeout(limits.connect_timeout)
            .operation_attempt_timeout(limits.attempt_timeout)
            .build()
    }
}

/// Asks for a role.
#[derive(Clone)]
pub(crate) struct RoleRequest {
    pub(crate) gate: Gate,
    pub(crate) sts: aws_sdk_sts::Client,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) role_arn: String,
    pub(crate) external_id: Option<ExternalId>,
    pub(crate) caller_arn: Option<String>,
}

impl RoleRequest {
    /// One attempt at the role, without the external id in any error.
    pub(crate) async fn send(&self) -> Result<AssumeRoleOutput, Failure> {
        let id = self.external_id.as_ref().map(|id| id.0.clone());
        let reply = self
            .gate
            .call_within(&self.account, &self.region, &ASSUME_ROLE, || {
                self.sts
                    .assume_role()
                    .role_arn(&self.role_arn)
                    .role_session_name(SESSION_NAME)
                    .duration_seconds(SESSION_SECONDS)
                    .set_external_id(id.clone())
                    .send()
            })
            .await;
        reply.map_err(|mut failure| {
            // A validation error quotes what it does not like.
            if let Some(id) = id.as_deref().filter(|id| !id.is_empty()) {
                failure.message = failure.message.replace(id, "***");
            }
            failure
        })
    }

    pub(crate) async fn credentials(&self) -> Result<Credentials, SessionError> {
        let refused = |failure: &Failure| {
            SessionError::from_failure(failure, &ASSUME_ROLE, &self.region)
                .of_role(&self.role_arn)
                .by(self.caller_arn.as_deref())
        };
        let incomplete = || refused(&Failure::malformed("STS answered without credentials"));
        let reply = self.send().await.map_err(|failure| refused(&failure))?;
        let found = reply.credentials.ok_or_else(incomplete)?;
        if found.access_key_id.is_empty() || found.session_token.is_empty() {
            return Err(incomplete());
        }
        let expires = SystemTime::try_from(found.expiration).map_err(|_| incomplete())?;
        Ok(Credentials::new(
            found.access_key_id,
            found.secret_access_key,
            Some(found.session_token),
            Some(expires),
            SESSION_NAME,
        ))
    }
}

/// Gives a role's credentials to the SDK, and fresh ones when they run out.
pub(crate) struct RoleCredentials {
    request: RoleRequest,
    first: Mutex<Option<Credentials>>,
}

impl RoleCredentials {
    /// `first` is what the role was just taken with; it is handed out once.
    pub(crate) fn new(request: RoleRequest, first: Credentials) -> Self {
        Self { request, first: Mutex::new(Some(first)) }
    }
}

impl fmt::Debug for RoleCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleCredentials").field("role_arn", &self.request.role_arn).finish()
    }
}

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
            match first {
                Some(first) => Ok(first),
                None => self.request.credentials().await.map_err(CredentialsError::provider_error),
            }
        })
    }
}
