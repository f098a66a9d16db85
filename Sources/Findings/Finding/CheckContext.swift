public import Catalog
import Conversion
public import Manifests

/// What a check may ask besides the object.
public struct CheckContext: Sendable {
    public var catalog: Catalog { didSet { renewConversion() } }
    /// The release that the objects are to live with.
    public var target: KubernetesVersion { didSet { renewConversion() } }
    /// The release they live with today, where it is known; what changed before it is not news.
    public var from: KubernetesVersion?
    /// What the target's own server serves, where it was asked; it decides, and the catalog explains.
    public var served: ServedAPIs?
    /// The inventory that the object stands in; nil for manifests, where an absent object means nothing.
    public var inventory: Inventory?
    /// Which ends of certificates are told; nil tells none.
    public var certificates: CertificateTerm?

    /// What `kirikae convert` would do for the target.
    private(set) var conversion: ManifestConversion

    public init(
        catalog: Catalog = .builtIn, target: KubernetesVersion, from: KubernetesVersion? = nil,
        served: ServedAPIs? = nil, inventory: Inventory? = nil, certificates: CertificateTerm? = nil
    ) {
        self.catalog = catalog
        self.target = target
        conversion = ManifestConversion(catalog: catalog, target: target)
        self.from = from
        self.served = served
        self.inventory = inventory
        self.certificates = certificates
    }

    private mutating func renewConversion() {
        conversion = ManifestConversion(catalog: catalog, target: target)
    }

    /// What to write instead of a kind at that version: something the target's own server serves where it was asked,
    /// else what the catalog says that release serves.
    public func replacement(for gvk: GroupVersionKind) -> GroupVersionKind? {
        let named = catalog.replacement(for: gvk, at: target)
        guard let served else { return named }
        if let named, served.serves(named) != false { return named }
        let sameKind = served.versions(of: gvk.groupKind)
        let successor = named.map { served.versions(of: $0.groupKind) } ?? []
        return (sameKind + successor).first { $0 != gvk }
    }

    /// Whether some version of the kind is there at the target, whichever one a reference names.
    func isKnown(_ kind: GroupKind) -> Bool {
        if let served { return !served.versions(of: kind).isEmpty }
        return catalog.lifecycles(of: kind).contains { $0.exists(at: target) }
    }
}
