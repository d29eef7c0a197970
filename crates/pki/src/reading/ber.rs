//! A reader for BER elements that never recurses and never panics.

/// Constructed, of the class universal: SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;

/// One element; primitive or constructed, definite or indefinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// Identifier octet; for long tags its first octet.
    pub(crate) tag: u8,
    /// Content without header and end marker.
    pub(crate) content: &'a [u8],
    /// The element as encoded.
    pub(crate) whole: &'a [u8],
}

struct Header {
    tag: u8,
    size: usize,
    /// `None` is the indefinite form.
    length: Option<usize>,
}

/// Splits the first element off `input`.
pub(crate) fn read(input: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let header = header(input)?;
    let body = input.get(header.size..)?;
    let (content, marker) = match header.length {
        Some(length) => (body.get(..length)?, 0),
        None => (body.get(..end_of_contents(body)?)?, 2),
    };
    let size = header
        .size
        .checked_add(content.len())?
        .checked_add(marker)?;
    let (whole, rest) = input.split_at_checked(size)?;
    Some((
        Element {
            tag: header.tag,
            content,
            whole,
        },
        rest,
    ))
}

/// The elements in `input`; ends early when the bytes stop being BER.
pub(crate) fn children(mut input: &[u8]) -> impl Iterator<Item = Element<'_>> {
    std::iter::from_fn(move || {
        let (element, rest) = read(input)?;
        input = rest;
        Some(element)
    })
}

fn header(input: &[u8]) -> Option<Header> {
    let mut bytes = input.iter().copied();
    let tag = bytes.next()?;
    let mut size = 1;
    if tag & 0x1f == 0x1f {
        size += bytes.by_ref().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    }
    let first = bytes.next()?;
    size += 1;
    let length = match first {
        0x00..=0x7f => Some(usize::from(first)),
        0x80 if tag & 0x20 != 0 => None,
        0x81..=0x84 => {
            let octets = usize::from(first & 0x7f);
            let digits = input.get(size..)?.get(..octets)?;
            size += octets;
            Some(
                digits
                    .iter()
                    .fold(0, |sum, digit| sum << 8 | usize::from(*digit)),
            )
        }
        _ => return None,
    };
    Some(Header { tag, size, length })
}

/// Where the end marker that closes an indefinite element starts in its body.
fn end_of_contents(body: &[u8]) -> Option<usize> {
    let mut depth = 1_usize;
    let mut at = 0_usize;
    loop {
        let header = header(body.get(at..)?)?;
        match header.length {
            Some(0) if header.tag == 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
                at = at.checked_add(header.size)?;
            }
            Some(length) => at = at.checked_add(header.size)?.checked_add(length)?,
            None => {
                depth += 1;
                at = at.checked_add(header.size)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definite_and_indefinite_elements_have_the_same_content() {
        let definite = [0x30, 0x03, 0x02, 0x01, 0x05, 0xff];
        let indefinite = [0x30, 0x80, 0x02, 0x01, 0x05, 0x00, 0x00, 0xff];

        let (first, rest) = read(&definite).unwrap();
        let (second, tail) = read(&indefinite).unwrap();

        assert_eq!(first.content, second.content);
        assert_eq!((rest, tail), (&[0xff][..], &[0xff][..]));
    }

    #[test]
    fn nested_indefinite_elements_end_at_their_own_marker() {
        let bytes = [
            0x30, 0x80, 0xa0, 0x80, 0x05, 0x00, 0x00, 0x00, 0x31, 0x00, 0x00, 0x00,
        ];

        let (outer, rest) = read(&bytes).unwrap();

        assert!(rest.is_empty());
        assert_eq!(
            children(outer.content)
                .map(|child| child.tag)
                .collect::<Vec<_>>(),
            [0xa0, 0x31]
        );
    }

    #[test]
    fn cut_off_elements_are_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x02, 0x00],
            &[0x30, 0x80, 0x00],
            &[0x30, 0x85, 0, 0, 0, 0, 1],
        ] {
            assert_eq!(read(bytes), None);
        }
    }

    #[test]
    fn a_hundred_thousand_open_levels_do_not_overflow_the_stack() {
        let bytes = [0x30, 0x80].repeat(100_000);

        assert_eq!(read(&bytes), None);
    }
}
