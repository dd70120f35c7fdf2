//! `--with KIND=FILE`: the policies that decide together with the one that is asked
//! about.

use super::{KindName, PolicyFile, read};
use crate::cli::console::Environment;
use crate::cli::error::CliError;
use crate::policy::{self, Applicable, Holder, Kind, Part, Policy};
use std::path::PathBuf;

/// What a further policy is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Identity,
    Boundary,
    Session,
    ServiceControl,
    ResourceControl,
    Resource,
}

/// The names of the roles on the command line.
const ROLES: [(&str, Role); 6] = [
    ("identity", Role::Identity),
    ("boundary", Role::Boundary),
    ("session", Role::Session),
    ("scp", Role::ServiceControl),
    ("rcp", Role::ResourceControl),
    ("resource", Role::Resource),
];

/// One further policy as it is named on the command line.
#[derive(Clone, Debug)]
pub(super) struct Named {
    role: Role,
    file: PathBuf,
}

/// Reads `KIND=FILE`.
pub(super) fn named(text: &str) -> Result<Named, String> {
    let found = text.split_once('=').and_then(|(name, file)| {
        let (_, role) = ROLES.iter().find(|(known, _)| *known == name)?;
        (!file.is_empty()).then(|| Named { role: *role, file: PathBuf::from(file) })
    });
    found.ok_or_else(|| {
        let names: Vec<&str> = ROLES.iter().map(|(name, _)| *name).collect();
        format!("KIND=FILE, where KIND is one of {}", names.join(", "))
    })
}

/// The further policies, read.
#[derive(Default)]
pub(super) struct Beside {
    policies: Vec<(Role, String, Policy)>,
}

impl Beside {
    /// Reads them all.
    pub(super) fn read(
        named: &[Named],
        main: &PolicyFile,
        environment: &mut Environment,
    ) -> Result<Self, CliError> {
        let mut policies: Vec<(Role, String, Policy)> = Vec::new();
        let standard = PathBuf::from("-");
        let mut files = named.iter().map(|n| &n.file).chain([&main.file]);
        if files.by_ref().filter(|file| **file == standard).count() > 1 {
            return Err(CliError::usage("standard input can be one policy only"));
        }
        for Named { role, file } in named {
            let single = matches!(role, Role::Boundary | Role::Session | Role::Resource);
            if single && policies.iter().any(|(other, ..)| other == role) {
                return Err(CliError::usage(format!("--with {} can be said once", role.name())));
            }
            let kind = match role {
                Role::Resource => None,
                Role::ResourceControl => Some(KindName::Resource),
                _ => Some(KindName::Identity),
            };
            let file = PolicyFile { file: file.clone(), kind, service: None, format: main.format };
            let (policy, _) = file.parse(&read(&file, environment)?)?;
            if *role == Role::Resource && policy.kind == Kind::Identity {
                let what = format!("{}: a resource policy names principals", file.name());
                return Err(CliError::usage(what));
            }
            let policy = match role {
                Role::ResourceControl => policy::resource_control(policy),
                _ => policy,
            };
            policies.push((*role, file.name(), policy));
        }
        Ok(Self { policies })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// Those of a role, in the order they were named.
    pub(super) fn of(&self, role: Role) -> Vec<&Policy> {
        self.policies.iter().filter(|(r, ..)| *r == role).map(|(_, _, policy)| policy).collect()
    }

    /// What people call the policy at a place among those of its role.
    fn file(&self, role: Role, place: usize) -> Option<&str> {
        let mut all = self.policies.iter().filter(|(r, ..)| *r == role);
        all.nth(place).map(|(_, file, _)| file.as_str())
    }

    /// Only policies of these roles can be beside the one that is asked about.
    pub(super) fn only(&self, roles: &[Role]) -> Result<(), CliError> {
        match self.policies.iter().find(|(role, ..)| !roles.contains(role)) {
            None => Ok(()),
            Some((role, ..)) => {
                let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
                let what = format!("--with {} does not fit this policy", role.name());
                let hint = format!("beside it may be: {}", names.join(", "));
                Err(CliError::usage(what).hint(hint))
            }
        }
    }

    /// Limits a holder as they do.
    pub(super) fn limit<'a>(&'a self, holder: &mut Holder<'a>) {
        holder.boundary = Part::Known(self.of(Role::Boundary).into_iter().next());
        let service = self.of(Role::ServiceControl);
        if !service.is_empty() {
            holder.service_control = Part::Known(vec![service]);
        }
        let resource = self.of(Role::ResourceControl);
        if !resource.is_empty() {
            holder.resource_control = Part::Known(resource);
        }
    }

    /// All policies that apply to a request.
    pub(super) fn applicable<'a>(&'a self, main: &'a Policy) -> Result<Applicable<'a>, CliError> {
        let one = |role| self.of(role).into_iter().next();
        let mut identity = self.of(Role::Identity);
        let mut resource = one(Role::Resource);
        if main.kind == Kind::Identity {
            identity.insert(0, main);
        } else if resource.replace(main).is_some() {
            return Err(CliError::usage("a request is for one resource, and that has one policy")
                .hint("leave out --with resource"));
        }
        Ok(Applicable {
            identity,
            boundary: one(Role::Boundary),
            session: one(Role::Session),
            service_control: self.of(Role::ServiceControl),
            resource_control: self.of(Role::ResourceControl),
            resource,
            resource_account: None,
        })
    }

    /// What people call the policy that decided.
    pub(super) fn name(
        &self,
        main: &Policy,
        file: &str,
        layer: policy::Layer,
        place: usize,
    ) -> String {
        let role = match layer {
            policy::Layer::Identity => Role::Identity,
            policy::Layer::Boundary => Role::Boundary,
            policy::Layer::Session => Role::Session,
            policy::Layer::ServiceControl => Role::ServiceControl,
            policy::Layer::ResourceControl => Role::ResourceControl,
            policy::Layer::Resource => Role::Resource,
        };
        let found = match (role, main.kind == Kind::Identity) {
            (Role::Identity, true) if place == 0 => Some(file),
            (Role::Identity, true) => self.file(role, place - 1),
            (Role::Resource, false) => Some(file),
            _ => self.file(role, place),
        };
        format!("{} {}", layer.as_str(), found.unwrap_or_default())
    }
}

impl Role {
    fn name(self) -> &'static str {
        ROLES.iter().find(|(_, role)| *role == self).map_or("", |(name, _)| name)
    }
}
