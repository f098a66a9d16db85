import Manifests
import Routing

/// Everything a migration file can say wrongly although every field has its type.
enum MigrationCheck {
    /// One thing to mend, with its place in the file.
    struct Complaint: Sendable, Hashable {
        let path: FieldPath
        let message: String
        let remedy: String
    }

    /// All complaints in the order of the file.
    static func complaints(about migration: Migration) -> [Complaint] {
        var found: [Complaint] = []
        func complain(_ path: FieldPath, _ message: String, _ remedy: String) {
            found.append(Complaint(path: path, message: message, remedy: remedy))
        }
        if !isLabel(migration.name) {
            complain("name", "'\(migration.name)' is no DNS label", "Use lower-case letters, digits and '-'.")
        }
        if (migration.blue.context == nil) == (migration.blue.inventory == nil) {
            complain("blue", "blue must name a context or an inventory", "Write one of the two.")
        }
        if migration.green.name == nil, migration.green.context == nil {
            complain("green", "green has no name", "Write name, or context.")
        }
        if migration.readyTimeout < 1 { complain("readyTimeout", "must be at least 1", "Write seconds.") }
        if let place = migration.mirror { mirror(place, complain) }
        hooks(migration.on, complain)
        waves(migration, complain)
        routes(migration, complain)
        for (index, entry) in migration.classify.enumerated() where entry.select.isEmpty {
            complain(at("classify", index, "select"), "selects everything", "Name a kind, namespace, name or labels.")
        }
        for (index, entry) in migration.decisions.enumerated() {
            if entry.select.isEmpty {
                complain(
                    at("decisions", index, "select"), "selects everything", "Name a kind, namespace, name or labels.")
            }
            if entry.reason.isEmpty { complain(at("decisions", index, "reason"), "is empty", "Say why.") }
        }
        for (index, entry) in migration.acknowledge.enumerated() where entry.reason.isEmpty {
            complain(at("acknowledge", index, "reason"), "is empty", "Say why the hazard is accepted.")
        }
        return found
    }

    typealias Complain = (FieldPath, String, String) -> Void

    private static func waves(_ migration: Migration, _ complain: Complain) {
        var names: Set<String> = [Migration.platformWave]
        var owners: [String: String] = [:]
        let all = Set(migration.waves.map(\.name)).union(names)
        for (index, wave) in migration.waves.enumerated() {
            if !isLabel(wave.name) {
                complain(
                    at("waves", index, "name"), "'\(wave.name)' is no DNS label",
                    "Use lower-case letters, digits and '-'.")
            }
            if !names.insert(wave.name).inserted {
                complain(
                    at("waves", index, "name"),
                    wave.name == Migration.platformWave
                        ? "'platform' is the wave that everything shared goes into"
                        : "two waves are called '\(wave.name)'",
                    "Choose another name.")
            }
            if wave.namespaces.isEmpty { complain(at("waves", index, "namespaces"), "is empty", "Name at least one.") }
            for namespace in wave.namespaces {
                if let owner = owners[namespace] {
                    complain(
                        at("waves", index, "namespaces"), "namespace '\(namespace)' belongs to wave '\(owner)' already",
                        "Name it once.")
                }
                if SkipRules.clusterNamespaces.contains(namespace) {
                    complain(
                        at("waves", index, "namespaces"), "'\(namespace)' belongs to the cluster and is not moved",
                        "Take it out.")
                }
                owners[namespace] = wave.name
            }
            for dependency in wave.dependsOn where !all.contains(dependency) {
                complain(at("waves", index, "dependsOn"), "there is no wave '\(dependency)'", "Name one of the waves.")
            }
            gates(wave, index, complain)
        }
        if let cycle = cycle(in: migration.waves) {
            complain(
                "waves", "waves depend on each other in a circle: \(cycle.joined(separator: " → "))",
                "Take one dependency out, or make one wave of them.")
        }
    }

    private static func gates(_ wave: MigrationWave, _ index: Int, _ complain: Complain) {
        for (position, gate) in (wave.gates ?? []).enumerated() {
            let path = at("waves", index, "gates").index(position)
            for complaint in GateCheck.complaints(about: gate, at: path) {
                complain(complaint.path, complaint.message, complaint.remedy)
            }
        }
    }

    private static func routes(_ migration: Migration, _ complain: Complain) {
        var names: Set<String> = []
        let waves = Set(migration.waves.map(\.name)).union([Migration.platformWave])
        for (index, route) in migration.routes.enumerated() {
            if !isLabel(route.name) {
                complain(
                    at("routes", index, "name"), "'\(route.name)' is no DNS label",
                    "Use lower-case letters, digits and '-'.")
            }
            if !names.insert(route.name).inserted {
                complain(at("routes", index, "name"), "two routes are called '\(route.name)'", "Choose another name.")
            }
            if !waves.contains(route.wave) {
                complain(at("routes", index, "wave"), "there is no wave '\(route.wave)'", "Name one of the waves.")
            }
            if !RouterRegistry.kinds.contains(route.backend) {
                complain(
                    at("routes", index, "backend"), "no routing back end is called '\(route.backend)'",
                    "Write one of: \(RouterRegistry.kinds.joined(separator: ", ")).")
            } else {
                do throws(RoutingError) {
                    let router = try RouterRegistry.router(
                        kind: route.backend, settings: route.settings, ports: RouterPorts(folder: ""))
                    for share in route.shares {
                        if let weights = Weights(green: share) { _ = try router.plan(weights) }
                    }
                } catch {
                    let settings = at("routes", index, "settings")
                    complain(
                        error.place.map { FieldPath(settings.elements + $0.elements) }
                            ?? (error.code == .refused ? at("routes", index, "steps") : settings),
                        error.message, error.code == .refused ? "Choose other steps." : "Mend the settings.")
                }
            }
            let shares = route.shares
            let ascends = zip(shares, shares.dropFirst()).allSatisfy { $0 < $1 }
            if shares.last != 100 || !ascends || (shares.first ?? 0) < 1 {
                complain(
                    at("routes", index, "steps"), "green's shares must ascend from at least 1 and end at 100",
                    "Such as [1, 10, 50, 100].")
            }
        }
    }

    private static func at(_ list: String, _ index: Int, _ member: String) -> FieldPath {
        FieldPath([.member(list), .index(index), .member(member)])
    }

    static func isLabel(_ text: String) -> Bool {
        let plain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        return plain && !text.isEmpty && text.utf8.count <= 63 && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    private static func cycle(in waves: [MigrationWave]) -> [String]? {
        var rest = waves
        var done: Set<String> = [Migration.platformWave]
        while let next = rest.firstIndex(where: { wave in
            wave.dependsOn.allSatisfy { name in done.contains(name) || !waves.contains { $0.name == name } }
        }) {
            done.insert(rest.remove(at: next).name)
        }
        guard var name = rest.first?.name else { return nil }
        var path: [String] = []
        while !path.contains(name) {
            path.append(name)
            guard let wave = rest.first(where: { $0.name == name }),
                let next = wave.dependsOn.first(where: { dependency in rest.contains { $0.name == dependency } })
            else { return path }
            name = next
        }
        return Array(path.drop { $0 != name }) + [name]
    }
}
