import Findings
import FoundationEssentials
import Manifests
import Testing

@Suite("An inventory")
struct InventoryTests {
    static let yaml = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        """

    @Test("is in the same order, with the same digest, whatever order objects came in")
    func order() {
        let straight = Fixtures.inventory(Self.yaml)
        let documents = Self.yaml.split(separator: "---\n").reversed().joined(separator: "\n---\n")
        let reversed = Fixtures.inventory(documents)
        #expect(straight.objects.map(\.object) == reversed.objects.map(\.object))
        #expect(straight.digest == reversed.digest)
        #expect(straight.objects.first?.object.gvk.kind == "Namespace")
    }

    @Test("has another digest when anything but its time differs")
    func digest() {
        let one = Fixtures.inventory(Self.yaml)
        let later = Inventory(
            cluster: one.cluster, takenAt: "2027-01-01T00:00:00Z", apis: one.apis, objects: one.objects)
        #expect(later.digest == one.digest)
        let fewer = Inventory(cluster: one.cluster, takenAt: one.takenAt, objects: Array(one.objects.dropLast()))
        #expect(fewer.digest != one.digest)
        let blind = Inventory(cluster: one.cluster, takenAt: one.takenAt, objects: one.objects, notSeen: ["secrets"])
        #expect(blind.digest != one.digest)
    }

    @Test("finds objects by reference and by kind")
    func lookUp() throws {
        let inventory = Fixtures.inventory(Self.yaml)
        let reference = try #require(ObjectReference("Deployment.apps/shop/web"))
        #expect(inventory[reference]?.object.gvk.kind == "Deployment")
        #expect(inventory[reference]?.location?.line == 5)
        #expect(inventory.objects(of: GroupKind("Service"), in: "shop").count == 1)
        #expect(inventory.objects(of: GroupKind("Service"), in: "other").isEmpty)
        #expect(inventory.occurringKinds.map(\.description) == ["Namespace", "Service", "Deployment.apps"])
    }

    @Test("comes back from its directory as it went in")
    func roundTrip() throws {
        try Scratch.with { folder in
            var inventory = Fixtures.inventory(Fixtures.load("checks/helm-release-api/finds.yaml"))
            inventory = Inventory(
                cluster: inventory.cluster, takenAt: inventory.takenAt, apis: ["v1", "apps/v1"],
                objects: inventory.objects, notSeen: ["widgets: may not be listed"],
                helmReleases: inventory.helmReleases, digestKeyID: "abc")
            #expect(inventory.helmReleases.count == 2)
            try inventory.write(to: "\(folder)/blue")
            let read = try Inventory.read(directory: "\(folder)/blue")
            #expect(read.digest == inventory.digest)
            #expect(read.cluster == inventory.cluster && read.takenAt == inventory.takenAt)
            #expect(read.apis == inventory.apis && read.notSeen == inventory.notSeen)
            #expect(read.helmReleases == inventory.helmReleases && read.digestKeyID == "abc")
            #expect(read.objects.map(\.object) == inventory.objects.map(\.object))
            // Writing again gives the same bytes.
            let first = try Data(contentsOf: URL(filePath: "\(folder)/blue/inventory.yaml"))
            try read.write(to: "\(folder)/blue")
            #expect(try Data(contentsOf: URL(filePath: "\(folder)/blue/inventory.yaml")) == first)
        }
    }

    @Test("may be written by hand, with manifests under objects/")
    func byHand() throws {
        try Scratch.with { folder in
            let head = """
                apiVersion: kirikae.dev/v1
                kind: Inventory
                cluster: {name: blue, version: "1.24", uid: u-1}
                """
            try Scratch.write(head, to: "\(folder)/inventory.yaml")
            try Scratch.write(Self.yaml, to: "\(folder)/objects/shop/web.yaml")
            let inventory = try Inventory.read(directory: folder)
            #expect(inventory.objects.count == 3 && inventory.cluster.version == KubernetesVersion(minor: 24))
            #expect(inventory.objects.first?.location?.file.hasSuffix("objects/shop/web.yaml") == true)
        }
    }

    @Test(
        "is refused when it is not what it says",
        arguments: [
            ("", InventoryError.Code.missing),
            ("kind: Inventory", .malformed),
            ("apiVersion: v1\nkind: ConfigMap", .malformed),
            ("apiVersion: kirikae.dev/v1\nkind: Inventory", .malformed),
            ("apiVersion: kirikae.dev/v1\nkind: Inventory\ncluster: {name: b, version: 1.24}", .malformed),
            (
                "apiVersion: kirikae.dev/v1\nkind: Inventory\nformat: 2\ncluster: {name: b, version: '1.24'}",
                .newerFormat
            ),
            ("apiVersion: kirikae.dev/v1\nkind: Inventory\ncolour: 2\ncluster: {name: b, version: '1.24'}", .malformed),
            ("apiVersion: kirikae.dev/v1\nkind: Inventory\ncount: 7\ncluster: {name: b, version: '1.24'}", .altered),
            (
                "apiVersion: kirikae.dev/v1\nkind: Inventory\ndigest: sha256:00\ncluster: {name: b, version: '1.24'}",
                .altered
            ),
            ("apiVersion: [", .malformed),
        ])
    func refuses(_ head: String, _ code: InventoryError.Code) throws {
        try Scratch.with { folder in
            if !head.isEmpty { try Scratch.write(head, to: "\(folder)/inventory.yaml") }
            try Scratch.write(Self.yaml, to: "\(folder)/objects/web.yaml")
            let error = #expect(throws: InventoryError.self) { try Inventory.read(directory: folder) }
            #expect(error?.code == code, "\(error?.description ?? "")")
            #expect(error?.location != nil)
        }
    }
}

/// Folders that last as long as a test.
enum Scratch {
    static func with(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kirikae-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    static func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}
