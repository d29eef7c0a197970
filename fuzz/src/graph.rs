//! Trust paths through authorities that issued each other in any way, against a search that simply
//! tries everything.

use pms_pki::Certificate;
use pms_pki::certificate::SignatureCheck;
use pms_pki::trust::TrustPath;

use super::{Bytes, Plan, forge, read, rules, store};

/// Most authorities, so that everything can be tried.
const MOST: u8 = 9;
const NAMES: [&str; 5] = ["A", "B", "C", "D", "Leaf"];
/// As many signatures as the library verifies; a search that needs more may end without a path.
const VERIFICATIONS: usize = 100;
const MOST_INTERMEDIATES: usize = 5;

/// Certificates made by the bytes; the last one is the target.
pub(crate) fn trust_path(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let count = bytes.up_to(MOST);
    let authorities: Vec<_> = (0..count).map(|_| read(&plan(&mut bytes))).collect();
    let target = read(&plan(&mut bytes));
    let store = store(&authorities);
    let mut everything = Everything {
        authorities: &authorities,
        target: &target,
        verifications: 0,
    };
    let stored_root = authorities.contains(&target) && target.is_self_signed();
    match store.path(&target, forge::now(), &rules()) {
        Ok(path) if stored_root => assert!(path.issuers().is_empty()),
        Ok(path) => check(&path, &target),
        Err(_) => {
            let found = !stored_root && everything.leads_to_a_root(&mut Vec::new());
            let enough = everything.verifications > VERIFICATIONS;
            assert!(!stored_root && (!found || enough), "a path was missed");
        }
    }
}

fn plan(bytes: &mut Bytes<'_>) -> Plan {
    let mut name = || NAMES[usize::from(bytes.up_to(5))];
    let (subject, issuer) = (name(), name());
    let (key, signer) = (bytes.up_to(4), bytes.up_to(4));
    let mut plan = Plan::leaf(subject, key, issuer, signer);
    let flags = bytes.byte();
    let has = |bit: u8| flags & bit != 0;
    // Most are authorities.
    let length = has(1).then(|| bytes.up_to(4));
    plan.extensions
        .push(forge::basic_constraints(!has(2) || !has(4), length));
    if has(8) {
        plan.extensions
            .push(forge::key_usage(if has(16) { 0x80 } else { 0x04 }));
    }
    if has(32) {
        let id = forge::element(0x04, &[bytes.up_to(3)]);
        plan.extensions
            .push(forge::extension(forge::SUBJECT_KEY_ID, false, &id));
    }
    if has(64) {
        let id = forge::sequence(&[&forge::element(0x80, &[bytes.up_to(3)])]);
        plan.extensions
            .push(forge::extension(forge::AUTHORITY_KEY_ID, false, &id));
    }
    if has(128) && has(16) {
        plan.extensions
            .push(forge::extension(forge::UNKNOWN, has(1), &[5, 0]));
    }
    plan
}

/// What every path must be.
fn check(path: &TrustPath, target: &Certificate) {
    let issuers: Vec<_> = path.issuers().iter().map(|one| one.certificate()).collect();
    let (root, intermediates) = issuers.split_last().expect("a path to a root");
    assert!(root.is_self_signed());
    assert!(!target.extensions().unknown_critical);
    let mut below = target;
    for issuer in &issuers {
        assert!(signed(below, issuer) && *issuer != target);
        below = issuer;
    }
    let mut counted = 0;
    for (place, one) in intermediates.iter().enumerate() {
        assert!(acceptable(one, counted), "an unfit intermediate");
        assert!(!intermediates[..place].contains(one), "a loop");
        counted += usize::from(!one.is_self_issued());
    }
    assert!(counted <= MOST_INTERMEDIATES);
}

fn signed(issued: &Certificate, issuer: &Certificate) -> bool {
    issued.names_as_issuer(issuer)
        && issued.check_signature(issuer.public_key()) == SignatureCheck::Valid
}

/// Whether a certificate may stand above `counted` intermediates that are not self-issued.
fn acceptable(intermediate: &Certificate, counted: usize) -> bool {
    let extensions = intermediate.extensions();
    let limit = extensions.basic_constraints.and_then(|one| one.path_length);
    let within = limit.is_none_or(|limit| counted <= usize::try_from(limit).unwrap());
    within && intermediate.may_issue() && !extensions.unknown_critical
}

/// A search without any cleverness.
struct Everything<'a> {
    authorities: &'a [Certificate],
    target: &'a Certificate,
    verifications: usize,
}

impl<'a> Everything<'a> {
    fn leads_to_a_root(&mut self, path: &mut Vec<&'a Certificate>) -> bool {
        let below = path.last().copied().unwrap_or(self.target);
        let counted = path.iter().filter(|one| !one.is_self_issued()).count();
        if self.target.extensions().unknown_critical || counted > MOST_INTERMEDIATES {
            return false;
        }
        for next in self.authorities {
            if next == self.target || path.contains(&next) || !below.names_as_issuer(next) {
                continue;
            }
            self.verifications += 1;
            if !signed(below, next) {
                continue;
            }
            if next.is_self_signed() {
                return true;
            }
            if !acceptable(next, counted) {
                continue;
            }
            path.push(next);
            if self.leads_to_a_root(path) {
                return true;
            }
            path.pop();
        }
        false
    }
}
