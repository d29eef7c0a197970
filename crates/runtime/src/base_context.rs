//! What the use cases of every service work with.

use chrono::NaiveDateTime;
use pms_database::{Clock, Db, Stamp};
use pms_web::Caller;
use pms_web::service::Service;

use crate::{Detached, Lists, Runtime, RuntimeError, Unpaged};

/// What the use cases of every service work with. The context of a service holds
/// one, and derefs to it.
pub struct BaseContext {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The bound of lists without pages.
    pub unpaged: Unpaged,
    /// Lists and searches.
    pub lists: Lists,
    /// Work that goes on when its request is given up.
    pub detached: Detached,
}

impl BaseContext {
    /// The base of `service`; the names of its metrics begin with `prefix`.
    ///
    /// # Errors
    /// When the process has metrics of these names already.
    pub fn new(
        runtime: &Runtime,
        service: &'static Service,
        prefix: &str,
    ) -> Result<Self, RuntimeError> {
        let unpaged = Unpaged::new(runtime, prefix)?;
        Ok(Self {
            db: runtime.db.clone(),
            clock: runtime.clock.clone(),
            lists: Lists::new(runtime, service, unpaged.clone()),
            unpaged,
            detached: runtime.detached.clone(),
        })
    }

    /// Author and time of a change by `caller`, now.
    pub fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp::new(caller.user_id(), self.now())
    }

    /// The present instant, as columns hold it.
    pub fn now(&self) -> NaiveDateTime {
        self.clock.now_naive()
    }
}
