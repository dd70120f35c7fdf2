//! Answers that no example of a rule can show.

#![expect(clippy::expect_used, reason = "tests")]

use super::instance::{IamInstanceProfile, Instance, InstanceState};
use super::questions::moment_in;
use super::settings::SnapshotBlockPublicAccess;
use super::storage::{CreateVolumePermission, Snapshot};
use crate::inventory::{Fact, Gaps, Resource, Value};
use crate::services::aws::Region;
use crate::services::iam::{InlinePolicy, InstanceProfile, Role};
use crate::services::testing::{ACCOUNT, World, ask, gaps};

#[test]
fn the_moment_of_a_stop_is_read() {
    for (reason, moment) in [
        ("User initiated (2026-01-01 02:03:04 GMT)", Some("2026-01-01T02:03:04Z")),
        ("User initiated (2026-01-01 02:03:04 UTC)", Some("2026-01-01T02:03:04Z")),
        (
            "Client.UserInitiatedShutdown (a note) (2025-12-31 23:59:59 GMT)",
            Some("2025-12-31T23:59:59Z"),
        ),
        ("User initiated", None),
        ("User initiated (2026-01-01 02:03:04 CET)", None),
        ("User initiated (yesterday)", None),
        ("User initiated (2026-13-01 02:03:04 GMT)", None),
        ("Server.SpotInstanceShutdown: Spot Instance shutdown", None),
        ("", None),
    ] {
        assert_eq!(moment_in(reason).map(|at| at.to_string()).as_deref(), moment, "{reason}");
    }
}

fn instance(change: impl FnOnce(&mut Instance)) -> Resource {
    let mut document = Instance {
        state: Fact::Known(InstanceState { name: "stopped".to_owned() }),
        ..Instance::not_collected()
    };
    change(&mut document);
    Resource::new("i-1", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "eu-west-1", document)
}

#[test]
fn a_stop_without_a_moment_is_not_known() {
    for (reason, since) in [
        (Fact::Known("User initiated".to_owned()), Gaps::NONE),
        (Fact::Absent, Gaps::NONE),
        (Fact::Unknown(gaps(&[1])), gaps(&[1])),
    ] {
        let subject = instance(|instance| instance.state_transition_reason = reason);
        let answer = ask("ec2.stopped_since", &subject, &World::default());
        assert_eq!(answer.value, Value::Unknown(since));
    }
}

const PROFILE: &str = "arn:aws:iam::111122223333:instance-profile/web";

fn with_profile() -> Resource {
    instance(|instance| {
        let profile = IamInstanceProfile { arn: PROFILE.to_owned() };
        instance.iam_instance_profile = Fact::Known(profile);
    })
}

fn role(name: &str, profiles: Fact<Vec<InstanceProfile>>, policy: &str) -> Resource {
    let inline = InlinePolicy { name: "inline".to_owned(), document: policy.to_owned() };
    let document = Role {
        inline_policies: Fact::Known(vec![inline]),
        attached_policies: Fact::Known(Vec::new()),
        permissions_boundary: Fact::Absent,
        instance_profiles: profiles,
        ..Role::not_collected()
    };
    Resource::new(name, &format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "global", document)
}

fn holding(arn: &str) -> Fact<Vec<InstanceProfile>> {
    Fact::Known(vec![InstanceProfile { arn: arn.to_owned() }])
}

const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[test]
fn the_role_behind_a_profile_may_be_hidden() {
    let admin = |world: &World| ask("ec2.instance_admin", &with_profile(), world).member("admin");
    let boss = || role("boss", holding(PROFILE), ALL);
    assert_eq!(admin(&World::of(vec![boss()])), Value::Bool(true));
    assert_eq!(admin(&World::of(vec![boss()]).hiding("iam.role", 1)), Value::Bool(true));
    let other = || role("other", holding("arn:aws:iam::111122223333:instance-profile/x"), ALL);
    assert_eq!(admin(&World::of(vec![other()])), Value::Bool(false));
    let hidden = World::of(vec![other()]).hiding("iam.role", 1);
    assert_eq!(admin(&hidden), Value::Unknown(gaps(&[1])));
    // A role whose profiles were not read may be the one.
    let unread = role("unread", Fact::Unknown(gaps(&[2])), ALL);
    assert_eq!(admin(&World::of(vec![unread.clone()])), Value::Unknown(gaps(&[2])));
    assert_eq!(admin(&World::of(vec![unread, boss()])), Value::Bool(true));
    // A policy that does not parse is open, and says so.
    let broken = World::of(vec![role("odd", holding(PROFILE), "{")]);
    let answer = ask("ec2.instance_admin", &with_profile(), &broken);
    assert_eq!(answer.member("admin"), Value::Unknown(Gaps::NONE));
    assert_eq!(answer.member("role"), Value::text("odd"));
    assert!(answer.texts("reasons").first().expect("a reason").contains("inline policy"));

    let nothing = |profile| {
        let subject = instance(|instance| instance.iam_instance_profile = profile);
        ask("ec2.instance_admin", &subject, &World::of(vec![boss()])).member("admin")
    };
    assert_eq!(nothing(Fact::Absent), Value::Bool(false));
    assert_eq!(nothing(Fact::Unknown(gaps(&[3]))), Value::Unknown(gaps(&[3])));
}

fn snapshot(restorable: Fact<Vec<String>>, shared: Fact<Vec<CreateVolumePermission>>) -> Resource {
    let document = Snapshot {
        restorable_by: restorable,
        create_volume_permissions: shared,
        ..Snapshot::not_collected()
    };
    Resource::new("snap-1", "arn:aws:ec2:eu-west-1::snapshot/snap-1", "eu-west-1", document)
}

fn everyone() -> Fact<Vec<CreateVolumePermission>> {
    Fact::Known(vec![CreateVolumePermission { group: Some("all".to_owned()), user: None }])
}

#[test]
fn what_hides_a_snapshots_sharing_is_named() {
    let all = || Fact::Known(vec!["all".to_owned()]);
    let private = |subject: &Resource, world: &World| {
        ask("ec2.snapshot_sharing", subject, world).member("private")
    };
    let open = snapshot(all(), everyone());
    // The regions were not listed, or this one was not read.
    let hidden = World::default().hiding("aws.region", 1);
    assert_eq!(private(&open, &hidden), Value::Unknown(gaps(&[1])));
    assert_eq!(private(&open, &World::default()), Value::Unknown(Gaps::NONE));
    let region = |block| {
        let document = Region { snapshot_block_public_access: block, ..Region::not_collected() };
        World::of(vec![Resource::new("eu-west-1", "arn", "eu-west-1", document)])
    };
    let refused = region(Fact::Unknown(gaps(&[2])));
    assert_eq!(private(&open, &refused), Value::Unknown(gaps(&[2])));
    let reasons = ask("ec2.snapshot_sharing", &open, &refused).texts("reasons");
    assert!(reasons.first().expect("a reason").contains("is not known"));
    let block =
        SnapshotBlockPublicAccess { state: "block-all-sharing".to_owned(), managed_by: None };
    let blocked = region(Fact::Known(block));
    let answer = ask("ec2.snapshot_sharing", &open, &blocked);
    assert_eq!(answer.member("private"), Value::Bool(false));
    assert_eq!(answer.member("latent"), Value::Bool(true));
    // What is private passes, whatever the region says.
    let closed = snapshot(Fact::Known(Vec::new()), Fact::Absent);
    assert_eq!(private(&closed, &refused), Value::Bool(true));
    let unread = snapshot(Fact::Unknown(gaps(&[3])), Fact::Absent);
    assert_eq!(private(&unread, &blocked), Value::Unknown(gaps(&[3])));
    let unconfirmed = snapshot(all(), Fact::Unknown(gaps(&[4])));
    assert_eq!(private(&unconfirmed, &blocked), Value::Unknown(gaps(&[4])));
}
