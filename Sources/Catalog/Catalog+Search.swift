import Manifests

extension Catalog {
    /// The entries that a person may mean: `apps/v1 Deployment`, `Deployment`, `deployments`, `deployments.apps`,
    /// `Ingress.extensions`, `batch/v1beta1` or `batch`; case plays no part.
    ///
    /// In the order of groups and kinds, each kind's preferred version first.
    public func entries(named text: String) -> [APILifecycle] {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.count == 2 {
            let gvk = GroupVersionKind(apiVersion: words[0], kind: words[1])
            return sorted(lifecycles.filter { $0.gvk.apiVersion == gvk.apiVersion && Self.isCalled($0, words[1]) })
        }
        guard words.count == 1, let word = words.first else { return [] }
        if word.contains("/") {
            let parts = word.split(separator: "/").map(String.init)
            if parts.count == 3 { return entries(named: "\(parts[0])/\(parts[1]) \(parts[2])") }
            let ofVersion = lifecycles.filter { $0.gvk.apiVersion == word }
            // `v1/Pod`, or a version of a group.
            return ofVersion.isEmpty && parts.count == 2
                ? entries(named: parts.joined(separator: " ")) : sorted(ofVersion)
        }
        let named = lifecycles.filter { Self.isCalled($0, word) }
        if !named.isEmpty { return sorted(named) }
        if let dot = word.firstIndex(of: ".") {
            let name = String(word[..<dot])
            let group = word[word.index(after: dot)...]
            let inGroup = lifecycles.filter { Self.isCalled($0, name) && $0.gvk.group == group }
            if !inGroup.isEmpty { return sorted(inGroup) }
        }
        return sorted(lifecycles.filter { $0.gvk.group == word })
    }

    /// The entries in which a word occurs: in the group, the version, the kind, the resource or what replaces it.
    public func entries(mentioning word: String) -> [APILifecycle] {
        let word = word.lowercased()
        return lifecycles.filter { entry in
            ["\(entry.gvk)", entry.resource, entry.replacement?.description ?? ""].contains {
                $0.lowercased().contains(word)
            }
        }
    }

    private static func isCalled(_ entry: APILifecycle, _ name: String) -> Bool {
        let name = name.lowercased()
        return entry.gvk.kind.lowercased() == name || entry.resource.lowercased() == name
    }

    private func sorted(_ entries: [APILifecycle]) -> [APILifecycle] {
        entries.sorted { a, b in
            if a.gvk.groupKind != b.gvk.groupKind { return a.gvk.groupKind < b.gvk.groupKind }
            return APIVersionPriority(a.gvk.version) > APIVersionPriority(b.gvk.version)
        }
    }
}
