//! What the file may say, and every way in which it is refused.

use proptest::prelude::*;

use super::*;

const EXAMPLE: &str = include_str!("../../tenants.example.toml");

/// A right tenant in three lines; what follows begins in line 4.
const ACME: &str = "[[tenant]]\nname = \"acme\"\naccount_id = \"123456789012\"\n";

fn refused(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

/// Asserts the whole list of problems, each as `line:column: what` and, after
/// ` => `, what to write instead.
#[track_caller]
fn refuses(text: &str, expected: &[&str]) {
    assert_eq!(refused(text), expected.join("\n").replace(" => ", "\n    "));
}

#[track_caller]
fn refuses_in_acme(line: &str, expected: &[&str]) {
    refuses(&format!("{ACME}{line}\n"), expected);
}

#[track_caller]
fn accepts(text: &str) -> Tenants {
    parse(text).unwrap()
}

// What is right.

#[test]
fn the_example_is_right_and_says_what_its_comments_say() {
    let tenants = accepts(EXAMPLE);
    let names: Vec<&str> = tenants.tenants.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["acme", "own", "acme-last-year"]);

    let acme = tenants.get("acme").unwrap();
    assert_eq!(acme.regions, ["eu-central-1"]);
    assert_eq!(acme.profile.as_deref(), Some("scanner"));
    let known: Vec<&str> = acme.known_accounts.iter().map(AccountId::as_str).collect();
    assert_eq!(known, ["111122223333", "444455556666"]);
    let Access::Role { arn, external_id } = acme.access() else {
        panic!("acme has a role");
    };
    assert_eq!(arn.as_str(), "arn:aws:iam::123456789012:role/CspmScan");
    assert_eq!(external_id.unwrap().expose(), "cspm-00000000000000000000000000000000");

    let own = tenants.get("own").unwrap();
    assert_eq!(own.access(), Access::Direct);
    assert_eq!(own.profile.as_deref(), Some("own-readonly"));
    assert_eq!(own.regions, ["eu-west-1", "us-east-1"]);

    let snapshot = tenants.get("acme-last-year").unwrap();
    assert_eq!(snapshot.access(), Access::Snapshot(Path::new("snapshots/acme-2025.jsonl.zst")));

    let [severity] = tenants.severities.as_slice() else {
        panic!("one override");
    };
    assert_eq!(severity.rule, "iam-user-console-mfa");
    assert_eq!(severity.severity, Severity::Critical);
    let [parameter] = tenants.parameters.as_slice() else {
        panic!("one parameter");
    };
    assert_eq!(parameter.rule, "iam-user-access-key-rotation");
    assert_eq!(parameter.parameter, "max_age_days");
    assert_eq!(parameter.value, ParameterValue::Int(60));
    assert_eq!(tenants.get(DEMO), None);
}

#[test]
fn the_example_uses_every_key_that_the_parser_knows() {
    let root: toml::Table = EXAMPLE.parse().unwrap();
    let top: Vec<&str> = root.keys().map(String::as_str).collect();
    assert_eq!(top, keys::TOP);
    let defaults = root.get("defaults").unwrap().as_table().unwrap();
    for key in keys::DEFAULTS {
        assert!(defaults.contains_key(*key), "[defaults] {key}");
    }
    let tenants = root.get("tenant").unwrap().as_array().unwrap();
    for key in keys::TENANT {
        assert!(tenants.iter().any(|t| t.get(key).is_some()), "[[tenant]] {key}");
    }
}

#[test]
fn an_empty_file_has_no_tenants() {
    assert_eq!(accepts(""), Tenants::default());
    assert_eq!(accepts("# nothing yet\r\n"), Tenants::default());
}

#[test]
fn a_snapshot_wins_over_a_role() {
    let tenants = accepts(&format!(
        "{ACME}role_arn = \"arn:aws:iam::123456789012:role/Scan\"\nsnapshot = \"a.jsonl\"\n"
    ));
    assert_eq!(tenants.get("acme").unwrap().access(), Access::Snapshot(Path::new("a.jsonl")));
}

#[test]
fn tenants_may_be_a_list_of_inline_tables_and_partitions_may_differ() {
    let tenants = accepts(
        "tenant = [{ name = \"a\", account_id = \"000000000001\", regions = [\"cn-north-1\"] },\n\
         { name = \"b\", account_id = \"000000000002\", role_arn = \"arn:aws-us-gov:iam::000000000002:role/S\", regions = [\"us-gov-west-1\"] }]\n",
    );
    assert_eq!(tenants.tenants.len(), 2);
}

#[test]
fn debug_output_hides_the_external_id() {
    let shown = format!("{:?}", accepts(EXAMPLE));
    assert!(shown.contains("acme"));
    assert!(!shown.contains("cspm-0000"));
}

// Syntax.

#[test]
fn unquoted_text_is_refused_and_does_not_hide_the_next_fault() {
    refuses(
        "[[tenant]]\nname = acme\naccount_id = \"123\"\n",
        &[
            "2:8: the text is not in quotes => put double quotes around it: key = \"text\"",
            "3:14: `account_id`: \"123\" is not an account id => write the 12 digits in quotes, for example \"123456789012\"",
        ],
    );
}

#[test]
fn a_key_without_a_value_is_refused() {
    refuses(
        "[[tenant]]\nname =\naccount_id = \"123456789012\"\n",
        &["2:7: the key has no value => write a value behind `=`, or take the line out"],
    );
}

#[test]
fn a_number_with_a_leading_zero_is_refused_with_the_quoted_id() {
    refuses(
        "[[tenant]]\nname = \"a\"\naccount_id = 012345678901\n",
        &["3:14: a number cannot start with 0 => an account id is text: write \"012345678901\""],
    );
    refuses(
        "[[tenant]]\nname = \"a\"\naccount_id = 0123\n",
        &["3:14: a number cannot start with 0 => if it is text, put double quotes around it"],
    );
}

#[test]
fn a_key_given_twice_is_refused() {
    refuses_in_acme("name = \"other\"", &["4:1: \"name\" is given twice => keep one of the two"]);
}

#[test]
fn lines_that_stop_the_parser_do_not_hide_what_follows() {
    refuses(
        "name: acme\n[[tenant]]\nthis is no line\naccount_id = 5\n[oops\n",
        &[
            "1:5: the line is neither `key = value` nor `[table]` => write key = \"value\", or put # in front to make it a comment",
            "3:6: the line is neither `key = value` nor `[table]` => write key = \"value\", or put # in front to make it a comment",
            "4:14: `account_id` must be text, not a number => put all 12 digits in quotes, zeros at the front too: \"012345678901\"",
            "5:6: not TOML: unclosed table => TOML expects here: `]`",
        ],
    );
}

#[test]
fn text_without_its_closing_quote_is_refused() {
    refuses_in_acme(
        "profile = \"scanner",
        &[
            "4:11: the text has no closing quote, or a character that must be escaped => close it with the quote that opens it; write \\\\ for a backslash, or use single quotes",
        ],
    );
}

#[test]
fn an_open_list_is_refused_without_follow_on_problems() {
    refuses(
        "[[tenant]]\nregions = [\"eu-west-1\"\nname = \"acme\"\naccount_id = \"123456789012\"\n",
        &["3:1: the list above has no end => write ] behind its last value"],
    );
}

// Keys and tables.

#[test]
fn unknown_keys_name_their_neighbour() {
    refuses_in_acme(
        "regoins = []\nprofil = \"x\"\ncolour = 1",
        &[
            "4:1: [[tenant]] has no key \"regoins\" => write regions",
            "5:1: [[tenant]] has no key \"profil\" => write profile",
            "6:1: [[tenant]] has no key \"colour\" => the keys of [[tenant]] are name, account_id, role_arn, external_id, profile, regions, snapshot, known_accounts",
        ],
    );
}

#[test]
fn a_mistyped_key_is_not_also_reported_as_missing() {
    refuses(
        "[[tenant]]\nNaem = \"a\"\naccountId = \"123456789012\"\nroleArn = \"x\"\nexternal_id = \"k7-violet-harbour\"\n",
        &[
            "2:1: [[tenant]] has no key \"Naem\" => write name",
            "3:1: [[tenant]] has no key \"accountId\" => write account_id",
            "4:1: [[tenant]] has no key \"roleArn\" => write role_arn",
        ],
    );
}

#[test]
fn unknown_tables_name_their_neighbour() {
    refuses(
        "regions = [\"eu-west-1\"]\naccount_id = \"1\"\nzzz = 1\n[default]\n[[tenants]]\n[severities]\n",
        &[
            "1:1: there is no key \"regions\" at the top of the file => put regions below [defaults] or a [[tenant]]",
            "2:1: there is no key \"account_id\" at the top of the file => put account_id below a [[tenant]]",
            "3:1: there is no key \"zzz\" at the top of the file => the tables are [defaults], [severity], [parameters.RULE] and [[tenant]]",
            "4:2: there is no key \"default\" at the top of the file => write [defaults]",
            "5:3: there is no key \"tenants\" at the top of the file => write [[tenant]]",
            "6:2: there is no key \"severities\" at the top of the file => write [severity]",
        ],
    );
}

#[test]
fn defaults_hold_nothing_that_is_a_tenants_own() {
    refuses(
        "[defaults]\nexternal_id = \"k7-violet-harbour\"\nrole_arn = \"x\"\nregion = \"x\"\n",
        &[
            "2:1: [defaults] has no key \"external_id\" => every tenant has its own external_id: put it below its [[tenant]]",
            "3:1: [defaults] has no key \"role_arn\" => every tenant has its own role_arn: put it below its [[tenant]]",
            "4:1: [defaults] has no key \"region\" => write regions",
        ],
    );
}

#[test]
fn single_brackets_are_refused() {
    refuses(
        "[tenant]\nname = \"a\"\naccount_id = \"1\"\n",
        &[
            "1:1: `tenant` is one table, not a list of tables => write [[tenant]] with double brackets",
            "3:14: `account_id`: \"1\" is not an account id => write the 12 digits in quotes, for example \"123456789012\"",
        ],
    );
    refuses(
        "[tenant.acme]\naccount_id = \"123456789012\"\n",
        &[
            "1:9: `tenant` is one table, not a list of tables => write [[tenant]], and below it name = \"acme\"",
        ],
    );
    refuses(
        "[tenant]\nname = \"a\"\n[tenant]\nname = \"b\"\n",
        &[
            "3:2: `[tenant]` with single brackets is for one tenant, and the file has more => write [[tenant]] with double brackets for every tenant",
        ],
    );
}

#[test]
fn tables_of_another_shape_are_refused() {
    refuses(
        "tenant = [\"acme\"]\nseverity = \"high\"\n[[defaults]]\n",
        &[
            "1:11: `tenant` must be a list of tables, not text => write [[tenant]], and the keys below it",
            "2:12: `severity` must be a table, not text => write [severity] once, with single brackets, and its keys below it",
            "3:1: `defaults` must be a table, not a list => write [defaults] once, with single brackets, and its keys below it",
        ],
    );
    refuses(
        "tenant = 1",
        &[
            "1:10: `tenant` must be a list of tables, not a number => write [[tenant]], and the keys below it",
        ],
    );
}

#[test]
fn missing_keys_are_reported_at_the_table() {
    refuses(
        "# two\n[[tenant]]\n[[tenant]]\nname = \"a\"\nrole_arn = \"arn:aws:iam::012345678901:role/S\"\n",
        &[
            "2:1: `name` is missing => add name = \"acme\"",
            "2:1: `account_id` is missing => add account_id = \"123456789012\"",
            "3:1: `account_id` is missing => add account_id = \"012345678901\"",
        ],
    );
}

#[test]
fn wrong_types_are_refused() {
    refuses(
        "[[tenant]]\nname = true\naccount_id = 123456789012\nrole_arn = [\"x\"]\nexternal_id = 1234567\nprofile = { a = 1 }\nregions = \"eu-west-1\"\nsnapshot = 2026-11-21\nknown_accounts = [1.5, 123456789012]\n",
        &[
            "2:8: `name` must be text, not true or false => write name = \"...\" with the text in quotes",
            "3:14: `account_id` must be text, not a number => put it in quotes: \"123456789012\"",
            "4:12: `role_arn` must be text, not a list => write role_arn = \"...\" with the text in quotes",
            "5:15: `external_id` must be text, not a number => write external_id = \"...\" with the text in quotes",
            "6:11: `profile` must be text, not a table => write profile = \"...\" with the text in quotes",
            "7:11: `regions` must be a list of texts, not text => write regions = [\"eu-west-1\"]",
            "8:12: `snapshot` must be text, not a date => write snapshot = \"...\" with the text in quotes",
            "9:19: `known_accounts` must be a list of texts, not a number => write known_accounts = [\"123456789012\"]",
            "9:24: `known_accounts` must be a list of texts, not a number => put it in quotes: \"123456789012\"",
        ],
    );
}

// Values.

#[test]
fn odd_names_are_refused_with_a_proposal() {
    let rules = "use 1 to 64 letters a-z A-Z, digits, `.`, `_` and `-`, a letter or digit first";
    for (name, shown, proposal) in [
        ("Acme Corp.", "Acme Corp.", "Acme-Corp"),
        ("-x", "-x", "x"),
        ("", "", "acme"),
        ("m\\u00fcller", "müller", "m-ller"),
        ("a\\u001b[2J", "a\\u{1b}[2J", "a-2J"),
        ("../demo", "../demo", "acme"),
    ] {
        refuses(
            &format!("[[tenant]]\nname = \"{name}\"\naccount_id = \"123456789012\"\n"),
            &[&format!(
                "2:8: `name`: \"{shown}\" is not a name for a tenant => {rules}: name = \"{proposal}\""
            )],
        );
    }
}

#[test]
fn the_name_demo_is_reserved() {
    refuses(
        "[[tenant]]\nname = \"demo\"\naccount_id = \"123456789012\"\n",
        &[
            "2:8: `name`: \"demo\" is the built-in tenant => give the tenant another name, for example \"acme\"",
        ],
    );
}

#[test]
fn malformed_account_ids_are_refused_with_the_one_meant() {
    for (given, instead) in [
        ("1234-5678-9012", "write \"123456789012\""),
        ("arn:aws:iam::123456789012:root", "write \"123456789012\""),
        (
            "12345678901",
            "write all 12 digits; if zeros at the front were lost, write \"012345678901\"",
        ),
        ("acme", "write the 12 digits in quotes, for example \"123456789012\""),
        ("1234567890123", "write the 12 digits in quotes, for example \"123456789012\""),
    ] {
        refuses(
            &format!("[[tenant]]\nname = \"a\"\naccount_id = \"{given}\"\n"),
            &[&format!("3:14: `account_id`: \"{given}\" is not an account id => {instead}")],
        );
    }
    refuses_in_acme(
        "known_accounts = [\"000000000001\", \"1\"]",
        &[
            "4:35: `known_accounts`: \"1\" is not an account id => write the 12 digits in quotes, for example \"123456789012\"",
        ],
    );
}

#[test]
fn malformed_role_arns_are_refused_with_the_one_meant() {
    let scan = "write an ARN such as \"arn:aws:iam::123456789012:role/CspmScan\"";
    for (given, fault, instead) in [
        ("Scan", "is not an ARN", "write an ARN such as \"arn:aws:iam::123456789012:role/Scan\""),
        ("", "is not an ARN", scan),
        ("arn:aws:iam:123456789012:role/Scan", "is not an ARN", scan),
        (
            "arn:aws:sts::123456789012:assumed-role/Scan/me",
            "is the ARN of a role's session, not of the role",
            "write an ARN such as \"arn:aws:iam::123456789012:role/Scan\", with the role's path if it has one",
        ),
        ("arn:aws:iam::123456789012:user/bob", "is not the ARN of an IAM role", scan),
        (
            "arn:amazon:iam::123456789012:role/a/Scan",
            "names a partition that is none of aws, aws-us-gov, aws-cn",
            "write an ARN such as \"arn:aws:iam::123456789012:role/a/Scan\"",
        ),
        (
            "arn:aws:iam:eu-west-1:123456789012:role/Scan",
            "has a region, which an IAM ARN never has",
            "write an ARN such as \"arn:aws:iam::123456789012:role/Scan\"",
        ),
        (
            "arn:aws-cn:iam::12345:role/Scan",
            "has an account that is not 12 digits",
            "write an ARN such as \"arn:aws-cn:iam::123456789012:role/Scan\"",
        ),
        (
            "arn:aws:iam::123456789012:role/a b",
            "has a role name or path that IAM does not allow",
            scan,
        ),
    ] {
        refuses_in_acme(
            &format!("role_arn = \"{given}\""),
            &[&format!("4:12: `role_arn`: \"{given}\" {fault} => {instead}")],
        );
    }
}

#[test]
fn an_account_that_is_not_the_roles_is_refused() {
    refuses_in_acme(
        "role_arn = \"arn:aws:iam::210987654321:role/Scan\"",
        &[
            "3:14: `account_id` \"123456789012\" is not the account of `role_arn` on line 4 => write account_id = \"210987654321\", or correct role_arn",
        ],
    );
}

#[test]
fn external_ids_that_aws_refuses_are_refused() {
    let role = "role_arn = \"arn:aws:iam::123456789012:role/Scan\"\n";
    let length = |n: usize| {
        format!(
            "5:15: `external_id` has {n} characters; AWS takes 2 to 1224 => leave the key out and let `cspm tenants add` make one, or use 2 to 1224 characters"
        )
    };
    refuses_in_acme(&format!("{role}external_id = \"\""), &[&length(0)]);
    refuses_in_acme(&format!("{role}external_id = \"x\""), &[&length(1)]);
    let long = "x".repeat(1225);
    refuses_in_acme(&format!("{role}external_id = \"{long}\""), &[&length(1225)]);
    for id in ["viölet", "vio let", "vio\\u0000et", "vio*et"] {
        let expected = "5:15: `external_id`: AWS does not allow its character number 4 => use only letters a-z A-Z, digits and _ + = , . @ : / -";
        let id = id.replace("viö", "vioö");
        refuses_in_acme(&format!("{role}external_id = \"{id}\""), &[expected]);
    }
    for id in ["12", &"x".repeat(1224), "a_+=,.@:/-Z9"] {
        accepts(&format!("{ACME}{role}external_id = \"{id}\"\n"));
    }
}

#[test]
fn an_external_id_without_a_role_is_refused() {
    refuses_in_acme(
        "external_id = \"k7-violet-harbour\"",
        &[
            "4:1: `external_id` without `role_arn`: there is no role to show it to => add role_arn, or take external_id out",
        ],
    );
}

#[test]
fn malformed_regions_are_refused_with_the_one_meant() {
    for (given, what, instead) in [
        ("EU_West-1", "is not the name of a region", "write \"eu-west-1\""),
        ("eu-west-1a", "is an availability zone, not a region", "write \"eu-west-1\""),
        ("all", "is not the name of a region", "leave `regions` out to scan every enabled region"),
        ("ireland", "is not the name of a region", "write a name such as \"eu-west-1\""),
        (
            "us-iso-east-1",
            "is in a partition that cspm does not know",
            "list regions of the partitions aws, aws-us-gov or aws-cn only",
        ),
    ] {
        refuses_in_acme(
            &format!("regions = [\"us-east-1\", \"{given}\"]"),
            &[&format!("4:25: `regions`: \"{given}\" {what} => {instead}")],
        );
    }
    refuses_in_acme(
        "regions = []",
        &[
            "4:11: `regions` is empty: nothing would be scanned => list the regions, or leave the key out to scan every enabled region",
        ],
    );
    refuses_in_acme(
        "regions = [\n  \"us-east-1\",\n  \"us-east-1\",\n]",
        &[
            "6:3: `regions` lists \"us-east-1\" twice => take one of the two out, or write the one that was meant",
        ],
    );
}

#[test]
fn regions_of_another_partition_are_refused() {
    refuses_in_acme(
        "role_arn = \"arn:aws-cn:iam::123456789012:role/Scan\"\nregions = [\"cn-north-1\", \"eu-west-1\"]",
        &[
            "5:26: `regions`: \"eu-west-1\" is in partition aws, `role_arn` in aws-cn => list regions of aws-cn only: an account is in one partition",
        ],
    );
    refuses_in_acme(
        "regions = [\"us-east-1\", \"us-gov-west-1\"]",
        &[
            "4:25: `regions`: \"us-gov-west-1\" is in partition aws-us-gov, the first region in aws => list regions of aws only: an account is in one partition",
        ],
    );
    refuses_in_acme(
        "role_arn = \"arn:aws-cn:iam::123456789012:role/Scan\"\n[defaults]\nregions = [\"us-east-1\"]",
        &[
            "4:12: `role_arn` is in partition aws-cn, but `regions` of [defaults] are in aws => give this tenant its own `regions`",
        ],
    );
}

#[test]
fn profile_and_snapshot_must_be_visible_text() {
    refuses_in_acme(
        "profile = \"\"\nsnapshot = \" a.jsonl\"",
        &[
            "4:11: `profile` is empty => write a name from ~/.aws/config, or leave the key out",
            "5:12: `snapshot`: \" a.jsonl\" has a control character, or a space at its end => write the path of a file, for example snapshot = \"acme.jsonl.zst\"",
        ],
    );
}

#[test]
fn names_accounts_and_external_ids_occur_once() {
    let tenant = |account: &str| {
        format!(
            "[[tenant]]\nname = \"acme\"\naccount_id = \"{account}\"\nrole_arn = \"arn:aws:iam::{account}:role/S\"\nexternal_id = \"k7-violet-harbour\"\n"
        )
    };
    refuses(
        &format!("{}{}", tenant("123456789012"), tenant("123456789012")),
        &[
            "7:8: `name` \"acme\" is taken by the tenant on line 2 => give every tenant its own name",
            "8:14: `account_id` \"123456789012\" is that of the tenant on line 3 => an account is one tenant: correct the id, or take one of the two tenants out",
            "10:15: `external_id` is that of the tenant on line 5 => give every tenant its own; `cspm tenants add` makes one if none is given",
        ],
    );
}

#[test]
fn severities_are_five_lower_case_words() {
    refuses(
        "[severity]\ns3-a = \"HIGH\"\ns3-b = \"urgent\"\ns3-c = 3\ns3.d = \"low\"\n",
        &[
            "2:8: `[severity]` \"s3-a\": \"HIGH\" is not a severity => write \"high\"; allowed are critical, high, medium, low, info",
            "3:8: `[severity]` \"s3-b\": \"urgent\" is not a severity => write one of critical, high, medium, low, info",
            "4:8: `[severity] \"s3-c\"` must be text, not a number => write a severity in quotes, for example \"low\"",
            "5:1: `[severity] \"s3\"` must be text, not a table => write a severity in quotes, for example \"low\"",
        ],
    );
}

#[test]
fn severities_keep_the_order_of_the_file_and_their_place() {
    let tenants = accepts("[severity]\nzeta = \"low\"\n  alpha = \"info\"\n");
    let [zeta, alpha] = tenants.severities.as_slice() else {
        panic!("two overrides");
    };
    assert_eq!((zeta.rule.as_str(), zeta.severity), ("zeta", Severity::Low));
    assert_eq!(
        alpha.unknown_rule(Some("alpha-1")).to_string(),
        "3:3: `[severity]`: there is no rule \"alpha\"\n    write alpha-1; `cspm rules list` shows all rules"
    );
    assert_eq!(
        zeta.unknown_rule(None).to_string(),
        "2:1: `[severity]`: there is no rule \"zeta\"\n    write a rule's id; `cspm rules list` shows them"
    );
}

#[test]
fn parameters_keep_the_order_of_the_file_and_their_places() {
    let tenants = accepts(
        "[parameters.zeta]\nports = [22, 0x0d3d]\n[parameters]\nalpha = { names = [\"a\"], days = 1 }\n",
    );
    let read: Vec<_> = tenants
        .parameters
        .iter()
        .map(|it| (it.rule.as_str(), it.parameter.as_str(), it.value.to_string(), it.value_at))
        .collect();
    let at = |line, column| Position { line, column };
    assert_eq!(
        read,
        [
            ("zeta", "ports", "[22, 3389]".to_owned(), at(2, 9)),
            ("alpha", "names", "[\"a\"]".to_owned(), at(4, 19)),
            ("alpha", "days", "1".to_owned(), at(4, 33)),
        ]
    );
    let [ports, ..] = tenants.parameters.as_slice() else { panic!("three parameters") };
    assert_eq!(
        ports.unknown_rule(Some("eta")).to_string(),
        "1:13: `[parameters]`: there is no rule \"zeta\"\n    write eta; `cspm rules list` shows all rules"
    );
    assert_eq!(
        ports.unknown_parameter(&["port", "days"]).to_string(),
        "2:1: `[parameters.zeta]`: this rule has no parameter \"ports\"\n    write port"
    );
    assert_eq!(
        ports.does_not_fit("it is odd", "write an even one").to_string(),
        "2:9: `ports`: it is odd\n    write an even one"
    );
}

#[test]
fn parameters_of_the_wrong_type() {
    let table = "write [parameters.RULE] with a rule's id, and the rule's parameters below it";
    let value = "write a whole number, [22, 3389] or [\"a\", \"b\"]";
    refuses(
        "parameters = 1",
        &[&format!("1:14: `parameters` must be a table of tables, not a number => {table}")],
    );
    refuses(
        "[parameters]\na = 1\n[parameters.b]\nx = \"1\"\ny = [1, \"2\"]\nz = 99999999999999999999\n",
        &[
            &format!("2:5: `[parameters] \"a\"` must be a table, not a number => {table}"),
            &format!("4:5: `[parameters] \"x\"` must be a number or a list, not text => {value}"),
            &format!(
                "5:9: `[parameters] \"y\"` must be a list of numbers or a list of texts, not text => {value}"
            ),
            "6:5: 99999999999999999999 is too large a number => write a number that the rule allows; `cspm rules show` names the bounds",
        ],
    );
}

// Credentials.

const CREDENTIAL_ADVICE: &str = "which must never be in this file => take it out, and revoke it at AWS if anyone else may have seen the file; name a profile of ~/.aws/config instead: profile = \"scanner\"";

#[test]
fn credential_keys_are_refused_in_every_table_without_their_value() {
    refuses_in_acme(
        "aws_access_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naws_secret_access_key = \"abc\"\nnested = { AWS_SESSION_TOKEN = \"x\" }\n[defaults]\nsecretAccessKey = 1\n[severity]\npassword = \"hunter2\"",
        &[
            &format!("4:1: `aws_access_key_id` is a credential, {CREDENTIAL_ADVICE}"),
            &format!("5:1: `aws_secret_access_key` is a credential, {CREDENTIAL_ADVICE}"),
            "6:1: [[tenant]] has no key \"nested\" => the keys of [[tenant]] are name, account_id, role_arn, external_id, profile, regions, snapshot, known_accounts",
            &format!("6:12: `AWS_SESSION_TOKEN` is a credential, {CREDENTIAL_ADVICE}"),
            &format!("8:1: `secretAccessKey` is a credential, {CREDENTIAL_ADVICE}"),
            &format!("10:1: `password` is a credential, {CREDENTIAL_ADVICE}"),
            "10:12: `[severity]` \"password\": (not shown) is not a severity => write one of critical, high, medium, low, info",
        ],
    );
}

#[test]
fn credentials_are_recognised_by_their_shape() {
    refuses_in_acme(
        "profile = \"AKIAIOSFODNN7EXAMPLE\"",
        &[&format!("4:12: here is an AWS access key id, {CREDENTIAL_ADVICE}")],
    );
    refuses_in_acme(
        "# old key ASIAIOSFODNN7EXAMPLE",
        &[&format!("4:11: here is an AWS access key id, {CREDENTIAL_ADVICE}")],
    );
    refuses_in_acme(
        "profile = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
        &[&format!("4:11: here is what looks like an AWS secret access key, {CREDENTIAL_ADVICE}")],
    );
    refuses_in_acme(
        "#aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        &[&format!("4:24: here is a credential, {CREDENTIAL_ADVICE}")],
    );
}

#[test]
fn an_external_id_may_look_like_a_secret_access_key() {
    accepts(&format!(
        "{ACME}role_arn = \"arn:aws:iam::123456789012:role/S\"\nexternal_id = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n"
    ));
}

#[test]
fn a_secret_that_stands_in_the_wrong_place_is_not_shown() {
    let shown = refused(
        "[[tenant]]\nname = \"k7 violet harbour!\"\nextrenal_id = \"k7 violet harbour!\"\naccount_id = \"123456789012\"\n\
         role_arn = \"k7 violet harbour!\"\nregions = [\"x k7 violet harbour!\"]\n\"k7 violet harbour!\" = 1\n",
    );
    assert_eq!(shown.matches("(not shown)").count(), 4, "{shown}");
    assert!(!shown.contains("violet"), "{shown}");
}

// All at once.

#[test]
fn many_faults_come_at_once_in_the_order_of_the_file() {
    let text = "[defaults]\nregions = [\"Ireland\"]\nexternal_id = \"k7-violet-harbour\"\n\
        [[tenant]]\nname = \"demo\"\naccount_id = 123456789012\nrole_arn = \"Scan\"\ncolor = 1\n\
        [[tenant]]\nname = \"a\naws_access_key_id = \"AKIAIOSFODNN7EXAMPLE\"\n[severity]\nx = \"bad\"\n";
    let problems = parse(text).unwrap_err();
    let kinds: Vec<(usize, ProblemKind)> =
        problems.as_slice().iter().map(|p| (p.at.unwrap().line, p.kind)).collect();
    assert_eq!(
        kinds,
        [
            (2, ProblemKind::Malformed),
            (3, ProblemKind::UnknownKey),
            (5, ProblemKind::Reserved),
            (6, ProblemKind::WrongType),
            (7, ProblemKind::Malformed),
            (8, ProblemKind::UnknownKey),
            (9, ProblemKind::Missing),
            (10, ProblemKind::Syntax),
            (11, ProblemKind::Credential),
            (13, ProblemKind::Malformed),
        ],
        "{problems}"
    );
}

// Adding a tenant.

fn beta() -> NewTenant {
    NewTenant {
        name: "beta".into(),
        account_id: "333333333333".into(),
        role_arn: Some("arn:aws:iam::333333333333:role/Scan".into()),
        external_id: Some(Secret::new("beta-violet-harbour")),
        regions: vec!["eu-west-1".into(), "eu-west-2".into()],
        ..NewTenant::default()
    }
}

const BETA: &str = "[[tenant]]\nname = \"beta\"\naccount_id = \"333333333333\"\nrole_arn = \"arn:aws:iam::333333333333:role/Scan\"\nexternal_id = \"beta-violet-harbour\"\nregions = [\"eu-west-1\", \"eu-west-2\"]\n";

#[test]
fn a_tenant_is_added_and_nothing_else_changes() {
    assert_eq!(add_tenant("", &beta()).unwrap(), BETA);
    let text = format!("# ours\n\n{ACME}   # indented\n[severity]\nx='low' # why");
    assert_eq!(add_tenant(&text, &beta()).unwrap(), format!("{text}\n\n{BETA}"));
    let windows = "# ours\r\n";
    assert_eq!(
        add_tenant(windows, &beta()).unwrap(),
        format!("{windows}\r\n{}", BETA.replace('\n', "\r\n"))
    );
}

#[test]
fn the_example_takes_one_more_tenant_and_keeps_every_byte() {
    let added = add_tenant(EXAMPLE, &beta()).unwrap();
    assert!(added.starts_with(EXAMPLE));
    assert_eq!(accepts(&added).tenants.len(), 4);
}

#[test]
fn every_field_of_a_new_tenant_arrives() {
    let full = NewTenant {
        profile: Some("p \"q\"".into()),
        snapshot: Some("C:\\a.jsonl".into()),
        known_accounts: vec!["000000000001".into()],
        ..beta()
    };
    let tenants = accepts(&add_tenant(ACME, &full).unwrap());
    let added = tenants.get("beta").unwrap();
    assert_eq!(added.profile, full.profile);
    assert_eq!(added.snapshot, full.snapshot);
    assert_eq!(added.external_id, full.external_id);
    assert_eq!(added.regions, full.regions);
    assert_eq!(added.known_accounts, [AccountId::parse("000000000001").unwrap()]);
    assert_eq!(tenants.tenants.len(), 2);
}

#[test]
fn a_list_of_inline_tables_gets_one_more() {
    let plain = NewTenant {
        name: "beta".into(),
        account_id: "210987654321".into(),
        ..NewTenant::default()
    };
    let first = "{ name = \"a\", account_id = \"000000000001\" }";
    let second = "{ name = \"beta\", account_id = \"210987654321\" }";
    assert_eq!(
        add_tenant(&format!("tenant = [{first}] # c\n"), &plain).unwrap(),
        format!("tenant = [{first}, {second}] # c\n")
    );
    assert_eq!(
        add_tenant(&format!("# c\ntenant = [\n  {first}, # d\n]\n"), &plain).unwrap(),
        format!("# c\ntenant = [\n  {first}, # d\n  {second},\n]\n")
    );
    assert_eq!(add_tenant("tenant = []\n", &plain).unwrap(), format!("tenant = [{second}]\n"));
}

#[test]
fn a_duplicate_is_not_added() {
    let once = add_tenant(ACME, &beta()).unwrap();
    let shown = add_tenant(&once, &beta()).unwrap_err().to_string();
    assert_eq!(
        shown,
        "`name` \"beta\" is taken by the tenant on line 6\n    give every tenant its own name\n\
         `account_id` \"333333333333\" is that of the tenant on line 7\n    an account is one tenant: correct the id, or take one of the two tenants out\n\
         `external_id` is that of the tenant on line 9\n    give every tenant its own; `cspm tenants add` makes one if none is given"
    );
}

#[test]
fn a_wrong_new_tenant_and_a_wrong_file_are_refused() {
    let wrong = NewTenant { account_id: "12".into(), role_arn: None, ..beta() };
    let problems = add_tenant(ACME, &wrong).unwrap_err();
    let kinds: Vec<_> = problems.as_slice().iter().map(|p| (p.at, p.kind)).collect();
    assert_eq!(kinds, [(None, ProblemKind::Malformed), (None, ProblemKind::Missing)]);
    let problems = add_tenant("x = 1", &beta()).unwrap_err();
    assert_eq!(problems.as_slice().first().unwrap().at, Some(Position { line: 1, column: 1 }));
}

// Anything at all.

/// Fixture secrets, each long enough not to occur by chance.
const SECRETS: [&str; 5] = [
    "k7-violet-harbour",
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "q9.Copper:Lantern/42",
    "7391846250913",
];

const FIXTURE: &str = "[defaults]\nregions = [\"eu-west-1\"]\n[[tenant]]\nname = \"acme\"\naccount_id = \"123456789012\"\n\
    role_arn = \"arn:aws:iam::123456789012:role/Scan\"\nexternal_id = \"k7-violet-harbour\"\n\
    aws_access_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"\n\
    [[tenant]]\nname = 'beta'\naccount_id = \"210987654321\"\nexternal_id = \"q9.Copper:Lantern/42\"\n\
    [[tenant]]\nexternal_id = 7391846250913\n[severity]\ns3-x = \"high\"\n";

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "[[tenant]]\n",
            "[tenant]\n",
            "[defaults]\n",
            "[severity]\n",
            "tenant = [",
            "]",
            "{",
            "}",
            "\n",
            "\r\n",
            "=",
            "\"",
            "'",
            "\"\"\"",
            ".",
            ",",
            "#",
            "name = \"acme\"\n",
            "account_id = 012345678901\n",
            "regions = [\"eu-west-1\"]\n",
            "external_id = \"\"\n",
            "role_arn = \"arn:aws:iam::1:role/x\"\n",
            "snapshot = 1979-05-27\n",
            "a.b = 1\n",
            "known_accounts = [1, nan, true]\n",
            "\u{feff}",
            "\0",
            "ü",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics_and_places_are_in_it(text in pieces()) {
        if let Err(problems) = parse(&text) {
            for problem in problems.as_slice() {
                let at = problem.at.unwrap();
                prop_assert!(at.line >= 1 && at.line <= text.matches('\n').count() + 1);
                prop_assert!(at.column >= 1);
                prop_assert!(!problem.what.is_empty() && !problem.instead.is_empty());
            }
        }
    }

    #[test]
    fn a_secret_copied_into_any_other_place_is_never_shown(
        secret in prop::sample::select(SECRETS.to_vec()),
        place in prop::sample::select(vec![
            "name = X", "account_id = X", "role_arn = X", "profile = X", "snapshot = X", "regions = [X]", "regions = X",
            "known_accounts = [X]", "X = 1", "[severity]\nrule = X", "[severity]\nX = 1", "[defaults]\nprofile = X", "[X]",
        ]),
        before in "[ -!#-\\[\\]-~]{0,6}",
        after in "[ -!#-\\[\\]-~]{0,6}",
    ) {
        let line = place.replace('X', &format!("\"{before}{secret}{after}\""));
        if let Err(problems) = parse(&format!("[[tenant]]\nexternal_id = \"{secret}\"\n{line}\n")) {
            prop_assert!(!format!("{problems:?}").contains(secret), "{problems}");
        }
    }

    #[test]
    fn a_damaged_file_never_leaks_its_secrets(
        at in 0..FIXTURE.len(),
        removed in 0..12_usize,
        inserted in prop_oneof![Just(String::new()), "[\\[\\]{}\"'=,.#\n a-z0-9]{1,6}"],
    ) {
        let end = (at + removed).min(FIXTURE.len());
        // What damage cut out of a secret is no secret any more.
        let untouched = SECRETS.iter().filter(|secret| {
            let start = FIXTURE.find(**secret).unwrap();
            end <= start || start + secret.len() <= at
        });
        let text = format!("{}{inserted}{}", &FIXTURE[..at], &FIXTURE[end..]);
        if let Err(problems) = parse(&text) {
            let shown = format!("{problems} {problems:?} {}", problems.in_file(Path::new("t.toml")));
            for secret in untouched {
                prop_assert!(!shown.contains(secret), "{secret} in {shown}");
            }
        }
    }
}
