//! Elastic Load Balancing: Application, Network and Gateway Load Balancers with
//! their listeners and target groups (API version 2), and Classic Load Balancers.
//!
//! Names and presence:
//! <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html> and
//! <https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/Welcome.html>.
//! ARNs: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod questions;

use crate::inventory::{Document, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::{document, record};

/// All load balancers but the classic ones.
pub static DESCRIBE_LOAD_BALANCERS: Operation = Operation::new(
    "elbv2",
    "DescribeLoadBalancers",
    &["elasticloadbalancing:DescribeLoadBalancers"],
);
/// The switches of one of them.
pub static DESCRIBE_LOAD_BALANCER_ATTRIBUTES: Operation = Operation::new(
    "elbv2",
    "DescribeLoadBalancerAttributes",
    &["elasticloadbalancing:DescribeLoadBalancerAttributes"],
);
/// The tags of up to twenty of them.
pub static DESCRIBE_TAGS: Operation =
    Operation::new("elbv2", "DescribeTags", &["elasticloadbalancing:DescribeTags"]);
/// The listeners of one of them.
pub static DESCRIBE_LISTENERS: Operation =
    Operation::new("elbv2", "DescribeListeners", &["elasticloadbalancing:DescribeListeners"]);
/// The rules of one listener.
pub static DESCRIBE_RULES: Operation =
    Operation::new("elbv2", "DescribeRules", &["elasticloadbalancing:DescribeRules"]);
/// All target groups.
pub static DESCRIBE_TARGET_GROUPS: Operation =
    Operation::new("elbv2", "DescribeTargetGroups", &["elasticloadbalancing:DescribeTargetGroups"]);
/// The web ACL in front of an Application Load Balancer.
pub static GET_WEB_ACL_FOR_RESOURCE: Operation =
    Operation::new("wafv2", "GetWebACLForResource", &["wafv2:GetWebACLForResource"]);
/// All Classic Load Balancers with their listeners.
pub static DESCRIBE_CLASSIC: Operation =
    Operation::new("elb", "DescribeLoadBalancers", &["elasticloadbalancing:DescribeLoadBalancers"]);
/// The switches of one of them.
pub static DESCRIBE_CLASSIC_ATTRIBUTES: Operation = Operation::new(
    "elb",
    "DescribeLoadBalancerAttributes",
    &["elasticloadbalancing:DescribeLoadBalancerAttributes"],
);
/// The policies of one of them, for TLS and others.
pub static DESCRIBE_CLASSIC_POLICIES: Operation = Operation::new(
    "elb",
    "DescribeLoadBalancerPolicies",
    &["elasticloadbalancing:DescribeLoadBalancerPolicies"],
);
/// The tags of up to twenty of them.
pub static DESCRIBE_CLASSIC_TAGS: Operation =
    Operation::new("elb", "DescribeTags", &["elasticloadbalancing:DescribeTags"]);

/// The switches that rules read; the others are not kept.
pub const ATTRIBUTES: [&str; 4] = [
    "access_logs.s3.enabled",
    "deletion_protection.enabled",
    "routing.http.desync_mitigation_mode",
    "routing.http.drop_invalid_header_fields.enabled",
];

/// The switch of Classic Load Balancers against request smuggling; no other that
/// is written so is kept.
pub const CLASSIC_DESYNC: &str = "elb.http.desyncmitigationmode";

record! {
    /// A switch.
    pub struct Attribute {
        /// Its name.
        "Key" => key: String,
        /// `true`, `false`, or a word.
        "Value" => value: String,
    }
}

record! {
    /// A zone that a load balancer works in.
    pub struct AvailabilityZone {
        /// Its name.
        "ZoneName" => zone_name: String,
    }
}

record! {
    /// A web ACL.
    pub struct WebAcl {
        /// Its ARN.
        "ARN" => arn: String,
    }
}

document! {
    /// An Application, Network or Gateway Load Balancer.
    pub struct LoadBalancer: "elb.load-balancer" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_LOAD_BALANCERS]], tagged by [DESCRIBE_TAGS] {
        /// application, network or gateway.
        "Type" => always kind: String = [DESCRIBE_LOAD_BALANCERS],
        /// internet-facing or internal; absent for Gateway Load Balancers.
        "Scheme" => optional scheme: String = [DESCRIBE_LOAD_BALANCERS],
        /// The zones it works in.
        "AvailabilityZones" => always zones: Vec<AvailabilityZone> = [DESCRIBE_LOAD_BALANCERS],
        /// Its switches, those that rules read.
        "Attributes" => always attributes: Vec<Attribute> = [DESCRIBE_LOAD_BALANCER_ATTRIBUTES],
        /// The web ACL in front of it; absent if there is none, or if it is not for HTTP.
        "WebACL" => optional web_acl: WebAcl = [GET_WEB_ACL_FOR_RESOURCE],
    }
}

record! {
    /// Where a redirect leads.
    pub struct RedirectConfig {
        /// HTTP, HTTPS, or #{protocol} for the one that the request came by.
        "Protocol" => protocol: Option<String>,
    }
}

record! {
    /// What is done with a request.
    pub struct Action {
        /// forward, redirect, fixed-response, authenticate-oidc and others.
        "Type" => kind: String,
        /// Where a redirect leads.
        "RedirectConfig" => redirect: Option<RedirectConfig>,
    }
}

record! {
    /// A rule of a listener.
    pub struct Rule {
        /// What is done with the requests that it is for.
        "Actions" => actions: Vec<Action>,
    }
}

document! {
    /// A listener. Its id is `load balancer:port`.
    pub struct Listener: "elb.listener" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_LOAD_BALANCERS, DESCRIBE_LISTENERS]], tagged by [] {
        /// Its load balancer.
        "LoadBalancerArn" => always load_balancer: String = [DESCRIBE_LISTENERS],
        /// Its port; absent for Gateway Load Balancers.
        "Port" => optional port: i64 = [DESCRIBE_LISTENERS],
        /// HTTP, HTTPS, TCP, TLS, UDP, TCP_UDP, QUIC; absent for Gateway Load Balancers.
        "Protocol" => optional protocol: String = [DESCRIBE_LISTENERS],
        /// Which protocols and ciphers it takes; absent if it does not encrypt.
        "SslPolicy" => optional ssl_policy: String = [DESCRIBE_LISTENERS],
        /// What is done with requests that no other rule is for.
        "DefaultActions" => always default_actions: Vec<Action> = [DESCRIBE_LISTENERS],
        /// Its rules, the default one among them; absent if it is not for plain HTTP.
        "Rules" => optional rules: Vec<Rule> = [DESCRIBE_RULES],
    }
}

document! {
    /// A target group.
    pub struct TargetGroup: "elb.target-group" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_TARGET_GROUPS]], tagged by [] {
        /// How targets are spoken to; absent for functions.
        "Protocol" => optional protocol: String = [DESCRIBE_TARGET_GROUPS],
        /// instance, ip, lambda or alb.
        "TargetType" => always target_type: String = [DESCRIBE_TARGET_GROUPS],
        /// Targets are checked.
        "HealthCheckEnabled" => optional health_check_enabled: bool = [DESCRIBE_TARGET_GROUPS],
        /// How they are checked; absent for functions.
        "HealthCheckProtocol" => optional health_check_protocol: String = [DESCRIBE_TARGET_GROUPS],
    }
}

record! {
    /// A listener of a Classic Load Balancer, with its policies.
    pub struct ClassicListenerDescription {
        /// The listener.
        "Listener" => listener: ClassicListener,
        /// The policies that it uses.
        "PolicyNames" => policy_names: Vec<String>,
    }
}

record! {
    /// A listener of a Classic Load Balancer.
    pub struct ClassicListener {
        /// HTTP, HTTPS, TCP or SSL.
        "Protocol" => protocol: String,
        /// Its port.
        "LoadBalancerPort" => port: i64,
        /// Its certificate: of ACM or of IAM.
        "SSLCertificateId" => certificate: Option<String>,
    }
}

record! {
    /// One of a Classic Load Balancer's switches.
    pub struct ClassicSwitch {
        /// It is on.
        "Enabled" => enabled: bool,
    }
}

record! {
    /// The switches of a Classic Load Balancer.
    pub struct ClassicAttributes {
        /// Requests are spread over the targets of all zones.
        "CrossZoneLoadBalancing" => cross_zone: ClassicSwitch,
        /// Access logs are written.
        "AccessLog" => access_log: ClassicSwitch,
        /// Connections to a target that leaves are finished first.
        "ConnectionDraining" => connection_draining: ClassicSwitch,
        /// How requests that may be smuggled are treated.
        "AdditionalAttributes" => additional: Vec<Attribute>,
    }
}

record! {
    /// A policy of a Classic Load Balancer for TLS.
    pub struct ClassicPolicy {
        /// Its name.
        "PolicyName" => name: String,
        /// Its attributes: the predefined policy that it is, if it is one.
        "PolicyAttributeDescriptions" => attributes: Vec<ClassicPolicyAttribute>,
    }
}

record! {
    /// An attribute of a policy.
    pub struct ClassicPolicyAttribute {
        /// Reference-Security-Policy; others are not kept.
        "AttributeName" => name: String,
        /// Its value.
        "AttributeValue" => value: String,
    }
}

document! {
    /// A Classic Load Balancer.
    pub struct ClassicLoadBalancer: "elb.classic-load-balancer" in Regional,
    listed by [[DESCRIBE_REGIONS, DESCRIBE_CLASSIC]], tagged by [DESCRIBE_CLASSIC_TAGS] {
        /// internet-facing or internal; absent outside VPCs.
        "Scheme" => optional scheme: String = [DESCRIBE_CLASSIC],
        /// Its listeners.
        "ListenerDescriptions" => always listeners: Vec<ClassicListenerDescription> = [DESCRIBE_CLASSIC],
        /// The zones it works in.
        "AvailabilityZones" => always zones: Vec<String> = [DESCRIBE_CLASSIC],
        /// Its switches.
        "LoadBalancerAttributes" => always attributes: ClassicAttributes = [DESCRIBE_CLASSIC_ATTRIBUTES],
        /// Its policies for TLS.
        "PolicyDescriptions" => always policies: Vec<ClassicPolicy> = [DESCRIBE_CLASSIC_POLICIES],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "elb",
        types: vec![
            LoadBalancer::resource_type(),
            Listener::resource_type(),
            TargetGroup::resource_type(),
            ClassicLoadBalancer::resource_type(),
        ],
        questions: questions::QUESTIONS,
    }
}
