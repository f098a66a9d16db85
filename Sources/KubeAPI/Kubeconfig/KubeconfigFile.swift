import Manifests

/// One kubeconfig file, read but not yet resolved: entries by name, each remembering where it stands.
struct KubeconfigFile: Sendable {
    /// An entry of `clusters`, `users` or `contexts`.
    struct Entry: Sendable {
        let name: String
        let fields: Fields
    }

    /// The members of one mapping, with typed access and places for errors.
    struct Fields: Sendable {
        let value: JSONValue
        let path: FieldPath
        let document: SourceDocument

        /// A string; absent, null and empty are the same, as they are to kubectl.
        func string(_ name: String) throws(KubeconfigError) -> String? {
            switch value[name] {
            case nil, .null: return nil
            case .string(let text): return text.isEmpty ? nil : text
            default: throw wrong(name, "must be a string; put it in quotes")
            }
        }

        func bool(_ name: String) throws(KubeconfigError) -> Bool {
            switch value[name] {
            case nil, .null: return false
            case .bool(let flag): return flag
            default: throw wrong(name, "must be true or false")
            }
        }

        /// True when the member is there and says something.
        func has(_ name: String) -> Bool {
            switch value[name] {
            case nil, .null: false
            case .string(let text): !text.isEmpty
            case .array(let elements): !elements.isEmpty
            case .object(let members): !members.isEmpty
            default: true
            }
        }

        func location(_ name: String? = nil) -> SourceLocation {
            document.keyLocation(of: name.map(path.member) ?? path)
        }

        func wrong(_ name: String, _ what: String) -> KubeconfigError {
            KubeconfigError(.invalid, "\(path.member(name)) \(what)", at: location(name))
        }
    }

    let file: String
    private(set) var currentContext: String?
    private(set) var clusters: [Entry] = []
    private(set) var users: [Entry] = []
    private(set) var contexts: [Entry] = []

    init(_ bytes: [UInt8], file: String) throws(KubeconfigError) {
        self.file = file
        // Real ones have a few kilobytes and no aliases; hostile ones shall not get far.
        let limits = ReaderLimits(depth: 64, bytes: 16 << 20, aliasNodes: 10_000)
        let documents: [SourceDocument]
        do { documents = try YAML.documents(bytes, file: file, limits: limits) } catch {
            throw KubeconfigError(
                .syntax, "the kubeconfig cannot be read: \(error.message)",
                at: error.location ?? SourceLocation(file: file, line: 1, column: 1))
        }
        let filled = documents.filter { !$0.value.isNull }
        guard let document = filled.first else { return }
        guard filled.count == 1 else {
            throw KubeconfigError(
                .invalid, "a kubeconfig is one document; this file has \(filled.count)", at: filled[1].start)
        }
        guard document.value.object != nil else {
            throw KubeconfigError(.invalid, "this is no kubeconfig (no mapping)", at: document.start)
        }
        let top = Fields(value: document.value, path: FieldPath(), document: document)
        if let kind = try top.string("kind"), kind != "Config" {
            throw KubeconfigError(
                .invalid, "this is a \(kind), not a kubeconfig (kind: Config)", at: top.location("kind"))
        }
        currentContext = try top.string("current-context")
        clusters = try Self.entries(of: top, "clusters", each: "cluster")
        users = try Self.entries(of: top, "users", each: "user")
        contexts = try Self.entries(of: top, "contexts", each: "context")
    }

    private static func entries(
        of top: Fields, _ list: String, each member: String
    ) throws(KubeconfigError) -> [Entry] {
        let elements: [JSONValue]
        switch top.value[list] {
        case nil, .null: return []
        case .array(let found): elements = found
        default: throw top.wrong(list, "must be a list")
        }
        var entries: [Entry] = []
        var names: Set<String> = []
        for (index, element) in elements.enumerated() {
            let path = FieldPath([.member(list), .index(index)])
            let outer = Fields(value: element, path: path, document: top.document)
            guard element.object != nil else { throw top.wrong("\(list)[\(index)]", "must be a mapping") }
            guard let name = try outer.string("name") else {
                throw KubeconfigError(.invalid, "\(path) has no name", at: outer.location())
            }
            guard names.insert(name).inserted else {
                throw KubeconfigError(.invalid, "\(list) holds \"\(name)\" twice", at: outer.location())
            }
            let inner = element[member] ?? .null
            guard inner.object != nil || inner.isNull else { throw outer.wrong(member, "must be a mapping") }
            entries.append(
                Entry(name: name, fields: Fields(value: inner, path: path.member(member), document: top.document)))
        }
        return entries
    }
}
