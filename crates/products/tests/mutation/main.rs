//! What is claimed to set a reference moves it when it is changed, and what moves one is claimed.
#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

mod run;

use sealift_products::charts::on_large_stack;

#[test]
#[ignore]
fn all() {
    let filter = std::env::var("CHARTS").unwrap_or_default();
    let root = std::path::Path::new("/work/shared/oracles/charts");
    let mut all = run::Figures::default();
    let mut paths = vec![];
    for folder in fs_err::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_dir() {
            for chart in fs_err::read_dir(folder).unwrap() {
                paths.push(chart.unwrap().path())
            }
        }
    }
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".tgz") || !name.contains(&filter) {
            continue;
        }
        let bytes = fs_err::read(&path).unwrap();
        let started = std::time::Instant::now();
        let figures = on_large_stack(|| run::prove(&name, &bytes)).unwrap();
        let took = started.elapsed();
        match figures {
            Ok(f) => {
                println!(
                    "{name}: leaves {} moving {} claimed {} claims {} renders {} untried {} wrong {} {took:?}",
                    f.leaves,
                    f.moving,
                    f.claimed,
                    f.claims,
                    f.renderings,
                    f.untried,
                    f.wrong.len()
                );
                for w in &f.wrong {
                    println!("   WRONG {w}");
                }
                for w in &f.missed {
                    println!("   MISSED {w}");
                }
                all.add(f);
            }
            Err(e) => println!("{name}: ERROR {e}"),
        }
    }
    println!(
        "all: charts {} leaves {} moving {} claimed {} ({}‰) claims {} wrong {} renders {} untried {}",
        all.charts,
        all.leaves,
        all.moving,
        all.claimed,
        all.share(),
        all.claims,
        all.wrong.len(),
        all.renderings,
        all.untried
    );
}
