//! The route table as the server looks a request up in it.
//!
//! actix tries one path after the other, those with parameters as regular
//! expressions, and asks for the method last. Here a literal path is one look-up,
//! and of the others only those with the right method and the right beginning are
//! compared, segment by segment.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::dev::{Path, Url};
use actix_web::http::Method;

use super::allow::Allowed;
use super::{specificity, spelled};
use crate::metrics::Observed;
use crate::route::{Descriptor, Handler, Route};

/// All routes of a server, in one of its workers.
pub(crate) struct Table {
    /// In the order of [`specificity`].
    patterns: Vec<Pattern>,
    /// Places of the patterns without parameters.
    literals: HashMap<Rc<str>, usize>,
    /// Places of the patterns with parameters, in order.
    others: Vec<usize>,
}

/// A path of the route table and what it answers.
pub(crate) struct Pattern {
    /// The path up to its first parameter.
    beginning: String,
    /// What follows, split at its slashes.
    rest: Vec<Segment>,
    rows: Vec<Row>,
    /// The answer to other methods.
    pub(crate) allowed: Allowed,
    /// How often it is called.
    pub(crate) observed: Rc<Observed>,
}

/// One row of the route table.
pub(crate) struct Row {
    method: Method,
    pub(crate) handler: Handler,
}

enum Segment {
    Literal(String),
    /// One segment that is not empty before its ending, as in `{name}.crl`; its name.
    Parameter {
        name: String,
        ending: String,
    },
    /// All that follows, also nothing; its name.
    Tail(String),
}

impl Table {
    pub(crate) fn new<'a>(routes: impl Iterator<Item = &'a Route>) -> Self {
        let mut sorted: Vec<&Route> = routes.collect();
        sorted.sort_by_key(|route| specificity(&route.descriptor.path));
        let rows: Vec<&Descriptor> = sorted.iter().map(|route| &route.descriptor).collect();
        let mut table = Self {
            patterns: Vec::new(),
            literals: HashMap::new(),
            others: Vec::new(),
        };
        let mut places: HashMap<&str, usize> = HashMap::new();
        for route in &sorted {
            let path = route.descriptor.path.as_str();
            let place = *places
                .entry(path)
                .or_insert_with(|| table.add(Pattern::new(path, &rows), path));
            if let Some(pattern) = table.patterns.get_mut(place) {
                pattern.rows.push(Row {
                    method: route.descriptor.method.clone(),
                    handler: route.handler(),
                });
            }
        }
        table
    }

    fn add(&mut self, pattern: Pattern, path: &str) -> usize {
        let place = self.patterns.len();
        if pattern.rest.is_empty() {
            self.literals.insert(path.into(), place);
        } else {
            self.others.push(place);
        }
        self.patterns.push(pattern);
        place
    }

    /// The row for a path as the router sees it, and a method; a literal path with
    /// another method does not hide the parameter path behind it.
    pub(crate) fn row(&self, path: &str, method: &Method) -> Option<(&Pattern, &Row)> {
        self.matching(path, |pattern| pattern.row(method).is_some())
            .and_then(|pattern| Some((pattern, pattern.row(method)?)))
    }

    /// The first pattern that a path matches, whatever the method.
    pub(crate) fn pattern(&self, path: &str) -> Option<&Pattern> {
        self.matching(path, |_| true)
    }

    /// What is logged of a path that no pattern matches.
    pub(crate) fn known_part(&self, path: &str) -> String {
        let templates = self.patterns.iter();
        let templates = templates.map(|pattern| &*pattern.observed.route);
        super::unanswered::known_part(templates, path)
    }

    fn matching(&self, path: &str, fits: impl Fn(&Pattern) -> bool) -> Option<&Pattern> {
        let at = |place: &usize| self.patterns.get(*place).filter(|pattern| fits(pattern));
        let literal = self.literals.get(path).and_then(at);
        literal.or_else(|| {
            let mut others = self.others.iter().filter_map(at);
            others.find(|pattern| pattern.matches(path))
        })
    }
}

impl Pattern {
    fn new(path: &str, rows: &[&Descriptor]) -> Self {
        let beginning = match path.find('{') {
            Some(parameter) => path.split_at(parameter).0,
            None => path,
        };
        let rest = path.strip_prefix(beginning).unwrap_or_default();
        let rest = rest.split('/').filter(|_| !rest.is_empty());
        Self {
            beginning: beginning.to_owned(),
            rest: rest.map(Segment::of).collect(),
            rows: Vec::new(),
            allowed: Allowed::of(path, rows),
            observed: Rc::new(Observed::new(path)),
        }
    }

    fn row(&self, method: &Method) -> Option<&Row> {
        let requested = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        self.rows.iter().find(|row| row.method == *requested)
    }

    fn matches(&self, path: &str) -> bool {
        path.strip_prefix(self.beginning.as_str())
            .is_some_and(|rest| matches(&self.rest, rest))
    }

    /// Stores the parameters of a path that matches. Ids that it spells in base64url
    /// are put in place of their spelling, so that handlers see ids alone.
    pub(crate) fn capture(&self, path: &mut Path<Url>) {
        let text = path.as_str();
        let Some(mut rest) = text.strip_prefix(self.beginning.as_str()) else {
            return;
        };
        let mut found = Vec::with_capacity(self.rest.len());
        for segment in &self.rest {
            let (value, after) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(_) => {}
                Segment::Parameter { name, ending } => {
                    found.push((name, value.strip_suffix(ending.as_str()).unwrap_or(value)));
                }
                Segment::Tail(name) => found.push((name, rest)),
            }
            rest = after;
        }
        let found: Vec<(String, String)> = found
            .into_iter()
            .map(|(name, value)| {
                let value = spelled(value).unwrap_or_else(|| value.to_owned());
                (name.clone(), value)
            })
            .collect();
        for (name, value) in found {
            path.add_static(name, value);
        }
    }
}

impl Segment {
    fn of(text: &str) -> Self {
        let parameter = text.strip_prefix('{').and_then(|text| text.split_once('}'));
        match parameter {
            None => Self::Literal(text.to_owned()),
            Some((name, ending)) => match name.strip_suffix(":.*") {
                Some(name) => Self::Tail(name.to_owned()),
                None => Self::Parameter {
                    name: name.to_owned(),
                    ending: ending.to_owned(),
                },
            },
        }
    }
}

/// Whether what follows the beginning of a pattern matches.
fn matches(pattern: &[Segment], rest: &str) -> bool {
    let mut segments = rest.split('/');
    for expected in pattern {
        let Some(found) = segments.next() else {
            return false;
        };
        match expected {
            Segment::Tail(_) => return true,
            Segment::Parameter { ending, .. }
                if found
                    .strip_suffix(ending.as_str())
                    .is_some_and(|value| !value.is_empty()) => {}
            Segment::Literal(text) if text == found => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}
