public import Catalog
public import Manifests

/// Brings the objects of manifests to versions that a release serves, and edits the files accordingly.
///
/// First the version, then, at that version, what the release no longer heeds in the object (``RemedyPlan``).
public struct ManifestConversion: Sendable {
    public let catalog: Catalog
    public let conversions: ConversionRegistry
    /// The release that the files are to live with.
    public let target: KubernetesVersion
    /// Leaves alone what the release still serves or heeds, though deprecated.
    public let onlyRemoved: Bool
    /// Nil where only versions are changed.
    private let remedies: RemedyPlan?

    /// - Parameter onlyVersions: leaves alone what stands in objects, for texts that have to go on saying what was applied.
    public init(
        catalog: Catalog = .builtIn, conversions: ConversionRegistry = .builtIn, target: KubernetesVersion,
        onlyRemoved: Bool = false, onlyVersions: Bool = false
    ) {
        self.catalog = catalog
        self.conversions = conversions
        self.target = target
        self.onlyRemoved = onlyRemoved
        remedies = onlyVersions ? nil : RemedyPlan(catalog, target: target, onlyBroken: onlyRemoved)
    }

    /// What becomes of an object at that version.
    public enum Verdict: Sendable, Hashable {
        /// Nothing has to be done, or nothing is known of it.
        case stays
        /// It can be rewritten to this version.
        case converts(GroupVersionKind)
        /// The release does not serve it; a person has to do something about it.
        case needsPerson(replacement: GroupVersionKind?)
    }

    /// What becomes of objects of that version.
    public func verdict(on gvk: GroupVersionKind) -> Verdict {
        guard let entry = catalog.lifecycle(of: gvk), entry.kindClass != .aggregated else { return .stays }
        let isRemoved = entry.endOfService.map { target >= $0 } ?? false
        guard isRemoved || (!onlyRemoved && entry.isDeprecated(at: target)) else { return .stays }
        let replacement = catalog.replacement(for: gvk, at: target)
        if let replacement, conversions.canConvert(from: gvk, to: replacement) { return .converts(replacement) }
        return isRemoved ? .needsPerson(replacement: replacement ?? entry.replacement) : .stays
    }

    /// Converts what can be converted in one file; the file itself is not touched.
    ///
    /// - Parameter isPatch: whether it holds patches of kustomize, parts of objects, rather than whole ones.
    public func convert(_ source: ManifestSource, isPatch: Bool = false) -> FileConversion {
        var work = FileWork(source: source)
        for index in source.documents.indices {
            for loaded in source.objects(inDocument: index).objects {
                let change = change(of: loaded.object, isPatch: isPatch)
                work.take(loaded, in: index, change)
                for left in change.left {
                    work.leave(loaded, at: left.path, code: left.code, message: left.message, remedy: left.remedy)
                }
            }
        }
        return work.finish()
    }

    /// The object as the release wants it; itself where nothing has to change or a person has to do it.
    public func converted(_ object: KubeObject) -> KubeObject {
        let change = change(of: object)
        return change.mended?.object ?? change.atVersion?.object ?? object
    }

    /// The changes of behaviour of which some places can be mended, by their ids.
    package static var mendedChanges: [String] { Remedies.byChange.keys.sorted() }

    /// What has to become of one object.
    func change(of object: KubeObject, isPatch: Bool = false) -> ObjectChange {
        var change = versionChange(of: object, isPatch: isPatch)
        // An object that keeps a version which nobody serves is not worth mending inside.
        guard change.left.isEmpty, let remedies else { return change }
        let before = change.atVersion?.object ?? object
        var work = remedies.mend(before)
        mendTargets(&work)
        change.left = work.obstacles.map {
            ObjectChange.Left(
                path: $0.path, code: ConversionError.Code.undecidable.rawValue, message: $0.message, remedy: $0.remedy)
        }
        if work.object != before {
            change.mended = ConversionResult(
                object: work.object, notes: (change.atVersion?.notes ?? []) + work.notes)
        }
        return change
    }

    private func versionChange(of object: KubeObject, isPatch: Bool) -> ObjectChange {
        let gvk = object.gvk
        switch verdict(on: gvk) {
        case .stays: return ObjectChange()
        case .needsPerson(let replacement):
            let reason = ConversionRegistry.reasonForNoConversion(of: gvk)
            return ObjectChange(left: [
                .init(
                    path: "apiVersion",
                    code: reason == nil ? "no-conversion" : ConversionError.Code.noSuccessor.rawValue,
                    message: "\(gvk) is not served by \(target), and nothing here can rewrite it",
                    remedy: gvk.kind == "PodSecurityPolicy"
                        ? PodSecurityMapping(object).advice
                        : Self.remedy(for: gvk, replacement: replacement, at: target))
            ])
        case .converts(let wanted) where isPatch: return patchChange(of: object, to: wanted)
        case .converts(let wanted):
            do {
                return ObjectChange(
                    atVersion: try conversions.convert(object, to: wanted, for: .migrating(to: target)))
            } catch {
                return ObjectChange(left: [
                    .init(
                        path: error.path ?? "apiVersion", code: error.code.rawValue, message: error.message,
                        remedy: "Mend that, then convert again; or write it at \(wanted) by hand.")
                ])
            }
        }
    }

    /// What people do about a kind that a release does not serve and nothing here can rewrite, as a sentence.
    ///
    /// A plan and a converted file say it in these words.
    public static func remedy(
        for gvk: GroupVersionKind, replacement: GroupVersionKind?, at target: KubernetesVersion
    ) -> String {
        if let reason = ConversionRegistry.reasonForNoConversion(of: gvk) {
            return reason.prefix(1).uppercased() + reason.dropFirst() + "."
        }
        return replacement.map { "Write it as \($0) by hand." }
            ?? "Nothing takes its place in \(target): remove the object, or keep a release that serves it."
    }
}

/// What has to become of an object, and what of it is left to a person.
struct ObjectChange {
    struct Left {
        var path: FieldPath
        var code: String
        var message: String
        var remedy: String
    }

    /// At the version that the release serves; nil where it has that version already.
    var atVersion: ConversionResult?
    /// The same with everything mended inside; nil where there is nothing.
    var mended: ConversionResult?
    var left: [Left] = []
}
