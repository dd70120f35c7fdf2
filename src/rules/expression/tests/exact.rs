//! Where no fact is asked for twice, every gap that is named can by itself
//! decide the answer, one way or the other.

use super::generate::Random;
use super::states::{completions, state};
use super::unknowns::punch_holes;
use super::*;
use crate::inventory::{GapId, Gaps};

/// Conditions, each about another fact, and each true or false depending on it.
const ATOMS: &[&[&str]] = &[
    &["resource.Bool", "resource.Bool == false"],
    &["resource.Int == 1", "resource.Int < 2", "resource.Int in [0, 1]", "resource.Int != 0"],
    &["resource.Float > 1.2", "resource.Float == 1"],
    &["resource.Text == 'a'", "resource.Text.startsWith('a')", "lower(resource.Text) == 'ab'"],
    &["days_since(resource.Time) > 1", "resource.Time < now"],
    &["has(resource.BoolMaybe)", "has(resource.BoolMaybe) && resource.BoolMaybe"],
    &["!has(resource.IntMaybe) || resource.IntMaybe > 0", "has(resource.IntMaybe)"],
    &["has(resource.TextMaybe) ? resource.TextMaybe == 'b' : true"],
    &["resource.Texts.exists(x, x == 'a')", "size(resource.Texts) > 1", "'b' in resource.Texts"],
    &[
        "resource.Ints.all(x, x != 1)",
        "size(resource.Ints) == 2",
        "resource.Ints.exists_one(x, x == 1)",
        "1 <= size(resource.Ints)",
        "0 in resource.Ints",
    ],
    &[
        "resource.Parts.exists(p, p.On && p.Name == 'a')",
        "resource.Parts.filter(p, p.On).all(p, p.Name == 'a')",
        "resource.Parts.filter(p, p.Name == 'a').exists(p, p.On || 1 in p.Ports)",
        "resource.Parts.all(p, !has(p.Count) || p.Count == 1)",
        "resource.Parts.map(p, p.On).exists(x, x)",
    ],
    &["resource.Part.On || resource.Part.Name == 'b'", "test.part(self).Ports.all(x, x == 1)"],
    &["'a' in resource.Map && resource.Map['a'] == 1", "'b' in resource.Map"],
    &["'a' in self.tags", "!('a' in self.tags) || self.tags['a'] == 'b'"],
    &["all('test.other').exists(o, o.Id == 'b')", "all('test.other').all(o, 'a' in o.Labels)"],
];

/// A condition over some of the atoms, each used once.
fn condition(random: &mut Random, atoms: &[&[&str]]) -> String {
    match atoms {
        [one] => format!("({})", random.pick(one)),
        _ => {
            let (left, right) = atoms.split_at(1 + random.below(atoms.len() - 1));
            let left = condition(random, left);
            match (random.below(6), right) {
                (0 | 1, right) => format!("({left} && {})", condition(random, right)),
                (2 | 3, right) => format!("({left} || {})", condition(random, right)),
                (4, right) => format!("!({left} && {})", condition(random, right)),
                (_, [first, rest @ ..]) if !rest.is_empty() => {
                    let yes = random.pick(first);
                    format!("({left} ? ({yes}) : {})", condition(random, rest))
                }
                (_, right) => format!("({left} == {})", condition(random, right)),
            }
        }
    }
}

/// Whether closing all other gaps may leave this one alone to decide, with both
/// answers still possible.
fn decides(program: &Program, state: &Value, gap: GapId) -> Option<bool> {
    for before in completions(state, &|other| other != gap)? {
        let Ok(Value::Unknown(left)) = answer(program, &Account::new(&before)) else { continue };
        assert_eq!(left, Gaps::one(gap));
        let answers: Vec<_> = completions(&before, &|_| true)?
            .iter()
            .map(|after| answer(program, &Account::new(after)).unwrap())
            .collect();
        if answers.contains(&Value::Bool(true)) && answers.contains(&Value::Bool(false)) {
            return Some(true);
        }
    }
    Some(false)
}

#[test]
fn every_named_gap_decides() {
    let mut random = Random::new(3);
    let (mut unknown, mut several) = (0, 0);
    for _ in 0..2_500 {
        let mut atoms = ATOMS.to_vec();
        while atoms.len() > 4 {
            atoms.remove(random.below(atoms.len()));
        }
        let kept = 1 + random.below(4);
        let source = condition(&mut random, &atoms[..kept]);
        let mut checker = Checker::new(account::scope());
        let program = checker.check(&source, Want::Condition).unwrap();
        let state = state(&mut random);
        let state = punch_holes(&mut random, state, &checker);
        let found = answer(&program, &Account::new(&state)).unwrap();
        let Value::Unknown(gaps) = &found else { continue };
        for gap in gaps.iter() {
            let Some(decides) = decides(&program, &state, gap) else { continue };
            assert!(decides, "{gap:?} does not decide {source}\nfound {found:?}\nin {state:?}");
            unknown += 1;
            several += usize::from(gaps.iter().count() > 1);
        }
    }
    assert!(unknown > 1_000 && several > 300, "{unknown} gaps, {several} of them beside others");
}
