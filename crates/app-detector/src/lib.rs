//! The catalogue: which application a host name, an address, a port or a protocol belongs to.
//!
//! Plain files (`catalogue/*.toml`, one for each category) say what belongs to whom; [`Catalogue`] answers from them.
//! Pure: no clock, no network, and a look-up allocates nothing. What speaks for which application in a conversation,
//! and how strongly, is for those to judge who see the conversation.
//!
//! ```
//! use netsonde_app_detector::{Catalogue, Category};
//!
//! let catalogue = Catalogue::built_in();
//! let found = catalogue.by_name("codeload.GitHub.com.").map(|found| (found.app, found.rule));
//! let (app, rule) = found.ok_or("github.com is listed")?;
//! assert_eq!(rule, "github.com");
//! assert_eq!(&*catalogue.app(app).name, "GitHub");
//! assert_eq!(catalogue.app(app).category, Category::Developer);
//! // A name that merely ends in the same letters is somebody else's.
//! assert_eq!(catalogue.by_name("notgithub.com"), None);
//! # Ok::<(), &str>(())
//! ```

#![forbid(unsafe_code)]

mod catalogue;
mod category;

pub use catalogue::{App, AppId, Catalogue, CatalogueError, FILES, Match, Problem, Transport};
pub use category::Category;
