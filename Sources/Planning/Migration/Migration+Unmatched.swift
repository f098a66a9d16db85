public import Manifests

extension Migration {
    /// What the file names and blue does not have, as sentences: most often a misspelt name.
    ///
    /// Not an error, for one migration file may serve several clusters.
    ///
    /// - Parameters:
    ///   - objects: blue's objects.
    ///   - hazards: what the plan made of this file answers.
    public func unmatched(in objects: [KubeObject], hazards: [PlannedHazard]) -> [String] {
        let namespace = GroupKind.core("Namespace")
        let namespaces = Set(objects.compactMap { $0.gvk.groupKind == namespace ? $0.name : $0.namespace })
        var sentences: [String] = []
        for wave in waves {
            for name in wave.namespaces where !namespaces.contains(name) {
                sentences.append("wave \(wave.name): blue has no namespace \(name)")
            }
        }
        for (index, entry) in classify.enumerated() where !objects.contains(where: entry.select.matches) {
            sentences.append("classify[\(index)] selects nothing")
        }
        for (index, entry) in decisions.enumerated() where !objects.contains(where: entry.select.matches) {
            sentences.append("decisions[\(index)] selects nothing")
        }
        for (index, entry) in acknowledge.enumerated() {
            let isUsed = hazards.contains {
                $0.id == entry.hazard && $0.answer == .acknowledged
                    && (entry.object == nil || entry.object == $0.object)
            }
            if !isUsed { sentences.append("acknowledge[\(index)] (\(entry.hazard)) meets no hazard") }
        }
        return sentences
    }
}
