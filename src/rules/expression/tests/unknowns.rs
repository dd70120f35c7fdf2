//! What is not known: known answers hold whatever is found later, and the gaps
//! of unknown answers are those that decide.

use super::generate::{Generator, Random};
use super::states::{completions, places, punch, state};
use super::write::write;
use super::*;
use crate::inventory::{Document, Fact, GapId, Gaps};
use std::collections::BTreeSet;

/// What one case came to.
#[derive(Default, Debug)]
struct Tally {
    known: usize,
    unknown: usize,
    gaps: usize,
    completions: usize,
    /// Gaps that decide nothing: where an expression asks for one fact twice,
    /// as in `(a == a) && b`, each time counts as a question of its own.
    /// `exact` shows that there are none where no fact is asked for twice.
    idle: usize,
}

/// A state in which some of what a program reads is not known.
pub(super) fn with_holes(random: &mut Random, checker: &Checker<'_>) -> Value {
    let state = state(random);
    punch_holes(random, state, checker)
}

/// The same state with holes in what a program reads.
pub(super) fn punch_holes(random: &mut Random, state: Value, checker: &Checker<'_>) -> Value {
    let kind = account::Thing::resource_type();
    let reads = |part: usize, field: usize| match part {
        0 => checker.reads.contains(&(kind.name, kind.record.fields[field].name)),
        1 => checker.tags,
        _ => !checker.lookups.is_empty(),
    };
    let mut state = state;
    for _ in 0..random.pick(&[1, 1, 1, 2, 2, 3]) {
        let places = places(&state, reads);
        if places.is_empty() {
            break;
        }
        // Several facts may share a gap, and one fact may have several.
        let first = GapId(u32::try_from(random.below(3)).unwrap());
        let second = GapId(u32::try_from(random.below(3)).unwrap());
        let gaps: Gaps =
            if random.percent(15) { [first, second].into_iter().collect() } else { first.into() };
        let place = random.pick(&places);
        state = punch(random, &state, &place, &gaps);
    }
    state
}

/// Whether an answer with unknowns allows for a complete one.
fn allows(answer: &Value, complete: &Value) -> bool {
    match (answer, complete) {
        (Value::Unknown(_), _) => true,
        (Value::List(some), Value::List(all)) => {
            if some.missing.is_empty() && some.items.len() != all.items.len() {
                return false;
            }
            let mut rest = all.items.iter();
            some.items.iter().all(|item| rest.any(|other| allows(item, other)))
        }
        (Value::Record(some), Value::Record(all)) => {
            some.len() == all.len() && some.iter().zip(all.iter()).all(|(a, b)| allows(a, b))
        }
        (Value::Map(some), Value::Map(all)) => {
            some.len() == all.len()
                && some.iter().zip(all.iter()).all(|((k, a), (l, b))| k == l && allows(a, b))
        }
        (answer, complete) => answer == complete,
    }
}

/// Whether a gap matters: there are two states of knowledge that differ in this
/// gap alone; in the first the answer is unknown and names it; in the second it
/// is known, or names other gaps than what remains of the first.
///
/// The first state is any in which some of the other gaps are closed, whatever
/// was found behind them. A gap that is merely carried along fails: closing it
/// then changes nothing but its own name.
fn matters(program: &Program, state: &Value, gap: GapId, gaps: &Gaps) -> Option<bool> {
    let others: Vec<GapId> = gaps.iter().filter(|other| *other != gap).collect();
    for chosen in 0..1_usize << others.len() {
        let closed: BTreeSet<GapId> = others
            .iter()
            .enumerate()
            .filter(|(position, _)| chosen & (1 << position) != 0)
            .map(|(_, other)| *other)
            .collect();
        for before in completions(state, &|gap| closed.contains(&gap))? {
            let Ok(Value::Unknown(first)) = answer(program, &Account::new(&before)) else {
                continue;
            };
            if !first.iter().any(|named| named == gap) {
                continue;
            }
            let rest: Gaps = first.iter().filter(|named| *named != gap).collect();
            for after in completions(&before, &|closed| closed == gap)? {
                match answer(program, &Account::new(&after)) {
                    Ok(Value::Unknown(second)) if second == rest => {}
                    _ => return Some(true),
                }
            }
        }
    }
    Some(false)
}

fn check_case(seed: u64, states: &[Value], tally: &mut Tally) {
    let mut generator = Generator::new(seed);
    let (tree, program, checker) = loop {
        let tree = generator.expression();
        if let Ok((program, checker)) = checked(&tree, Want::Shown) {
            break (tree, program, checker);
        }
    };
    let state = generator.random.pick(states);
    let state = punch_holes(&mut generator.random, state, &checker);
    let report = |what: &str, state: &Value, found: &dyn std::fmt::Debug| {
        format!("{what}, seed {seed}: {}\nfound {found:?}\nin {state:?}", write(&tree))
    };
    let found = answer(&program, &Account::new(&state));
    let Ok(found) = found else { panic!("{}", report("a fault", &state, &found)) };
    let Value::Unknown(gaps) = &found else {
        // Whatever is known holds in every state that this one may turn out to be.
        let Some(all) = completions(&state, &|_| true) else { return };
        for complete in &all {
            let later = answer(&program, &Account::new(complete));
            let Ok(later) = later else { panic!("{}", report("a fault", complete, &later)) };
            assert!(
                allows(&found, &later),
                "{}\nfrom {state:?}\nwhere it was {found:?}",
                report("another answer", complete, &later)
            );
        }
        tally.completions += all.len();
        tally.known += 1;
        return;
    };
    tally.unknown += 1;
    assert!(!gaps.is_empty(), "{}", report("unknown for no reason", &state, &found));

    // No answer without closing one of the gaps that are named.
    let Some(aside) = completions(&state, &|gap| gaps.iter().all(|named| named != gap)) else {
        return;
    };
    for other in aside {
        let later = answer(&program, &Account::new(&other));
        assert!(
            matches!(&later, Ok(Value::Unknown(_))),
            "{}\nfrom {state:?}\nwhere it was {found:?}",
            report("a gap that decides is not named", &other, &later)
        );
    }

    // Every gap that is named matters.
    for gap in gaps.iter() {
        let Some(matters) = matters(&program, &state, gap, gaps) else { continue };
        tally.gaps += 1;
        tally.idle += usize::from(!matters);
    }
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.known += other.known;
        self.unknown += other.unknown;
        self.gaps += other.gaps;
        self.completions += other.completions;
        self.idle += other.idle;
    }
}

#[test]
fn known_answers_hold_and_gaps_matter() {
    const CASES: u64 = 100_000;
    let run = |cases: std::ops::Range<u64>| {
        let mut random = Random::new(cases.start);
        let states: Vec<Value> = (0..500).map(|_| state(&mut random)).collect();
        let mut tally = Tally::default();
        cases.for_each(|seed| check_case(seed, &states, &mut tally));
        tally
    };
    let tally = std::thread::scope(|scope| {
        let first = scope.spawn(|| run(0..CASES / 2));
        let mut tally = run(CASES / 2..CASES);
        tally.add(&first.join().unwrap());
        tally
    });
    assert!(tally.known > 50_000 && tally.unknown > 25_000, "{tally:?}");
    assert!(tally.gaps > 30_000 && tally.completions > 500_000, "{tally:?}");
    assert!(tally.idle * 100 < tally.gaps, "{tally:?}");
}

#[test]
fn what_nobody_asked_for_is_unknown() {
    use crate::inventory::Shape;
    let state = Value::record(vec![
        account::Thing::not_collected().into_value(),
        Value::Unknown(GapId::NOT_COLLECTED.into()),
        Value::list(vec![
            account::Other { id: Fact::Known("a".to_owned()), ..account::Other::not_collected() }
                .into_value(),
        ]),
    ]);
    for source in [
        "resource.Bool",
        "has(resource.IntMaybe) && resource.IntMaybe == 1",
        "resource.Parts.all(p, p.On)",
        "size(self.tags) == 0",
        "all('test.other').exists(o, has(o.Size))",
    ] {
        let program = Checker::new(account::scope()).check(source, Want::Condition).unwrap();
        let found = answer(&program, &Account::new(&state));
        assert_eq!(found, Ok(Value::Unknown(GapId::NOT_COLLECTED.into())), "{source}");
    }
}
