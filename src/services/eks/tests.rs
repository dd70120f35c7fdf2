//! What cannot be seen in the rules' examples.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::releases::{allowed_skew, minor, release_parameter, released};
use jiff::Timestamp;

#[test]
fn newest_releases_stand_in_public_parameters() {
    for (kind, name) in [
        (
            "AL2_x86_64",
            "/aws/service/eks/optimized-ami/1.31/amazon-linux-2/recommended/release_version",
        ),
        (
            "AL2023_ARM_64_STANDARD",
            "/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/arm64/standard/recommended/release_version",
        ),
        (
            "AL2023_x86_64_NEURON",
            "/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/neuron/recommended/release_version",
        ),
        (
            "BOTTLEROCKET_x86_64",
            "/aws/service/bottlerocket/aws-k8s-1.31/x86_64/latest/image_version",
        ),
        (
            "BOTTLEROCKET_ARM_64_NVIDIA",
            "/aws/service/bottlerocket/aws-k8s-1.31-nvidia/arm64/latest/image_version",
        ),
        (
            "BOTTLEROCKET_x86_64_NVIDIA_FIPS",
            "/aws/service/bottlerocket/aws-k8s-1.31-nvidia-fips/x86_64/latest/image_version",
        ),
    ] {
        assert_eq!(release_parameter(kind, "1.31").as_deref(), Some(name), "{kind}");
    }
    for kind in ["CUSTOM", "WINDOWS_CORE_2022_x86_64", "BOTTLEROCKET_RISC", "AL2027_x86_64"] {
        assert_eq!(release_parameter(kind, "1.31"), None, "{kind}");
    }
}

#[test]
fn releases_tell_their_day_or_none() {
    let day: Timestamp = "2025-07-04T00:00:00Z".parse().unwrap();
    assert_eq!(released("1.33.1-20250704"), Some(day));
    assert_eq!(released("1.33-2025.07.04"), Some(day));
    for none in ["1.20.3-5d9ac849", "1.33.1", "ami-0123456789abcdef0", "1.33.1-20251399"] {
        assert_eq!(released(none), None, "{none}");
    }
}

#[test]
fn minor_versions_and_how_far_they_may_be_apart() {
    assert_eq!((minor("1.33"), minor("1.9.1")), (Some(33), Some(9)));
    assert_eq!((minor("2.0"), minor("one"), minor("")), (None, None, None));
    assert_eq!((allowed_skew(24), allowed_skew(25)), (2, 3));
}
