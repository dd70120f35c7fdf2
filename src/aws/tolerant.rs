//! Replies of emulators whose outermost XML element has another name than
//! AWS's. Other AWS SDKs do not look at that name, so emulators get it wrong
//! unnoticed; the Rust SDK refuses such a reply. Only endpoints that are an IP
//! address or a bare name are treated so: AWS's own replies pass untouched.

use super::endpoint::is_bare_endpoint;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

/// What the outermost element is called by an emulator, and by AWS
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html>).
static NAMES: &[(&str, &str)] = &[
    ("GetBucketVersioningResponse", "VersioningConfiguration"),
    ("GetBucketLoggingResponse", "BucketLoggingStatus"),
    ("GetBucketAclResponse", "AccessControlPolicy"),
    ("GetBucketTaggingResponse", "Tagging"),
    ("GetBucketLifecycleConfigurationResponse", "LifecycleConfiguration"),
    ("ListBucketsResponse", "ListAllMyBucketsResult"),
    ("ListAccessPointsResponse", "ListAccessPointsResult"),
    ("GetAccessPointResponse", "GetAccessPointResult"),
    ("GetAccessPointPolicyResponse", "GetAccessPointPolicyResult"),
];

/// Wraps a client.
pub(super) fn tolerant(inner: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Tolerant(inner))
}

#[derive(Debug)]
struct Tolerant<T>(T);

impl HttpClient for Tolerant<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Tolerant(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for Tolerant<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let bare = is_bare_endpoint(request.uri());
        let reply = self.0.call(request);
        if !bare {
            return reply;
        }
        HttpConnectorFuture::new(async move {
            let mut response = reply.await?;
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            let bytes = ByteStream::new(body)
                .collect()
                .await
                .map_err(|error| ConnectorError::io(error.into()))?
                .into_bytes();
            *response.body_mut() = match std::str::from_utf8(&bytes).ok().and_then(renamed) {
                Some(text) => {
                    response.headers_mut().remove("content-length");
                    SdkBody::from(text)
                }
                None => SdkBody::from(bytes),
            };
            Ok(response)
        })
    }
}

/// The reply under AWS's name, if it has an emulator's.
fn renamed(text: &str) -> Option<String> {
    let after_declaration = match text.strip_prefix("<?") {
        Some(rest) => rest.split_once("?>")?.1,
        None => text,
    };
    let root = after_declaration.trim_start().strip_prefix('<')?;
    let end = root.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let name = root.get(..end)?;
    let (_, real) = NAMES.iter().find(|(emulated, _)| *emulated == name)?;
    Some(
        text.replacen(&format!("<{name}"), &format!("<{real}"), 1)
            .replace(&format!("</{name}>"), &format!("</{real}>")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_replaced_and_others_stay() {
        assert_eq!(
            renamed("<?xml version=\"1.0\"?>\n<GetBucketVersioningResponse xmlns=\"x\"/>")
                .as_deref(),
            Some("<?xml version=\"1.0\"?>\n<VersioningConfiguration xmlns=\"x\"/>")
        );
        assert_eq!(
            renamed("<ListAccessPointsResponse><A>b</A></ListAccessPointsResponse>").as_deref(),
            Some("<ListAccessPointsResult><A>b</A></ListAccessPointsResult>")
        );
        assert_eq!(renamed("<VersioningConfiguration/>"), None);
        assert_eq!(renamed("<Error><Code>GetBucketAclResponse</Code></Error>"), None);
        assert_eq!(renamed("not xml"), None);
    }
}
