import Findings
import FoundationEssentials
import HTTP
import KubeAPI
import Manifests
import Synchronization
import Testing

@Suite("Recording a cluster's inventory to disk")
struct InventoryRecordingTests {
    /// A folder for one test, gone with it.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.path + "/kirikae-recording-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func bytes(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
        }
    }

    private func record(
        _ transport: any Transport, _ folder: Folder, takenAt: String = "2026-11-20T08:00:00Z", resuming: Bool = false
    ) async throws -> InventoryRecord {
        try await InventorySource.record(
            KubeClient(transport: transport), name: "blue", server: "https://b", takenAt: takenAt,
            target: KubernetesVersion(minor: 36), secrets: .redacted(key: [1, 2, 3]), into: folder.path,
            resuming: resuming)
    }

    @Test("gives byte for byte what reading into memory gives")
    func same() async throws {
        let (memory, disk) = (Folder(), Folder())
        let inventory = try await InventorySource.cluster(
            KubeClient(transport: CannedServer.small()), name: "blue", server: "https://b",
            takenAt: "2026-11-20T08:00:00Z", target: KubernetesVersion(minor: 36), secrets: .redacted(key: [1, 2, 3]))
        try inventory.write(to: memory.path)
        let record = try await self.record(CannedServer.small(), disk)
        #expect(record.count == 3 && record.digest == inventory.digest && record.notSeen == inventory.notSeen)
        for name in ["inventory.yaml", "objects.jsonl"] { #expect(try disk.bytes(name) == memory.bytes(name)) }
        #expect(try Inventory.read(directory: disk.path).digest == inventory.digest)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.path).sorted() == [
                "inventory.yaml", "objects.jsonl",
            ])
    }

    @Test("nobody else may read the files")
    func modes() async throws {
        let folder = Folder()
        _ = try await record(CannedServer.small(), folder)
        for name in ["inventory.yaml", "objects.jsonl"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
            #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
        }
    }

    /// Counts what is listed, and breaks at one place until it is mended.
    private final class Fragile: Transport {
        let server = CannedServer.small()
        let breaksAt: String
        private let state = Mutex((isMended: false, asked: [String]()))

        init(breaksAt: String) { self.breaksAt = breaksAt }

        func mend() { state.withLock { $0 = (true, []) } }
        var asked: [String] { state.withLock { $0.asked } }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let isMended = state.withLock { state in
                state.asked.append(request.path)
                return state.isMended
            }
            if !isMended, request.path == breaksAt { throw TransportError(.notSent, "connection refused") }
            return try await server.send(request)
        }

        func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
            try await server.stream(request)
        }
    }

    @Test("what was interrupted goes on where it stopped, with the same result")
    func resumed() async throws {
        let (whole, folder) = (Folder(), Folder())
        _ = try await record(CannedServer.small(), whole)
        let server = Fragile(breaksAt: "/apis/networking.k8s.io/v1/ingresses")
        await #expect(throws: InventoryRecordingError.self) { try await self.record(server, folder) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/inventory.yaml"), "half of it is none")
        server.mend()
        let record = try await self.record(server, folder, takenAt: "2026-11-20T09:00:00Z", resuming: true)
        #expect(record.resumed > 0)
        #expect(!server.asked.contains("/api/v1/secrets"), "what was read whole is not read again")
        #expect(try folder.bytes("objects.jsonl") == whole.bytes("objects.jsonl"))
        #expect(try folder.bytes("inventory.yaml") == whole.bytes("inventory.yaml"), "it was taken when it was begun")
    }

    @Test("without being asked to go on, and for another cluster, it begins anew")
    func anew() async throws {
        let folder = Folder()
        let server = Fragile(breaksAt: "/apis/networking.k8s.io/v1/ingresses")
        await #expect(throws: InventoryRecordingError.self) { try await self.record(server, folder) }
        server.mend()
        #expect(try await record(server, folder).resumed == 0)
        #expect(server.asked.contains("/api/v1/secrets"))
        var other = CannedServer.small()
        other.answers["/api/v1/namespaces/kube-system"] = [
            "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "kube-system", "uid": "u-other"],
        ]
        let broken = Fragile(breaksAt: "/apis/networking.k8s.io/v1/ingresses")
        await #expect(throws: InventoryRecordingError.self) { try await self.record(broken, folder) }
        #expect(try await record(other, folder, resuming: true).resumed == 0)
    }
}
