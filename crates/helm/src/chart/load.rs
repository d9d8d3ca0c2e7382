//! Files to charts.

use std::collections::BTreeMap;
use std::rc::Rc;

use sealift_archive::{ArchivePath, EntryKind, TarLimits, TarReader, gunzip_bounded};
use sealift_gotemplate::{Map, Str};

use super::draft::{Base, Draft};
use super::limits::LoadLimits;
use super::{Chart, File, LoadError, Lock, Metadata, decode, validate};
use crate::profile::Profile;
use crate::values;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How a chart is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Of which release the rules are.
    pub profile: Profile,
    /// How large it may be.
    pub limits: LoadLimits,
}

impl Chart {
    /// Loads a chart from its files: paths below the folder of the chart with `/`, and the bytes as they are. The order of the files is
    /// that in which Helm would have walked the folder.
    ///
    /// Charts in `charts/` are loaded in the order of their names; in Helm, chance decides.
    ///
    /// Mirrors `LoadFiles` in `pkg/chart/v2/loader/load.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// Where Helm has one, and [`LoadError::Path`], [`LoadError::Limit`] and those of a strict reader of archives.
    pub fn load(files: Vec<(String, Vec<u8>)>, options: &LoadOptions) -> Result<Self, LoadError> {
        let mut loader = Loader::new(options);
        let files = files.into_iter().map(|(name, data)| loader.file(&name, data));
        let files: Vec<File> = files.collect::<Result<_, _>>()?;
        loader.check_version(&files)?;
        loader.chart(files)
    }

    /// Loads a chart from the bytes of a `.tgz`: the same, without the first part of all names.
    ///
    /// Mirrors `LoadArchiveFiles` in `pkg/chart/loader/archive/archive.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// As [`Chart::load`]; [`LoadError::Archive`].
    pub fn from_archive(bytes: &[u8], options: &LoadOptions) -> Result<Self, LoadError> {
        let mut loader = Loader::new(options);
        let files = loader.unpack(bytes)?;
        loader.archives += 1;
        loader.check_version(&files)?;
        loader.chart(files)
    }

    /// Returns the files of a `.tgz` as [`Chart::load`] takes them: those that a folder has when the archive was unpacked to it.
    ///
    /// Mirrors `Expand` in `pkg/chart/v2/util/expand.go` of Helm 4.2.4.
    ///
    /// # Errors
    ///
    /// [`LoadError::Archive`], [`LoadError::Empty`], [`LoadError::Limit`].
    pub fn files_of_archive(
        bytes: &[u8],
        options: &LoadOptions,
    ) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
        let files = Loader::new(options).unpack(bytes)?;
        Ok(files
            .iter()
            .map(|file| (file.name.to_string(), file.data.as_bytes().to_vec()))
            .collect())
    }
}

/// Counts what a chart and all charts inside it take.
struct Loader<'o> {
    options: &'o LoadOptions,
    entries_left: u64,
    bytes_left: u64,
    /// Archives that are open now.
    archives: usize,
}

/// What the files of a chart come to, before there is a chart.
#[derive(Default)]
struct Parts {
    draft: Draft,
    lock: Option<Rc<Lock>>,
    templates: Vec<File>,
    files: Vec<File>,
    raw: Vec<File>,
    values: Map,
    schema: Option<Str>,
    /// By the first part of their names below `charts/`.
    charts: BTreeMap<String, Vec<File>>,
}

impl<'o> Loader<'o> {
    fn new(options: &'o LoadOptions) -> Self {
        let LoadLimits { entries, total_bytes, .. } = options.limits;
        Self { options, entries_left: entries, bytes_left: total_bytes, archives: 0 }
    }

    /// Counts and checks a file that was not in an archive.
    fn file(&mut self, name: &str, data: Vec<u8>) -> Result<File, LoadError> {
        let LoadLimits { entries, file_bytes, total_bytes, .. } = self.options.limits;
        let over =
            |what: &str, limit, name| LoadError::Limit { what: what.to_owned(), limit, name };
        let path: ArchivePath = name.parse().map_err(LoadError::Path)?;
        let size = data.len() as u64;
        // Whatever the limit was set to, a string is no longer.
        let file_bytes = file_bytes.min(u32::MAX.into());
        if size > file_bytes {
            return Err(over(&format!("file {name}"), file_bytes, "chart-file-bytes"));
        }
        let entries_left = self.entries_left.checked_sub(1);
        self.entries_left =
            entries_left.ok_or_else(|| over("number of files", entries, "chart-entries"))?;
        let bytes_left = self.bytes_left.checked_sub(size);
        self.bytes_left = bytes_left.ok_or_else(|| over("size", total_bytes, "chart-bytes"))?;
        Ok(file(path.as_str(), &Str::from(data)))
    }

    /// Reads an archive; what it takes is taken from what all may take.
    fn unpack(&mut self, bytes: &[u8]) -> Result<Vec<File>, LoadError> {
        let LoadLimits { archives, file_bytes, .. } = self.options.limits;
        if self.archives >= archives {
            let what = "nesting of archives".to_owned();
            return Err(LoadError::Limit { what, limit: archives as u64, name: "chart-nesting" });
        }
        let limits =
            TarLimits { entries: self.entries_left, file_bytes, total_bytes: self.bytes_left };
        let tar = gunzip_bounded(bytes, self.options.limits.gzip());
        let tar = Str::from(tar.map_err(|error| LoadError::Archive(error.into()))?);
        let mut reader = TarReader::new(tar.as_bytes(), limits).without_root();
        let mut files = Vec::new();
        while let Some(entry) = reader.next_entry().map_err(LoadError::Archive)? {
            self.entries_left = self.entries_left.saturating_sub(1);
            if entry.kind == EntryKind::File {
                let path = entry.path.clone();
                let place = entry.place().map_err(LoadError::Archive)?;
                self.bytes_left = self.bytes_left.saturating_sub(place.len() as u64);
                files.push(file(path.as_str(), &tar.shared_part(place)));
            }
        }
        if files.is_empty() { Err(LoadError::Empty) } else { Ok(files) }
    }

    /// Helm 4 asks first which loader a chart needs; we have that of `v1` and `v2`.
    fn check_version(&self, files: &[File]) -> Result<(), LoadError> {
        let rules = self.options.profile.rules();
        if !rules.checks_api_version {
            return Ok(());
        }
        let chart = files.iter().find(|file| &*file.name == "Chart.yaml");
        let mut base = Base::default();
        decode::decode(chart.ok_or(LoadError::Missing)?.data.as_bytes(), "loader", &mut base)
            .map_err(|error| LoadError::Decode { file: "Chart.yaml", error })?;
        match &*base.api_version {
            "" | "v1" | "v2" => Ok(()),
            _ => Err(LoadError::Unsupported { api_version: base.api_version }),
        }
    }

    fn chart(&mut self, files: Vec<File>) -> Result<Chart, LoadError> {
        let parts = self.sort(files)?;
        let metadata = validate::validate(parts.draft)?;
        let mut dependencies = Vec::new();
        for (name, files) in parts.charts {
            if !name.starts_with(['_', '.']) {
                dependencies.push(self.inner(&name, files, &metadata)?);
            }
        }
        Ok(Chart {
            metadata: Rc::new(metadata),
            lock: parts.lock,
            templates: parts.templates.into(),
            files: parts.files.into(),
            raw: parts.raw.into(),
            values: parts.values,
            schema: parts.schema,
            dependencies,
            full_path: None,
        })
    }

    /// Gives each file its role. `Chart.yaml` is read first, wherever it stands.
    fn sort(&self, files: Vec<File>) -> Result<Parts, LoadError> {
        let mut parts = Parts::default();
        let mut found = false;
        for file in files.iter().filter(|file| &*file.name == "Chart.yaml") {
            found = true;
            self.metadata(file, "Chart.yaml", &mut parts.draft)?;
            if parts.draft.metadata.api_version.is_empty() {
                "v1".clone_into(&mut parts.draft.metadata.api_version);
            }
        }
        for file in files {
            if !file.name.starts_with("charts/") {
                parts.raw.push(file.clone());
            }
            match &*file.name {
                "Chart.yaml" => {}
                "Chart.lock" => parts.lock = self.lock(&file, "Chart.lock")?,
                "values.yaml" => {
                    let values = values::values(file.data.as_bytes(), self.options.profile);
                    parts.values = values.map_err(LoadError::Values)?;
                }
                "values.schema.json" => parts.schema = Some(file.data),
                "requirements.yaml" => {
                    found = true;
                    self.metadata(&file, "requirements.yaml", &mut parts.draft)?;
                    parts.keep_if_v1(file);
                }
                "requirements.lock" => {
                    found = true;
                    parts.lock = self.lock(&file, "requirements.lock")?;
                    parts.keep_if_v1(file);
                }
                _ => parts.place(file),
            }
        }
        if found { Ok(parts) } else { Err(LoadError::Missing) }
    }

    fn metadata(
        &self,
        file: &File,
        name: &'static str,
        draft: &mut Draft,
    ) -> Result<(), LoadError> {
        let package = self.options.profile.rules().metadata_package;
        decode::decode(file.data.as_bytes(), package, draft)
            .map_err(|error| LoadError::Decode { file: name, error })
    }

    fn lock(&self, file: &File, name: &'static str) -> Result<Option<Rc<Lock>>, LoadError> {
        let package = self.options.profile.rules().metadata_package;
        let fail = |error| LoadError::Decode { file: name, error };
        let mut lock = Lock::default();
        let Some(node) = decode::node(file.data.as_bytes()).map_err(fail)? else {
            return Ok(None);
        };
        decode::decode_node(&node, package, &mut lock).map_err(fail)?;
        Ok(Some(Rc::new(lock)))
    }

    /// Loads a chart inside a chart.
    ///
    /// Recursion is as deep as paths have parts, in each of the archives inside one another.
    fn inner(
        &mut self,
        name: &str,
        files: Vec<File>,
        parent: &Metadata,
    ) -> Result<Chart, LoadError> {
        let fail = |error| LoadError::Subchart {
            name: name.to_owned(),
            parent: parent.name.clone(),
            error: Box::new(error),
        };
        if extension(name) != ".tgz" {
            let below = |file: File| Some(renamed(&file, file.name.split_once('/')?.1));
            return self.chart(files.into_iter().filter_map(below).collect()).map_err(fail);
        }
        let first = files.into_iter().next().ok_or(LoadError::Empty)?;
        if &*first.name != name {
            return Err(LoadError::SubchartFolder {
                name: name.to_owned(),
                parent: parent.name.clone(),
                found: first.name.to_string(),
            });
        }
        let files = self.unpack(first.data.as_bytes()).map_err(fail)?;
        self.archives += 1;
        let chart = self.chart(files).map_err(fail);
        self.archives -= 1;
        chart
    }
}

impl Parts {
    /// A file with no role of its own.
    fn place(&mut self, file: File) {
        if file.name.starts_with("templates/") {
            self.templates.push(file);
        } else if let Some(below) = file.name.strip_prefix("charts/")
            && extension(&file.name) != ".prov"
        {
            let name = below.split('/').next().unwrap_or(below).to_owned();
            self.charts.entry(name).or_default().push(renamed(&file, below));
        } else {
            self.files.push(file);
        }
    }

    /// What v2 charts no longer have, templates of v1 charts can still read.
    fn keep_if_v1(&mut self, file: File) {
        if self.draft.metadata.api_version == "v1" {
            self.files.push(file);
        }
    }
}

fn file(name: &str, data: &Str) -> File {
    let start =
        if data.as_bytes().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    File { name: name.into(), data: data.shared_part(start..data.len()) }
}

fn renamed(file: &File, name: &str) -> File {
    File { name: name.into(), data: file.data.clone() }
}

/// What stands from the last dot of the last part on: Go's `filepath.Ext`.
fn extension(path: &str) -> &str {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.rfind('.').map_or("", |dot| &last[dot..])
}
