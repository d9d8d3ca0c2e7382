//! Paths as they are written from a folder.

/// Returns a path as it is written from a folder; both are absolute. Empty for an empty one.
#[must_use]
pub fn relative(folder: &str, path: &str) -> String {
    if path.is_empty() {
        return String::new();
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
        ] {
            assert_eq!(relative(folder, path), wanted);
        }
    }
}
