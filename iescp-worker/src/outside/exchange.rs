//! One request and its answer, over HTTP/1.1 on a connection of its own.

use super::{Answer, Asked, Connection, NoAnswer, url::Target};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    client::conn::http1,
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

/// The most bytes of an answer's headers.
const HEADERS: usize = 64 * 1024;

/// TLS, trusting whom browsers trust.
#[derive(Clone)]
pub(super) enum Encryption {
    Tls(TlsConnector),
    /// It could not be set up: nothing goes out.
    Broken,
    /// Left out: for servers in tests that speak none.
    #[cfg(test)]
    LeftOut,
}

impl Encryption {
    pub(super) fn new() -> Self {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let versions =
            ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
        let config = versions.map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
        config.map_or(Self::Broken, |config| Self::Tls(TlsConnector::from(Arc::new(config))))
    }

    async fn over(&self, connection: Box<dyn Connection>, host: &str) -> Result<Box<dyn Connection>, NoAnswer> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|_| NoAnswer::NotThere)?;
        match self {
            Self::Tls(connector) => Ok(Box::new(connector.connect(name, connection).await.map_err(failed)?)),
            Self::Broken => Err(NoAnswer::Failed("there is no encryption".into())),
            #[cfg(test)]
            Self::LeftOut => Ok(connection),
        }
    }
}

fn failed(error: impl std::fmt::Display) -> NoAnswer {
    NoAnswer::Failed(error.to_string())
}

/// Sends a request and reads the answer, of whose body at most so many bytes.
pub(super) async fn once(
    connection: Box<dyn Connection>,
    encryption: &Encryption,
    target: &Target,
    asked: &Asked,
    most: usize,
) -> Result<Answer, NoAnswer> {
    let host = target.authority();
    let connection = if target.encrypted { encryption.over(connection, &host).await? } else { connection };
    let (mut sender, driver) =
        http1::Builder::new().max_buf_size(HEADERS).handshake(TokioIo::new(connection)).await.map_err(failed)?;
    let asking = async {
        let answer = sender.send_request(request(target, &host, asked)?).await.map_err(failed)?;
        let (parts, mut body) = answer.into_parts();
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(failed)?;
            let bytes = frame.data_ref().map(Bytes::as_ref).unwrap_or_default();
            if whole.len() + bytes.len() > most {
                return Err(NoAnswer::TooLarge);
            }
            whole.extend_from_slice(bytes);
        }
        Ok(Answer { status: parts.status, headers: parts.headers, body: whole })
    };
    tokio::pin!(asking);
    // The driver ends when the other side does; what it has read by then is still answered.
    let driven = async {
        let _ = driver.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = &mut asking => answer,
        () = driven => Err(failed("the connection ended")),
    }
}

fn request(target: &Target, host: &str, asked: &Asked) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let body = Full::new(Bytes::from(asked.body.clone()));
    let mut request = Request::builder().method(asked.method.clone()).uri(target.path()).body(body).map_err(failed)?;
    *request.headers_mut() = asked.headers.clone();
    let headers = request.headers_mut();
    headers.insert(header::HOST, HeaderValue::from_str(host).map_err(failed)?);
    headers.insert(header::USER_AGENT, HeaderValue::from_static("IESCP"));
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}
