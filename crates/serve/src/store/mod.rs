//! The folder: blobs by digest, repositories as tables of links and tags, and `index.json` for everyone else.
//!
//! Everything here blocks; callers use `spawn_blocking`. The tables are in memory and follow the files: a change is on disk
//! before it is seen.

mod adopt;
mod content;
mod health;
mod index;
mod layout;
mod load;
mod place;
mod table;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sealift_files::{Folder, Lock, Mode, PartFile};
use sealift_oci::{Descriptor, Manifest};
use sealift_reference::{Digest, MediaType};
use serde_json::Value;

use crate::fault::Fault;
use crate::pushed::Pushed;
use crate::route::{Name, Pointer};
use crate::{Access, Error};
pub(crate) use health::Damage;
use health::Health;
pub(crate) use table::Page;
use table::Table;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Store {
    folder: Folder,
    table: Mutex<Table>,
    /// Held while manifests, tags and links change, so that files and tables agree.
    changing: Mutex<()>,
    /// Entries of `index.json` that are not ours.
    foreign: Vec<Value>,
    health: Health,
    /// Held while content of a doubtful length is hashed: once, however many ask for it.
    doubting: Mutex<()>,
    parts: AtomicU64,
    _lock: Option<Lock>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Opens a folder; returns also what is wrong in it. A writable one is made a layout if it is none, and kept for this
    /// process alone.
    pub(crate) fn open(folder: Folder, access: Access) -> Result<(Self, Vec<String>), Error> {
        let lock = match access {
            Access::ReadOnly => None,
            Access::Writable => Some(layout::prepare(&folder)?),
        };
        layout::check(&folder)?;
        let foreign = index::foreign(&folder)?;
        let mut loaded = load::load(&folder)?;
        adopt::adopt(&folder, &foreign, &mut loaded);
        let store = Self {
            folder,
            table: Mutex::new(loaded.table),
            changing: Mutex::default(),
            foreign,
            health: Health::default(),
            doubting: Mutex::default(),
            parts: AtomicU64::new(0),
            _lock: lock,
        };
        if access == Access::Writable {
            store.write_index()?;
        }
        Ok((store, loaded.problems))
    }

    /// Looks at the tables.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Table) -> T) -> T {
        look(&locked(&self.table))
    }

    /// Returns which repository a request means: with `?ns=HOST`, which containerd adds when it asks a mirror, the one that
    /// keeps its host comes first.
    pub(crate) fn resolve(&self, name: Name, namespace: Option<&str>) -> Name {
        let kept = namespace
            .and_then(|host| Name::parse(&format!("{}/{}", host.replace(':', "_"), name.as_str())));
        match kept {
            Some(kept) if self.look(|table| table.contains(&kept)) => kept,
            _ => name,
        }
    }

    /// Starts a file that will be content.
    pub(crate) fn part(&self) -> Result<PartFile, sealift_files::Error> {
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        self.folder.part(&format!("{}/{number}", place::UPLOADS))
    }

    /// Makes a finished part content, and links it into a repository. The hash has been checked.
    pub(crate) fn commit_blob(
        &self,
        name: &Name,
        digest: &Digest,
        part: PartFile,
    ) -> Result<(), Fault> {
        self.commit(digest, part)?;
        self.link_blob(name, digest)
    }

    fn link_blob(&self, name: &Name, digest: &Digest) -> Result<(), Fault> {
        let _changing = locked(&self.changing);
        if self.look(|table| table.link(name, digest).is_none()) {
            self.write_small(&place::link(name, digest), "")?;
        }
        locked(&self.table).add_blob(name, digest.clone());
        Ok(())
    }

    /// Links a blob of one repository into another; `false` when it is not in that one, or damaged.
    pub(crate) fn mount(&self, name: &Name, digest: &Digest, from: &Name) -> Result<bool, Fault> {
        if self.open_blob(from, digest).is_err() {
            return Ok(false);
        }
        self.link_blob(name, digest).map(|()| true)
    }

    /// Writes a manifest whose children are in the repository.
    pub(crate) fn commit_document(
        &self,
        name: &Name,
        pushed: &Pushed,
        accept_sparse: bool,
    ) -> Result<(), Fault> {
        let Pushed { bytes, manifest, digest, tags } = pushed;
        let _changing = locked(&self.changing);
        if !accept_sparse {
            self.check_children(name, manifest)?;
        }
        let mut part = self.part()?;
        part.write(bytes)?;
        self.commit(digest, part)?;
        self.write_small(&place::link(name, digest), manifest.media_type.as_str())?;
        for tag in tags {
            self.write_small(&place::tag(name, tag.as_str()), digest.as_str())?;
        }
        let media_type = manifest.media_type.clone();
        let descriptor = Descriptor::new(media_type, digest.clone(), bytes.len() as u64);
        let mut table = locked(&self.table);
        table.add_document(name, descriptor, manifest);
        for tag in tags {
            table.add_tag(name, tag.clone(), digest.clone());
        }
        Ok(())
    }

    fn check_children(&self, name: &Name, manifest: &Manifest) -> Result<(), Fault> {
        // Foreign layers may stay at their URL.
        let wanted = manifest.children().filter(|child| !is_foreign(&child.media_type));
        let wanted: BTreeSet<&Digest> = wanted.map(|child| &child.digest).collect();
        let (mut absent, mut problems) = (Vec::new(), Vec::new());
        for digest in wanted {
            match self.open_blob(name, digest) {
                Ok(_) => {}
                Err(fault) if fault.is_unknown() => {
                    absent.push(digest.clone());
                    problems.extend(fault.problems);
                }
                Err(fault) => return Err(fault),
            }
        }
        if absent.is_empty() { Ok(()) } else { Err(Fault::children_unknown(&absent, problems)) }
    }

    /// Removes a tag, or a manifest and its tags; `false` when it is not there.
    pub(crate) fn delete_document(&self, name: &Name, pointer: &Pointer) -> Result<bool, Fault> {
        let _changing = locked(&self.changing);
        let Some(digest) =
            self.look(|table| table.document(name, pointer).map(|found| found.digest.clone()))
        else {
            return Ok(false);
        };
        let tags = match pointer {
            Pointer::Digest(digest) => self.look(|table| table.tags_of(name, digest)),
            Pointer::Tag(tag) => vec![tag.clone()],
        };
        for tag in tags {
            self.folder.remove(&place::tag(name, tag.as_str()))?;
            locked(&self.table).remove_tag(name, &tag);
        }
        if matches!(pointer, Pointer::Digest(_)) {
            self.folder.remove(&place::link(name, &digest))?;
            locked(&self.table).remove_link(name, &digest);
        }
        Ok(true)
    }

    /// Removes a blob from a repository; `false` when it is not there. The bytes stay for others, and for the collector.
    pub(crate) fn delete_blob(&self, name: &Name, digest: &Digest) -> Result<bool, Fault> {
        let _changing = locked(&self.changing);
        if self.look(|table| table.link(name, digest).is_none()) {
            return Ok(false);
        }
        self.folder.remove(&place::link(name, digest))?;
        locked(&self.table).remove_link(name, digest);
        Ok(true)
    }

    /// Writes `index.json` as the tables are now.
    pub(crate) fn write_index(&self) -> Result<(), sealift_files::Error> {
        let text = self.look(|table| index::text(&self.foreign, table));
        index::write(&self.folder, &text)
    }

    /// Through `sealift/uploads`: a tag may be called `x.part`, so no part lies beside tags.
    fn write_small(&self, name: &str, text: &str) -> Result<(), Fault> {
        let mut part = self.part()?;
        if !text.is_empty() {
            part.write(format!("{text}\n").as_bytes())?;
        }
        Ok(part.commit_as(&self.folder, name, Mode::Public)?)
    }
}

/// `…nondistributable…` and Docker's `…foreign…` layers.
fn is_foreign(media_type: &MediaType) -> bool {
    media_type.as_str().contains("nondistributable") || media_type.as_str().contains(".foreign.")
}
