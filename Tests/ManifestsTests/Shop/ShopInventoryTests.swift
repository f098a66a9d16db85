import FoundationEssentials
import Manifests
import Testing

/// The reference migration's inventory: it must be what a live cluster could have been.
@Suite("The shop's inventory")
struct ShopInventoryTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../plans/shop/inventory"
    ).standardized.path

    let report = ManifestLoader().load(["\(folder)/objects"])
    var objects: [KubeObject] { report.objects.map(\.object) }

    @Test("Every file is read, nothing is passed over, and the head counts what is there")
    func counts() throws {
        #expect(report.errors.map(\.description) == [])
        #expect(report.skipped.isEmpty)
        #expect(report.filesRead == report.filesSeen)
        let head = ManifestLoader().load(["\(Self.folder)/inventory.yaml"])
        let inventory = try #require(head.objects.first?.object)
        #expect(inventory["count"]?.integer == Int64(objects.count))
        #expect((100...150).contains(objects.count))
        #expect((4...6).contains(Set(objects.compactMap(\.namespace)).count))
        let system = objects.first { $0.gvk.kind == "Namespace" && $0.name == "kube-system" }
        #expect(inventory["cluster.uid"]?.string == system?.uid)
    }

    @Test("Every object looks as a server would show it, under a name and UID of its own")
    func shape() {
        #expect(Set(objects.map(\.reference)).count == objects.count)
        #expect(Set(objects.compactMap(\.uid)).count == objects.count)
        #expect(Set(objects.compactMap(\.resourceVersion)).count == objects.count)
        let namespaces = Set(objects.filter { $0.gvk.kind == "Namespace" }.map(\.name))
        for entry in report.objects {
            let object = entry.object
            #expect(object["metadata.creationTimestamp"]?.string?.hasSuffix("Z") == true, "\(entry.location)")
            #expect(!object.name.isEmpty && object.name == object.name.lowercased(), "\(entry.location)")
            if let namespace = object.namespace { #expect(namespaces.contains(namespace), "\(entry.location)") }
            let template = object["spec.template.metadata.labels"]?.object
            if let wanted = object["spec.selector.matchLabels"]?.object, let template {
                #expect(wanted.allSatisfy { template[$0.key] == $0.value }, "\(entry.location)")
            }
        }
    }

    @Test("What an object names is there")
    func references() {
        let known = Set(objects.map(\.reference))
        let uids = Set(objects.compactMap(\.uid))
        var checked = 0
        for entry in report.objects {
            for reference in ShopReferences.named(by: entry.object) {
                #expect(known.contains(reference), "\(entry.object.reference) names \(reference)")
                checked += 1
            }
            for uid in ShopReferences.uids(in: entry.object) {
                #expect(uids.contains(uid), "\(entry.object.reference) names the UID \(uid)")
                checked += 1
            }
        }
        #expect(checked > 100)
    }

    @Test("The storefront calls no Service of the wave behind it")
    func order() {
        for object in objects where object.namespace == "storefront" {
            let text = object.json.canonicalText
            #expect(!text.contains(".orders.svc") && !text.contains(".payments.svc"), "\(object.reference)")
        }
    }

    @Test("Secrets hold digests; the one that does not is a Helm release")
    func secrets() {
        let secrets = objects.filter { $0.gvk.kind == "Secret" }
        #expect(secrets.count >= 8)
        for secret in secrets {
            let data = secret["data"]?.object ?? [:]
            if secret["type"]?.string == "helm.sh/release.v1" {
                #expect(secret[annotation: SecretRedaction.annotation] == nil)
            } else {
                #expect(secret[annotation: SecretRedaction.annotation] == "true", "\(secret.reference)")
                #expect(
                    data.allSatisfy { $0.value.string.flatMap { Digest($0) } != nil }, "\(secret.reference)")
            }
            #expect(secret["stringData"] == nil)
        }
        for object in objects {
            let text = object.json.canonicalText
            for word in ["PRIVATE KEY", "eyJhbGciOi", "AKIA", "ghp_"] {
                #expect(!text.contains(word), "\(object.reference) holds \(word)")
            }
        }
    }

    @Test("What the reference migration is about is there", arguments: presences)
    func presence(_ kind: String, _ namespace: String?, _ name: String, _ path: String, _ value: JSONValue?) {
        let object = objects.first { $0.gvk.description == kind && $0.namespace == namespace && $0.name == name }
        #expect(object != nil)
        guard let object, let path = FieldPath(path), !path.elements.isEmpty else { return }
        #expect(object.json[path] == value || (value == nil && object.json[path] != nil))
    }

    static let presences: [(String, String?, String, String, JSONValue?)] = [
        ("batch/v1beta1 CronJob", "orders", "orders-cleanup", "spec.suspend", false),
        ("batch/v1 CronJob", "orders", "orders-year-end", "spec.suspend", true),
        ("policy/v1beta1 PodDisruptionBudget", "storefront", "web", "spec.selector.matchLabels.app", "web"),
        ("policy/v1beta1 PodDisruptionBudget", "payments", "payments-all", "spec.selector", [:]),
        ("autoscaling/v2beta2 HorizontalPodAutoscaler", "storefront", "web", "spec.minReplicas", 3),
        ("networking.k8s.io/v1 Ingress", "storefront", "storefront", "spec.ingressClassName", "nginx"),
        ("v1 Secret", "storefront", "sh.helm.release.v1.storefront.v7", "type", "helm.sh/release.v1"),
        ("policy/v1beta1 PodSecurityPolicy", nil, "shop-restricted", "", nil),
        ("apps/v1 StatefulSet", "orders", "orders-db", "spec.volumeClaimTemplates", nil),
        ("apps/v1 StatefulSet", "payments", "payments-ledger", "spec.volumeClaimTemplates", nil),
        ("apps/v1 Deployment", "storefront", "web-preview", "spec.replicas", 0),
        ("apps/v1 Deployment", "orders", "orders-numbering", "spec.strategy.type", "Recreate"),
        ("shop.example.com/v1 Promotion", "storefront", "welcome", "spec.percent", 5),
        ("v1 Service", "platform", "ingress-nginx", "spec.type", "LoadBalancer"),
        ("rbac.authorization.k8s.io/v1 ClusterRole", nil, "shop-view", "aggregationRule", nil),
        ("batch/v1 Job", "orders", "orders-migrate-0042", "status.succeeded", 1),
        ("v1 Event", "orders", "orders-cleanup-28512180.17bd0a4c9e1f6d22", "", nil),
    ]

    @Test("The Ingress was last applied at a version that is gone")
    func lastApplied() throws {
        let ingress = try #require(objects.first { $0.gvk.kind == "Ingress" })
        let text = try #require(ingress[annotation: "kubectl.kubernetes.io/last-applied-configuration"])
        #expect(try JSONValue(parsing: text)["apiVersion"] == "networking.k8s.io/v1beta1")
    }
}
