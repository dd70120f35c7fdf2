//! From a file's text to a framework.

use crate::compliance::framework::{AssessedBy, Control, Framework, Kind, Section};
use crate::compliance::natural_order;
use crate::rules::yaml;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a framework file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}{}: {kind}", self.place())]
pub struct LoadError {
    /// The file.
    pub path: String,
    /// The line and column, both from 1; none where two files disagree.
    pub at: Option<(usize, usize)>,
    /// What is wrong.
    pub kind: LoadErrorKind,
}

impl LoadError {
    fn place(&self) -> String {
        self.at.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default()
    }
}

/// What can be wrong with a framework file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadErrorKind {
    /// Not the YAML that we read, or not the keys of a framework.
    #[error("{0}")]
    Yaml(String),
    /// The id and the file's name differ.
    #[error("the id is {id}, so the file has to be named {id}.yaml")]
    FileName {
        /// The id in the file.
        id: String,
    },
    /// Two sections or two controls have one id, or two frameworks one name.
    #[error("{0} stands here for the second time; ids are unique")]
    Duplicate(String),
    /// Controls of a section are out of order.
    #[error("{id} stands after {after}; put the controls of a section in the order of their ids")]
    Order {
        /// The control that stands too late.
        id: String,
        /// The one before it.
        after: String,
    },
    /// A text is empty.
    #[error("{0} is empty; write it out")]
    Empty(&'static str),
    /// The date is not a day.
    #[error("{0} is not a day; write it as YYYY-MM-DD, in quotes")]
    Date(String),
    /// A group of one: the key says that one of several is enough.
    #[error("a group under `any` needs two rules or more")]
    SmallGroup,
    /// A crosswalk points to nothing.
    #[error(
        "control {control} points to {id} of {framework}, which does not exist; \
         name a control that does, or leave it out"
    )]
    Crosswalk {
        /// The control that has the crosswalk.
        control: String,
        /// The framework that the crosswalk names.
        framework: String,
        /// The control that it names there.
        id: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrameworkFile {
    id: Spanned<String>,
    #[serde(default)]
    aliases: Vec<String>,
    name: String,
    label: String,
    version: String,
    kind: Kind,
    complete: bool,
    #[serde(default)]
    parts: bool,
    source: String,
    date: Spanned<String>,
    sections: Vec<SectionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    id: Spanned<String>,
    title: String,
    controls: Vec<ControlFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControlFile {
    id: Spanned<String>,
    title: String,
    assessment: Option<AssessedBy>,
    disputed: Option<String>,
    #[serde(default)]
    any: Vec<Vec<String>>,
    #[serde(default)]
    same_as: BTreeMap<String, String>,
    #[serde(default)]
    named_by: BTreeMap<String, Vec<String>>,
}

impl Framework {
    /// Reads one framework file. `path` names it in errors, and its last part
    /// has to be the id.
    pub fn parse(path: &str, text: &str) -> Result<Framework, LoadError> {
        let file: FrameworkFile = yaml::read(text).map_err(|error| LoadError {
            path: path.to_owned(),
            at: Some((error.line, error.column)),
            kind: LoadErrorKind::Yaml(error.message),
        })?;
        Reader { path, seen: BTreeSet::new() }.framework(file)
    }
}

/// Checks what the keys' types cannot.
struct Reader<'a> {
    path: &'a str,
    seen: BTreeSet<String>,
}

impl Reader<'_> {
    fn framework(mut self, file: FrameworkFile) -> Result<Framework, LoadError> {
        let stem = self.path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml"));
        if stem != Some(file.id.value.as_str()) {
            return Err(self.at(&file.id, LoadErrorKind::FileName { id: file.id.value.clone() }));
        }
        for (key, text) in [
            ("name", &file.name),
            ("label", &file.label),
            ("version", &file.version),
            ("source", &file.source),
        ] {
            self.filled(&file.id, key, text)?;
        }
        if file.date.value.parse::<jiff::civil::Date>().is_err() {
            return Err(self.at(&file.date, LoadErrorKind::Date(file.date.value.clone())));
        }
        let mut sections = Vec::new();
        let mut controls = Vec::new();
        let mut section_ids = BTreeSet::new();
        for section in file.sections {
            self.filled(&section.id, "the section's id", &section.id.value)?;
            self.filled(&section.id, "the section's title", &section.title)?;
            if !section_ids.insert(section.id.value.clone()) {
                return Err(self.duplicate(&section.id));
            }
            let mut before: Option<String> = None;
            for control in section.controls {
                let control = self.control(control, &section.id.value, before.as_deref())?;
                before = Some(control.id.clone());
                controls.push(control);
            }
            sections.push(Section { id: section.id.value, title: section.title });
        }
        Ok(Framework {
            id: file.id.value,
            aliases: file.aliases,
            name: file.name,
            label: file.label,
            version: file.version,
            kind: file.kind,
            complete: file.complete,
            parts: file.parts,
            source: file.source,
            date: file.date.value,
            sections,
            controls,
        })
    }

    fn control(
        &mut self,
        control: ControlFile,
        section: &str,
        before: Option<&str>,
    ) -> Result<Control, LoadError> {
        self.filled(&control.id, "the control's id", &control.id.value)?;
        self.filled(&control.id, "the control's title", &control.title)?;
        if !self.seen.insert(control.id.value.clone()) {
            return Err(self.duplicate(&control.id));
        }
        if let Some(before) = before
            && natural_order(before, &control.id.value) == Ordering::Greater
        {
            let kind =
                LoadErrorKind::Order { id: control.id.value.clone(), after: before.to_owned() };
            return Err(self.at(&control.id, kind));
        }
        if control.any.iter().any(|group| group.len() < 2) {
            return Err(self.at(&control.id, LoadErrorKind::SmallGroup));
        }
        Ok(Control {
            id: control.id.value,
            title: control.title,
            section: section.to_owned(),
            assessment: control.assessment,
            disputed: control.disputed,
            any: control.any,
            same_as: control.same_as,
            named_by: control.named_by,
        })
    }

    fn filled(
        &self,
        near: &Spanned<String>,
        key: &'static str,
        text: &str,
    ) -> Result<(), LoadError> {
        if text.trim().is_empty() {
            return Err(self.at(near, LoadErrorKind::Empty(key)));
        }
        Ok(())
    }

    fn duplicate(&self, id: &Spanned<String>) -> LoadError {
        self.at(id, LoadErrorKind::Duplicate(id.value.clone()))
    }

    fn at(&self, place: &Spanned<String>, kind: LoadErrorKind) -> LoadError {
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let at = (index(place.referenced.line()), index(place.referenced.column()));
        LoadError { path: self.path.to_owned(), at: Some(at), kind }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests;
