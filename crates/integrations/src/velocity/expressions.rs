//! What stands in the parentheses of a directive.

use serde_json::Value;

use super::ast::{Expression, Operator};
use super::lexer::Lexer;
use super::parser::{parse_at, reference};
use super::{DEEPEST, TemplateError};

/// Operators by how tightly they bind, the loosest first. A longer one comes
/// before its own beginning.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::Unequal)],
    &[
        (">=", Operator::AtLeast),
        ("<=", Operator::AtMost),
        (">", Operator::Greater),
        ("<", Operator::Less),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
];

pub(super) fn expression(lexer: &mut Lexer<'_>) -> Result<Expression, TemplateError> {
    level(lexer, &LEVELS)
}

fn level(
    lexer: &mut Lexer<'_>,
    levels: &[&[(&str, Operator)]],
) -> Result<Expression, TemplateError> {
    let Some((operators, tighter)) = levels.split_first() else {
        return operand(lexer);
    };
    let first = level(lexer, tighter)?;
    let mut others = Vec::new();
    loop {
        lexer.skip_spaces();
        let Some((_, operator)) = operators.iter().find(|(text, _)| lexer.eat(text)) else {
            break;
        };
        others.push((*operator, level(lexer, tighter)?));
    }
    if others.is_empty() {
        return Ok(first);
    }
    Ok(Expression::Chain(Box::new(first), others))
}

/// Expressions between commas, up to `end`, which is read.
pub(super) fn arguments(
    lexer: &mut Lexer<'_>,
    end: &str,
) -> Result<Vec<Expression>, TemplateError> {
    let mut found = Vec::new();
    lexer.skip_spaces();
    if lexer.eat(end) {
        return Ok(found);
    }
    loop {
        found.push(expression(lexer)?);
        lexer.skip_spaces();
        if lexer.eat(end) {
            return Ok(found);
        }
        lexer.expect(",")?;
    }
}

fn operand(lexer: &mut Lexer<'_>) -> Result<Expression, TemplateError> {
    lexer.skip_spaces();
    let first = lexer.peek().ok_or(lexer.malformed())?;
    match first {
        '!' => {
            lexer.next();
            let inner = lexer.nested(operand)?;
            Ok(Expression::Not(Box::new(inner)))
        }
        '(' => {
            lexer.next();
            let inner = lexer.nested(expression)?;
            lexer.skip_spaces();
            lexer.expect(")")?;
            Ok(inner)
        }
        '[' => {
            lexer.next();
            let items = lexer.nested(|lexer| arguments(lexer, "]"))?;
            Ok(Expression::List(items))
        }
        '$' => match reference(lexer)? {
            Some(found) => Ok(Expression::Path(found.path)),
            None => Err(lexer.malformed()),
        },
        '\'' => Ok(Expression::Literal(Value::from(quoted(lexer, '\'')?))),
        '"' => {
            let text = quoted(lexer, '"')?;
            let depth = lexer.depth() + 1;
            if depth > DEEPEST {
                return Err(TemplateError::TooDeep);
            }
            Ok(Expression::Interpolated(parse_at(text, depth)?))
        }
        _ => constant(lexer),
    }
}

fn quoted<'a>(lexer: &mut Lexer<'a>, quote: char) -> Result<&'a str, TemplateError> {
    lexer.next();
    let text = lexer.while_(|c| c != quote);
    match lexer.next() {
        Some(_) => Ok(text),
        None => Err(lexer.malformed()),
    }
}

fn constant(lexer: &mut Lexer<'_>) -> Result<Expression, TemplateError> {
    let from = lexer.at();
    lexer.eat("-");
    let digits = lexer.while_(|c| c.is_ascii_digit());
    if !digits.is_empty() {
        let number: Result<i64, _> = lexer.since(from).parse();
        return number
            .map(|number| Expression::Literal(Value::from(number)))
            .map_err(|_too_large| lexer.malformed());
    }
    match lexer.name() {
        Some("true") => Ok(Expression::Literal(Value::from(true))),
        Some("false") => Ok(Expression::Literal(Value::from(false))),
        _ => Err(lexer.malformed()),
    }
}
