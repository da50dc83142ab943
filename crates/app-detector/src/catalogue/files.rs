//! The files that are part of the program.

/// A file of `catalogue/`, by its name.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../catalogue/", $name)))
    };
}

/// The catalogue's files, in alphabetical order: name and text.
pub const FILES: &[(&str, &str)] = &[
    file!("cdn.toml"),
    file!("cloud.toml"),
    file!("database.toml"),
    file!("developer.toml"),
    file!("file-sharing.toml"),
    file!("mail.toml"),
    file!("network.toml"),
    file!("other.toml"),
    file!("search.toml"),
    file!("security-vpn.toml"),
    file!("system-updates.toml"),
    file!("web.toml"),
    file!("work.toml"),
];
