import Manifests

extension Catalog {
    /// This catalog with a user's entries laid over it.
    ///
    /// Made of the data file's own text, so that an entry's provenance tells what the overlay says, and what stood
    /// there before.
    public func overlaid(with overlay: CatalogOverlay) throws(CatalogOverlayError) -> Catalog {
        let newest = max(overlay.newest ?? self.newest, self.newest)
        let bytes = Array(text.utf8)
        var blocksOfOthers: [Range<Int>] = []
        var base: [GroupVersionKind: String] = [:]
        let named = Set(overlay.apis.map(\.gvk))
        for (index, entry) in lifecycles.enumerated() {
            if named.contains(entry.gvk) {
                base[entry.gvk] = String(decoding: bytes[blocks[index]], as: UTF8.self)
            } else {
                blocksOfOthers.append(blocks[index])
            }
        }
        let first = blocks.map(\.lowerBound).min() ?? bytes.count
        let head = String(decoding: bytes[..<first], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { $0.hasPrefix("newest ") ? "newest \(newest)" : String($0) }.joined(separator: "\n")
        var text = head.hasSuffix("\n") ? head : head + "\n"
        for range in blocksOfOthers.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            text += String(decoding: bytes[range], as: UTF8.self)
            if !text.hasSuffix("\n\n") { text += "\n" }
        }
        for api in overlay.apis {
            let block = try LifecycleBlock(api, of: overlay.name, over: base[api.gvk], newest: newest).text
            // Alone first, so that what is wrong with it is told at its own place.
            do { _ = try Catalog(parsing: "oldest \(oldest)\nnewest \(newest)\n\n" + block) } catch {
                throw CatalogOverlayError(error.message, at: api.location)
            }
            text += block + "\n"
        }
        do { return try Catalog(parsing: text, facts: facts.overlaid(with: overlay.facts)) } catch {
            throw CatalogOverlayError("the overlay \(overlay.name) does not fit the catalog: \(error.message)", at: nil)
        }
    }
}

/// The lines of the data file for an entry of an overlay.
private struct LifecycleBlock {
    let text: String

    init(
        _ api: CatalogOverlay.API, of overlay: String, over base: String?, newest: KubernetesVersion
    ) throws(CatalogOverlayError) {
        let known = (base ?? "").split(separator: "\n").dropFirst().map { String($0.drop { $0 == " " }) }
        var facts: [String: String] = [:]
        var remarks: [String] = []
        for line in known {
            let word = line.prefix { $0 != " " }
            if word == "note" || word == "conflict" { remarks.append(line) } else { facts[String(word)] = line }
        }
        // A bar or a comma has a meaning of its own behind a fact.
        let source = " | overlay \(overlay): \(api.source)".enumerated().map { index, character in
            index > 2 && (character == "|" || character == ",") ? ";" : character
        }
        func state(_ name: String, _ value: String) {
            if let before = facts[name] { remarks.append("note before overlay \(overlay): \(before)") }
            facts[name] = "\(name) \(value)" + String(source)
        }
        func take(_ names: String...) {
            for name in names {
                if let before = facts.removeValue(forKey: name) {
                    remarks.append("note before overlay \(overlay): \(before)")
                }
            }
        }
        func state(_ name: String, planned: String, _ fact: CatalogOverlay.API.Fact<KubernetesVersion>) {
            switch fact {
            case .unsaid: break
            case .none: take(name, planned)
            case .value(let version):
                let isPlanned = version > newest
                take(isPlanned ? name : planned)
                state(isPlanned ? planned : name, version.description)
            }
        }
        facts["resource"] = try Self.resource(api, facts["resource"])
        switch api.introduced {
        case .unsaid: break
        case .none: take("introduced")
        case .value(let version): state("introduced", version.description)
        }
        state("deprecated", planned: "planned-deprecation", api.deprecated)
        state("removed", planned: "planned-removal", api.removed)
        switch api.replacement {
        case .unsaid: break
        case .none: take("replacement", "final")
        case .value(let replacement):
            take("final", "no-replacement")
            state(
                "replacement",
                replacement.gvk.description + (replacement.since.map { " since \($0)" } ?? ""))
        }
        remarks += api.notes.map { "note overlay \(overlay): \($0)" }
        let order = [
            "resource", "introduced", "deprecated", "removed", "planned-deprecation", "planned-removal", "replacement",
            "final", "no-replacement", "in-schemas", "servable-until",
        ]
        let lines = order.compactMap { facts[$0] } + remarks
        text = "\(api.gvk)\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// The line `resource`, as the catalog has it with what the entry says otherwise.
    private static func resource(
        _ api: CatalogOverlay.API, _ known: String?
    ) throws(CatalogOverlayError) -> String {
        var words = (known ?? "").split(separator: " ").map(String.init)
        if words.count < 6 {
            guard let resource = api.resource, let namespaced = api.namespaced else {
                throw CatalogOverlayError(
                    "the catalog does not know \(api.gvk): resource and scope are needed", at: api.location)
            }
            let version = api.gvk.version
            let stability = version.contains("alpha") ? "alpha" : version.contains("beta") ? "beta" : "ga"
            words = [
                "resource", resource, namespaced ? "namespaced" : "cluster", "resource", stability,
                stability == "ga" ? "on" : "off", "list",
            ]
        }
        if let resource = api.resource { words[1] = resource }
        if let namespaced = api.namespaced { words[2] = namespaced ? "namespaced" : "cluster" }
        if let kindClass = api.kindClass { words[3] = kindClass.rawValue }
        if let enabled = api.defaultEnabled { words[5] = enabled ? "on" : "off" }
        return words.joined(separator: " ")
    }
}
