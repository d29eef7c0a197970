//! How much memory the bodies of all requests may take together.

use std::sync::Arc;

use actix_web::{HttpMessage as _, HttpRequest};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::edge::Edge;
use crate::http_error::HttpError;

/// Bodies up to this many bytes are not counted: nearly all requests stay below, and
/// large bodies that are sent slowly must not shut them out.
const NOT_COUNTED: usize = 16 * 1024;

/// What a body grows by in the count.
const STEP: usize = 64 * 1024;

/// The memory of a process for bodies; cloning shares it.
#[derive(Clone)]
pub(crate) struct BodyBudget {
    left: Arc<Semaphore>,
    /// A large body that is read as JSON takes many times its size for a moment: one
    /// is read at a time.
    reading: Arc<Semaphore>,
}

/// The share of one request, until the request is over.
struct Share(OwnedSemaphorePermit);

impl BodyBudget {
    /// For bodies of so many bytes together.
    pub(crate) fn of(bytes: usize) -> Self {
        Self {
            left: Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))),
            reading: Arc::new(Semaphore::new(1)),
        }
    }

    /// Room for `length` bytes of the body of a request, with what it holds already.
    ///
    /// # Errors
    /// 503 when the bodies of other requests leave no room.
    pub(crate) fn hold(request: &HttpRequest, length: usize) -> Result<(), HttpError> {
        if length <= NOT_COUNTED {
            return Ok(());
        }
        let edge = Edge::of(request);
        let longest = edge.body_limit().max(length);
        let wanted = length.next_multiple_of(STEP).min(longest);
        let mut extensions = request.extensions_mut();
        let held = extensions.get::<Share>().map_or(0, Share::bytes);
        let Some(more) = wanted.checked_sub(held).filter(|more| *more > 0) else {
            return Ok(());
        };
        let left = Arc::clone(&edge.bodies().left);
        let more = u32::try_from(more).map_err(|_too_much| HttpError::BUSY)?;
        let more = left
            .try_acquire_many_owned(more)
            .map_err(|_no_room| HttpError::BUSY)?;
        match extensions.get_mut::<Share>() {
            Some(Share(held)) => held.merge(more),
            None => {
                extensions.insert(Share(more));
            }
        }
        Ok(())
    }

    /// The turn to read a large body; `None` for a small one, which needs none.
    pub(crate) async fn turn(&self, length: usize) -> Option<OwnedSemaphorePermit> {
        if length <= STEP {
            return None;
        }
        // The semaphore is never closed.
        Arc::clone(&self.reading).acquire_owned().await.ok()
    }
}

impl Share {
    fn bytes(&self) -> usize {
        self.0.num_permits()
    }
}
