//! Name constraints of an intermediate against the names of a leaf.

use pms_pki::Certificate;

use super::{Bytes, Plan, forge, read, rules, store};

/// Tags of mail address, host, URI and IP address in a `GeneralName`.
const KINDS: [u8; 4] = [0x81, 0x82, 0x86, 0x87];
/// Most names and most constraints.
const MOST: u8 = 6;

/// Either raw extensions, or constraints and names made by the bytes.
pub(crate) fn name_constraints(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    if bytes.byte().is_multiple_of(2) {
        let (constraints, names) = (bytes.part(), bytes.part());
        let common_name = String::from_utf8_lossy(bytes.rest());
        let _ = is_allowed(constraints, names, &common_name);
    } else {
        structured(&mut bytes);
    }
}

fn structured(bytes: &mut Bytes<'_>) {
    let (permitted, mut excluded) = (list(bytes), list(bytes));
    let names = list(bytes);
    let common_name = String::from_utf8_lossy(bytes.part()).into_owned();
    let allowed = |excluded: &[Vec<u8>]| {
        let subtrees = |tag: u8, bases: &[Vec<u8>]| {
            let subtrees: Vec<_> = bases.iter().map(|base| forge::sequence(&[base])).collect();
            let content = subtrees.concat();
            if content.is_empty() {
                content
            } else {
                forge::element(tag, &content)
            }
        };
        let permitted = subtrees(0xa0, &permitted);
        let constraints = forge::sequence(&[&permitted, &subtrees(0xa1, excluded)]);
        let names: Vec<_> = names.iter().map(Vec::as_slice).collect();
        is_allowed(&constraints, &forge::sequence(&names), &common_name)
    };
    let before = allowed(&excluded);
    excluded.push(general_name(bytes));
    let gained = before == Some(false) && allowed(&excluded) == Some(true);
    assert!(!gained, "an exclusion gave permission");
    // What is excluded by its own name is excluded.
    if let Some(host) = names
        .iter()
        .find(|name| name[0] == 0x82 && is_plain(&name[2..]))
    {
        excluded.push(host.clone());
        assert_ne!(
            allowed(&excluded),
            Some(true),
            "an excluded host was allowed"
        );
    }
}

fn is_plain(host: &[u8]) -> bool {
    !host.is_empty() && host.iter().all(u8::is_ascii_alphanumeric)
}

fn list(bytes: &mut Bytes<'_>) -> Vec<Vec<u8>> {
    let count = bytes.up_to(MOST);
    (0..count).map(|_| general_name(bytes)).collect()
}

fn general_name(bytes: &mut Bytes<'_>) -> Vec<u8> {
    let kind = KINDS[usize::from(bytes.up_to(4))];
    let length = usize::from(bytes.up_to(40));
    forge::element(kind, bytes.take(length))
}

/// Whether a leaf with these names is trusted below an intermediate with these constraints; `None`
/// when they can not be read.
fn is_allowed(constraints: &[u8], names: &[u8], common_name: &str) -> Option<bool> {
    let mut sub = Plan::authority("Sub", 1, "Root", 0);
    sub.extensions
        .push(forge::extension(forge::NAME_CONSTRAINTS, true, constraints));
    let mut leaf = Plan::leaf(common_name, 2, "Sub", 1);
    leaf.extensions
        .push(forge::extension(forge::ALTERNATIVE_NAME, false, names));
    let (sub, leaf) = (
        Certificate::from_der(&sub.sign()),
        Certificate::from_der(&leaf.sign()),
    );
    let (Ok(sub), Ok(leaf)) = (sub, leaf) else {
        return None;
    };
    let store = store(&[read(&Plan::root("Root", 0)), sub]);
    Some(store.path(&leaf, forge::now(), &rules()).is_ok())
}
