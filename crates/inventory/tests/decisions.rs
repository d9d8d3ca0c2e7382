//! Decisions, exclusions, remaps.

use sealift_inventory::{
    Artifact, Class, Confidence, Decision, Finding, Inventory, Mirrors, Origin, Remap, Shipment,
    Step, Unresolved, Why, apply_decisions,
};

fn origin(object: &str) -> Origin {
    Origin::new()
        .with(Step::File { path: "a.yaml".to_owned(), line: Some(1) })
        .with(Step::Object(object.to_owned()))
}

fn finding(image: &str, object: &str, class: Class, confidence: Confidence) -> Finding {
    let artifact = Artifact::Image(image.parse().expect("a reference"));
    Finding { artifact, origin: origin(object), set_by: Vec::new(), class, confidence }
}

fn unresolved(text: &str, object: &str) -> Unresolved {
    Unresolved { text: text.to_owned(), origin: origin(object), reason: "no reference".to_owned() }
}

fn inventory() -> Inventory {
    Inventory::collect(
        [
            finding("nginx:1", "Pod a", Class::Required, Confidence::Certain),
            finding("maybe/x:1", "Pod a", Class::Required, Confidence::Possible),
            finding("maybe/x:1", "Pod b", Class::Required, Confidence::Possible),
            finding("busybox:1", "Pod a", Class::Optional, Confidence::Likely),
        ],
        [unresolved("$(IMAGE)", "ConfigMap x"), unresolved("$(IMAGE)", "ConfigMap y")],
        [],
    )
}

fn decided(list: &str) -> Result<(Inventory, Vec<Decision>), String> {
    let decisions = Decision::read_list("decide.yaml", list).expect("a list of decisions");
    apply_decisions(inventory(), &decisions).map_err(|error| error.to_string())
}

fn names(inventory: &Inventory) -> Vec<String> {
    inventory
        .artifacts()
        .iter()
        .map(|entry| format!("{} {}", entry.artifact, entry.confidence))
        .collect()
}

#[test]
fn a_text_becomes_an_image_at_its_place_only() {
    let (inventory, used) =
        decided("- {text: $(IMAGE), at: ConfigMap x, image: a/b:1, reason: r}").unwrap();
    assert!(names(&inventory).contains(&"docker.io/a/b:1 certain".to_owned()));
    assert_eq!(inventory.unresolved(), [unresolved("$(IMAGE)", "ConfigMap y")]);
    assert_eq!(used.len(), 1);
}

#[test]
fn without_a_place_all_places_are_decided_and_a_place_may_be_several_steps() {
    let (inventory, _) = decided("- {text: $(IMAGE), drop: true, reason: r}").unwrap();
    assert!(inventory.unresolved().is_empty());
    let (inventory, _) =
        decided("- {text: $(IMAGE), at: \"a.yaml:1 > ConfigMap x\", drop: true, reason: r}")
            .unwrap();
    assert_eq!(inventory.unresolved().len(), 1);
}

#[test]
fn a_possible_image_is_taken_or_dropped() {
    let (inventory, _) = decided("- {image: maybe/x:1, reason: r}").unwrap();
    assert!(names(&inventory).contains(&"docker.io/maybe/x:1 certain".to_owned()));
    let (inventory, _) = decided("- {image: maybe/x:1, drop: true, reason: r}").unwrap();
    assert!(!names(&inventory).iter().any(|name| name.contains("maybe")));
    let (inventory, _) = decided("- {image: maybe/x:1, at: Pod a, drop: true, reason: r}").unwrap();
    assert!(names(&inventory).contains(&"docker.io/maybe/x:1 possible".to_owned()));
    assert_eq!(inventory.undecided(), 3);
}

#[test]
fn a_decision_that_decides_nothing_is_an_error_that_names_it() {
    let unused = [
        "- {text: $(OTHER), drop: true, reason: r}",
        "- {text: $(IMAGE), at: ConfigMap, drop: true, reason: r}",
        "- {image: nginx:1, reason: r}",
        "- {text: $(IMAGE), drop: true, reason: r}\n- {text: $(IMAGE), at: ConfigMap x, drop: true, reason: r}",
    ];
    let errors: Vec<_> = unused.iter().map(|list| decided(list).unwrap_err()).collect();
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn an_image_that_is_certain_can_be_dropped_with_a_reason() {
    let (inventory, used) = decided("- {image: nginx:1, drop: true, reason: r}").unwrap();
    assert!(
        !names(&inventory).iter().any(|name| name.contains("nginx")),
        "{:?}",
        names(&inventory)
    );
    assert_eq!(used.len(), 1);
}

fn shipment(keys: &str) -> Shipment {
    let head =
        "apiVersion: sealift.dev/v1alpha1\nkind: Shipment\nmetadata: {name: x}\nsources: []\n";
    Shipment::read("sealift.yaml", &format!("{head}{keys}")).expect("a shipment")
}

#[test]
fn a_lock_takes_what_is_certain_or_likely_and_not_excluded() {
    let outcome = |keys: &str| {
        let choice = shipment(keys).choose(&inventory());
        let left = choice
            .left
            .into_iter()
            .map(|left| (left.entry.artifact.name(), left.why))
            .collect::<Vec<_>>();
        (choice.taken.len(), left, choice.unused.len())
    };
    let undecided = ("docker.io/maybe/x:1".to_owned(), Why::Undecided);
    let busybox = "docker.io/library/busybox:1".to_owned();
    assert_eq!(outcome(""), (2, vec![undecided.clone()], 0));
    assert_eq!(
        outcome("optional: exclude"),
        (1, vec![(busybox.clone(), Why::Optional), undecided.clone()], 0)
    );
    assert_eq!(outcome("optional: [\"bus*\"]"), (2, vec![undecided.clone()], 0));
    assert_eq!(
        outcome("optional: [other]"),
        (1, vec![(busybox.clone(), Why::Optional), undecided.clone()], 0)
    );
    let excluded = (busybox, Why::Excluded("r".to_owned()));
    assert_eq!(
        outcome("exclude: [{image: \"busybox:*\", reason: r}]"),
        (1, vec![excluded, undecided.clone()], 0)
    );
    assert_eq!(outcome("exclude: [{image: \"gone:*\", reason: r}]"), (2, vec![undecided], 1));
}

#[test]
fn an_excluded_image_needs_no_decision() {
    let undecided = |keys: &str| shipment(keys).choose(&inventory()).undecided;
    assert_eq!(undecided(""), 3, "two texts and one possible image");
    assert_eq!(undecided("exclude: [{image: maybe/x, reason: r}]"), 2);
}

#[test]
fn the_longest_prefix_wins_and_prefixes_end_at_a_slash() {
    let shipment = shipment(
        "remap:\n- {from: docker.io/bitnami, to: docker.io/bitnamilegacy}\n- {from: docker.io, to: mirror.corp/hub}\n\
         mirrors:\n- {prefix: quay.io, location: a.corp}\n- {prefix: quay.io/x, location: b.corp/q}\n- {prefix: quay.io/x/, location: c.corp:5000}\n",
    );
    let remapped =
        |remap: &Remap, name: &str| remap.apply(&name.parse().unwrap()).map(|to| to.to_string());
    assert_eq!(
        remapped(&shipment.remap, "docker.io/bitnami/redis").as_deref(),
        Some("docker.io/bitnamilegacy/redis")
    );
    assert_eq!(
        remapped(&shipment.remap, "docker.io/bitnamix/redis").as_deref(),
        Some("mirror.corp/hub/bitnamix/redis")
    );
    assert_eq!(
        remapped(&shipment.remap, "docker.io/nginx").as_deref(),
        Some("mirror.corp/hub/library/nginx")
    );
    assert_eq!(remapped(&shipment.remap, "quay.io/bitnami/redis"), None);
    let mirrored = |mirrors: &Mirrors, name: &str| {
        mirrors
            .locations(&name.parse().unwrap())
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(mirrored(&shipment.mirrors, "quay.io/x/y"), ["b.corp/q/y", "c.corp:5000/y"]);
    assert_eq!(mirrored(&shipment.mirrors, "quay.io/xy"), ["a.corp/xy"]);
    assert_eq!(mirrored(&shipment.mirrors, "ghcr.io/x/y"), Vec::<String>::new());
}
