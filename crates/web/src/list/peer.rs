//! What a client asks of a list whose rows a peer has.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::{FromRequest, HttpRequest, dev};
use pms_database::search::ListQuery;
use pms_database::search::lists::{PeerList, PeerPage};
use pms_domain::BusinessError;

use super::{describe_order, describe_page, order_of};
use crate::describe::{Describe, OperationDoc};
use crate::query::Members;

/// Order and page of the list `L`. Its filters are a [`crate::Query`] beside it: the
/// peer knows what they mean.
pub struct PeerListRequest<L> {
    order: ListQuery,
    list: PhantomData<L>,
}

impl<L: PeerList> PeerListRequest<L> {
    /// What to ask the peer for.
    ///
    /// # Errors
    /// The contract's codes (contract envelope-and-search.md §10.2).
    pub fn page(&self) -> Result<PeerPage, BusinessError> {
        PeerPage::of::<L>(&self.order)
    }

    /// `asc` or `desc`, as the client wrote it.
    pub fn into_direction(self) -> Option<String> {
        self.order.sort_type
    }
}

impl<L: PeerList> FromRequest for PeerListRequest<L> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let order = order_of(&Members::of(request.query_string()));
        let list = PhantomData;
        ready(order.map(|order| Self { order, list }).map_err(Into::into))
    }
}

impl<L: PeerList> Describe for PeerListRequest<L> {
    fn describe(doc: &mut OperationDoc) {
        describe_order(doc, L::SORTS.iter().map(|(name, _)| *name));
        describe_page(doc, Some(L::PAGE_SIZE));
    }
}
