//! Tests of the language.

mod account;
mod against_cel;
mod exact;
mod faults;
mod generate;
mod limits;
mod states;
mod unknowns;
mod write;

use super::parse::Places;
use super::{Checker, Evaluation, Fault, Program, Want, World};
use crate::inventory::Value;
use account::{Account, QUESTION, scope};
use cel::common::ast::IdedExpr;

/// Checks a tree, as text would be checked after parsing.
fn checked(tree: &IdedExpr, want: Want) -> Result<(Program, Checker<'static>), String> {
    let mut checker = Checker::new(scope());
    let parsed = super::parse::Parsed { tree: tree.clone(), places: Places::default() };
    match checker.check_tree(&parsed, want) {
        Ok((program, _)) => Ok((program, checker)),
        Err(error) => Err(error.message),
    }
}

/// What a program says of an account.
fn answer(program: &Program, account: &Account) -> Result<Value, Fault> {
    let world = World {
        subject: &account.subject,
        asking: account,
        questions: &[&QUESTION],
        parameters: &[],
    };
    Evaluation::new(&world, Default::default()).run(program)
}
