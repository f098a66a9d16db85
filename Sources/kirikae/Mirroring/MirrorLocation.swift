import Execution
import Planning

/// A mirror as it is written on the command line: a folder, or `secret:CONTEXT/NAMESPACE`.
struct MirrorLocation: CustomStringConvertible {
    /// The two kinds.
    enum Kind {
        case folder(String)
        case secret(context: String, namespace: String)
    }

    var kind: Kind

    /// Reads the written form; relative folders count from the current one.
    init(_ text: String) throws {
        guard text.hasPrefix("secret:") else {
            guard !text.isEmpty else { throw CommandFailure(.usage, "the mirror is empty", next: Self.forms) }
            kind = .folder(PlanFolder.absolute(text))
            return
        }
        let rest = text.dropFirst("secret:".count)
        // Contexts may hold slashes, namespaces do not.
        guard let slash = rest.lastIndex(of: "/"), slash != rest.startIndex, rest.index(after: slash) != rest.endIndex
        else { throw CommandFailure(.usage, "\(text) names no context and namespace", next: Self.forms) }
        kind = .secret(
            context: String(rest[..<slash]), namespace: String(rest[rest.index(after: slash)...]))
    }

    /// What the plan names, seen from its folder and the contexts that are in use.
    init(_ place: MirrorPlace, folder: String, contexts: [Side: String]) {
        if let secret = place.secret {
            kind = .secret(
                context: secret.context ?? secret.side.flatMap { contexts[$0] } ?? "", namespace: secret.namespace)
        } else {
            let path = place.directory ?? ""
            kind = .folder(path.hasPrefix("/") ? path : "\(folder)/\(path)")
        }
    }

    var description: String {
        switch kind {
        case .folder(let path): path
        case .secret(let context, let namespace): "secret:\(context)/\(namespace)"
        }
    }

    /// The mirror, every call of which ends in time.
    ///
    /// Nothing is sent yet.
    func store(kubeconfig: String?) throws -> any MirrorStore {
        switch kind {
        case .folder(let path): return BoundedMirror(DirectoryMirror(path), clock: SystemClock())
        case .secret(let context, let namespace):
            let client = try ClusterAccess.open(context, kubeconfig: kubeconfig).client
            return BoundedMirror(
                SecretMirror(client, context: context, namespace: namespace), clock: SystemClock())
        }
    }

    private static let forms = "A mirror is a folder, or secret:CONTEXT/NAMESPACE."
}

/// A mirror that cannot even be spoken to: what needs it says so, and the way back goes on.
struct MirrorOutOfReach: MirrorStore {
    let place: String
    let reason: String

    func put(_ name: String, of run: String, _ bytes: [UInt8]) async throws(MirrorError) { throw error }
    func get(_ name: String, of run: String) async throws(MirrorError) -> [UInt8]? { throw error }
    func remove(_ name: String, of run: String) async throws(MirrorError) { throw error }
    func runs() async throws(MirrorError) -> [String] { throw error }

    private var error: MirrorError { MirrorError(.unreachable, "the mirror \(place): \(reason)") }
}
