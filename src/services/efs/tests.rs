//! Answers that no example of a rule can show.

use super::MountTarget;
use crate::inventory::{Fact, Gaps, Resource, Value};
use crate::services::testing::{World, ask, gaps};

#[test]
fn a_subnet_that_is_not_listed_is_not_known() {
    let target = |subnet| {
        let document = MountTarget { file_system: Fact::Known("fs-1".to_owned()), subnet };
        let arn = "arn:aws:elasticfilesystem:eu-west-1:111122223333:mount-target/fsmt-1";
        Resource::new("fsmt-1", arn, "eu-west-1", document)
    };
    let known = || target(Fact::Known("subnet-1".to_owned()));
    for (subject, world, expected) in [
        (known(), World::default(), Gaps::NONE),
        (known(), World::default().hiding("ec2.subnet", 3), gaps(&[3])),
        (target(Fact::Unknown(gaps(&[4]))), World::default(), gaps(&[4])),
    ] {
        let answer = ask("efs.mount_subnet", &subject, &world);
        assert_eq!(answer.member("public"), Value::Unknown(expected));
    }
}
