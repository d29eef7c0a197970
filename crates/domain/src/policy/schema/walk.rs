//! The violations of a schema in the contract's order (contract policy.md §5.2).
//!
//! `jsonschema` decides whether a document is valid; clients rely on which of
//! several violations they are told, and that order is this walk.

use serde_json::{Map, Value};

use crate::policy::errors::{
    DOCUMENT_ARRAY_EMPTY, DOCUMENT_FORMAT_WRONG, DOCUMENT_INPUT_INVALID, DOCUMENT_INPUT_MISSING,
    DOCUMENT_TEXT_EMPTY,
};
use crate::{BusinessError, ErrorDef};

/// A longer chain of references is taken for a circle.
const LONGEST_CHAIN: usize = 32;

/// The first violation of a keyword that has a code: a node's own keywords by
/// name, then its children.
pub(super) fn first_violation(schema: &Value, document: &Value) -> Option<BusinessError> {
    let walk = Walk { root: schema };
    walk.node(&Node {
        schema,
        instance: document,
        path: String::new(),
    })
}

struct Walk<'a> {
    root: &'a Value,
}

/// A part of the document and the schema that it has to match.
struct Node<'a> {
    schema: &'a Value,
    instance: &'a Value,
    /// JSON pointer without the first slash.
    path: String,
}

impl<'a> Walk<'a> {
    fn node(&self, node: &Node<'a>) -> Option<BusinessError> {
        let schema = self.resolve(node.schema)?;
        let resolved = SchemaNode {
            schema,
            instance: node.instance,
            path: &node.path,
        };
        resolved
            .unexpected_member()
            .or_else(|| resolved.not_in_enum())
            .or_else(|| resolved.too_few_items())
            .or_else(|| resolved.too_short())
            .or_else(|| resolved.missing_member())
            .or_else(|| resolved.wrong_type())
            .or_else(|| {
                resolved
                    .children()
                    .iter()
                    .find_map(|child| self.node(child))
            })
    }

    /// The schema behind a reference inside of the root schema. Draft 4
    /// ignores what stands beside a reference.
    fn resolve(&self, schema: &'a Value) -> Option<&'a Map<String, Value>> {
        let mut members = schema.as_object()?;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = members.get("$ref").and_then(Value::as_str) else {
                return Some(members);
            };
            members = self
                .root
                .pointer(reference.strip_prefix('#')?)?
                .as_object()?;
        }
        None
    }
}

/// A node with the schema that applies to it, after its references.
struct SchemaNode<'a, 'p> {
    schema: &'a Map<String, Value>,
    instance: &'a Value,
    path: &'p str,
}

impl<'a> SchemaNode<'a, '_> {
    fn unexpected_member(&self) -> Option<BusinessError> {
        let members = self.instance.as_object()?;
        // Members that match a pattern would be expected too: no code then.
        if self.schema.get("additionalProperties")? != &Value::Bool(false)
            || self.schema.contains_key("patternProperties")
        {
            return None;
        }
        let known = self.object("properties");
        let unexpected = members
            .keys()
            .filter(|name| known.is_none_or(|k| !k.contains_key(*name)));
        Some(self.about(DOCUMENT_INPUT_INVALID, Some(unexpected.min()?)))
    }

    fn not_in_enum(&self) -> Option<BusinessError> {
        let allowed = self.schema.get("enum")?.as_array()?;
        let broken = !allowed.contains(self.instance);
        broken.then(|| self.about(DOCUMENT_INPUT_INVALID, None))
    }

    fn too_few_items(&self) -> Option<BusinessError> {
        let broken = self.instance.as_array()?.len() < self.size("minItems")?;
        broken.then(|| self.about(DOCUMENT_ARRAY_EMPTY, None))
    }

    fn too_short(&self) -> Option<BusinessError> {
        let broken = self.instance.as_str()?.chars().count() < self.size("minLength")?;
        broken.then(|| self.about(DOCUMENT_TEXT_EMPTY, None))
    }

    fn missing_member(&self) -> Option<BusinessError> {
        let members = self.instance.as_object()?;
        let required = self
            .schema
            .get("required")?
            .as_array()?
            .iter()
            .filter_map(Value::as_str);
        let missing = required.filter(|name| !members.contains_key(*name)).min()?;
        Some(self.about(DOCUMENT_INPUT_MISSING, Some(missing)))
    }

    fn wrong_type(&self) -> Option<BusinessError> {
        let allowed: Vec<&str> = match self.schema.get("type")? {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let broken = !allowed.iter().any(|name| is_of_type(self.instance, name));
        broken.then(|| self.about(DOCUMENT_FORMAT_WRONG, allowed.first().copied()))
    }

    /// Array elements by index, members by name; only those with a schema.
    fn children(&self) -> Vec<Node<'a>> {
        match self.instance {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .filter_map(|(index, item)| {
                    Some(self.child(self.item_schema(index)?, item, &index.to_string()))
                })
                .collect(),
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| name.as_str());
                members
                    .into_iter()
                    .filter_map(|(name, member)| {
                        Some(self.child(self.member_schema(name)?, member, &escaped(name)))
                    })
                    .collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        }
    }

    fn item_schema(&self, index: usize) -> Option<&'a Value> {
        match self.schema.get("items")? {
            Value::Array(by_position) => by_position
                .get(index)
                .or_else(|| self.schema.get("additionalItems")),
            for_all => Some(for_all),
        }
    }

    fn member_schema(&self, name: &str) -> Option<&'a Value> {
        let own = self.object("properties").and_then(|known| known.get(name));
        own.or_else(|| self.schema.get("additionalProperties"))
    }

    fn child(&self, schema: &'a Value, instance: &'a Value, step: &str) -> Node<'a> {
        Node {
            schema,
            instance,
            path: self.path_to(step),
        }
    }

    fn object(&self, keyword: &str) -> Option<&'a Map<String, Value>> {
        self.schema.get(keyword)?.as_object()
    }

    fn size(&self, keyword: &str) -> Option<usize> {
        usize::try_from(self.schema.get(keyword)?.as_u64()?).ok()
    }

    /// The error about this node or, with `detail`, about something at it.
    fn about(&self, error: ErrorDef, detail: Option<&str>) -> BusinessError {
        let text = detail.map_or_else(|| self.path.to_owned(), |detail| self.path_to(detail));
        error.with(&[text.trim_matches('/')])
    }

    fn path_to(&self, step: &str) -> String {
        if self.path.is_empty() {
            step.to_owned()
        } else {
            format!("{}/{step}", self.path)
        }
    }
}

/// A member's name inside of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn is_of_type(instance: &Value, name: &str) -> bool {
    match name {
        "array" => instance.is_array(),
        "boolean" => instance.is_boolean(),
        "integer" => instance.is_i64() || instance.is_u64(),
        "null" => instance.is_null(),
        "number" => instance.is_number(),
        "object" => instance.is_object(),
        "string" => instance.is_string(),
        _ => true,
    }
}
