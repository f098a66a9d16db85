import Synchronization

@testable import Execution

/// A mirror in memory that fails, hangs until it is given up, and lies, as the weather has it.
final class TestMirror: MirrorStore {
    let place = "test"
    private let faults: Faults
    private let blobs = Mutex<[String: [String: [UInt8]]]>([:])

    init(_ faults: Faults) { self.faults = faults }

    /// Every byte that it holds, by run and name.
    var content: [String: [String: [UInt8]]] { blobs.withLock { $0 } }

    func edit(_ body: (inout [String: [String: [UInt8]]]) -> Void) { blobs.withLock { body(&$0) } }

    func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) {
        try faults.mirror(.mirror) { _ = blobs.withLock { $0[run, default: [:]].updateValue(bytes, forKey: name) } }
    }

    func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? {
        var found: [UInt8]?
        try faults.mirror(.readMirror) { found = blobs.withLock { $0[run]?[name] } }
        return found
    }

    func remove(_ name: String, of run: String) async throws(MirrorError) {
        try faults.mirror(.mirror) {
            blobs.withLock { blobs in
                blobs[run]?[name] = nil
                if blobs[run]?.isEmpty == true { blobs[run] = nil }
            }
        }
    }

    func runs() async throws(MirrorError) -> [String] { blobs.withLock { $0.keys.sorted() } }
}
