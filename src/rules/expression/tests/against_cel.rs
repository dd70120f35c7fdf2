//! On documents without unknowns and absences, the answers are those of cel's
//! own interpreter.

use super::generate::Generator;
use super::states::full_state;
use super::write::write;
use super::*;
use crate::inventory::Type;
use account::STATE;
use std::collections::HashMap;
use std::sync::Arc;

/// A value as cel has it. Moments are numbers: without chrono it has none.
fn to_cel(value: &Value, ty: &Type) -> cel::Value {
    match (value, ty) {
        (Value::Bool(b), _) => cel::Value::Bool(*b),
        (Value::Int(n), _) => cel::Value::Int(*n),
        (Value::Float(n), _) => cel::Value::Float(*n),
        (Value::Text(text), _) => cel::Value::String(Arc::new(text.as_ref().to_owned())),
        (Value::Time(time), _) => cel::Value::Int(time.as_second()),
        (Value::List(list), Type::List(item)) => {
            cel::Value::List(Arc::new(list.items.iter().map(|v| to_cel(v, item)).collect()))
        }
        (Value::Map(map), Type::Map(item)) => {
            let entries = map.iter().map(|(key, v)| (key.clone(), to_cel(v, item)));
            entries.collect::<HashMap<_, _>>().into()
        }
        (Value::Record(fields), Type::Record(record)) => {
            let members = record.fields.iter().zip(fields.iter());
            let members = members.map(|(f, v)| (f.name.to_owned(), to_cel(v, &f.ty)));
            members.collect::<HashMap<_, _>>().into()
        }
        other => panic!("no value of cel for {other:?}"),
    }
}

fn context(state: &Value) -> cel::Context<'static, 'static> {
    let Value::Record(parts) = state else { panic!("a state is a record") };
    let types: Vec<&Type> = STATE.fields.iter().map(|field| &field.ty).collect();
    let text = |text: &str| cel::Value::from(text);
    let identity: HashMap<String, cel::Value> = HashMap::from([
        ("id".to_owned(), text("a")),
        ("arn".to_owned(), text("arn:aws:test:::a")),
        ("region".to_owned(), text("global")),
        ("tags".to_owned(), to_cel(&parts[1], types[1])),
    ]);
    let mut context = cel::Context::default();
    context.add_variable_from_value("resource", to_cel(&parts[0], types[0]));
    context.add_variable_from_value("self", cel::Value::from(identity));
    context.add_variable_from_value("now", cel::Value::Int(account::NOW));
    context
}

#[test]
fn the_answers_are_those_of_cel() {
    let mut compared = 0;
    let mut answers = [0, 0];
    for seed in 0..3_000 {
        let mut generator = Generator::new(1_000_000 + seed);
        generator.common = true;
        let tree = generator.expression();
        let source = write(&tree);
        let Ok((program, _)) = checked(&tree, Want::Shown) else { continue };
        let theirs = cel::Program::compile(&source).unwrap();
        for _ in 0..8 {
            let state = full_state(&mut generator.random);
            let ours = answer(&program, &Account::new(&state)).unwrap();
            let expected = theirs.execute(&context(&state)).unwrap();
            assert_eq!(to_cel(&ours, &program.ty), expected, "{source}\nin {state:?}");
            compared += 1;
            if let Value::Bool(b) = ours {
                answers[usize::from(b)] += 1;
            }
        }
    }
    assert!(compared > 20_000, "{compared} comparisons");
    assert!(answers.iter().all(|count| *count > 4_000), "{answers:?}");
}

#[test]
fn what_is_generated_is_what_the_parser_reads() {
    for seed in 0..300 {
        let tree = Generator::new(seed).expression();
        let source = write(&tree);
        let Ok((program, _)) = checked(&tree, Want::Shown) else { continue };
        let read = Checker::new(account::scope()).check(&source, Want::Shown).unwrap();
        // Both programs are the same but for the places of their nodes.
        let shape = |program: &Program| {
            let text = format!("{:?}", program.root.code);
            let mut parts = text.split(", at: ");
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |so_far, part| {
                so_far + part.trim_start_matches(|c: char| c.is_ascii_digit())
            })
        };
        assert_eq!(shape(&program), shape(&read), "{source}");
    }
}
