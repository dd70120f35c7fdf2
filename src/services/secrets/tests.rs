//! What is found in texts, and what is not.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{FoundSecret, Salt, Unreadable, base64, detectors, search};

fn salt() -> Salt {
    Salt::of_account("aws", "111122223333")
}

fn found(text: &str) -> Vec<FoundSecret> {
    search(text.as_bytes(), &salt()).unwrap()
}

fn kinds(text: &str) -> Vec<String> {
    found(text).into_iter().map(|secret| format!("{} {}", secret.place, secret.detector)).collect()
}

/// A token with a form, put together here so that nobody takes it for a real one.
fn token(start: &str, length: usize) -> String {
    let end: String = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z".chars().cycle().take(length).collect();
    format!("{start}{end}")
}

#[test]
fn every_form_can_be_used() {
    let (written, usable) = detectors::forms();
    assert_eq!(written, usable);
}

#[test]
fn each_detector_sees_its_own() {
    let key = "MIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyzABCDEFGH\n";
    for (text, detector) in [
        (
            format!("-----BEGIN RSA PRIVATE KEY-----\n{key}-----END RSA PRIVATE KEY-----"),
            "private-key",
        ),
        (format!("-----BEGIN PRIVATE KEY-----\\n{key}"), "private-key"),
        (
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
            "aws-secret-access-key",
        ),
        (
            "aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
                .to_owned(),
            "aws-secret-access-key",
        ),
        (token("git clone https://x/ # ghp_", 36), "github-token"),
        (token("glpat-", 20), "gitlab-token"),
        (token("xoxb-", 20), "slack-token"),
        (token("curl https://hooks.slack.com/services/T0A/B0C/", 24), "slack-webhook"),
        (token("sk_live_", 24), "stripe-key"),
        (token("AIza", 35), "google-api-key"),
        (token("//registry/:x=npm_", 36), "npm-token"),
        (token("pypi-AgEI", 60), "pypi-token"),
        (token("docker login -p dckr_pat_", 27), "docker-token"),
        (format!("{}{}", token("SG.", 22), token(".", 43)), "sendgrid-key"),
        (token("hvs.", 24), "vault-token"),
        (token("sk-ant-", 40), "anthropic-key"),
        (token("sk-proj-", 40), "openai-key"),
        (format!("{}.{}.{}", token("eyJ", 17), token("eyJ", 40), token("", 43)), "jwt"),
        (format!("AccountName=acme;{}==", token("AccountKey=", 86)), "azure-storage-key"),
        ("psql postgres://app:hunter2@db:5432/app".to_owned(), "password-in-url"),
        ("echo 'root:hunter2' | chpasswd".to_owned(), "password-of-user"),
        ("sudo chpasswd <<< 'ubuntu:hunter2'".to_owned(), "password-of-user"),
        ("net user Administrator Hunter2! /add".to_owned(), "password-of-user"),
        ("ConvertTo-SecureString 'Hunter2!' -AsPlainText -Force".to_owned(), "password-of-user"),
        ("export DB_PASSWORD=hunter2".to_owned(), "password"),
        ("password: \"correct-horse\"".to_owned(), "password"),
        ("mysqladmin --password hunter2".to_owned(), "password"),
        ("{\"MasterUserPassword\": \"hunter2\"}".to_owned(), "password"),
        ("API_KEY=4f8a1c9e2b7d6035".to_owned(), "secret-value"),
        ("client_secret = \"q8Zt2LwX9pRv4NsK\"".to_owned(), "secret-value"),
    ] {
        assert_eq!(kinds(&text), [format!("line 1 {detector}")], "{text}");
    }
}

#[test]
fn what_only_names_a_secret_is_none() {
    for text in [
        "",
        "#!/bin/bash\nyum install -y httpd\n",
        "export DB_PASSWORD=$(aws secretsmanager get-secret-value --secret-id app/db)",
        "DB_PASSWORD=${DB_PASSWORD}",
        "DB_PASSWORD=\"$1\"",
        "password: {{ vault_password }}",
        "password=<password>",
        "PASSWORD_FILE=/run/secrets/db",
        "password_policy=strict-one",
        "--password-stdin",
        "docker login --password-stdin registry.example.com",
        "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 21600')",
        "curl -H \"X-aws-ec2-metadata-token: $TOKEN\" http://169.254.169.254/latest/meta-data/",
        "SECRET_ARN=arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        "DATABASE=arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:db-AbCdEf",
        "{\"DATABASE\": \"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf\"}",
        "secret_name=prod/database/credentials-v2",
        "token_url=https://login.example.com/oauth2/token1",
        "password=****",
        "password=xxxxxxxx",
        "password: required",
        "password: \"ask the owner\"",
        "PasswordAuthentication no",
        "the password is in the safe",
        "secret: database",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnopqrstuvwxyz\n",
        "git clone https://github.com/acme/app.git",
        "postgres://app:$DB_PASSWORD@db/app",
        "aws_access_key_id=AKIAIOSFODNN7EXAMPLE",
    ] {
        assert_eq!(kinds(text), [""; 0], "{text}");
    }
}

#[test]
fn places_are_lines_and_one_secret_is_found_once() {
    let text = "#!/bin/bash\nexport USER=app\nexport GITHUB_TOKEN=";
    let text = format!(
        "{}\nexport DB_PASSWORD='s3cr3t pass'\nPGPASSWORD=hunter2 psql\n",
        token(text, 0) + &token("ghp_", 36)
    );
    assert_eq!(kinds(&text), ["line 3 github-token", "line 4 password", "line 5 password"]);
}

#[test]
fn the_secret_itself_does_not_leave() {
    let seen = found("export DB_PASSWORD=hunter2");
    let text = format!("{seen:?}");
    assert!(!text.contains("hunter2") && !text.contains("DB_PASSWORD"), "{text}");
}

#[test]
fn hashes_tell_secrets_apart_within_an_account() {
    let hash = |text: &str, salt: &Salt| search(text.as_bytes(), salt).unwrap().remove(0).hash;
    let here = salt();
    let first = hash("password=hunter2", &here);
    assert_eq!(first.len(), 4);
    assert_eq!(first, hash("DB_PASSWORD: 'hunter2'", &here), "wherever it stands");
    assert_ne!(first, hash("password=hunter3", &here));
    let elsewhere = Salt::of_account("aws", "111122223334");
    assert_ne!(first, hash("password=hunter2", &elsewhere));
    let partition = Salt::of_account("aws-cn", "111122223333");
    assert_ne!(first, hash("password=hunter2", &partition));
}

#[test]
fn what_cannot_be_read_is_said() {
    for (bytes, why) in [
        (&[0x1f, 0x8b, 0x08, 0x00][..], Unreadable::Compressed),
        (&[0x50, 0x4b, 0x03, 0x04], Unreadable::Binary),
        (b"#!/bin/sh\0password=hunter2", Unreadable::Binary),
        (
            b"Content-Type: text/x-shellscript\nContent-Transfer-Encoding: base64\n\nH4sIAAAA\n",
            Unreadable::Compressed,
        ),
        (b"Content-Transfer-Encoding: base64\n\nnot base64!\n", Unreadable::Encoding),
    ] {
        assert_eq!(search(bytes, &salt()), Err(why), "{bytes:?}");
    }
    // Latin-1 is text all the same.
    assert_eq!(search(b"# caf\xe9\npassword=hunter2", &salt()).unwrap().len(), 1);
}

#[test]
fn parts_of_a_message_are_decoded() {
    let message = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"B\"\n\n--B\n\
                   Content-Type: text/x-shellscript\n\n#!/bin/sh\nexport DB_PASSWORD=hunter2\n--B\n\
                   Content-Transfer-Encoding: base64\nContent-Type: text/x-shellscript\n\n\
                   IyEvYmluL3NoCmV4cG9ydCBEQl9QQVNT\nV09SRD1odW50ZXIzCg==\n--B--\n";
    assert_eq!(
        kinds(message),
        ["line 8 password", "line 13, decoded line 2 password"],
        "plain and encoded"
    );
}

#[test]
fn base64_is_decoded_as_rfc_4648_says() {
    for (text, bytes) in [
        ("", &b""[..]),
        ("Zg==", b"f"),
        ("Zm8=", b"fo"),
        ("Zm9v", b"foo"),
        ("Zm9v\nYmE=", b"fooba"),
    ] {
        assert_eq!(base64(text).as_deref(), Some(bytes), "{text}");
    }
    for bad in ["Zg", "Zg=", "Z===Zg==", "Zm9v!", "Zm-_"] {
        assert_eq!(base64(bad), None, "{bad}");
    }
}
