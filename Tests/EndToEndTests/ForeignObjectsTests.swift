import KubeAPI
import Manifests
import Planning
import Testing

/// A green that is not empty: what stands there already is never touched.
@Suite("Foreign objects on green", .timeLimit(.minutes(15)))
struct ForeignObjectsTests {
    @Test("Collisions are told before the first write; after the way back all twenty foreign objects are the same")
    func foreign() async throws {
        let shop = try await Shop()
        let plan = try await shop.plan().plan
        for object in Self.foreign {
            let resource = try #require(try await shop.green.client.discover().resource(for: object.gvk))
            _ = try await shop.green.client.create(object, as: resource)
        }
        let before = try await shop.green.content()
        let blueBefore = try await shop.blue.declared()
        let routesBefore = try Files.read("\(shop.migration)/routes.json")

        // They came after the plan: apply tells of all five, and writes nothing anywhere.
        let apply = try await shop.kirikae("apply", shop.migration, "--yes", gates: plan.gates())
        #expect(apply.code == 10, "\(apply)")
        for object in Self.colliding { #expect(apply.error.contains("green \(object.reference):"), "\(apply)") }
        #expect(apply.error.components(of: "[collision]") == Self.colliding.count, "\(apply)")
        try await shop.green.expectContent(before)
        try await shop.blue.expectDeclared(blueBefore)
        #expect(try Files.read("\(shop.migration)/routes.json") == routesBefore)

        // They were there before the plan: there is none.
        let files = Files.snapshot(shop.migration)
        let refused = try await shop.kirikae("plan", "-f", "\(shop.migration)/migration.yaml")
        #expect(refused.code == 10, "\(refused)")
        for object in Self.colliding { #expect(refused.error.contains("\(object.reference)"), "\(refused)") }
        #expect(Files.snapshot(shop.migration) == files)

        // Left out of the migration, they are in nobody's way.
        try shop.extendMigration(
            by: "\ndecisions:\n"
                + Self.colliding.map {
                    "  - select: {kind: \($0.gvk.groupKind), name: \($0.name)}\n"
                        + "    decision: skip\n    reason: green has its own\n"
                }.joined())
        let second = try await shop.plan().plan
        let forward = try await shop.kirikae("apply", shop.migration, "--yes", gates: second.gates("platform", "front"))
        #expect(forward.code == 4, "\(forward)")
        let back = try await shop.kirikae("rollback", "--yes", "--to", "start")
        #expect(back.code == 8, "\(back)")
        try await shop.green.expectContent(before)
        try await shop.blue.expectDeclared(blueBefore)
    }

    /// Named as objects of the shop are.
    static let colliding: [KubeObject] = [
        object("v1", "PriorityClass", group: "scheduling.k8s.io", "shop-critical", ["value": 7]),
        object("v1", "StorageClass", group: "storage.k8s.io", "standard-ssd", ["provisioner": "other.example.com"]),
        object(
            "v1", "IngressClass", group: "networking.k8s.io", "nginx", ["spec": ["controller": "example.com/other"]]),
        object("v1", "ClusterRole", group: "rbac.authorization.k8s.io", "shop-view", ["rules": []]),
        object(
            "v1", "CSIDriver", group: "storage.k8s.io", "csi.disks.example.com", ["spec": ["attachRequired": false]]),
    ]

    /// Twenty in all.
    static let foreign: [KubeObject] =
        colliding + [
            object("v1", "Namespace", "monitoring", [:]),
            object(
                "v1", "Deployment", group: "apps", namespace: "monitoring", "collector",
                [
                    "spec": [
                        "replicas": 1, "selector": ["matchLabels": ["app": "collector"]],
                        "template": [
                            "metadata": ["labels": ["app": "collector"]],
                            "spec": ["containers": [["name": "collector", "image": "example.com/collector:1"]]],
                        ],
                    ]
                ]),
            object(
                "v1", "Service", namespace: "monitoring", "collector",
                ["spec": ["selector": ["app": "collector"], "ports": [["port": 80]]]]),
            object("v1", "Secret", namespace: "monitoring", "token", ["data": ["token": "c2VjcmV0"]]),
            object("v1", "PriorityClass", group: "scheduling.k8s.io", "monitoring", ["value": 9]),
        ]
        + (1...10).map { number in
            object(
                "v1", "ConfigMap", namespace: "monitoring", "settings-\(number)",
                ["data": ["number": .string("\(number)")]])
        }

    private static func object(
        _ version: String, _ kind: String, group: String? = nil, namespace: String? = nil, _ name: String,
        _ members: JSONObject
    ) -> KubeObject {
        var object = KubeObject(
            GroupVersionKind(group: group ?? "", version: version, kind: kind), namespace: namespace, name: name)
        for member in members { object[FieldPath([.member(member.key)])] = member.value }
        return object
    }
}

extension String {
    /// How often a text stands in this one.
    func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(text) { count += 1 }
            rest = rest.dropFirst()
        }
        return count
    }
}
