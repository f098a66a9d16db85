import Manifests

/// The words in which a line says what is looked at and what has to stand there.
enum ProbeWords {
    static func carrier(_ line: inout FactLines.Line) throws(CatalogError) -> Probe.Carrier {
        let word = try line.word("a carrier")
        switch word {
        case "object":
            if line.take("*") { return .anyObject }
            let gvk = try line.kind()
            return .object(group: gvk.group, version: gvk.version == "*" ? nil : gvk.version, kind: gvk.kind)
        case "pod": return .pod
        case "pod-metadata": return .podMetadata
        case "static-pod": return .staticPod
        case "config":
            let gvk = try line.kind()
            return .configuration(
                group: gvk.group, version: gvk.version == "*" ? nil : gvk.version,
                kind: gvk.kind == "*" ? nil : gvk.kind)
        case "kubeconfig": return .kubeconfig
        case "flag": return try flag(&line)
        default: throw line.error(.syntax, "unknown carrier `\(word)`")
        }
    }

    private static func flag(_ line: inout FactLines.Line) throws(CatalogError) -> Probe.Carrier {
        let components = try line.word("components")
        var names: [String] = []
        var test = Probe.FlagTest.isSet
        while let word = line.word() {
            if word.hasPrefix("--") {
                names.append(String(word.dropFirst(2)))
            } else if word == "=" {
                test = .equals(line.words())
            } else if word == "item" {
                test = .holds(try line.word("a word"))
            } else if word == "missing" {
                test = .isMissing
            } else {
                throw line.error(.syntax, "expected a flag or its test, found `\(word)`")
            }
        }
        guard !names.isEmpty else { throw line.error(.syntax, "expected a flag such as --name") }
        return .flag(
            components: components == "*" ? [] : components.split(separator: ",").map(String.init), names: names, test)
    }

    static func pattern(_ line: inout FactLines.Line) throws(CatalogError) -> PathPattern {
        let word = try line.word("a path")
        guard let pattern = PathPattern(word) else { throw line.error(.syntax, "no path: `\(word)`") }
        return pattern
    }

    static func test(_ line: inout FactLines.Line) throws(CatalogError) -> FieldTest {
        let word = try line.word("a path")
        switch word {
        case "annotation", "label":
            let names = try names(&line)
            let map = PathPattern([.member("metadata"), .member(word + "s")])
            guard line.take("=") else { return FieldTest(map, .hasKey(names)) }
            guard names.count == 1 else { throw line.error(.syntax, "only one name can have a value") }
            return FieldTest(PathPattern(map.steps + [.member(names[0])]), .equals(try values(&line)))
        case "annotation-prefix":
            return FieldTest(metadata("annotations"), .hasKeyPrefix(try line.word("a prefix")))
        case "label-prefix": return FieldTest(metadata("labels"), .hasKeyPrefix(try line.word("a prefix")))
        default: break
        }
        guard let path = PathPattern(word) else { throw line.error(.syntax, "no path: `\(word)`") }
        return FieldTest(path, try condition(&line))
    }

    private static func metadata(_ member: String) -> PathPattern {
        PathPattern([.member("metadata"), .member(member)])
    }

    private static func condition(_ line: inout FactLines.Line) throws(CatalogError) -> FieldTest.Condition {
        let word = try line.word("a condition")
        switch word {
        case "present": return .present
        case "absent": return .absent
        case "=": return .equals(try values(&line))
        case "!=": return .differs(try values(&line))
        case "lacks": return .lacks(try values(&line))
        case "~": return .matches(try expression(&line))
        case "!~": return .mismatches(try expression(&line))
        case "key": return .hasKey(try values(&line))
        case "key-prefix": return .hasKeyPrefix(try line.word("a prefix"))
        case "at-most":
            let number = try line.word("a number")
            guard let bound = Int64(number) else { throw line.error(.syntax, "no number: `\(number)`") }
            return .atMost(bound)
        case "item": return .holds(try line.word("a word"))
        case "not-among": return .isNotAmong(try pattern(&line))
        case "without": return .without(try line.word("a member's name"))
        case "host-bits": return .hasHostBits
        default: throw line.error(.syntax, "unknown condition `\(word)`")
        }
    }

    private static func names(_ line: inout FactLines.Line) throws(CatalogError) -> [String] {
        var names = [try line.word("a name")]
        while true {
            var ahead = line
            guard let word = ahead.word(), word != "=" else { return names }
            names.append(word)
            line = ahead
        }
    }

    private static func values(_ line: inout FactLines.Line) throws(CatalogError) -> [String] {
        let values = line.words()
        guard !values.isEmpty else { throw line.error(.syntax, "expected a value") }
        return values
    }

    private static func expression(_ line: inout FactLines.Line) throws(CatalogError) -> TextPattern {
        let text = try line.text("a regular expression")
        guard let pattern = TextPattern(text) else { throw line.error(.syntax, "no regular expression: `\(text)`") }
        return pattern
    }
}
