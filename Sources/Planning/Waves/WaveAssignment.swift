import Manifests

/// To which wave an object belongs.
///
/// Namespaced objects belong to the wave of their namespace. What is cluster-scoped is shared and belongs to the
/// platform wave, also when only one tenant uses it: taking that tenant back must not take it from others. The one
/// exception are webhooks and extension APIs whose backing Service lives in an application wave: they can only work,
/// and would otherwise block, once that wave's workloads are awake.
struct WaveAssignment: Sendable {
    /// Wave names in an order in which they can run; the platform first.
    let order: [String]
    private let waveOfNamespace: [String: String]
    private let unassigned: UnassignedNamespaces

    init(_ migration: Migration) {
        var waves: [String: String] = [:]
        for wave in migration.waves { for namespace in wave.namespaces { waves[namespace] = wave.name } }
        waveOfNamespace = waves
        unassigned = migration.unassignedNamespaces
        order = [Migration.platformWave] + Self.sorted(migration.waves)
    }

    /// The wave; nil for an object in a namespace that nobody assigned.
    func wave(of object: KubeObject, phase: ApplyPhase?) -> String? {
        if let namespace = object.namespace { return wave(ofNamespace: namespace) }
        if phase == .interceptors, let namespace = Self.backingNamespace(of: object),
            let wave = waveOfNamespace[namespace]
        {
            return wave
        }
        return Migration.platformWave
    }

    /// The wave of a namespace; nil when nobody assigned it.
    func wave(ofNamespace namespace: String) -> String? {
        if let wave = waveOfNamespace[namespace] { return wave }
        // What every cluster has belongs to nobody.
        let everyones = namespace == "default" || SkipRules.clusterNamespaces.contains(namespace)
        return unassigned == .platform || everyones ? Migration.platformWave : nil
    }

    private static func backingNamespace(of object: KubeObject) -> String? {
        if let namespace = object["spec.service.namespace"]?.string { return namespace }
        return (object.json["webhooks"]?.array ?? []).lazy
            .compactMap { $0["clientConfig"]?["service"]?["namespace"]?.string }.first
    }

    /// Dependencies first, otherwise in the order of the file.
    ///
    /// A cycle is refused before this is asked.
    private static func sorted(_ waves: [MigrationWave]) -> [String] {
        var placed: [String] = []
        var rest = waves
        while let next = rest.firstIndex(where: { wave in
            wave.dependsOn.allSatisfy { $0 == Migration.platformWave || placed.contains($0) }
        }) ?? rest.indices.first {
            placed.append(rest.remove(at: next).name)
        }
        return placed
    }
}
