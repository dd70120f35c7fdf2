//! The collector of load balancers, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{
    Answer, Collected, Request, Wire, json_error, known, ok, query, query_error,
};
use crate::inventory::{Document, ErrorClass, Fact, Value};
use crate::services::elb::{ClassicLoadBalancer, Listener, LoadBalancer, TargetGroup};

const WEB: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef";
const CLASSIC: &str = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/old";
const KINDS: [&str; 4] =
    ["elb.load-balancer", "elb.listener", "elb.target-group", "elb.classic-load-balancer"];

/// The operation, with its API version where both have the name.
fn operation(request: &Request) -> String {
    let name = request.operation();
    if request.parameter("Version") == Some("2012-06-01") { format!("Classic{name}") } else { name }
}

fn balancers(arns: &[(&str, &str)], marker: &str) -> Answer {
    let members: String = arns
        .iter()
        .map(|(name, arn)| {
            format!(
                "<member><LoadBalancerArn>{arn}</LoadBalancerArn>\
                 <LoadBalancerName>{name}</LoadBalancerName><Scheme>internal</Scheme>\
                 <Type>application</Type><AvailabilityZones><member><ZoneName>eu-west-1a</ZoneName>\
                 <SubnetId>subnet-1</SubnetId></member></AvailabilityZones></member>"
            )
        })
        .collect();
    query(
        "DescribeLoadBalancers",
        &format!("<LoadBalancers>{members}</LoadBalancers><NextMarker>{marker}</NextMarker>"),
    )
}

/// One load balancer of each API with all that belongs to it in eu-west-1,
/// nothing elsewhere.
fn full(request: &Request) -> Option<Answer> {
    let here = request.region() == "eu-west-1";
    Some(match operation(request).as_str() {
        "DescribeLoadBalancers" if !here => balancers(&[], ""),
        "DescribeLoadBalancers" => balancers(&[("web", WEB)], ""),
        "DescribeLoadBalancerAttributes" => query(
            "DescribeLoadBalancerAttributes",
            "<Attributes><member><Key>deletion_protection.enabled</Key><Value>true</Value></member>\
             <member><Key>idle_timeout.timeout_seconds</Key><Value>60</Value></member></Attributes>",
        ),
        "DescribeTags" => query(
            "DescribeTags",
            &format!(
                "<TagDescriptions><member><ResourceArn>{WEB}</ResourceArn><Tags><member>\
                 <Key>team</Key><Value>web</Value></member></Tags></member></TagDescriptions>"
            ),
        ),
        "GetWebACLForResource" => {
            ok("{\"WebACL\":{\"Name\":\"w\",\"Id\":\"1\",\"ARN\":\"arn:acl\",\"DefaultAction\":{},\
             \"VisibilityConfig\":{\"SampledRequestsEnabled\":true,\
             \"CloudWatchMetricsEnabled\":true,\"MetricName\":\"m\"}}}")
        }
        "DescribeListeners" => query(
            "DescribeListeners",
            &format!(
                "<Listeners><member><ListenerArn>arn:listener:80</ListenerArn>\
                 <LoadBalancerArn>{WEB}</LoadBalancerArn><Port>80</Port><Protocol>HTTP</Protocol>\
                 <DefaultActions><member><Type>redirect</Type><RedirectConfig>\
                 <Protocol>HTTPS</Protocol><StatusCode>HTTP_301</StatusCode></RedirectConfig>\
                 </member></DefaultActions></member>\
                 <member><ListenerArn>arn:listener:443</ListenerArn>\
                 <LoadBalancerArn>{WEB}</LoadBalancerArn><Port>443</Port><Protocol>HTTPS</Protocol>\
                 <SslPolicy>ELBSecurityPolicy-2016-08</SslPolicy><DefaultActions><member>\
                 <Type>forward</Type></member></DefaultActions></member></Listeners>"
            ),
        ),
        "DescribeRules" => query(
            "DescribeRules",
            "<Rules><member><RuleArn>r</RuleArn><Actions><member><Type>redirect</Type>\
             <RedirectConfig><Protocol>HTTPS</Protocol><StatusCode>HTTP_301</StatusCode>\
             </RedirectConfig></member></Actions></member></Rules>",
        ),
        "DescribeTargetGroups" if !here => {
            query("DescribeTargetGroups", "<TargetGroups></TargetGroups>")
        }
        "DescribeTargetGroups" => query(
            "DescribeTargetGroups",
            "<TargetGroups><member><TargetGroupArn>arn:tg</TargetGroupArn>\
             <TargetGroupName>web</TargetGroupName><Protocol>HTTP</Protocol>\
             <TargetType>ip</TargetType><HealthCheckEnabled>true</HealthCheckEnabled>\
             <HealthCheckProtocol>HTTPS</HealthCheckProtocol></member></TargetGroups>",
        ),
        "ClassicDescribeLoadBalancers" if !here => {
            query("DescribeLoadBalancers", "<LoadBalancerDescriptions></LoadBalancerDescriptions>")
        }
        "ClassicDescribeLoadBalancers" => query(
            "DescribeLoadBalancers",
            "<LoadBalancerDescriptions><member><LoadBalancerName>old</LoadBalancerName>\
             <ListenerDescriptions><member><PolicyNames><member>tls</member></PolicyNames>\
             <Listener><Protocol>https</Protocol><LoadBalancerPort>443</LoadBalancerPort>\
             <InstancePort>80</InstancePort><SSLCertificateId>arn:cert</SSLCertificateId>\
             </Listener></member></ListenerDescriptions>\
             <AvailabilityZones><member>eu-west-1a</member></AvailabilityZones></member>\
             </LoadBalancerDescriptions>",
        ),
        "ClassicDescribeLoadBalancerAttributes" => query(
            "DescribeLoadBalancerAttributes",
            "<LoadBalancerAttributes><CrossZoneLoadBalancing><Enabled>true</Enabled>\
             </CrossZoneLoadBalancing><AccessLog><Enabled>false</Enabled></AccessLog>\
             <ConnectionDraining><Enabled>true</Enabled><Timeout>300</Timeout>\
             </ConnectionDraining><AdditionalAttributes><member>\
             <Key>elb.http.desyncmitigationmode</Key><Value>defensive</Value></member><member>\
             <Key>other</Key><Value>x</Value></member></AdditionalAttributes>\
             </LoadBalancerAttributes>",
        ),
        "ClassicDescribeLoadBalancerPolicies" => query(
            "DescribeLoadBalancerPolicies",
            "<PolicyDescriptions><member><PolicyName>tls</PolicyName>\
             <PolicyTypeName>SSLNegotiationPolicyType</PolicyTypeName>\
             <PolicyAttributeDescriptions><member>\
             <AttributeName>Reference-Security-Policy</AttributeName>\
             <AttributeValue>ELBSecurityPolicy-TLS-1-2-2017-01</AttributeValue></member><member>\
             <AttributeName>Protocol-TLSv1</AttributeName><AttributeValue>false</AttributeValue>\
             </member></PolicyAttributeDescriptions></member><member>\
             <PolicyName>sticky</PolicyName>\
             <PolicyTypeName>LBCookieStickinessPolicyType</PolicyTypeName></member>\
             </PolicyDescriptions>",
        ),
        "ClassicDescribeTags" => query(
            "DescribeTags",
            "<TagDescriptions><member><LoadBalancerName>old</LoadBalancerName><Tags><member>\
             <Key>team</Key><Value>old</Value></member></Tags></member></TagDescriptions>",
        ),
        _ => return None,
    })
}

fn but(changed: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == changed { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn collect(wire: &Wire) -> Collected {
    let kinds = [
        LoadBalancer::resource_type(),
        Listener::resource_type(),
        TargetGroup::resource_type(),
        ClassicLoadBalancer::resource_type(),
    ];
    wire.collect(Plan::everything(kinds), &["eu-west-1", "us-east-1"]).await
}

#[tokio::test]
async fn load_balancers_are_read_with_what_belongs_to_them() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for kind in KINDS {
        for region in ["eu-west-1", "us-east-1"] {
            assert!(collected.missing(kind, region).is_empty(), "{kind} {region}");
        }
    }
    let resource = collected.resource("elb.load-balancer", "web");
    assert_eq!(resource.arn.as_ref(), WEB);
    let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
    assert_eq!(tags.get("team"), Some(&Value::text("web")));
    let balancer: LoadBalancer = collected.document("elb.load-balancer", "web");
    assert_eq!(known(balancer.kind), "application");
    assert_eq!(known(balancer.zones).first().unwrap().zone_name, "eu-west-1a");
    let attributes = known(balancer.attributes);
    let kept: Vec<_> = attributes.iter().map(|one| (one.key.as_str(), &*one.value)).collect();
    assert_eq!(kept, [("deletion_protection.enabled", "true")]);
    assert_eq!(known(balancer.web_acl).arn, "arn:acl");

    assert_eq!(collected.ids("elb.listener"), ["web:443", "web:80"]);
    let plain: Listener = collected.document("elb.listener", "web:80");
    let actions = known(plain.default_actions);
    let to = actions.first().unwrap().redirect.as_ref().unwrap();
    assert_eq!(to.protocol.as_deref(), Some("HTTPS"));
    assert_eq!(known(plain.rules).len(), 1);
    let tls: Listener = collected.document("elb.listener", "web:443");
    assert_eq!((known(tls.load_balancer).as_str(), tls.rules), (WEB, Fact::Absent));
    assert_eq!(known(tls.ssl_policy), "ELBSecurityPolicy-2016-08");

    let group: TargetGroup = collected.document("elb.target-group", "web");
    assert_eq!((known(group.protocol).as_str(), known(group.target_type).as_str()), ("HTTP", "ip"));
    assert_eq!(known(group.health_check_protocol), "HTTPS");

    let resource = collected.resource("elb.classic-load-balancer", "old");
    assert_eq!(resource.arn.as_ref(), CLASSIC);
    let classic: ClassicLoadBalancer = collected.document("elb.classic-load-balancer", "old");
    let listeners = known(classic.listeners);
    let first = listeners.first().unwrap();
    assert_eq!((first.listener.protocol.as_str(), first.listener.port), ("HTTPS", 443));
    assert_eq!(first.policy_names, ["tls"]);
    let attributes = known(classic.attributes);
    assert!(attributes.cross_zone.enabled && !attributes.access_log.enabled);
    assert_eq!(attributes.additional.len(), 1);
    let policies = known(classic.policies);
    let attributes = &policies.first().unwrap().attributes;
    assert_eq!((policies.len(), attributes.len()), (1, 1));

    // GetCallerIdentity; three lists in each region; tags, attributes, web ACL, listeners
    // and rules of one; tags, attributes and policies of the other.
    assert_eq!(wire.requests().len(), 1 + 6 + 5 + 3);
}

#[tokio::test]
async fn all_pages_are_read_and_tags_are_asked_by_twenty() {
    let wire = Wire::start(|request| {
        let name = operation(request);
        if name == "DescribeLoadBalancers" {
            let second = request.parameter("Marker") == Some("m");
            let names: Vec<(String, String)> = (0..15)
                .map(|n| if second { n + 15 } else { n })
                .map(|n| (format!("lb-{n:02}"), format!("arn:lb:{n:02}")))
                .collect();
            let pairs: Vec<_> = names.iter().map(|(name, arn)| (&**name, &**arn)).collect();
            return Some(balancers(&pairs, if second { "" } else { "m" }));
        }
        full(request)
    });
    let plan = Plan::everything([LoadBalancer::resource_type()]);
    let collected = wire.collect(plan, &["eu-west-1"]).await;
    assert_eq!(collected.ids("elb.load-balancer").len(), 30);
    assert_eq!(wire.count("DescribeTags"), 2);
    assert_eq!(wire.count("DescribeListeners"), 0, "nobody reads them");

    let circle = balancers(&[], "m");
    let collected = collect(&but("DescribeLoadBalancers", circle)).await;
    for kind in ["elb.load-balancer", "elb.listener"] {
        let missing = collected.missing(kind, "eu-west-1");
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{kind}");
    }
}

#[tokio::test]
async fn refusals_hide_a_list_or_what_they_fill() {
    let denied = || query_error(403, "AccessDenied", "no");
    for (refused, hidden) in [
        ("DescribeLoadBalancers", &["elb.load-balancer", "elb.listener"][..]),
        ("DescribeListeners", &["elb.listener"]),
        ("DescribeTargetGroups", &["elb.target-group"]),
        ("ClassicDescribeLoadBalancers", &["elb.classic-load-balancer"]),
    ] {
        let collected = collect(&but(refused, denied())).await;
        for kind in KINDS {
            let missing = collected.missing(kind, "eu-west-1");
            assert_eq!(missing.len(), usize::from(hidden.contains(&kind)), "{refused} {kind}");
            assert!(missing.iter().all(|gap| gap.class == ErrorClass::AccessDenied));
        }
    }
    let collected = collect(&but("DescribeLoadBalancerAttributes", denied())).await;
    let balancer: LoadBalancer = collected.document("elb.load-balancer", "web");
    assert_eq!(collected.why(&balancer.attributes).resource.as_deref(), Some(WEB));
    let refused = json_error(400, "AccessDeniedException", "no");
    let collected = collect(&but("GetWebACLForResource", refused)).await;
    let balancer: LoadBalancer = collected.document("elb.load-balancer", "web");
    assert_eq!(collected.why(&balancer.web_acl).class, ErrorClass::AccessDenied);
    let collected = collect(&but("DescribeRules", denied())).await;
    let plain: Listener = collected.document("elb.listener", "web:80");
    collected.why(&plain.rules);
    for (refused, kind, id) in [
        ("DescribeTags", "elb.load-balancer", "web"),
        ("ClassicDescribeTags", "elb.classic-load-balancer", "old"),
    ] {
        let collected = collect(&but(refused, denied())).await;
        assert!(matches!(collected.resource(kind, id).tags, Value::Unknown(_)), "{refused}");
    }
    let collected = collect(&but("ClassicDescribeLoadBalancerAttributes", denied())).await;
    let classic: ClassicLoadBalancer = collected.document("elb.classic-load-balancer", "old");
    assert_eq!(collected.why(&classic.attributes).resource.as_deref(), Some(CLASSIC));
    let collected = collect(&but("ClassicDescribeLoadBalancerPolicies", denied())).await;
    let classic: ClassicLoadBalancer = collected.document("elb.classic-load-balancer", "old");
    collected.why(&classic.policies);
}

#[tokio::test]
async fn what_was_deleted_since_it_was_listed_is_left_out() {
    let gone = || query_error(400, "LoadBalancerNotFound", "no");
    let collected = collect(&but("DescribeLoadBalancerAttributes", gone())).await;
    assert!(collected.gaps.is_empty() && collected.ids("elb.load-balancer").is_empty());
    let collected = collect(&but("DescribeListeners", gone())).await;
    assert!(collected.gaps.is_empty() && collected.ids("elb.listener").is_empty());
    let no_listener = query_error(400, "ListenerNotFound", "no");
    let collected = collect(&but("DescribeRules", no_listener)).await;
    assert!(collected.gaps.is_empty());
    assert_eq!(collected.ids("elb.listener"), ["web:443"]);
    let collected = collect(&but("ClassicDescribeLoadBalancerPolicies", gone())).await;
    assert!(collected.gaps.is_empty() && collected.ids("elb.classic-load-balancer").is_empty());
}

#[tokio::test]
async fn no_web_acl_and_what_is_missing() {
    let collected = collect(&but("GetWebACLForResource", ok("{}"))).await;
    let balancer: LoadBalancer = collected.document("elb.load-balancer", "web");
    assert_eq!(balancer.web_acl, Fact::Absent);

    let empty = query("DescribeLoadBalancers", "<Nothing/>");
    let collected = collect(&but("DescribeLoadBalancers", empty)).await;
    let missing = collected.missing("elb.load-balancer", "eu-west-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);

    // A switch that the SDK would read as off.
    let short = query(
        "DescribeLoadBalancerAttributes",
        "<LoadBalancerAttributes><AccessLog/></LoadBalancerAttributes>",
    );
    let collected = collect(&but("ClassicDescribeLoadBalancerAttributes", short)).await;
    let classic: ClassicLoadBalancer = collected.document("elb.classic-load-balancer", "old");
    assert_eq!(collected.why(&classic.attributes).class, ErrorClass::Malformed);

    let short = query(
        "DescribeListeners",
        "<Listeners><member><ListenerArn>arn:l</ListenerArn><Port>80</Port></member></Listeners>",
    );
    let collected = collect(&but("DescribeListeners", short)).await;
    let listener: Listener = collected.document("elb.listener", "web:80");
    assert_eq!(collected.why(&listener.default_actions).class, ErrorClass::Malformed);
    assert_eq!(collected.why(&listener.load_balancer).class, ErrorClass::Malformed);
}
