//! Whether GuardDuty is on in a region.

use super::*;
use crate::services::aws::Region;
use crate::services::testing::{World, ask, gaps};

fn region(name: &str) -> Resource {
    Resource::new(name, &format!("arn:aws:account::1:region/{name}"), name, Region::not_collected())
}

fn detector(region: &str, status: Fact<String>) -> Resource {
    let document = Detector { status, ..Detector::not_collected() };
    Resource::new("d", &format!("arn:aws:guardduty:{region}:1:detector/d"), region, document)
}

fn on() -> Fact<String> {
    Fact::Known("ENABLED".to_owned())
}

fn off() -> Fact<String> {
    Fact::Known("DISABLED".to_owned())
}

fn enabled_in(world: &World) -> Value {
    ask("guardduty.enabled", &region("eu-west-1"), world).value
}

#[test]
fn a_detector_that_is_on_is_what_counts() {
    assert_eq!(enabled_in(&World::default()), Value::Bool(false));
    let here = |status| World::of(vec![detector("eu-west-1", status)]);
    assert_eq!(enabled_in(&here(on())), Value::Bool(true));
    assert_eq!(enabled_in(&here(off())), Value::Bool(false));
    let elsewhere = World::of(vec![detector("us-east-1", on())]);
    assert_eq!(enabled_in(&elsewhere), Value::Bool(false));
}

#[test]
fn what_was_not_read_is_not_known() {
    let kind = "guardduty.detector";
    let hidden = World::default().hiding_in(kind, "eu-west-1", 1);
    assert_eq!(enabled_in(&hidden), Value::Unknown(gaps(&[1])));
    let refused = World::of(vec![detector("eu-west-1", Fact::Unknown(gaps(&[2])))]);
    assert_eq!(enabled_in(&refused), Value::Unknown(gaps(&[2])));
    // One that is on decides, whatever else there may be.
    let seen = World::of(vec![detector("eu-west-1", on())]).hiding(kind, 1);
    assert_eq!(enabled_in(&seen), Value::Bool(true));
    // What is hidden elsewhere does not matter.
    let elsewhere = World::default().hiding_in(kind, "us-east-1", 1);
    assert_eq!(enabled_in(&elsewhere), Value::Bool(false));
}
