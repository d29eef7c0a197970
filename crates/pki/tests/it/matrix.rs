//! Hundreds of certificates of all kinds, each judged by us, by OpenSSL and by Java.

mod algorithms;
mod constrained;
mod lengths;
mod oddities;
mod shapes;
