//! Looks at every reply once more: the SDK reads a document that ends early
//! as a short one, and fills required members that are missing with defaults.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

/// A reply that was answered with success and still says too little.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CutShort {
    /// There is nothing in it.
    #[error("the reply is empty")]
    Empty,
    /// The XML document has no end.
    #[error("the reply ends before its last element is closed")]
    NoEnd,
    /// A member that is always there is not.
    #[error("the reply lacks {0}, which is always there")]
    Missing(&'static str),
    /// It is not JSON.
    #[error("the reply is not JSON")]
    NoJson,
}

/// Refuses XML replies that end early, and replies without any document, which
/// the SDK reads as JSON that says nothing. Every operation that is asked here
/// is answered with a document.
#[derive(Debug)]
pub(crate) struct Whole;

/// Refuses replies without these elements. For members that the SDK would
/// fill in: lists that become empty, switches that become false.
#[derive(Debug)]
pub(crate) struct Requires(pub(crate) &'static [&'static str]);

/// Refuses JSON replies without this list, or with an item in it that lacks one
/// of these members. A structure counts as a list of one. A member of a structure (`a.b`) is required where the
/// structure is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequiresEach {
    pub(crate) list: &'static str,
    pub(crate) members: &'static [&'static str],
}

/// Refuses JSON replies without these members. For switches that the SDK would
/// read as off, and lists that it would read as empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequiresMembers(pub(crate) &'static [&'static str]);

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match success_body(context) {
            Some(body) if body.trim_ascii().is_empty() => Err(CutShort::Empty.into()),
            Some(body) if is_xml(body) && !is_closed(body) => Err(CutShort::NoEnd.into()),
            _ => Ok(()),
        }
    }
}

impl Intercept for Requires {
    fn name(&self) -> &'static str {
        "Requires"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(body) = success_body(context) else { return Ok(()) };
        match self.0.iter().find(|name| !has_element(body, name)) {
            Some(name) => Err(CutShort::Missing(name).into()),
            None => Ok(()),
        }
    }
}

impl Intercept for RequiresEach {
    fn name(&self) -> &'static str {
        "RequiresEach"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match success_body(context) {
            Some(body) => Ok(self.check(body)?),
            None => Ok(()),
        }
    }
}

impl Intercept for RequiresMembers {
    fn name(&self) -> &'static str {
        "RequiresMembers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match success_body(context) {
            Some(body) => Ok(self.check(body)?),
            None => Ok(()),
        }
    }
}

impl RequiresMembers {
    fn check(&self, body: &[u8]) -> Result<(), CutShort> {
        let reply: Value = serde_json::from_slice(body).map_err(|_| CutShort::NoJson)?;
        match self.0.iter().find(|member| !has_member(&reply, member)) {
            Some(member) => Err(CutShort::Missing(member)),
            None => Ok(()),
        }
    }
}

impl RequiresEach {
    fn check(&self, body: &[u8]) -> Result<(), CutShort> {
        let reply: Value = serde_json::from_slice(body).map_err(|_| CutShort::NoJson)?;
        let items = match reply.get(self.list) {
            Some(Value::Array(items)) => items.as_slice(),
            Some(one @ Value::Object(_)) => std::slice::from_ref(one),
            _ => return Err(CutShort::Missing(self.list)),
        };
        let mut required =
            items.iter().flat_map(|item| self.members.iter().map(move |member| (item, *member)));
        match required.find(|(item, member)| !has_member(item, member)) {
            Some((_, member)) => Err(CutShort::Missing(member)),
            None => Ok(()),
        }
    }
}

fn has_member(item: &Value, path: &str) -> bool {
    let there = |name: &str| item.get(name).filter(|value| !value.is_null());
    match path.split_once('.') {
        None => there(path).is_some(),
        Some((structure, rest)) => there(structure).is_none_or(|inner| has_member(inner, rest)),
    }
}

fn success_body<'a>(
    context: &'a AfterDeserializationInterceptorContextRef<'_>,
) -> Option<&'a [u8]> {
    let response = context.response();
    response.status().is_success().then(|| response.body().bytes()).flatten()
}

fn is_xml(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// Whether the document's root element is closed at its end.
fn is_closed(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    let mut rest = text.trim();
    let whole = rest;
    // Declaration, comments and document type come before the root.
    while let Some(tag) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let Some((_, after)) = tag.split_once('>') else { return false };
        rest = after.trim_start();
    }
    let Some(root) = rest.strip_prefix('<') else { return false };
    let name_end = root.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    let Some(name) = name_end.and_then(|end| root.get(..end)) else { return false };
    if root.split_once('>').is_some_and(|(tag, after)| tag.ends_with('/') && after.is_empty()) {
        return true;
    }
    whole
        .strip_suffix('>')
        .map(str::trim_end)
        .and_then(|text| text.strip_suffix(name))
        .is_some_and(|text| text.ends_with("</"))
}

fn has_element(body: &[u8], name: &str) -> bool {
    let Ok(text) = std::str::from_utf8(body) else { return false };
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).is_some_and(|text| text.ends_with('<'));
        let after = text
            .get(at + name.len()..)
            .and_then(|text| text.chars().next())
            .is_some_and(|c| c == '>' || c == '/' || c.is_whitespace());
        before && after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_closed_or_not() {
        for whole in [
            "<a></a>",
            "<?xml version=\"1.0\"?>\n<a x=\"1\"><b/></a>\n",
            "<a/>",
            "<a xmlns=\"x\" />",
            "<!-- note --><a><b>1</b></a>",
        ] {
            assert!(is_closed(whole.as_bytes()), "{whole}");
        }
        for cut in
            ["<a>", "<a><b></b>", "<a><b></b></a", "<?xml version=\"1.0\"?>", "<a", "<ab></b>"]
        {
            assert!(!is_closed(cut.as_bytes()), "{cut}");
        }
    }

    #[test]
    fn elements_are_found_by_their_whole_name() {
        let body = b"<r><Devices/><Other>Switch</Other><On >1</On></r>";
        assert!(has_element(body, "Devices"));
        assert!(has_element(body, "On"));
        assert!(!has_element(body, "Device"));
        assert!(!has_element(body, "Switch"));
    }

    #[test]
    fn items_of_a_json_list_have_their_members() {
        let requires = RequiresEach { list: "recorders", members: &["on", "group.all"] };
        for whole in [
            r#"{"recorders":[]}"#,
            r#"{"recorders":[{"on":false},{"on":true,"group":{"all":false}}]}"#,
            r#"{"recorders":{"on":false}}"#,
        ] {
            assert_eq!(requires.check(whole.as_bytes()), Ok(()), "{whole}");
        }
        for (short, missing) in [
            ("{}", CutShort::Missing("recorders")),
            (r#"{"recorders":null}"#, CutShort::Missing("recorders")),
            (r#"{"recorders":[{"on":true},{}]}"#, CutShort::Missing("on")),
            (r#"{"recorders":{}}"#, CutShort::Missing("on")),
            (r#"{"recorders":[{"on":null}]}"#, CutShort::Missing("on")),
            (r#"{"recorders":[{"on":true,"group":{}}]}"#, CutShort::Missing("group.all")),
            (r#"{"recorders":["#, CutShort::NoJson),
        ] {
            assert_eq!(requires.check(short.as_bytes()), Err(missing), "{short}");
        }
    }

    #[test]
    fn a_json_reply_has_its_members() {
        let requires = RequiresMembers(&["on", "part.all"]);
        assert_eq!(requires.check(br#"{"on":false}"#), Ok(()));
        for (short, missing) in [
            ("{}", CutShort::Missing("on")),
            (r#"{"on":null}"#, CutShort::Missing("on")),
            (r#"{"on":true,"part":{}}"#, CutShort::Missing("part.all")),
            ("[", CutShort::NoJson),
        ] {
            assert_eq!(requires.check(short.as_bytes()), Err(missing), "{short}");
        }
    }
}
