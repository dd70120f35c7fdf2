//! All ways in which a text can relate to a set of patterns.
//!
//! The patterns run side by side as one automaton, and every reachable combination
//! of "matches / does not match" is kept with a shortest text that shows it. So a
//! decision over these texts is a decision over all texts.

use std::collections::{BTreeSet, HashSet, VecDeque};

use super::pattern::{Pattern, Token, fold_char};

/// The most steps of single patterns that are taken. The patterns of a policy of the
/// largest size AWS accepts (20 KiB) take some ten a character, unless they overlap in
/// many ways.
pub(super) const MAX_STEPS: usize = 500_000;

/// The patterns overlap in more ways than are explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// Where each pattern stands: (pattern, token) pairs in order.
type State = Vec<(u32, u32)>;

/// One text for each reachable combination of matches, among the texts that match
/// `universe`. Shortest first.
pub(super) fn representatives(
    patterns: &[Pattern],
    universe: &Pattern,
) -> Result<Vec<String>, TooMany> {
    let all: Vec<&Pattern> = std::iter::once(universe).chain(patterns).collect();
    let start =
        close(&all, (0..all.len()).filter_map(|p| Some((u32::try_from(p).ok()?, 0))).collect());
    let mut seen: HashSet<State> = HashSet::from([start.clone()]);
    let mut seen_matches: HashSet<Vec<u32>> = HashSet::new();
    let mut queue: VecDeque<(State, String)> = VecDeque::from([(start, String::new())]);
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some((state, text)) = queue.pop_front() {
        let matched = accepting(&all, &state);
        if matched.first() == Some(&0) && seen_matches.insert(matched) {
            found.push(text.clone());
        }
        let alphabet = alphabet(&all, &state);
        steps += alphabet.len() * state.len();
        if steps > MAX_STEPS {
            return Err(TooMany);
        }
        for c in alphabet {
            let next = step(&all, &state, c);
            // Outside the universe no text is of use.
            if next.first().is_none_or(|(pattern, _)| *pattern != 0) || seen.contains(&next) {
                continue;
            }
            seen.insert(next.clone());
            let mut longer = text.clone();
            longer.push(c);
            queue.push_back((next, longer));
        }
    }
    Ok(found)
}

fn token(all: &[&Pattern], place: (u32, u32)) -> Option<Token> {
    all.get(place.0 as usize)?.tokens().get(place.1 as usize).copied()
}

/// The state with the steps behind its stars, in order. Two stars never follow each other.
fn close(all: &[&Pattern], mut state: State) -> State {
    let behind: State = state
        .iter()
        .filter(|p| matches!(token(all, **p), Some(Token::Star | Token::StarInSegment)))
        .map(|(pattern, at)| (*pattern, at + 1))
        .collect();
    state.extend(behind);
    state.sort_unstable();
    state.dedup();
    state
}

fn step(all: &[&Pattern], state: &State, c: char) -> State {
    let mut next = Vec::new();
    for place in state {
        let folds = all.get(place.0 as usize).is_some_and(|p| p.folds_case());
        let c = if folds { fold_char(c) } else { c };
        match token(all, *place) {
            Some(Token::Char(t)) if t == c => next.push((place.0, place.1 + 1)),
            Some(Token::One) => next.push((place.0, place.1 + 1)),
            Some(Token::OneInSegment) if c != ':' => next.push((place.0, place.1 + 1)),
            Some(Token::Star) => next.push(*place),
            Some(Token::StarInSegment) if c != ':' => next.push(*place),
            _ => {}
        }
    }
    close(all, next)
}

/// The patterns that match if the text ends here.
fn accepting(all: &[&Pattern], state: &State) -> Vec<u32> {
    state
        .iter()
        .filter(|(p, t)| all.get(*p as usize).is_some_and(|p| p.tokens().len() == *t as usize))
        .map(|(p, _)| *p)
        .collect()
}

/// The characters that some pattern waits for, and one that none waits for.
fn alphabet(all: &[&Pattern], state: &State) -> Vec<char> {
    let mut wanted = BTreeSet::new();
    let mut wild = false;
    for place in state {
        match token(all, *place) {
            Some(Token::Char(c)) => {
                wanted.insert(c);
                if all.get(place.0 as usize).is_some_and(|p| p.folds_case()) {
                    wanted.extend(c.to_uppercase().next().filter(|u| fold_char(*u) == c));
                }
            }
            Some(Token::One | Token::Star) => wild = true,
            Some(Token::OneInSegment | Token::StarInSegment) => {
                wanted.insert(':');
                wild = true;
            }
            None => {}
        }
    }
    let other = wild
        .then(|| {
            ('x'..='z')
                .chain('0'..='9')
                .chain('a'..='w')
                .chain('A'..='Z')
                .find(|c| !wanted.iter().any(|w| w == c || fold_char(*w) == fold_char(*c)))
        })
        .flatten()
        .or_else(|| wild.then_some('~'));
    // The unconcerned character first: it gives the plainest texts.
    other.into_iter().chain(wanted).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::pattern::Style;
    use super::*;

    fn classes(patterns: &[&str], universe: &str) -> Vec<Vec<bool>> {
        let patterns: Vec<Pattern> =
            patterns.iter().map(|p| Pattern::from_text(p, Style::Like)).collect();
        let universe = Pattern::from_text(universe, Style::Like);
        let mut classes: Vec<Vec<bool>> = representatives(&patterns, &universe)
            .unwrap()
            .iter()
            .map(|text| {
                assert!(universe.matches(text));
                patterns.iter().map(|p| p.matches(text)).collect()
            })
            .collect();
        classes.sort();
        classes
    }

    #[test]
    fn every_combination_once() {
        assert_eq!(
            classes(&["a*", "*b"], "*"),
            [[false, false], [false, true], [true, false], [true, true]]
        );
        assert_eq!(classes(&["a?", "ab"], "a*"), [[false, false], [true, false], [true, true]]);
        assert_eq!(classes(&["*"], "*"), [[true]]);
        assert_eq!(classes(&["x"], "y*"), [[false]]);
    }

    #[test]
    fn overlaps_without_end_are_given_up() {
        let letters: Vec<String> = ('a'..='z').map(|c| format!("*{c}*{c}{c}*")).collect();
        let patterns: Vec<Pattern> =
            letters.iter().map(|p| Pattern::from_text(p, Style::Like)).collect();
        let universe = Pattern::from_text("*", Style::Like);
        assert_eq!(representatives(&patterns, &universe), Err(TooMany));
    }
}
