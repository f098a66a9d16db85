public import Catalog
public import Manifests

/// Brings the objects of manifests to versions that a release serves, and edits the files accordingly.
public struct ManifestConversion: Sendable {
    public var catalog: Catalog
    public var conversions: ConversionRegistry
    /// The release that the files are to live with.
    public var target: KubernetesVersion
    /// Leaves alone what the release still serves, though deprecated.
    public var onlyRemoved: Bool

    public init(
        catalog: Catalog = .builtIn, conversions: ConversionRegistry = .builtIn, target: KubernetesVersion,
        onlyRemoved: Bool = false
    ) {
        self.catalog = catalog
        self.conversions = conversions
        self.target = target
        self.onlyRemoved = onlyRemoved
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
    public func convert(_ source: ManifestSource) -> FileConversion {
        var work = FileWork(source: source)
        for index in source.documents.indices {
            for loaded in source.objects(inDocument: index).objects { examine(loaded, in: index, &work) }
        }
        work.moveTypedLists()
        return work.finish()
    }

    private func examine(_ loaded: LoadedObject, in document: Int, _ work: inout FileWork) {
        let gvk = loaded.object.gvk
        switch verdict(on: gvk) {
        case .stays: work.stay(loaded, in: document)
        case .needsPerson(let replacement):
            let reason = ConversionRegistry.reasonForNoConversion(of: gvk)
            let remedy =
                replacement.map { "Write it as \($0) by hand." }
                ?? "Nothing takes its place in \(target): remove the object, or keep a release that serves it."
            work.leave(
                loaded, in: document, at: "apiVersion",
                code: reason == nil ? "no-conversion" : ConversionError.Code.noSuccessor.rawValue,
                message: "\(gvk) is not served by \(target), and nothing here can rewrite it",
                remedy: reason.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." } ?? remedy)
        case .converts(let wanted):
            do {
                let result = try conversions.convert(loaded.object, to: wanted, for: .migrating(to: target))
                work.convert(loaded, in: document, to: result)
            } catch {
                work.leave(
                    loaded, in: document, at: error.path ?? "apiVersion", code: error.code.rawValue,
                    message: error.message, remedy: "Mend that, then convert again; or write it at \(wanted) by hand.")
            }
        }
    }
}
