//! What a framework is: one YAML file under `rules/frameworks`.

use crate::compliance::NamedControls;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What sort of standard a framework is: how much a tool may claim about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Technical recommendations: a control can be met by configuration.
    Benchmark,
    /// Demands on an organisation: a tool can only say that its own checks
    /// passed, never that the control is met.
    ManagementSystem,
}

/// How the authors of a benchmark say that a control is assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssessedBy {
    /// By a tool.
    Automated,
    /// By a person.
    Manual,
}

impl AssessedBy {
    /// The word of the files and the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automated => "automated",
            Self::Manual => "manual",
        }
    }
}

/// A standard and its numbered demands.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    /// Its id; the file's name.
    pub id: String,
    /// Other names under which it is found.
    pub aliases: Vec<String>,
    /// Its name in full, without the version.
    pub name: String,
    /// Its name in a few letters, for one line about a finding.
    pub label: String,
    /// Which edition.
    pub version: String,
    /// What may be claimed about it.
    pub kind: Kind,
    /// Whether the file lists all its controls. If not, they are "selected
    /// controls" and are never counted up.
    pub complete: bool,
    /// Whether an id without its parts, like article 32, stands for all of its
    /// parts in the list, like 32(1)(a).
    pub parts: bool,
    /// Where the list of controls was read.
    pub source: String,
    /// The day of the newest of those sources, as `YYYY-MM-DD`.
    pub date: String,
    /// Its sections, in its own order.
    pub sections: Vec<Section>,
    /// Its controls, section by section.
    pub controls: Vec<Control>,
}

/// A section of a framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// What it is about, in our own words.
    pub title: String,
}

/// One numbered demand of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// Its id, without the framework.
    pub id: String,
    /// What it asks for, in our own words or from public law.
    pub title: String,
    /// The id of its section.
    pub section: String,
    /// How its authors say that it is assessed, if they say.
    pub assessment: Option<AssessedBy>,
    /// Who says otherwise about the assessment.
    pub disputed: Option<String>,
    /// Groups of rules of which one is enough.
    pub any: Vec<Vec<String>>,
    /// The same recommendation in the newest other version that has it, by
    /// framework id.
    pub same_as: BTreeMap<String, String>,
    /// The controls of another framework whose own documentation names this
    /// one as their requirement, by framework id.
    pub named_by: BTreeMap<String, Vec<String>>,
}

impl Framework {
    /// The control with this id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The controls that a rule means by naming `id` under this framework: the
    /// one with that id or, where an id without its parts stands for all of
    /// them, each part.
    pub fn named(&self, id: &str) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(move |control| self.means(id, control))
    }

    /// Whether a rule that names these controls counts for `control`: it names
    /// it here, or it names the same recommendation in another version, or a
    /// control whose documentation names this one.
    ///
    /// The groups under `any` are not looked at.
    pub fn serves(&self, control: &Control, named: &NamedControls) -> bool {
        let under = |framework: &str| named.get(framework).into_iter().flatten();
        under(&self.id).any(|id| self.means(id, control))
            || control.same_as.iter().any(|(other, id)| under(other).any(|named| named == id))
            || control.named_by.iter().any(|(other, ids)| under(other).any(|id| ids.contains(id)))
    }

    /// Whether a rule looks at `control`: it serves it, or it is in one of its
    /// groups.
    pub fn looks_at(&self, control: &Control, rule: &str, named: &NamedControls) -> bool {
        control.any.iter().flatten().any(|id| id == rule) || self.serves(control, named)
    }

    /// GDPR: rules name bare articles ("25", "32"), the list has their parts
    /// ("32(1)(a)"). An article that is in the list itself stands for itself.
    fn means(&self, id: &str, control: &Control) -> bool {
        control.id == id
            || (self.parts && control.id.strip_prefix(id).is_some_and(|part| part.starts_with('(')))
    }

    /// Its name with its edition.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// How a list of its controls is headed: `selected controls` for a file
    /// that does not have them all.
    pub fn extent(&self) -> &'static str {
        if self.complete { "all controls" } else { "selected controls" }
    }
}

impl Control {
    /// The controls of other frameworks that it points to, as framework and id.
    pub(super) fn links(&self) -> impl Iterator<Item = (&str, &str)> {
        let same = self.same_as.iter().map(|(framework, id)| (framework.as_str(), id.as_str()));
        let named = self.named_by.iter().flat_map(|(framework, ids)| {
            ids.iter().map(move |id| (framework.as_str(), id.as_str()))
        });
        same.chain(named)
    }
}
