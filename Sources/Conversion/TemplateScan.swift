import Manifests

extension ManifestConversion {
    /// Versions that stand literally in a template and would have to change, each with the kinds the text names.
    ///
    /// A template is no manifest yet, so that this is a search for words: what a template computes it does not see.
    public func versionsLeft(inTemplate bytes: [UInt8], file: String) -> [FileConversion.Left] {
        let lines = String(decoding: bytes, as: UTF8.self).textLines
        let kinds = Set(lines.compactMap { Self.word(behind: "kind:", in: $0)?.word }).sorted()
        var left: [FileConversion.Left] = []
        for (index, line) in lines.enumerated() {
            guard let (apiVersion, column) = Self.word(behind: "apiVersion:", in: line) else { continue }
            for kind in kinds {
                let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
                guard verdict(on: gvk) != .stays else { continue }
                left.append(
                    FileConversion.Left(
                        object: ObjectReference(kind: gvk.groupKind, namespace: nil, name: "(template)"), gvk: gvk,
                        location: SourceLocation(file: file, line: index + 1, column: column),
                        code: EditRefusal.Reason.template.rawValue,
                        message: "\(apiVersion) stands in a template, which is not edited",
                        remedy: "Edit the template by hand, or convert what `helm template` makes of it."))
            }
        }
        return left
    }

    /// What is written behind a name on a line, quotes taken off, and its column.
    private static func word(behind name: String, in line: String) -> (word: String, column: Int)? {
        var rest = line.utf8.drop { $0 == 0x20 || $0 == UInt8(ascii: "-") }
        guard rest.starts(with: name.utf8) else { return nil }
        rest = rest.dropFirst(name.utf8.count).drop {
            $0 == 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
        }
        let column = line.utf8.distance(from: line.utf8.startIndex, to: rest.startIndex) + 1
        let word = rest.prefix { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "./-".utf8.contains(byte)
        }
        return word.isEmpty ? nil : (String(Substring(word)), column)
    }
}
