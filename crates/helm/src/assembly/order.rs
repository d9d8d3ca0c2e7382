//! The order of installation.

use std::cmp::Ordering;

use super::Document;
use crate::profile::Rules;

/// `InstallOrder` in `pkg/release/v1/util/kind_sorter.go` of Helm 4.2.4. What a release does not know is at the end.
const KINDS: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// How many of the kinds are webhook configurations.
const WEBHOOKS: usize = 2;

/// Sorts documents by their kinds; those of unknown kinds come last, by the name of the kind.
pub(super) fn install(documents: &mut [Document], rules: &Rules) {
    let known = if rules.orders_webhooks { &KINDS[..] } else { &KINDS[..KINDS.len() - WEBHOOKS] };
    let place = |kind: &str| known.iter().position(|known| *known == kind);
    documents.sort_by(|a, b| {
        let (a, b) = (a.kind(), b.kind());
        match (place(a), place(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => a.cmp(b),
        }
    });
}
