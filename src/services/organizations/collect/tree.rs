//! Root, units and accounts.

use super::{PAGE, about};
use crate::aws::{Context, Reply};
use crate::inventory::Gap;
use crate::services::organizations::{
    LIST_ACCOUNTS_FOR_PARENT, LIST_ORGANIZATIONAL_UNITS_FOR_PARENT, LIST_ROOTS, OrganizationalUnit,
    PlacedAccount, Root,
};
use crate::services::pages::whole;
use aws_sdk_organizations::Client;
use std::collections::BTreeSet;

/// What is above, and what is below.
pub(super) struct Tree {
    pub(super) roots: Reply<Vec<Root>>,
    pub(super) units: Reply<Vec<OrganizationalUnit>>,
    pub(super) accounts: Reply<Vec<PlacedAccount>>,
}

/// Reads the tree from its root down.
pub(super) async fn read(context: &Context, client: &Client) -> Tree {
    let roots = roots(context, client).await;
    let (units, accounts) = match &roots {
        Reply::Known(roots) => below(context, client, roots).await,
        Reply::Absent => (Reply::Absent, Reply::Absent),
        Reply::NotWanted => (Reply::NotWanted, Reply::NotWanted),
        Reply::Gap(gap) => (Reply::Gap(gap.clone()), Reply::Gap(gap.clone())),
    };
    Tree { roots, units, accounts }
}

async fn roots(context: &Context, client: &Client) -> Reply<Vec<Root>> {
    let asked = about(&LIST_ROOTS);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let token = token.clone();
                client.list_roots().max_results(PAGE).set_next_token(token).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.roots, "Roots")?;
            let read = list.into_iter().map(|root| Ok(Root { id: asked.must(root.id, "Id")? }));
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

/// Adds what a reply lists; false if it lists nothing, which then is what all
/// of it says.
fn gather<T>(all: &mut Reply<Vec<T>>, more: Reply<Vec<T>>) -> bool {
    match (all, more) {
        (Reply::Known(all), Reply::Known(more)) => {
            all.extend(more);
            true
        }
        (all, more) => {
            *all = more;
            false
        }
    }
}

async fn below(
    context: &Context,
    client: &Client,
    roots: &[Root],
) -> (Reply<Vec<OrganizationalUnit>>, Reply<Vec<PlacedAccount>>) {
    let mut units = Reply::Known(Vec::new());
    let mut accounts = Reply::Known(Vec::new());
    let mut open: Vec<String> = roots.iter().map(|root| root.id.clone()).collect();
    let mut seen = BTreeSet::new();
    while let Some(parent) = open.pop() {
        if !seen.insert(parent.clone()) {
            continue;
        }
        let (units_here, accounts_here) =
            tokio::join!(units_in(context, client, &parent), accounts_in(context, client, &parent));
        if let Reply::Known(here) = &units_here {
            open.extend(here.iter().map(|unit| unit.id.clone()));
        }
        if !gather(&mut units, units_here) {
            // Accounts may be in units that were not seen.
            accounts = match &units {
                Reply::Gap(gap) => Reply::Gap(gap.clone()),
                Reply::Absent => Reply::Absent,
                Reply::Known(_) | Reply::NotWanted => Reply::NotWanted,
            };
            break;
        }
        if matches!(accounts, Reply::Known(_)) {
            gather(&mut accounts, accounts_here);
        }
    }
    (units, accounts)
}

async fn units_in(
    context: &Context,
    client: &Client,
    parent: &str,
) -> Reply<Vec<OrganizationalUnit>> {
    let asked = about(&LIST_ORGANIZATIONAL_UNITS_FOR_PARENT);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_organizational_units_for_parent().parent_id(parent);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.organizational_units, "OrganizationalUnits")?;
            let read = list.into_iter().map(|unit| {
                let id = asked.must(unit.id, "Id")?;
                Ok(OrganizationalUnit { id, name: unit.name, parent: parent.to_owned() })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}

async fn accounts_in(
    context: &Context,
    client: &Client,
    parent: &str,
) -> Reply<Vec<PlacedAccount>> {
    let asked = about(&LIST_ACCOUNTS_FOR_PARENT);
    whole(asked, |token| async move {
        let reply = context
            .ask(asked, || {
                let request = client.list_accounts_for_parent().parent_id(parent);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await;
        reply.read(|reply| {
            let list = asked.must(reply.accounts, "Accounts")?;
            let read = list.into_iter().map(|account| {
                // AWS gives up `Status` for `State`; some still send only the old one.
                let state = account.state.map(|state| state.as_str().to_owned());
                let status = account.status.map(|status| status.as_str().to_owned());
                Ok(PlacedAccount {
                    id: asked.must(account.id, "Id")?,
                    parent: parent.to_owned(),
                    state: state.or(status),
                })
            });
            Ok((read.collect::<Result<_, Box<Gap>>>()?, reply.next_token))
        })
    })
    .await
}
