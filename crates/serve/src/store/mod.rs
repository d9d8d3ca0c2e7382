//! The folder: blobs by digest, repositories as tables of links and tags, and `index.json` for everyone else.
//!
//! Everything here blocks; callers use `spawn_blocking`. The tables are in memory and follow the files: a change is on disk
//! before it is seen.

mod adopt;
mod index;
mod load;
mod place;
mod table;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sealift_files::{Folder, Lock, Mode, PartFile, ReadFile};
use sealift_oci::{Descriptor, Manifest};
use sealift_reference::{Digest, MediaType};
use serde_json::Value;

use crate::fault::Fault;
use crate::pushed::Pushed;
use crate::route::{Name, Pointer};
use crate::{Access, Error};
use table::Table;
pub(crate) use table::{Link, Page};

/// An open folder.
#[derive(Debug)]
pub(crate) struct Store {
    folder: Folder,
    table: Mutex<Table>,
    /// Held while manifests, tags and links change, so that files and tables agree.
    changing: Mutex<()>,
    /// Entries of `index.json` that are not ours.
    foreign: Vec<Value>,
    /// Content that turned out to be wrong.
    withdrawn: Mutex<BTreeSet<Digest>>,
    /// Content that this run wrote, or hashed.
    trusted: Mutex<BTreeSet<Digest>>,
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
            Access::Writable => Some(prepare(&folder)?),
        };
        check_layout(&folder)?;
        let foreign = index::foreign(&folder)?;
        let mut loaded = load::load(&folder)?;
        adopt::adopt(&folder, &foreign, &mut loaded);
        let store = Self {
            folder,
            table: Mutex::new(loaded.table),
            changing: Mutex::default(),
            foreign,
            withdrawn: Mutex::default(),
            trusted: Mutex::default(),
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

    /// Opens content that is in a repository.
    pub(crate) fn open_blob(&self, name: &Name, digest: &Digest) -> Result<ReadFile, Fault> {
        if self.look(|table| table.link(name, digest).is_none()) {
            return Err(Fault::blob_unknown(digest));
        }
        let path = place::blob(digest);
        if locked(&self.withdrawn).contains(digest) {
            return Err(Fault::broken(digest, &path));
        }
        match self.folder.open_file(&path) {
            Err(error) if error.is_not_found() => {
                // A manifest that names it is refused until it is pushed again.
                locked(&self.table).remove_link(name, digest);
                Err(Fault::lost(digest, &path))
            }
            opened => Ok(opened?),
        }
    }

    /// Returns the descriptor of a manifest and its open file.
    pub(crate) fn open_document(
        &self,
        name: &Name,
        pointer: &Pointer,
    ) -> Result<(Descriptor, ReadFile), Fault> {
        let found = self.look(|table| table.document(name, pointer).cloned());
        let text = || match pointer {
            Pointer::Digest(digest) => digest.to_string(),
            Pointer::Tag(tag) => tag.to_string(),
        };
        let descriptor = found.ok_or_else(|| Fault::manifest_unknown(&text()))?;
        let file = self.open_blob(name, &descriptor.digest)?;
        Ok((descriptor, file))
    }

    /// Returns whether content should be hashed now: at its first use in a run.
    pub(crate) fn is_first_use(&self, digest: &Digest) -> bool {
        locked(&self.trusted).insert(digest.clone())
    }

    /// Takes content out of service.
    pub(crate) fn withdraw(&self, digest: &Digest) -> Fault {
        locked(&self.withdrawn).insert(digest.clone());
        Fault::broken(digest, &place::blob(digest))
    }

    /// Opens a blob to be hashed, whichever repository it is in.
    pub(crate) fn open_any(&self, digest: &Digest) -> Result<ReadFile, sealift_files::Error> {
        self.folder.open_file(&place::blob(digest))
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

    fn commit(&self, digest: &Digest, part: PartFile) -> Result<(), Fault> {
        part.commit_as(&self.folder, &place::blob(digest), Mode::Public)?;
        locked(&self.trusted).insert(digest.clone());
        locked(&self.withdrawn).remove(digest);
        Ok(())
    }

    fn link_blob(&self, name: &Name, digest: &Digest) -> Result<(), Fault> {
        let _changing = locked(&self.changing);
        if self.look(|table| table.link(name, digest).is_none()) {
            self.write_small(&place::link(name, digest), "")?;
        }
        locked(&self.table).add_link(name, digest.clone(), Link::Blob);
        Ok(())
    }

    /// Links a blob of one repository into another; `false` when it is not in that one (`specs/security.md` T7).
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
        let link = Link::document(media_type, digest.clone(), bytes.len() as u64, manifest);
        let mut table = locked(&self.table);
        table.add_link(name, digest.clone(), link);
        for tag in tags {
            table.add_tag(name, tag.clone(), digest.clone());
        }
        Ok(())
    }

    fn check_children(&self, name: &Name, manifest: &Manifest) -> Result<(), Fault> {
        // Foreign layers may stay at their URL.
        let wanted = manifest.children().filter(|child| !is_foreign(&child.media_type));
        let table = locked(&self.table);
        let absent = wanted.filter(|child| table.link(name, &child.digest).is_none());
        let absent: BTreeSet<Digest> = absent.map(|child| child.digest.clone()).collect();
        if absent.is_empty() {
            return Ok(());
        }
        Err(Fault::children_unknown(&absent.into_iter().collect::<Vec<_>>()))
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

/// Makes a folder a layout, and clears what a killed server left.
fn prepare(folder: &Folder) -> Result<Lock, Error> {
    let lock = folder.lock(place::LOCK)?;
    if folder.size(place::LAYOUT)?.is_none() {
        folder.write(place::LAYOUT, place::LAYOUT_TEXT.as_bytes(), Mode::Public)?;
    }
    let uploads = folder.create_folder(place::UPLOADS)?;
    for entry in uploads.entries()? {
        uploads.remove(&entry.name)?;
    }
    Ok(lock)
}

fn check_layout(folder: &Folder) -> Result<(), Error> {
    let wrong =
        |reason: &str| Error::Layout { path: folder.path().to_owned(), reason: reason.to_owned() };
    let text = match folder.read(place::LAYOUT, 4096) {
        Err(error) if error.is_not_found() => return Err(wrong("no file `oci-layout`")),
        other => other?,
    };
    let layout: Value =
        serde_json::from_slice(&text).map_err(|_| wrong("`oci-layout` is not JSON"))?;
    match layout.get("imageLayoutVersion").and_then(Value::as_str) {
        Some("1.0.0") => Ok(()),
        _ => Err(wrong("`oci-layout` names another version than 1.0.0")),
    }
}

/// `…nondistributable…` and Docker's `…foreign…` layers.
fn is_foreign(media_type: &MediaType) -> bool {
    media_type.as_str().contains("nondistributable") || media_type.as_str().contains(".foreign.")
}
