//! Reading the tables from the folder, once, when a server starts.

use sealift_files::{Entry, Folder, Kind};
use sealift_oci::limits::MANIFEST_BYTES;
use sealift_oci::{Descriptor, Hint, Manifest};
use sealift_reference::{Digest, MediaType, Tag};

use super::place;
use super::table::Table;
use crate::limits::SMALL_FILE_BYTES;
use crate::route::Name;

/// The tables of a folder, and what is wrong with it: such entries are left out, so that nothing is served that is not there.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) table: Table,
    pub(crate) problems: Vec<String>,
}

/// Reads every repository below `sealift/repositories`.
pub(crate) fn load(folder: &Folder) -> Result<Loaded, sealift_files::Error> {
    let mut loaded = Loaded::default();
    let root = match folder.folder(place::REPOSITORIES) {
        Err(error) if error.is_not_found() => return Ok(loaded),
        other => other?,
    };
    let mut left = vec![String::new()];
    while let Some(path) = left.pop() {
        let below = if path.is_empty() { None } else { Some(root.folder(&path)?) };
        for Entry { name, kind } in below.as_ref().unwrap_or(&root).entries()? {
            let at = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            match (kind, name.as_str(), Name::parse(&path)) {
                (Kind::Folder, place::LINKS, Some(repository)) => {
                    links(folder, &root.folder(&at)?, &repository, &mut loaded)?;
                }
                (Kind::Folder, place::TAGS, Some(_)) => {} // after the links
                (Kind::Folder, ..) if Name::parse(&at).is_some() => left.push(at),
                _ => loaded
                    .problems
                    .push(format!("`{}/{at}` is no part of a repository", root.path())),
            }
        }
        if let (Some(repository), Some(below)) = (Name::parse(&path), &below) {
            tags(below, &repository, &mut loaded)?;
        }
    }
    Ok(loaded)
}

fn links(
    folder: &Folder,
    links: &Folder,
    repository: &Name,
    loaded: &mut Loaded,
) -> Result<(), sealift_files::Error> {
    for entry in links.entries()? {
        if let Err(reason) = link(folder, links, &entry, (repository, &mut loaded.table)) {
            loaded.problems.push(format!("`{}/{}`: {reason}", links.path(), entry.name));
        }
    }
    Ok(())
}

fn link(
    folder: &Folder,
    links: &Folder,
    entry: &Entry,
    (repository, table): (&Name, &mut Table),
) -> Result<(), String> {
    let digest = place::digest_of_link(&entry.name).ok_or("no digest")?;
    let media_type =
        links.read_text(&entry.name, SMALL_FILE_BYTES).map_err(|error| error.to_string())?;
    let media_type = media_type.trim();
    if media_type.is_empty() {
        let there = folder.size(&place::blob(&digest)).map_err(|error| error.to_string())?;
        there.ok_or("its blob is not there")?;
        table.add_blob(repository, digest);
        return Ok(());
    }
    let media_type = MediaType::from(media_type);
    let (descriptor, manifest) = document(folder, &digest, &media_type)?;
    table.add_document(repository, descriptor, &manifest);
    Ok(())
}

/// Reads and checks a manifest that is to be served.
pub(crate) fn document(
    folder: &Folder,
    digest: &Digest,
    media_type: &MediaType,
) -> Result<(Descriptor, Manifest), String> {
    let bytes = folder
        .read(&place::blob(digest), MANIFEST_BYTES as u64)
        .map_err(|error| error.to_string())?;
    if Digest::of(digest.algorithm(), &bytes) != *digest {
        return Err("its bytes are not what its digest says".to_owned());
    }
    let hint = Hint { descriptor: Some(media_type), content_type: None };
    let manifest = Manifest::parse(&bytes, hint).map_err(|error| error.to_string())?;
    Ok((Descriptor::new(media_type.clone(), digest.clone(), bytes.len() as u64), manifest))
}

fn tags(
    repository_folder: &Folder,
    repository: &Name,
    loaded: &mut Loaded,
) -> Result<(), sealift_files::Error> {
    let folder = match repository_folder.folder(place::TAGS) {
        Err(error) if error.is_not_found() => return Ok(()),
        other => other?,
    };
    for entry in folder.entries()? {
        let digest = folder
            .read_text(&entry.name, SMALL_FILE_BYTES)
            .ok()
            .and_then(|text| text.trim().parse::<Digest>().ok());
        match (entry.name.parse::<Tag>(), digest) {
            (Ok(tag), Some(digest)) if loaded.table.link(repository, &digest).is_some() => {
                loaded.table.add_tag(repository, tag, digest);
            }
            (Ok(_), Some(digest)) => loaded.problems.push(format!(
                "`{}/{}` names {digest}, which is not in the repository",
                folder.path(),
                entry.name
            )),
            _ => loaded.problems.push(format!("`{}/{}` is no tag", folder.path(), entry.name)),
        }
    }
    Ok(())
}
