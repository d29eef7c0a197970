//! Text with references and directives.

use super::ast::{Expression, Node, Reference, Step};
use super::expressions::{arguments, expression};
use super::lexer::Lexer;
use super::{TemplateError, ast};

/// What ends a block: a directive, or the end of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Text,
    Else,
    ElseIf,
    End,
}

pub(super) fn parse(text: &str) -> Result<Vec<Node>, TemplateError> {
    parse_at(text, 0)
}

/// [`parse`] for a text that is itself nested.
pub(super) fn parse_at(text: &str, depth: usize) -> Result<Vec<Node>, TemplateError> {
    let mut lexer = Lexer::new(text, depth);
    let (nodes, ended) = block(&mut lexer)?;
    if ended == Ended::Text {
        Ok(nodes)
    } else {
        Err(lexer.malformed())
    }
}

/// Nodes up to the directive that ends them, which is read too.
fn block(lexer: &mut Lexer<'_>) -> Result<(Vec<Node>, Ended), TemplateError> {
    let mut nodes = Vec::new();
    loop {
        let text = lexer.while_(|c| c != '$' && c != '#');
        push_text(&mut nodes, text);
        match lexer.peek() {
            None => return Ok((nodes, Ended::Text)),
            Some('$') => match reference(lexer)? {
                Some(reference) => nodes.push(Node::Reference(reference)),
                None => literal(lexer, &mut nodes),
            },
            Some(_) => match directive(lexer)? {
                Directive::None => literal(lexer, &mut nodes),
                Directive::Comment => {}
                Directive::Node(node) => nodes.push(node),
                Directive::End(ended) => return Ok((nodes, ended)),
            },
        }
    }
}

/// The next character stands for itself.
fn literal(lexer: &mut Lexer<'_>, nodes: &mut Vec<Node>) {
    let from = lexer.at();
    lexer.next();
    push_text(nodes, lexer.since(from));
}

fn push_text(nodes: &mut Vec<Node>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Node::Text(last)) = nodes.last_mut() {
        last.push_str(text);
    } else {
        nodes.push(Node::Text(text.to_owned()));
    }
}

/// A reference, or nothing (and nothing read) when it is none.
pub(super) fn reference(lexer: &mut Lexer<'_>) -> Result<Option<Reference>, TemplateError> {
    let from = lexer.at();
    lexer.expect("$")?;
    let quiet = lexer.eat("!");
    let braced = lexer.eat("{");
    let Some(name) = lexer.name() else {
        lexer.back_to(from);
        return Ok(None);
    };
    let mut path = ast::Path {
        name: name.to_owned(),
        steps: Vec::new(),
    };
    while let Some(step) = step(lexer)? {
        path.steps.push(step);
    }
    if braced && !lexer.eat("}") {
        lexer.back_to(from);
        return Ok(None);
    }
    let written = lexer.since(from).to_owned();
    Ok(Some(Reference {
        written,
        quiet,
        path,
    }))
}

fn step(lexer: &mut Lexer<'_>) -> Result<Option<Step>, TemplateError> {
    let from = lexer.at();
    if !lexer.eat(".") {
        return Ok(None);
    }
    // A full stop behind a reference ends a sentence.
    let Some(name) = lexer.name() else {
        lexer.back_to(from);
        return Ok(None);
    };
    if !lexer.eat("(") {
        return Ok(Some(Step::Property(name.to_owned())));
    }
    let arguments = lexer.nested(|lexer| arguments(lexer, ")"))?;
    Ok(Some(Step::Call(name.to_owned(), arguments)))
}

enum Directive {
    /// An ordinary `#`, such as that of a colour.
    None,
    Comment,
    Node(Node),
    End(Ended),
}

fn directive(lexer: &mut Lexer<'_>) -> Result<Directive, TemplateError> {
    let from = lexer.at();
    if lexer.eat("##") {
        lexer.while_(|c| c != '\n');
        lexer.eat("\n");
        return Ok(Directive::Comment);
    }
    if lexer.eat("#*") {
        let rest = lexer.rest();
        let end = rest.find("*#").map_or(rest.len(), |end| end + 2);
        lexer.back_to(lexer.at() + end);
        return Ok(Directive::Comment);
    }
    lexer.expect("#")?;
    let braced = lexer.eat("{");
    let name = lexer.name().unwrap_or_default();
    if !braced || lexer.eat("}") {
        let found = match name {
            "if" => conditional(lexer)?,
            "set" => set(lexer)?,
            "foreach" => foreach(lexer)?,
            "elseif" => Some(Directive::End(Ended::ElseIf)),
            "else" => Some(Directive::End(Ended::Else)),
            "end" => Some(Directive::End(Ended::End)),
            _ => None,
        };
        if let Some(found) = found {
            // A block has come to its `#end`, and a condition to its end: each of them
            // took its line end then, and a directive takes one alone.
            if matches!(name, "set" | "else" | "end") {
                lexer.skip_line_end();
            }
            return Ok(found);
        }
    }
    lexer.back_to(from);
    Ok(Directive::None)
}

/// Reads `(` if it comes next, after spaces.
fn opens(lexer: &mut Lexer<'_>) -> bool {
    lexer.skip_spaces();
    lexer.eat("(")
}

fn condition(lexer: &mut Lexer<'_>) -> Result<Expression, TemplateError> {
    let condition = lexer.nested(expression)?;
    lexer.skip_spaces();
    lexer.expect(")")?;
    lexer.skip_line_end();
    Ok(condition)
}

fn conditional(lexer: &mut Lexer<'_>) -> Result<Option<Directive>, TemplateError> {
    if !opens(lexer) {
        return Ok(None);
    }
    let mut branches = Vec::new();
    let mut otherwise = Vec::new();
    let mut wanted = condition(lexer)?;
    loop {
        let (body, ended) = lexer.nested(block)?;
        branches.push((wanted, body));
        match ended {
            Ended::End => break,
            Ended::ElseIf if opens(lexer) => wanted = condition(lexer)?,
            Ended::Else => {
                let (body, ended) = lexer.nested(block)?;
                if ended != Ended::End {
                    return Err(lexer.malformed());
                }
                otherwise = body;
                break;
            }
            Ended::ElseIf | Ended::Text => return Err(lexer.malformed()),
        }
    }
    Ok(Some(Directive::Node(Node::If {
        branches,
        otherwise,
    })))
}

/// A variable's name behind `$`, with or without braces.
fn variable(lexer: &mut Lexer<'_>) -> Result<String, TemplateError> {
    lexer.skip_spaces();
    lexer.expect("$")?;
    lexer.eat("!");
    let braced = lexer.eat("{");
    let name = lexer.name().ok_or(lexer.malformed())?.to_owned();
    if braced {
        lexer.expect("}")?;
    }
    lexer.skip_spaces();
    Ok(name)
}

fn set(lexer: &mut Lexer<'_>) -> Result<Option<Directive>, TemplateError> {
    if !opens(lexer) {
        return Ok(None);
    }
    let name = variable(lexer)?;
    lexer.expect("=")?;
    let value = lexer.nested(expression)?;
    lexer.skip_spaces();
    lexer.expect(")")?;
    Ok(Some(Directive::Node(Node::Set { name, value })))
}

fn foreach(lexer: &mut Lexer<'_>) -> Result<Option<Directive>, TemplateError> {
    if !opens(lexer) {
        return Ok(None);
    }
    let name = variable(lexer)?;
    lexer.expect("in")?;
    let list = condition(lexer)?;
    let (body, ended) = lexer.nested(block)?;
    if ended != Ended::End {
        return Err(lexer.malformed());
    }
    Ok(Some(Directive::Node(Node::Foreach { name, list, body })))
}
