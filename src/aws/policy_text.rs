//! Policy documents as they are kept: plain JSON text, without the external
//! ids in it. An external id is what keeps strangers out of a role.

use serde_json::Value;

/// Stands for an external id. Has no wildcard: what asks for one certain id
/// must not read as if any were right.
const MARKER: &str = "$hidden";

/// A policy as IAM sends it, percent-encoded by RFC 3986; `None` if it is not.
pub(crate) fn decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let mut bytes = text.bytes();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(bytes.next()?)? * 16 + digit(bytes.next()?)?;
            plain.push(u8::try_from(value).ok()?);
        } else {
            plain.push(byte);
        }
    }
    String::from_utf8(plain).ok()
}

/// The policy with every value under an `sts:ExternalId` key replaced, but for
/// its wildcards: `*` is no secret, and says that any id is right. `None` if it
/// is not JSON. Without such a key the text stays as it is.
pub(crate) fn without_external_ids(text: &str) -> Option<String> {
    let mut policy: Value = serde_json::from_str(text).ok()?;
    if !hide(&mut policy) {
        return Some(text.to_owned());
    }
    serde_json::to_string(&policy).ok()
}

/// Whether anything was hidden. Condition keys have no case
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html>).
fn hide(value: &mut Value) -> bool {
    let mut hidden = false;
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if key.trim().eq_ignore_ascii_case("sts:ExternalId") {
                    blot(value);
                    hidden = true;
                } else {
                    hidden |= hide(value);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                hidden |= hide(item);
            }
        }
        _ => {}
    }
    hidden
}

fn blot(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(blot),
        Value::Object(members) => members.values_mut().for_each(blot),
        Value::String(text) => *text = without_letters(text),
        other => *other = Value::String(MARKER.to_owned()),
    }
}

fn without_letters(id: &str) -> String {
    let is_wildcard = |c: char| matches!(c, '*' | '?');
    let mut kept = String::new();
    let mut in_secret = false;
    for c in id.chars() {
        if is_wildcard(c) {
            kept.push(c);
        } else if !in_secret {
            kept.push_str(MARKER);
        }
        in_secret = !is_wildcard(c);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn policies_are_decoded_as_rfc_3986_says() {
        assert_eq!(
            decoded("%7B%22a%22%3A%22b+c%20%C3%A4%22%7D").as_deref(),
            Some("{\"a\":\"b+c ä\"}")
        );
        assert_eq!(decoded("{}").as_deref(), Some("{}"));
        for bad in ["%7", "%zz", "%", "%C3%28"] {
            assert_eq!(decoded(bad), None, "{bad}");
        }
    }

    #[test]
    fn external_ids_are_hidden_whatever_their_spelling() {
        let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": "geheim-1", "aws:PrincipalOrgID": "o-1"},
            "ForAnyValue:StringLike": {"STS:externalid": ["geheim-2", "geheim-3*", "*"]},
            "StringEqualsIgnoreCase": {"sts:ExternalID": 12345},
        }}]});
        let hidden = without_external_ids(&policy.to_string());
        let hidden: Option<Value> = hidden.and_then(|text| serde_json::from_str(&text).ok());
        let expected = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": "$hidden", "aws:PrincipalOrgID": "o-1"},
            "ForAnyValue:StringLike": {"STS:externalid": ["$hidden", "$hidden*", "*"]},
            "StringEqualsIgnoreCase": {"sts:ExternalID": "$hidden"},
        }}]});
        assert_eq!(hidden, Some(expected));
    }

    #[test]
    fn an_escaped_key_is_the_same_key() {
        let text =
            r#"{"Statement":{"Condition":{"StringEquals":{"sts:External\u0049d":"geheim"}}}}"#;
        let hidden = without_external_ids(text);
        assert!(hidden.as_deref().is_some_and(|text| !text.contains("geheim")), "{hidden:?}");
    }

    #[test]
    fn other_policies_keep_every_byte() {
        let text = "{ \"Version\" : \"2012-10-17\",\n \"Statement\":[ ] }";
        assert_eq!(without_external_ids(text).as_deref(), Some(text));
        assert_eq!(without_external_ids("{ not json"), None);
    }
}
