//! What cannot be read: policies that do not parse, that are nowhere to be
//! found, or that a gap hides. What can be read is tested by the rules' examples.

#![expect(clippy::expect_used, reason = "tests")]

use super::*;
use crate::inventory::{Gaps, Resource, Shape, Value};
use crate::services::Witness;
use crate::services::testing::{ACCOUNT, World, ask, gaps};

const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
const DENY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
const BROKEN: &str = "{\"Version\":\"2012-10-17\",\n\"Statement\":[{\"Effect\":\"Perhaps\"}]}";

fn inline(name: &str, document: &str) -> InlinePolicy {
    InlinePolicy { name: name.to_owned(), document: document.to_owned() }
}

fn attached(name: &str) -> AttachedPolicy {
    AttachedPolicy { name: name.to_owned(), arn: policy_arn(name) }
}

fn policy_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:policy/{name}")
}

fn user(change: impl FnOnce(&mut User)) -> Resource {
    let mut user = User {
        inline_policies: Fact::Known(Vec::new()),
        attached_policies: Fact::Known(Vec::new()),
        groups: Fact::Known(Vec::new()),
        permissions_boundary: Fact::Absent,
        ..User::not_collected()
    };
    change(&mut user);
    Resource::new("ann", &format!("arn:aws:iam::{ACCOUNT}:user/ann"), "global", user)
}

fn managed(name: &str, version: Fact<PolicyVersion>) -> Resource {
    let document = ManagedPolicy { default_version: version, ..ManagedPolicy::not_collected() };
    Resource::new(name, &policy_arn(name), "global", document)
}

fn version(document: &str) -> Fact<PolicyVersion> {
    Fact::Known(PolicyVersion { version_id: "v1".to_owned(), document: document.to_owned() })
}

fn role(name: &str, path: &str, trust: Fact<String>) -> Resource {
    let document = Role {
        path: Fact::Known(path.to_owned()),
        trust_policy: trust,
        inline_policies: Fact::Known(Vec::new()),
        attached_policies: Fact::Known(vec![attached("admin")]),
        permissions_boundary: Fact::Absent,
        ..Role::not_collected()
    };
    Resource::new(name, &format!("arn:aws:iam::{ACCOUNT}:role{path}{name}"), "global", document)
}

fn is_admin(subject: &Resource, world: &World) -> Value {
    ask("iam.admin", subject, world).member("admin")
}

#[test]
fn a_policy_that_does_not_parse_leaves_it_open_and_says_where() {
    let subject = user(|user| user.inline_policies = Fact::Known(vec![inline("odd", BROKEN)]));
    let answer = ask("iam.admin", &subject, &World::default());
    assert_eq!(answer.member("admin"), Value::Unknown(Gaps::NONE));
    let reasons = answer.texts("reasons");
    assert!(reasons.iter().any(|r| r.contains("inline policy odd") && r.contains("line 2")));
}

#[test]
fn what_was_not_read_cannot_undo_a_denial() {
    let broken = inline("odd", BROKEN);
    let subject =
        user(|user| user.inline_policies = Fact::Known(vec![broken, inline("none", DENY)]));
    assert_eq!(is_admin(&subject, &World::default()), Value::Bool(false));
}

#[test]
fn what_was_not_read_may_undo_an_administrator() {
    let broken = inline("odd", BROKEN);
    let subject = user(|user| user.inline_policies = Fact::Known(vec![broken, inline("all", ALL)]));
    assert_eq!(is_admin(&subject, &World::default()), Value::Unknown(Gaps::NONE));
}

#[test]
fn each_hidden_part_names_its_gap() {
    let world = World::default();
    let by_inline = user(|user| user.inline_policies = Fact::Unknown(gaps(&[1])));
    assert_eq!(is_admin(&by_inline, &world), Value::Unknown(gaps(&[1])));
    let by_attached = user(|user| user.attached_policies = Fact::Unknown(gaps(&[2])));
    assert_eq!(is_admin(&by_attached, &world), Value::Unknown(gaps(&[2])));
    let by_groups = user(|user| {
        user.groups = Fact::Unknown(gaps(&[3]));
        user.inline_policies = Fact::Unknown(gaps(&[1]));
    });
    assert_eq!(is_admin(&by_groups, &world), Value::Unknown(gaps(&[1, 3])));
}

#[test]
fn lists_that_hide_a_policy_or_group_name_their_gap() {
    let subject = user(|user| user.attached_policies = Fact::Known(vec![attached("admin")]));
    let world = World::default().hiding("iam.policy", 4);
    assert_eq!(is_admin(&subject, &world), Value::Unknown(gaps(&[4])));
    let hidden_version = World::of(vec![managed("admin", Fact::Unknown(gaps(&[5])))]);
    assert_eq!(is_admin(&subject, &hidden_version), Value::Unknown(gaps(&[5])));
    let member = user(|user| user.groups = Fact::Known(vec!["admins".to_owned()]));
    let world = World::default().hiding("iam.group", 6);
    assert_eq!(is_admin(&member, &world), Value::Unknown(gaps(&[6])));
}

#[test]
fn a_policy_that_no_list_has_leaves_it_open_without_a_gap() {
    let subject = user(|user| user.attached_policies = Fact::Known(vec![attached("gone")]));
    let answer = ask("iam.admin", &subject, &World::default());
    assert_eq!(answer.member("admin"), Value::Unknown(Gaps::NONE));
    assert_eq!(answer.texts("reasons"), ["policy gone could not be read"]);
}

#[test]
fn an_unread_boundary_matters_to_administrators_only() {
    let boundary = |arn: &str| PermissionsBoundary { arn: arn.to_owned() };
    let with = |document: &str, limit: Fact<PermissionsBoundary>| {
        user(|user| {
            user.inline_policies = Fact::Known(vec![inline("own", document)]);
            user.permissions_boundary = limit;
        })
    };
    let world = World::default().hiding("iam.policy", 8);
    let hidden = || Fact::Unknown(gaps(&[7]));
    assert_eq!(is_admin(&with(ALL, hidden()), &world), Value::Unknown(gaps(&[7])));
    assert_eq!(is_admin(&with(READ, hidden()), &world), Value::Bool(false));
    let named = || Fact::Known(boundary(&policy_arn("limit")));
    assert_eq!(is_admin(&with(ALL, named()), &world), Value::Unknown(gaps(&[8])));
    assert_eq!(is_admin(&with(READ, named()), &world), Value::Bool(false));
    let broken = World::of(vec![managed("limit", version(BROKEN))]);
    assert_eq!(is_admin(&with(ALL, named()), &broken), Value::Unknown(Gaps::NONE));
    let limits = World::of(vec![managed("limit", version(READ))]);
    assert_eq!(is_admin(&with(ALL, named()), &limits), Value::Bool(false));
    let hidden_inline = user(|user| {
        user.inline_policies = Fact::Unknown(gaps(&[1]));
        user.permissions_boundary = named();
    });
    assert_eq!(is_admin(&hidden_inline, &limits), Value::Bool(false));
}

#[test]
fn the_answer_names_the_policy_that_allows() {
    let group = Group {
        inline_policies: Fact::Known(vec![inline("all", ALL)]),
        attached_policies: Fact::Known(Vec::new()),
    };
    let arn = format!("arn:aws:iam::{ACCOUNT}:group/admins");
    let world = World::of(vec![Resource::new("admins", &arn, "global", group)]);
    let subject = user(|user| {
        user.inline_policies = Fact::Known(vec![inline("read", READ)]);
        user.groups = Fact::Known(vec!["admins".to_owned()]);
    });
    let answer = ask("iam.admin", &subject, &world);
    assert_eq!(answer.member("admin"), Value::Bool(true));
    assert_eq!(answer.texts("allows"), ["inline policy all of group admins, statement 1"]);
    assert!(matches!(answer.member("witness"), Value::Record(_)));
}

#[test]
fn managed_policies_that_do_not_parse_are_open() {
    let world = World::default();
    let broken = managed("odd", version(BROKEN));
    for (question, member) in [("iam.policy_admin", "admin"), ("iam.service_wildcard", "wildcard")]
    {
        let answer = ask(question, &broken, &world);
        assert_eq!(answer.member(member), Value::Unknown(Gaps::NONE), "{question}");
        assert!(answer.texts("reasons").iter().any(|r| r.contains("line 2")), "{question}");
        let hidden = managed("odd", Fact::Unknown(gaps(&[9])));
        let answer = ask(question, &hidden, &world).member(member);
        assert_eq!(answer, Value::Unknown(gaps(&[9])), "{question}");
    }
}

#[test]
fn an_inline_policy_that_does_not_parse_hides_only_what_is_not_certain() {
    let world = World::default();
    let permissive = |policies: Vec<InlinePolicy>| {
        let subject = user(|user| user.inline_policies = Fact::Known(policies));
        let answer = ask("iam.permissive_inline", &subject, &world);
        (answer.member("permissive"), answer.member("conditional"))
    };
    let unknown = || Value::Unknown(Gaps::NONE);
    let broken = || inline("odd", BROKEN);
    assert_eq!(permissive(vec![broken()]), (unknown(), unknown()));
    assert_eq!(permissive(vec![broken(), inline("read", READ)]), (unknown(), unknown()));
    let certain = (Value::Bool(true), Value::Bool(false));
    assert_eq!(permissive(vec![broken(), inline("all", ALL)]), certain);
    let with_mfa = ALL.replace(
        r#""Resource":"*""#,
        r#""Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#,
    );
    let conditional = permissive(vec![broken(), inline("mfa", &with_mfa)]);
    assert_eq!(conditional, (Value::Bool(true), unknown()));
}

#[test]
fn a_trust_policy_that_does_not_parse_is_open() {
    let world = World::default();
    let open =
        |trust: Fact<String>| ask("iam.trust", &role("r", "/", trust), &world).member("open");
    assert_eq!(open(Fact::Known(BROKEN.to_owned())), Value::Unknown(Gaps::NONE));
    assert_eq!(open(Fact::Unknown(gaps(&[1]))), Value::Unknown(gaps(&[1])));
}

fn trusting(principal: &str) -> Fact<String> {
    Fact::Known(format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}]}}"#
    ))
}

#[test]
fn a_providers_role_is_known_by_path_or_by_name_and_trust() {
    let world = World::default();
    let provided = |name: &str, path: &str, trust: Fact<String>| {
        ask("iam.provider_role", &role(name, path, trust), &world).value
    };
    let organization = "OrganizationAccountAccessRole";
    let root = |account: &str| trusting(&format!(r#"{{"AWS":"arn:aws:iam::{account}:root"}}"#));
    let yes = Value::Bool(true);
    let no = Value::Bool(false);
    assert_eq!(provided(organization, "/", root("999999999999")), yes);
    assert_eq!(provided(organization, "/", trusting(r#"{"AWS":"999999999999"}"#)), yes);
    assert_eq!(provided(organization, "/", root(ACCOUNT)), no, "the own account");
    assert_eq!(provided("organizationaccountaccessrole", "/", root("999999999999")), no);
    assert_eq!(provided(organization, "/", trusting(r#"{"Service":"ec2.amazonaws.com"}"#)), no);
    assert_eq!(provided(organization, "/", Fact::Known(BROKEN.to_owned())), no);
    assert_eq!(provided(organization, "/", Fact::Unknown(gaps(&[1]))), Value::Unknown(gaps(&[1])));
    let audit = |account: &str, name: &str| {
        trusting(&format!(r#"{{"AWS":"arn:aws:iam::{account}:role/{name}"}}"#))
    };
    let tower = "aws-controltower-AdministratorExecutionRole";
    let manager = "aws-controltower-AuditAdministratorRole";
    assert_eq!(provided(tower, "/", audit("999999999999", manager)), yes);
    assert_eq!(provided(tower, "/", audit("999999999999", "anyone")), no);
    assert_eq!(provided(tower, "/", root("999999999999")), no);
    let unread = Fact::Unknown(gaps(&[1]));
    assert_eq!(provided("x", "/aws-service-role/x.amazonaws.com/", unread.clone()), yes);
    assert_eq!(provided("x", "/", unread), no);
}

#[test]
fn attachments_that_are_half_read_say_so() {
    let world = World::of(vec![
        role("OrganizationAccountAccessRole", "/", trusting(r#"{"AWS":"999999999999"}"#)),
        user(|user| user.attached_policies = Fact::Unknown(gaps(&[1]))),
    ])
    .hiding("iam.group", 2);
    let answer = ask("iam.attached_to", &managed("admin", version(ALL)), &world);
    assert_eq!(answer.texts("identities"), ["role/OrganizationAccountAccessRole"]);
    assert_eq!(answer.texts("changeable"), Vec::<String>::new());
    for member in ["identities", "changeable"] {
        let missing = match answer.member(member) {
            Value::List(list) => list.missing.clone(),
            _ => Gaps::NONE,
        };
        assert_eq!(missing, gaps(&[1, 2]), "{member}");
    }
}

#[test]
fn the_policy_for_cloudshell_is_told_from_what_looks_like_it() {
    let holding = |arn: &str| {
        let policy = AttachedPolicy { name: "p".to_owned(), arn: arn.to_owned() };
        user(|user| user.attached_policies = Fact::Known(vec![policy]))
    };
    let account = crate::services::aws::Account::not_collected();
    let arn = format!("arn:aws:account::{ACCOUNT}:account");
    let account = Resource::new(ACCOUNT, &arn, "global", account);
    for (arn, holds) in [
        ("arn:aws:iam::aws:policy/AWSCloudShellFullAccess", true),
        ("arn:aws-cn:iam::aws:policy/AWSCloudShellFullAccess", true),
        ("arn:aws:iam::aws:policy/AWSCloudShellFullAccess2", false),
        ("arn:aws:iam::111122223333:policy/AWSCloudShellFullAccess", false),
        ("arn:aws:iam::111122223333:policy/x:iam::aws:policy/AWSCloudShellFullAccess", false),
    ] {
        let answer = ask("iam.cloudshell_access", &account, &World::of(vec![holding(arn)]));
        assert_eq!(!answer.texts("identities").is_empty(), holds, "{arn}");
    }
    let arn = "arn:aws:iam::aws:policy/AWSCloudShellFullAccess";
    let world = World::of(vec![holding(arn)]).hiding("iam.role", 2);
    let answer = ask("iam.cloudshell_access", &account, &world);
    let missing = match answer.member("identities") {
        Value::List(list) => list.missing.clone(),
        _ => Gaps::NONE,
    };
    assert_eq!((answer.texts("identities"), missing), (vec!["user/ann".to_owned()], gaps(&[2])));
}

fn assumable(name: &str, trust: &str, change: impl FnOnce(&mut Role)) -> Resource {
    let mut document = Role {
        path: Fact::Known("/".to_owned()),
        trust_policy: Fact::Known(trust.to_owned()),
        inline_policies: Fact::Known(Vec::new()),
        attached_policies: Fact::Known(Vec::new()),
        permissions_boundary: Fact::Absent,
        ..Role::not_collected()
    };
    change(&mut document);
    Resource::new(name, &format!("arn:aws:iam::{ACCOUNT}:role/{name}"), "global", document)
}

fn admitting(principal: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]}}]}}"#
    )
}

fn admitting_ann() -> String {
    admitting(&format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:user/ann"}}"#))
}

fn escalates(subject: &Resource, world: &World) -> Value {
    ask("iam.escalation", subject, world).member("escalates")
}

#[test]
fn a_trust_policy_that_does_not_parse_is_open_and_says_where() {
    let subject = assumable("odd", BROKEN, |_| {});
    for (question, member) in [
        ("iam.trust", "open"),
        ("iam.trust_accounts", "limited"),
        ("iam.trust_federation", "concerned"),
        ("iam.trust_services", "limited"),
    ] {
        let answer = ask(question, &subject, &World::default());
        assert_eq!(answer.member(member), Value::Unknown(Gaps::NONE), "{question}");
        assert!(answer.texts("reasons").iter().any(|r| r.contains("line 2")), "{question}");
    }
}

#[test]
fn who_gets_a_token_of_an_unknown_provider_is_not_known() {
    let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/login.example.com");
    let subject =
        assumable("staff", &admitting(&format!(r#"{{"Federated":"{provider}"}}"#)), |_| {});
    let answer = ask("iam.trust_federation", &subject, &World::default());
    assert_eq!(answer.member("concerned"), Value::Bool(true));
    assert_eq!(answer.member("limited"), Value::Unknown(Gaps::NONE));
    assert_eq!(answer.texts("principals"), [provider.as_str()]);
    // What the account says of the provider stands beside.
    let reasons = |world: &World| ask("iam.trust_federation", &subject, world).texts("reasons");
    assert!(reasons(&World::default()).join("; ").contains("the account has no provider login."));
    let own = |audiences: Fact<Vec<String>>| {
        let document = OidcProvider { audiences, ..OidcProvider::not_collected() };
        World::of(vec![Resource::new("login.example.com", &provider, "global", document)])
    };
    let said = reasons(&own(Fact::Known(vec!["shop".to_owned(), "ci".to_owned()]))).join("; ");
    assert!(said.contains("its tokens are for shop, ci"), "{said}");
    for quiet in [own(Fact::Unknown(gaps(&[1]))), World::default().hiding("iam.oidc-provider", 1)] {
        let said = reasons(&quiet).join("; ");
        assert!(!said.contains("tokens are for") && !said.contains("has no provider"), "{said}");
    }
}

#[test]
fn an_open_trust_is_shown_by_a_request() {
    let answers = [
        ("iam.trust", admitting(r#""*""#)),
        ("iam.trust_accounts", admitting(r#"{"AWS":"444455556666"}"#)),
        ("iam.trust_services", admitting(r#"{"Service":"glue.amazonaws.com"}"#)),
        (
            "iam.trust_federation",
            admitting(
                r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}"#,
            ),
        ),
    ];
    for (question, trust) in answers {
        let answer = ask(question, &assumable("open", &trust, |_| {}), &World::default());
        let witness = Witness::from_value(&answer.member("witness")).expect(question);
        assert_eq!(witness.resource, format!("arn:aws:iam::{ACCOUNT}:role/open"), "{question}");
        assert_eq!(witness.statement, 1, "{question}");
    }
}

#[test]
fn a_policy_that_was_not_read_may_hold_a_way() {
    let subject = user(|user| user.inline_policies = Fact::Unknown(gaps(&[7])));
    assert_eq!(escalates(&subject, &World::default()), Value::Unknown(gaps(&[7])));
    let denied = user(|user| {
        let broken = inline("odd", BROKEN);
        user.inline_policies = Fact::Known(vec![broken, inline("none", DENY)]);
    });
    assert_eq!(escalates(&denied, &World::default()), Value::Bool(false));
}

#[test]
fn roles_that_were_not_read_may_be_links() {
    let ann = user(|_| {});
    let admin = |change: fn(&mut Role)| assumable("admin", &admitting_ann(), change);
    let all = |role: &mut Role| role.inline_policies = Fact::Known(vec![inline("all", ALL)]);
    assert_eq!(escalates(&ann, &World::of(vec![admin(all)])), Value::Bool(true));
    let hidden = |role: &mut Role| role.inline_policies = Fact::Unknown(gaps(&[8]));
    assert_eq!(escalates(&ann, &World::of(vec![admin(hidden)])), Value::Unknown(gaps(&[8])));
    let no_trust = |role: &mut Role| role.trust_policy = Fact::Unknown(gaps(&[9]));
    assert_eq!(escalates(&ann, &World::of(vec![admin(no_trust)])), Value::Unknown(gaps(&[9])));
    let no_list = World::default().hiding("iam.role", 10);
    assert_eq!(escalates(&ann, &no_list), Value::Unknown(gaps(&[10])));
    // A way that was found stays one.
    let both = World::of(vec![admin(all)]).hiding("iam.role", 11);
    assert_eq!(escalates(&ann, &both), Value::Bool(true));
}

#[test]
fn a_link_that_is_not_decided_may_be_one() {
    // More ways to overlap than are tried out.
    let names: Vec<String> = ('a'..='z').map(|c| format!(r#""*{c}*{c}{c}*""#)).collect();
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{ACCOUNT}:user/ann"}},
            "Action":"sts:AssumeRole","Condition":{{"StringLike":{{"sts:RoleSessionName":[{}]}}}}}}}}"#,
        names.join(",")
    );
    let admin = assumable("admin", &trust, |role| {
        role.inline_policies = Fact::Known(vec![inline("all", ALL)]);
    });
    let answer = ask("iam.escalation", &user(|_| {}), &World::of(vec![admin]));
    assert_eq!(answer.member("escalates"), Value::Unknown(Gaps::NONE));
    let reasons = answer.texts("reasons");
    assert!(reasons.iter().any(|it| it.contains("it is not decided whether")), "{reasons:?}");
}

#[test]
fn a_chain_is_told_step_by_step() {
    let step = assumable("step", &admitting_ann(), |role| {
        let assume = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}"#;
        role.inline_policies = Fact::Known(vec![inline("assume", assume)]);
    });
    let trust = admitting(&format!(r#"{{"AWS":"{ACCOUNT}"}}"#));
    let admin = assumable("admin", &trust, |role| {
        role.inline_policies = Fact::Known(vec![inline("all", ALL)]);
    });
    let answer = ask("iam.escalation", &user(|_| {}), &World::of(vec![step, admin]));
    assert_eq!(answer.member("conditional"), Value::Bool(false));
    let steps = answer.texts("steps");
    assert_eq!(
        steps,
        [format!(
            "assume arn:aws:iam::{ACCOUNT}:role/step (trust statement 1), then assume \
             arn:aws:iam::{ACCOUNT}:role/admin (inline policy assume, statement 1, and trust statement 1): an \
             administrator"
        )]
    );
}
