//! How people get into the account: through a federation, or as IAM users.

use super::{OidcProvider, User};
use crate::inventory::{Fact, Gaps, Partial, Resource, Shape, Value};
use crate::policy::oidc::{Issuer, address, is_cluster, issuer};
use crate::record;
use crate::services::{Asking, Decided};

record! {
    /// How people sign in.
    pub struct Federation {
        /// There is a federation that people can sign in through.
        "federated" => federated: Decided<bool>,
        /// The SAML providers (IAM Identity Center is one of them) and the OIDC
        /// providers that are not those of clusters, pipelines and consumers.
        "providers" => providers: Partial<String>,
        /// The IAM users with a console password.
        "console_users" => console_users: Partial<String>,
    }
}

/// Answers `iam.federation`.
pub(super) fn federation(_: &Resource, asking: &dyn Asking) -> Value {
    let (saml, missing) = asking.all("iam.saml-provider");
    let saml = saml.into_iter().map(|provider| format!("saml-provider/{}", provider.id));
    let mut providers = Partial { items: saml.collect(), missing };
    let (oidc, missing) = asking.all("iam.oidc-provider");
    providers.missing = providers.missing.union(&missing);
    for provider in oidc {
        match OidcProvider::from_value(&provider.document).map(|provider| provider.url) {
            Some(Fact::Known(url)) if is_for_people(&url) => {
                providers.items.push(format!("oidc-provider/{url}"));
            }
            Some(Fact::Unknown(gaps)) => providers.missing = providers.missing.union(&gaps),
            _ => {}
        }
    }
    let federated = if !providers.items.is_empty() {
        Decided::Known(true)
    } else if providers.missing.is_empty() {
        Decided::Known(false)
    } else {
        Decided::Unknown(providers.missing.clone())
    };
    Federation { federated, providers, console_users: console_users(asking) }.into_value()
}

fn console_users(asking: &dyn Asking) -> Partial<String> {
    let (users, missing) = asking.all("iam.user");
    let mut found = Partial { items: Vec::new(), missing };
    for user in users {
        let row = match User::from_value(&user.document).map(|user| user.credential_report) {
            Some(Fact::Known(row)) => row.password_enabled,
            Some(Fact::Unknown(gaps)) => Fact::Unknown(gaps),
            Some(Fact::Absent) | None => Fact::Unknown(Gaps::NONE),
        };
        match row {
            Fact::Known(true) => found.items.push(user.id.to_string()),
            Fact::Known(false) | Fact::Absent => {}
            Fact::Unknown(gaps) => found.missing = found.missing.union(&gaps),
        }
    }
    found
}

/// A provider that is not in our table of pipelines and consumers, and is no
/// EKS cluster's, may be a company's directory.
fn is_for_people(url: &str) -> bool {
    let address = address(url);
    !is_cluster(address) && issuer(address) == Issuer::NotKnown
}
