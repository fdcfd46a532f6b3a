//! `GET /pictures/{id}/{size}`: a picture's bytes, for whoever may see it (S-41, S-47).
//!
//! Pages ask with their cookie; a program may bring its token instead. What may not be seen and what is not there are answered
//! alike. A picture's address changes with the picture, so whoever has it need not ask again.

use crate::access_token::AccessTokens;
use crate::app::House;
use crate::identity::{self, Caller};
use crate::problem::Problem;
use iescp_core::id::PictureId;
use iescp_core::picture::{PictureView, Size, ViewPicture};
use iescp_core::{Actor, Error, Operation, Sight, session};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Request, Response, Result};
use std::sync::Arc;

/// What a picture's document may do, should it be opened by itself: nothing.
const POLICY: &str = "default-src 'none'; sandbox";

/// What everybody may see, caches may keep for a day: a profile can be closed meanwhile.
const PUBLIC: &str = "public, max-age=86400, immutable";
const PRIVATE: &str = "private, no-store";

/// Answers with the bytes of a picture.
///
/// # Errors
/// Not found, if there is no such picture for whoever asks.
pub async fn serve(house: Arc<House>, request: Request) -> Result<Response> {
    let missing = || Problem::from(Error::NotFound);
    let id: PictureId = request.raw_path_param("id").and_then(|id| id.parse().ok()).ok_or_else(missing)?;
    let size = request.raw_path_param("size");
    let size = Size::ALL.into_iter().find(|known| Some(known.word()) == size).ok_or_else(missing)?;
    let (sight, look) = (Sight::new(), ViewPicture { picture: id });
    let actor = asker(&house, &sight, &look, &request).await.map_err(Problem::from)?;
    let view = house.platform.run_in(&sight, &actor, look).await.map_err(Problem::from)?;
    let tag = format!("\"{id}.{}\"", size.word());
    if crate::api::none_match(request.headers(), &tag) {
        return Ok(headers(&view, size, &tag).status(StatusCode::NOT_MODIFIED).finish());
    }
    let bytes = house.platform.blobs().get(size.blob(id)).await.map_err(|error| Problem::from(Error::from(error)))?;
    let Some(bytes) = bytes else {
        tracing::error!(picture = %id, size = size.word(), "a picture's bytes are not there");
        return Err(missing().into());
    };
    Ok(headers(&view, size, &tag).content_type(view.picture.media_type.name()).body(bytes))
}

fn headers(view: &PictureView, size: Size, tag: &str) -> poem::ResponseBuilder {
    let picture = &view.picture;
    // The name is ours throughout, and plain: nothing in it could mean anything else.
    let name = format!("picture-{}-{}.{}", picture.id, size.word(), picture.media_type.ending());
    Response::builder()
        .header(header::CACHE_CONTROL, if view.public { PUBLIC } else { PRIVATE })
        .header(header::ETAG, tag)
        .header(header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\""))
        .header(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))
}

/// Who asks: by a token if the request brings one, else by the cookie.
async fn asker(house: &House, sight: &Sight, look: &ViewPicture, request: &Request) -> iescp_core::Result<Actor> {
    let tokens: &AccessTokens = &house.tokens;
    let origin = identity::origin(request);
    match Caller::read(request.headers(), tokens, house.now()) {
        Caller::Nobody => identity::by_cookie(house, sight, request, |asker| look.foresees(asker)).await,
        Caller::Session(claims) => Ok(Actor::session(claims.sub.into(), claims.sid.into()).from(origin)),
        Caller::Personal(token) => {
            let known = session::by_token(&house.platform, &token.reveal().to_owned().into(), origin).await?;
            known.ok_or(Error::SignedOut("There is no such token, or it has ended."))
        }
        Caller::Rejected(why) => Err(Error::SignedOut(why)),
    }
}
