//! Where gathered charts go: into `charts/`, or beside the files of a chart in memory.

use sealift_files::{Folder, Kind, Mode};
use sealift_helm::Chart;
use sealift_helm::chart::LoadOptions;

use super::Gathered;
use crate::{ChartFiles, Error};

const CHARTS: &str = "charts";

/// What became of `charts/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Archives that were written, sorted.
    pub written: Vec<String>,
    /// Archives of charts that are not needed any more, sorted: they are gone.
    pub removed: Vec<String>,
    /// Whether the lock was written.
    pub wrote_lock: bool,
}

impl Gathered {
    /// Writes the archives into `charts/`, each whole or not at all, removes those of other charts, and then writes the lock.
    /// Folders, and files that are no charts, stay.
    ///
    /// Mirrors `safeMoveDeps` and `writeLock` in `pkg/downloader/manager.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`Error::File`], also where `charts`, a file in it or the lock is a link: what it leads to may be anyone's. Then nothing
    /// is written.
    pub fn write(&self, chart: &Folder, load: &LoadOptions) -> Result<Placed, Error> {
        self.refuse_links(chart)?;
        let charts = chart.create_folder(CHARTS)?;
        let old = charts.entries()?;
        let mut placed = Placed::default();
        for archive in &self.archives {
            charts.write(&archive.file_name, &archive.package.bytes, Mode::Public)?;
            placed.written.push(archive.file_name.clone());
        }
        for entry in old.into_iter().filter(|entry| entry.kind == Kind::File) {
            let bytes = charts.read(&entry.name, load.limits.total_bytes);
            if bytes.is_ok_and(|bytes| self.replaces(&entry.name, &bytes, load)) {
                charts.remove(&entry.name)?;
                placed.removed.push(entry.name);
            }
        }
        if let Some(lock) = &self.lock {
            chart.write(lock.name, lock.text.as_bytes(), Mode::Public)?;
            placed.wrote_lock = true;
        }
        placed.written.sort();
        Ok(placed)
    }

    fn refuse_links(&self, chart: &Folder) -> Result<(), Error> {
        let archives =
            self.archives.iter().map(|archive| format!("{CHARTS}/{}", archive.file_name));
        let lock = self.lock.iter().map(|lock| lock.name.to_owned());
        lock.chain(archives).try_for_each(|name| chart.size(&name).map(drop))?;
        Ok(())
    }

    /// Adds the archives to the files of a chart as [`Gathered::write`] would write them; the digest stays that of the folder.
    pub fn attach(&self, files: &mut ChartFiles, load: &LoadOptions) {
        files.files.retain(|(path, bytes)| match path.strip_prefix("charts/") {
            Some(name) if !name.contains('/') => {
                !self.has(name) && !self.replaces(name, bytes, load)
            }
            _ => true,
        });
        let added = self.archives.iter();
        let added = added.map(|archive| {
            (format!("{CHARTS}/{}", archive.file_name), archive.package.bytes.to_vec())
        });
        files.files.extend(added);
        if let Some(lock) = &self.lock {
            files.files.retain(|(path, _)| path != lock.name);
            files.files.push((lock.name.to_owned(), lock.text.clone().into_bytes()));
        }
    }

    fn has(&self, name: &str) -> bool {
        self.archives.iter().any(|archive| archive.file_name == name)
    }

    /// Returns whether a file in `charts/` is a chart that is not needed any more.
    fn replaces(&self, name: &str, bytes: &[u8], load: &LoadOptions) -> bool {
        !self.has(name)
            && Chart::from_archive(bytes, load)
                .is_ok_and(|chart| !self.local.contains(&chart.metadata.name))
    }
}
