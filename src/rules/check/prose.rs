//! The words of a rule, and the names it gives to other things.

use super::Surroundings;
use crate::rules::Status;
use crate::rules::load::{LoadedRule, RuleError};
use crate::rules::place::Place;

pub(super) fn check(loaded: &LoadedRule, around: Surroundings<'_>) -> Vec<RuleError> {
    let mut prose = Prose { loaded, errors: Vec::new() };
    prose.names();
    prose.texts();
    prose.quotes();
    prose.references();
    prose.controls(around);
    prose.life(around);
    prose.errors
}

struct Prose<'a> {
    loaded: &'a LoadedRule,
    errors: Vec<RuleError>,
}

impl Prose<'_> {
    fn wrong(&mut self, keys: &[&str], message: impl Into<String>, hint: &str) {
        let place = place_of(&self.loaded.source.rule, keys);
        self.wrong_at(place, message, hint);
    }

    fn wrong_at(&mut self, place: Place, message: impl Into<String>, hint: &str) {
        self.errors.push(self.loaded.source.error(place, message).hint(hint));
    }

    fn names(&mut self) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let rule = &self.loaded.rule;
        let names = std::iter::once(("id", &rule.id)).chain([("uid", &rule.uid)]);
        for (key, name) in names {
            if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) {
                let hint = "write a-z, 0-9 and -, a letter first, as s3-bucket-versioning";
                self.wrong(&[key], format!("`{name}` is not an id"), hint);
                break;
            }
        }
    }

    fn texts(&mut self) {
        let rule = &self.loaded.rule;
        let fix = &rule.fix;
        let texts: [(&[&str], Option<&str>, &str); 5] = [
            (&["title"], Some(&rule.title), "say in one line which state is wanted"),
            (&["why"], Some(&rule.why), "say what happens to whom if nobody fixes it"),
            (&["fix", "text"], Some(&fix.text), "say in a sentence or two what to do"),
            (&["fix", "risk"], fix.risk.as_deref(), "say what the fix may break"),
            (&["fix", "verify"], fix.verify.as_deref(), "write the command that shows it is fixed"),
        ];
        for (keys, text, hint) in texts {
            if text.is_none_or(|text| text.trim().is_empty()) {
                self.wrong(keys, format!("`{}` is missing", keys.join(".")), hint);
            }
        }
        for wording in &self.loaded.finding {
            if wording.text.text.trim().is_empty() {
                let hint = "say what is wrong, and with what: \"Public bucket: {self.id}\"";
                self.wrong_at(wording.text.place, "the finding says nothing", hint);
            }
        }
        let ways = [&fix.console, &fix.cli, &fix.terraform];
        if ways.into_iter().flatten().all(|way| way.trim().is_empty()) {
            let hint = "write `console`, `cli` or `terraform`";
            self.wrong(&["fix"], "the fix says what to do, but not how", hint);
        }
    }

    /// What a rule says and asks stands in quotes or in a block: in a plain
    /// scalar ` #` begins a comment, and the rest of the text is gone.
    fn quotes(&mut self) {
        let mut within = "";
        for (line, number) in self.loaded.source.rule.lines().zip(1..) {
            let own = line.trim_start();
            let own = own.strip_prefix("- ").unwrap_or(own).trim_start();
            let Some((key, value)) = own.split_once(':') else { continue };
            let top = !key.starts_with('#') && line.starts_with(key);
            if top {
                within = key;
            }
            let concerned = match key {
                "finding" | "pass" => top,
                "when" => top || within == "finding",
                "text" => within == "finding",
                _ => false,
            };
            let value = value.trim_start();
            if concerned && !value.is_empty() && !value.starts_with(['"', '\'', '|', '>', '#']) {
                let column = line.chars().count() - value.chars().count() + 1;
                let hint = "in YAML `: `, ` #` and a leading `!` are no text without them";
                let message = format!("put `{key}` in quotes");
                self.wrong_at(Place { line: number, column }, message, hint);
            }
        }
    }

    fn references(&mut self) {
        let references = &self.loaded.rule.references;
        if references.is_empty() {
            let hint = "name the page of AWS's documentation that the rule stands on";
            self.wrong(&["references"], "`references` is missing", hint);
        }
        for reference in references {
            if !reference.starts_with("https://") || reference.contains(char::is_whitespace) {
                let message = format!("{reference} is not a link");
                self.wrong(&["references"], message, "write https://...");
            }
        }
    }

    fn controls(&mut self, around: Surroundings<'_>) {
        let source = &self.loaded.source.rule;
        for fault in (around.controls)(&self.loaded.rule.controls) {
            let place = place_of_control(source, &fault.framework, fault.control.as_deref());
            self.wrong_at(place, fault.message, &fault.hint);
        }
    }

    fn life(&mut self, around: Surroundings<'_>) {
        let rule = &self.loaded.rule;
        if let Some(since) = &rule.since {
            let numbers: Vec<&str> = since.split('.').collect();
            let numeric = |part: &&str| !part.is_empty() && part.parse::<u16>().is_ok();
            if numbers.len() != 3 || !numbers.iter().all(numeric) {
                let hint = "write the version that first had the rule, as \"0.2.0\"";
                self.wrong(&["since"], format!("`{since}` is not a version"), hint);
            }
        }
        let deprecated = rule.status == Status::Deprecated;
        match &rule.replaced_by {
            Some(other) if *other == rule.id => {
                self.wrong(&["replaced_by"], "a rule cannot take over from itself", "name another");
            }
            Some(other) if !(around.exists)(other) => {
                let message = format!("there is no rule `{other}`");
                self.wrong(&["replaced_by"], message, "write a rule's id, not an alias");
            }
            Some(_) if !deprecated => {
                let hint = "write `status: deprecated`, or leave `replaced_by` out";
                self.wrong(&["replaced_by"], "only a deprecated rule is replaced", hint);
            }
            _ => {}
        }
    }
}

/// Where a key stands, as `fix` or `fix`, `risk`; where the key above it stands
/// if it is missing.
fn place_of(text: &str, keys: &[&str]) -> Place {
    let mut place = Place { line: 1, column: 1 };
    let mut lines = (1..).zip(text.lines()).peekable();
    for (depth, key) in keys.iter().enumerate() {
        let found = lines.find(|(_, line)| {
            let own = line.trim_start();
            let indent = line.len() - own.len();
            (if depth == 0 { indent == 0 } else { indent > 0 })
                && own.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        });
        match found {
            Some((line, text)) => {
                place = Place { line, column: text.len() - text.trim_start().len() + 1 };
            }
            None => break,
        }
    }
    place
}

/// Where a rule names a framework, or a control of it.
fn place_of_control(text: &str, framework: &str, control: Option<&str>) -> Place {
    let below = text.lines().zip(1..).skip_while(|(line, _)| !line.starts_with("controls:"));
    let mut at_framework = None;
    for (line, number) in below {
        let mut rest = line;
        if at_framework.is_none() {
            let Some((before, after)) = line.split_once(&format!("{framework}:")) else { continue };
            let column = before.chars().count() + 1;
            let Some(_) = control else { return Place { line: number, column } };
            at_framework = Some(Place { line: number, column });
            rest = after;
        }
        let Some(control) = control else { continue };
        for quote in ["\"", "'", ""] {
            let wanted = format!("{quote}{control}{quote}");
            if let Some((before, _)) = rest.split_once(&wanted) {
                let skipped = line.chars().count() - rest.chars().count();
                return Place { line: number, column: skipped + before.chars().count() + 1 };
            }
        }
    }
    at_framework.unwrap_or(Place { line: 1, column: 1 })
}
