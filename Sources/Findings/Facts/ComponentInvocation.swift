import Catalog
import Manifests

/// One of Kubernetes' own components with the arguments it is given, and where they are written.
struct ComponentInvocation {
    /// One argument.
    struct Argument {
        /// Without dashes in front, with dashes inside.
        var name: String
        var value: String?
        /// Where it stands in the object.
        var path: FieldPath
    }

    var component: String
    var arguments: [Argument]
    /// The container, or the map of extra arguments.
    var path: FieldPath
    /// Whether these are all arguments, so that a missing one is missing.
    var isWhole: Bool

    /// The components whose arguments the catalog knows.
    static let components: Set<String> = [
        "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet",
        "cloud-controller-manager",
    ]

    /// What the containers of a PodSpec run.
    static func containers(of spec: JSONValue, at path: FieldPath) -> [ComponentInvocation] {
        ["containers", "initContainers"].flatMap { member in
            (spec[member]?.array ?? []).enumerated().compactMap { index, container in
                self.container(container, at: path.member(member).index(index))
            }
        }
    }

    private static func container(_ container: JSONValue, at path: FieldPath) -> ComponentInvocation? {
        var pieces: [(text: String, path: FieldPath)] = []
        for member in ["command", "args"] {
            for (index, word) in (container[member]?.array ?? []).enumerated() {
                guard let word = word.string else { continue }
                let place = path.member(member).index(index)
                // A line for a shell is many words; an argument may hold blanks of its own.
                if word.hasPrefix("-") {
                    pieces.append((word, place))
                } else {
                    let parts = word.split(whereSeparator: { $0.isWhitespace || $0 == ";" })
                    pieces += parts.map { (String($0), place) }
                }
            }
        }
        let starters: Set<String> = ["exec", "-c", "-ec", "&&", "hyperkube", "/hyperkube", "then"]
        let start = pieces.indices.first { index in
            Self.components.contains(baseName(pieces[index].text))
                && (index == 0 || starters.contains(pieces[index - 1].text) || pieces[index - 1].text.hasSuffix("="))
        }
        let component: String
        if let start {
            component = baseName(pieces[start].text)
            pieces.removeSubrange(...start)
        } else {
            // An image's own entry point is the component of its name.
            let image = baseName(container["image"]?.string ?? "").prefix { $0 != ":" && $0 != "@" }
            guard container["command"] == nil, Self.components.contains(String(image)) else { return nil }
            component = String(image)
        }
        return ComponentInvocation(
            component: component, arguments: arguments(pieces), path: path,
            isWhole: pieces.contains { $0.text.hasPrefix("--") })
    }

    private static func baseName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? ""
    }

    private static func arguments(_ pieces: [(text: String, path: FieldPath)]) -> [Argument] {
        pieces.enumerated().compactMap { index, piece in
            guard piece.text.hasPrefix("--"), piece.text.utf8.count > 2 else { return nil }
            let parts = piece.text.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(parts[1]) : nil
            if value == nil, index + 1 < pieces.count, !pieces[index + 1].text.hasPrefix("-") {
                value = pieces[index + 1].text
            }
            return Argument(name: plain(String(parts[0])), value: value.map(unquoted), path: piece.path)
        }
    }

    /// Components take `_` for `-` in the names of flags.
    private static func plain(_ name: String) -> String {
        String(name.map { $0 == "_" ? "-" : $0 })
    }

    private static func unquoted(_ value: String) -> String {
        guard let first = value.first, first == "\"" || first == "'", value.last == first, value.count > 1 else {
            return value
        }
        return String(value.dropFirst().dropLast())
    }

    /// Where a configuration of kubeadm gives arguments to a component.
    static let kubeadmPlaces: [(component: String, outer: String, inner: String)] = [
        ("kube-apiserver", "apiServer", "extraArgs"), ("kube-controller-manager", "controllerManager", "extraArgs"),
        ("kube-scheduler", "scheduler", "extraArgs"), ("kubelet", "nodeRegistration", "kubeletExtraArgs"),
    ]

    /// What a configuration of kubeadm gives to components.
    static func kubeadm(_ json: JSONValue, at path: FieldPath = FieldPath()) -> [ComponentInvocation] {
        kubeadmPlaces.compactMap { component, outer, inner in
            guard let extra = json[outer]?[inner] else { return nil }
            let place = path.member(outer).member(inner)
            var arguments: [Argument] = []
            for member in extra.object ?? [:] {
                arguments.append(
                    Argument(name: plain(member.key), value: member.value.string, path: place.member(member.key)))
            }
            // From v1beta4 on a list of names and values.
            for (index, element) in (extra.array ?? []).enumerated() {
                guard let name = element["name"]?.string else { continue }
                arguments.append(
                    Argument(name: plain(name), value: element["value"]?.string, path: place.index(index)))
            }
            return ComponentInvocation(component: component, arguments: arguments, path: place, isWhole: false)
        }
    }

    /// Where the arguments match a probe, with a word for each.
    func places(_ components: [String], _ names: [String], _ test: Probe.FlagTest) -> [(what: String, path: FieldPath)]
    {
        guard components.isEmpty || components.contains(component) else { return [] }
        if test == .isMissing {
            guard isWhole, !arguments.contains(where: { names.contains($0.name) }) else { return [] }
            return [("\(component) without --\(names[0])", path)]
        }
        return arguments.filter { argument in
            guard names.contains(argument.name) else { return false }
            switch test {
            case .isSet, .isMissing: return true
            case .equals(let values): return argument.value.map(values.contains) ?? false
            case .holds(let word):
                return argument.value.map { $0.split(separator: ",").contains { $0 == word } } ?? false
            }
        }.map { ("\(component) --\($0.name)", $0.path) }
    }
}
