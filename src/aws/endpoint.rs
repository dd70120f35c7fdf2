//! Endpoints other than AWS's own, as `AWS_ENDPOINT_URL` names them. The SDK
//! honours the variable; two things do not work at an endpoint that is an IP
//! address or a bare name: a bucket's name in front of the host, and S3
//! Control's account number in front of it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use std::net::IpAddr;

/// Whether S3 has to be asked with the bucket in the path: its endpoint is an
/// IP address or has no dot.
pub(crate) fn needs_path_style(config: &SdkConfig) -> bool {
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok();
    let own = config.service_config().zip(key).and_then(|(service, key)| service.load_config(key));
    own.as_deref()
        .or(config.endpoint_url())
        .and_then(|url| url.split_once("://"))
        .is_some_and(|(_, rest)| is_bare(host_of(rest)))
}

/// Takes S3 Control's account number out of the host again, before the request
/// is signed, where no name server would know that host.
#[derive(Debug)]
pub(crate) struct WithoutAccountPrefix;

impl Intercept for WithoutAccountPrefix {
    fn name(&self) -> &'static str {
        "WithoutAccountPrefix"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(uri) = without_account_prefix(context.request().uri()) {
            context.request_mut().set_uri(uri)?;
        }
        Ok(())
    }
}

fn without_account_prefix(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let (account, after) = rest.split_once('.')?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    (is_account && is_bare(host_of(after))).then(|| format!("{scheme}://{after}"))
}

/// The host of what follows the scheme.
fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => authority.split(':').next().unwrap_or(authority),
    }
}

fn is_bare(host: &str) -> bool {
    !host.contains('.') || host.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_taken_out_of_hosts_that_nobody_resolves() {
        for (uri, plain) in [
            ("http://123456789012.127.0.0.1:5000/v20180820/x", "http://127.0.0.1:5000/v20180820/x"),
            ("http://123456789012.localhost:5000/x?y=1", "http://localhost:5000/x?y=1"),
            ("http://123456789012.moto/x", "http://moto/x"),
        ] {
            assert_eq!(without_account_prefix(uri).as_deref(), Some(plain));
        }
        for kept in [
            "https://123456789012.s3-control.eu-west-1.amazonaws.com/x",
            "http://127.0.0.1:5000/x",
            "http://bucket.localhost/x",
            "http://123456789012.emulator.example.com/x",
        ] {
            assert_eq!(without_account_prefix(kept), None, "{kept}");
        }
    }

    #[test]
    fn bare_endpoints_are_asked_by_path() {
        for (endpoint, path) in [
            (Some("http://127.0.0.1:5000"), true),
            (Some("http://[::1]:5000"), true),
            (Some("http://localhost"), true),
            (Some("https://s3.example.com"), false),
            (None, false),
        ] {
            let mut config = SdkConfig::builder();
            config.set_endpoint_url(endpoint.map(str::to_owned));
            assert_eq!(needs_path_style(&config.build()), path, "{endpoint:?}");
        }
    }
}
