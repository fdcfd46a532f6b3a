//! Somebody's own rows as files: asked for, made later, fetched.

use super::listing::{list, wanted};
use super::{Body, Chapter, Cursor, Failure, IfNoneMatch, Limit, Listed, Once, PREFIX, Shown, Timestamp};
use crate::app::House;
use crate::download;
use crate::identity::SignedIn;
use crate::problem::from_poem;
use iescp_core::export::{Export as Asked, ExportFormat, ExportKind, ExportState, ListExports, RequestExport, ViewExport};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Request, Response};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

/// The operations.
pub struct Exports;

/// A file of one's own rows, made on demand.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct Export {
    /// Its id.
    id: Uuid,
    /// `campaigns`, `requests`, `collaborations`, `ledger`, `statement`, `accounts`, `audit` or `everything`.
    kind: String,
    /// `csv`, `pdf` or `zip`.
    format: String,
    /// `queued`, `running`, `ready`, `failed` or `expired`.
    state: String,
    /// How many rows are done; once it is ready, how many there are.
    rows: u64,
    /// When it was asked for.
    created_at: Timestamp,
    /// The moment of which it is true.
    as_of: Option<Timestamp>,
    /// When it became ready, or failed.
    ended_at: Option<Timestamp>,
    /// Until when its file can be fetched.
    expires_at: Option<Timestamp>,
    /// Its file, while there is one.
    file: Option<ExportFile>,
    /// Why it failed, if it did.
    why: Option<String>,
}

/// The file of an export.
#[derive(Object)]
struct ExportFile {
    /// What it is called.
    name: String,
    /// How large it is, in bytes.
    bytes: u64,
    /// The SHA-256 of its bytes, as hexadecimal digits.
    sha256: String,
}

/// What is to be exported.
#[derive(Object)]
struct NewExport {
    /// A sponsor's `campaigns`, `requests`, `collaborations`, `ledger`; an influencer's `statement`, `requests`,
    /// `collaborations`; an admin's `accounts`, `audit`; `everything` that is held about whoever asks.
    #[oai(validator(max_length = 32))]
    kind: String,
    /// `csv`, or of a statement `pdf`; `zip` of everything. If nothing is said, `csv` where that is possible.
    #[oai(validator(max_length = 8))]
    format: Option<String>,
}

impl Export {
    fn new(asked: Asked, now: jiff::Timestamp) -> Self {
        let state = asked.state_at(now);
        let ready = state == ExportState::Ready;
        let file = asked.file.filter(|_| ready);
        Self {
            id: asked.id.into(),
            kind: ExportKind::word(asked.kind).to_owned(),
            format: ExportFormat::word(asked.format).to_owned(),
            state: state.word().to_owned(),
            rows: asked.rows,
            created_at: Timestamp(asked.asked_at),
            as_of: asked.as_of.map(Timestamp),
            ended_at: asked.ended_at.map(Timestamp),
            expires_at: ready.then_some(Timestamp(asked.until)),
            file: file.map(|file| ExportFile { name: file.name, bytes: file.bytes, sha256: file.sha256 }),
            why: asked.why,
        }
    }
}

#[OpenApi(tag = "Chapter::Exports")]
impl Exports {
    /// Ask for an export
    ///
    /// Of one's own rows; an admin's of everybody's. It is made soon: ask at the address in `Location` how far it is. At most
    /// three are made at a time, thirty in a day.
    #[oai(path = "/exports", method = "post", operation_id = "request_export")]
    async fn request_export(&self, who: SignedIn, idempotency_key: Once, body: Body<NewExport>) -> Result<Underway, Failure> {
        let ask = RequestExport { kind: body.0.kind, format: body.0.format };
        let asked = who.0.run_once(idempotency_key.0, ask).await?;
        let now = who.0.platform.clock().now();
        Ok(Underway { replayed: asked.replayed, export: Export::new(asked.output, now) })
    }

    /// List one's exports
    ///
    /// The newest first; for a month after they failed or expired.
    #[oai(path = "/exports", method = "get", operation_id = "list_exports")]
    async fn list_exports(
        &self,
        who: SignedIn,
        request: &Request,
        limit: Query<Option<Limit>>,
        cursor: Query<Option<Cursor>>,
    ) -> Result<Listed<Export>, Failure> {
        let now = who.0.platform.clock().now();
        list(&who.0, request, ListExports { page: wanted(limit.0, cursor.0) }, |asked| Export::new(asked, now)).await
    }

    /// Show an export
    ///
    /// How far it is. Nobody sees another's, admins included.
    #[oai(path = "/exports/:id", method = "get", operation_id = "show_export")]
    async fn show_export(&self, who: SignedIn, id: Path<Uuid>, if_none_match: IfNoneMatch) -> Result<Shown<Export>, Failure> {
        let asked = who.0.run(ViewExport { export: id.0.into() }).await?;
        Ok(Shown::as_seen(Export::new(asked, who.0.platform.clock().now()), 0, &if_none_match))
    }

    /// Fetch the file of an export
    ///
    /// Once it is ready, and until it expires. `Range` fetches what is missing of it; with `If-Range` only if it is still the
    /// same file.
    #[oai(path = "/exports/:id/file", method = "get", operation_id = "fetch_export")]
    async fn fetch_export(
        &self,
        who: SignedIn,
        request: &Request,
        id: Path<Uuid>,
        /// Which bytes, such as `bytes=1000-`.
        #[oai(name = "Range", validator(max_length = 100))]
        _range: Header<Option<String>>,
        /// The `ETag` of the file of which some bytes are there.
        #[oai(name = "If-Range", validator(max_length = 100))]
        _if_range: Header<Option<String>>,
        _if_none_match: IfNoneMatch,
    ) -> Result<File, Failure> {
        let house = House::of(request).map_err(from_poem)?;
        let asked = who.0.run(ViewExport { export: id.0.into() }).await?;
        Ok(File(download::file(house.files.as_ref(), &asked, house.now(), request.headers()).await?))
    }
}

/// 202: an export that is being made.
struct Underway {
    export: Export,
    replayed: bool,
}

/// 200 or 206: a file, or a part of it.
struct File(Response);

impl IntoResponse for Underway {
    fn into_response(self) -> Response {
        let location = format!("{PREFIX}/exports/{}", self.export.id);
        let mut answer =
            Response::builder().status(StatusCode::ACCEPTED).content_type("application/json").body(self.export.to_json_string());
        let headers = answer.headers_mut();
        headers.extend(HeaderValue::from_str(&location).ok().map(|location| (header::LOCATION, location)));
        headers.insert(header::RETRY_AFTER, HeaderValue::from(download::AGAIN));
        if self.replayed {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        answer
    }
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        self.0
    }
}

fn headers(of: &[(&str, &str)]) -> Vec<MetaHeader> {
    let header = |(name, says): &(&str, &str)| MetaHeader {
        name: (*name).to_owned(),
        description: Some((*says).to_owned()),
        required: false,
        deprecated: false,
        schema: String::schema_ref(),
    };
    of.iter().map(header).collect()
}

impl ApiResponse for Underway {
    fn meta() -> MetaResponses {
        let said = [
            ("Location", "The path at which it is told how far it is."),
            ("Retry-After", "After how many seconds it is worth asking."),
            ("Idempotency-Replayed", "`true` when this is the remembered answer to an earlier request with the same key."),
        ];
        let content = vec![MetaMediaType { content_type: "application/json", schema: Export::schema_ref() }];
        let response = MetaResponse {
            description: "It is being made.",
            status: Some(202),
            status_range: None,
            content,
            headers: headers(&said),
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(registry: &mut Registry) {
        Export::register(registry);
    }
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let schema = || MetaSchemaRef::Inline(Box::new(MetaSchema { format: Some("binary"), ..MetaSchema::new("string") }));
        let content = || {
            let kinds = ["text/csv", "application/pdf", "application/zip"];
            kinds.map(|content_type| MetaMediaType { content_type, schema: schema() }).into()
        };
        let name = ("Content-Disposition", "The name of the file.");
        let tag = ("ETag", "The file's version, for `If-Range`.");
        let part = ("Content-Range", "Which bytes of how many these are.");
        let response = |status, description, content, said: &[(&str, &str)]| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: headers(said),
        };
        MetaResponses {
            responses: vec![
                response(200, "The file.", content(), &[name, tag]),
                response(206, "A part of the file.", content(), &[name, tag, part]),
                response(304, "The client has this file.", Vec::new(), &[tag]),
            ],
        }
    }

    fn register(_: &mut Registry) {}
}
