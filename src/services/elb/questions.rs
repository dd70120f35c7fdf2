//! What rules may ask about load balancers.

use super::{Action, ClassicLoadBalancer, Listener, LoadBalancer};
use crate::inventory::{Document, Fact, Gaps, Partial, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};

record! {
    /// Whether plain HTTP is redirected.
    pub struct HttpRedirect {
        /// There is a listener for plain HTTP.
        "concerned" => concerned: Decided<bool>,
        /// All that comes to one of them is redirected to HTTPS.
        "redirected" => redirected: Decided<bool>,
        /// Those that do something else: `HTTP 80`.
        "listeners" => listeners: Vec<String>,
    }
}

record! {
    /// Whether the listeners of a load balancer encrypt.
    pub struct EncryptedListeners {
        /// Each takes TLS, or redirects to one that does.
        "encrypted" => encrypted: Decided<bool>,
        /// Those that do not: `TCP 5432`.
        "listeners" => listeners: Vec<String>,
    }
}

record! {
    /// How a listener of a Classic Load Balancer encrypts.
    pub struct ClassicTls {
        /// Its port.
        "port" => port: i64,
        /// The predefined policy that it uses; absent if it has one of its own.
        "policy" => policy: Option<String>,
    }
}

const LISTENERS: (&str, &[&str]) =
    ("elb.listener", &["LoadBalancerArn", "Protocol", "Port", "DefaultActions", "Rules"]);

/// The questions about load balancers.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "elb.kind",
        doc: "application, network, gateway or classic.",
        subjects: &["elb.load-balancer", "elb.classic-load-balancer"],
        reads: &[("elb.load-balancer", &["Type"])],
        looks_up: &[],
        returns: String::shape,
        answer: |subject, _| kind(subject),
    },
    Question {
        name: "elb.access_logs",
        doc: "Whether the load balancer writes access logs.",
        subjects: &["elb.load-balancer", "elb.classic-load-balancer"],
        reads: &[
            ("elb.load-balancer", &["Attributes"]),
            ("elb.classic-load-balancer", &["LoadBalancerAttributes"]),
        ],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, _| access_logs(subject),
    },
    Question {
        name: "elb.http_redirect",
        doc: "Whether everything that comes to a listener for plain HTTP is redirected to HTTPS, by \
              its default action and by each of its rules.",
        subjects: &["elb.load-balancer"],
        reads: &[],
        looks_up: &[LISTENERS],
        returns: HttpRedirect::shape,
        answer: http_redirect,
    },
    Question {
        name: "elb.encrypted_listeners",
        doc: "Whether each listener of the load balancer takes TLS, or redirects all requests to \
              HTTPS.",
        subjects: &["elb.load-balancer", "elb.classic-load-balancer"],
        reads: &[("elb.classic-load-balancer", &["ListenerDescriptions"])],
        looks_up: &[LISTENERS],
        returns: EncryptedListeners::shape,
        answer: encrypted_listeners,
    },
    Question {
        name: "elb.load_balancer_type",
        doc: "The type of the listener's load balancer: application, network or gateway.",
        subjects: &["elb.listener"],
        reads: &[("elb.listener", &["LoadBalancerArn"])],
        looks_up: &[("elb.load-balancer", &["Type"])],
        returns: String::shape,
        answer: load_balancer_type,
    },
    Question {
        name: "elb.redirects",
        doc: "Whether the listener redirects all requests to HTTPS.",
        subjects: &["elb.listener"],
        reads: &[("elb.listener", &["DefaultActions", "Rules"])],
        looks_up: &[],
        returns: bool::shape,
        answer: |subject, _| match Listener::from_value(&subject.document) {
            Some(listener) => redirects(&listener).into_value(),
            None => Value::Unknown(Gaps::NONE),
        },
    },
    Question {
        name: "elb.classic_tls",
        doc: "The listeners of a Classic Load Balancer that encrypt, with the predefined TLS \
              policy that each uses.",
        subjects: &["elb.classic-load-balancer"],
        reads: &[("elb.classic-load-balancer", &["ListenerDescriptions", "PolicyDescriptions"])],
        looks_up: &[],
        returns: Vec::<ClassicTls>::shape,
        answer: |subject, _| classic_tls(subject),
    },
];

fn kind(subject: &Resource) -> Value {
    if subject.kind == ClassicLoadBalancer::resource_type() {
        return Value::text("classic");
    }
    match LoadBalancer::from_value(&subject.document).map(|balancer| balancer.kind) {
        Some(Fact::Known(kind)) => Value::text(&kind),
        Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
        Some(Fact::Absent) | None => Value::Unknown(Gaps::NONE),
    }
}

fn access_logs(subject: &Resource) -> Value {
    let on = if subject.kind == ClassicLoadBalancer::resource_type() {
        ClassicLoadBalancer::from_value(&subject.document)
            .map(|balancer| balancer.attributes.map(|all| all.access_log.enabled))
    } else {
        LoadBalancer::from_value(&subject.document).map(|balancer| {
            balancer.attributes.map(|all| {
                all.iter().any(|one| one.key == "access_logs.s3.enabled" && one.value == "true")
            })
        })
    };
    match on {
        Some(Fact::Known(on)) => Value::Bool(on),
        Some(Fact::Unknown(gaps)) => Value::Unknown(gaps),
        Some(Fact::Absent) | None => Value::Unknown(Gaps::NONE),
    }
}

/// The listeners of a load balancer, and what may hide more.
fn listeners_of(balancer: &Resource, asking: &dyn Asking) -> (Vec<Listener>, Gaps) {
    let (all, mut hidden) = asking.all_in("elb.listener", &balancer.region);
    let mut listeners = Vec::new();
    for resource in all {
        match resource.field("LoadBalancerArn") {
            Some(Value::Text(arn)) if *arn == balancer.arn => {
                listeners.extend(Listener::from_value(&resource.document));
            }
            Some(Value::Unknown(gaps)) => hidden = hidden.union(gaps),
            _ => {}
        }
    }
    (listeners, hidden)
}

/// `HTTP 80`.
fn label(listener: &Listener) -> String {
    let protocol = match &listener.protocol {
        Fact::Known(protocol) => protocol.as_str(),
        Fact::Absent | Fact::Unknown(_) => "?",
    };
    match &listener.port {
        Fact::Known(port) => format!("{protocol} {port}"),
        Fact::Absent | Fact::Unknown(_) => protocol.to_owned(),
    }
}

/// Whether all requests are redirected to HTTPS.
fn redirects(listener: &Listener) -> Decided<bool> {
    let by_default = listener.default_actions.as_ref().map(|actions| leads_to_https(actions));
    let by_rules = listener.rules.as_ref();
    let by_rules = by_rules.map(|rules| rules.iter().all(|rule| leads_to_https(&rule.actions)));
    // Only listeners of Application Load Balancers have rules.
    Decided::all([&by_default.decided(), &by_rules.decided_or(true)])
}

fn leads_to_https(actions: &[Action]) -> bool {
    actions.iter().any(|action| {
        let protocol = action.redirect.as_ref().and_then(|to| to.protocol.as_deref());
        action.kind == "redirect" && protocol == Some("HTTPS")
    })
}

fn http_redirect(subject: &Resource, asking: &dyn Asking) -> Value {
    let (listeners, hidden) = listeners_of(subject, asking);
    let mut concerned = Vec::new();
    let mut redirected = Vec::new();
    let mut shown = Vec::new();
    for listener in &listeners {
        match &listener.protocol {
            Fact::Known(protocol) if protocol == "HTTP" => {
                let redirects = redirects(listener);
                if redirects == Decided::Known(false) {
                    shown.push(label(listener));
                }
                concerned.push(Decided::Known(true));
                redirected.push(redirects);
            }
            Fact::Known(_) | Fact::Absent => {}
            Fact::Unknown(gaps) => concerned.push(Decided::Unknown(gaps.clone())),
        }
    }
    if !hidden.is_empty() {
        redirected.push(Decided::Unknown(hidden.clone()));
    }
    HttpRedirect {
        concerned: Decided::any(&concerned, &hidden),
        redirected: Decided::all(&redirected),
        listeners: shown,
    }
    .into_value()
}

fn encrypted_listeners(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut states = Vec::new();
    let mut shown = Vec::new();
    if let Some(balancer) = ClassicLoadBalancer::from_value(&subject.document)
        && subject.kind == ClassicLoadBalancer::resource_type()
    {
        let listeners = match balancer.listeners {
            Fact::Known(listeners) => listeners,
            Fact::Unknown(gaps) => return Value::Unknown(gaps),
            Fact::Absent => return Value::Unknown(Gaps::NONE),
        };
        for description in listeners {
            let listener = description.listener;
            let encrypts = matches!(listener.protocol.as_str(), "HTTPS" | "SSL");
            if !encrypts {
                shown.push(format!("{} {}", listener.protocol, listener.port));
            }
            states.push(Decided::Known(encrypts));
        }
    } else {
        let (listeners, hidden) = listeners_of(subject, asking);
        for listener in &listeners {
            let state = match &listener.protocol {
                Fact::Known(protocol) => match protocol.as_str() {
                    "HTTPS" | "TLS" | "QUIC" => Decided::Known(true),
                    "HTTP" => redirects(listener),
                    _ => Decided::Known(false),
                },
                Fact::Absent => Decided::Known(true),
                Fact::Unknown(gaps) => Decided::Unknown(gaps.clone()),
            };
            if state == Decided::Known(false) {
                shown.push(label(listener));
            }
            states.push(state);
        }
        if !hidden.is_empty() {
            states.push(Decided::Unknown(hidden));
        }
    }
    EncryptedListeners { encrypted: Decided::all(&states), listeners: shown }.into_value()
}

fn load_balancer_type(subject: &Resource, asking: &dyn Asking) -> Value {
    let listener = Listener::from_value(&subject.document);
    let arn = match listener.map(|listener| listener.load_balancer) {
        Some(Fact::Known(arn)) => arn,
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        Some(Fact::Absent) | None => return Value::Unknown(Gaps::NONE),
    };
    let (found, missing) = asking.find("elb.load-balancer", &arn);
    found.map_or(Value::Unknown(missing), kind)
}

/// The attribute that names the predefined policy behind a policy
/// (<https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html>).
const REFERENCE: &str = "Reference-Security-Policy";

fn classic_tls(subject: &Resource) -> Value {
    let Some(balancer) = ClassicLoadBalancer::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let listeners = match balancer.listeners {
        Fact::Known(listeners) => listeners,
        Fact::Unknown(gaps) => return Value::Unknown(gaps),
        Fact::Absent => return Value::Unknown(Gaps::NONE),
    };
    let mut encrypting = listeners
        .into_iter()
        .filter(|description| matches!(description.listener.protocol.as_str(), "HTTPS" | "SSL"));
    let policies = match balancer.policies {
        Fact::Known(policies) => policies,
        // A load balancer that encrypts nothing needs no policy.
        Fact::Unknown(gaps) => {
            let missing = if encrypting.next().is_some() { gaps } else { Gaps::NONE };
            return Partial::<ClassicTls> { items: Vec::new(), missing }.into_value();
        }
        Fact::Absent => return Value::Unknown(Gaps::NONE),
    };
    let tls = encrypting.map(|description| ClassicTls {
        port: description.listener.port,
        policy: policies
            .iter()
            .filter(|policy| description.policy_names.contains(&policy.name))
            .flat_map(|policy| &policy.attributes)
            .find(|attribute| attribute.name == REFERENCE)
            .map(|attribute| attribute.value.clone()),
    });
    tls.collect::<Vec<_>>().into_value()
}
