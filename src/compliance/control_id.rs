//! The order of control ids.

use std::cmp::Ordering;

/// Compares ids as people do: runs of digits by value, the rest as text, so
/// that 2.10 comes after 2.9 and A.5.2 before A.5.10. Ids that differ only in
/// leading zeros are told apart as text.
pub fn natural_order(left: &str, right: &str) -> Ordering {
    let mut a = runs(left);
    let mut b = runs(right);
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return left.cmp(right),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => compare_runs(a, b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Digits sort before text; two runs of digits by value, however long.
fn compare_runs(a: &str, b: &str) -> Ordering {
    match (is_number(a), is_number(b)) {
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

fn is_number(run: &str) -> bool {
    run.starts_with(|c: char| c.is_ascii_digit())
}

/// Splits an id where digits begin or end.
fn runs(id: &str) -> impl Iterator<Item = &str> {
    let mut rest = id;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, tail) = rest.split_at(end);
        rest = tail;
        Some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::natural_order;
    use std::cmp::Ordering;

    #[test]
    fn numbers_count_by_value() {
        for (less, greater) in [
            ("2.9", "2.10"),
            ("A.5.2", "A.5.10"),
            ("A.9.4.3", "A.10.1.1"),
            ("AC-2", "AC-2(1)"),
            ("AC-2(2)", "AC-2(13)"),
            ("5(1)(e)", "5(1)(f)"),
            ("5(1)(f)", "25(1)"),
            ("3.6.1", "3.6.1.1"),
            ("12.10.7", "A1.1.1"),
            ("EC2.8", "EC2.10"),
            ("ACM.1", "EC2.1"),
            ("1.18446744073709551616", "1.18446744073709551617"),
            ("GV.OC-1", "GV.OC-01x"),
        ] {
            assert_eq!(natural_order(less, greater), Ordering::Less, "{less} {greater}");
            assert_eq!(natural_order(greater, less), Ordering::Greater, "{greater} {less}");
        }
    }

    #[test]
    fn only_the_same_text_is_equal() {
        assert_eq!(natural_order("2.10", "2.10"), Ordering::Equal);
        assert_eq!(natural_order("ID.AM-01", "ID.AM-1"), Ordering::Less);
        assert_eq!(natural_order("ID.AM-1", "ID.AM-01"), Ordering::Greater);
    }
}
