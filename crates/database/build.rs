//! Hands the texts of the migrations to the code: diesel embeds them, but doesn't
//! show them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let migrations = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("../../migrations");
    println!("cargo::rerun-if-changed={}", migrations.display());
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&migrations)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    folders.retain(|folder| folder.join("up.sql").exists());
    folders.sort();
    let mut texts = String::from("&[\n");
    for folder in folders {
        let name = folder.file_name().and_then(|name| name.to_str());
        let version = name.and_then(|name| name.split('_').next());
        let version = version.unwrap_or_default().replace('-', "");
        writeln!(
            texts,
            "({version:?}, include_str!({:?})),",
            folder.join("up.sql")
        )?;
    }
    texts.push(']');
    let out = Path::new(&std::env::var("OUT_DIR")?).join("migration_texts.rs");
    std::fs::write(out, texts)?;
    Ok(())
}
