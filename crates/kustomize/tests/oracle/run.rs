//! Runs cases of which the results of kustomize are known.
//!
//! Needs nothing but `serde_json`, so that a chore can include it.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sealift_kustomize::{
    Files as _, LoadRestrictions, MemoryFiles, Options, Reorder, accumulate, build,
};
use serde_json::Value;

use super::needed::missing;

/// How many cases there were, and which give something else than kustomize.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) total: usize,
    /// With the reason of each.
    pub(crate) failing: BTreeMap<String, String>,
}

impl Outcome {
    /// Notes a case.
    pub(crate) fn note(&mut self, name: &str, result: Result<(), String>) {
        self.total += 1;
        if let Err(reason) = result {
            self.failing.insert(name.to_owned(), reason);
        }
    }
}

/// Reads a folder with all that is below it; links stay links.
pub(crate) fn load(folder: &Path, at: &str, files: &mut MemoryFiles) -> std::io::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{}/{}", at.trim_end_matches('/'), entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            files.link(&path, &fs_err::read_link(entry.path())?.to_string_lossy());
        } else if kind.is_dir() {
            files.folder(&path);
            load(&entry.path(), &path, files)?;
        } else {
            files.file(&path, fs_err::read(entry.path())?);
        }
    }
    Ok(())
}

/// Finds the folders that hold a `case.json`.
pub(crate) fn cases(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut rest = vec![folder.to_owned()];
    while let Some(folder) = rest.pop() {
        if folder.join("case.json").is_file() {
            found.push(folder);
            continue;
        }
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                rest.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether there is a chart in a folder or below it.
fn has_charts(folder: &Path) -> bool {
    let Ok(entries) = fs_err::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name() == "Chart.yaml" || has_charts(&entry.path()))
}

/// A case of kustomize's own tests.
pub(crate) struct Case {
    pub(crate) json: Value,
    pub(crate) folder: PathBuf,
}

impl Case {
    pub(crate) fn read(folder: &Path) -> std::io::Result<Self> {
        let text = fs_err::read_to_string(folder.join("case.json"))?;
        Ok(Self { json: serde_json::from_str(&text)?, folder: folder.to_owned() })
    }

    pub(crate) fn name(&self, top: &Path) -> String {
        self.folder.strip_prefix(top).unwrap_or(&self.folder).to_string_lossy().into_owned()
    }

    /// Whether a case needs what is not built in. Of those with charts, the ones count whose charts are beside them.
    pub(crate) fn is_excluded(&self) -> bool {
        let reasons = self.json["excluded"].as_array().map(Vec::as_slice).unwrap_or_default();
        let has_what_it_needs = reasons == ["helm"] && has_charts(&self.folder.join("in"));
        !(reasons.is_empty() || has_what_it_needs)
    }

    pub(crate) fn options(&self) -> Options {
        let options = &self.json["options"];
        let text = |name: &str| options[name].as_str().unwrap_or_default().to_owned();
        Options {
            load_restrictions: match text("LoadRestrictions").as_str() {
                "none" => LoadRestrictions::None,
                _ => LoadRestrictions::RootOnly,
            },
            reorder: match text("Reorder").as_str() {
                "none" => Reorder::None,
                _ => Reorder::Legacy,
            },
            add_managed_by_label: options["AddManagedbyLabel"] == true,
            enable_helm: self.json["excluded"] == serde_json::json!(["helm"]),
            release: "(test)".to_owned(),
            ..Options::default()
        }
    }

    /// Compares what a build gave with what the case wants.
    pub(crate) fn compare(&self, got: Result<String, String>) -> Result<(), String> {
        match (self.json["kind"].as_str().unwrap_or_default(), got) {
            ("output", Ok(text)) => {
                let want = fs_err::read_to_string(self.folder.join("expected.yaml"))
                    .map_err(|error| error.to_string())?;
                same(&text, &want)
            }
            ("noerror", Ok(_)) => Ok(()),
            ("error", Err(report)) => self.compare_error(&report),
            ("error", Ok(text)) => Err(format!("no error, but\n{text}")),
            (_, Err(report)) => Err(format!("error: {report}")),
            (kind, Ok(_)) => Err(format!("unknown kind {kind}")),
        }
    }

    fn compare_error(&self, report: &str) -> Result<(), String> {
        let mut wanted: Vec<String> = Vec::new();
        wanted.extend(self.json["error_equals"].as_str().map(str::to_owned));
        for part in self.json["error_contains"].as_array().into_iter().flatten() {
            wanted.extend(part.as_str().map(str::to_owned));
        }
        let lacking: Vec<String> = wanted.iter().flat_map(|want| missing(want, report)).collect();
        if lacking.is_empty() {
            Ok(())
        } else {
            Err(format!("{report}\nlacks {lacking:?}\nof {wanted:?}"))
        }
    }
}

/// Says where two texts differ.
pub(crate) fn same(got: &str, want: &str) -> Result<(), String> {
    if got == want {
        return Ok(());
    }
    let line = got.lines().zip(want.lines()).take_while(|(one, other)| one == other).count();
    let around = |text: &str| {
        let from = line.saturating_sub(3);
        text.lines().skip(from).take(12).collect::<Vec<_>>().join("\n")
    };
    Err(format!("line {}\n--- got\n{}\n--- want\n{}", line + 1, around(got), around(want)))
}

/// Builds a folder of a tree; errors as one text.
pub(crate) fn run(files: &MemoryFiles, folder: &str, options: &Options) -> Result<String, String> {
    let built = build(files, folder, options).map_err(|error| error.report())?;
    built.to_yaml().map_err(|error| error.report())
}

/// Runs all cases of kustomize's tests of whole builds that are not excluded.
pub(crate) fn krusty(top: &Path) -> std::io::Result<Outcome> {
    let mut outcome = Outcome::default();
    for folder in cases(top)? {
        let case = Case::read(&folder)?;
        if case.is_excluded() {
            continue;
        }
        outcome.note(&case.name(top), case.compare(build_of(&case)?));
    }
    Ok(outcome)
}

/// Builds what a case has.
pub(crate) fn build_of(case: &Case) -> std::io::Result<Result<String, String>> {
    let mut files = MemoryFiles::new();
    if case.folder.join("in").is_dir() {
        load(&case.folder.join("in"), "/", &mut files)?;
    }
    let at = case.json["run_path"].as_str().unwrap_or_default();
    Ok(run(&files, &format!("/{at}"), &case.options()))
}

/// Runs all cases of kustomize's tests of single transformers and generators that are not excluded.
pub(crate) fn plugins(top: &Path) -> std::io::Result<Outcome> {
    let mut outcome = Outcome::default();
    for folder in cases(top)? {
        let case = Case::read(&folder)?;
        if case.is_excluded() {
            continue;
        }
        outcome.note(&case.name(top), case.compare(plugin(&case)?));
    }
    Ok(outcome)
}

/// A transformer on objects, or a generator, given as a kustomization that has nothing else.
pub(crate) fn plugin(case: &Case) -> std::io::Result<Result<String, String>> {
    let config = case.folder.join("config.yaml");
    if !config.is_file() {
        return build_of(case);
    }
    let mut files = MemoryFiles::new();
    if case.folder.join("in").is_dir() {
        load(&case.folder.join("in"), "/", &mut files)?;
    }
    let at = case.json["run_path"].as_str().unwrap_or_default();
    let at = format!("/{}", at.trim_start_matches('.'));
    let path = |name: &str| format!("{at}/{name}");
    // Alone, a generator has nothing to be merged with.
    let config = fs_err::read_to_string(config)?.replace("behavior: merge\n", "");
    files.file(&path("oracle-config.yaml"), config.as_str());
    let input = case.folder.join("input.yaml");
    let resources = if input.is_file() {
        files.file(&path("oracle-input.yaml"), fs_err::read(input)?);
        "resources: [oracle-input.yaml]\n"
    } else {
        ""
    };
    let field = match case.json["plugin"].as_str() {
        Some("generator") => "generators",
        _ => "transformers",
    };
    let mut kustomization = format!("{resources}{field}: [oracle-config.yaml]\n");
    // A kustomization has a field for this one, which cannot be named as a transformer.
    if let Some((_, options)) = config.split_once("sortOptions:") {
        kustomization = format!("{resources}sortOptions:{options}");
    }
    files.file(&path("kustomization.yaml"), kustomization);
    let want = fs_err::read_to_string(case.folder.join("expected.yaml")).unwrap_or_default();
    let shows_history = want.contains("internal.config.kubernetes.io");
    if config.contains("sortOptions:") {
        return Ok(run(&files, &at, &case.options()));
    }
    let built = accumulate(&files, &at, &case.options(), shows_history);
    Ok(built.and_then(|built| built.to_yaml()).map_err(|error| error.report()))
}

/// Roots that build, that fail, and that are built with restrictions.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    pub(crate) outputs: Outcome,
    pub(crate) errors: Outcome,
    pub(crate) restricted: Outcome,
}

/// Runs the roots of all repositories.
pub(crate) fn repositories(top: &Path) -> std::io::Result<Roots> {
    let mut roots = Roots::default();
    let mut folders: Vec<_> = fs_err::read_dir(top)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    folders.sort();
    for folder in folders.iter().filter(|folder| folder.join("roots.tsv").is_file()) {
        repository(folder, &mut roots)?;
    }
    Ok(roots)
}

/// Reads an archive to files below a folder.
pub(crate) fn unpack(archive: &Path, at: &str) -> std::io::Result<MemoryFiles> {
    let mut decoder = zstd::Decoder::new(fs_err::File::open(archive)?)?;
    decoder.window_log_max(27)?;
    let mut files = MemoryFiles::new();
    for entry in tar::Archive::new(decoder).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().trim_start_matches("./").to_owned();
        let path = format!("{at}/{path}");
        match entry.header().entry_type() {
            tar::EntryType::Directory => files.folder(&path),
            tar::EntryType::Symlink => {
                let target = entry.link_name()?.unwrap_or_default().to_string_lossy().into_owned();
                files.link(&path, &target);
            }
            _ => {
                let mut content = Vec::new();
                entry.read_to_end(&mut content)?;
                files.file(&path, content);
            }
        }
    }
    Ok(files)
}

fn repository(folder: &Path, roots: &mut Roots) -> std::io::Result<()> {
    let repository = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = unpack(&folder.join("inputs.tar.zst"), ROOT)?;
    let results = unpack(&folder.join("outputs.tar.zst"), "")?;
    for line in fs_err::read_to_string(folder.join("roots.tsv"))?.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [root, _, _, _, flags, ..] = cells[..] else { continue };
        if !flags.is_empty() {
            continue;
        }
        let name = format!("{repository}/{root}");
        let file = if root == "." { "_root".to_owned() } else { root.replace('/', "__") };
        let read = |suffix: &str| {
            let content = results.read(&format!("/{file}.{suffix}")).ok()?;
            String::from_utf8(content.into_owned()).ok()
        };
        let folder = if root == "." { ROOT.to_owned() } else { format!("{ROOT}/{root}") };
        let build = |load_restrictions| {
            run(&files, &folder, &Options { load_restrictions, ..Options::default() })
        };
        let free = build(LoadRestrictions::None);
        match (read("yaml"), read("error")) {
            (Some(want), _) => {
                roots.outputs.note(&name, free.and_then(|got| same(&got, &want)));
                let strict = build(LoadRestrictions::RootOnly);
                let result = match read("restricted.error") {
                    Some(want) => same_error(strict, &want),
                    None => strict.and_then(|got| same(&got, &want)),
                };
                roots.restricted.note(&name, result);
            }
            (None, Some(want)) => roots.errors.note(&name, same_error(free, &want)),
            (None, None) => {}
        }
    }
    Ok(())
}

/// Where the files of a repository are; `$ROOT` in messages.
const ROOT: &str = "/oracle/root";

fn same_error(got: Result<String, String>, want: &str) -> Result<(), String> {
    let want = want.replace("$ROOT", ROOT);
    match got {
        Ok(text) => {
            Err(format!("no error, but\n{}", text.lines().take(10).collect::<Vec<_>>().join("\n")))
        }
        Err(report) => {
            let lacking = missing(want.trim_start_matches("Error: "), &report);
            if lacking.is_empty() {
                Ok(())
            } else {
                Err(format!("{report}\nlacks {lacking:?}\nof {want}"))
            }
        }
    }
}
