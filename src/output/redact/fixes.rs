//! Fixes: the account ids of their examples. Without names nobody could tell them
//! from those that were to be left out.

use crate::rules::{Catalogue, Fix};

/// How many digits an account id has.
const ACCOUNT_DIGITS: usize = 12;

/// The same rules, with a word in place of the account ids in their fixes.
#[must_use]
pub fn without_example_accounts(catalogue: Catalogue) -> Catalogue {
    catalogue.with_fixes(|fix| {
        let Fix { text, console, cli, terraform, risk, verify } = fix;
        *text = without_accounts(text);
        for part in [console, cli, terraform, risk, verify].into_iter().flatten() {
            *part = without_accounts(part);
        }
    })
}

/// A text with a word in place of each number of twelve digits.
fn without_accounts(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        found.push_str(before);
        found.push_str(if digits.len() == ACCOUNT_DIGITS { "ACCOUNT" } else { digits });
        rest = after;
    }
    found.push_str(rest);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_twelve_digits_go() {
        for (text, left) in [
            ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::ACCOUNT:role/x"),
            ("111122223333", "ACCOUNT"),
            ("1111222233334 and 11112222333", "1111222233334 and 11112222333"),
            ("a 111122223333, b 444455556666 \u{e4}", "a ACCOUNT, b ACCOUNT \u{e4}"),
            ("", ""),
        ] {
            assert_eq!(without_accounts(text), left);
        }
    }
}
