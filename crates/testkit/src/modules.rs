//! A file of tests that no `mod` line names is not compiled, and the compiler is silent
//! about it: its tests look like tests that pass.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Fails when this process lacks the tests of a file in `root`, the directory of its
/// `main.rs`, or below.
pub fn assert_all_compiled(root: &str) {
    let root = Path::new(root);
    let this = env::current_exe().unwrap();
    let listed = Command::new(this).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut files = Vec::new();
    collect(root, &mut files);
    assert!(!files.is_empty(), "no tests in {}", root.display());
    for file in files {
        let module = file.strip_prefix(root).unwrap().with_extension("");
        let module = format!("{}::", module.to_str().unwrap().replace('/', "::"));
        assert!(
            listed.lines().any(|test| test.starts_with(&module)),
            "no test of {} is compiled: its mod line is missing",
            file.display()
        );
    }
}

/// The files with tests in a directory and below, but not `main.rs`.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("main.rs") {
            let text = fs::read_to_string(&path).unwrap();
            if text.contains("#[test]\n") || text.contains("::test]\n") {
                files.push(path);
            }
        }
    }
}
