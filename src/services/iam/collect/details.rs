//! GetAccountAuthorizationDetails: groups, roles and policies are fed as they
//! come; users wait for the credential report.

use crate::aws::{Asked, Context, Paging, Reply, decoded, timestamp, without_external_ids};
use crate::inventory::{Document, Fact, GLOBAL, Gap, Gaps, Resource};
use crate::services::iam::{
    AttachedPolicy, GET_ACCOUNT_AUTHORIZATION_DETAILS, Group, InlinePolicy, InstanceProfile,
    ManagedPolicy, PermissionsBoundary, PolicyVersion, Role, RoleLastUsed, User,
};
use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput;
use aws_sdk_iam::types::{
    AttachedPermissionsBoundary, EntityType, GroupDetail, ManagedPolicyDetail, PolicyDetail,
    RoleDetail, Tag, UserDetail,
};
use std::collections::BTreeMap;

/// What was asked: the same for every page.
fn asked() -> Asked<'static> {
    Asked { operation: &GET_ACCOUNT_AUTHORIZATION_DETAILS, region: GLOBAL, about: None }
}

/// The users that were listed, and what may hide more.
pub(super) struct Details {
    pub(super) users: Vec<UserDetail>,
    pub(super) missing: Gaps,
}

/// Reads all pages; `None` if the operation is not part of the plan.
pub(super) async fn read(context: &Context) -> Option<Details> {
    let client = context.session().iam();
    let filter = filter(context);
    let mut details = Details { users: Vec::new(), missing: Gaps::NONE };
    let mut paging = Paging::default();
    loop {
        let reply = context
            .ask(asked(), || {
                client
                    .get_account_authorization_details()
                    .set_filter(filter.clone())
                    .max_items(1000)
                    .set_marker(paging.token())
                    .send()
            })
            .await;
        let turned = match reply {
            Reply::Known(reply) => {
                let marker = reply.marker.clone();
                let more = reply.is_truncated;
                feed_page(context, reply, &mut details);
                asked()
                    .next(more, marker)
                    .and_then(|next| paging.turn(next).map_err(|error| asked().malformed(error)))
            }
            Reply::Gap(gap) => Err(gap),
            Reply::Absent => Ok(false),
            Reply::NotWanted => return None,
        };
        match turned {
            Ok(true) => {}
            Ok(false) => break,
            Err(gap) => {
                details.missing = details.missing.union(&context.gap(gap));
                break;
            }
        }
    }
    for kind in [Group::resource_type(), Role::resource_type(), ManagedPolicy::resource_type()] {
        if context.plan().reads(kind) {
            context.done(kind, GLOBAL, details.missing.clone());
        }
    }
    Some(details)
}

/// Only what the plan reads; no filter for everything.
fn filter(context: &Context) -> Option<Vec<EntityType>> {
    let plan = context.plan();
    let kinds: [(bool, &[EntityType]); 4] = [
        (plan.reads(User::resource_type()), &[EntityType::User]),
        (plan.reads(Group::resource_type()), &[EntityType::Group]),
        (plan.reads(Role::resource_type()), &[EntityType::Role]),
        (
            plan.reads(ManagedPolicy::resource_type()),
            &[EntityType::LocalManagedPolicy, EntityType::AwsManagedPolicy],
        ),
    ];
    if kinds.iter().all(|(read, _)| *read) {
        return None;
    }
    let wanted = kinds.iter().filter(|(read, _)| *read);
    Some(wanted.flat_map(|(_, entities)| entities.iter().cloned()).collect())
}

fn feed_page(context: &Context, page: GetAccountAuthorizationDetailsOutput, details: &mut Details) {
    let plan = context.plan();
    let mut hide = |gap: Box<Gap>| {
        details.missing = details.missing.union(&context.gap(gap));
    };
    if plan.reads(User::resource_type()) {
        match asked().must(page.user_detail_list, "UserDetailList") {
            Ok(users) => details.users.extend(users),
            Err(gap) => hide(gap),
        }
    }
    if plan.reads(Group::resource_type()) {
        match asked().must(page.group_detail_list, "GroupDetailList") {
            Ok(groups) => feed_all(context, groups, group, &mut hide),
            Err(gap) => hide(gap),
        }
    }
    if plan.reads(Role::resource_type()) {
        match asked().must(page.role_detail_list, "RoleDetailList") {
            Ok(roles) => feed_all(context, roles, role, &mut hide),
            Err(gap) => hide(gap),
        }
    }
    if plan.reads(ManagedPolicy::resource_type()) {
        match asked().must(page.policies, "Policies") {
            Ok(mut policies) => {
                policies.retain(is_in_use_or_own);
                feed_all(context, policies, managed_policy, &mut hide);
            }
            Err(gap) => hide(gap),
        }
    }
}

fn feed_all<T>(
    context: &Context,
    items: Vec<T>,
    read: fn(&Context, T) -> Result<Resource, Box<Gap>>,
    hide: &mut impl FnMut(Box<Gap>),
) {
    for item in items {
        match read(context, item) {
            Ok(resource) => context.resource(resource),
            Err(gap) => hide(gap),
        }
    }
}

/// AWS's own policies are read only where they grant or bound something.
fn is_in_use_or_own(policy: &ManagedPolicyDetail) -> bool {
    let of_aws = policy.arn.as_deref().is_some_and(|arn| arn.contains(":iam::aws:"));
    let used = |count: Option<i32>| count.is_some_and(|count| count > 0);
    !of_aws
        || policy.attachment_count.is_none()
        || used(policy.attachment_count)
        || used(policy.permissions_boundary_usage_count)
}

/// The facts of a user, without the credential report.
pub(super) fn user(context: &Context, arn: &str, detail: &UserDetail) -> (User, Tags) {
    let about = Asked { about: Some(arn), ..asked() };
    let mut document = User::not_collected();
    document.path = context.member(about.must(detail.path.clone(), "Path"));
    let created = detail.create_date.as_ref().and_then(timestamp);
    document.create_date = context.member(about.must(created, "CreateDate"));
    // AWS leaves this list out where it is empty, and only this one.
    let inline = detail.user_policy_list.clone().or(Some(Vec::new()));
    document.inline_policies = context.member(inline_policies(about, inline, "UserPolicyList"));
    let attached = detail.attached_managed_policies.as_deref();
    document.attached_policies = context.member(attached_policies(about, attached));
    document.groups = context.member(about.must(detail.group_list.clone(), "GroupList"));
    document.permissions_boundary = boundary(context, about, detail.permissions_boundary.as_ref());
    (document, tags(detail.tags.as_deref()))
}

fn group(context: &Context, detail: GroupDetail) -> Result<Resource, Box<Gap>> {
    let name = asked().must(detail.group_name, "GroupName")?;
    let arn = asked().must(detail.arn, "Arn")?;
    let about = Asked { about: Some(&arn), ..asked() };
    let inline = inline_policies(about, detail.group_policy_list, "GroupPolicyList");
    let attached = attached_policies(about, detail.attached_managed_policies.as_deref());
    let document = Group {
        inline_policies: context.member(inline),
        attached_policies: context.member(attached),
    };
    Ok(Resource::new(&name, &arn, GLOBAL, document))
}

fn role(context: &Context, detail: RoleDetail) -> Result<Resource, Box<Gap>> {
    let name = asked().must(detail.role_name, "RoleName")?;
    let arn = asked().must(detail.arn, "Arn")?;
    let about = Asked { about: Some(&arn), ..asked() };
    let created = detail.create_date.as_ref().and_then(timestamp);
    let trust = about
        .must(detail.assume_role_policy_document, "AssumeRolePolicyDocument")
        .and_then(|text| policy(about, &text));
    let attached = attached_policies(about, detail.attached_managed_policies.as_deref());
    let profiles = instance_profiles(about, detail.instance_profile_list);
    let last_used = detail.role_last_used.map(|used| RoleLastUsed {
        date: used.last_used_date.as_ref().and_then(timestamp),
        region: used.region,
    });
    let document = Role {
        path: context.member(about.must(detail.path, "Path")),
        create_date: context.member(about.must(created, "CreateDate")),
        trust_policy: context.member(trust),
        inline_policies: context.member(inline_policies(
            about,
            detail.role_policy_list,
            "RolePolicyList",
        )),
        attached_policies: context.member(attached),
        permissions_boundary: boundary(context, about, detail.permissions_boundary.as_ref()),
        instance_profiles: context.member(profiles),
        last_used: Fact::from_option(last_used),
    };
    let resource = Resource::new(&name, &arn, GLOBAL, document);
    Ok(resource.with_tags(tags(detail.tags.as_deref())))
}

fn managed_policy(context: &Context, detail: ManagedPolicyDetail) -> Result<Resource, Box<Gap>> {
    let arn = asked().must(detail.arn.clone(), "Arn")?;
    let about = Asked { about: Some(&arn), ..asked() };
    // The name is the ARN's last part; an emulator leaves it out.
    let name = detail.policy_name.clone().or_else(|| arn.rsplit('/').next().map(str::to_owned));
    let name = asked().must(name, "PolicyName")?;
    let count = about.must(detail.attachment_count, "AttachmentCount").map(i64::from);
    let document = ManagedPolicy {
        path: context.member(about.must(detail.path.clone(), "Path")),
        attachment_count: context.member(count),
        boundary_count: Fact::from_option(detail.permissions_boundary_usage_count.map(i64::from)),
        default_version: context.member(default_version(about, &detail)),
    };
    Ok(Resource::new(&name, &arn, GLOBAL, document))
}

fn default_version(
    about: Asked<'_>,
    detail: &ManagedPolicyDetail,
) -> Result<PolicyVersion, Box<Gap>> {
    let id = about.must(detail.default_version_id.clone(), "DefaultVersionId")?;
    let versions = about.must(detail.policy_version_list.as_ref(), "PolicyVersionList")?;
    let in_force = versions.iter().find(|version| version.version_id.as_ref() == Some(&id));
    let version = about.must(in_force, "the default version")?;
    let text = about.must(version.document.as_deref(), "Document")?;
    Ok(PolicyVersion { document: policy(about, text)?, version_id: id })
}

fn policy(about: Asked<'_>, encoded: &str) -> Result<String, Box<Gap>> {
    decoded(encoded)
        .as_deref()
        .and_then(without_external_ids)
        .ok_or_else(|| about.malformed("a policy is not a JSON document"))
}

fn inline_policies(
    about: Asked<'_>,
    list: Option<Vec<PolicyDetail>>,
    member: &str,
) -> Result<Vec<InlinePolicy>, Box<Gap>> {
    about
        .must(list, member)?
        .into_iter()
        .map(|detail| {
            let text = about.must(detail.policy_document, "PolicyDocument")?;
            Ok(InlinePolicy {
                name: about.must(detail.policy_name, "PolicyName")?,
                document: policy(about, &text)?,
            })
        })
        .collect()
}

fn attached_policies(
    about: Asked<'_>,
    list: Option<&[aws_sdk_iam::types::AttachedPolicy]>,
) -> Result<Vec<AttachedPolicy>, Box<Gap>> {
    about
        .must(list, "AttachedManagedPolicies")?
        .iter()
        .map(|attached| {
            Ok(AttachedPolicy {
                name: about.must(attached.policy_name.clone(), "PolicyName")?,
                arn: about.must(attached.policy_arn.clone(), "PolicyArn")?,
            })
        })
        .collect()
}

fn instance_profiles(
    about: Asked<'_>,
    list: Option<Vec<aws_sdk_iam::types::InstanceProfile>>,
) -> Result<Vec<InstanceProfile>, Box<Gap>> {
    let profiles = about.must(list, "InstanceProfileList")?.into_iter();
    profiles
        .map(|profile| {
            let arn = about.must_text(&profile.arn, "InstanceProfileList.Arn")?;
            Ok(InstanceProfile { arn })
        })
        .collect()
}

fn boundary(
    context: &Context,
    about: Asked<'_>,
    boundary: Option<&AttachedPermissionsBoundary>,
) -> Fact<PermissionsBoundary> {
    let Some(boundary) = boundary else { return Fact::Absent };
    let arn = boundary.permissions_boundary_arn.clone();
    context.member(about.must(arn, "PermissionsBoundaryArn").map(|arn| PermissionsBoundary { arn }))
}

type Tags = Fact<BTreeMap<String, String>>;

/// No list of tags is no tags.
fn tags(tags: Option<&[Tag]>) -> Tags {
    Fact::from_option(
        tags.map(|tags| tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect()),
    )
}
