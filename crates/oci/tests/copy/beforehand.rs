//! What happens before the first byte: a rehearsal, and a preflight that refuses.

use std::sync::{Arc, Mutex};

use sealift_oci::copy::{Copy, CopyError, CopyOptions, Preflight, Refusal, Side, Summary};
use sealift_oci::plan::Plan;
use sealift_oci::{BoxFuture, Memory, Request, StoreError, StoreErrorKind};

use crate::support::{Shipped, failures, image, layer, repository, ship};

/// Two images that share a layer.
fn two() -> (Arc<Memory>, Plan) {
    let images =
        ["a", "b"].map(|name| image(name, &[layer(99, 300_000), layer(name.as_bytes()[0], 1000)]));
    let to = |built, from, to| Shipped { built, from, to, tag: Some("v1") };
    ship(&[to(&images[0], "r.io/a", "t.corp/a"), to(&images[1], "r.io/b", "t.corp/b")])
}

fn copy(
    source: &Arc<Memory>,
    target: &Arc<Memory>,
    preflight: Arc<dyn Preflight>,
) -> Copy<Memory, Memory> {
    Copy {
        source: Arc::clone(source),
        target: Arc::clone(target),
        options: CopyOptions::default(),
        observer: Arc::new(()),
        preflight,
    }
}

fn amounts(summary: &Summary) -> [(u64, u64); 3] {
    let Summary { sent, mounted, already_there, .. } = summary;
    [sent, mounted, already_there].map(|counted| (counted.count, counted.size_bytes))
}

#[tokio::test]
async fn a_rehearsal_writes_nothing_and_says_what_a_run_then_does() {
    let (source, plan) = two();
    let target = Arc::new(Memory::new());
    let run = copy(&source, &target, Arc::new(()));
    let rehearsed = run.rehearse(&plan).await;
    assert!(rehearsed.is_complete(), "{:?}", failures(&rehearsed));
    assert_eq!((target.contents().len(), source.requests().total()), (0, 0));
    for kind in [Request::SendBlob, Request::Mount, Request::StartUpload, Request::PutDocument] {
        assert_eq!(target.requests().of(kind), 0, "{kind:?}");
    }

    target.restart();
    let done = run.run(&plan).await;
    assert_eq!(amounts(&rehearsed), amounts(&done));
    let requests = &rehearsed.requests;
    let foreseen = requests.tags + requests.probes + requests.foreseen + requests.documents;
    assert_eq!(foreseen, target.requests().total());
    assert_eq!((done.read_bytes, rehearsed.read_bytes), (done.sent.size_bytes, 0));

    let again = run.rehearse(&plan).await;
    assert_eq!((again.images_skipped, amounts(&again)), (2, [(0, 0); 3]));
    let sizes: u64 = plan.images.iter().map(|image| plan.bytes_of([image])).sum();
    assert_eq!(again.skipped_bytes, sizes);
}

/// Refuses the first image that it is asked for.
#[derive(Default)]
struct Refusing(Mutex<Vec<Vec<usize>>>);

impl Preflight for Refusing {
    fn check<'a>(&'a self, plan: &'a Plan, wanted: &'a [usize]) -> BoxFuture<'a, Vec<Refusal>> {
        self.0.lock().unwrap().push(wanted.to_vec());
        let refusal = wanted.first().map(|image| Refusal {
            image: *image,
            error: Arc::new(CopyError::Store {
                side: Side::Target,
                repository: plan.images[*image].target.clone(),
                action: "push",
                what: "to it".to_owned(),
                source: StoreError::new(StoreErrorKind::Denied, "no"),
            }),
        });
        Box::pin(std::future::ready(refusal.into_iter().collect()))
    }
}

#[tokio::test]
async fn what_a_preflight_refuses_is_not_touched_and_the_rest_is_copied() {
    let (source, plan) = two();
    let (target, refusing) = (Arc::new(Memory::new()), Arc::new(Refusing::default()));
    let run = copy(&source, &target, Arc::clone(&refusing) as _);
    let summary = run.run(&plan).await;
    assert_eq!((summary.images_done, summary.failed.len()), (1, 1));
    assert_eq!(summary.failed[0].errors[0].kind(), Some(StoreErrorKind::Denied));
    let places: Vec<_> = target.contents().into_iter().map(|(place, _, _)| place).collect();
    assert!(places.iter().all(|place| *place == repository("t.corp/b").to_string()), "{places:?}");

    // The image that is there is not asked about again.
    run.run(&plan).await;
    assert_eq!(*refusing.0.lock().unwrap(), [vec![0, 1], vec![0]]);
}
