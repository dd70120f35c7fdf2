//! Server certificates.

use crate::aws::{Asked, Context, Paging, Reply, Requires, timestamp};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps, Resource};
use crate::services::iam::{LIST_SERVER_CERTIFICATES, ServerCertificate};
use aws_sdk_iam::types::ServerCertificateMetadata;

/// All server certificates.
pub(super) async fn collect(context: Context) {
    let asked = Asked { operation: &LIST_SERVER_CERTIFICATES, region: GLOBAL, about: None };
    let client = context.session().iam();
    let mut missing = Gaps::NONE;
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked, || {
                client
                    .list_server_certificates()
                    .max_items(1000)
                    .set_marker(paging.token())
                    .customize()
                    .interceptor(Requires(&["ServerCertificateMetadataList"]))
                    .send()
            })
            .await;
        let turned = match reply {
            Reply::Known(reply) => {
                for certificate in &reply.server_certificate_metadata_list {
                    match one(asked, certificate) {
                        Ok(resource) => context.resource(resource),
                        Err(gap) => missing = missing.union(&context.gap(gap)),
                    }
                }
                asked
                    .next(reply.is_truncated, reply.marker)
                    .and_then(|next| paging.turn(next).map_err(|error| asked.malformed(error)))
            }
            Reply::Gap(gap) => Err(gap),
            Reply::Absent => Ok(false),
            Reply::NotWanted => return,
        };
        match turned {
            Ok(true) => {}
            Ok(false) => break,
            Err(gap) => {
                missing = missing.union(&context.gap(gap));
                break;
            }
        }
    }
    context.done(ServerCertificate::resource_type(), GLOBAL, missing);
}

fn one(asked: Asked<'_>, certificate: &ServerCertificateMetadata) -> Result<Resource, Box<Gap>> {
    let name = asked.must_text(&certificate.server_certificate_name, "ServerCertificateName")?;
    let arn = asked.must_text(&certificate.arn, "Arn")?;
    let document = ServerCertificate {
        path: Fact::Known(asked.must_text(&certificate.path, "Path")?),
        upload_date: Fact::from_option(certificate.upload_date.as_ref().and_then(timestamp)),
        expiration: Fact::from_option(certificate.expiration.as_ref().and_then(timestamp)),
    };
    Ok(Resource::new(&name, &arn, GLOBAL, document))
}
