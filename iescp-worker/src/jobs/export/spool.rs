//! Pages of lines in a file: each can be written anew, and in the end all are copied in their order.

use iescp_core::Basis;
use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
};
use uuid::Uuid;

/// Pages of lines.
pub(super) struct Spool<'a> {
    file: &'a File,
    head: Vec<u8>,
    pages: Vec<Page>,
}

/// A page: what is on it, what that rests on, and where its lines are.
struct Page {
    ids: Vec<Uuid>,
    basis: Basis,
    from: u64,
    bytes: u64,
    rows: u64,
}

impl<'a> Spool<'a> {
    /// No pages yet, and what stands before them all.
    pub fn new(file: &'a File, head: Vec<u8>) -> Self {
        Self { file, head, pages: Vec::new() }
    }

    /// How many pages there are.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// What is on a page, and what that rests on.
    pub fn page(&self, at: usize) -> Option<(&[Uuid], &Basis)> {
        self.pages.get(at).map(|page| (page.ids.as_slice(), &page.basis))
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.pages.iter().map(|page| page.rows).sum()
    }

    /// Writes a page in place of another, or behind all.
    pub fn put(&mut self, at: Option<usize>, ids: Vec<Uuid>, basis: Basis, lines: &[u8], rows: u64) -> io::Result<()> {
        let from = self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(lines)?;
        let page = Page { ids, basis, from, bytes: lines.len() as u64, rows };
        match at.and_then(|at| self.pages.get_mut(at)) {
            Some(place) => *place = page,
            None => self.pages.push(page),
        }
        Ok(())
    }

    /// Copies all pages in the order of what is on them: how many rows that are.
    pub fn copy_to(&mut self, to: &File) -> io::Result<u64> {
        self.pages.sort_by(|one, other| one.ids.first().cmp(&other.ids.first()));
        let mut to = BufWriter::new(to);
        to.write_all(&self.head)?;
        for page in &self.pages {
            self.file.seek(SeekFrom::Start(page.from))?;
            io::copy(&mut self.file.take(page.bytes), &mut to)?;
        }
        to.flush()?;
        Ok(self.rows())
    }
}
