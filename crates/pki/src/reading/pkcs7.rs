//! Certificates inside PKCS#7 (CMS) `SignedData`, BER or DER.

use super::ber::{self, Element, SEQUENCE};
use crate::certificate::oid;

const OBJECT_IDENTIFIER: u8 = 0x06;
const INTEGER: u8 = 0x02;
const CONTEXT_0: u8 = 0xa0;

/// The encoded certificates of a `SignedData`, in their order; `None` when it is none.
pub(super) fn certificates(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let signed_data = signed_data(bytes)?;
    let bag = ber::children(signed_data.content).find(|part| part.tag == CONTEXT_0);
    let certificates = bag.into_iter().flat_map(|bag| ber::children(bag.content));
    Some(
        certificates
            .filter(|one| one.tag == SEQUENCE)
            .map(|one| one.whole)
            .collect(),
    )
}

fn signed_data(bytes: &[u8]) -> Option<Element<'_>> {
    let (content_info, _) = ber::read(bytes)?;
    let mut parts = ber::children(content_info.content);
    let kind = parts.next()?;
    let wrapper = parts.next()?;
    if content_info.tag != SEQUENCE
        || (kind.tag, kind.content) != (OBJECT_IDENTIFIER, oid::SIGNED_DATA)
        || wrapper.tag != CONTEXT_0
    {
        return None;
    }
    let (signed_data, _) = ber::read(wrapper.content)?;
    let version = ber::children(signed_data.content).next()?;
    (signed_data.tag == SEQUENCE && version.tag == INTEGER).then_some(signed_data)
}
