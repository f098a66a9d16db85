import Manifests

extension ManifestConversion {
    /// What becomes of the version of a patch: a document that holds a part of an object, to be merged into the rest.
    ///
    /// It changes only where nothing that the patch says has another form or meaning at the new version. What it does not
    /// say stands elsewhere, so that no default is written out.
    func patchChange(of patch: KubeObject, to wanted: GroupVersionKind) -> ObjectChange {
        let renamed = patch.renamed(wanted)
        func difference(_ purpose: ConversionPurpose) -> FieldPath? {
            guard let result = try? conversions.convert(patch, to: wanted, for: purpose) else { return nil }
            return Self.lost(of: renamed.json, in: result.object.json, at: FieldPath())
        }
        let read = try? conversions.convert(patch, to: wanted, for: .reading)
        let isAsRead = read.map { $0.object.json == renamed.json } ?? false
        let place = difference(.reading) ?? difference(.migrating(to: target))
        guard isAsRead || conversions.keepsFields(from: patch.gvk, to: wanted), place == nil else {
            return ObjectChange(left: [
                .init(
                    path: place ?? "apiVersion", code: "patch",
                    message: "a patch for \(patch.gvk), and "
                        + (place.map { "\($0) has another form or meaning" } ?? "its fields have another form")
                        + " at \(wanted.apiVersion)",
                    remedy: "Write the patch for \(wanted) by hand, together with what it patches.")
            ])
        }
        return ObjectChange(atVersion: ConversionResult(object: renamed, notes: []))
    }

    /// The first place that holds something else, or nothing any more; what was added does not count.
    private static func lost(of before: JSONValue, in after: JSONValue, at path: FieldPath) -> FieldPath? {
        switch (before, after) {
        case (.object(let old), .object(let new)):
            // What meant everything or nothing means something now.
            if old.isEmpty, !new.isEmpty { return path }
            for member in old {
                let place = path.member(member.key)
                guard let now = new[member.key] else { return place }
                if let lost = lost(of: member.value, in: now, at: place) { return lost }
            }
            return nil
        case (.array(let old), .array(let new)) where old.count == new.count:
            for index in old.indices {
                if let lost = lost(of: old[index], in: new[index], at: path.index(index)) { return lost }
            }
            return nil
        default: return before == after ? nil : path
        }
    }

    /// Names the new versions where a kustomization picks objects by group and version, so that its patches still meet
    /// them once they are converted.
    ///
    /// Only of kinds whose fields stay where they are; what else a patch would change can have moved.
    func mendTargets(_ work: inout Mending) {
        guard work.object.gvk.group == "kustomize.config.k8s.io" else { return }
        for list in ["patches", "patchesJson6902"] {
            for index in (work.object[FieldPath([.member(list)])]?.array ?? []).indices {
                let place = FieldPath([.member(list)]).index(index).member("target")
                guard let kind = work.text(at: place.member("kind")),
                    let version = work.text(at: place.member("version")),
                    case let gvk = GroupVersionKind(
                        group: work.text(at: place.member("group")) ?? "", version: version, kind: kind),
                    case .converts(let wanted) = verdict(on: gvk), wanted.kind == kind,
                    conversions.keepsFields(from: gvk, to: wanted)
                else { continue }
                work.object[place.member("version")] = .string(wanted.version)
                if wanted.group != gvk.group { work.object[place.member("group")] = .string(wanted.group) }
            }
        }
    }
}
