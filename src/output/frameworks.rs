//! Frameworks: a list, and a page each.

use super::Layout;
use super::table::{Row, Tone, table};
use super::text::{safe, wrapped};
use crate::compliance::{Control, Framework, Kind};
use crate::rules::Catalogue;
use serde::Serialize;

/// The version of the JSON of `frameworks list` and `frameworks show`.
pub const SCHEMA: &str = "cspm-frameworks/1";

/// The JSON of `frameworks list` and, with controls, `frameworks show`.
#[derive(Debug, Serialize)]
pub struct FrameworkList<'a> {
    schema: &'static str,
    frameworks: Vec<FrameworkItem<'a>>,
}

#[derive(Debug, Serialize)]
struct FrameworkItem<'a> {
    id: &'a str,
    aliases: &'a [String],
    name: &'a str,
    version: &'a str,
    kind: Kind,
    complete: bool,
    source: &'a str,
    date: &'a str,
    /// How many controls the list has.
    listed: usize,
    /// How many of them a rule looks at.
    with_check: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    controls: Option<Vec<ControlItem<'a>>>,
}

#[derive(Debug, Serialize)]
struct ControlItem<'a> {
    id: &'a str,
    title: &'a str,
    section: &'a str,
    assessment: Option<&'static str>,
    rules: Vec<&'a str>,
}

impl<'a> FrameworkList<'a> {
    /// The frameworks in the order given, without their controls.
    pub fn new(
        frameworks: impl IntoIterator<Item = &'a Framework>,
        catalogue: &'a Catalogue,
    ) -> Self {
        let items = frameworks.into_iter().map(|it| FrameworkItem::new(it, catalogue)).collect();
        Self { schema: SCHEMA, frameworks: items }
    }

    /// One framework with its controls.
    pub fn one(framework: &'a Framework, catalogue: &'a Catalogue) -> Self {
        let controls = framework
            .controls
            .iter()
            .map(|control| ControlItem {
                id: &control.id,
                title: &control.title,
                section: &control.section,
                assessment: control.assessment.map(|by| by.as_str()),
                rules: rules(framework, control, catalogue),
            })
            .collect();
        let item = FrameworkItem::new(framework, catalogue);
        let frameworks = vec![FrameworkItem { controls: Some(controls), ..item }];
        Self { schema: SCHEMA, frameworks }
    }
}

impl<'a> FrameworkItem<'a> {
    fn new(framework: &'a Framework, catalogue: &'a Catalogue) -> Self {
        Self {
            id: &framework.id,
            aliases: &framework.aliases,
            name: &framework.name,
            version: &framework.version,
            kind: framework.kind,
            complete: framework.complete,
            source: &framework.source,
            date: &framework.date,
            listed: framework.controls.len(),
            with_check: with_check(framework, catalogue),
            controls: None,
        }
    }
}

/// The rules that look at a control.
fn rules<'a>(framework: &Framework, control: &Control, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let rules = catalogue.rules().iter().map(|compiled| &compiled.rule);
    rules
        .filter(|rule| framework.looks_at(control, &rule.id, &rule.controls))
        .map(|rule| rule.id.as_str())
        .collect()
}

/// The first of a control's rules, and how many more there are.
fn some(rules: &[&str]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = rules.iter().copied().take(SHOWN).collect();
    let more = rules.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn with_check(framework: &Framework, catalogue: &Catalogue) -> usize {
    let checked = |control: &&Control| !rules(framework, control, catalogue).is_empty();
    framework.controls.iter().filter(checked).count()
}

/// The list as a table.
pub fn list<'a>(
    frameworks: impl IntoIterator<Item = &'a Framework>,
    catalogue: &Catalogue,
    layout: Layout,
) -> String {
    let rows = frameworks
        .into_iter()
        .map(|framework| {
            let listed = framework.controls.len();
            let extent = if framework.complete { "" } else { " selected" };
            let mut names = vec![framework.id.clone()];
            names.extend(framework.aliases.clone());
            vec![
                (names.join(", "), Tone::Plain),
                (framework.full_name(), Tone::Plain),
                (format!("{listed}{extent}"), Tone::Plain),
                (with_check(framework, catalogue).to_string(), Tone::Plain),
                (framework.date.clone(), Tone::Dim),
            ]
        })
        .collect();
    table(&["ID", "FRAMEWORK", "CONTROLS", "WITH A CHECK", "LIST OF"], rows, layout)
}

/// A framework's page.
pub fn page(framework: &Framework, catalogue: &Catalogue, layout: Layout) -> String {
    let mut page = format!("{}\n\n", framework.full_name());
    let kind = match framework.kind {
        Kind::Benchmark => "technical benchmark: a control can be met by configuration",
        Kind::ManagementSystem => {
            "demands on an organization: checks are evidence, never proof that a control is met"
        }
    };
    let controls = format!(
        "{}: {}, {} with an automated check",
        framework.extent(),
        framework.controls.len(),
        with_check(framework, catalogue)
    );
    let mut names = vec![framework.id.clone()];
    names.extend(framework.aliases.clone());
    for (name, value) in [
        ("id", names.join(", ")),
        ("kind", kind.to_owned()),
        ("controls", controls),
        ("source", framework.source.clone()),
        ("list of", framework.date.clone()),
    ] {
        let value = wrapped(&value, layout.columns, "            ");
        page.push_str(&format!("  {name:<10}{}", value.trim_start()));
    }
    page.push('\n');
    let mut text = safe(&page);
    let mut rows: Vec<Row> = Vec::new();
    for section in &framework.sections {
        rows.push(vec![
            (section.id.clone(), Tone::Dim),
            (section.title.to_uppercase(), Tone::Dim),
            (String::new(), Tone::Dim),
        ]);
        for control in framework.controls.iter().filter(|it| it.section == section.id) {
            rows.push(vec![
                (control.id.clone(), Tone::Plain),
                (control.title.clone(), Tone::Plain),
                (some(&rules(framework, control, catalogue)), Tone::Dim),
            ]);
        }
    }
    text.push_str(&table(&["CONTROL", "ASKS FOR", "RULES"], rows, layout));
    text
}
