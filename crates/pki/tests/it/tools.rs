//! The command lines of other implementations.

use std::path::PathBuf;
use std::process::{Command, Output};

use chrono::{DateTime, Utc};
use pms_pki::Certificate;
use pms_pki::reading::read_certificate;
use tempfile::TempDir;

/// A directory in which `openssl` makes and checks things.
pub(crate) struct OpenSsl(TempDir);

impl OpenSsl {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs `openssl` with arguments separated by blanks (`_` in a subject stays `_`).
    pub(crate) fn run(&self, arguments: &str) -> String {
        let output = self.try_run(arguments);
        assert!(output.status.success(), "openssl {arguments}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn try_run(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command
            .args(arguments.split_whitespace())
            .current_dir(self.0.path());
        command.output().expect("openssl is needed by these tests")
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        read_certificate(&self.read(name)).unwrap()
    }

    /// A self-signed CA `<name>.pem` with key `<name>.key`; `key` is what `-newkey` takes.
    pub(crate) fn root(&self, name: &str, key: &str, options: &str) -> Certificate {
        self.run(&format!(
            "req -x509 -newkey {key} -nodes -keyout {name}.key -out {name}.pem -days 1000 \
             -subj /C=IN/O={name}/CN={name} {options}"
        ));
        self.certificate(&format!("{name}.pem"))
    }

    /// A leaf `<name>.pem` of the organisation Acme, signed by `issuer`.
    pub(crate) fn leaf(&self, name: &str, key: &str, issuer: &str, options: &str) -> Certificate {
        self.write("leaf.cnf", "subjectKeyIdentifier=hash\n");
        self.run(&format!(
            "req -new -newkey {key} -nodes -keyout {name}.key -out {name}.csr \
             -subj /C=IN/O=Acme/CN={name}"
        ));
        self.run(&format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -days 800 \
             -out {name}.pem {options}"
        ));
        self.certificate(&format!("{name}.pem"))
    }
}

/// The time of the certificates that `openssl` makes.
pub(crate) fn wall_clock() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

/// What `keytool -printcert` says; `None` where there is no Java.
pub(crate) fn keytool(file: &std::path::Path) -> Option<String> {
    let output = Command::new("keytool")
        .args(["-printcert", "-file"])
        .arg(file)
        .output()
        .ok()?;
    assert!(output.status.success(), "keytool: {output:?}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
