//! How many files and connections a process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than any process needs; the system may refuse a number without bound.
const ENOUGH: u64 = 1 << 20;

/// Raises the soft limit of open files to the hard one, up to a million: a soft limit is
/// 1,024 on many machines, for programs that can't work with more, and a process takes
/// thousands of connections. What the system refuses stays as it is.
pub fn raise_open_files() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
    if current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum,
        };
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_becomes_the_hard_one() {
        let before = getrlimit(Resource::Nofile);
        let low = Rlimit {
            current: before
                .maximum
                .map(|maximum| maximum.min(1024))
                .or(Some(1024)),
            maximum: before.maximum,
        };
        setrlimit(Resource::Nofile, low).unwrap();

        raise_open_files();

        let after = getrlimit(Resource::Nofile);
        let expected = before.maximum.map_or(ENOUGH, |maximum| maximum.min(ENOUGH));
        assert_eq!(after.current, Some(expected));
        assert_eq!(after.maximum, before.maximum);
    }
}
