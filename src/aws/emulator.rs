//! Replies of emulators. Where a service speaks REST and XML, moto names the
//! root element after the operation; AWS has a name of its own for each, and
//! the SDK reads no other. Of every access point's policy moto says that it is
//! public, which says nothing. Used only for endpoints that are not AWS's.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

/// The emulator's name of a root element, and AWS's.
const ROOTS: [(&str, &str); 4] = [
    ("GetAccessPointPolicyResponse", "GetAccessPointPolicyResult"),
    ("GetAccessPointResponse", "GetAccessPointResult"),
    ("GetBucketVersioningResponse", "VersioningConfiguration"),
    ("ListAccessPointsResponse", "ListAccessPointsResult"),
];

/// The root of a reply that is the same whatever was asked, and the reply that
/// says nothing.
const SAYS_NOTHING: (&str, &str) =
    ("<GetAccessPointPolicyStatusResponse", "<GetAccessPointPolicyStatusResult/>");

/// An HTTP client whose XML replies have the roots that AWS gives them.
#[derive(Debug)]
pub(crate) struct NamedRoots(pub(crate) SharedHttpClient);

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpClient for NamedRoots {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let reply = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut reply = reply.await?;
            let body = ByteStream::new(reply.take_body()).collect().await;
            let body = body.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
            *reply.body_mut() = match std::str::from_utf8(&body).ok().and_then(renamed) {
                Some(renamed) => {
                    reply.headers_mut().insert("content-length", renamed.len().to_string());
                    SdkBody::from(renamed)
                }
                None => SdkBody::from(body),
            };
            Ok(reply)
        })
    }
}

fn renamed(body: &str) -> Option<String> {
    let (head, rest) = match body.find("?>") {
        Some(end) => body.split_at_checked(end + 2)?,
        None => ("", body),
    };
    let rest = rest.trim();
    if rest.starts_with(SAYS_NOTHING.0) {
        return Some(SAYS_NOTHING.1.to_owned());
    }
    let (old, new) = ROOTS.iter().find(|(old, _)| {
        rest.strip_prefix('<').and_then(|rest| rest.strip_prefix(old)).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')
        })
    })?;
    let inner = rest.get(1 + old.len()..)?;
    let inner = match inner.strip_suffix(&format!("</{old}>")) {
        Some(inner) => format!("{inner}</{new}>"),
        None => inner.to_owned(),
    };
    Some(format!("{head}<{new}{inner}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_get_the_names_that_aws_gives_them() {
        for (moto, aws) in [
            (
                "<?xml version=\"1.0\"?>\n<GetBucketVersioningResponse xmlns=\"x\"><Status>Enabled\
                 </Status></GetBucketVersioningResponse>",
                "<?xml version=\"1.0\"?><VersioningConfiguration xmlns=\"x\"><Status>Enabled\
                 </Status></VersioningConfiguration>",
            ),
            ("<GetBucketVersioningResponse/>", "<VersioningConfiguration/>"),
            (
                "<ListAccessPointsResponse></ListAccessPointsResponse>",
                "<ListAccessPointsResult></ListAccessPointsResult>",
            ),
        ] {
            assert_eq!(renamed(moto).as_deref(), Some(aws));
        }
        let always = "<GetAccessPointPolicyStatusResponse><PolicyStatus><IsPublic>true</IsPublic>\
                      </PolicyStatus></GetAccessPointPolicyStatusResponse>";
        assert_eq!(renamed(always).as_deref(), Some("<GetAccessPointPolicyStatusResult/>"));
        for other in [
            "<VersioningConfiguration/>",
            "<GetAccessPointResponses/>",
            "<a><GetBucketVersioningResponse/></a>",
            "{\"Version\": 1}",
            "",
        ] {
            assert_eq!(renamed(other), None, "{other}");
        }
    }
}
