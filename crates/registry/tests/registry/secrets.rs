//! The places at which a secret leaves its type are few and known (security §5).

#[test]
fn secrets_are_exposed_at_six_places() {
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut places = Vec::new();
    let mut folders = vec![source.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs_err::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap();
            let name = path.strip_prefix(&source).unwrap().display().to_string();
            places.extend(text.matches(".expose()").map(|_| name.clone()));
        }
    }
    places.sort();
    // The token form; DOCKER_AUTH_CONFIG, parsed; the helper's stdin; the file that `login` writes; the file of
    // `--write-secrets`; the header.
    assert_eq!(
        places,
        [
            "auth.rs",
            "credentials/file.rs",
            "credentials/helper.rs",
            "credentials/login.rs",
            "credentials/mod.rs",
            "travel.rs"
        ]
    );
}
