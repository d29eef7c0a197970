//! What fuzzing starts from and what it once found, replayed (`fuzz/README.md`).

use std::path::{Path, PathBuf};

#[path = "../../../../fuzz/src/targets.rs"]
mod targets;

pub(crate) use targets::{forge, read, store};

fn files(folder: &str, target: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let entries = std::fs::read_dir(root.join(folder).join(target));
    entries
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn nothing_that_fuzzing_knows_breaks_a_target() {
    for (name, target) in targets::ALL {
        let kept = files("corpus", name);
        assert!(!kept.is_empty(), "the corpus of {name} is empty");
        for file in kept.iter().chain(&files("artifacts", name)) {
            let data = std::fs::read(file).unwrap();
            assert!(data.len() <= 20_000, "{} is large", file.display());
            // Printed when the test fails.
            println!("{}", file.display());
            target(&data);
        }
    }
}
