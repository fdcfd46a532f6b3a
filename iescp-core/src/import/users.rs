//! Users become accounts with their profiles, old passwords, ratings and earnings.
//!
//! - `names` are the user names, `profile` what others see of somebody.
//!
//! **Not here**: what an old password is (`account::OldPassword`).

mod names;
mod profile;

use super::{
    Planner,
    cell::{Changes, amount, moment, quoted, text, word, yes},
    ids::{RowName, id},
    plan::Unit,
    report::TableReport,
    source::{Cell, Fielded, Fields},
    tables,
};
use crate::{
    account::{Account, AccountState, Credentials, KINDS_AT_MOST, OldKind, OldPassword, Role},
    collaboration::Review,
    id::{AccountId, CollaborationId, TransferId},
    ledger::{Cause, LedgerAccount, Transfer},
    request::Side,
    value::{Email, Money, Prose},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Somebody who is there, or will be.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub id: AccountId,
    pub role: Role,
}

/// What the first who try to break in would try.
const FIRST_GUESSES: [&str; 4] = ["admin", "password", "admin123", "123456"];
/// How many administrators' passwords are tried so.
const GUESSED_AT: usize = 3;

/// What is known of all users so far.
#[derive(Default)]
struct Seen {
    ids: HashSet<Uuid>,
    addresses: HashMap<String, String>,
    kinds: BTreeSet<OldKind>,
    guessed_at: usize,
    without_password: u64,
    /// Whether everybody needs an address, and those that somebody has here.
    by_address: bool,
    taken: HashSet<String>,
}

impl Planner<'_> {
    /// Plans all users, and remembers them by V2's ids.
    pub(super) fn users(&mut self) -> TableReport {
        let source = self.source;
        let fields = Fields::of(&source.users, tables::USERS);
        let mut report = TableReport::of("user");
        report.columns_left = fields.left();
        let mut seen = Seen { by_address: source.by_address, taken: self.present.addresses.clone(), ..Seen::default() };
        for row in fields.rows() {
            let name = tables::name_of(&row);
            let account = id(&source.name, "account", &name, 0);
            if !seen.ids.insert(account) {
                report.refused(name.text, "another row before it has the same id");
            } else if let Some(present) = self.present.accounts.get(&AccountId(account)) {
                let person = Person { id: present.id, role: present.role };
                self.people.insert(name.legacy, person);
                if present.role == Role::Admin && present.state == AccountState::Active && self.first_admin.is_none() {
                    self.first_admin = Some(present.id);
                }
                self.continued(&row, present.role);
                report.unchanged(name.text, account);
            } else {
                match self.user(&fields, &row, &name, account.into(), &mut seen) {
                    Ok((person, unit, changes)) => {
                        self.people.insert(name.legacy, person);
                        self.units.push(unit);
                        report.brought(name.text, account, changes.0);
                    }
                    Err(why) => report.refused(name.text, why),
                }
            }
        }
        if seen.without_password > 0 {
            let number = seen.without_password;
            self.notes.push(format!(
                "{number} accounts have no password here: each chooses one by “Forgot your password?”, which sends a link to its address"
            ));
        }
        report
    }

    fn user(
        &mut self,
        fields: &Fields<'_>,
        row: &Fielded<'_>,
        name: &RowName,
        account: AccountId,
        seen: &mut Seen,
    ) -> Result<(Person, Unit, Changes), String> {
        let mut changes = Changes::of(row);
        let role = role(&mut changes, row.get("role"))?;
        let username = self.username(&mut changes, row, name);
        let email = email(&mut changes, row, &username, seen, name)?;
        let (state, state_reason) = state(&mut changes, fields, row, role);
        let zone = &self.settings.time_zone;
        let last_login_at = moment(&mut changes, "last login", row.get("last_login"), zone, self.now);
        let created_at = moment(&mut changes, "time of making", row.get("created_at"), zone, self.now);
        let mut unit = Unit::default();
        unit.add(&Account {
            id: account,
            username: username.clone(),
            email,
            new_email: None,
            email_verified: false,
            role,
            state,
            state_reason,
            under_review: yes(&mut changes, "is_flagged", row.get("is_flagged")),
            created_at: created_at.or(last_login_at).unwrap_or(self.now),
            last_login_at,
            picture: None,
            legacy_id: (name.legacy >= 0).then_some(name.legacy),
        });
        let old = if fields.has("password") { old_password(&mut changes, row.get("password"), seen) } else { None };
        if old.is_none() {
            seen.without_password += 1;
        }
        if role == Role::Admin
            && let Some(old) = &old
        {
            self.guess(old, &username, name, seen);
        }
        unit.add(&Credentials::moved_in(account, old));
        self.profile(&mut changes, row, role, account, &username, &mut unit)?;
        self.rating(&mut changes, row, role, account, &mut unit);
        self.earnings(&mut changes, row, role, account, name, &mut unit);
        if role == Role::Admin && state == AccountState::Active && self.first_admin.is_none() {
            self.first_admin = Some(account);
        }
        Ok((Person { id: account, role }, unit, changes))
    }

    /// Says it if an administrator's password is one of the first that anybody would try.
    fn guess(&mut self, old: &OldPassword, username: &str, name: &RowName, seen: &mut Seen) {
        seen.guessed_at += 1;
        if seen.guessed_at <= GUESSED_AT && FIRST_GUESSES.iter().chain([&username]).any(|guess| old.is(guess)) {
            self.notes.push(format!(
                "the password of administrator {} (“{username}”) is one of the first that anybody would try: sign in and change it before this server can be reached from outside",
                name.text
            ));
        }
    }

    /// The rating somebody had becomes one review, marked as imported.
    fn rating(&self, changes: &mut Changes, row: &Fielded<'_>, role: Role, account: AccountId, unit: &mut Unit) {
        let cell = row.get("ratings");
        let said = match cell {
            Cell::Integer(number) => format!("{number}").parse().ok(),
            Cell::Real(number) => Some(*number),
            _ if cell.is_blank() => None,
            _ => Some(cell.said().and_then(|said| said.trim().parse().ok()).unwrap_or(f64::NAN)),
        };
        let Some(said) = said.filter(|said| *said != 0.0) else { return };
        if role == Role::Admin || !(1.0..=5.0).contains(&said) {
            changes.note(format!("rating {} is none from 1 to 5 of somebody who can be rated, and was left out", quoted(cell)));
            return;
        }
        let rounded = said.round_ties_even();
        let mut text = "The rating on the earlier platform.".to_owned();
        if rounded != said {
            text = format!("The rating on the earlier platform was {said} of 5.");
            changes.note(format!("rating {} is shown as {rounded} of 5; the review's text says it exactly", quoted(cell)));
        }
        let stars = [1_u8, 2, 3, 4, 5].into_iter().find(|stars| f64::from(*stars) == rounded).unwrap_or(1);
        unit.add(&Review {
            collaboration: CollaborationId(account.0),
            by: if role == Role::Influencer { Side::Sponsor } else { Side::Influencer },
            author: AccountId(Uuid::nil()),
            subject: account,
            rating: stars,
            text: Prose::parse(&text).unwrap_or_default(),
            at: self.now,
            published_at: Some(self.now),
            imported: true,
        });
    }

    /// Counts what somebody earned who came over before this run, when it continues one that broke off.
    fn continued(&mut self, row: &Fielded<'_>, role: Role) {
        if self.continuing && role == Role::Influencer {
            self.earnings +=
                amount(&mut Changes::default(), "earnings", row.get("earnings"), self.exponent()).map_or(0, |earned| earned.0);
        }
    }

    /// What somebody earned comes in and goes out at once: the total stands and nothing can be withdrawn.
    fn earnings(
        &mut self,
        changes: &mut Changes,
        row: &Fielded<'_>,
        role: Role,
        account: AccountId,
        name: &RowName,
        unit: &mut Unit,
    ) {
        let earned = match amount(changes, "earnings", row.get("earnings"), self.exponent()) {
            Ok(earned) => earned,
            Err(why) => {
                changes.note(format!("{why}, and was left out"));
                return;
            }
        };
        if earned == Money::ZERO {
            return;
        }
        if role != Role::Influencer {
            changes.note(format!("earnings {} of somebody who is no influencer were left out", quoted(row.get("earnings"))));
            return;
        }
        let (own, outside) = (LedgerAccount::Earnings(account), LedgerAccount::External);
        for (place, from, to) in [(0, outside, own), (1, own, outside)] {
            unit.add(&Transfer {
                id: TransferId(id(&self.source.name, "earnings", name, place)),
                influencer: Some(account),
                ..self.transfer(from, to, earned)
            });
        }
        self.earnings += earned.0;
    }

    /// A transfer that stands for what was before.
    pub(super) fn transfer(&self, from: LedgerAccount, to: LedgerAccount, amount: Money) -> Transfer {
        Transfer {
            id: TransferId(Uuid::nil()),
            from,
            to,
            amount,
            cause: Cause::Imported,
            at: self.now,
            campaign: None,
            collaboration: None,
            payout: None,
            sponsor: None,
            influencer: None,
            month: self.settings.day_of(self.now).strftime("%Y-%m").to_string(),
        }
    }
}

fn role(changes: &mut Changes, cell: &Cell) -> Result<Role, String> {
    let Some(said) = word(cell) else { return Err("it has no role".into()) };
    let role = match said.as_str() {
        "influencer" | "influencers" | "creator" => Role::Influencer,
        "sponsor" | "sponsors" | "brand" | "company" => Role::Sponsor,
        "admin" | "administrator" | "admins" => Role::Admin,
        _ => return Err(format!("its role {} is none of influencer, sponsor and admin", quoted(cell))),
    };
    if said != role.word() {
        changes.note(format!("role {} became {}", quoted(cell), role.word()));
    }
    Ok(role)
}

fn email(changes: &mut Changes, row: &Fielded<'_>, username: &str, seen: &mut Seen, name: &RowName) -> Result<Email, String> {
    let cell = row.get("email");
    let email = text(cell).and_then(|text| Email::parse(&text).ok());
    if let Some(email) = &email
        && seen.taken.contains(&email.folded())
    {
        return Err(format!("somebody has the e-mail address {} here already", quoted(cell)));
    }
    let Some(email) = email else {
        if seen.by_address {
            return Err(format!("e-mail address {} is none, and without a password nobody could sign in", quoted(cell)));
        }
        let stand_in = format!("{username}@no-address.invalid");
        changes.note(format!("e-mail address {} is none: “{stand_in}” stands there until they give one", quoted(cell)));
        return Email::parse(&stand_in).map_err(|wrong| wrong.detail);
    };
    match seen.addresses.get(&email.folded()) {
        Some(other) => changes.note(format!("its e-mail address is also that of {other}: with it only the later signs in")),
        None => drop(seen.addresses.insert(email.folded(), name.text.clone())),
    }
    Ok(email)
}

fn state(changes: &mut Changes, fields: &Fields<'_>, row: &Fielded<'_>, role: Role) -> (AccountState, Option<String>) {
    let suspended = || (AccountState::Suspended, Some("Flagged on the earlier platform.".to_owned()));
    let is_sponsor = role == Role::Sponsor;
    if yes(changes, "flag", row.get("flag")) {
        return suspended();
    }
    match word(row.get("status")).as_deref() {
        Some("flagged" | "blocked" | "banned" | "suspended") => return suspended(),
        Some("pending" | "waiting" | "unapproved") if is_sponsor => return (AccountState::Pending, None),
        Some("rejected") if is_sponsor => return (AccountState::Rejected, None),
        None | Some("active" | "approved") => {}
        Some(_) => changes.note(format!("status {} says nothing here", quoted(row.get("status")))),
    }
    let disapproved = fields.has("approved") && !yes(changes, "approved", row.get("approved"));
    let inactive = fields.has("active") && !row.get("active").is_blank() && !yes(changes, "active", row.get("active"));
    match (is_sponsor, disapproved, inactive) {
        (true, true, _) | (true, _, true) => (AccountState::Pending, None),
        (false, _, true) => {
            changes.note("it was not active and is suspended");
            (AccountState::Suspended, Some("Not active on the earlier platform.".to_owned()))
        }
        _ => (AccountState::Active, None),
    }
}

/// The password somebody had, if it can be checked here. What stands there is in no report.
fn old_password(changes: &mut Changes, cell: &Cell, seen: &mut Seen) -> Option<OldPassword> {
    if cell.is_blank() {
        changes.note("it had no password, and has none here");
        return None;
    }
    let Some(old) = text(cell).and_then(|text| OldPassword::parse(text.trim())) else {
        changes.note("its password is kept in a form that cannot be checked here, and was left out");
        return None;
    };
    if seen.kinds.len() >= KINDS_AT_MOST && !seen.kinds.contains(&old.kind()) {
        changes.note("its password is hashed in one way more than are checked here, and was left out");
        return None;
    }
    seen.kinds.insert(old.kind());
    Some(old)
}
