//! What a sponsor says of a campaign, and what becomes of it.

use super::{Campaign, CampaignState, Visibility};
use crate::{
    Result, Settings,
    value::{Form, Line, NICHES, Prose, SocialPlatform, day_of},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// What is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// What the campaign is to achieve.
    pub goals: Prose<5000>,
    /// What to do.
    pub dos: Prose<2000>,
    /// What not to do.
    pub donts: Prose<2000>,
    /// Hashtags to use, without the `#`.
    pub hashtags: Vec<Line<60>>,
    /// Handles to mention, without the `@`.
    pub mentions: Vec<Line<60>>,
}

/// What a sponsor says of a new campaign. Only the title is needed for a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CampaignInput {
    /// What it is called: 1 to 120 characters.
    pub title: String,
    /// Everything else.
    #[serde(flatten)]
    pub rest: CampaignChanges,
}

/// What changes of a campaign; `None` leaves things as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignChanges {
    /// What it is called: 1 to 120 characters.
    pub title: Option<String>,
    /// What it is to achieve: at most 5,000 characters.
    pub goals: Option<String>,
    /// What to do: at most 2,000 characters.
    pub dos: Option<String>,
    /// What not to do: at most 2,000 characters.
    pub donts: Option<String>,
    /// At most 20 hashtags of at most 60 characters.
    pub hashtags: Option<Vec<String>>,
    /// At most 20 handles of at most 60 characters.
    pub mentions: Option<Vec<String>>,
    /// At most 5 of the managed list.
    pub niches: Option<Vec<String>>,
    /// Where it is to be published; empty means anywhere.
    pub platforms: Option<Vec<String>>,
    /// Its first day, `YYYY-MM-DD`.
    pub start: Option<String>,
    /// Its last day, `YYYY-MM-DD`.
    pub end: Option<String>,
    /// In minor units.
    pub budget: Option<i64>,
    /// `public` or `private`.
    pub visibility: Option<String>,
    /// What every advertisement must show: 1 to 60 characters.
    pub label: Option<String>,
}

impl CampaignChanges {
    /// Applies the changes. Answers whether words changed that offers rest on.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] with every wrong field.
    pub(super) fn apply(&self, campaign: &mut Campaign, now: Timestamp, settings: &Settings) -> Result<bool> {
        let before = (campaign.title.clone(), campaign.brief.clone(), campaign.label.clone(), campaign.start, campaign.end);
        let mut form = Form::default();
        if let Some(title) = &self.title {
            campaign.title = form.line("title", title);
        }
        self.apply_brief(campaign, &mut form);
        self.apply_market(campaign, &mut form);
        if let Some(label) = &self.label {
            campaign.label = form.line("label", label);
        }
        if let Some(budget) = self.budget {
            campaign.budget = form.money("budget", budget, 0);
        }
        for (field, said, day) in [("start", &self.start, &mut campaign.start), ("end", &self.end, &mut campaign.end)] {
            if let Some(said) = said {
                *day = parse_day(&mut form, field, said);
            }
        }
        if self.start.is_some() || self.end.is_some() {
            check_days(campaign, &mut form, day_of(now, &settings.time_zone));
        }
        if campaign.state != CampaignState::Draft {
            check_complete(campaign, &mut form);
        }
        form.finish()?;
        campaign.ends_at = campaign.end.map(|end| settings.end_of(end)).transpose()?;
        Ok(before != (campaign.title.clone(), campaign.brief.clone(), campaign.label.clone(), campaign.start, campaign.end))
    }

    fn apply_brief(&self, campaign: &mut Campaign, form: &mut Form) {
        let brief = &mut campaign.brief;
        if let Some(goals) = &self.goals {
            brief.goals = form.prose("goals", goals);
        }
        if let Some(dos) = &self.dos {
            brief.dos = form.prose("dos", dos);
        }
        if let Some(donts) = &self.donts {
            brief.donts = form.prose("donts", donts);
        }
        for (field, said, mark, words) in
            [("hashtags", &self.hashtags, '#', &mut brief.hashtags), ("mentions", &self.mentions, '@', &mut brief.mentions)]
        {
            let Some(said) = said else { continue };
            form.length(field, said, 0, 20);
            let word = |(at, word): (usize, &String)| -> Line<60> {
                form.line(&format!("{field}/{at}"), word.trim().trim_start_matches(mark))
            };
            *words = said.iter().take(20).enumerate().map(word).collect();
        }
    }

    fn apply_market(&self, campaign: &mut Campaign, form: &mut Form) {
        if let Some(niches) = &self.niches {
            form.length("niches", niches, 0, 5);
            campaign.niches = parse_niches(form, niches);
        }
        if let Some(platforms) = &self.platforms {
            form.length("platforms", platforms, 0, SocialPlatform::ALL.len());
            let words = platforms.iter().take(SocialPlatform::ALL.len()).enumerate();
            campaign.platforms =
                words.map(|(at, word)| form.take(&format!("platforms/{at}"), SocialPlatform::parse(word))).collect();
            campaign.platforms.sort_unstable();
            campaign.platforms.dedup();
        }
        match self.visibility.as_deref().map(str::trim) {
            None => {}
            Some("public") => campaign.visibility = Visibility::Public,
            Some("private") => campaign.visibility = Visibility::Private,
            Some(_) => form.wrong("visibility", "unknown", "Please choose public or private."),
        }
    }
}

/// Parses at most five niches of the managed list.
fn parse_niches(form: &mut Form, said: &[String]) -> Vec<String> {
    let mut niches = Vec::new();
    for (at, word) in said.iter().take(5).enumerate() {
        let word = word.trim().to_lowercase();
        if !NICHES.contains(&word.as_str()) {
            form.wrong(&format!("niches/{at}"), "unknown", "Please choose a niche of the list.");
        } else if !niches.contains(&word) {
            niches.push(word);
        }
    }
    niches
}

/// Parses a day; a blank one is none.
pub(crate) fn parse_day(form: &mut Form, field: &str, said: &str) -> Option<Date> {
    let said = said.trim();
    if said.is_empty() {
        return None;
    }
    let day = (said.len() == 10).then(|| said.parse::<Date>().ok()).flatten();
    if day.is_none() {
        form.wrong(field, "date", "Please give a day as YYYY-MM-DD.");
    }
    day.filter(|day| {
        let sensible = (1970..=2199).contains(&day.year());
        if !sensible {
            form.wrong(field, "date", "Please give a day between 1970 and 2199.");
        }
        sensible
    })
}

fn check_days(campaign: &Campaign, form: &mut Form, today: Date) {
    if let (Some(start), Some(end)) = (campaign.start, campaign.end)
        && end < start
    {
        form.wrong("end", "before_start", "The last day must not be before the first.");
    }
    if campaign.end.is_some_and(|end| end < today) {
        form.wrong("end", "past", "The last day must not be past.");
    }
}

/// What a campaign needs before others may see it.
pub(super) fn check_complete(campaign: &Campaign, form: &mut Form) {
    const NEEDED: &str = "A published campaign needs this.";
    if campaign.brief.goals.is_empty() {
        form.wrong("goals", "required", NEEDED);
    }
    if campaign.niches.is_empty() {
        form.wrong("niches", "required", NEEDED);
    }
    if campaign.start.is_none() {
        form.wrong("start", "required", NEEDED);
    }
    if campaign.end.is_none() {
        form.wrong("end", "required", NEEDED);
    }
    if campaign.budget.0 < 1 {
        form.wrong("budget", "required", "A published campaign needs a budget.");
    }
}

/// What is wrong with publishing a campaign now.
///
/// # Errors
/// [`crate::Error::Invalid`] with every field that is missing or past.
pub(super) fn require_publishable(campaign: &Campaign, today: Date) -> Result<()> {
    let mut form = Form::default();
    check_complete(campaign, &mut form);
    check_days(campaign, &mut form, today);
    form.finish()
}
