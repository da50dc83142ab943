//! Brings the database of countries into the program, where its package is installed.
//!
//! The package is one of the dashboard's (`web/package.json`), so that `make build` has it. Without it an empty file is embedded
//! in its place, and the program says that it knows no countries.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where the package is, from the root of the workspace.
const DATABASE: &str =
    "web/node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb";
/// What npm writes whenever it installs something.
const INSTALLED: &str = "web/node_modules/.package-lock.json";

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let database = root.join(DATABASE);
    // Cargo runs a script each time that is to watch a file that is not there.
    let watched = [DATABASE, INSTALLED, "web"].map(|path| root.join(path));
    if let Some(there) = watched.iter().find(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", there.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    let Some(folder) = env::var_os("OUT_DIR") else {
        return Err(io::Error::other("cargo does not say where to write"));
    };
    let content = if database.is_file() { fs::read(&database)? } else { Vec::new() };
    fs::write(PathBuf::from(folder).join("countries.mmdb"), content)
}
