//! What the paths of REST APIs ask for.

use super::call::decoded;

/// Service, path, operation. `{}` is one part of a path; those parts are what
/// the call is about.
const ROUTES: &[(&str, &str, &str)] = &[
    ("accessanalyzer", "analyzer", "ListAnalyzers"),
    ("account", "getAlternateContact", "GetAlternateContact"),
    ("account", "getContactInformation", "GetContactInformation"),
    ("apigateway", "restapis", "GetRestApis"),
    ("apigateway", "restapis/{}/stages", "GetStages"),
    ("apigatewayv2", "v2/apis", "GetApis"),
    ("apigatewayv2", "v2/apis/{}/stages", "GetStages"),
    ("backup", "resources", "ListProtectedResources"),
    ("cloudfront", "2020-05-31/distribution", "ListDistributions"),
    ("cloudfront", "2020-05-31/distribution/{}/config", "GetDistributionConfig"),
    ("efs", "2015-02-01/access-points", "DescribeAccessPoints"),
    ("efs", "2015-02-01/file-systems", "DescribeFileSystems"),
    ("efs", "2015-02-01/file-systems/{}/backup-policy", "DescribeBackupPolicy"),
    ("efs", "2015-02-01/file-systems/{}/policy", "DescribeFileSystemPolicy"),
    ("efs", "2015-02-01/mount-targets", "DescribeMountTargets"),
    ("eks", "addons/supported-versions", "DescribeAddonVersions"),
    ("eks", "cluster-versions", "DescribeClusterVersions"),
    ("eks", "clusters", "ListClusters"),
    ("eks", "clusters/{}", "DescribeCluster"),
    ("eks", "clusters/{}/access-entries", "ListAccessEntries"),
    ("eks", "clusters/{}/access-entries/{}/access-policies", "ListAssociatedAccessPolicies"),
    ("eks", "clusters/{}/addons", "ListAddons"),
    ("eks", "clusters/{}/addons/{}", "DescribeAddon"),
    ("eks", "clusters/{}/insights", "ListInsights"),
    ("eks", "clusters/{}/node-groups", "ListNodegroups"),
    ("eks", "clusters/{}/node-groups/{}", "DescribeNodegroup"),
    ("eks", "clusters/{}/pod-identity-associations", "ListPodIdentityAssociations"),
    ("glacier", "-/vaults", "ListVaults"),
    ("glacier", "-/vaults/{}/access-policy", "GetVaultAccessPolicy"),
    ("guardduty", "detector", "ListDetectors"),
    ("guardduty", "detector/{}", "GetDetector"),
    ("inspector2", "status/batch/get", "BatchGetAccountStatus"),
    ("lambda", "2015-03-31/functions", "ListFunctions"),
    ("lambda", "2015-03-31/functions/{}/policy", "GetPolicy"),
    ("lambda", "2021-10-31/functions/{}/urls", "ListFunctionUrlConfigs"),
    ("macie2", "automated-discovery/configuration", "GetAutomatedDiscoveryConfiguration"),
    ("macie2", "macie", "GetMacieSession"),
    ("s3control", "v20180820/accesspoint", "ListAccessPoints"),
    ("s3control", "v20180820/accesspoint/{}", "GetAccessPoint"),
    ("s3control", "v20180820/accesspoint/{}/policy", "GetAccessPointPolicy"),
    ("s3control", "v20180820/accesspoint/{}/policyStatus", "GetAccessPointPolicyStatus"),
    ("s3control", "v20180820/configuration/publicAccessBlock", "GetPublicAccessBlock"),
    ("s3control", "v20180820/mrap/instances", "ListMultiRegionAccessPoints"),
    ("securityhub", "accounts", "DescribeHub"),
];

/// The operation of a path, and what it is about, in parts divided by `/`.
pub(crate) fn find(service: &str, path: &str) -> Option<(&'static str, String)> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    ROUTES.iter().filter(|(of, ..)| *of == service).find_map(|(_, pattern, operation)| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        let pairs = || pattern.iter().zip(&parts);
        let fits = pattern.len() == parts.len()
            && pairs().all(|(expected, part)| *expected == "{}" || expected == part);
        let about =
            pairs().filter(|(expected, _)| **expected == "{}").map(|(_, part)| decoded(part));
        fits.then(|| (*operation, about.collect::<Vec<_>>().join("/")))
    })
}
