import Conversion
import Manifests

/// What `kirikae convert` says on the terminal.
enum ConversionText {
    /// A file's changes as a unified diff.
    static func diff(_ changed: FileConversions.Changed, colour: Bool) -> String {
        // As git names files, so that `git apply` and `patch -p1` take what stands below the folder one is in.
        let name = changed.file == "-" ? "standard input" : changed.file
        let isRelative = !name.hasPrefix("/")
        return text(
            UnifiedDiff(
                changed.conversion.source.bytes, changed.conversion.edits, oldName: isRelative ? "a/\(name)" : name,
                newName: isRelative ? "b/\(name)" : name),
            colour: colour)
    }

    static func text(_ diff: UnifiedDiff, colour: Bool) -> String {
        diff.lines.map { line in
            guard colour else { return line.text }
            let tint: String? =
                switch line.kind {
                case .header: "1"
                case .hunk: "36"
                case .removed: "31"
                case .added: "32"
                case .context: nil
                }
            return tint.map { "\u{1B}[\($0)m\(line.text)\u{1B}[0m" } ?? line.text
        }
        .joined(separator: "\n") + "\n"
    }

    /// Everything that is more than a change of the version, and what is left.
    static func remarks(_ conversions: FileConversions) -> [String] {
        var lines: [String] = []
        for changed in conversions.changed {
            for object in changed.conversion.converted {
                for note in object.notes { lines.append("\(note.location): note: \(object.object): \(note.text)") }
            }
        }
        for left in conversions.left {
            lines.append("\(left.location): left alone (\(left.code)): \(left.object): \(left.message)")
            lines.append("    \(left.remedy)")
        }
        for error in conversions.errors { lines.append("\(error)") }
        return lines + podSecurity(conversions)
    }

    /// The Pod Security level of each namespace, where policies were read whose objects the target does not have.
    private static func podSecurity(_ conversions: FileConversions) -> [String] {
        guard conversions.left.contains(where: { $0.gvk.kind == "PodSecurityPolicy" }) else { return [] }
        let namespaces = PodSecurityNamespaces(conversions.podSecurity)
        var lines: [String] = []
        for need in namespaces.needs {
            let place = need.namespace.map { "namespace \($0)" } ?? "every other namespace"
            lines.append(
                "\(place): Pod Security level \(need.level.rawValue) admits what its policies admitted "
                    + "(\(need.policies.joined(separator: ", ")))")
            if let name = need.namespace {
                lines.append(
                    "    kubectl label namespace \(name) pod-security.kubernetes.io/enforce=\(need.level.rawValue)")
            }
        }
        for (name, policies) in namespaces.people {
            lines.append("\(name) may use \(policies.joined(separator: ", ")) for pods of its own, in any namespace")
        }
        for name in namespaces.unused {
            lines.append("PodSecurityPolicy \(name): no role and binding that was read lets pods use it")
        }
        return lines
    }

    /// One line at the end.
    static func summary(_ conversions: FileConversions, target: KubernetesVersion, written: Bool) -> String {
        let verb = written ? "written" : "would change"
        var parts = [
            "\(conversions.changed.count) of \(conversions.filesRead) files \(verb)",
            "\(conversions.objectsConverted) objects converted for \(target)",
        ]
        if !conversions.left.isEmpty { parts.append("\(conversions.left.count) objects need a person") }
        if !conversions.errors.isEmpty { parts.append("\(conversions.errors.count) files not read") }
        return parts.joined(separator: ", ")
    }

    /// The whole result for programs.
    static func json(_ conversions: FileConversions, target: KubernetesVersion, written: Bool) -> JSONValue {
        func place(_ location: SourceLocation) -> JSONValue {
            [
                "file": .string(location.file), "line": .integer(Int64(location.line)),
                "column": .integer(Int64(location.column)),
            ]
        }
        let files = conversions.changed.map { changed -> JSONValue in
            let objects = changed.conversion.converted.map { object -> JSONValue in
                [
                    "object": .string(object.object.description), "kind": .string(object.from.kind),
                    "from": .string(object.from.apiVersion), "to": .string(object.to.apiVersion),
                    "location": place(object.location),
                    "notes": .array(
                        object.notes.map { ["text": .string($0.text), "location": place($0.location)] }),
                ]
            }
            return ["file": .string(changed.file), "objects": .array(objects)]
        }
        let left = conversions.left.map { left -> JSONValue in
            [
                "object": .string(left.object.description), "kind": .string(left.gvk.kind),
                "apiVersion": .string(left.gvk.apiVersion), "location": place(left.location),
                "reason": .string(left.code), "message": .string(left.message), "remedy": .string(left.remedy),
            ]
        }
        return [
            "format": 1, "target": .string(target.description), "written": .bool(written),
            "filesRead": .integer(Int64(conversions.filesRead)), "changed": .array(files), "left": .array(left),
            "skipped": .array(
                conversions.skipped.filter { $0.scope == .file && $0.reason == .template }.map {
                    ["path": .string($0.path), "reason": .string($0.reason.rawValue)]
                }),
            "errors": .array(conversions.errors.map { .string($0.description) }),
            "podSecurity": .array(
                PodSecurityNamespaces(conversions.podSecurity).needs.map { need in
                    [
                        "namespace": need.namespace.map { .string($0) } ?? .null, "level": .string(need.level.rawValue),
                        "policies": .array(need.policies.map { .string($0) }),
                    ]
                }),
        ]
    }
}
