//! What is in a snapshot, counted.

use super::reader::{SnapshotReader, malformed};
use super::{Counts, Header, LineIn, SnapshotError};
use crate::inventory::gap::Gap;
use std::collections::BTreeMap;
use std::io::BufRead;

/// A snapshot by its numbers. Documents are not looked into, so types of a
/// newer cspm are counted, too.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// The first line.
    pub header: Header,
    /// Resources by type and region.
    pub resources: BTreeMap<String, BTreeMap<String, u64>>,
    /// The calls that got no answer, in order.
    pub gaps: Vec<Gap>,
    /// Types that could not be listed completely, as (type, region), in order.
    pub hidden: Vec<(String, String)>,
}

impl<R: BufRead> SnapshotReader<R> {
    /// Counts what is there.
    ///
    /// # Errors
    /// A malformed line, or no trailer.
    pub fn contents(self) -> Result<Contents, SnapshotError> {
        let Self { lines, header } = self;
        let mut contents =
            Contents { header, resources: BTreeMap::new(), gaps: Vec::new(), hidden: Vec::new() };
        let mut counted = Counts { resources: 0, gaps: 0 };
        let mut end = None;
        for (number, line) in (2..).zip(lines) {
            let line = line?;
            if end.is_some() {
                return Err(malformed(number, &"there is more after the trailer"));
            }
            match serde_json::from_str(&line).map_err(|error| malformed(number, &error))? {
                LineIn::Resource(resource) => {
                    counted.resources += 1;
                    let regions = contents.resources.entry(resource.r#type).or_default();
                    *regions.entry(resource.region).or_default() += 1;
                }
                LineIn::Gap(line) => {
                    counted.gaps += 1;
                    let hides = line.hides.into_iter().map(|it| (it.r#type, it.region));
                    contents.hidden.extend(hides);
                    contents.gaps.push(line.gap);
                }
                LineIn::End(counts) => end = Some(counts),
            }
        }
        Counts::check(end, &counted)?;
        contents.gaps.sort();
        contents.hidden.sort();
        contents.hidden.dedup();
        Ok(contents)
    }
}
