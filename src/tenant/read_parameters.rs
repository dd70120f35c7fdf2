//! Reads `[parameters.RULE]`: values for the parameters of rules.

use toml::de::DeValue;

use super::check::Complaint;
use super::parameter::{ParameterOverride, ParameterValue};
use super::problem::ProblemKind;
use super::reader::{Reader, Table, Value};

/// What to write in place of a value of a type that no parameter has.
const EXAMPLES: &str = "write a whole number, [22, 3389] or [\"a\", \"b\"]";

impl Reader<'_> {
    pub(super) fn parameters(&mut self, root: &Table<'_>) -> Vec<ParameterOverride> {
        let mut all = Vec::new();
        let Some(value) = root.get("parameters") else { return all };
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(
                "parameters",
                value,
                "a table of tables",
                "write [parameters.RULE] with a rule's id, and the rule's parameters below it",
            );
            return all;
        };
        for (rule, value) in table {
            let name: &str = rule.get_ref();
            let Some(own) = value.get_ref().as_table() else {
                let shown = self.hidden.show(name);
                self.wrong_type(
                    &format!("[parameters] {shown}"),
                    value,
                    "a table",
                    "write [parameters.RULE] with a rule's id, and the rule's parameters below it",
                );
                continue;
            };
            for (parameter, value) in own {
                if let Some(read) = self.parameter_value(parameter.get_ref(), value) {
                    all.push(ParameterOverride {
                        rule: name.to_owned(),
                        rule_at: self.lines.position(rule.span().start),
                        parameter: parameter.get_ref().to_string(),
                        at: self.lines.position(parameter.span().start),
                        value: read,
                        value_at: self.lines.position(value.span().start),
                    });
                }
            }
        }
        all.sort_by_key(|parameter| parameter.at);
        all
    }

    fn parameter_value(&mut self, name: &str, value: &Value<'_>) -> Option<ParameterValue> {
        match value.get_ref() {
            DeValue::Integer(_) => self.number(value).map(ParameterValue::Int),
            DeValue::Array(items) => {
                let texts: Vec<String> = items
                    .iter()
                    .filter_map(|item| item.get_ref().as_str().map(str::to_owned))
                    .collect();
                if !texts.is_empty() && texts.len() == items.len() {
                    return Some(ParameterValue::Texts(texts));
                }
                let numbers = items.iter().map(|item| {
                    if item.get_ref().as_integer().is_some() {
                        return self.number(item);
                    }
                    let shown = self.hidden.show(name);
                    let wanted = "a list of numbers or a list of texts";
                    self.wrong_type(&format!("[parameters] {shown}"), item, wanted, EXAMPLES);
                    None
                });
                numbers.collect::<Option<_>>().map(ParameterValue::Ints)
            }
            _ => {
                let shown = self.hidden.show(name);
                self.wrong_type(
                    &format!("[parameters] {shown}"),
                    value,
                    "a number or a list",
                    EXAMPLES,
                );
                None
            }
        }
    }

    fn number(&mut self, value: &Value<'_>) -> Option<i64> {
        let number = value.get_ref().as_integer()?;
        let read = i64::from_str_radix(number.as_str(), number.radix()).ok();
        if read.is_none() {
            let complaint = Complaint::new(
                ProblemKind::Malformed,
                format!("{} is too large a number", number.as_str()),
                "write a number that the rule allows; `cspm rules show` names the bounds",
            );
            self.report(&value.span(), complaint);
        }
        read
    }
}
