//! One's own account: seeing it, editing the profile, applying again after a rejection.

use super::register::tell_of_waiting;
use crate::{
    Error, Operation, Result, Tx,
    account::{Account, AccountState, Credentials, Influencer, InfluencerInput, Role, Sponsor, SponsorInput},
    event::thing,
    id::{AccountId, PictureId},
    notification::Notification,
    policy::Action,
    store::Key,
    value::{Email, Form, Username},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// Somebody's own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAccount {
    /// Its id.
    pub id: AccountId,
    /// Its user name.
    pub username: Username,
    /// Its address.
    pub email: Email,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// The address that is to replace it once it is proven.
    pub new_email: Option<Email>,
    /// What it is.
    pub role: Role,
    /// What it may do at all.
    pub state: AccountState,
    /// Why it was rejected, if it was.
    pub state_reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its portrait or logo.
    pub picture: Option<PictureId>,
    /// An influencer's profile.
    pub influencer: Option<Influencer>,
    /// A sponsor's profile.
    pub sponsor: Option<Sponsor>,
    /// Whether it has a second factor.
    pub second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: usize,
    /// How many notifications have not been read.
    pub unread: i64,
    /// The version of the profile: what [`EditOwnAccount`] compares.
    pub version: u64,
}

/// Shows somebody their own account.
#[derive(Clone, Copy, Debug, Default)]
pub struct ViewOwnAccount;

impl Operation for ViewOwnAccount {
    type Output = OwnAccount;
    const ACTION: Action = Action::ViewOwnAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OwnAccount> {
        let me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        let profile = profile_at(&me);
        tx.load(&[profile.clone(), Credentials::at(me.id), Notification::unread(me.id)]).await?;
        let factor = tx.peek_at::<Credentials>(Credentials::at(me.id)).await?.and_then(|credentials| credentials.second_factor);
        Ok(OwnAccount {
            influencer: if me.role == Role::Influencer { tx.peek_at(profile.clone()).await? } else { None },
            sponsor: if me.role == Role::Sponsor { tx.peek_at(profile.clone()).await? } else { None },
            second_factor: factor.is_some(),
            recovery_codes_left: factor.map_or(0, |factor| factor.recovery.len()),
            unread: tx.counter(Notification::unread(me.id)).await?,
            version: tx.version_at(&profile).await?,
            id: me.id,
            username: me.username,
            email: me.email,
            email_verified: me.email_verified,
            new_email: me.new_email,
            role: me.role,
            state: me.state,
            state_reason: me.state_reason,
            picture: me.picture,
            created_at: me.created_at,
        })
    }
}

/// Where an account's profile is kept; an admin's is the account itself.
fn profile_at(account: &Account) -> Key {
    match account.role {
        Role::Influencer => Influencer::at(account.id),
        Role::Sponsor => Sponsor::at(account.id),
        Role::Admin => Account::at(account.id),
    }
}

/// Changes the profile: a JSON merge patch (RFC 7396) of [`InfluencerInput`] or [`SponsorInput`].
#[derive(Clone, Debug, Default)]
pub struct EditOwnAccount {
    /// What changes; what is not named stays, `null` empties.
    pub patch: Map<String, Value>,
    /// The version of the profile the person has seen.
    pub version: Option<u64>,
}

impl Operation for EditOwnAccount {
    type Output = ();
    const ACTION: Action = Action::EditOwnAccount;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        tx.require_version(&profile_at(&me), self.version).await?;
        let mut form = Form::default();
        match me.role {
            Role::Admin => return Err(Error::not_now("no_profile", "Admins have no profile.")),
            Role::Influencer => {
                let before: Influencer = tx.fetch_at(Influencer::at(me.id)).await?;
                let after = patched(&InfluencerInput::from(&before), &self.patch)?.parse(&mut form, me.id);
                form.finish()?;
                if after == before {
                    return Ok(());
                }
                tx.put(&after)?;
            }
            Role::Sponsor => {
                let before: Sponsor = tx.fetch_at(Sponsor::at(me.id)).await?;
                let input = patched(&SponsorInput::from(&before), &self.patch)?;
                let mut after = input.parse(&mut form, me.id, before.verified.clone());
                form.finish()?;
                if after == before {
                    return Ok(());
                }
                // What an admin checked was that company at that place.
                if (&after.company, &after.website) != (&before.company, &before.website) {
                    after.verified = None;
                }
                tx.put(&after)?;
            }
        }
        let fields: Vec<&String> = self.patch.keys().collect();
        tx.happened([thing("account", me.id)], json!({ "fields": fields }));
        Ok(())
    }
}

/// An input after a merge patch. A field that is unknown or of another type is named.
fn patched<T: Serialize + DeserializeOwned>(input: &T, patch: &Map<String, Value>) -> Result<T> {
    let mut wrong = Form::default();
    for (field, value) in patch.iter().filter(|(_, value)| !value.is_null()) {
        let alone = Value::Object(Map::from_iter([(field.clone(), value.clone())]));
        if let Err(error) = serde_json::from_value::<T>(without_nulls(alone)) {
            wrong.wrong(&field.chars().take(80).collect::<String>(), "type", format!("This cannot be read: {error}."));
        }
    }
    wrong.finish()?;
    let unreadable = |error: serde_json::Error| Error::invalid("", "type", format!("This cannot be read: {error}."));
    let mut merged = serde_json::to_value(input).map_err(unreadable)?;
    merge(&mut merged, &Value::Object(patch.clone()));
    serde_json::from_value(merged).map_err(unreadable)
}

/// RFC 7396. Bodies are bounded in depth by whoever parsed them.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        match value {
            Value::Null => drop(target.remove(name)),
            value => merge(target.entry(name).or_insert(Value::Null), value),
        }
    }
}

/// A patch as it would be applied to nothing.
fn without_nulls(patch: Value) -> Value {
    let mut nothing = json!({});
    merge(&mut nothing, &patch);
    nothing
}

/// Applies again after a rejection.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyAgain;

impl Operation for ApplyAgain {
    type Output = ();
    const ACTION: Action = Action::ApplyAgain;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut me = tx.me()?.clone();
        tx.allow(&me.subject())?;
        if me.state != AccountState::Rejected {
            return Err(Error::not_now("not_rejected", "Your account was not rejected."));
        }
        me.state = AccountState::Pending;
        me.state_reason = None;
        tx.put(&me)?;
        tell_of_waiting(tx, me.id).await?;
        tx.happened([thing("account", me.id)], json!({ "from": "rejected", "to": "pending" }));
        Ok(())
    }
}
