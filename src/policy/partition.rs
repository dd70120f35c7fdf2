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

/// Where each pattern stands, in order: the pattern's number above the token's.
pub(super) type State = Vec<u64>;

const fn place(pattern: u32, token: u32) -> u64 {
    (pattern as u64) << 32 | token as u64
}

/// The number of the pattern at a place.
const fn pattern_of(place: u64) -> usize {
    (place >> 32) as usize
}

/// The number of its token.
const fn token_of(place: u64) -> usize {
    (place & 0xFFFF_FFFF) as usize
}

/// One text for each reachable combination of matches, among the texts that match
/// `universe`. Shortest first.
pub(super) fn representatives(
    patterns: &[Pattern],
    universe: &Pattern,
) -> Result<Vec<String>, TooMany> {
    let all: Vec<&Pattern> = std::iter::once(universe).chain(patterns).collect();
    let mut queue: VecDeque<(State, usize)> = VecDeque::new();
    // The texts as a tree: each adds a character to an earlier one.
    let mut texts: Vec<(usize, char)> = vec![(0, '\0')];
    let mut seen: HashSet<State> = HashSet::new();
    let mut start = close(&all, beginning(&all));
    // As long as the universe leaves no choice, there is one way to go.
    for c in fixed_beginning(universe) {
        start = step(&all, &start, c);
        texts.push((texts.len() - 1, c));
    }
    seen.insert(start.clone());
    queue.push_back((start, texts.len() - 1));
    let mut seen_matches: HashSet<State> = HashSet::new();
    let mut found = Vec::new();
    let mut steps = 0;
    while let Some((state, text)) = queue.pop_front() {
        let matched = accepting(&all, &state);
        if matched.first().is_some_and(|p| pattern_of(*p) == 0) && seen_matches.insert(matched) {
            found.push(spell(&texts, text));
        }
        let alphabet = alphabet(&all, &state);
        steps += alphabet.len() * state.len();
        if steps > MAX_STEPS {
            return Err(TooMany);
        }
        for c in alphabet {
            let next = step(&all, &state, c);
            // Outside the universe no text is of use.
            if next.first().is_none_or(|p| pattern_of(*p) != 0) || seen.contains(&next) {
                continue;
            }
            seen.insert(next.clone());
            queue.push_back((next, texts.len()));
            texts.push((text, c));
        }
    }
    Ok(found)
}

/// Patterns that run side by side over a text.
pub(super) struct SideBySide<'a> {
    all: Vec<&'a Pattern>,
}

impl<'a> SideBySide<'a> {
    pub(super) fn new(patterns: &'a [Pattern]) -> Self {
        Self { all: patterns.iter().collect() }
    }

    /// Where they stand before the text.
    pub(super) fn start(&self) -> State {
        close(&self.all, beginning(&self.all))
    }

    /// Where they stand after some more of it.
    pub(super) fn after(&self, state: &State, text: &str) -> State {
        text.chars().fold(state.clone(), |state, c| step(&self.all, &state, c))
    }

    /// What tells one place from another: where the patterns stand or, if the text ends
    /// there, which of them match.
    pub(super) fn outlook(&self, state: &State, ends: bool) -> State {
        if ends { accepting(&self.all, state) } else { state.clone() }
    }
}

/// Each pattern before its first token.
fn beginning(all: &[&Pattern]) -> State {
    (0..all.len()).filter_map(|p| Some(place(u32::try_from(p).ok()?, 0))).collect()
}

/// What all texts that match a pattern begin with.
fn fixed_beginning(pattern: &Pattern) -> impl Iterator<Item = char> {
    let tokens = if pattern.folds_case() { &[] } else { pattern.tokens() };
    tokens.iter().map_while(|token| match token {
        Token::Char(c) => Some(*c),
        _ => None,
    })
}

/// The text at a place of the tree.
fn spell(texts: &[(usize, char)], mut at: usize) -> String {
    let mut backwards = Vec::new();
    while at > 0
        && let Some((before, c)) = texts.get(at)
    {
        backwards.push(*c);
        at = *before;
    }
    backwards.into_iter().rev().collect()
}

fn token(all: &[&Pattern], place: u64) -> Option<Token> {
    all.get(pattern_of(place))?.tokens().get(token_of(place)).copied()
}

/// The state with the steps behind its stars, in order. Two stars never follow each other.
fn close(all: &[&Pattern], mut state: State) -> State {
    let is_star = |p: &&u64| matches!(token(all, **p), Some(Token::Star | Token::StarInSegment));
    let behind: State = state.iter().filter(is_star).map(|place| place + 1).collect();
    if !behind.is_empty() {
        state.extend(behind);
        state.sort_unstable();
        state.dedup();
    }
    state
}

fn step(all: &[&Pattern], state: &State, c: char) -> State {
    let folded = fold_char(c);
    let mut next = Vec::with_capacity(state.len() + 1);
    for place in state {
        let Some(pattern) = all.get(pattern_of(*place)) else { continue };
        match pattern.tokens().get(token_of(*place)) {
            Some(Token::Char(t)) if *t == c || (*t == folded && pattern.folds_case()) => {
                next.push(*place + 1);
            }
            Some(Token::One) => next.push(*place + 1),
            Some(Token::OneInSegment) if c != ':' => next.push(*place + 1),
            Some(Token::Star) => next.push(*place),
            Some(Token::StarInSegment) if c != ':' => next.push(*place),
            _ => {}
        }
    }
    close(all, next)
}

/// The patterns that match if the text ends here.
fn accepting(all: &[&Pattern], state: &State) -> State {
    let ends =
        |p: &&u64| all.get(pattern_of(**p)).is_some_and(|a| a.tokens().len() == token_of(**p));
    state.iter().filter(ends).copied().collect()
}

/// The characters that some pattern waits for, and one that none waits for.
fn alphabet(all: &[&Pattern], state: &State) -> Vec<char> {
    let mut wanted = BTreeSet::new();
    let mut capitals = BTreeSet::new();
    let mut wild = false;
    for place in state {
        match token(all, *place) {
            Some(Token::Char(c)) => {
                wanted.insert(c);
                if all.get(pattern_of(*place)).is_some_and(|p| p.folds_case()) {
                    capitals.extend(c.to_uppercase().next().filter(|u| fold_char(*u) == c));
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
    capitals.retain(|c| !wanted.contains(c));
    let taken = |c: char| {
        let same = |w: &char| *w == c || fold_char(*w) == fold_char(c);
        wanted.iter().chain(&capitals).any(same)
    };
    let other = wild.then(|| {
        ('x'..='z')
            .chain('0'..='9')
            .chain('a'..='w')
            .chain('A'..='Z')
            .find(|c| !taken(*c))
            .unwrap_or('~')
    });
    // The unconcerned character first, capitals last: it gives the plainest texts.
    other.into_iter().chain(wanted.iter().copied()).chain(capitals.iter().copied()).collect()
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
