//! Where the tenants file is looked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// All that says where the tenants file may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// `--config`.
    pub flag: Option<PathBuf>,
    /// `$CSPM_CONFIG`; empty counts as not set.
    pub environment: Option<OsString>,
    /// The file in the user's configuration folder, see [`user_config_file`].
    pub user: Option<PathBuf>,
}

/// Who named a tenants file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigSource {
    /// `--config`.
    Flag,
    /// `$CSPM_CONFIG`.
    Environment,
    /// `./tenants.toml`.
    WorkingFolder,
    /// The user's configuration folder.
    UserFolder,
}

/// The tenants file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its path.
    pub path: PathBuf,
    /// Who named it.
    pub source: ConfigSource,
}

/// There is no tenants file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoConfigFile {
    /// The user named a file that is not there. No other one is taken for it.
    #[error("the tenants file {} ({}) is not there; correct the path", .0.path.display(), named_by(.0.source))]
    Named(ConfigFile),
    /// Nothing was named, and none of the usual places has one.
    #[error(
        "there is no tenants file ({}); make one with `cspm tenants add`, or look around with `--tenant demo`",
        .0.iter().map(|file| file.path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    Nowhere(Vec<ConfigFile>),
}

const fn named_by(source: ConfigSource) -> &'static str {
    match source {
        ConfigSource::Flag => "--config",
        ConfigSource::Environment => "$CSPM_CONFIG",
        ConfigSource::WorkingFolder => "working folder",
        ConfigSource::UserFolder => "user's configuration folder",
    }
}

impl Candidates {
    /// The places in the order in which they are tried: `--config`, else
    /// `$CSPM_CONFIG`, else `./tenants.toml`, then the user's folder.
    #[must_use]
    pub fn places(&self) -> Vec<ConfigFile> {
        let file = |path: PathBuf, source| ConfigFile { path, source };
        if let Some(path) = &self.flag {
            return vec![file(path.clone(), ConfigSource::Flag)];
        }
        if let Some(path) = self.environment.as_ref().filter(|path| !path.is_empty()) {
            return vec![file(PathBuf::from(path), ConfigSource::Environment)];
        }
        let mut places = vec![file(PathBuf::from("tenants.toml"), ConfigSource::WorkingFolder)];
        places.extend(self.user.clone().map(|path| file(path, ConfigSource::UserFolder)));
        places
    }

    /// The file to read: the first place for which `exists` holds.
    ///
    /// # Errors
    /// If there is none; a file that the user named is never replaced by another.
    pub fn find(&self, exists: impl Fn(&Path) -> bool) -> Result<ConfigFile, NoConfigFile> {
        let places = self.places();
        if let Some(file) = places.iter().find(|file| exists(&file.path)) {
            return Ok(file.clone());
        }
        Err(match <[ConfigFile; 1]>::try_from(places) {
            Ok([file]) if matches!(file.source, ConfigSource::Flag | ConfigSource::Environment) => {
                NoConfigFile::Named(file)
            }
            Ok(places) => NoConfigFile::Nowhere(places.to_vec()),
            Err(places) => NoConfigFile::Nowhere(places),
        })
    }
}

/// `cspm/tenants.toml` in the user's configuration folder: `$XDG_CONFIG_HOME`
/// if it is an absolute path, else `%APPDATA%` on Windows, else `~/.config`.
/// `variable` reads the environment.
#[must_use]
pub fn user_config_file(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = folder("XDG_CONFIG_HOME")
        .or_else(|| folder("APPDATA").filter(|_| cfg!(windows)))
        .or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(base.join("cspm").join("tenants.toml"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn all() -> Candidates {
        Candidates {
            flag: Some("flag.toml".into()),
            environment: Some("env.toml".into()),
            user: Some("/home/me/.config/cspm/tenants.toml".into()),
        }
    }

    #[test]
    fn the_order_is_flag_environment_working_folder_user_folder() {
        let mut candidates = all();
        let source = |candidates: &Candidates| candidates.find(|_| true).unwrap().source;
        assert_eq!(source(&candidates), ConfigSource::Flag);
        candidates.flag = None;
        assert_eq!(source(&candidates), ConfigSource::Environment);
        candidates.environment = Some(OsString::new());
        assert_eq!(source(&candidates), ConfigSource::WorkingFolder);
        let file = candidates.find(|path| path.is_absolute()).unwrap();
        assert_eq!(file.source, ConfigSource::UserFolder);
        assert_eq!(file.path, Path::new("/home/me/.config/cspm/tenants.toml"));
    }

    #[test]
    fn a_named_file_is_never_replaced() {
        let missing = all().find(|path| path != Path::new("flag.toml")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "the tenants file flag.toml (--config) is not there; correct the path"
        );
        let environment = Candidates { flag: None, ..all() };
        let missing = environment.find(|path| path != Path::new("env.toml")).unwrap_err();
        assert_eq!(
            missing.to_string(),
            "the tenants file env.toml ($CSPM_CONFIG) is not there; correct the path"
        );
    }

    #[test]
    fn without_any_file_the_places_and_the_next_step_are_named() {
        let nowhere = Candidates { flag: None, environment: None, ..all() };
        assert_eq!(
            nowhere.find(|_| false).unwrap_err().to_string(),
            "there is no tenants file (tenants.toml, /home/me/.config/cspm/tenants.toml); \
             make one with `cspm tenants add`, or look around with `--tenant demo`"
        );
        assert!(
            matches!(Candidates::default().find(|_| false), Err(NoConfigFile::Nowhere(places)) if places.len() == 1)
        );
    }

    #[test]
    fn the_user_folder_follows_the_environment() {
        let file = |pairs: &[(&str, &str)]| {
            user_config_file(|name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
            })
        };
        assert_eq!(
            file(&[("XDG_CONFIG_HOME", "/x"), ("HOME", "/h")]),
            Some("/x/cspm/tenants.toml".into())
        );
        assert_eq!(
            file(&[("XDG_CONFIG_HOME", "x"), ("HOME", "/h")]),
            Some("/h/.config/cspm/tenants.toml".into())
        );
        assert_eq!(file(&[]), None);
    }
}
