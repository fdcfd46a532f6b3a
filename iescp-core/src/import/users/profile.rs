//! What others see of somebody: an influencer's channels and niches, a sponsor's company.

use super::super::{
    Planner,
    cell::{Changes, basis_points, followers, line, number, prose, quoted, text},
    niche::{self, channels},
    plan::Unit,
    source::Fielded,
};
use crate::{
    account::{Channel, Influencer, Role, Sponsor},
    id::AccountId,
    value::{LANGUAGES, Line, SocialPlatform, Username, WebUrl},
};
use std::collections::BTreeMap;

impl Planner<'_> {
    pub(super) fn profile(
        &mut self,
        changes: &mut Changes,
        row: &Fielded<'_>,
        role: Role,
        account: AccountId,
        username: &Username,
        unit: &mut Unit,
    ) -> Result<(), String> {
        let mut meant = vec!["name"];
        match role {
            Role::Influencer => {
                let profile = self.influencer(changes, row, account, username);
                self.without_niche += u64::from(profile.niches.is_empty());
                unit.add(&profile);
                meant.extend([
                    "platform",
                    "handle",
                    "url",
                    "followers",
                    "engagement_rate",
                    "niche",
                    "languages",
                    "location",
                    "bio",
                ]);
                meant.extend(["description", "website"]);
            }
            Role::Sponsor => {
                unit.add(&sponsor(changes, row, account, username));
                meant.extend(["company", "industry", "website", "description", "bio", "url"]);
            }
            Role::Admin => {}
        }
        for field in ["company", "platform", "handle", "followers", "niche", "location", "bio", "industry", "website"] {
            let cell = row.get(field);
            if !meant.contains(&field) && !cell.is_blank() && number(cell) != Some(0) {
                changes.note(format!("{field} {} means nothing for {}, and was left out", quoted(cell), with_article(role)));
            }
        }
        Ok(())
    }

    fn influencer(&mut self, changes: &mut Changes, row: &Fielded<'_>, account: AccountId, username: &Username) -> Influencer {
        let followers = followers(changes, row.get("followers"));
        let handle = text(row.get("handle")).and_then(|text| line(changes, "handle", text.trim_start_matches('@')));
        let handle = handle.or_else(|| Line::parse(username).ok()).unwrap_or_default();
        let url = web(changes, "url", row);
        let engagement_rate = percent(changes, row);
        let named = text(row.get("platform")).map(|said| channels(changes, &said)).unwrap_or_default();
        let mut platforms = named;
        if platforms.is_empty() && (followers > 0 || url.is_some()) {
            changes.note(format!("{followers} followers on no platform stand under “other”"));
            platforms.push(SocialPlatform::Other);
        }
        if platforms.len() > 1 && followers > 0 {
            changes.note(format!(
                "all {followers} followers stand under the first platform, {}",
                platforms.first().map_or("other", |first| first.word())
            ));
        }
        let channels = platforms.into_iter().enumerate().map(|(at, platform)| Channel {
            platform,
            handle: handle.clone(),
            url: url.clone().filter(|_| at == 0),
            followers: if at == 0 { followers } else { 0 },
            engagement_rate: engagement_rate.filter(|_| at == 0),
        });
        let (niches, left) = text(row.get("niche")).map(|said| niche::of(&said)).unwrap_or_default();
        let mut bio = [row.get("bio"), row.get("description")].into_iter().filter_map(text).collect::<Vec<_>>();
        if !left.is_empty() {
            changes.note(format!("{} is no niche of the list, and stands in the bio", left.join(", ")));
            bio.push(left.join(", "));
        }
        bio.extend(text(row.get("website")));
        Influencer {
            account,
            display_name: display_name(changes, row, username),
            bio: prose(changes, "bio", &bio.join("\n\n")),
            location: text(row.get("location")).and_then(|text| line(changes, "location", &text)),
            languages: languages(changes, row),
            niches,
            channels: channels.collect(),
            rate_card: BTreeMap::new(),
        }
    }
}

fn sponsor(changes: &mut Changes, row: &Fielded<'_>, account: AccountId, username: &Username) -> Sponsor {
    let company = text(row.get("company")).and_then(|text| line(changes, "company", &text));
    let company = company.or_else(|| Line::parse(&display_name(changes, row, username)).ok()).unwrap_or_default();
    let said = [row.get("description"), row.get("bio"), row.get("url")].into_iter().filter_map(text).collect::<Vec<_>>();
    Sponsor {
        account,
        company,
        industry: text(row.get("industry")).and_then(|text| line(changes, "industry", &text)),
        website: web(changes, "website", row),
        description: prose(changes, "description", &said.join("\n\n")),
        verified: None,
    }
}

/// What somebody is called: their name, or the user name as it was.
fn display_name(changes: &mut Changes, row: &Fielded<'_>, username: &Username) -> Line<80> {
    let said = text(row.get("name")).or_else(|| text(row.get("username")));
    said.and_then(|text| line(changes, "name", &text)).or_else(|| Line::parse(username).ok()).unwrap_or_default()
}

/// A web address that may stand here: `https` or `http`.
fn web(changes: &mut Changes, field: &str, row: &Fielded<'_>) -> Option<WebUrl> {
    let said = text(row.get(field))?;
    WebUrl::parse(&said)
        .map_err(|_| changes.note(format!("{field} {} is no web address, and was left out", quoted(row.get(field)))))
        .ok()
}

fn languages(changes: &mut Changes, row: &Fielded<'_>) -> Vec<String> {
    let Some(said) = text(row.get("languages")) else { return Vec::new() };
    let mut known = Vec::new();
    for word in said.split([',', ';', '/', '|']).map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()) {
        let code = niche::LANGUAGE_NAMES.iter().find(|(name, _)| *name == word).map_or(word.as_str(), |(_, code)| code);
        if !LANGUAGES.contains(&code) || known.len() == 10 {
            changes.note(format!("language “{word}” is none that is known here, and was left out"));
        } else if !known.iter().any(|one| one == code) {
            known.push(code.to_owned());
        }
    }
    known
}

/// A rate in hundredths of a per cent, from one in per cent.
fn percent(changes: &mut Changes, row: &Fielded<'_>) -> Option<i64> {
    let cell = row.get("engagement_rate");
    let said = text(cell)?;
    let read = basis_points(said.trim().trim_end_matches('%').trim());
    if read.is_none() {
        changes.note(format!("engagement rate {} is none from 0 to 100 per cent, and was left out", quoted(cell)));
    }
    read
}

const fn with_article(role: Role) -> &'static str {
    match role {
        Role::Influencer => "an influencer",
        Role::Sponsor => "a sponsor",
        Role::Admin => "an administrator",
    }
}
