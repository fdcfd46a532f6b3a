//! A browser without script: it keeps cookies, follows redirections, fills in forms as they are, and reads pages.
#![allow(dead_code)]

use crate::house::House;
use poem::Request;
use poem::http::{HeaderMap, Method, StatusCode};
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeMap;
use uuid::Uuid;

pub struct Browser<'h> {
    house: &'h House,
    pub id: Uuid,
    pub cookies: BTreeMap<String, String>,
}

/// A page, as it arrived.
pub struct Seen {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
    pub bytes: Vec<u8>,
}

impl<'h> Browser<'h> {
    pub fn new(house: &'h House) -> Self {
        Self { house, id: Uuid::nil(), cookies: BTreeMap::new() }
    }

    pub fn known_as(self, id: Uuid) -> Self {
        Self { id, ..self }
    }

    pub async fn get(&mut self, path: &str) -> Seen {
        self.ask(Method::GET, path, &[], None).await
    }

    /// Follows a link of a page, by its words.
    pub async fn follow(&mut self, page: &Seen, words: &str) -> Seen {
        let document = page.document();
        let found = document.select(&css("a[href]")).find(|link| joined(*link).contains(words));
        let path = found.unwrap_or_else(|| panic!("no link says {words}: {}", page.text())).attr("href").unwrap().to_owned();
        self.get(&path).await
    }

    /// Fills in the form that goes to `action`, leaving what it says already, and sends it.
    pub async fn send(&mut self, page: &Seen, action: &str, values: &[(&str, &str)]) -> Seen {
        let fields = page.form(action, values);
        self.post(action, &fields).await
    }

    /// Sends a form as another site, an old page or a program might.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Seen {
        self.ask(Method::POST, path, &[("sec-fetch-site", "same-origin")], Some(encoded(fields))).await
    }

    /// Fills in the form that goes to `action` and sends it with files, as a form in parts: a field, the file's name, its bytes.
    pub async fn upload(&mut self, page: &Seen, action: &str, values: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Seen {
        let document = page.document();
        let form = document.select(&css("form[enctype='multipart/form-data']")).find(|form| form.attr("action") == Some(action));
        assert!(form.is_some(), "no form takes files to {action}: {}", page.html);
        let mut body = Vec::new();
        for (name, value) in page.form(action, values).iter().filter(|(name, _)| files.iter().all(|(field, ..)| field != name)) {
            body.extend(format!("--parts\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("--parts\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
            body.extend(head.bytes().chain(*b"Content-Type: text/html\r\n\r\n").chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--parts--\r\n");
        let kind = "multipart/form-data; boundary=parts";
        self.bring(Method::POST, action, &[("sec-fetch-site", "same-origin")], Some((kind, body))).await
    }

    pub async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)], form: Option<String>) -> Seen {
        self.bring(method, path, headers, form.map(|form| ("application/x-www-form-urlencoded", form.into_bytes()))).await
    }

    async fn bring(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<(&str, Vec<u8>)>) -> Seen {
        let (mut method, mut path, mut body) = (method, path.to_owned(), body);
        for _ in 0..5 {
            let mut request = Request::builder().method(method.clone()).uri_str(&path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            if !self.cookies.is_empty() {
                let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request = request.header("cookie", pairs.join("; "));
            }
            if let Some((kind, _)) = &body {
                request = request.header("content-type", *kind);
            }
            let sent = body.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
            let (parts, answer) = self.house.answer(request.body(sent)).await.into_parts();
            self.keep(&parts.headers);
            if parts.status == StatusCode::SEE_OTHER {
                path = parts.headers["location"].to_str().unwrap().to_owned();
                (method, body) = (Method::GET, None);
                continue;
            }
            let bytes = answer.into_vec().await.unwrap();
            let html = String::from_utf8_lossy(&bytes).into_owned();
            return Seen { path, status: parts.status, headers: parts.headers, html, bytes };
        }
        panic!("{path} leads round in circles");
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Seen {
    pub fn document(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// The words of the page's content, one space between them.
    pub fn text(&self) -> String {
        self.document().select(&css("main")).map(joined).collect::<Vec<_>>().join(" ")
    }

    /// The words of every element that matches.
    pub fn all(&self, selector: &str) -> Vec<String> {
        self.document().select(&css(selector)).map(joined).collect()
    }

    /// The value of an attribute of the first element that matches.
    #[track_caller]
    pub fn value(&self, selector: &str, attribute: &str) -> String {
        let document = self.document();
        let found = document.select(&css(selector)).find_map(|element| element.attr(attribute));
        found.unwrap_or_else(|| panic!("nothing is {selector}[{attribute}]: {}", self.html)).to_owned()
    }

    /// Whether something matches.
    pub fn has(&self, selector: &str) -> bool {
        self.document().select(&css(selector)).next().is_some()
    }

    pub fn title(&self) -> String {
        self.all("title").into_iter().next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Refuses to be anything but a page that was shown and says this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        assert!(self.text().contains(words), "nothing says {words:?} in: {}", self.text());
        self
    }

    /// Refuses to be anything but a form that was refused with these words, in its title, its summary and with this status.
    #[track_caller]
    pub fn refuses(&self, status: u16, words: &str) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert!(self.title().starts_with("Error: "), "{}", self.title());
        let summary = self.all(".summary").join(" ");
        assert!(summary.contains(words), "nothing refuses {words:?} in {summary:?}");
        self
    }

    /// What a browser sends of the form that goes to `action`, with some values typed over.
    #[track_caller]
    pub fn form(&self, action: &str, values: &[(&str, &str)]) -> Vec<(String, String)> {
        let document = self.document();
        let all = css("form[method=post]");
        let mut forms = document.select(&all).filter(|form| form.attr("action") == Some(action));
        let form = forms.next().unwrap_or_else(|| panic!("no form goes to {action}: {}", self.html));
        let mut fields: Vec<(String, String)> = Vec::new();
        for control in form.select(&css("input[name], textarea[name], select[name]")) {
            let name = control.attr("name").unwrap().to_owned();
            match (control.value().name(), control.attr("type")) {
                ("input", Some("checkbox" | "radio")) if control.attr("checked").is_none() => {}
                ("input", Some("submit")) => {}
                ("input", _) => fields.push((name, control.attr("value").unwrap_or_default().to_owned())),
                ("textarea", _) => fields.push((name, control.text().collect::<String>().trim_start_matches('\n').to_owned())),
                _ => {
                    let options: Vec<ElementRef<'_>> = control.select(&css("option")).collect();
                    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                    fields.push((name, chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned()));
                }
            }
        }
        for (name, _) in values {
            fields.retain(|(known, _)| known != name);
        }
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        fields
    }
}

pub fn css(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

fn joined(element: ElementRef<'_>) -> String {
    element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

fn encoded(fields: &[(String, String)]) -> String {
    let escaped = |text: &str| iescp_web::pages::escaped(text).replace('/', "%2F");
    fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect::<Vec<_>>().join("&")
}
