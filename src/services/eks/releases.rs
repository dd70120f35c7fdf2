//! Releases of node images, and where AWS says which is the newest.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The public parameter with the newest release of a kind of node image; none
/// for kinds whose releases AWS does not publish so.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html> and
/// <https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html>
pub fn release_parameter(ami_type: &str, version: &str) -> Option<String> {
    if let Some(kind) = ami_type.strip_prefix("BOTTLEROCKET_") {
        let (kind, fips) = match kind.strip_suffix("_FIPS") {
            Some(kind) => (kind, "-fips"),
            None => (kind, ""),
        };
        let (kind, nvidia) = match kind.strip_suffix("_NVIDIA") {
            Some(kind) => (kind, "-nvidia"),
            None => (kind, ""),
        };
        let machine = match kind {
            "x86_64" => "x86_64",
            "ARM_64" => "arm64",
            _ => return None,
        };
        return Some(format!(
            "/aws/service/bottlerocket/aws-k8s-{version}{nvidia}{fips}/{machine}/latest/image_version"
        ));
    }
    let image = match ami_type {
        "AL2_x86_64" => "amazon-linux-2",
        "AL2_x86_64_GPU" => "amazon-linux-2-gpu",
        "AL2_ARM_64" => "amazon-linux-2-arm64",
        "AL2023_x86_64_STANDARD" => "amazon-linux-2023/x86_64/standard",
        "AL2023_ARM_64_STANDARD" => "amazon-linux-2023/arm64/standard",
        "AL2023_x86_64_NVIDIA" => "amazon-linux-2023/x86_64/nvidia",
        "AL2023_ARM_64_NVIDIA" => "amazon-linux-2023/arm64/nvidia",
        "AL2023_x86_64_NEURON" => "amazon-linux-2023/x86_64/neuron",
        _ => return None,
    };
    Some(format!("/aws/service/eks/optimized-ami/{version}/{image}/recommended/release_version"))
}

/// The day in a release: `1.33.1-20250704` of Amazon Linux, `1.33-2025.07.04` of
/// Windows. Releases of Bottlerocket have none.
pub(super) fn released(release: &str) -> Option<Timestamp> {
    let (_, day) = release.split_once('-')?;
    let digits: String = day.chars().filter(|c| *c != '.').collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let date = Date::strptime("%Y%m%d", &digits).ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The minor number of a version: 33 of `1.33`.
pub(super) fn minor(version: &str) -> Option<i64> {
    let mut parts = version.split('.');
    (parts.next()? == "1").then_some(())?;
    parts.next()?.parse().ok()
}

/// How many minor versions a node may be behind its control plane
/// (<https://kubernetes.io/releases/version-skew-policy/#kubelet>): three, two before 1.25.
pub(super) fn allowed_skew(node_minor: i64) -> i64 {
    if node_minor < 25 { 2 } else { 3 }
}
