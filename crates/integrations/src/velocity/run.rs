//! Merging a template with variables.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::ast::{Expression, Node, Operator, Path, Reference, Step};
use super::values::{apply, holds, text, weight};
use super::{LONGEST_OUTPUT, MOST_ROUNDS, TemplateError};

/// Bytes that one merge may copy, print and compare, all together.
const MOST_WORK: usize = 16 * 1024 * 1024;
/// What each step costs beside its bytes.
const STEP: usize = 64;

pub(super) fn run(nodes: &[Node], variables: &Map<String, Value>) -> Result<String, TemplateError> {
    let mut merge = Merge {
        variables: variables.clone(),
        work: 0,
        rounds: 0,
    };
    let mut output = String::new();
    merge.block(nodes, &mut output)?;
    Ok(output)
}

struct Merge {
    variables: Map<String, Value>,
    work: usize,
    rounds: usize,
}

impl Merge {
    fn charge(&mut self, bytes: usize) -> Result<(), TemplateError> {
        self.work = self.work.saturating_add(bytes).saturating_add(STEP);
        if self.work > MOST_WORK {
            return Err(TemplateError::TooMuch);
        }
        Ok(())
    }

    fn write(&mut self, output: &mut String, text: &str) -> Result<(), TemplateError> {
        self.charge(text.len())?;
        if output.len().saturating_add(text.len()) > LONGEST_OUTPUT {
            return Err(TemplateError::TooMuch);
        }
        output.push_str(text);
        Ok(())
    }

    fn block(&mut self, nodes: &[Node], output: &mut String) -> Result<(), TemplateError> {
        for node in nodes {
            match node {
                Node::Text(text) => self.write(output, text)?,
                Node::Reference(reference) => self.reference(reference, output)?,
                Node::If {
                    branches,
                    otherwise,
                } => self.choose(branches, otherwise, output)?,
                Node::Set { name, value } => match self.value(value)? {
                    Some(value) => {
                        self.variables.insert(name.clone(), value);
                    }
                    None => {
                        self.variables.remove(name);
                    }
                },
                Node::Foreach { name, list, body } => self.repeat(name, list, body, output)?,
            }
        }
        Ok(())
    }

    fn reference(
        &mut self,
        reference: &Reference,
        output: &mut String,
    ) -> Result<(), TemplateError> {
        match self.path(&reference.path)?.as_ref().and_then(text) {
            Some(text) => self.write(output, &text),
            None if reference.quiet => Ok(()),
            None => self.write(output, &reference.written),
        }
    }

    fn choose(
        &mut self,
        branches: &[(Expression, Vec<Node>)],
        otherwise: &[Node],
        output: &mut String,
    ) -> Result<(), TemplateError> {
        for (condition, body) in branches {
            if holds(self.value(condition)?.as_ref()) {
                return self.block(body, output);
            }
        }
        self.block(otherwise, output)
    }

    fn repeat(
        &mut self,
        name: &str,
        list: &Expression,
        body: &[Node],
        output: &mut String,
    ) -> Result<(), TemplateError> {
        let Some(Value::Array(items)) = self.value(list)? else {
            return Ok(());
        };
        let outer = (
            self.variables.remove(name),
            self.variables.remove("foreach"),
        );
        let last = items.len().saturating_sub(1);
        for (index, item) in items.into_iter().enumerate() {
            self.rounds += 1;
            if self.rounds > MOST_ROUNDS {
                return Err(TemplateError::TooMuch);
            }
            self.charge(0)?;
            let position = json!({
                "index": index,
                "count": index + 1,
                "hasNext": index < last,
                "first": index == 0,
                "last": index == last,
            });
            self.variables.insert(name.to_owned(), item);
            self.variables.insert("foreach".to_owned(), position);
            self.block(body, output)?;
        }
        self.restore(name, outer.0);
        self.restore("foreach", outer.1);
        Ok(())
    }

    fn restore(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.variables.insert(name.to_owned(), value),
            None => self.variables.remove(name),
        };
    }

    fn value(&mut self, expression: &Expression) -> Result<Option<Value>, TemplateError> {
        self.charge(0)?;
        match expression {
            Expression::Literal(value) => {
                self.charge(weight(value)?)?;
                Ok(Some(value.clone()))
            }
            Expression::Path(path) => self.path(path),
            Expression::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(self.value(item)?.unwrap_or_default());
                }
                let list = Value::from(values);
                self.charge(weight(&list)?)?;
                Ok(Some(list))
            }
            Expression::Interpolated(nodes) => {
                let mut text = String::new();
                self.block(nodes, &mut text)?;
                Ok(Some(Value::from(text)))
            }
            Expression::Not(inner) => {
                let value = self.value(inner)?;
                Ok(Some(Value::from(!holds(value.as_ref()))))
            }
            Expression::Chain(first, others) => self.chain(first, others),
        }
    }

    fn chain(
        &mut self,
        first: &Expression,
        others: &[(Operator, Expression)],
    ) -> Result<Option<Value>, TemplateError> {
        let mut left = self.value(first)?;
        for (operator, right) in others {
            // What can't change the outcome is not looked at.
            let decided = match operator {
                Operator::And => !holds(left.as_ref()),
                Operator::Or => holds(left.as_ref()),
                _ => false,
            };
            if decided {
                left = Some(Value::from(*operator == Operator::Or));
                continue;
            }
            let (known, right) = (left.unwrap_or_default(), self.value(right)?);
            let right = right.unwrap_or_default();
            self.charge(weight(&known)?.saturating_add(weight(&right)?))?;
            left = apply(*operator, &known, &right);
        }
        Ok(left)
    }

    /// A copy of what a path leads to.
    fn path(&mut self, path: &Path) -> Result<Option<Value>, TemplateError> {
        if let [Step::Call(method, arguments)] = path.steps.as_slice()
            && method == "add"
        {
            return self.add(&path.name, arguments);
        }
        self.charge(path.steps.len().saturating_mul(STEP))?;
        let Some(start) = self.variables.get(&path.name) else {
            return Ok(None);
        };
        let mut found = Cow::Borrowed(start);
        for step in &path.steps {
            let next = match step {
                Step::Property(name) => property(found, name),
                Step::Call(method, arguments) if arguments.is_empty() => call(&found, method),
                Step::Call(..) => None,
            };
            match next {
                Some(next) => found = next,
                None => return Ok(None),
            }
        }
        let cost = weight(&found)?;
        let found = found.into_owned();
        self.charge(cost)?;
        Ok(Some(found))
    }

    /// Appends to the list in a variable.
    fn add(
        &mut self,
        name: &str,
        arguments: &[Expression],
    ) -> Result<Option<Value>, TemplateError> {
        let [argument] = arguments else {
            return Ok(None);
        };
        let item = self.value(argument)?.unwrap_or_default();
        let Some(Value::Array(items)) = self.variables.get_mut(name) else {
            return Ok(None);
        };
        items.push(item);
        Ok(Some(Value::from(true)))
    }
}

fn property<'v>(value: Cow<'v, Value>, name: &str) -> Option<Cow<'v, Value>> {
    match value {
        Cow::Borrowed(value) => value.get(name).map(Cow::Borrowed),
        Cow::Owned(value) => value.get(name).cloned().map(Cow::Owned),
    }
}

fn call(value: &Value, method: &str) -> Option<Cow<'static, Value>> {
    let (size, empty) = match value {
        Value::Array(items) => (Some(items.len()), items.is_empty()),
        Value::Object(members) => (Some(members.len()), members.is_empty()),
        Value::String(text) => (None, text.is_empty()),
        Value::Null | Value::Bool(_) | Value::Number(_) => return None,
    };
    match method {
        "size" => size.map(|size| Cow::Owned(Value::from(size))),
        "isEmpty" => Some(Cow::Owned(Value::from(empty))),
        _ => None,
    }
}
