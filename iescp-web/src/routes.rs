//! The table of paths: which exist, with which methods, under which pattern they are counted.
//!
//! The router answers a request; this table knows, before it does, whether there is anything to answer: 404 and 405 with a
//! right `Allow` come from here, and so does the label in the metrics.
//!
//! Not here: which paths there are (`app.rs`).

use poem::http::Method;
use poem::{Endpoint, IntoEndpoint, Request, Route, RouteMethod};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A path that exists.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// As in the document: `/api/v1/campaigns/{id}`.
    pub pattern: String,
    methods: Vec<Method>,
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pattern.hash(state);
    }
}

impl Place {
    /// Whether it knows the method. `HEAD` comes with `GET`.
    #[must_use]
    pub fn knows(&self, method: &Method) -> bool {
        self.methods.contains(if method == Method::HEAD { &Method::GET } else { method })
    }

    /// The value of `Allow`.
    #[must_use]
    pub fn allow(&self) -> String {
        let mut all: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        all.sort_unstable();
        if self.methods.contains(&Method::GET) {
            all.push("HEAD");
        }
        all.push("OPTIONS");
        all.join(", ")
    }

    /// The place that a request was matched to.
    #[must_use]
    pub fn of(request: &Request) -> Option<Arc<Self>> {
        request.data::<Arc<Self>>().cloned()
    }
}

#[derive(Clone, Default, Debug)]
struct Node {
    named: BTreeMap<String, Node>,
    any: Option<Box<Node>>,
    rest: Option<Arc<Place>>,
    place: Option<Arc<Place>>,
}

impl Node {
    fn find(&self, segments: &[&str]) -> Option<&Arc<Place>> {
        let Some((first, rest)) = segments.split_first() else {
            return self.place.as_ref();
        };
        let named = self.named.get(*first).and_then(|node| node.find(rest));
        let any = || self.any.as_ref().filter(|_| !first.is_empty()).and_then(|node| node.find(rest));
        named.or_else(any).or(self.rest.as_ref())
    }
}

/// All paths.
#[derive(Clone, Default, Debug)]
pub struct Table {
    root: Node,
}

impl Table {
    /// Adds a method at a pattern, whose changing segments are written `{name}`, `:name` or, for all the rest, `*name`.
    pub fn add(&mut self, pattern: &str, method: Method) {
        let mut node = &mut self.root;
        for segment in pattern.split('/').skip(1) {
            if segment.starts_with('*') {
                return put(&mut node.rest, pattern, method);
            }
            let changing = segment.starts_with([':', '{']);
            node = if changing { node.any.get_or_insert_default() } else { node.named.entry(segment.to_owned()).or_default() };
        }
        put(&mut node.place, pattern, method);
    }

    /// The place at a path, if there is one.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Arc<Place>> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').take(24).collect();
        self.root.find(&segments).cloned()
    }

    /// Every place, in the order of their patterns.
    #[must_use]
    pub fn places(&self) -> Vec<Arc<Place>> {
        let mut places = Vec::new();
        let mut nodes = vec![&self.root];
        while let Some(node) = nodes.pop() {
            places.extend(node.place.iter().chain(&node.rest).cloned());
            nodes.extend(node.named.values().chain(node.any.as_deref()));
        }
        places.sort_by(|one, other| one.pattern.cmp(&other.pattern));
        places
    }
}

fn put(slot: &mut Option<Arc<Place>>, pattern: &str, method: Method) {
    let mut place = slot.take().map_or_else(|| Place { pattern: pattern.into(), methods: Vec::new() }, Arc::unwrap_or_clone);
    if !place.methods.contains(&method) {
        place.methods.push(method);
    }
    *slot = Some(Arc::new(place));
}

/// The router and its table, built together.
#[derive(Default)]
pub struct Routes {
    route: Route,
    table: Table,
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A path that can only be read.
    #[must_use]
    pub fn get<E>(self, path: &str, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(path, &[Method::GET], RouteMethod::new().get(endpoint))
    }

    /// A path with its methods.
    #[must_use]
    pub fn at(mut self, path: &str, methods: &[Method], endpoint: RouteMethod) -> Self {
        for method in methods {
            self.table.add(path, method.clone());
        }
        Self { route: self.route.at(path, endpoint), ..self }
    }

    /// All paths under a prefix, which `operations` lists.
    #[must_use]
    pub fn nest<E>(mut self, prefix: &str, operations: impl IntoIterator<Item = (Method, String)>, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint + 'static,
    {
        for (method, path) in operations {
            self.table.add(&format!("{prefix}{path}"), method);
        }
        Self { route: self.route.nest(prefix, endpoint), ..self }
    }

    /// The router, and the table for the middleware.
    #[must_use]
    pub fn finish(self) -> (Route, Table) {
        (self.route, self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::default();
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, "/assets/*name"),
            (Method::GET, "/campaigns/{id}"),
            (Method::PATCH, "/campaigns/{id}"),
            (Method::GET, "/campaigns/new"),
            (Method::POST, "/campaigns/{id}/publish"),
        ] {
            table.add(path, method);
        }
        table
    }

    #[test]
    fn a_named_segment_wins_over_a_changing_one() {
        let pattern = |path: &str| table().find(path).map(|place| place.pattern.clone());
        assert_eq!(pattern("/campaigns/new").as_deref(), Some("/campaigns/new"));
        assert_eq!(pattern("/campaigns/7").as_deref(), Some("/campaigns/{id}"));
        assert_eq!(pattern("/campaigns/new/publish").as_deref(), Some("/campaigns/{id}/publish"));
        assert_eq!(pattern("/assets/a/b.css").as_deref(), Some("/assets/*name"));
        assert_eq!(pattern("/").as_deref(), Some("/"));
    }

    #[test]
    fn trailing_junk_is_nowhere() {
        for path in
            ["/campaigns/", "/campaigns//publish", "/campaigns/7/", "/campaigns/7/x", "//", "", "*", "/campaigns/7/publish/x"]
        {
            assert!(table().find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn allow_lists_what_a_path_knows() {
        assert_eq!(table().find("/campaigns/7").unwrap().allow(), "GET, PATCH, HEAD, OPTIONS");
        assert!(!table().find("/campaigns/7/publish").unwrap().knows(&Method::HEAD));
    }
}
