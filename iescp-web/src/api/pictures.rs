//! Pictures: an account's, a campaign's, the proof of work. They come as the bytes of a file and go as addresses.

use super::{Chapter, Done, Failure, File, Made, Nothing, Once};
use crate::app::House;
use crate::identity::SignedIn;
use crate::pictures::{Shape, path};
use crate::problem::{FieldProblem, Problem, kinds};
use iescp_core::id::PictureId;
use iescp_core::picture::{
    self as core, AddProof, Image, PutCampaignPicture, PutOwnPicture, RemoveCampaignPicture, RemoveOwnPicture, Size,
};
use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Pictures;

/// A picture in two sizes, as addresses of this server. They answer to whoever may see the thing that the picture belongs to: by
/// the page's cookie, or by a token in `Authorization`. Another picture has other addresses.
#[derive(Object, Clone)]
pub struct Picture {
    /// Its id.
    pub id: Uuid,
    /// The path of the small one.
    pub small: String,
    /// At most so many pixels wide.
    pub small_width: u32,
    /// The path of the large one.
    pub large: String,
    /// At most so many pixels wide.
    pub large_width: u32,
}

impl Picture {
    fn new(id: PictureId, shape: Shape) -> Self {
        let [(small_width, _), (large_width, _)] = shape.sizes();
        let [small, large] = Size::ALL.map(|size| path(id, size));
        Self { id: id.into(), small, small_width, large, large_width }
    }

    /// An account's.
    #[must_use]
    pub fn portrait(id: PictureId) -> Self {
        Self::new(id, Shape::Portrait)
    }

    /// A campaign's.
    #[must_use]
    pub fn cover(id: PictureId) -> Self {
        Self::new(id, Shape::Cover)
    }

    /// One that proves work.
    #[must_use]
    pub fn proof(id: PictureId) -> Self {
        Self::new(id, Shape::Proof)
    }
}

/// Reads the bytes of a file as a picture.
async fn read(request: &Request, file: File, shape: Shape) -> Result<Image, Failure> {
    let house = House::of(request).map_err(|_| Problem::internal("a request came past the house"))?;
    house.studio.read(file.0, shape).await.map_err(|unfit| {
        let wrong = FieldProblem::new("", unfit.code(), unfit.to_string());
        Problem::new(&kinds::INVALID, unfit.to_string()).coded(unfit.code()).at(vec![wrong]).into()
    })
}

#[OpenApi(tag = "Chapter::Me")]
impl Pictures {
    /// Put one's own picture
    ///
    /// A portrait or logo, in place of the one before. It is read, turned upright, cut to a square, written anew without anything
    /// but its pixels, and counts on one's allowance.
    #[oai(path = "/me/picture", method = "put", operation_id = "put_own_picture")]
    async fn put_own(&self, who: SignedIn, request: &Request, file: File) -> Result<Done<Picture>, Failure> {
        let image = read(request, file, Shape::Portrait).await?;
        let placed = core::place(&who.0.platform, &who.0.actor, None, image, |draft| PutOwnPicture { draft }).await?;
        Ok(Done::new(Picture::portrait(placed.output.picture)))
    }

    /// Remove one's own picture
    ///
    /// Does nothing where there is none.
    #[oai(path = "/me/picture", method = "delete", operation_id = "remove_own_picture")]
    async fn remove_own(&self, who: SignedIn) -> Result<Nothing, Failure> {
        who.0.run(RemoveOwnPicture).await?;
        Ok(Nothing)
    }

    /// Put a campaign's picture
    ///
    /// By its sponsor, until it has ended; cut to sixteen by nine. It changes no words that offers rest on.
    #[oai(path = "/campaigns/:id/picture", method = "put", operation_id = "put_campaign_picture", tag = "Chapter::Campaigns")]
    async fn put_campaign(&self, who: SignedIn, request: &Request, id: Path<Uuid>, file: File) -> Result<Done<Picture>, Failure> {
        let (campaign, image) = (id.0.into(), read(request, file, Shape::Cover).await?);
        let make = |draft| PutCampaignPicture { campaign, draft };
        let placed = core::place(&who.0.platform, &who.0.actor, None, image, make).await?;
        Ok(Done::new(Picture::cover(placed.output.picture)))
    }

    /// Remove a campaign's picture
    ///
    /// By its sponsor, until it has ended. Does nothing where there is none.
    #[oai(
        path = "/campaigns/:id/picture",
        method = "delete",
        operation_id = "remove_campaign_picture",
        tag = "Chapter::Campaigns"
    )]
    async fn remove_campaign(&self, who: SignedIn, id: Path<Uuid>) -> Result<Nothing, Failure> {
        who.0.run(RemoveCampaignPicture { campaign: id.0.into() }).await?;
        Ok(Nothing)
    }

    /// Add a picture that proves work
    ///
    /// By the influencer, to what was submitted last, while it waits for its review or is disputed: up to six. Only the two parties
    /// and admins see it.
    #[oai(path = "/collaborations/:id/proofs", method = "post", operation_id = "add_proof", tag = "Chapter::Collaborations")]
    async fn add_proof(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        idempotency_key: Once,
        file: File,
    ) -> Result<Made<Picture>, Failure> {
        let (collaboration, image) = (id.0.into(), read(request, file, Shape::Proof).await?);
        let make = |draft| AddProof { collaboration, draft };
        let placed = core::place(&who.0.platform, &who.0.actor, idempotency_key.0, image, make).await?;
        Ok(Made::at(format!("/collaborations/{}", id.0), Picture::proof(placed.output.picture)).replayed(placed.replayed))
    }
}
