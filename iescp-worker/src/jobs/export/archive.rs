//! Everything that is held about somebody as one archive: for each part a file of JSON and one of CSV, their pictures, and a word on
//! what these are.
//!
//! A part is written down line by line first, so that memory does not grow with it.

use super::{NAME, Telling, cut::Unmade, sheet};
use crate::{House, files::Draft};
use iescp_core::{
    Actor, Error,
    export::{DataPage, Export, Section, ViewOwnData},
    picture::{Picture, Size},
};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Seek, Write},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How many pages of one part there are at most.
const MOST_PAGES: usize = 100_000;

/// The archive of an account: how many things are in it, and when it was begun.
pub(super) async fn make(
    house: &House,
    export: &Export,
    draft: &Draft,
    telling: &mut Telling<'_>,
) -> Result<(u64, Timestamp), Unmade> {
    let begun = house.platform.clock().now();
    let mut archive = ZipWriter::new(draft.file.try_clone()?);
    put(&mut archive, "README.txt", readme(&house.platform.settings().site_name, begun).as_bytes())?;
    let (mut rows, mut pictures) = (0, Vec::new());
    for section in Section::ALL.iter().copied() {
        let spool = house.files.begin(&format!("{}-{}-spool", export.stored_as(), section.word()))?;
        let mut part = Part::new(&spool.file);
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let view = ViewOwnData { owner: export.owner, section, after };
            let DataPage { rows: some, next } = house.platform.run(&Actor::system(NAME), view).await?;
            part.take(&some)?;
            if section == Section::Pictures {
                pictures.extend(some);
            }
            telling.rows(rows + part.rows).await?;
            if house.stop.has_begun() {
                return Err(Unmade::Stopping);
            }
            after = next;
            if after.is_none() {
                break;
            }
        }
        rows += part.rows;
        part.into_archive(section.word(), &mut archive)?;
    }
    for picture in pictures {
        let picture: Picture = serde_json::from_value(picture).map_err(io::Error::other)?;
        // One that was removed meanwhile is not theirs any more.
        let Some(bytes) = house.platform.blobs().get(Size::Large.blob(picture.id)).await.map_err(Error::from)? else { continue };
        let name = format!("pictures/{}.{}", picture.id, picture.media_type.ending());
        archive.start_file(name, options(CompressionMethod::Stored)).map_err(io::Error::other)?;
        archive.write_all(&bytes)?;
    }
    archive.finish().map_err(io::Error::other)?;
    Ok((rows, begun))
}

fn readme(site: &str, at: Timestamp) -> String {
    format!(
        "What {site} holds about you, as of {at}.\r\n\r\n\
         Each part is there twice: as JSON, whole, and as CSV for a spreadsheet, where what has parts of its own is JSON in its cell.\r\n\
         Amounts are in the smallest unit of the currency. Moments are in UTC. A part without anything in it has an empty file.\r\n\
         In `pictures` are the pictures you brought here, each under its id.\r\n"
    )
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).large_file(true)
}

fn put(archive: &mut ZipWriter<File>, name: &str, bytes: &[u8]) -> io::Result<()> {
    archive.start_file(name, options(CompressionMethod::Deflated)).map_err(io::Error::other)?;
    archive.write_all(bytes)
}

/// One part while it is read: a line for each thing, and the names of all members there are.
struct Part<'a> {
    lines: BufWriter<&'a File>,
    columns: BTreeSet<String>,
    rows: u64,
}

impl<'a> Part<'a> {
    fn new(spool: &'a File) -> Self {
        Self { lines: BufWriter::new(spool), columns: BTreeSet::new(), rows: 0 }
    }

    fn take(&mut self, rows: &[Value]) -> io::Result<()> {
        for row in rows {
            if let Value::Object(members) = row {
                self.columns.extend(members.keys().cloned());
            }
            serde_json::to_writer(&mut self.lines, row)?;
            self.lines.write_all(b"\n")?;
            self.rows += 1;
        }
        Ok(())
    }

    fn into_archive(self, name: &str, archive: &mut ZipWriter<File>) -> io::Result<()> {
        let mut spool = self.lines.into_inner().map_err(|error| error.into_error())?;
        spool.rewind()?;
        archive.start_file(format!("{name}.json"), options(CompressionMethod::Deflated)).map_err(io::Error::other)?;
        archive.write_all(b"[")?;
        for (number, line) in BufReader::new(spool).lines().enumerate() {
            archive.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            archive.write_all(line?.as_bytes())?;
        }
        archive.write_all(b"\n]\n")?;
        spool.rewind()?;
        archive.start_file(format!("{name}.csv"), options(CompressionMethod::Deflated)).map_err(io::Error::other)?;
        let columns: Vec<String> = self.columns.into_iter().collect();
        if columns.is_empty() {
            return Ok(());
        }
        archive.write_all(&sheet::texts(columns.iter().map(String::as_str))?)?;
        for line in BufReader::new(spool).lines() {
            let row: Map<String, Value> = serde_json::from_str(&line?)?;
            archive.write_all(&sheet::values(columns.iter().map(|column| row.get(column)))?)?;
        }
        Ok(())
    }
}
