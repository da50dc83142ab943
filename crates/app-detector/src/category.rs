//! What applications are for.

use std::fmt;

use netsonde_units::PerKey;

/// What an application is for; each has a file of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Category {
    /// Films, series, television and clips.
    Video,
    /// Music, radio and podcasts.
    Music,
    /// Meetings and calls with a picture.
    VideoCall,
    /// Messages between people.
    Messaging,
    /// Networks of people who show each other what they do.
    SocialMedia,
    /// Games, their stores and platforms.
    Gaming,
    /// Office software and what companies run on.
    Work,
    /// Rented machines and platforms.
    Cloud,
    /// Networks that deliver what others publish.
    Cdn,
    /// Sites and what sites are made with.
    Web,
    /// Search engines and assistants that answer.
    Search,
    /// Mail.
    Mail,
    /// Newspapers and agencies.
    News,
    /// Shops and marketplaces.
    Shopping,
    /// Banks, payment and exchanges.
    Finance,
    /// What programmers use.
    Developer,
    /// Private networks, protection and signing in.
    SecurityVpn,
    /// Advertising and measuring of visitors.
    AdsAnalytics,
    /// Operating systems and where they get their updates.
    SystemUpdates,
    /// Things in the house that are connected.
    Iot,
    /// Files kept, synchronised and shared.
    FileSharing,
    /// Databases and queues.
    Database,
    /// What keeps the network itself running.
    Network,
    /// All else.
    Other,
}

impl Category {
    /// How many categories there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every category, in the order of the enumeration.
    pub const ALL: [Self; 24] = [
        Self::Video,
        Self::Music,
        Self::VideoCall,
        Self::Messaging,
        Self::SocialMedia,
        Self::Gaming,
        Self::Work,
        Self::Cloud,
        Self::Cdn,
        Self::Web,
        Self::Search,
        Self::Mail,
        Self::News,
        Self::Shopping,
        Self::Finance,
        Self::Developer,
        Self::SecurityVpn,
        Self::AdsAnalytics,
        Self::SystemUpdates,
        Self::Iot,
        Self::FileSharing,
        Self::Database,
        Self::Network,
        Self::Other,
    ];

    /// Returns the name that is shown, `Video Call`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Video => "Video",
            Self::Music => "Music",
            Self::VideoCall => "Video Call",
            Self::Messaging => "Messaging",
            Self::SocialMedia => "Social Media",
            Self::Gaming => "Gaming",
            Self::Work => "Work",
            Self::Cloud => "Cloud",
            Self::Cdn => "CDN",
            Self::Web => "Web",
            Self::Search => "Search",
            Self::Mail => "Mail",
            Self::News => "News",
            Self::Shopping => "Shopping",
            Self::Finance => "Finance",
            Self::Developer => "Developer",
            Self::SecurityVpn => "Security/VPN",
            Self::AdsAnalytics => "Ads/Analytics",
            Self::SystemUpdates => "System/Updates",
            Self::Iot => "IoT",
            Self::FileSharing => "File Sharing",
            Self::Database => "Database",
            Self::Network => "Network",
            Self::Other => "Other",
        }
    }

    /// Returns the category that is shown as `name`, letter for letter.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl PerKey for Category {
    #[inline]
    fn number(self) -> usize {
        // Lossless: the enumeration is a byte.
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_every_category_in_order_and_names_lead_back() {
        for (number, category) in Category::ALL.into_iter().enumerate() {
            assert_eq!(category.number(), number);
            assert_eq!(Category::from_name(category.name()), Some(category));
        }
        assert_eq!(Category::from_name("video"), None);
    }
}
