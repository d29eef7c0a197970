//! What values mean to a template.

use serde_json::Value;

use super::ast::Operator;
use super::{DEEPEST, TemplateError};

/// Whether a condition with this value holds.
pub(super) fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(truth)) => *truth,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
    }
}

/// The text of a value in the output; nothing when there is no value.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| text(item).unwrap_or_else(|| "null".to_owned()))
                .collect();
            Some(format!("[{}]", items.join(", ")))
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(value.to_string()),
    }
}

/// What an operator makes of two values; nothing when it makes no sense.
/// Comparisons with nothing don't hold.
pub(super) fn apply(operator: Operator, left: &Value, right: &Value) -> Option<Value> {
    let numbers = left.as_i64().zip(right.as_i64());
    let compared =
        |holds: fn(i64, i64) -> bool| Some(Value::from(numbers.is_some_and(|(l, r)| holds(l, r))));
    match operator {
        Operator::Or => Some(Value::from(holds(Some(left)) || holds(Some(right)))),
        Operator::And => Some(Value::from(holds(Some(left)) && holds(Some(right)))),
        Operator::Equal => Some(Value::from(equal(left, right))),
        Operator::Unequal => Some(Value::from(!equal(left, right))),
        Operator::Greater => compared(|l, r| l > r),
        Operator::Less => compared(|l, r| l < r),
        Operator::AtLeast => compared(|l, r| l >= r),
        Operator::AtMost => compared(|l, r| l <= r),
        Operator::Minus => numbers.and_then(|(l, r)| l.checked_sub(r).map(Value::from)),
        Operator::Plus => match numbers {
            Some((l, r)) => l.checked_add(r).map(Value::from),
            None => Some(Value::from(text(left)? + &text(right)?)),
        },
    }
}

/// Values of different kinds are equal when they print the same.
fn equal(left: &Value, right: &Value) -> bool {
    match (text(left), text(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}

/// What copying or printing a value costs, in bytes roughly.
pub(super) fn weight(value: &Value) -> Result<usize, TemplateError> {
    weigh(value, 0)
}

fn weigh(value: &Value, depth: usize) -> Result<usize, TemplateError> {
    if depth > DEEPEST {
        return Err(TemplateError::TooDeep);
    }
    let inner = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => sum(items.iter(), depth)?,
        Value::Object(members) => {
            let names: usize = members.keys().map(String::len).sum();
            names.saturating_add(sum(members.values(), depth)?)
        }
    };
    Ok(inner.saturating_add(16))
}

fn sum<'a>(values: impl Iterator<Item = &'a Value>, depth: usize) -> Result<usize, TemplateError> {
    let mut total: usize = 0;
    for value in values {
        total = total.saturating_add(weigh(value, depth + 1)?);
    }
    Ok(total)
}
