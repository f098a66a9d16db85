/// What a kustomization file names.
struct Kustomization {
    /// The names under which kustomize looks for one.
    static let fileNames: Set<String> = ["kustomization.yaml", "kustomization.yml", "Kustomization"]

    /// Files, directories and addresses that are taken in, in the order written.
    private(set) var resources: [String] = []
    /// Files with patches in the form of manifests.
    private(set) var patches: [String] = []

    /// A part for other kustomizations.
    private(set) var isComponent = false

    /// Reads what can be read; a broken file is told when it is read as a manifest.
    init(_ text: [UInt8]) {
        guard let document = try? YAML.documents(text, file: "kustomization").first else { return }
        isComponent = document.value["kind"]?.string == "Component"
        for member in ["resources", "bases", "components"] {
            resources += (document.value[member]?.array ?? []).compactMap(\.string)
        }
        patches += (document.value["patches"]?.array ?? []).compactMap { $0["path"]?.string }
        patches += (document.value["patchesStrategicMerge"]?.array ?? []).compactMap(\.string)
            .filter { !$0.contains("\n") }
    }

    /// Whether a resource stands somewhere else than on this disk.
    static func isRemote(_ resource: String) -> Bool {
        resource.contains("://") || resource.contains("?ref=") || resource.hasPrefix("git@")
            || resource.hasPrefix("github.com/")
    }
}
