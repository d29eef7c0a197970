//! Arithmetic on public keys that the cryptographic library does not know: whether a point is on its
//! curve, and whether the numbers of a DSA key belong together.
//!
//! All of it is about public numbers, so it need not take the same time for each.

use std::cmp::Ordering;

use x509_parser::num_bigint::BigUint;

use crate::der;
use crate::reading::ber;

/// A named curve y² = x³ + ax + b over the integers modulo p (SEC 2, RFC 5639).
pub(super) struct Weierstrass {
    pub(super) oid: &'static [u8],
    /// Octets of a coordinate.
    size: usize,
    p: &'static str,
    a: &'static str,
    b: &'static str,
}

impl Weierstrass {
    /// The named curves that OpenSSL and Java read, besides those of the cryptographic library.
    pub(super) const ALL: [Self; 5] = [
        Self {
            // secp224r1
            oid: &[0x2b, 0x81, 4, 0, 33],
            size: 28,
            p: "ffffffffffffffffffffffffffffffff000000000000000000000001",
            a: "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
            b: "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
        },
        Self {
            // secp256k1
            oid: crate::elliptic::SECP256K1,
            size: 32,
            p: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
            a: "0",
            b: "7",
        },
        Self {
            // brainpoolP256r1
            oid: &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7],
            size: 32,
            p: "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
            a: "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
            b: "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
        },
        Self {
            // brainpoolP384r1
            oid: &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11],
            size: 48,
            p: "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123\
                acd3a729901d1a71874700133107ec53",
            a: "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f\
                8aa5814a503ad4eb04a8c7dd22ce2826",
            b: "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d5\
                7cb4390295dbc9943ab78696fa504c11",
        },
        Self {
            // brainpoolP512r1
            oid: &[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13],
            size: 64,
            p: "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330871\
                7d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3",
            a: "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc\
                2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca",
            b: "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a7\
                2bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723",
        },
    ];

    /// Whether the octets are an uncompressed point of this curve.
    pub(super) fn has(&self, point: &[u8]) -> bool {
        let Some((4, coordinates)) = point.split_first() else {
            return false;
        };
        let (p, a, b) = (number(self.p), number(self.a), number(self.b));
        let Some((x, y)) = coordinates.split_at_checked(self.size) else {
            return false;
        };
        let (x, y) = (BigUint::from_bytes_be(x), BigUint::from_bytes_be(y));
        if coordinates.len() != 2 * self.size || x >= p || y >= p {
            return false;
        }
        (&y * &y) % &p == (&x * &x * &x + a * &x + b) % &p
    }
}

/// A twisted Edwards curve sx² + y² = 1 + dx²y² (RFC 8032), whose keys are a y and the sign of x.
pub(super) struct Edwards {
    /// Octets of a key.
    size: usize,
    /// 2 to the power of the first, less the second and the third.
    p: (u32, &'static str),
    s: Sign,
    /// Modulo p.
    d: fn(&BigUint) -> Option<BigUint>,
}

#[derive(Clone, Copy)]
enum Sign {
    Plus,
    Minus,
}

pub(super) const EDWARDS_25519: Edwards = Edwards {
    size: 32,
    p: (255, "13"),
    s: Sign::Minus,
    // -121665/121666
    d: |p| {
        let inverse = BigUint::from(121_666_u32).modinv(p)?;
        Some(p - (BigUint::from(121_665_u32) * inverse) % p)
    },
};

pub(super) const EDWARDS_448: Edwards = Edwards {
    size: 57,
    p: (
        448,
        "100000000000000000000000000000000000000000000000000000001",
    ),
    s: Sign::Plus,
    d: |p| Some(p - BigUint::from(39_081_u32)),
};

impl Edwards {
    /// Whether there is a point with this y on the curve.
    pub(super) fn has(&self, key: &[u8]) -> bool {
        key.len() == self.size && self.recover(key) == Some(true)
    }

    /// Whether x² = (y² − 1) / (dy² − s) has a solution.
    fn recover(&self, key: &[u8]) -> Option<bool> {
        let p = (BigUint::from(1_u8) << self.p.0) - number(self.p.1);
        let mut little_endian = key.to_vec();
        *little_endian.last_mut()? &= 0x7f;
        let y = BigUint::from_bytes_le(&little_endian);
        if y.cmp(&p) != Ordering::Less {
            return Some(false);
        }
        let one = BigUint::from(1_u8);
        let squared = (&y * &y) % &p;
        let numerator = (&squared + &p - &one) % &p;
        let scaled = ((self.d)(&p)? * &squared) % &p;
        let denominator = match self.s {
            Sign::Plus => (scaled + &p - &one) % &p,
            Sign::Minus => (scaled + &one) % &p,
        };
        let product = (numerator * denominator) % &p;
        let half = (&p - &one) >> 1_u32;
        // By Euler's criterion: 1 for squares, 0 for 0.
        Some(product.modpow(&half, &p) <= one)
    }
}

/// A DSA key with the group that it is in.
pub(super) struct DsaKey {
    p: BigUint,
    q: BigUint,
    g: BigUint,
    y: BigUint,
}

impl DsaKey {
    /// Reads `Dss-Parms` behind the algorithm, and the number of the key.
    pub(super) fn read(algorithm: &[u8], bits: &[u8]) -> Option<Self> {
        let parameters = ber::children(algorithm).nth(1)?;
        let mut group = ber::children(parameters.content).map(|one| positive(one.tag, one.content));
        let (p, q, g) = (group.next()??, group.next()??, group.next()??);
        let (key, rest) = ber::read(bits)?;
        if parameters.tag != der::SEQUENCE || group.next().is_some() || !rest.is_empty() {
            return None;
        }
        let y = positive(key.tag, key.content)?;
        Some(Self { p, q, g, y })
    }

    /// Whether the sizes are within those of FIPS 186-4, and generator and key are in the group.
    pub(super) fn is_sane(&self) -> bool {
        let one = BigUint::from(1_u8);
        let sizes = (1024..=3072).contains(&self.p.bits()) && (160..=256).contains(&self.q.bits());
        let in_group = |number: &BigUint| {
            *number > one && *number < self.p && number.modpow(&self.q, &self.p) == one
        };
        sizes && in_group(&self.g) && in_group(&self.y)
    }
}

/// A positive INTEGER in its shortest form.
fn positive(tag: u8, content: &[u8]) -> Option<BigUint> {
    let number = BigUint::from_bytes_be(content);
    let encoded = der::unsigned(content);
    let whole = der::element(tag, &[content]);
    (tag == der::INTEGER && whole == encoded).then_some(number)
}

/// A number that is written in this file.
fn number(hex: &str) -> BigUint {
    BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default()
}
