//! Icons: our own drawings, from one sprite; always beside a word or hidden from those who listen.

use crate::assets;
use maud::{Markup, html};

macro_rules! icons {
    ($($name:ident = $word:literal),+ $(,)?) => {
        /// An icon of the sprite.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[allow(missing_docs, reason = "an icon is what its name says")]
        pub enum Icon { $($name),+ }

        impl Icon {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its id in the sprite.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }
        }
    };
}

icons! {
    Home = "home", Search = "search", Bell = "bell", Message = "message", Campaign = "campaign", People = "people",
    Inbox = "inbox", Hands = "hands", Money = "money", Star = "star", Settings = "settings", More = "more", Leave = "leave",
    Flag = "flag", Scales = "scales", List = "list", Alert = "alert", Check = "check", Info = "info", Clock = "clock",
    Outward = "outward", Plus = "plus", Close = "close", Lock = "lock", Picture = "picture", Print = "print", Download = "download", Chart = "chart", Send = "send",
}

/// The icon, hidden from those who listen: a word stands beside it.
#[must_use]
pub fn icon(icon: Icon) -> Markup {
    html! { svg.icon aria-hidden="true" focusable="false" width="20" height="20" { use href={ (assets::url("icons.svg")) "#" (icon.word()) } {} } }
}

/// The platform's mark: two who overlap.
#[must_use]
pub fn mark() -> Markup {
    html! { svg.mark aria-hidden="true" focusable="false" width="28" height="28" { use href={ (assets::url("icons.svg")) "#mark" } {} } }
}
