//! A rule's page: one content, for terminals and as Markdown.

use super::Layout;
use super::markdown::escaped;
use super::text::{safe, wrapped};
use crate::rules::{CompiledRule, Decidable, ExampleName, Parameter, Rule, Severity, Status};

/// The page for a terminal.
pub fn page(rule: &CompiledRule, examples: &[ExampleName], layout: Layout) -> String {
    let mut text = format!("{}\n{}\n", rule.rule.id, rule.rule.title);
    for section in sections(rule, examples) {
        text.push('\n');
        if !section.title.is_empty() {
            text.push_str(&format!("{}\n", section.title.to_uppercase()));
        }
        for (position, block) in section.blocks.iter().enumerate() {
            if position > 0 && !matches!(block, Block::Rows(_)) {
                text.push('\n');
            }
            block.print(&mut text, layout);
        }
    }
    safe(&text)
}

/// The page as Markdown.
pub fn markdown(rule: &CompiledRule, examples: &[ExampleName]) -> String {
    let mut text = format!("# {}\n\n{}\n", escaped(&rule.rule.id), escaped(&rule.rule.title));
    for section in sections(rule, examples) {
        if !section.title.is_empty() {
            text.push_str(&format!("\n## {}\n", section.title));
        }
        for block in &section.blocks {
            block.mark(&mut text);
        }
    }
    safe(&text)
}

/// With fewer columns left for what words mean, it stands below them.
const LEAST: usize = 28;

struct Section {
    title: &'static str,
    blocks: Vec<Block>,
}

enum Block {
    /// Prose, under a name if there is one.
    Prose(&'static str, String),
    /// An expression, which may be broken at any space.
    Expression(&'static str, String),
    /// Lines to be copied.
    Code(&'static str, String),
    /// Words and what they mean.
    Rows(Vec<(String, String)>),
    /// Links, one per line.
    Links(Vec<String>),
}

impl Block {
    fn print(&self, text: &mut String, layout: Layout) {
        let name = |text: &mut String, name: &str| {
            if !name.is_empty() {
                text.push_str(&format!("  {name}\n"));
            }
        };
        match self {
            Self::Prose("", prose) => text.push_str(&wrapped(prose, layout.columns, "  ")),
            Self::Prose(title, prose) | Self::Expression(title, prose) => {
                name(text, title);
                text.push_str(&wrapped(prose, layout.columns, "    "));
            }
            Self::Code(title, code) => {
                name(text, title);
                for line in code.trim_end().lines() {
                    text.push_str(&format!("    {line}\n"));
                }
            }
            Self::Rows(rows) => {
                let width = rows.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0);
                let too_wide = width + LEAST > usize::from(layout.columns);
                for (word, meaning) in rows {
                    if too_wide {
                        text.push_str(&wrapped(word, layout.columns, "  "));
                        text.push_str(&wrapped(meaning, layout.columns, "      "));
                        continue;
                    }
                    let indent = " ".repeat(width + 4);
                    let lines = wrapped(meaning, layout.columns, &indent);
                    let lead = format!("  {word:<width$}  ");
                    match lines.strip_prefix(&indent) {
                        Some(rest) => text.push_str(&format!("{lead}{rest}")),
                        None => text.push_str(&format!("{}\n", lead.trim_end())),
                    }
                }
            }
            Self::Links(links) => {
                links.iter().for_each(|link| text.push_str(&format!("  {link}\n")));
            }
        }
    }

    fn mark(&self, text: &mut String) {
        let name = |text: &mut String, name: &str| {
            if !name.is_empty() {
                text.push_str(&format!("\n**{name}**\n"));
            }
        };
        match self {
            Self::Prose(title, prose) => {
                name(text, title);
                let lines: Vec<String> = prose.trim_end().lines().map(escaped).collect();
                text.push_str(&format!("\n{}\n", lines.join("\n")));
            }
            Self::Code(title, code) | Self::Expression(title, code) => {
                name(text, title);
                let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(longest.max(2) + 1);
                text.push_str(&format!("\n{fence}\n{}\n{fence}\n", code.trim_end()));
            }
            Self::Rows(rows) => {
                text.push('\n');
                for (word, meaning) in rows {
                    text.push_str(&format!("- **{}** {}\n", escaped(word), escaped(meaning)));
                }
            }
            Self::Links(links) => {
                text.push('\n');
                links.iter().for_each(|link| text.push_str(&format!("- <{link}>\n")));
            }
        }
    }
}

fn sections(compiled: &CompiledRule, examples: &[ExampleName]) -> Vec<Section> {
    let rule = &compiled.rule;
    let mut all = vec![
        Section { title: "", blocks: vec![Block::Rows(facts(rule))] },
        Section { title: "Why", blocks: vec![Block::Prose("", rule.why.clone())] },
        Section { title: "How to fix it", blocks: fix(rule) },
        Section { title: "Condition", blocks: condition(rule) },
    ];
    let mut more = |title, blocks: Vec<Block>| {
        let empty = blocks.iter().all(|block| match block {
            Block::Rows(rows) => rows.is_empty(),
            Block::Links(links) => links.is_empty(),
            Block::Prose(..) | Block::Expression(..) | Block::Code(..) => false,
        });
        if !empty {
            all.push(Section { title, blocks });
        }
    };
    if !rule.parameters.is_empty() {
        let rows = rule.parameters.iter().map(parameter).collect();
        let how = format!("Set them in the tenants file, below [parameters.{}].", rule.id);
        more("Parameters", vec![Block::Rows(rows), Block::Prose("", how)]);
    }
    more("What it reads", reads(compiled));
    more("Permissions it needs", vec![Block::Rows(permissions(compiled))]);
    let controls = rule.controls.iter().map(|(framework, ids)| (framework.clone(), ids.join(", ")));
    more("Controls", vec![Block::Rows(controls.collect())]);
    let examples =
        examples.iter().map(|it| (it.verdict.as_str().replace('_', " "), it.name.clone()));
    more("Examples", vec![Block::Rows(examples.collect())]);
    more("References", vec![Block::Links(rule.references.clone())]);
    all
}

fn facts(rule: &Rule) -> Vec<(String, String)> {
    let mut facts: Vec<(&str, String)> = vec![
        ("severity", severity(rule.severity, rule.aws_severity)),
        ("category", rule.category.to_string()),
        ("judges", rule.resources.join(", ")),
    ];
    if !rule.aliases.is_empty() {
        facts.push(("also", rule.aliases.join(", ")));
    }
    match rule.decidable {
        Decidable::Full => {}
        Decidable::Partial => facts.push(("decides", "a part; a person looks at the rest".into())),
        Decidable::Evidence => facts.push(("decides", "nothing; it supplies evidence".into())),
    }
    if let Some(cause) = &rule.cause {
        facts.push(("cause", format!("{cause}: counted once with the other rules of this cause")));
    }
    if let Some(since) = &rule.since {
        facts.push(("since", format!("cspm {since}")));
    }
    if let Some(life) = life(rule) {
        facts.push(("status", life));
    }
    facts.into_iter().map(|(word, meaning)| (word.to_owned(), meaning)).collect()
}

/// Where a rule stands in its life, unless it simply stands.
pub(super) fn life(rule: &Rule) -> Option<String> {
    match (rule.status, &rule.replaced_by) {
        (Status::Stable, _) => None,
        (Status::Experimental, _) => Some("experimental: it may change its mind".to_owned()),
        (Status::Deprecated, Some(other)) => Some(format!("deprecated: {other} takes over")),
        (Status::Deprecated, None) => Some("deprecated: it will go without a successor".to_owned()),
    }
}

fn severity(own: Severity, aws: Option<Severity>) -> String {
    match aws {
        Some(aws) if aws != own => format!("{own} (AWS Security Hub: {aws})"),
        _ => own.to_string(),
    }
}

fn fix(rule: &Rule) -> Vec<Block> {
    let fix = &rule.fix;
    let prose = |title, text: &Option<String>| text.clone().map(|text| Block::Prose(title, text));
    let code = |title, text: &Option<String>| text.clone().map(|text| Block::Code(title, text));
    let parts = [
        prose("Console", &fix.console),
        code("AWS CLI", &fix.cli),
        code("Terraform", &fix.terraform),
        prose("What the fix may break", &fix.risk),
        code("How to verify it", &fix.verify),
    ];
    std::iter::once(Block::Prose("", fix.text.clone())).chain(parts.into_iter().flatten()).collect()
}

fn condition(rule: &Rule) -> Vec<Block> {
    let expressions = [
        ("Applies when", rule.when.as_ref()),
        ("Judges each of", rule.each.as_ref()),
        ("Passes when", Some(&rule.pass)),
    ];
    expressions
        .into_iter()
        .filter_map(|(title, text)| Some(Block::Expression(title, text?.clone())))
        .collect()
}

fn parameter(it: &Parameter) -> (String, String) {
    let changed = match it.value == it.default {
        true => String::new(),
        false => format!(" (default {})", it.default),
    };
    let (value, meaning) = (&it.value, it.description.trim_end().trim_end_matches('.'));
    (format!("{} = {value}{changed}", it.name), format!("{meaning}: {}.", it.kind()))
}

/// The facts, by type.
fn reads(compiled: &CompiledRule) -> Vec<Block> {
    let mut rows: Vec<(String, String)> = Vec::new();
    for variant in &compiled.variants {
        let beside = variant.lookups.iter().copied();
        for kind in std::iter::once(variant.kind.name).chain(beside) {
            let of_kind = variant.reads.iter().filter(|(name, _)| *name == kind);
            let fields: Vec<&str> = of_kind.map(|(_, field)| *field).collect();
            let fields =
                if fields.is_empty() { "that it exists".into() } else { fields.join(", ") };
            if !rows.iter().any(|(name, _)| name == kind) {
                rows.push((kind.to_owned(), fields));
            }
        }
    }
    vec![Block::Rows(rows)]
}

fn permissions(compiled: &CompiledRule) -> Vec<(String, String)> {
    let operations = compiled.operations();
    let rows = operations.iter().map(|operation| {
        let needs = match operation.actions {
            [] => "needs none".to_owned(),
            actions => actions.join(", "),
        };
        (operation.id(), needs)
    });
    let rows: Vec<(String, String)> = rows.collect();
    rows.into_iter()
        .map(|(id, needs)| match id == needs {
            true => (id, "the action of the same name".to_owned()),
            false => (id, needs),
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::{Catalogue, Outcome, Source, Vocabulary};
    use crate::services;

    const RULE: &str = r#"id: x
title: No old certificate
finding: "Old certificate: {self.id}"
resource: iam.server-certificate
severity: low
aws_severity: medium
category: IAM
since: "0.1.0"
status: deprecated
replaced_by: y
pass: "!has(resource.Expiration) || days_until(resource.Expiration) >= parameters.days"
parameters:
  days: { type: int, default: 30, min: 1, max: 365, description: How long it has to last. }
why: It expires. *This* is <b>prose</b> that is long enough to be wrapped at eighty columns and goes on.
fix:
  text: Renew it.
  cli: |
    aws iam a
    aws iam b
  risk: None.
references: ["https://docs.aws.amazon.com/IAM/"]
controls:
  soc2: ["CC6.7"]
"#;

    fn rule() -> Catalogue {
        let vocabulary = Vocabulary { types: services::types(), questions: services::questions() };
        Catalogue::load([Source::new("rules/iam/x.yaml", RULE)], vocabulary).unwrap()
    }

    fn examples() -> [ExampleName; 1] {
        [ExampleName { name: "spare".to_owned(), verdict: Outcome::NotApplicable }]
    }

    #[test]
    fn the_page_for_a_terminal() {
        let catalogue = rule();
        let layout = Layout { columns: 80, color: false };
        let page = page(catalogue.find("x").unwrap(), &examples(), layout);
        insta::assert_snapshot!(page);
        assert!(page.lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn a_parameter_with_a_long_value_stands_above_what_it_means() {
        let names = ["a-name-of-thirty-characters-01", "a-name-of-thirty-characters-02"].join(", ");
        let names = format!(
            "  names: {{ type: list of text, default: [{names}], description: Left out. }}\n"
        );
        let pass = "parameters.days || self.id in parameters.names";
        let rule = RULE
            .replace("parameters.days\"", &format!("{pass}\""))
            .replace("why:", &format!("{names}why:"));
        let vocabulary = Vocabulary { types: services::types(), questions: services::questions() };
        let catalogue =
            Catalogue::load([Source::new("rules/iam/x.yaml", &rule)], vocabulary).unwrap();
        let layout = Layout { columns: 80, color: false };
        let page = page(catalogue.find("x").unwrap(), &examples(), layout);
        assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
        let (_, after) = page.split_once("  names = [").unwrap();
        assert!(after.contains("\n      Left out: a list of texts"), "{page}");
    }

    #[test]
    fn the_page_as_markdown() {
        let catalogue = rule();
        insta::assert_snapshot!(markdown(catalogue.find("x").unwrap(), &examples()));
    }
}
