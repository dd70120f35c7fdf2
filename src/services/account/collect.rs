//! Reads the account's contacts.

use super::{AlternateContact, ContactInformation, GET_ALTERNATE_CONTACT, GET_CONTACT_INFORMATION};
use crate::aws::{Asked, Context, Reply};
use crate::inventory::GLOBAL;
use aws_sdk_account::types::AlternateContactType;

/// The security contact of the session's own account, which is named by
/// leaving the account out. Calls: 1.
pub(crate) async fn security_contact(context: &Context) -> Reply<AlternateContact> {
    let asked = Asked { operation: &GET_ALTERNATE_CONTACT, region: GLOBAL, about: None };
    let client = context.session().account_management();
    let reply = context
        .ask(asked, || {
            client
                .get_alternate_contact()
                .alternate_contact_type(AlternateContactType::Security)
                .send()
        })
        .await;
    reply.read(|reply| {
        let contact = asked.must(reply.alternate_contact, "AlternateContact")?;
        let kind = asked.must(contact.alternate_contact_type, "AlternateContactType")?;
        Ok(AlternateContact { kind: kind.as_str().to_owned() })
    })
}

/// The primary contact of the session's own account. Calls: 1.
pub(crate) async fn contact_information(context: &Context) -> Reply<ContactInformation> {
    let asked = Asked { operation: &GET_CONTACT_INFORMATION, region: GLOBAL, about: None };
    let client = context.session().account_management();
    let reply = context.ask(asked, || client.get_contact_information().send()).await;
    reply.read(|reply| {
        let contact = asked.must(reply.contact_information, "ContactInformation")?;
        Ok(ContactInformation {
            country_code: asked.must_text(&contact.country_code, "CountryCode")?,
        })
    })
}
