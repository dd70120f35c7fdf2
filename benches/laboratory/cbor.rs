//! CBOR, as much of it as an SDK sends and reads
//! (<https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>).

use serde_json::{Map, Value};

const WHOLE: u8 = 0;
const NEGATIVE: u8 = 1;
const TEXT: u8 = 3;
const LIST: u8 = 4;
const MAP: u8 = 5;
/// Of a list or map without a length; and what ends it.
const OPEN: u8 = 31;
const BREAK: u8 = 0xff;

/// Writes a value. There are no fractions in what is sent here.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(value) => out.push(if *value { 0xf5 } else { 0xf4 }),
        Value::Number(number) => head(WHOLE, number.as_u64().unwrap_or_default(), out),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            head(LIST, length(items.len()), out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Object(members) => {
            head(MAP, length(members.len()), out);
            for (name, member) in members {
                write_text(name, out);
                write(member, out);
            }
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    head(TEXT, length(text.len()), out);
    out.extend(text.as_bytes());
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn head(kind: u8, number: u64, out: &mut Vec<u8>) {
    out.push(kind << 5 | 27);
    out.extend(number.to_be_bytes());
}

/// Reads a value of texts, numbers, lists and maps; `None` if it is anything
/// else.
pub(crate) fn read(bytes: &mut &[u8]) -> Option<Value> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    let (kind, short) = (first >> 5, first & 31);
    match (kind, *first) {
        (_, 0xf4) => return Some(Value::Bool(false)),
        (_, 0xf5) => return Some(Value::Bool(true)),
        (_, 0xf6) => return Some(Value::Null),
        _ => {}
    }
    let number = match short {
        OPEN => None,
        _ => Some(argument(short, bytes)?),
    };
    match (kind, number) {
        (WHOLE, Some(number)) => Some(number.into()),
        (NEGATIVE, Some(number)) => Some((-1 - i64::try_from(number).ok()?).into()),
        (TEXT, Some(number)) => {
            let (text, rest) = bytes.split_at_checked(usize::try_from(number).ok()?)?;
            *bytes = rest;
            Some(std::str::from_utf8(text).ok()?.into())
        }
        (LIST, _) => {
            let mut items = Vec::new();
            while goes_on(number, items.len(), bytes) {
                items.push(read(bytes)?);
            }
            Some(Value::Array(items))
        }
        (MAP, _) => {
            let mut members = Map::new();
            while goes_on(number, members.len(), bytes) {
                let Value::String(name) = read(bytes)? else { return None };
                members.insert(name, read(bytes)?);
            }
            Some(Value::Object(members))
        }
        _ => None,
    }
}

/// Whether a list or map of this length, or without one, has more than was read.
fn goes_on(number: Option<u64>, read: usize, bytes: &mut &[u8]) -> bool {
    match (number, bytes.split_first()) {
        (Some(number), _) => length(read) < number,
        (None, Some((&BREAK, rest))) => {
            *bytes = rest;
            false
        }
        (None, _) => true,
    }
}

fn argument(short: u8, bytes: &mut &[u8]) -> Option<u64> {
    let width = match short {
        0..=23 => return Some(short.into()),
        24..=27 => 1_usize << (short - 24),
        _ => return None,
    };
    let (number, rest) = bytes.split_at_checked(width)?;
    *bytes = rest;
    Some(number.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
}
