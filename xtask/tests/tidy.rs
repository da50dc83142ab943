//! The shape of this workspace is what its documents say.

use std::fs;

use xtask::metadata::{everything, members};
use xtask::tree::{root, text_files};
use xtask::{container, faults, fuzzing, invariants, licences, marks, rooms, sources};

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";

fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}

#[test]
fn dependency_table_equals_the_manifests() -> anyhow::Result<()> {
    let table = rooms::parse_table(&fs::read_to_string(root().join(ARCHITECTURE))?)?;
    assert_none(&rooms::table_complaints(&table, &members(root())?));
    Ok(())
}

#[test]
fn rooms_import_only_from_levels_below() -> anyhow::Result<()> {
    let table = rooms::parse_table(&fs::read_to_string(root().join(ARCHITECTURE))?)?;
    assert_none(&rooms::level_complaints(&table));
    Ok(())
}

#[test]
fn files_are_short_enough_to_read() -> anyhow::Result<()> {
    assert_none(&sources::length_complaints(&text_files(root())?));
    Ok(())
}

#[test]
fn only_the_calculator_of_metrics_looks_into_packets() -> anyhow::Result<()> {
    assert_none(&sources::dissect_complaints(&text_files(root())?));
    Ok(())
}

#[test]
fn every_invariant_names_a_test_that_exists() -> anyhow::Result<()> {
    let architecture = fs::read_to_string(root().join(ARCHITECTURE))?;
    assert_none(&invariants::invariant_complaints(&architecture, &text_files(root())?));
    Ok(())
}

#[test]
fn every_fault_is_held_by_tests_that_exist() -> anyhow::Result<()> {
    let table = fs::read_to_string(root().join("docs/faults.md"))?;
    assert_none(&faults::fault_complaints(&table, &text_files(root())?));
    Ok(())
}

/// Fault 43 of the design's public implementation: what nobody had thought of ended what it had nothing to do with.
#[test]
fn a_panic_ends_no_program() -> anyhow::Result<()> {
    assert_none(&faults::panic_complaints(&fs::read_to_string(root().join("Cargo.toml"))?));
    Ok(())
}

#[test]
fn licences_are_allowed_and_no_crate_is_banned() -> anyhow::Result<()> {
    let packages = everything(root())?;
    assert_none(&licences::licence_complaints(&packages));
    assert_none(&licences::banned_complaints(&packages));
    Ok(())
}

#[test]
fn unsafe_code_is_forbidden() -> anyhow::Result<()> {
    assert_none(&sources::unsafe_complaints(&text_files(root())?));
    Ok(())
}

#[test]
fn no_file_has_unfinished_marks_or_names_of_one_machine() -> anyhow::Result<()> {
    assert_none(&marks::mark_complaints(&text_files(root())?));
    Ok(())
}

#[test]
fn every_fuzz_target_has_a_corpus() -> anyhow::Result<()> {
    assert_none(&fuzzing::corpus_complaints(root())?);
    Ok(())
}

#[test]
fn the_container_is_made_from_what_exists_with_the_rust_we_ask_for() -> anyhow::Result<()> {
    let file = fs::read_to_string(root().join(container::FILE))?;
    assert_none(&container::copy_complaints(&file, root()));
    assert_none(&container::rust_complaints(&file, &fs::read_to_string(root().join("Cargo.toml"))?));
    Ok(())
}
