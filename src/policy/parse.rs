//! From text to [`Policy`]: the grammar of the policy language.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use super::ast::{
    Condition, Effect, Kind, Matcher, Policy, Principal, Principals, Statement, Version, arn_parts,
    is_account_id,
};
use super::error::{ParseError, ParseErrorKind, Position};
use super::json::{self, Member, Node, Value};
use super::operators::{Operator, Test};
use super::pattern::Template;
use super::service::Service;
use super::values;

/// How the policy of an API may begin its resources, the API itself left out.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html>
const API_PATH: &str = "execute-api:/";

impl Policy {
    /// Reads a policy document.
    ///
    /// # Errors
    /// What is not JSON, has a duplicate key, or is not a policy of this kind,
    /// with line and column.
    pub fn parse(text: &str, kind: Kind) -> Result<Self, ParseError> {
        let root = json::read(text)?;
        let members = object(&root, "a policy")?;
        let mut version = Version::V2008;
        let mut id = None;
        let mut statements = None;
        for member in members {
            match member.name.as_str() {
                "Version" => version = parse_version(&member.node)?,
                "Id" => id = Some(string(&member.node, "`Id`")?.to_owned()),
                "Statement" => statements = Some(&member.node),
                other => return Err(unknown(member, "a policy", other)),
            }
        }
        let Some(node) = statements else {
            return Err(grammar(root.at, "the policy has no `Statement`"));
        };
        let nodes: Vec<&Node> = match &node.value {
            Value::List(items) => items.iter().collect(),
            Value::Object(_) => vec![node],
            other => {
                let found = other.name();
                return Err(grammar(
                    node.at,
                    format!("`Statement` must be an object or a list, not {found}"),
                ));
            }
        };
        let reader = StatementReader { kind: &kind, variables: version == Version::V2012 };
        let mut statements = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.into_iter().enumerate() {
            statements.push(reader.read(node, index + 1)?);
        }
        Ok(Self { kind, version, id, statements })
    }
}

impl Policy {
    /// Reads a policy document of any kind and tells the kind by its elements: without
    /// principals it is an identity policy; with them a trust policy if no statement has a
    /// resource and all actions are STS's, else a resource policy of the service that its
    /// actions or resources name.
    ///
    /// # Errors
    /// As [`Policy::parse`]; also if it is a resource policy that names no service.
    pub fn parse_any(text: &str) -> Result<Self, ParseError> {
        let root = json::read(text)?;
        let statements: Vec<&Node> = object(&root, "a policy")?
            .iter()
            .filter(|m| m.name == "Statement")
            .flat_map(|m| match &m.node.value {
                Value::List(items) => items.iter().collect(),
                _ => vec![&m.node],
            })
            .collect();
        let has = |node: &Node, names: [&str; 2]| match &node.value {
            Value::Object(members) => members.iter().any(|m| names.contains(&m.name.as_str())),
            _ => false,
        };
        if !statements.iter().any(|s| has(s, ["Principal", "NotPrincipal"])) {
            return Self::parse(text, Kind::Identity);
        }
        let unnamed = Kind::Resource(Service::Other(String::new()));
        let mut policy = Self::parse(text, unnamed)?;
        let of_sts = |s: &Statement| {
            s.actions.patterns.iter().all(|a| a.text().to_ascii_lowercase().starts_with("sts:"))
        };
        if policy.statements.iter().all(|s| s.resources.is_none() && of_sts(s)) {
            return Self::parse(text, Kind::Trust);
        }
        let Some(service) = Service::of_policy(&policy) else {
            return Err(grammar(
                root.at,
                "neither actions nor resources say which service the policy belongs to",
            ));
        };
        policy.kind = Kind::Resource(service);
        Ok(policy)
    }
}

fn parse_version(node: &Node) -> Result<Version, ParseError> {
    match string(node, "`Version`")? {
        "2012-10-17" => Ok(Version::V2012),
        "2008-10-17" => Ok(Version::V2008),
        other => Err(value(
            node.at,
            format!("`Version` must be 2012-10-17 or 2008-10-17, not `{other}`"),
        )),
    }
}

struct StatementReader<'a> {
    kind: &'a Kind,
    variables: bool,
}

impl StatementReader<'_> {
    fn read(&self, node: &Node, number: usize) -> Result<Statement, ParseError> {
        let at = node.at;
        let mut sid = None;
        let mut effect = None;
        let mut principals = None;
        let mut actions = None;
        let mut resources = None;
        let mut conditions = Vec::new();
        for member in object(node, "a statement")? {
            let name = member.name.as_str();
            match name {
                "Sid" => sid = Some(string(&member.node, "`Sid`")?.to_owned()),
                "Effect" => effect = Some(parse_effect(&member.node)?),
                "Principal" | "NotPrincipal" => {
                    self.check_principal(member)?;
                    once(principals.is_some(), member, "Principal")?;
                    let list = parse_principals(&member.node, name)?;
                    principals = Some(Principals { negated: name == "NotPrincipal", list });
                }
                "Action" | "NotAction" => {
                    once(actions.is_some(), member, "Action")?;
                    actions = Some(self.actions(&member.node, name)?);
                }
                "Resource" | "NotResource" => {
                    if *self.kind == Kind::Trust {
                        return Err(grammar(member.at, format!("a trust policy has no `{name}`")));
                    }
                    once(resources.is_some(), member, "Resource")?;
                    resources = Some(self.resources(&member.node, name)?);
                }
                "Condition" => conditions = self.conditions(&member.node)?,
                other => return Err(unknown(member, "a statement", other)),
            }
        }
        let effect = effect.ok_or_else(|| missing(at, number, "Effect"))?;
        let actions = actions.ok_or_else(|| missing(at, number, "Action"))?;
        if *self.kind == Kind::Identity {
            if resources.is_none() {
                return Err(missing(at, number, "Resource"));
            }
        } else if principals.is_none() {
            return Err(missing(at, number, "Principal"));
        }
        Ok(Statement { number, sid, effect, principals, actions, resources, conditions, at })
    }

    fn check_principal(&self, member: &Member) -> Result<(), ParseError> {
        let name = &member.name;
        match self.kind {
            Kind::Identity => Err(grammar(
                member.at,
                format!("an identity policy has no `{name}`: it is attached to its principal"),
            )),
            Kind::Trust if name == "NotPrincipal" => {
                Err(grammar(member.at, "a trust policy cannot use `NotPrincipal`"))
            }
            _ => Ok(()),
        }
    }

    fn actions(&self, node: &Node, name: &str) -> Result<Matcher, ParseError> {
        let mut patterns = Vec::new();
        for (text, at) in strings(node, name)? {
            let everything = !text.is_empty() && text.bytes().all(|b| b == b'*');
            let named = text.split_once(':').is_some_and(|(service, action)| {
                !service.is_empty()
                    && !action.is_empty()
                    && !text.contains(char::is_whitespace)
                    && !action.contains(':')
            });
            if !everything && !named {
                return Err(value(
                    at,
                    format!("`{text}` is not an action: write `service:Name` or `*`"),
                ));
            }
            patterns.push(Template::new(text, false));
        }
        Ok(Matcher { negated: name == "NotAction", patterns })
    }

    fn resources(&self, node: &Node, name: &str) -> Result<Matcher, ParseError> {
        let mut patterns = Vec::new();
        for (text, at) in strings(node, name)? {
            // API Gateway fills in the rest.
            if let (Kind::Resource(_), Some(path)) = (self.kind, text.strip_prefix(API_PATH)) {
                let arn = format!("arn:*:execute-api:*:*:*/{path}");
                patterns.push(Template::new(&arn, self.variables));
                continue;
            }
            let wild = !text.is_empty() && text.bytes().all(|b| b == b'*');
            if !wild && !text.starts_with("arn:") && !text.starts_with("${") {
                return Err(value(at, format!("`{text}` is not a resource: write an ARN or `*`")));
            }
            patterns.push(Template::new(text, self.variables));
        }
        Ok(Matcher { negated: name == "NotResource", patterns })
    }

    fn conditions(&self, node: &Node) -> Result<Vec<Condition>, ParseError> {
        let mut conditions = Vec::new();
        for block in object(node, "`Condition`")? {
            let Some(operator) = Operator::parse(&block.name) else {
                return Err(value(
                    block.at,
                    format!("`{}` is not a condition operator", block.name),
                ));
            };
            for member in object(&block.node, &block.name)? {
                if member.name.is_empty() {
                    return Err(value(member.at, "a condition key is empty"));
                }
                let mut list = Vec::new();
                for (text, at) in condition_values(&member.node, &member.name)? {
                    check_condition_value(operator, &text, at, self.variables)?;
                    let variables = self.variables && operator.test.takes_variables();
                    list.push(Template::new(&text, variables));
                }
                conditions.push(Condition {
                    operator,
                    key: member.name.clone(),
                    ready: list.iter().map(|v| operator.test.make_ready(v)).collect(),
                    values: list,
                    at: member.at,
                });
            }
        }
        Ok(conditions)
    }
}

/// The values of typed operators are checked here, so that a mistyped range or date
/// is an error with a place and not a condition that quietly never holds.
fn check_condition_value(
    operator: Operator,
    text: &str,
    at: Position,
    variables: bool,
) -> Result<(), ParseError> {
    let has_variable = variables && text.contains("${");
    let (good, what) = match operator.test {
        Test::Numeric(_) => (values::Decimal::parse(text).is_some(), "a number"),
        Test::Date(_) => (values::parse_date(text).is_some(), "a date"),
        Test::Bool | Test::Null => {
            (has_variable || values::parse_bool(text).is_some(), "`true` or `false`")
        }
        Test::IpAddress => (values::parse_net(text).is_some(), "an IP address or range"),
        Test::Binary => (values::decode_base64(text).is_some(), "base64"),
        Test::String(_) | Test::Arn => (true, ""),
    };
    if good { Ok(()) } else { Err(value(at, format!("`{operator}` needs {what}, found `{text}`"))) }
}

fn parse_effect(node: &Node) -> Result<Effect, ParseError> {
    match string(node, "`Effect`")? {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(value(node.at, format!("`Effect` must be Allow or Deny, not `{other}`"))),
    }
}

fn parse_principals(node: &Node, name: &str) -> Result<Vec<Principal>, ParseError> {
    match &node.value {
        Value::String(text) if text == "*" => return Ok(vec![Principal::Anyone]),
        Value::String(text) => {
            return Err(value(
                node.at,
                format!("`{name}` as a string can only be `*`, not `{text}`"),
            ));
        }
        _ => {}
    }
    let mut list = Vec::new();
    for member in object(node, name)? {
        for (text, at) in strings(&member.node, &member.name)? {
            list.push(parse_principal(&member.name, text, at, member.at)?);
        }
    }
    Ok(list)
}

fn parse_principal(
    class: &str,
    text: &str,
    at: Position,
    class_at: Position,
) -> Result<Principal, ParseError> {
    let wild = text.contains(['*', '?']);
    match class {
        "AWS" if text == "*" => return Ok(Principal::Anyone),
        "Federated" if text == "*" => return Ok(Principal::Federated(text.to_owned())),
        "AWS" | "CanonicalUser" | "Service" | "Federated" => {}
        other => {
            return Err(value(
                class_at,
                format!(
                    "`{other}` is not a class of principals: AWS, Service, Federated or CanonicalUser"
                ),
            ));
        }
    }
    if wild {
        return Err(value(at, format!("a wildcard cannot match a part of a principal: `{text}`")));
    }
    match class {
        "Service" if text.contains('.') => Ok(Principal::Service(text.to_ascii_lowercase())),
        "Federated" if !text.is_empty() => Ok(Principal::Federated(text.to_owned())),
        "CanonicalUser" if !text.is_empty() => Ok(Principal::Canonical(text.to_owned())),
        "AWS" => aws_principal(text)
            .ok_or_else(|| value(at, format!("`{text}` is not an AWS principal"))),
        _ => Err(value(at, format!("`{text}` is not a principal of class {class}"))),
    }
}

fn aws_principal(text: &str) -> Option<Principal> {
    if is_account_id(text) {
        return Some(Principal::Account(text.to_owned()));
    }
    if let Some(arn) = arn_parts(text) {
        if !is_account_id(arn.account) {
            // CloudFront's origin access identities have an ARN of this shape.
            let cloudfront = arn.service == "iam" && arn.account == "cloudfront";
            return cloudfront.then(|| Principal::Arn(text.to_owned()));
        }
        return match arn.service {
            "iam" if arn.resource == "root" => Some(Principal::Account(arn.account.to_owned())),
            "iam" | "sts" if !arn.resource.is_empty() => Some(Principal::Arn(text.to_owned())),
            _ => None,
        };
    }
    let unique_id =
        text.len() >= 16 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if unique_id && text.starts_with('A') {
        return Some(Principal::DeletedId(text.to_owned()));
    }
    let canonical = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    canonical.then(|| Principal::Canonical(text.to_owned()))
}

fn object<'a>(node: &'a Node, what: &str) -> Result<&'a [Member], ParseError> {
    match &node.value {
        Value::Object(members) => Ok(members),
        other => Err(grammar(node.at, format!("{what} must be an object, not {}", other.name()))),
    }
}

fn string<'a>(node: &'a Node, what: &str) -> Result<&'a str, ParseError> {
    match &node.value {
        Value::String(text) => Ok(text),
        other => Err(grammar(node.at, format!("{what} must be a string, not {}", other.name()))),
    }
}

/// A string, or a list of strings, with their places.
fn strings<'a>(node: &'a Node, what: &str) -> Result<Vec<(&'a str, Position)>, ParseError> {
    match &node.value {
        Value::List(items) => items
            .iter()
            .map(|item| Ok((string(item, &format!("each item of `{what}`"))?, item.at)))
            .collect(),
        Value::String(text) => Ok(vec![(text, node.at)]),
        other => Err(grammar(
            node.at,
            format!("`{what}` must be a string or a list of strings, not {}", other.name()),
        )),
    }
}

/// Condition values may also be booleans and numbers.
fn condition_values(node: &Node, key: &str) -> Result<Vec<(String, Position)>, ParseError> {
    let items: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![node],
    };
    items
        .into_iter()
        .map(|item| match &item.value {
            Value::String(text) | Value::Number(text) => Ok((text.clone(), item.at)),
            Value::Bool(flag) => Ok((flag.to_string(), item.at)),
            other => Err(grammar(
                item.at,
                format!("a value of `{key}` must be a string, not {}", other.name()),
            )),
        })
        .collect()
}

fn once(seen: bool, member: &Member, name: &str) -> Result<(), ParseError> {
    if seen {
        return Err(grammar(
            member.at,
            format!("a statement has either `{name}` or `Not{name}`, not both"),
        ));
    }
    Ok(())
}

fn missing(at: Position, number: usize, name: &str) -> ParseError {
    grammar(at, format!("statement {number} has no `{name}`"))
}

fn unknown(member: &Member, what: &str, name: &str) -> ParseError {
    grammar(member.at, format!("{what} has no element `{name}`"))
}

fn grammar(at: Position, message: impl Into<String>) -> ParseError {
    ParseError::new(ParseErrorKind::Grammar, at, message)
}

fn value(at: Position, message: impl Into<String>) -> ParseError {
    ParseError::new(ParseErrorKind::Value, at, message)
}
