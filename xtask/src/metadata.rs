//! What cargo knows of the workspace and of all it is built from.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// A package of the dependency graph.
#[derive(Debug, Clone)]
pub struct Package {
    /// The name on the registry, or of the workspace member.
    pub name: String,
    /// The folder of the manifest for a workspace member, from the root of the workspace.
    pub folder: Option<String>,
    /// The SPDX expression of the manifest.
    pub licence: Option<String>,
    /// The names of the packages that its normal and build dependencies ask for.
    pub needs: Vec<String>,
}

/// Asks cargo for the members of the workspace.
///
/// # Errors
///
/// When cargo fails or answers something that is not its documented format.
pub fn members(root: &Path) -> anyhow::Result<Vec<Package>> {
    packages(root, &cargo(root, &["metadata", "--format-version=1", "--no-deps"])?)
}

/// Asks cargo for every package that the workspace is built and tested from on this kind of machine.
///
/// # Errors
///
/// When cargo fails, for example because the lock file does not fit the manifests.
pub fn everything(root: &Path) -> anyhow::Result<Vec<Package>> {
    let version = cargo(root, &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = format!("--filter-platform={}", host.context("cargo -vV names no host")?);
    // Whoever runs this has built the workspace, so every package is at hand.
    packages(root, &cargo(root, &["metadata", "--format-version=1", "--locked", "--offline", &platform])?)
}

fn cargo(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(env!("CARGO")).current_dir(root).args(arguments).output()?;
    let problem = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo {} failed: {problem}", arguments.join(" "));
    Ok(String::from_utf8(output.stdout)?)
}

fn packages(root: &Path, json: &str) -> anyhow::Result<Vec<Package>> {
    let metadata: Value = serde_json::from_str(json)?;
    array(&metadata, "packages")?.iter().map(|value| package(root, value)).collect()
}

fn package(root: &Path, value: &Value) -> anyhow::Result<Package> {
    let manifest = Path::new(string(value, "manifest_path")?);
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    let mut needs = Vec::new();
    for dependency in array(value, "dependencies")? {
        // The kind is null for a normal dependency.
        if dependency.get("kind").and_then(Value::as_str) != Some("dev") {
            needs.push(string(dependency, "name")?.to_owned());
        }
    }
    Ok(Package {
        name: string(value, "name")?.to_owned(),
        folder: folder.map(|folder| folder.to_string_lossy().into_owned()),
        licence: value.get("license").and_then(Value::as_str).map(str::to_owned),
        needs,
    })
}

fn array<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a Vec<Value>> {
    value.get(key).and_then(Value::as_array).with_context(|| format!("cargo metadata has no list {key:?}"))
}

fn string<'a>(value: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("cargo metadata has no text {key:?}"))
}
