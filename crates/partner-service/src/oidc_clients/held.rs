//! Clients that eSignet has and that no table here knows: the reference left them there
//! when it failed after eSignet had registered them, or a call of ours did whose answer was
//! lost (contract clients-users-notifications.md §1.7).
//!
//! They are taken up by an update, which changes all but the relying party. Public keys are
//! public, so that alone would give a client to who posts its key.

use pms_database::oidc_clients::intents::Declared;
use pms_integrations::esignet::{ClientRecord, Owner};

/// What becomes of a call about a client that eSignet has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The client is the partner's.
    TakeUp,
    /// It may be another's: eSignet's refusal is the answer.
    Refuse,
    /// It is another's, as eSignet says: what was asked before has made nothing.
    Foreign,
}

/// Whether the client is the partner's: eSignet says so. Where its release does not tell
/// whose a client is, a lost call of the partner that was the first about the key counts;
/// else an administrator decides, unless a call of another partner may have made it.
pub(super) fn judge(
    record: &ClientRecord,
    partner_id: &str,
    by_admin: bool,
    before: Declared,
) -> Verdict {
    let may = match (record.owner(partner_id), record) {
        (Owner::Another, _) => return Verdict::Foreign,
        // A client that is not active was ended by this service when its call was lost, and
        // is taken up again; or by an administrator of eSignet, and a partner that could take
        // it up would undo that.
        (Owner::Partner, _) => record.is_active() || by_admin || before == Declared::Unresolved,
        // eSignet may say on the next call that the client is another's.
        (Owner::Untold, ClientRecord::Unreachable) => false,
        // There is no such client: the key is not to eSignet's liking. An update shows
        // whether a lost call made it all the same.
        (Owner::Untold, ClientRecord::Missing) => before == Declared::Unresolved,
        (Owner::Untold, _) => match before {
            Declared::Unresolved => true,
            Declared::Fresh | Declared::Doubtful => by_admin,
            Declared::Contested => false,
        },
    };
    if may {
        Verdict::TakeUp
    } else {
        Verdict::Refuse
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(owner: &str, status: &str) -> ClientRecord {
        ClientRecord::Found(json!({ "relyingPartyId": owner, "status": status }))
    }

    fn may(record: &ClientRecord, by_admin: bool, before: Declared) -> bool {
        judge(record, "acme", by_admin, before) == Verdict::TakeUp
    }

    const BEFORE: [Declared; 4] = [
        Declared::Fresh,
        Declared::Contested,
        Declared::Unresolved,
        Declared::Doubtful,
    ];

    #[test]
    fn what_esignet_says_decides_whatever_was_asked_before() {
        for before in BEFORE {
            for by_admin in [false, true] {
                assert!(may(&of("acme", "ACTIVE"), by_admin, before));
                let foreign = judge(&of("other", "ACTIVE"), "acme", by_admin, before);
                assert_eq!(foreign, Verdict::Foreign);
                assert!(!may(&ClientRecord::Unreachable, by_admin, before));
            }
        }
    }

    #[test]
    fn a_client_that_was_ended_at_esignet_is_for_an_administrator_alone() {
        for record in [
            of("acme", "INACTIVE"),
            ClientRecord::Found(json!({ "relyingPartyId": "acme" })),
        ] {
            for before in BEFORE {
                assert!(may(&record, true, before));
                assert_eq!(may(&record, false, before), before == Declared::Unresolved);
            }
        }
    }

    #[test]
    fn where_esignet_says_nothing_a_first_lost_call_counts_or_an_administrator() {
        for untold in [
            ClientRecord::Found(json!({})),
            ClientRecord::NotOffered,
            ClientRecord::NoAddress,
            ClientRecord::Refused,
        ] {
            for by_admin in [false, true] {
                assert!(may(&untold, by_admin, Declared::Unresolved));
                assert_eq!(may(&untold, by_admin, Declared::Fresh), by_admin);
                assert_eq!(may(&untold, by_admin, Declared::Doubtful), by_admin);
                assert!(!may(&untold, by_admin, Declared::Contested));
            }
        }
        for before in [Declared::Fresh, Declared::Doubtful, Declared::Contested] {
            assert!(!may(&ClientRecord::Missing, true, before));
        }
    }
}
