//! Reads repositories.

#[cfg(test)]
mod tests;

use super::{
    DESCRIBE_REPOSITORIES, EncryptionConfiguration, ExclusionFilter, GET_LIFECYCLE_POLICY,
    GET_REGISTRY_SCANNING_CONFIGURATION, GET_REPOSITORY_POLICY, ImageScanningConfiguration,
    Repository, RepositoryFilter, ScanningConfiguration, ScanningRule,
};
use crate::aws::{Asked, Context, Reply, RequiresEach};
use crate::inventory::{Document, Fact, Resource};
use crate::services::collect::in_each_region;
use crate::services::pages::Pages;
use aws_sdk_ecr::Client;
use aws_sdk_ecr::types;
use std::sync::Arc;

/// The most that one page holds.
const PAGE: i32 = 1000;

/// Feeds `ecr.repository`. Calls in each region: ceil(repositories / 1000), 1 if
/// there is a repository, and 2 for each.
pub async fn collect(context: Context) {
    in_each_region(&context, in_region).await;
}

async fn in_region(context: Context, region: String) {
    let asked = Asked { operation: &DESCRIBE_REPOSITORIES, region: &region, about: None };
    let client = context.session().ecr(&region);
    let switches =
        RequiresEach { list: "repositories", members: &["imageScanningConfiguration.scanOnPush"] };
    let mut pages = Pages::new(&context, asked);
    let mut fan = context.fan_out();
    let mut scanning: Option<Fact<ScanningConfiguration>> = None;
    while pages.more() {
        let reply = context
            .ask(asked, || {
                client
                    .describe_repositories()
                    .max_results(PAGE)
                    .set_next_token(pages.token())
                    .customize()
                    .interceptor(switches)
                    .send()
            })
            .await;
        let page = reply
            .read(|reply| Ok((asked.must(reply.repositories, "repositories")?, reply.next_token)));
        let repositories = context.sample(pages.turn(page));
        if scanning.is_none() && !repositories.is_empty() {
            let reply = registry_scanning(&context, &client, &region).await;
            scanning = Some(context.fact(reply));
        }
        for repository in repositories {
            let (context, client) = (context.clone(), Arc::clone(&client));
            let scanning = scanning.clone().unwrap_or_else(Fact::not_collected);
            match asked.must(repository.repository_arn.clone(), "repositoryArn") {
                Ok(arn) => {
                    fan.add(one(context, client, region.clone(), arn, repository, scanning)).await;
                }
                Err(gap) => pages.hide(gap),
            }
        }
    }
    if fan.finish().await.is_ok() {
        pages.done(Repository::resource_type());
    }
}

async fn registry_scanning(
    context: &Context,
    client: &Client,
    region: &str,
) -> Reply<ScanningConfiguration> {
    let operation = &GET_REGISTRY_SCANNING_CONFIGURATION;
    let asked = Asked { operation, region, about: None };
    let reply = context.ask(asked, || client.get_registry_scanning_configuration().send()).await;
    reply.read(|reply| {
        let found = asked.must(reply.scanning_configuration, "scanningConfiguration")?;
        let kind = asked.must(found.scan_type, "scanningConfiguration.scanType")?;
        let rules = found.rules.into_iter().flatten().map(|rule| ScanningRule {
            frequency: rule.scan_frequency.as_str().to_owned(),
            filters: rule
                .repository_filters
                .into_iter()
                .map(|filter| RepositoryFilter { filter: filter.filter })
                .collect(),
        });
        Ok(ScanningConfiguration { kind: kind.as_str().to_owned(), rules: rules.collect() })
    })
}

async fn one(
    context: Context,
    client: Arc<Client>,
    region: String,
    arn: String,
    repository: types::Repository,
    registry_scanning: Fact<ScanningConfiguration>,
) {
    let listed = Asked { operation: &DESCRIBE_REPOSITORIES, region: &region, about: Some(&arn) };
    let name = repository.repository_name.clone().unwrap_or_else(|| arn.clone());
    let lifecycle = Asked { operation: &GET_LIFECYCLE_POLICY, ..listed };
    let permission = Asked { operation: &GET_REPOSITORY_POLICY, ..listed };
    let (lifecycle_policy, policy) = tokio::join!(
        context.ask(lifecycle, || client.get_lifecycle_policy().repository_name(&name).send()),
        context.ask(permission, || client.get_repository_policy().repository_name(&name).send()),
    );
    if lifecycle_policy.failed_with(GONE) || policy.failed_with(GONE) {
        return;
    }
    let lifecycle_policy = lifecycle_policy
        .read(|reply| lifecycle.must(reply.lifecycle_policy_text, "lifecyclePolicyText"));
    let policy = policy.read(|reply| permission.must(reply.policy_text, "policyText"));
    let mutability = listed.must(repository.image_tag_mutability, "imageTagMutability");
    let exclusions = repository.image_tag_mutability_exclusion_filters;
    let document = Repository {
        mutability: context.member(mutability.map(|kind| kind.as_str().to_owned())),
        exclusions: Fact::from_option(exclusions.filter(|filters| !filters.is_empty())).map(
            |filters| {
                filters.into_iter().map(|one| ExclusionFilter { filter: one.filter }).collect()
            },
        ),
        image_scanning: Fact::from_option(repository.image_scanning_configuration)
            .map(|own| ImageScanningConfiguration { scan_on_push: own.scan_on_push }),
        encryption: match repository.encryption_configuration {
            Some(found) => context.member(
                listed
                    .must_text(found.encryption_type.as_str(), "encryptionType")
                    .map(|kind| EncryptionConfiguration { kind, kms_key: found.kms_key }),
            ),
            None => Fact::Absent,
        },
        registry_scanning,
        lifecycle_policy: context.fact(lifecycle_policy),
        policy: context.fact(policy),
    };
    context.resource(Resource::new(&name, &arn, &region, document));
}

/// What AWS says of one that was deleted since it was listed.
const GONE: &[&str] = &["RepositoryNotFoundException"];
