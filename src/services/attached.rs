//! Policies on resources, read once for all questions about them.

use super::Asking;
use crate::policy::{ActionSpace, Attached, Kind, ParseError, Policy, Service, Setting};
use std::sync::Arc;

/// The policy on the resource with this ARN, or why it cannot be read.
pub(super) fn attached(
    text: &str,
    service: Service,
    arn: &str,
    asking: &dyn Asking,
) -> Result<Arc<Attached>, ParseError> {
    let read = asking.memo().lately(&format!("{service:?}\n{arn}\n{text}"), || {
        let policy = Policy::parse(text, Kind::Resource(service))?;
        let setting = Setting {
            account: Some(asking.account().to_owned()),
            resource: Some(arn.to_owned()),
            now: Some(asking.now().as_second()),
        };
        // Policies of many resources differ in the resource, and in nothing else.
        let like = ActionSpace::key(&policy);
        let space = asking.memo().lately(&like, || ActionSpace::of(&policy));
        Ok(Arc::new(Attached::with_space(policy, setting, space)))
    });
    read.as_ref().clone()
}
