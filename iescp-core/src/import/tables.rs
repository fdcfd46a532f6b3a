//! Which columns V2's tables had, and by which other names installations knew them.
//!
//! Columns are found by name without regard to case, spaces and marks. What is not listed here and holds something is reported.

use super::cell;
use super::ids::RowName;
use super::source::{Cell, Fielded, Known};

pub(super) const USERS: &[Known] = &[
    ("id", &["userid", "uid"]),
    ("username", &["user", "login"]),
    ("name", &["fullname", "displayname"]),
    ("company", &["companyname"]),
    ("email", &["emailaddress", "mail"]),
    ("password", &["passwordhash", "hashedpassword", "passhash", "pwhash"]),
    ("role", &["usertype", "type", "accounttype"]),
    ("last_login", &["lastloginat", "lastseen", "lastlogintime"]),
    ("created_at", &["created", "createdon", "datejoined", "joined", "joiningdate", "registeredat", "registeredon"]),
    ("platform", &["platforms", "socialmedia", "socialplatform", "channel"]),
    ("handle", &["socialhandle", "channelname"]),
    ("url", &["link", "profileurl", "channelurl", "profilelink", "sociallink"]),
    ("followers", &["followercount", "followerscount", "reach", "subscribers", "audience"]),
    ("engagement_rate", &["engagement"]),
    ("niche", &["niches", "category", "categories", "topics"]),
    ("languages", &["language"]),
    ("location", &["city", "country", "place"]),
    ("bio", &["about", "aboutme"]),
    ("industry", &["sector"]),
    ("website", &["web", "homepage"]),
    ("description", &["companydescription"]),
    ("ratings", &["rating", "averagerating", "avgrating"]),
    ("earnings", &["totalearnings", "earned", "income"]),
    ("flag", &["flagged", "blocked", "banned", "suspended"]),
    ("is_flagged", &["underreview", "reported"]),
    ("approved", &["isapproved", "verified", "isverified"]),
    ("active", &["isactive", "enabled"]),
    ("status", &["state", "accountstatus"]),
];

pub(super) const CAMPAIGNS: &[Known] = &[
    ("id", &["campaignid"]),
    ("sponsor_id", &["userid", "ownerid", "createdby", "sponsor", "companyid"]),
    ("name", &["title", "campaignname", "campaigntitle"]),
    ("description", &["details", "brief", "campaigndescription"]),
    ("goals", &["goal", "objective", "objectives"]),
    ("niche", &["niches", "category", "categories", "topic", "topics"]),
    ("platform", &["platforms"]),
    ("start_date", &["start", "startson", "begins", "startdate"]),
    ("end_date", &["end", "endson", "ends", "deadline"]),
    ("budget", &["totalbudget", "amount"]),
    ("visibility", &["privacy", "access"]),
    ("public", &["ispublic"]),
    ("private", &["isprivate"]),
    ("status", &["state", "campaignstatus"]),
    ("flag", &["flagged", "isflagged"]),
    ("created_at", &["created", "createdon", "datecreated"]),
];

pub(super) const REQUESTS: &[Known] = &[
    ("id", &["requestid"]),
    ("campaign_id", &["campaign"]),
    ("influencer_id", &["influencer", "userid"]),
    ("sponsor_id", &["sponsor", "ownerid"]),
    ("status", &["state", "requeststatus"]),
    ("created_at", &["created", "timestamp", "requestdate", "requestedat", "date"]),
];

pub(super) const PARTICIPATIONS: &[Known] = &[
    ("id", &["participationid"]),
    ("campaign_id", &["campaign"]),
    ("influencer_id", &["influencer", "userid"]),
    ("sponsor_id", &["sponsor", "ownerid"]),
    ("status", &["state", "participationstatus"]),
    ("created_at", &["created", "timestamp", "joinedat", "startedat", "date"]),
];

pub(super) const MESSAGES: &[Known] = &[
    ("id", &["messageid"]),
    ("sponsor_id", &["sponsor"]),
    ("influencer_id", &["influencer"]),
    ("sender_id", &["sender", "fromid", "fromuser", "senderuserid"]),
    ("receiver_id", &["receiver", "recipientid", "toid", "touser", "recipient"]),
    ("message", &["content", "text", "body", "messagetext"]),
    ("created_at", &["created", "timestamp", "date", "sentat", "time", "datetime"]),
];

/// The two a message is between: as sponsor and influencer, or as sender and receiver.
pub(super) fn message_parties<'a>(row: &Fielded<'a>) -> (&'a Cell, &'a Cell) {
    let or = |field: &str, other: &str| Some(row.get(field)).filter(|cell| !cell.is_blank()).unwrap_or(row.get(other));
    (or("sponsor_id", "sender_id"), or("influencer_id", "receiver_id"))
}

/// What a row is known by: its id; without one, who it is about, so that it stays the same row when others come before it.
pub(super) fn name_of(row: &Fielded<'_>) -> RowName {
    let plain = RowName::of(row);
    if plain.legacy >= 0 || !row.get("id").is_blank() {
        return plain;
    }
    let said = |fields: &[&str]| {
        let words: Option<Vec<String>> = fields.iter().map(|field| cell::word(row.get(field))).collect();
        words.map(|words| words.join(":"))
    };
    let text = said(&["campaign_id", "influencer_id"]).or_else(|| said(&["email"])).or_else(|| said(&["username"]));
    text.map_or(plain.clone(), |text| RowName { text, ..plain })
}
