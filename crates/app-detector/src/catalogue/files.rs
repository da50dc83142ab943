//! The files that are part of the program.

/// A file of `catalogue/`, by its name.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../../catalogue/", $name)))
    };
}

/// The catalogue's files, in alphabetical order: name and text.
pub const FILES: &[(&str, &str)] = &[
    file!("ads-analytics.toml"),
    file!("cdn.toml"),
    file!("cloud.toml"),
    file!("database.toml"),
    file!("developer.toml"),
    file!("file-sharing.toml"),
    file!("finance.toml"),
    file!("gaming.toml"),
    file!("iot.toml"),
    file!("mail.toml"),
    file!("messaging.toml"),
    file!("music.toml"),
    file!("network.toml"),
    file!("news.toml"),
    file!("other.toml"),
    file!("search.toml"),
    file!("security-vpn.toml"),
    file!("shopping.toml"),
    file!("social-media.toml"),
    file!("system-updates.toml"),
    file!("video-call.toml"),
    file!("video.toml"),
    file!("web.toml"),
    file!("work.toml"),
];
