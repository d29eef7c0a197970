//! Clients that eSignet has and that no table here knows: the reference left them there
//! when it failed after eSignet had registered them
//! (contract clients-users-notifications.md §1.7).
//!
//! They are taken up by an update, which changes all but the relying party. Public keys are
//! public, so that alone would give a client to who posts its key.

use pms_database::oidc_clients::intents::Declared;
use pms_integrations::esignet::{ClientRecord, NewClient, Unregistered};

use super::create::Command;
use crate::Context;

/// Has eSignet register the client, or takes up the one that it has, if that is the
/// partner's.
///
/// # Errors
/// Those of eSignet: its refusal of the create for a client that may be another's.
pub(super) async fn create(
    context: &Context,
    command: &Command,
    wanted: &NewClient,
    before: Declared,
) -> Result<(), Unregistered> {
    let created = context.esignet.create(wanted).await;
    let refused = match created {
        Err(refused) if refused.is_about_held() => refused,
        created => return created,
    };
    let record = context.esignet.record(&wanted.client_id).await;
    let by_admin = command.caller.is_partner_admin();
    if !may_take_up(&record, &wanted.relying_party_id, by_admin, before) {
        return Err(refused);
    }
    tracing::warn!(
        client = wanted.client_id,
        partner = wanted.relying_party_id,
        by = command.caller.user_id(),
        "a client that only eSignet knew is taken up",
    );
    context.esignet.take_up(wanted, refused).await
}

/// Whether the client is the partner's: eSignet says so. Where its release does not tell
/// whose a client is, an administrator decides, unless a call of another partner may have
/// made it.
fn may_take_up(record: &ClientRecord, partner_id: &str, by_admin: bool, before: Declared) -> bool {
    if let Some(owner) = record.relying_party() {
        return owner == partner_id;
    }
    match record {
        ClientRecord::Found(_)
        | ClientRecord::NotOffered
        | ClientRecord::NoAddress
        | ClientRecord::Refused => by_admin && before != Declared::Contested,
        // There is no such client: the key is not to eSignet's liking.
        ClientRecord::Missing => false,
        // It may tell later.
        ClientRecord::Unreachable => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_esignet_says_decides_and_where_it_says_nothing_an_administrator() {
        let of = |owner: &str| ClientRecord::Found(json!({ "relyingPartyId": owner }));
        let may = |record: &ClientRecord, by_admin| {
            may_take_up(record, "acme", by_admin, Declared::Fresh)
        };

        for by_admin in [false, true] {
            assert!(may(&of("acme"), by_admin));
            assert!(!may(&of("other"), by_admin));
            assert!(!may(&ClientRecord::Missing, by_admin));
            assert!(!may(&ClientRecord::Unreachable, by_admin));
        }
        for untold in [
            ClientRecord::Found(json!({})),
            ClientRecord::NotOffered,
            ClientRecord::NoAddress,
            ClientRecord::Refused,
        ] {
            assert!(may(&untold, true) && !may(&untold, false), "{untold:?}");
            assert!(!may_take_up(&untold, "acme", true, Declared::Contested));
        }
    }
}
