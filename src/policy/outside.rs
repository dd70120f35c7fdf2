//! To whom outside the account a policy opens, named or not.

use super::ast::{Condition, Effect, Kind, Principal, Statement, arn_parts, is_account_id};
use super::callers;
use super::request::Caller;
use super::scene::Scene;
use super::simulate;
use super::solve::{Solution, Witness};
use super::world::{Path, Standing, World};

/// One opening to the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Who: `*`, an account number, an ARN, a service, a provider, `organization o-...`,
    /// or whoever comes from an address or endpoint.
    pub principal: String,
    /// What kind of outsider it is.
    pub class: OutsideClass,
    /// The action patterns of the statement, as written (`not ...` for NotAction).
    pub actions: Vec<String>,
    /// The number of the statement.
    pub statement: usize,
    /// The conditions of the statement, as text.
    pub conditions: Vec<String>,
    /// A request of such an outsider that gets through, if one was found.
    pub witness: Option<Witness>,
}

/// The kinds of outsiders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutsideClass {
    /// Anybody.
    Anyone,
    /// An account, or a principal in it.
    Account,
    /// An organisation or a part of one.
    Organization,
    /// An AWS service.
    Service,
    /// An identity provider.
    Federated,
    /// Whoever comes from an address range, a VPC or an endpoint.
    Network,
}

/// The openings of each Allow that is not cancelled by a Deny.
pub(super) fn list(scene: &Scene<'_>) -> Vec<Outside> {
    list_of(scene, None)
}

/// The openings for at least one of these actions.
pub(super) fn list_of(scene: &Scene<'_>, actions: Option<&[String]>) -> Vec<Outside> {
    let mut found: Vec<Outside> = Vec::new();
    let allows = scene.policy.statements.iter().filter(|s| s.effect == Effect::Allow);
    for statement in allows {
        let Some(principals) = &statement.principals else { continue };
        let anyone = [Principal::Anyone];
        let list = if principals.negated { &anyone[..] } else { &principals.list };
        for principal in list {
            for opening in openings(scene, statement, principal, actions) {
                let entry = Outside {
                    principal: opening.principal,
                    class: opening.class,
                    actions: statement.actions.describe(),
                    statement: statement.number,
                    conditions: statement.conditions.iter().map(ToString::to_string).collect(),
                    witness: opening.witness,
                };
                if !found.contains(&entry) {
                    found.push(entry);
                }
            }
        }
    }
    found
}

struct Opening {
    principal: String,
    class: OutsideClass,
    witness: Option<Witness>,
}

fn openings(
    scene: &Scene<'_>,
    statement: &Statement,
    principal: &Principal,
    actions: Option<&[String]>,
) -> Vec<Opening> {
    let number = Some(statement.number);
    let only = || actions.map(<[String]>::to_vec);
    let ask = |worlds: &[World]| scene.ask(worlds, only(), number);
    let is_own = |account: &str| scene.own.as_deref() == Some(account);
    match principal {
        Principal::Anyone => anyone(scene, statement, actions),
        Principal::Account(account) if is_own(account) => Vec::new(),
        Principal::Account(account) => {
            let mut worlds = named_account(scene, account);
            let root = Caller::Root(account.clone());
            worlds.push(callers::world(scene, root, Path::Internet, Standing::Named));
            opening(ask(&worlds), account, OutsideClass::Account)
        }
        Principal::Arn(arn) if arn_parts(arn).is_some_and(|a| is_own(a.account)) => Vec::new(),
        Principal::Arn(arn) => {
            let caller = Caller::parse(arn).unwrap_or_else(|| Caller::User(arn.clone()));
            opening(ask(&both_paths(scene, &caller)), arn, OutsideClass::Account)
        }
        Principal::DeletedId(_) => Vec::new(),
        Principal::Canonical(id) => {
            let worlds = both_paths(scene, &Caller::Canonical(id.clone()));
            opening(ask(&worlds), id, OutsideClass::Account)
        }
        Principal::Service(name) => {
            let caller = Caller::Service(name.clone());
            let answer = ask(&[callers::world(scene, caller, Path::Internet, Standing::Named)]);
            match (&scene.policy.kind, answer) {
                // A role's trust in a service is about services acting for the account.
                (Kind::Trust, Solution::None(_)) => vec![Opening {
                    principal: name.clone(),
                    class: OutsideClass::Service,
                    witness: None,
                }],
                (_, answer) => opening(answer, name, OutsideClass::Service),
            }
        }
        Principal::Federated(provider) => {
            let world = callers::federated(scene, provider, Standing::Named);
            let actions = scene.federated_actions(provider).or_else(only);
            let answer = scene.ask(&[world], actions, number);
            opening(answer, provider, OutsideClass::Federated)
        }
    }
}

/// An opening, unless nobody gets through.
fn opening(answer: Solution, principal: &str, class: OutsideClass) -> Vec<Opening> {
    let witness = match answer {
        Solution::None(_) => return Vec::new(),
        Solution::Found(witness) => Some(*witness),
        Solution::Undecided(_) => None,
    };
    vec![Opening { principal: principal.to_owned(), class, witness }]
}

fn both_paths(scene: &Scene<'_>, caller: &Caller) -> Vec<World> {
    scene
        .paths()
        .into_iter()
        .map(|path| callers::world(scene, caller.clone(), path, Standing::Named))
        .collect()
}

fn named_account(scene: &Scene<'_>, account: &str) -> Vec<World> {
    let root = Caller::Root(account.to_owned());
    scene
        .paths()
        .into_iter()
        .flat_map(|path| {
            callers::of_account(scene, account, path, Standing::Named).unwrap_or_else(|_| {
                vec![callers::world(scene, root.clone(), path, Standing::Named)]
            })
        })
        .collect()
}

/// `Principal: "*"`: everybody, or whom the conditions leave.
fn anyone(scene: &Scene<'_>, statement: &Statement, actions: Option<&[String]>) -> Vec<Opening> {
    let number = Some(statement.number);
    let only = || actions.map(<[String]>::to_vec);
    let open = opening(scene.strangers(only(), number), "*", OutsideClass::Anyone);
    if !open.is_empty() {
        return open;
    }
    let mut worlds = both_paths(scene, &Caller::Anonymous);
    worlds.extend(named_account(scene, &scene.stranger));
    let service = Caller::Service("service.amazonaws.com".to_owned());
    worlds.push(callers::world(scene, service, Path::Internet, Standing::Named));
    let general = scene.ask(&worlds, only(), number);
    let asked = statement.conditions.iter().filter(|c| c.asks_for_a_value());
    // Whom the Denies beside it spare is left, too.
    let denies = denies_beside(scene, statement, &general);
    let spared = denies.iter().flat_map(|s| &s.conditions);
    let spared = spared.filter(|c| c.operator.negated && !c.operator.if_exists);
    let labels: Vec<Label> = asked.chain(spared).flat_map(labels).collect();
    let excepted = denies.iter().filter_map(|s| s.principals.as_ref()).filter(|p| p.negated);
    let excepted: Vec<&Principal> = excepted.flat_map(|p| &p.list).collect();
    let mut found = Vec::new();
    for principal in excepted {
        let Principal::Arn(arn) = principal else { continue };
        let Some(caller) = Caller::parse(arn) else { continue };
        if caller.account().is_some_and(|account| scene.own.as_deref() != Some(account)) {
            let answer = scene.ask(&both_paths(scene, &caller), only(), number);
            found.extend(opening(answer, arn, OutsideClass::Account));
        }
    }
    if labels.is_empty() && found.is_empty() {
        return opening(general, "anyone who meets the conditions", OutsideClass::Anyone);
    }
    for label in labels {
        let named_own = label.principal.to_ascii_lowercase().contains("${aws:resourceaccount}");
        let answer = match &label.account {
            _ if named_own => continue,
            Some(account) if scene.own.as_ref() == Some(account) => continue,
            Some(account) if label.as_caller => {
                scene.ask(&named_account(scene, account), only(), number)
            }
            _ => general.clone(),
        };
        found.extend(opening(answer, &label.principal, label.class));
    }
    found
}

/// The Denies that act on the request of whoever gets through; on any, if nobody was found.
fn denies_beside<'a>(
    scene: &Scene<'a>,
    statement: &Statement,
    general: &Solution,
) -> Vec<&'a Statement> {
    let acts = |deny: &Statement| match general {
        Solution::Found(witness) => {
            let request = &witness.request;
            let on = |m| simulate::matches_resource(m, &request.resource, &|_| None);
            simulate::matches_action(&deny.actions, &request.action)
                && deny.resources.as_ref().is_none_or(on)
        }
        _ => deny.principals.as_ref().is_some_and(|p| p.negated),
    };
    let statements = scene.policies.iter().flat_map(|p| &p.statements);
    statements
        .filter(|s| s.effect == Effect::Deny && s.number != statement.number && acts(s))
        .collect()
}

/// Whom a condition leaves.
struct Label {
    principal: String,
    class: OutsideClass,
    account: Option<String>,
    /// Whether the account is the caller's own, not that of a service's source.
    as_caller: bool,
}

fn labels(condition: &Condition) -> Vec<Label> {
    let key = condition.key.to_ascii_lowercase();
    condition
        .values
        .iter()
        .filter_map(|value| {
            let text = value.text();
            // `arn:aws:iam::111122223333*` is cut off after the account.
            let cut_off = || text.strip_suffix('*').and_then(|rest| rest.split(':').nth(4));
            let account = arn_parts(text)
                .map(|a| a.account)
                .or_else(|| is_account_id(text).then_some(text))
                .or_else(cut_off)
                .filter(|a| is_account_id(a))
                .map(str::to_owned);
            let (principal, class) = match key.as_str() {
                "aws:principalorgid"
                | "aws:principalorgpaths"
                | "aws:sourceorgid"
                | "aws:sourceorgpaths" => {
                    (format!("organization {text}"), OutsideClass::Organization)
                }
                "aws:principalaccount"
                | "aws:principalarn"
                | "kms:calleraccount"
                | "aws:userid" => (text.to_owned(), OutsideClass::Account),
                "aws:sourceaccount" | "aws:sourceowner" | "aws:sourcearn" => {
                    (format!("AWS services for {text}"), OutsideClass::Service)
                }
                "aws:principalservicename" => (text.to_owned(), OutsideClass::Service),
                "aws:sourceip" => (format!("anyone from {text}"), OutsideClass::Network),
                "aws:sourcevpc" | "aws:sourcevpce" => {
                    (format!("anyone through {text}"), OutsideClass::Network)
                }
                "s3:dataaccesspointarn" | "s3:dataaccesspointaccount" => {
                    (format!("callers of access point {text}"), OutsideClass::Account)
                }
                _ => return None,
            };
            let as_caller =
                class == OutsideClass::Account && key != "aws:userid" && !key.starts_with("s3:");
            Some(Label { principal, class, account, as_caller })
        })
        .collect()
}
