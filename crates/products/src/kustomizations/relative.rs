//! Paths as they are written from a folder.

use super::TOP;

/// Returns a path as it is written from a folder; both are absolute. Empty for an empty one. One in a repository is written from
/// where repositories are, unless the folder is in one, too: how deep a folder lies on this machine is nobody's business.
#[must_use]
pub fn relative(folder: &str, path: &str) -> String {
    if path.is_empty() {
        return String::new();
    }
    if let Some(path) = path.strip_prefix(TOP).filter(|_| !folder.starts_with(TOP)) {
        return path.trim_start_matches('/').to_owned();
    }
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (folder, path) = (parts(folder), parts(path));
    let shared = folder.iter().zip(&path).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..".to_owned(), folder.len() - shared);
    up.chain(path[shared..].iter().cloned()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn a_path_is_written_from_a_folder() {
        for (folder, path, wanted) in [
            ("/a/over", "/a/over/k.yaml", "k.yaml"),
            ("/a/over", "/a/base/d.yaml", "../base/d.yaml"),
            ("/a/over", "/b/x", "../../b/x"),
            ("/", "/x", "x"),
            ("/a", "", ""),
            ("/a", "/.sealift-git/h/o/r@1/x", "h/o/r@1/x"),
            ("/.sealift-git/h/o/r@1/a", "/.sealift-git/h/o/r@1/x", "../x"),
        ] {
            assert_eq!(relative(folder, path), wanted);
        }
    }
}
