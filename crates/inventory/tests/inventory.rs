//! Inventories: grouping, and their file.

use sealift_inventory::{
    Artifact, Class, Confidence, Finding, Inventory, Origin, SetBy, Step, Unresolved,
};

fn finding(image: &str, line: u32, class: Class, confidence: Confidence) -> Finding {
    let origin = Origin::from_iter([
        Step::Product { name: "deploykf".to_owned(), version: "0.1.5".to_owned() },
        Step::Chart { name: "istiod".to_owned(), version: "1.10".to_owned() },
        Step::File { path: "templates/deployment.yaml".to_owned(), line: Some(line) },
        Step::Object("Deployment istio-system/istiod".to_owned()),
        Step::Key(".spec.template.spec.containers[0].image".to_owned()),
    ]);
    let artifact = Artifact::Image(image.parse().expect("a reference"));
    Finding { artifact, origin, set_by: Vec::new(), class, confidence }
}

fn sample() -> Inventory {
    let mut set = finding("istio/pilot:1.17.8", 96, Class::Required, Confidence::Certain);
    set.set_by =
        vec![SetBy { values: "values.yaml".to_owned(), key: ".global.hub".to_owned(), line: 312 }];
    let text = Step::Text { format: "yaml".to_owned(), line: 14, key: None };
    Inventory::collect(
        [
            set,
            finding("docker.io/istio/pilot:1.17.8", 9, Class::Optional, Confidence::Possible),
            finding("nginx", 1, Class::Tool, Confidence::Possible),
        ],
        [Unresolved {
            text: "repo:$(app-version)".to_owned(),
            origin: Origin::new().with(Step::Key(".data".to_owned())).with(text),
            reason: "variable is not defined in the input".to_owned(),
        }],
        [],
    )
}

#[test]
fn findings_are_grouped_and_the_strongest_speaks_for_the_artifact() {
    let inventory = sample();
    let pilot = &inventory.artifacts()[0];
    assert_eq!(pilot.artifact.name(), "docker.io/istio/pilot:1.17.8");
    assert_eq!((pilot.class, pilot.confidence), (Class::Required, Confidence::Certain));
    assert_eq!(
        Vec::from_iter(&pilot.written),
        ["docker.io/istio/pilot:1.17.8", "istio/pilot:1.17.8"]
    );
    assert_eq!(inventory.undecided(), 2, "one unresolved text, one possible image");
}

#[test]
fn an_inventory_is_written_as_the_format_says() {
    insta::assert_snapshot!(sample().to_yaml());
}

#[test]
fn a_written_inventory_reads_back_equal_from_yaml_and_json() {
    let inventory = sample();
    assert_eq!(Inventory::read("i.yaml", &inventory.to_yaml()), Ok(inventory.clone()));
    assert_eq!(Inventory::read("i.json", &inventory.to_json()), Ok(inventory));
}
