//! Brings the third-party scripts that the binary embeds into `OUT_DIR`.
//!
//! They come from npm by exact version and lock file, or, for builds without npm, from the directory `IESCP_ASSETS_DIR`
//! (which then holds `htmx.min.js`). Nothing is written outside `OUT_DIR`; it runs again only when the lock file changes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// Where a script lies in the npm package, and what the binary calls it.
const SCRIPTS: [(&str, &str); 1] = [("node_modules/htmx.org/dist/htmx.min.js", "htmx.min.js")];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=package-lock.json");
    println!("cargo::rerun-if-env-changed=IESCP_ASSETS_DIR");
    if let Err(why) = bring_scripts() {
        println!("cargo::error={why}");
    }
}

fn bring_scripts() -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let assets = out.join("assets");
    fs::create_dir_all(&assets).map_err(|e| format!("{} cannot be made: {e}", assets.display()))?;
    if let Some(given) = env::var_os("IESCP_ASSETS_DIR").map(PathBuf::from) {
        for (_, name) in SCRIPTS {
            println!("cargo::rerun-if-changed={}", given.join(name).display());
            copy(&given.join(name), &assets.join(name))?;
        }
        return Ok(());
    }
    install(&out)?;
    SCRIPTS.iter().try_for_each(|(installed, name)| copy(&out.join(installed), &assets.join(name)))
}

fn install(out: &Path) -> Result<(), String> {
    for name in ["package.json", "package-lock.json"] {
        copy(Path::new(name), &out.join(name))?;
    }
    let npm = Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(out).output();
    match npm {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(format!("npm could not bring htmx: {}", one_line(&done.stderr))),
        Err(_) => Err("htmx is embedded into the binary and comes from npm, which was not found. \
             Install npm, or set IESCP_ASSETS_DIR to a directory that holds htmx.min.js."
            .into()),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(|_| ()).map_err(|e| format!("{} cannot be copied to {}: {e}", from.display(), to.display()))
}

fn one_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().collect::<Vec<_>>().join(" | ")
}
