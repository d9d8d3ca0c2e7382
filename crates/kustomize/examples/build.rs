//! Builds folders below a folder that is read whole: `build TOP ROOT…`.
//!
//! Prints what each gives, or its error, behind a line with its name; `--none` lifts the restrictions.

use std::path::Path;

use sealift_kustomize::{LoadRestrictions, MemoryFiles, Options, build};

#[expect(clippy::print_stdout, reason = "an example prints")]
fn main() -> std::io::Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let is_free = words.iter().any(|word| word == "--none");
    words.retain(|word| word != "--none");
    let [top, roots @ ..] = &words[..] else { return Ok(()) };
    let mut files = MemoryFiles::new();
    load(Path::new(top), top, &mut files)?;
    let load_restrictions =
        if is_free { LoadRestrictions::None } else { LoadRestrictions::RootOnly };
    for root in roots {
        let options = Options { load_restrictions, ..Options::default() };
        let built = build(&files, &format!("{top}/{root}"), &options);
        let text = built.and_then(|built| built.to_yaml());
        println!("##### {root}");
        match text {
            Ok(text) => print!("{text}"),
            Err(error) => println!("Error: {}", error.report()),
        }
    }
    Ok(())
}

fn load(folder: &Path, at: &str, files: &mut MemoryFiles) -> std::io::Result<()> {
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
