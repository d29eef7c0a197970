//! What a process is busy with, for the line about a stop that takes too long.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::http::Method;

use crate::route::Descriptor;

/// The requests that are being served, by their routes. Cloning shares them.
#[derive(Clone, Default)]
pub struct Running(Arc<Mutex<Counts>>);

/// By path as the route table has it.
type Counts = HashMap<String, Vec<(Method, usize)>>;

/// A request that is being served, until it is dropped.
pub(crate) struct Served {
    running: Running,
    route: Rc<Descriptor>,
}

impl Running {
    pub(crate) fn start(&self, route: &Rc<Descriptor>) -> Served {
        self.change(route, |count| count.saturating_add(1));
        Served {
            running: self.clone(),
            route: Rc::clone(route),
        }
    }

    /// Method and path of the routes that are being served, with the number of
    /// requests, in order.
    pub fn list(&self) -> Vec<String> {
        let mut found: Vec<String> = self
            .counts()
            .iter()
            .flat_map(|(path, methods)| {
                methods
                    .iter()
                    .map(move |(method, count)| (path, method, count))
            })
            .filter(|(_, _, count)| **count > 0)
            .map(|(path, method, count)| format!("{count} x {method} {path}"))
            .collect();
        found.sort();
        found
    }

    fn change(&self, route: &Descriptor, change: impl FnOnce(usize) -> usize) {
        let mut counts = self.counts();
        // Most requests find their route: no text is made for them.
        let methods = match counts.get_mut(&route.path) {
            Some(methods) => methods,
            None => counts.entry(route.path.clone()).or_default(),
        };
        match methods
            .iter_mut()
            .find(|(method, _)| *method == route.method)
        {
            Some((_, count)) => *count = change(*count),
            None => methods.push((route.method.clone(), change(0))),
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.running
            .change(&self.route, |count| count.saturating_sub(1));
    }
}
