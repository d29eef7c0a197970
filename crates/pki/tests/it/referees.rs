//! Other implementations that decide the same questions.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "says what is not compared, and why others differ"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use pms_pki::trust::PathFault;
use pms_pki::{Certificate, pack};

use crate::support::{rules, store};
use crate::tools::OpenSsl;

/// Whether a certificate is trusted.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) target: Certificate,
    pub(crate) roots: Vec<Certificate>,
    pub(crate) others: Vec<Certificate>,
    pub(crate) at: DateTime<Utc>,
    pub(crate) expected: Expected,
}

/// What the contract wants, and why another implementation decides otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    /// `Err` with the fault.
    pub(crate) ours: Result<(), PathFault>,
    pub(crate) java_differs: Option<&'static str>,
    pub(crate) openssl_differs: Option<&'static str>,
}

pub(crate) const TRUSTED: Expected = Expected {
    ours: Ok(()),
    java_differs: None,
    openssl_differs: None,
};
pub(crate) const UNTRUSTED: Expected = Expected {
    ours: Err(PathFault::NotFound),
    ..TRUSTED
};

impl Expected {
    pub(crate) const fn unlike_java(self, reason: &'static str) -> Self {
        Self {
            java_differs: Some(reason),
            ..self
        }
    }

    pub(crate) const fn unlike_openssl(self, reason: &'static str) -> Self {
        Self {
            openssl_differs: Some(reason),
            ..self
        }
    }
}

/// Asserts our own decision on every case, and that of the others. Prints where they differ.
pub(crate) fn judge(cases: &[Case]) {
    let mut wrong = Vec::new();
    for case in cases {
        let store = store(case.roots.iter().chain(&case.others));
        let ours = store.path(&case.target, case.at, &rules()).map(|_| ());
        if ours != case.expected.ours {
            wrong.push(format!("{}: ours is {ours:?}", case.name));
        }
    }
    let folder = OpenSsl::new();
    let openssl = openssl(&folder, cases);
    wrong.extend(compare(cases, "OpenSSL", &openssl, |one| {
        one.openssl_differs
    }));
    if let Some(java) = java(&folder, cases) {
        wrong.extend(compare(cases, "Java", &java, |one| one.java_differs));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn compare(
    cases: &[Case],
    who: &str,
    answers: &[Result<(), String>],
    differs: impl Fn(&Expected) -> Option<&'static str>,
) -> Vec<String> {
    assert_eq!(cases.len(), answers.len());
    let mut wrong = Vec::new();
    for (case, answer) in cases.iter().zip(answers) {
        let differs = differs(&case.expected);
        if let Some(reason) = differs {
            println!("{}: {who} differs: {reason}", case.name);
        }
        if (answer.is_ok() == case.expected.ours.is_ok()) == differs.is_some() {
            wrong.push(format!("{}: {who} says {answer:?}", case.name));
        }
    }
    wrong
}

/// Asks once about all targets that have the same surroundings.
fn openssl(folder: &OpenSsl, cases: &[Case]) -> Vec<Result<(), String>> {
    let alike = |a: &Case, b: &Case| (&a.roots, &a.others, a.at) == (&b.roots, &b.others, b.at);
    cases
        .chunk_by(alike)
        .flat_map(|group| openssl_group(folder, group))
        .collect()
}

fn openssl_group(folder: &OpenSsl, group: &[Case]) -> Vec<Result<(), String>> {
    let [first, ..] = group else {
        return Vec::new();
    };
    let all = |list: &[Certificate]| list.iter().map(pack::certificate_pem).collect::<String>();
    let names: Vec<_> = (0..group.len()).map(|n| format!("{n}.target")).collect();
    for (name, case) in names.iter().zip(group) {
        folder.write(name, pack::certificate_pem(&case.target));
    }
    folder.write("roots.pem", all(&first.roots));
    folder.write("others.pem", all(&first.others));
    let untrusted = if first.others.is_empty() {
        ""
    } else {
        "-untrusted others.pem"
    };
    let (at, targets) = (first.at.timestamp(), names.join(" "));
    let output = folder.try_run(&format!(
        "verify -auth_level 0 -attime {at} -no-CApath -no-CAstore -CAfile roots.pem {untrusted} \
         {targets}"
    ));
    let trusted = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    let verdict = |name: &String| {
        let fine = trusted.lines().any(|line| line == format!("{name}: OK"));
        fine.then_some(())
            .ok_or_else(|| failed.clone().into_owned())
    };
    names.iter().map(verdict).collect()
}

fn java(folder: &OpenSsl, cases: &[Case]) -> Option<Vec<Result<(), String>>> {
    let mut count = 0;
    let mut file = |certificate: &Certificate| {
        count += 1;
        let name = format!("{count}.der");
        folder.write(&name, certificate.der());
        folder.path(&name).display().to_string()
    };
    let lines: Vec<_> = cases
        .iter()
        .map(|case| {
            let target = file(&case.target);
            let mut all = |list: &[Certificate]| {
                let files: Vec<_> = list.iter().map(&mut file).collect();
                files.join(",")
            };
            let (roots, others) = (all(&case.roots), all(&case.others));
            format!("path\t{}\t{target}\t{roots}\t{others}", case.at.timestamp())
        })
        .collect();
    let answers = ask_java(&lines)?;
    let verdict = |answer: String| (answer == "ok").then_some(()).ok_or(answer);
    Some(answers.into_iter().map(verdict).collect())
}

/// One answer per line; `None`, with a message, where there is no JDK.
pub(crate) fn ask_java(lines: &[String]) -> Option<Vec<String>> {
    if Command::new("javac").arg("-version").output().is_err() {
        eprintln!("no JDK (apt-get install default-jdk-headless): not compared with Java");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/referees/Judge.java");
    let mut child = Command::new("java")
        .arg(source)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = lines.join("\n");
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    Some(said.lines().map(str::to_owned).collect())
}
