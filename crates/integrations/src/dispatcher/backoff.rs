//! Pauses between deliveries of one row.

use std::time::Duration;

/// The pause after `failures` failed deliveries: `first` doubled for each
/// failure after the first, at most `longest`, then shortened by up to a half
/// so that rows that failed together don't come back together.
///
/// `spread` in `0.0..=1.0` says by how much of that half.
pub(super) fn pause(failures: u32, first: Duration, longest: Duration, spread: f64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(30)));
    let whole = doubled.min(longest);
    whole.mul_f64(1.0 - spread.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(500), Duration::from_secs(300));

        assert_eq!(pause(1, first, longest, 0.0), Duration::from_millis(500));
        assert_eq!(pause(3, first, longest, 0.0), Duration::from_secs(2));
        assert_eq!(pause(4000, first, longest, 0.0), longest);
        assert_eq!(pause(1, first, longest, 1.0), Duration::from_millis(250));
    }
}
