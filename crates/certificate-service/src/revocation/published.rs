//! A list of revoked certificates as it is sent.

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use pms_database::certificates::{Crl, CrlHead};

/// A list, ready to be sent.
#[derive(Debug)]
pub(crate) struct Published {
    key_id: String,
    head: CrlHead,
    /// DER.
    pub(crate) data: Bytes,
}

impl Published {
    /// Names this list among all.
    pub(crate) fn tag(&self) -> String {
        format!("{}-{}", self.key_id, self.head.crl_number)
    }

    /// When it was made.
    pub(crate) fn made(&self) -> DateTime<Utc> {
        self.head.this_update.and_utc()
    }

    /// When the next one is made, unless a certificate is revoked before.
    pub(crate) fn renewed(&self) -> DateTime<Utc> {
        renewal(&self.head)
    }

    /// Whether it is the one of this number and these dates.
    pub(super) fn is_of(&self, head: CrlHead) -> bool {
        self.head == head
    }
}

/// Half way through its validity: a fetched list can be used for a while.
pub(super) fn renewal(head: &CrlHead) -> DateTime<Utc> {
    let half = (head.next_update - head.this_update) / 2;
    (head.this_update + half).and_utc()
}

impl From<Crl> for Published {
    fn from(list: Crl) -> Self {
        Self {
            key_id: list.key_id,
            head: CrlHead {
                crl_number: list.crl_number,
                this_update: list.this_update,
                next_update: list.next_update,
            },
            data: list.crl_data.into(),
        }
    }
}
